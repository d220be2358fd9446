"""The first screen: what the worst case costs, how long it takes to make up for, and what a bad year costs."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from kam_analysis.analysis.recovery import ComingThrough, Loss, cover
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.tile_marks import bullet
from kam_analysis.pages.words import headed, listed, number_word, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

BAD = 0.95
_NAMED = 3  # customers of one case, in a sentence
# What takes so many years is never replaced; below so many years time is told in months.
NEVER, _IN_MONTHS = 50, 2.5
# Parts that readers think of as fractions, as long as they are near enough.
_FRACTIONS = {1 / 2: "half", 1 / 3: "a third", 1 / 4: "a quarter", 1 / 5: "a fifth", 1 / 10: "a tenth"}
_NEAR = 0.012
# Less of a month, or of the money, than this is no difference.
_MONTH, _PART = 0.5, 0.0005


def answer(found: "Found") -> str:
    """The finding in one sentence: of the reader's own case where there is one, else of the largest."""
    if found.case is None:
        return say("answer.nothing_to_lose", earned=found.earned)
    costs = style.money(found.case.exposure, found.about.unit)
    said = {"who": called(found, found.case), "amount": costs, "earned": found.earned}
    if found.case_way is None:
        return say("answer.costs", **said)
    if found.case_way.years[0] >= NEVER:
        return say("answer.costs_for_good", **said)
    return say("answer.costs_and_takes", time=time_to_replace(found), **said)


def next_fact(found: "Found") -> str:
    """What a reader must know next: a departure that is on file, else what the second largest adds."""
    gone, unit = found.leaving_case, found.about.unit
    if gone is not None:
        return say(
            "lead.departure_with_several" if len(gone.names) > 1 else "lead.departure_with_one",
            name=gone.name,
            day=style.day(gone.last_day),
            accounts=listed(gone.names),
            amount=style.money(gone.loss.exposure, unit),
            earned=found.earned,
            below=_and_below(found, gone.loss),
        )
    if found.named is not None or len(found.worst) < 2:
        return ""
    two = found.worst[1]
    second = two.label.removeprefix(f"{found.worst[0].label}, ")
    return say("lead.second", second=second, amount=style.money(two.exposure, unit), below=_and_below(found, two))


def _and_below(found: "Found", loss: Loss) -> str:
    """Whether this loss alone takes the company below break-even: for certain by the assumption's whole range, or not."""
    known = cover(found.exposed, loss, found.fixed)
    if known is None or known.result_before.value < 0 or not known.below_after:
        return ""
    return say("lead.below" if known.result_after.high < 0 else "lead.probably_below")


def called(found: "Found", loss: Loss) -> str:
    """A loss by the names of its accounts, the first two where there are more than three, after managers who leave."""
    if loss is found.named and (leaving := list(found.overrides.leaving.values())):
        along = _accounts(found, loss)
        return say("called.leave_with", managers=listed(leaving), accounts=along) if along else listed(leaving)
    return loss.label if loss.accounts < 2 else _accounts(found, loss)


def _accounts(found: "Found", loss: Loss) -> str:
    known = found.exposed.known
    names = known.loc[known["account_id"].isin(loss.account_ids), "account_name"].tolist()
    return listed(names, 2 if len(names) > _NAMED else None)


def fraction(share: float) -> str:
    """A share as people say it: a fifth, 23%."""
    near = min(_FRACTIONS, key=lambda each: abs(each - share))
    return _FRACTIONS[near] if abs(near - share) <= _NEAR else style.share(share, 0)


def time_to_replace(found: "Found") -> str:
    """How long the loss of the answer takes to replace, at our two paces of new business; empty where none is known.

    The one figure for it: the answer, the tile, the chart and the table say the same.
    """
    if found.case_way is None:
        return ""
    faster, slower = found.case_way.years
    if faster >= NEVER:
        return say("time.never")
    if slower >= NEVER:
        return say("time.at_least", years=years_in_words(faster, whole=math.floor))
    least, most = years_in_words(faster), years_in_words(slower)
    number, _, unit = least.partition(" ")
    least = number if unit == most.partition(" ")[2] else least
    return most if least in (most, most.partition(" ")[0]) else say("time.range", least=least, most=most)


def years_in_words(years: float, whole: Callable[[float], int] = round) -> str:
    """A length of time as people say it: 14 months, six years. `whole`: how it is rounded; 5.7 is not "at least six"."""
    if years < _IN_MONTHS:
        return style.counted(max(whole(round(12 * years, 6)), 1), "month")
    return say("time.years", number=number_word(whole(years)))


def bad_year_said(found: "Found") -> str:
    """What a bad year costs, in a sentence; empty where no chance of leaving is known."""
    if found.year is None:
        return ""
    return say("bad_year.said", amount=style.money(found.year.quantile(BAD), found.about.unit), earned=found.earned)


def key_figures(found: "Found") -> list[KeyFigure]:
    """Four numbers: the largest (or the reader's own case), the three largest, a bad year, how long to replace."""
    if found.case is None:
        return []
    if not found.worst:
        return [_case_figure(found, found.case)]
    return [_case_figure(found, found.case), _together_figure(found), _bad_year_figure(found), replace_figure(found)]


