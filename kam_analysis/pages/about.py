"""What a page says of the data behind it: whose it is, what it covers, and what is not certain about it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd

from kam_analysis import __version__
from kam_analysis.analysis.concentration import Concentration, Joined, joined, suggested_parents
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.frames.master import Master
from kam_analysis.ledger.frames.reconciliation import Control
from kam_analysis.ledger.settings.period import Period
from kam_analysis.ledger.settings.settings import Settings
from kam_analysis.pages import style, words
from kam_analysis.pages.frame import Source
from kam_analysis.pages.words import headed, measure_name, number_word, said_in, unit_of, words_in

say = said_in(__file__)

_YEAR = (365, 366)  # days


@dataclass(frozen=True, kw_only=True)
class About:
    """The data behind a page.

    `measure` is what the figures are of, `measure_words` as pages call it, `unit` its unit (a currency code, empty
    where none is known); `source` the words of a chart's footer. `grouped`: companies of a group count as one
    customer; `groups_known`: the master names groups. `sold` is the line on the total and finance's own, `doubts`
    what must be said before the figures are believed, `warnings` what the check found. `key_share` (0-1): from
    which share on a customer is key; `line`: the one product line that is looked at, empty for all. `provenance`: where
    the figures come from, without the page's parameters.
    """

    company: str
    currency: str
    measure: str
    measure_words: str
    unit: str
    source: Source
    period: Period
    as_of: date
    key_share: float
    line: str = ""
    grouped: bool = True
    groups_known: bool = False
    sellers_manage: bool = False
    sold: str = ""
    doubts: Sequence[str] = ()
    warnings: Sequence[str] = ()
    worth_collecting: Sequence[str] = ()
    provenance: Mapping[str, Any]

    @property
    def of_a_year(self) -> bool:
        """Whether the period is twelve months, as readers take it to be where nothing else is said."""
        return (self.period.last - self.period.first).days + 1 in _YEAR

    def at_stake(self, amount: float) -> str:
        """An amount of the measure as an action tells it: with its period where that is no year."""
        of = {"amount": style.money(amount, self.unit), "measure": self.measure_words}
        if self.of_a_year:
            return say("about.at_stake", **of)
        return say("about.at_stake_of_period", period=self.period.label, **of)


def about(
    ledger: Ledger,
    book: Concentration,
    *,
    before: Concentration | None = None,
    period: Period | None = None,
    measure: str = "",
    wanted: Mapping[tuple[str, str], str],
) -> About:
    """Collected once for a page whose total is that of `book` and, a year before, of `before`.

    `period` and `measure` are those of the book where they are not the ledger's own. `wanted` maps (table, column)
    to the words for what it would show; the first three that are missing are worth collecting.
    """
    of, days = measure or ledger.measure, period or ledger.period
    missing = [said for (table, column), said in wanted.items() if not ledger.has(table, column)]
    return About(
        company=ledger.name,
        currency=ledger.currency,
        measure=of,
        measure_words=words.measure_name(of) + (f" of {ledger.line}" if ledger.line else ""),
        unit=words.unit_of(ledger, of),
        source=words.source(ledger, days),
        period=days,
        as_of=ledger.as_of,
        key_share=ledger.settings.significance.share,
        line=ledger.line,
        grouped=ledger.level == "parent",
        groups_known=ledger.master.grouped,
        sellers_manage=ledger.managers_are_sellers,
        sold=control_line(ledger, book, before, ledger.controls(), days=days.label, measure=of),
        doubts=tuple(doubts(ledger, book)),
        warnings=tuple(map(str, ledger.told_warnings)),
        worth_collecting=tuple(missing[:3]),
        provenance=provenance(ledger),
    )


def asked_otherwise(start: About, ledger: Ledger) -> About:
    """The same data asked otherwise: measure, days and level are those of `ledger`; totals and doubts are left off."""
    return replace(
        start,
        measure=ledger.measure,
        measure_words=words.measure_words(ledger),
        unit=words.unit(ledger),
        source=words.source(ledger),
        period=ledger.period,
        line=ledger.line,
        grouped=ledger.level == "parent",
        sold="",
        doubts=(),
    )


def wanted_in(module: str) -> dict[tuple[str, str], str]:
    """What a missing column of a table would show: the page's words of [wanted], by table and column.

    `module` is the `__file__` of a module of the page.
    """
    found = words_in(module, "wanted").items()
    return {(table, column): said for name, said in found for table, _, column in [name.partition(".")]}


def provenance(ledger: Ledger) -> dict[str, Any]:
    """Enough to find out why two results differ; no path, no URL."""
    return {
        "version": __version__,
        "settings_fingerprint": settings_fingerprint(ledger.settings),
        "data_fingerprint": ledger.fingerprint,
        "as_of": ledger.as_of.isoformat(),
        "parameters": {"period": ledger.period_as_written, "measure": ledger.measure},
        "seed": None,
        "company": ledger.name,
        "currency": ledger.currency,
        "period": ledger.period.label,
        "first_day": ledger.period.first.isoformat(),
        "last_day": ledger.period.last.isoformat(),
        "freshness": freshness(ledger),
        "source": ledger.source,
        "rows": ledger.overview.rows,
    }


def with_parameters(about: About, seed: int | None = None, **parameters: Any) -> dict[str, Any]:
    """The provenance of a page that was asked for with these parameters beside period and measure."""
    asked = about.provenance["parameters"] | parameters
    return {**about.provenance, "parameters": asked, "seed": seed}


def freshness(ledger: Ledger) -> str:
    """How old the newest sale is, relative to the as-of date, so that reruns agree."""
    if ledger.overview.last >= ledger.as_of:
        return say("about.fresh")
    days = (ledger.as_of - ledger.overview.last).days
    return say("about.older", days=style.counted(days, "day"))


def settings_fingerprint(settings: Settings) -> str:
    """Of what the settings say of the company, without paths, secrets, limits of alerts, which change no figure, and the
    day, which every result tells beside it."""
    left_out = ("path", "data_dir", "data_at", "url", "history_dir", "alerts", "as_of")
    said = {key: value for key, value in asdict(settings).items() if key not in left_out}
    return sha256(repr(sorted(said.items())).encode()).hexdigest()[:16]


def control_line(
    ledger: Ledger,
    now: Concentration,
    before: Concentration | None,
    controls: Sequence[Control],
    days: str = "",
    measure: str = "",
) -> str:
    """What was sold, how fresh the data is, and how it stands against finance's own total.

    `days` and `measure` of `now` in words, where they are not the ledger's own.
    """
    of, label = measure or ledger.measure, days or ledger.period.label
    told = {"money": style.money(now.total, unit_of(ledger, of)), "measure": measure_name(of), "days": label}
    said = say("first_screen.sold", **told)
    if before is not None and before.total > 0:
        said = say("first_screen.sold_change", **told, change=style.change((now.total / before.total - 1) * 100, 1))
    whole = [each for each in controls if not each.partly and each.measure == of]
    if whole:
        return f"{said} {_against(whole[-1], label, ledger.currency)}"
    return said if ledger.settings.control else f"{said} {say('first_screen.no_control')}"


def _against(last: Control, days: str, currency: str) -> str:
    when = f"the {last.year}" if last.of_months else last.year
    if last.of_months and last.year == days:
        when = say("first_screen.same_months")
    if abs(last.difference) < 0.005:
        return say("first_screen.control_equal", when=when)
    part = f" ({style.share(abs(last.difference) / last.finance)})" if last.finance else ""
    amount = style.money(abs(last.difference), currency) + part
    above = last.difference > 0
    return say("first_screen.control_above" if above else "first_screen.control_below", when=when, amount=amount)


# A customer in many small accounts can be one of the largest; of a million, the smallest cannot.
LOOKED_AT = 20_000
# The part of sales from which what is not matched is said first.
MATTERS = 0.01


def doubts(ledger: Ledger, now: Concentration) -> list[str]:
    """Sentences for the first screen; none where nothing would change who the largest customers are."""
    return [*unmatched(ledger, now), *_spellings(ledger, now)]


def unmatched(ledger: Ledger, now: Concentration) -> list[str]:
    """That the customer list knows a part of the sales under ids written otherwise only; none below a hundredth."""
    near = ledger.nearly_known
    amounts = now.accounts.set_index("account_id")["amount"].reindex(near["id"]).fillna(0.0).to_numpy()
    share = float(amounts.sum()) / now.total if now.total > 0 else 0.0
    if share < MATTERS:
        return []
    first, rules = near.iloc[int(amounts.argmax())], {each for some in near["rules"] for each in some.split(", ")}
    listed = ", ".join(f'"{each}"' for each in sorted(rules))
    ids = {"here": first["id"], "there": first["known_id"]}
    return [say("doubts.unmatched", share=style.share(share, 0), **ids, rules=listed)]


# Several pages say it of one book, and patterns of all legal forms take longer than the rest of a first screen.
_said: WeakKeyDictionary[Master, dict[tuple[float, bytes], list[str]]] = WeakKeyDictionary()


def _spellings(ledger: Ledger, now: Concentration) -> list[str]:
    """That customers in several spellings would change who the largest are."""
    if ledger.level != "parent":
        return []
    said = _said.setdefault(ledger.master, {})
    rows = pd.util.hash_pandas_object(now.accounts[["account_id", "amount"]])
    book = now.total, sha256(rows.to_numpy().tobytes()).digest()
    if book not in said:
        companies = ledger.master.members(now.accounts["account_id"].head(LOOKED_AT))
        accounts = ledger.identities(pd.Series(companies))
        found = joined(now, suggested_parents(accounts, now, ledger.master.refused))
        said[book] = [_may_be_one(found)] if found else []
    return [*said[book]]


def _may_be_one(found: list[Joined]) -> str:
    first, more = found[0], len(found) - 1
    place = say("doubts.largest") if first.rank == 1 else say("doubts.number", rank=first.rank)
    told = {"share": style.share(first.share, 0 if first.share > 0.1 else 1), "place": place}
    said = [say("doubts.may_be_one", accounts=number_word(first.accounts), who=first.account_name, **told)]
    if more:
        said.append(say("doubts.one_more") if more == 1 else say("doubts.more", number=headed(number_word(more))))
    return " ".join([*said, say("doubts.confirm")])
