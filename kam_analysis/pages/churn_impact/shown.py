"""All that is shown of what losing key accounts would cost: charts, tables, actions; `Found` takes them from here."""

from typing import TYPE_CHECKING

from kam_analysis.pages import assumed, html
from kam_analysis.pages.churn_impact import (
    advice,
    charts_chances,
    charts_contracts,
    charts_worst,
    result,
    tables,
    tables_backtest,
    tables_chances,
    tables_contingency,
    tables_contracts,
    tables_recovery,
    tables_this_year,
    ticked,
)
from kam_analysis.pages.results import Answered, Result
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say = said_in(__file__)


def results_document(found: "Found") -> Result:
    """The results document, with the first screen."""
    return result.result(found)


def actions(found: "Found") -> html.Html:
    """What to do, what to ask next."""
    return html.bullets(advice.next_steps(found), shown=html.FIRST_STEPS)


def caveats(found: "Found") -> html.Html:
    """What a reader must know before trusting the figures."""
    return html.bullets(advice.caveats(found))


def assumptions_table(found: "Found") -> html.Html:
    """What this page takes for given, with ranges and sources."""
    return assumed.assumptions_table(found.assumed, found.about.unit)


def cases_in_figures(found: "Found") -> html.Html:
    """Every worst case in a row, and the cash of the first month by month, folded."""
    return html.folded(say("folded.cases"), tables.cases(found), tables_this_year.cash(found))


def chances_in_figures(found: "Found") -> html.Html:
    """What all chances rest on, and who may have left already, folded."""
    return html.folded(say("folded.chances"), tables_chances.bases(found), tables_chances.perhaps_gone(found))


def recovery_in_figures(found: "Found") -> html.Html:
    """The recovery of every worst case, folded; why there is none stands open."""
    shown = tables_recovery.recovery(found)
    return shown if isinstance(shown, html.Html) else html.folded(say("folded.recovery"), shown)


def renewals_in_figures(found: "Found") -> html.Html:
    """What giving way on price at each renewal costs, folded."""
    return html.folded(say("folded.renewals"), tables_this_year.renewals(found))


def bad_year_in_figures(found: "Found") -> html.Html:
    """The parts of a bad year, what could take several, and what goes with each manager and industry, folded."""
    shown = (tables_this_year.parts, tables_chances.causes, tables.managers, tables.industries)
    return html.folded(say("folded.bad_year"), *(each(found) for each in shown))


class Shown(Answered):
    """What is shown of `Found`, by the names that the notebook uses."""

    result = results_document
    actions = actions
    caveats = caveats
    assumptions_table = assumptions_table
    cases_in_figures = cases_in_figures
    chances_in_figures = chances_in_figures
    recovery_in_figures = recovery_in_figures
    renewals_in_figures = renewals_in_figures
    bad_year_in_figures = bad_year_in_figures
    lost_together = ticked.lost_together
    rests_on = tables_chances.rests_on
    worst_cases_chart = charts_worst.worst_cases_chart
    recovery_chart = charts_worst.recovery_chart
    bad_year_chart = charts_chances.bad_year_chart
    margin_chart = charts_chances.margin_chart
    sensitivity_chart = charts_chances.sensitivity_chart
    contracts_chart = charts_contracts.contracts_chart
    bound_table = tables_contracts.parts
    contracts_table = tables_contracts.contracts
    notice_table = tables_contracts.months
    cases_table = tables.cases
    recovery_table = tables_recovery.recovery
    keeping_table = tables_recovery.keeping
    managers_table = tables.managers
    industries_table = tables.industries
    cash_table = tables_this_year.cash
    contingency_plan = tables_contingency.contingency
    steps_table = tables_contingency.steps_table
    signs_table = tables_contingency.signs_table
    months_table = tables_contingency.months_table
    parts_table = tables_this_year.parts
    renewals_table = tables_this_year.renewals
    causes_table = tables_chances.causes
    bad_years_table = tables_this_year.bad_years
    levels_table = tables_chances.levels
    bases_table = tables_chances.bases
    accounts_table = tables_chances.accounts
    perhaps_gone_table = tables_chances.perhaps_gone
    backtest_table = tables_backtest.tests
    scores_table = tables_backtest.scores
    calibration_table = tables_backtest.calibration
    definitions = tables_chances.definitions
    method = tables_chances.method
