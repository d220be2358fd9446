"""The first screen: what the worst case costs, how long it takes to make up for, and what a bad year costs."""

from kam_analysis.analysis.recovery import Loss
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.evidence import Evidence
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import number_word

BAD = 0.95
# Parts that readers think of as fractions, as long as they are near enough.
_FRACTIONS = {1 / 2: "half", 1 / 3: "a third", 1 / 4: "a quarter", 1 / 5: "a fifth", 1 / 10: "a tenth"}
_NEAR = 0.012


def answer(found: Evidence, unit: str) -> str:
    """The finding in one sentence: of the reader's own case where there is one, else of the largest."""
    if found.case is None:
        return f"No customer brought {found.earned} above zero in the last twelve months; there is nothing to lose."
    clauses = [_worst(found, found.case, unit), *_replaced(found, found.case), *_bad_year(found, unit)]
    return "; ".join(clauses) + "."


def _worst(found: Evidence, case: Loss, unit: str) -> str:
    said = f"Losing {found.called(case)} costs {style.money(case.revenue, unit)} of sales"
    if found.exposed.has_margin:
        said += f" and {style.money(case.exposure, unit)} of margin"
    if found.named:
        return f"{said}, {fraction(case.exposure_share)} of all {found.earned}"
    if len(found.cases) > 1:
        two = found.cases[1]
        second = two.label.removeprefix(f"{case.label}, ")
        said += f", with {second} {style.money(two.exposure)}, {fraction(two.exposure_share)} of all {found.earned}"
    return said


def fraction(share: float) -> str:
    """A share as people say it: a fifth, 23 %."""
    near = min(_FRACTIONS, key=lambda each: abs(each - share))
    return _FRACTIONS[near] if abs(near - share) <= _NEAR else style.share(share, 0)


def _replaced(found: Evidence, case: Loss) -> list[str]:
    way = found.case_way
    if way is None:
        return []
    takes = f"{case.label} alone takes" if case.accounts == 1 else "they take"
    if way.by_net.months is not None:
        length = months_in_words(way.by_net.months)
        return [f"at our pace of new business {takes} {length} to replace"]
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


def _bad_year(found: Evidence, unit: str) -> list[str]:
    if found.year is None:
        return ["how likely that is cannot be told from this data"]
    bad = style.money(found.year.joint.quantile(BAD), unit)
    return [f"in one year out of twenty we lose more than {bad} of {found.earned}"]


def key_figures(found: Evidence, unit: str) -> list[KeyFigure]:
    """Four numbers: the largest (or the reader's own case), the three largest, a bad year, how long to replace."""
    if not found.cases:
        return _own_figure(found, unit)
    first, three = found.cases[0], found.cases[min(2, len(found.cases) - 1)]
    figures = [
        KeyFigure(
            "If the largest goes", style.money(first.exposure, unit),
            f"{first.label}: {style.share(first.exposure_share)} of all {found.earned}",
        ),
        KeyFigure(
            f"If the {number_word(three.accounts)} largest go", style.money(three.exposure, unit),
            f"{style.share(three.exposure_share, 0)} of all {found.earned}",
        ),
    ]  # fmt: skip
    return [
        *(_own_figure(found, unit) or figures[:1]),
        figures[1],
        _bad_year_figure(found, unit),
        _replace_figure(found),
    ]


def _own_figure(found: Evidence, unit: str) -> list[KeyFigure]:
    own = found.named
    if own is None:
        return []
    note = f"{found.called(own)}: {style.share(own.exposure_share)} of all {found.earned}"
    return [KeyFigure("If your case happens", style.money(own.exposure, unit), note)]


def _bad_year_figure(found: Evidence, unit: str) -> KeyFigure:
    if found.year is None:
        return KeyFigure("Bad-year loss (1 year in 20)", style.NOT_ASSESSED, "no figure for how likely a loss is")
    joint = found.year.joint
    note = f"expected in a usual year {style.money(joint.mean)}; average of the worst 1 in 20: {style.money(joint.expected_shortfall(BAD))}"
    return KeyFigure("Bad-year loss (1 year in 20)", style.money(joint.quantile(BAD), unit), note)


def _replace_figure(found: Evidence) -> KeyFigure:
    label = "To replace your case" if found.named else "To replace the largest"
    if found.case_way is None:
        return KeyFigure(label, style.NOT_ASSESSED, "needs two years of sales")
    months, plan = found.case_way.by_net.months, found.plan_months
    if months is None:
        return KeyFigure(label, f"over {plan} months", "not within the plan, after usual losses")
    return KeyFigure(label, f"{months:.0f} months", "at our pace of new business, after usual losses")
