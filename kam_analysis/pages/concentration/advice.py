"""What a reader must know before trusting the figures, and what to do next."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from kam_analysis.pages import style
from kam_analysis.pages.html import Step
from kam_analysis.pages.who_acts import NEAR_DAYS, OTHER_DAYS, URGENT_DAYS, WhoActs
from kam_analysis.pages.words import DISCLOSED, named, number_word, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.concentration.found import Found

say = said_in(__file__)

# From these parts of the total on, an amount without an account and a difference from finance are worth a question.
_WITHOUT_ACCOUNT, _OFF = 0.01, 0.005
_NAMED = 3  # so many of a kind get an action each


def caveats(found: "Found") -> list[str]:
    """What a reader must know before trusting the figures."""
    parts, about, said = found.reconciliation, found.about, []
    if found.before is None:
        said.append(say("caveats.no_year_before"))
    if found.forecast is None:
        said.append(say("caveats.no_forecast"))
    if _much_without_account(found):
        share = style.share(parts.without_account / parts.sold)
        said.append(say("caveats.without_account", share=share, measure=about.measure_words))
    if parts.reasons:
        rows = style.counted(sum(each.rows for each in parts.reasons), "row")
        amount, why = style.money(parts.left_out, about.unit), ", ".join(each.reason for each in parts.reasons[:5])
        said.append(say("caveats.no_sales", rows=rows, amount=amount, reasons=why))
    if parts.set_aside_accounts:
        customers, amount = (
            style.counted(parts.set_aside_accounts, "customer"),
            style.money(parts.set_aside, about.unit),
        )
        said.append(say("caveats.at_or_below_zero", customers=customers, amount=amount))
    if about.currency == "" and about.measure in ("revenue", "margin"):
        said.append(say("caveats.no_currency"))
    return [*said, *about.warnings]


def _much_without_account(found: "Found") -> bool:
    parts = found.reconciliation
    return bool(parts.sold) and abs(parts.without_account / parts.sold) >= _WITHOUT_ACCOUNT


def next_steps(found: "Found") -> list[Step]:
    """What to do, the most urgent first; only what the figures call for."""
    steps = [*_groups(found), *_falls(found), *_hidden(found), *_worst_case(found), *_about_the_data(found)]
    return steps or [Step(say("actions.watch", threshold=style.share(found.about.key_share, 0)))]


def _acts(found: "Found") -> WhoActs:
    return found.acts or WhoActs(as_of=found.about.as_of)


def _at_stake(found: "Found", account_id: str) -> str:
    rows = found.accounts.loc[found.accounts["account_id"] == account_id, "amount"]
    return found.about.at_stake(float(rows.sum()))


def _groups(found: "Found") -> Iterator[Step]:
    for group in found.groups:
        if group.share >= DISCLOSED > group.largest_entity_share:
            what = say(
                "actions.group",
                who=group.account_name,
                share=style.share(group.share),
                measure=found.about.measure_words,
                companies=number_word(group.entities),
                threshold=style.share(DISCLOSED, 0),
            )
            yield _step(found, group.account_id, f"{what}{_notice(found, group.account_id)}", days=OTHER_DAYS)


def _notice(found: "Found", account_id: str) -> str:
    """That the customer can leave soon, where it can."""
    day = _acts(found).notice_on(account_id)
    near = day is not None and day <= found.about.as_of + timedelta(days=NEAR_DAYS)
    return " " + say("actions.notice", day=style.day(day)) if day is not None and near else ""


def _falls(found: "Found") -> Iterator[Step]:
    alerts = found.falls.alerts.head(_NAMED).to_dict("records") if found.falls else []
    rows = [row | {"compared_with": say("actions.a_year_before")} for row in alerts]
    for row in [*rows, *found.short_falls.head(_NAMED).to_dict("records")]:
        who, fall = named(row["account_id"], row["account_name"]), style.share(-row["change_share"], 0)
        measure, compared = found.about.measure_words, row["compared_with"]
        what = say("actions.fall", who=who, measure=measure, fall=fall, compared=compared)
        yield _step(found, str(row["account_id"]), what, days=URGENT_DAYS)


def _hidden(found: "Found") -> Iterator[Step]:
    for each in found.hidden[:_NAMED]:
        who, total, share = named(each.account_id, each.account_name), style.share(each.share_of_total), each.share
        what = say("actions.protect", who=who, total=total, share=style.share(share, 0), activity=each.name)
        yield _step(found, each.account_id, what, days=OTHER_DAYS)


def _step(found: "Found", account_id: str, what: str, *, days: int) -> Step:
    return Step(what, **_acts(found).within(account_id, days), at_stake=_at_stake(found, account_id))


def _worst_case(found: "Found") -> Iterator[Step]:
    first = found.accounts.iloc[0]
    if first["share"] >= found.about.key_share:
        who = named(first["account_id"], first["account_name"])
        yield Step(say("actions.worst_case", who=who), at_stake=_at_stake(found, str(first["account_id"])))


def _about_the_data(found: "Found") -> Iterator[Step]:
    if _much_without_account(found):
        amount = style.money(found.reconciliation.without_account, found.about.unit)
        yield Step(say("actions.without_account", amount=amount))
    whole = [each for each in found.controls if not each.partly and each.finance]
    off = [each for each in whole if abs(each.difference / each.finance) >= _OFF]
    if off:
        amount = style.money(abs(off[-1].difference), found.about.currency)
        yield Step(say("actions.finance", amount=amount, year=off[-1].year))
    number = len(found.suggested)
    if number == 1:
        yield Step(say("actions.confirm_one"))
    elif number:
        yield Step(say("actions.confirm", number=style.count(number)))
    elif not found.about.groups_known:
        yield Step(say("actions.groups"))
