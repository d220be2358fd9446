"""What to do with the list of key accounts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kam_analysis.analysis.segments import at_threshold, key_accounts
from kam_analysis.pages import style
from kam_analysis.pages.html import Step
from kam_analysis.pages.key_accounts.reasons import most_carry, not_key, reasons, share_of
from kam_analysis.pages.key_accounts.tables_value import named_losses
from kam_analysis.pages.who_acts import OTHER_DAYS, URGENT_DAYS, WhoActs
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)

# Of those who could leave easily, as many are named.
_EASY = 3


def next_steps(found: "Found") -> Sequence[Step]:
    """One line per piece of work, the urgent first."""
    if not len(found.keys):
        return [Step(_nobody(found))]
    steps = [*_by_kind(found), *_about_the_list(found), *_to_keep(found), *_losing(found)]
    return steps or [Step(say("actions.calm"))]


def _nobody(found: "Found") -> str:
    share, half = style.share(found.key_share, 0), found.key_share / 2
    if most_carry(found):
        return say("actions.most_carry", share=share)
    would, halved = len(key_accounts(at_threshold(found.shares, half))), style.share(half, 0)
    if would == 1:
        return say("actions.nobody_one", share=share, half=halved)
    return say("actions.nobody", share=share, half=halved, customers=style.count(would))


def _step(found: "Found", account_id: str, what: str, *, days: int = OTHER_DAYS, executive: bool = False) -> Step:
    """Who does it, by when, and what the account brings."""
    acts = found.acts or WhoActs(as_of=found.about.as_of)
    at_stake = found.about.at_stake(share_of(found, account_id) * found.book.total)
    return Step(what, **acts.within(account_id, days, executive=executive), at_stake=at_stake)


def _by_kind(found: "Found") -> Iterator[Step]:
    work = {each: found.of(found.work, each, "work") for each in found.ordered}

    def of(kind: str) -> Iterator[tuple[str, dict[str, str]]]:
        for each in (each for each in found.ordered if work[each] == kind):
            figures = str(found.of(found.work, each, "figures")).replace("; ", ", ")
            yield each, {"who": found.name(each), "figures": figures}

    for each, said in of("rescue"):
        yield _step(found, each, say("actions.rescue", **said), days=URGENT_DAYS, executive=True)
    for each, said in of("assessment"):
        yield _step(found, each, say("actions.assessment", **said), days=URGENT_DAYS)
    for each, said in of("pursuit"):
        yield replace(_step(found, each, say("actions.pursuit", **said)), at_stake=_to_win(found, each))


def _to_win(found: "Found", account_id: str) -> str:
    """What the account spends with others on what we sell; empty where that is not known."""
    spend, part = (
        found.of(frame, account_id, name)
        for frame, name in ((found.traits, "annual_spend"), (found.standing, "headroom_share"))
    )
    if spend is None or part is None:
        return ""
    return say("actions.to_win", amount=style.money(float(spend) * float(part), found.about.currency))


def _about_the_list(found: "Found") -> Iterator[Step]:
    if found.listing is None:
        return
    for each in (each for each in found.ordered if each in found.listing.missing):
        yield _step(found, each, say("actions.add", who=found.name(each), why=reasons(found, each)))
    for each in found.listing.habit:
        yield _step(found, each, say("actions.drop", who=found.name(each), why=not_key(found, each)))


def _to_keep(found: "Found") -> Iterator[Step]:
    for row in found.easy.head(_EASY).to_dict("records"):
        of = {"who": row["account_name"], "strength": style.decimal(row["strength"], 2)}
        what = say("actions.keep", note=row["note"], **of) if row["note"] else say("actions.keep_unknown", **of)
        yield _step(found, str(row["account_id"]), what)


def _losing(found: "Found") -> Iterator[Step]:
    for each, loss, said in named_losses(found):
        lost = style.money(-loss, found.about.currency)
        yield _step(found, each, say("actions.reprice", who=found.name(each), said=said, loss=lost))