def _case_figure(found: "Found", case: Loss) -> KeyFigure:
    return _loss_figure(found, case, say("tiles.own_case" if found.named else "tiles.largest"), who=called(found, case))


def _together_figure(found: "Found") -> KeyFigure:
    three = found.worst[min(2, len(found.worst) - 1)]
    return _loss_figure(found, three, say("tiles.together", number=number_word(three.accounts)))


def _loss_figure(found: "Found", loss: Loss, label: str, *, who: str = "") -> KeyFigure:
    below, share = _below(found, loss), style.share(loss.exposure_share, 0)
    note = say("tiles.part_below" if below else "tiles.part", share=share, earned=found.earned)
    return KeyFigure(
        label,
        style.money(loss.exposure, found.about.unit),
        note=f"{who}: {note}" if who else note,
        tone="bad" if below else "",
        mark=_beside_break_even(found, loss.exposure),
    )


def _below(found: "Found", case: Loss) -> bool:
    """Whether it takes us below break-even, where we are above it today."""
    room = found.absorbable
    return room is not None and not room.below_already and case.exposure > room.margin.value


def _beside_break_even(found: "Found", lost: float) -> str:
    """A loss as a bar beside what can be lost before break-even."""
    room = found.absorbable
    if room is None or room.below_already:
        return ""
    return bullet(lost, room.margin.value, limit_name=say("tiles.limit"))


def _bad_year_figure(found: "Found") -> KeyFigure:
    label, unit = say("tiles.bad_year", Earned=headed(found.earned)), found.about.unit
    if found.year is None:
        return KeyFigure(label, style.NOT_ASSESSED, note=say("tiles.bad_year_unknown"))
    mean, bad = style.money(found.year.mean, unit), found.year.quantile(BAD)
    note = say("tiles.bad_year_usual", mean=mean)
    if found.this_year is not None:
        this_year = style.money(found.this_year.quantile(BAD), unit)
        note = say("tiles.bad_year_usual_and_this", mean=mean, this_year=this_year)
    return KeyFigure(label, style.money(bad, unit), note=note, mark=_beside_break_even(found, bad))


def replace_figure(found: "Found") -> KeyFigure:
    """How long the loss takes to replace, as short as a tile says it, and by which pace."""
    label, way = say("tiles.replace_own_case" if found.named else "tiles.replace_largest"), found.case_way
    if way is None:
        return KeyFigure(label, style.NOT_ASSESSED, note=say("tiles.replace_unknown"))
    takes = headed(time_to_replace(found))
    faster, slower = way.years
    if faster < NEVER <= slower:  # in the words of the answer it would take two lines
        whole, unit = (faster, "years") if faster >= _IN_MONTHS else (round(12 * faster, 6), "months")
        takes = say("tiles.at_least", number=math.floor(whole), unit=unit)
    return KeyFigure(label, takes, note=_by_which_pace(way))


def _by_which_pace(way: ComingThrough) -> str:
    """Which pace gives which end of the time to replace a loss."""
    new, net = (each.months_of_any_length / 12 for each in (way.by_new_customers, way.by_net))
    if new >= NEVER and net >= NEVER:
        return say("tiles.replace_never")
    if net >= NEVER:
        return say("tiles.replace_new_alone")
    if new >= NEVER:
        return say("tiles.replace_net_alone")
    return say("tiles.replace_both", new=years_in_words(new), net=years_in_words(net))


def against(found: "Found", start: "Found") -> str:
    """By how much what is lost, how long it takes to replace and what a bad year costs differ from the start.

    A sentence, also where nothing of it differs by more than half a month or half a thousandth.
    """
    said = [*_lost(found, start), *_longer(found, start), *_dearer(found, start)]
    return say("compared.changed", changes=listed(said)) if said else say("compared.hardly")


def _lost(found: "Found", start: "Found") -> list[str]:
    if found.case is None or start.case is None:
        return []
    now, then = found.case.exposure, start.case.exposure
    amount = _moved(found, now, then)
    said = say("compared.more_lost" if now > then else "compared.less_lost", amount=amount, earned=found.earned)
    return [said] if amount else []


def _longer(found: "Found", start: "Found") -> list[str]:
    """Of the time at the faster pace."""
    if found.case_way is None or start.case_way is None:
        return []
    now, then = (12 * each.years[0] for each in (found.case_way, start.case_way))
    if math.isinf(now) and math.isinf(then):
        return []
    if math.isinf(now) or math.isinf(then):
        return [say("compared.never_replaced" if math.isinf(now) else "compared.replaced_after_all")]
    if abs(now - then) < _MONTH:
        return []
    time = years_in_words(abs(now - then) / 12)
    return [say("compared.longer" if now > then else "compared.shorter", time=time)]


def _dearer(found: "Found", start: "Found") -> list[str]:
    if found.year is None or start.year is None:
        return []
    now, then = (each.quantile(BAD) for each in (found.year, start.year))
    amount = _moved(found, now, then)
    said = say("compared.more_in_a_bad_year" if now > then else "compared.less_in_a_bad_year", amount=amount)
    return [said] if amount else []


def _moved(found: "Found", now: float, then: float) -> str:
    """What lies between two amounts; empty where that is hardly anything."""
    change = abs(now - then)
    return "" if change <= _PART * max(then, 0.0) else style.money(change, found.about.unit)
