"""What a bad year costs at the annual rate and within the next twelve months, its parts, and a worst case in cash."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.pages import notices, style
from kam_analysis.pages.cells import of
from kam_analysis.pages.churn_impact.advice import risk_falls
from kam_analysis.pages.churn_impact.answer import BAD
from kam_analysis.pages.churn_impact.tables import Row, months_with_range, ranged, share_with_range
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Column, Table, columns_in
from kam_analysis.pages.words import headed, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_HEADS, _ROWS = words_in(__file__, "bad_year_heads"), words_in(__file__, "bad_year_rows")


def bad_years(found: "Found") -> Table | None:
    """A bad year at the annual rate and within the next twelve months, with every customer on its own, and if nobody leaves."""
    if found.bad_year is None:
        return None
    sides = {"joint": found.bad_year.joint}
    if found.this_year is not None:
        sides["this_year"] = found.this_year
    if found.causes:
        sides["alone"] = found.bad_year.alone
        if found.staying is not None:
            sides["staying"] = found.staying.joint
    figures = {side: [each.mean, each.quantile(BAD), each.expected_shortfall(BAD)] for side, each in sides.items()}
    rows = pd.DataFrame({"figure": [_ROWS["usual"], _ROWS["bad"], _ROWS["worst"]], **figures})
    columns = declared("bad_years", made={"sides": [Column(side, _HEADS[side], "money") for side in sides]})
    caption = say("bad_years.caption", Earned=headed(found.earned))
    return Table(caption, columns, rows, found.about.unit, notes=_said(found))


def _said(found: "Found") -> list[str]:
    """What the two figures are, and which result each is held against."""
    said = [say("bad_years.annual")]
    if found.this_year is not None:
        said.append(say("bad_years.this_year"))
    if found.causes:
        said.append(say("bad_years.independent"))
    return [" ".join(said), *_break_even(found)]


def _break_even(found: "Found") -> list[str]:
    """The chance of passing break-even, of each figure against the result that belongs to it."""
    chances = {name: share_with_range(each) for name, each in found.below_break_even.items()}
    if "this_year" not in chances or "annual" not in chances:
        return []
    plan = say("bad_years.below_even_plan" if found.planned else "bad_years.below_even_today", annual=chances["annual"])
    said = [say("bad_years.below_even", soon=chances["this_year"]), plan]
    if found.last_year is not None:
        came = style.money(found.last_year.new + found.last_year.grown, found.about.unit)
        said.append(say("bad_years.won", amount=came))
    return [" ".join(said)]


def parts(found: "Found") -> Table | Html | None:
    """What is expected to go with customers that leave and with those that buy less, beside what went last year."""
    year, last = found.bad_year, found.last_year
    if year is None:
        return None
    if year.less is None or last is None:
        return paragraph(say("parts.unknown"), "note")
    departs = set(found.common.departures) - set(found.overrides.without)
    rows = [
        (say("parts.leaving_and_hand_overs" if departs else "parts.leaving"), year.expected_leaving, -last.lost),
        (say("parts.less"), year.expected_less, -last.shrunk),
        (say("parts.together"), year.joint.mean, -last.lost - last.shrunk),
    ]
    columns = declared("year_parts")
    over = style.counted(found.past_falls.years, "year") if found.past_falls is not None else ""
    frame, caption = (
        pd.DataFrame(rows, columns=["part", "expected", "last_year"]),
        say("parts.caption", earned=found.earned),
    )
    return Table(caption, columns, frame, found.about.unit, strong=[2], notes=[say("parts.said", years=over)])


def cash(found: "Found") -> Table | None:
    """The first worst case month by month: the margin missing, what is still paid, what is cut, and the cash in all."""
    if found.cash.empty or found.first_case is None:
        return None
    begins, unit = pd.Period(found.about.as_of, "M"), of(found.about.unit)
    rows = found.cash.assign(name=[f"{(begins + int(at)).strftime('%b %Y')}" for at in found.cash["month"]])
    columns = declared(
        "cash",
        heading={"receivables_in": say("cash.still_paid") + unit, "costs_cut": say("cash.cut") + unit},
        written={"receivables_in": _unless_zero("receivables_in"), "costs_cut": _unless_zero("costs_cut")},
    )
    caption = say("cash.caption", case=found.case_named)
    return Table(caption, columns, rows, found.about.unit, notes=[f"{say('cash.said')} {_cut(found)}"])


def _unless_zero(name: str) -> Callable[[Row], str]:
    return lambda row: style.money(row[name]) if row[name] else ""


def _cut(found: "Found") -> str:
    """How much of the fixed costs can be cut after how many months, as far as that is known."""
    cut, months = found.assumed.get("fixed_cost_cut"), found.assumed.get("fixed_cost_cut_months")
    if cut is None or months is None or found.fixed is None:
        return say("cash.not_cut")
    part, time = share_with_range(cut, cut.source), months_with_range(months, months.source)
    return say("cash.can_be_cut", part=part, months=time)


def renewals(found: "Found") -> Table | None:
    """Per key account under contract, what giving way on price costs beside losing it, and when it pays."""
    given, unit = found.assumed.get("renewal_concession"), found.about.unit
    if found.renewals.empty or given is None:
        return None
    columns = declared(
        "renewals",
        made={"notice": notices.columns(found.about.as_of), "cost": ranged("cost", say("renewals.cost"), unit)},
        written={"pays_at": _pays},
    )
    said = say("renewals.said", part=share_with_range(given, given.source, places=1))
    return Table(say("renewals.caption"), columns, found.renewals, unit, notes=[said])


def _pays(row: Row) -> str:
    if pd.isna(row["probability"]):
        return ""
    if pd.isna(row["pays_at"]):
        return say("renewals.cannot_pay")
    return risk_falls(row["probability"], row["probability"] - row["pays_at"])
