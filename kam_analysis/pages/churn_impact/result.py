"""The results document of `03_churn_impact`."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from kam_analysis.pages.about import with_parameters
from kam_analysis.pages.churn_impact import tables, tables_chances
from kam_analysis.pages.churn_impact.advice import caveats
from kam_analysis.pages.churn_impact.answer import BAD, answer, key_figures, next_fact
from kam_analysis.pages.churn_impact.likely_losses import SEED
from kam_analysis.pages.results import Figure, Result
from kam_analysis.pages.table import Table
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)

QUESTION = say("question.asked")


def result(found: "Found") -> Result:
    """The results document of 03, with the first screen's answer and key figures."""
    about = found.about
    provenance = with_parameters(about, seed=SEED, **found.overrides.parameters())
    return Result(
        question=QUESTION,
        answer=answer(found),
        figures=_figures(found),
        tables=_tables(found),
        provenance=provenance | {"period": about.period.label},
        caveats=caveats(found),
        assumptions=[asdict(each) for each in found.assumed.values()],
        worth_collecting=about.worth_collecting,
        shown=key_figures(found),
        doubts=about.doubts,
        lead=" ".join(filter(None, [next_fact(found), about.sold])),
    )


def _tables(found: "Found") -> dict[str, Table]:
    """Those that are published, by name; of those that may have no rows, the ones that have some."""
    more = {
        "recovery": found.recovery_table(),
        "keeping": found.keeping_table(),
        "renewals": found.renewals_table(),
        "cash": found.cash_table(),
        "contingency": found.steps_table(),
        "signs": found.signs_table(),
        "budget_by_month": found.months_table(),
        "year_parts": found.parts_table(),
        "managers": found.managers_table(),
        "industries": found.industries_table(),
        "bound": found.bound_table(),
        "contracts": found.contracts_table(),
        "notice": found.notice_table(),
    }
    always = {"accounts": tables_chances.all_accounts(found), "worst_cases": tables.all_cases(found)}
    return always | {name: each for name, each in more.items() if isinstance(each, Table)}


def _figures(found: "Found") -> dict[str, Figure]:
    unit, amounts = found.about.unit or "amount", found.exposed.amounts
    figures = {
        "exposure_total": Figure(found.exposed.total, unit),
        # Of all customers where there are fewer.
        "worst_case_top_1": Figure(float(amounts[:1].sum()), unit),
        "worst_case_top_3": Figure(float(amounts[:3].sum()), unit),
        "months_to_replace_top_1": Figure(found.way.by_net.months if found.way else None, "months"),
    }
    if found.named is not None:
        months = found.named_way.by_net.months if found.named_way else None
        figures |= {
            "own_case": Figure(found.named.exposure, unit),
            "own_case_revenue": Figure(found.named.revenue, unit),
            "months_to_replace_own_case": Figure(months, "months"),
        }
    if found.leaving_case is not None:
        figures["departure_case"] = Figure(found.leaving_case.loss.exposure, unit)
    names = ("expected_loss", "bad_year_loss", "bad_year_average", "bad_year_loss_this_year")
    if found.year is None or found.this_year is None:
        return figures | {name: Figure(None, unit) for name in names}
    return figures | {
        "expected_loss": Figure(found.year.mean, unit),
        # Its level says which quantile it is; what the arithmetic may be off by is no range of it, and stands on the page.
        "bad_year_loss": Figure(found.year.quantile(BAD), unit, level=BAD),
        "bad_year_average": Figure(found.year.expected_shortfall(BAD), unit, level=BAD),
        "bad_year_loss_this_year": Figure(found.this_year.quantile(BAD), unit, level=BAD),
    }
