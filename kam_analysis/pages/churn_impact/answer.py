"""The first screen: what the worst case costs, how long it takes to make up for, and what a bad year costs."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kam_analysis.analysis.recovery import ComingThrough, Loss, cover
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import headed, number_word

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

BAD = 0.95
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
        return f"No customer brought {found.earned} above zero in the last twelve months; there is nothing to lose."
    costs = style.money(found.case.exposure, found.about.unit)
    said = f"Losing {called(found, found.case)} costs {costs} of {found.earned} a year"
    takes = time_to_replace(found)
    return f"{said} and takes {takes} to replace." if takes else f"{said}."


def next_fact(found: "Found") -> str:
    """What a reader must know next: a departure that is on file, else what the second largest adds."""
    gone, unit = found.leaving_case, found.about.unit
    if gone is not None:
        costs = f"{style.money(gone.loss.exposure, unit)} of {found.earned} a year{_and_below(found, gone.loss)}"
        along = "go along" if len(gone.names) > 1 else "goes along"
        return f"{gone.name} leaves on {style.day(gone.last_day)}. If {listed(gone.names)} {along}, it costs {costs}."
    if found.named is not None or len(found.worst) < 2:
        return ""
    second = found.worst[1].label.removeprefix(f"{found.worst[0].label}, ")
    return f"With {second} it is {style.money(found.worst[1].exposure, unit)}{_and_below(found, found.worst[1])}."


def _and_below(found: "Found", loss: Loss) -> str:
    """Whether this loss alone takes the company below break-even: for certain by the assumption's whole range, or not."""
    known = cover(found.exposed, loss, found.fixed)
    if known is None or known.result_before.value < 0 or not known.below_after:
        return ""
    return f", and we {'' if known.result_after.high < 0 else 'probably '}fall below break-even"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: A, B and C."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def called(found: "Found", loss: Loss) -> str:
    """A loss by the names of its accounts, the first two where there are more than three, after managers who leave."""
    if loss is found.named and (leaving := list(found.overrides.leaving.values())):
        along = _accounts(found, loss)
        return f"{listed(leaving)} with {along}" if along else listed(leaving)
    return loss.label if loss.accounts < 2 else _accounts(found, loss)


def _accounts(found: "Found", loss: Loss) -> str:
    known = found.exposed.known
    names = known.loc[known["account_id"].isin(loss.account_ids[:3]), "account_name"].tolist()
    if not names:
        return ""
    return listed(names if loss.accounts <= 3 else [*names[:2], f"{loss.accounts - 2} more"])


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
        return "longer than anyone plans"
    if slower >= NEVER:
        return f"at least {years_in_words(faster)}"
    least, most = years_in_words(faster), years_in_words(slower)
    number, _, unit = least.partition(" ")
    least = number if unit == most.partition(" ")[2] else least
    return most if least in (most, most.partition(" ")[0]) else f"{least} to {most}"


def years_in_words(years: float) -> str:
    """A length of time as people say it: 14 months, six years."""
    if years < _IN_MONTHS:
        return style.counted(max(round(12 * years), 1), "month")
    return f"{number_word(round(years))} years"


def bad_year_said(found: "Found") -> str:
    """What a bad year costs, in a sentence; empty where no chance of leaving is known."""
    if found.year is None:
        return ""
    return f"In a 1-in-20 year we lose more than {style.money(found.year.quantile(BAD), found.about.unit)} of {found.earned}."


def key_figures(found: "Found") -> list[KeyFigure]:
    """Four numbers: the largest (or the reader's own case), the three largest, a bad year, how long to replace."""
    if found.case is None:
        return []
    if not found.worst:
        return [_case_figure(found, found.case)]
    three = found.worst[min(2, len(found.worst) - 1)]
    together = KeyFigure(
        f"If the {number_word(three.accounts)} largest go",
        style.money(three.exposure, found.about.unit),
        note=f"{style.share(three.exposure_share, 0)} of all {found.earned}",
    )
    return [_case_figure(found, found.case), together, _bad_year_figure(found), _replace_figure(found)]


def _case_figure(found: "Found", case: Loss) -> KeyFigure:
    label = "If your case happens" if found.named else "If the largest goes"
    note = f"{called(found, case)}: {style.share(case.exposure_share)} of all {found.earned}"
    return KeyFigure(label, style.money(case.exposure, found.about.unit), note=note)


def _bad_year_figure(found: "Found") -> KeyFigure:
    label = f"{found.earned.capitalize()} lost in a 1-in-20 year"
    if found.year is None:
        return KeyFigure(label, style.NOT_ASSESSED, note="no figure for how likely a loss is")
    note = f"At the annual rate. Expected in a usual year: {style.money(found.year.mean)}."
    if found.this_year is not None:
        note += f" Within the next 12 months, 1 in 20: {style.money(found.this_year.quantile(BAD))}."
    return KeyFigure(label, style.money(found.year.quantile(BAD), found.about.unit), note=note)


def _replace_figure(found: "Found") -> KeyFigure:
    label = "Time to replace your case" if found.named else "Time to replace the largest"
    way = found.case_way
    if way is None:
        return KeyFigure(label, style.NOT_ASSESSED, note="needs two years of sales")
    return KeyFigure(label, headed(time_to_replace(found)), note=_by_which_pace(way))


def _by_which_pace(way: ComingThrough) -> str:
    """Which pace gives which end of the time to replace a loss."""
    new, net = (each.months_of_any_length / 12 for each in (way.by_new_customers, way.by_net))
    if new >= NEVER and net >= NEVER:
        return "no new business to replace it with"
    if net >= NEVER:
        return "By new customers alone. Usual losses among the other customers take more than these bring."
    if new >= NEVER:
        return "By all new business after usual losses. No new customer came."
    return (
        f"By new customers alone {years_in_words(new)}, by all new business after usual losses {years_in_words(net)}."
    )


def against(found: "Found", start: "Found") -> str:
    """By how much what is lost, how long it takes to replace and what a bad year costs differ from the start.

    A sentence, also where nothing of it differs by more than half a month or half a thousandth.
    """
    said = [*_lost(found, start), *_longer(found, start), *_dearer(found, start)]
    return f"Against the start: {'; '.join(said)}." if said else "Against the start hardly anything changes."


def _lost(found: "Found", start: "Found") -> list[str]:
    if found.case is None or start.case is None:
        return []
    change, unit = found.case.exposure - start.case.exposure, found.about.unit
    return _more(change, start.case.exposure, what=f"{found.earned} lost", unit=unit)


def _longer(found: "Found", start: "Found") -> list[str]:
    """Of the time at the faster pace."""
    if found.case_way is None or start.case_way is None:
        return []
    now, then = (12 * each.years[0] for each in (found.case_way, start.case_way))
    if math.isinf(now) and math.isinf(then):
        return []
    if math.isinf(now) or math.isinf(then):
        return ["never replaced" if math.isinf(now) else "replaced after all"]
    if abs(now - then) < _MONTH:
        return []
    return [f"{years_in_words(abs(now - then) / 12)} {'longer' if now > then else 'less'} to replace"]


def _dearer(found: "Found", start: "Found") -> list[str]:
    if found.year is None or start.year is None:
        return []
    now, then = (each.quantile(BAD) for each in (found.year, start.year))
    return _more(now - then, then, what="in a bad year", unit=found.about.unit)


def _more(change: float, of: float, *, what: str, unit: str) -> list[str]:
    if abs(change) <= _PART * max(of, 0.0):
        return []
    return [f"{style.money(abs(change), unit)} {'more' if change > 0 else 'less'} {what}"]
