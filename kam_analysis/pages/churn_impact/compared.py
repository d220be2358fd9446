"""What a reader's changes do: a view of the explorer against the one that it began with."""

import math

from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.answer import BAD, months_in_words
from kam_analysis.pages.churn_impact.evidence import Evidence

# Less of a month, or of the money, than this is no difference.
_MONTH, _PART = 0.5, 0.0005


def against(found: Evidence, start: Evidence, unit: str) -> str:
    """What is lost, how long it takes to replace and what a bad year costs, by what it is more or less than at the start.

    A sentence, also where nothing of it differs by more than half a month or half a thousandth.
    """
    said = [*_lost(found, start, unit), *_longer(found, start), *_dearer(found, start, unit)]
    return f"Against the start: {'; '.join(said)}." if said else "Against the start hardly anything changes."


def _lost(found: Evidence, start: Evidence, unit: str) -> list[str]:
    if found.case is None or start.case is None:
        return []
    return _more(found.case.exposure - start.case.exposure, start.case.exposure, f"{found.earned} lost", unit)


def _longer(found: Evidence, start: Evidence) -> list[str]:
    """Of the time after usual losses, whether or not it is within the plan."""
    if found.case_way is None or start.case_way is None:
        return []
    now, then = (each.case_way.by_net.months_of_any_length for each in (found, start) if each.case_way)
    if math.isinf(now) or math.isinf(then):
        return (
            []
            if now == then
            else ["never replaced after usual losses" if math.isinf(now) else "replaced after usual losses too"]
        )
    if abs(now - then) < _MONTH:
        return []
    return [f"{months_in_words(abs(now - then))} {'longer' if now > then else 'less'} to replace"]


def _dearer(found: Evidence, start: Evidence, unit: str) -> list[str]:
    if found.year is None or start.year is None:
        return []
    now, then = (each.joint.quantile(BAD) for each in (found.year, start.year))
    return _more(now - then, then, "in a bad year", unit)


def _more(change: float, of: float, what: str, unit: str) -> list[str]:
    if abs(change) <= _PART * max(of, 0.0):
        return []
    return [f"{style.money(abs(change), unit)} {'more' if change > 0 else 'less'} {what}"]
