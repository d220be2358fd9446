"""What do we lose at worst, and how would we come through?

`exposure` says what there is to lose, `worst_cases` who goes, `aftermath`, `fixed_costs` and `budget` what
that does to the rest, and `case_table` sets it side by side. `new_business` and `selling` find the pace at which
we win, `replacement` how long it takes to come through, `cash` what is missing month by month until then, `contingency` what is done about it,
`prevention` what keeping may cost and `concession` what giving way at a renewal costs, and `tornado` what an answer
depends on.
"""

from kam_analysis.analysis.recovery.aftermath import Remains, balance_after, lines_gone, receivables_out, remains
from kam_analysis.analysis.recovery.budget import BudgetYear, budget_year
from kam_analysis.analysis.recovery.case_table import case_table
from kam_analysis.analysis.recovery.cash import cash_by_month
from kam_analysis.analysis.recovery.concession import concessions
from kam_analysis.analysis.recovery.contingency import AGREE_DAYS, STEPS, Step, WorstCase, contingency, planned_months
from kam_analysis.analysis.recovery.exposure import Exposures, exposures
from kam_analysis.analysis.recovery.fixed_costs import Absorbable, Cover, absorbable, cover, fixed_costs
from kam_analysis.analysis.recovery.new_business import NewBusiness, new_business
from kam_analysis.analysis.recovery.prevention import Effect, effect_needed, keeping, prevention, years_kept
from kam_analysis.analysis.recovery.ranges import Range, ranged
from kam_analysis.analysis.recovery.replacement import (
    MILESTONES,
    PLAN_MONTHS,
    ComingThrough,
    Replacement,
    coming_through,
    recovery_table,
    replacement,
)
from kam_analysis.analysis.recovery.selling import Pipeline, Selling, pipeline_needed, selling, win_rate
from kam_analysis.analysis.recovery.time_course import missing_until, months_to_replace, replaced_after
from kam_analysis.analysis.recovery.tornado import bad_year_sensitivity, tornado
from kam_analysis.analysis.recovery.worst_cases import (
    Loss,
    lose_each,
    lose_group,
    lose_largest,
    lose_named,
    lose_with_manager,
    worst_cases,
)

__all__ = [
    "AGREE_DAYS",
    "MILESTONES",
    "PLAN_MONTHS",
    "STEPS",
    "Absorbable",
    "BudgetYear",
    "ComingThrough",
    "Cover",
    "Effect",
    "Exposures",
    "Loss",
    "NewBusiness",
    "Pipeline",
    "Range",
    "Remains",
    "Replacement",
    "Selling",
    "Step",
    "WorstCase",
    "absorbable",
    "bad_year_sensitivity",
    "balance_after",
    "budget_year",
    "case_table",
    "cash_by_month",
    "coming_through",
    "concessions",
    "contingency",
    "cover",
    "effect_needed",
    "exposures",
    "fixed_costs",
    "keeping",
    "lines_gone",
    "lose_each",
    "lose_group",
    "lose_largest",
    "lose_named",
    "lose_with_manager",
    "missing_until",
    "months_to_replace",
    "new_business",
    "pipeline_needed",
    "planned_months",
    "prevention",
    "ranged",
    "receivables_out",
    "recovery_table",
    "remains",
    "replaced_after",
    "replacement",
    "selling",
    "tornado",
    "win_rate",
    "worst_cases",
    "years_kept",
]
