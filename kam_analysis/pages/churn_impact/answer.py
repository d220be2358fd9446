"""The first screen: what the worst case costs, how long it takes to make up for, and what a bad year costs."""

import math
from typing import TYPE_CHECKING

from kam_analysis.analysis.recovery import Loss
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import number_word

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

BAD = 0.95
# Parts that readers think of as fractions, as long as they are near enough.
_FRACTIONS = {1 / 2: "half", 1 / 3: "a third", 1 / 4: "a quarter", 1 / 5: "a fifth", 1 / 10: "a tenth"}
_NEAR = 0.012
# Less of a month, or of the money, than this is no difference.
_MONTH, _PART = 0.5, 0.0005


def answer(found: "Found") -> str:
    """The finding in one sentence: of the reader's own case where there is one, else of the largest."""
    if found.case is None:
        return f"No customer brought {found.earned} above zero in the last twelve months; there is nothing to lose."
    clauses = [_worst(found, found.case), *_replaced(found, found.case), _bad_year(found)]
    return "; ".join(clauses) + "."


def _worst(found: "Found", case: Loss) -> str:
    unit = found.about.unit
    said = f"Losing {called(found, case)} costs {style.money(case.revenue, unit)} of sales"
    if found.exposed.has_margin:
        said += f" and {style.money(case.exposure, unit)} of margin"
    if found.named:
        return f"{said}, {fraction(case.exposure_share)} of all {found.earned}"
    if len(found.worst) > 1:
        two = found.worst[1]
        second = two.label.removeprefix(f"{case.label}, ")
        said += f", with {second} {style.money(two.exposure)}, {fraction(two.exposure_share)} of all {found.earned}"
    return said


def called(found: "Found", loss: Loss) -> str:
    """A loss by the names of its accounts, the first two where there are more than three."""
    if loss.accounts < 2:
        return loss.label
    known = found.exposed.known
    names = known.loc[known["account_id"].isin(loss.account_ids[:3]), "account_name"].tolist()
    first, last = (names[:-1], names[-1]) if loss.accounts <= 3 else (names[:2], f"{loss.accounts - 2} more")
    return f"{', '.join(first)} and {last}"


def fraction(share: float) -> str:
    """A share as people say it: a fifth, 23 %."""
    near = min(_FRACTIONS, key=lambda each: abs(each - share))
    return _FRACTIONS[near] if abs(near - share) <= _NEAR else style.share(share, 0)


def _replaced(found: "Found", case: Loss) -> list[str]:
    way = found.case_way
    if way is None:
        return []
    takes = f"{case.label} alone takes" if case.accounts == 1 else "they take"
    if way.by_net.months is not None:
        return [f"at our pace of new business {takes} {months_in_words(way.by_net.months)} to replace"]
    gross, net = way.by_new_customers.years_of_pace, way.by_net.years_of_pace
    if gross is None:
        return [f"no new customer came in the last twelve months to replace {'it' if case.accounts == 1 else 'them'}"]
    after = "and nothing of it is left after usual losses" if net is None else f"{_years(net)} after usual losses"
    same = net is not None and round(net) == round(gross)
    said = f"at our pace of new business {takes} {_years(gross)} years to replace"
    return [said if same else f"{said}, {after}"]


def _years(years: float) -> str:
    return number_word(round(years)) if years >= 1.5 else style.decimal(years)


def months_in_words(months: float) -> str:
    """A length of time as people say it: 14 months, three years."""
    if months >= 30 and abs(months / 12 - round(months / 12)) < 0.1:
        return f"{number_word(round(months / 12))} years"
    return style.counted(round(months), "month")


def _bad_year(found: "Found") -> str:
    if found.year is None:
        return "how likely that is cannot be told from this data"
    bad = style.money(found.year.quantile(BAD), found.about.unit)
    return f"in one year out of twenty we lose more than {bad} of {found.earned}"


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
    usual, worst = (style.money(each) for each in (found.year.mean, found.year.expected_shortfall(BAD)))
    note = f"expected in a usual year {usual}; average of the worst 1 in 20: {worst}"
    return KeyFigure(label, style.money(found.year.quantile(BAD), found.about.unit), note=note)


def _replace_figure(found: "Found") -> KeyFigure:
    label = "Time to replace your case" if found.named else "Time to replace the largest"
    if found.case_way is None:
        return KeyFigure(label, style.NOT_ASSESSED, note="needs two years of sales")
    months = found.case_way.by_net.months
    if months is None:
        beyond = f"over {found.overrides.plan_months} months"
        return KeyFigure(label, beyond, note="not within the plan, after usual losses")
    return KeyFigure(label, f"{months:.0f} months", note="at our pace of new business, after usual losses")


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
    """Of the time after usual losses, whether or not it is within the plan."""
    if found.case_way is None or start.case_way is None:
        return []
    now, then = (each.by_net.months_of_any_length for each in (found.case_way, start.case_way))
    if math.isinf(now) and math.isinf(then):
        return []
    if math.isinf(now) or math.isinf(then):
        return ["never replaced after usual losses" if math.isinf(now) else "replaced after usual losses too"]
    if abs(now - then) < _MONTH:
        return []
    return [f"{months_in_words(abs(now - then))} {'longer' if now > then else 'less'} to replace"]


def _dearer(found: "Found", start: "Found") -> list[str]:
    if found.year is None or start.year is None:
        return []
    now, then = (each.quantile(BAD) for each in (found.year, start.year))
    return _more(now - then, then, what="in a bad year", unit=found.about.unit)


def _more(change: float, of: float, *, what: str, unit: str) -> list[str]:
    if abs(change) <= _PART * max(of, 0.0):
        return []
    return [f"{style.money(abs(change), unit)} {'more' if change > 0 else 'less'} {what}"]
