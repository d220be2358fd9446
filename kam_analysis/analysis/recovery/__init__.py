"""What do we lose at worst, and how would we come through?

`exposure` says what there is to lose, `worst_cases` who goes, `aftermath`, `fixed_costs` and `budget` what
that does to the rest, and `case_table` sets it side by side. `new_business` and `selling` find the pace at which
we win, `replacement` how long it takes to come through, `cash` what is missing month by month until then, `contingency` what is done about it,
`prevention` what keeping may cost and `concession` what giving way at a renewal costs, and `tornado` what an answer
depends on.
"""

from .aftermath import (
    Remains as Remains,
    balance_after as balance_after,
    lines_gone as lines_gone,
    receivables_out as receivables_out,
    remains as remains,
)
from .budget import BudgetYear as BudgetYear, budget_year as budget_year
from .case_table import case_table as case_table
from .cash import cash_by_month as cash_by_month
from .concession import concessions as concessions
from .contingency import (
    AGREE_DAYS as AGREE_DAYS,
    STEPS as STEPS,
    Step as Step,
    WorstCase as WorstCase,
    contingency as contingency,
    planned_months as planned_months,
)
from .exposure import Exposures as Exposures, exposures as exposures
from .fixed_costs import (
    Absorbable as Absorbable,
    Cover as Cover,
    absorbable as absorbable,
    cover as cover,
    fixed_costs as fixed_costs,
)
from .new_business import NewBusiness as NewBusiness, new_business as new_business
from .prevention import (
    Effect as Effect,
    effect_needed as effect_needed,
    keeping as keeping,
    prevention as prevention,
    years_kept as years_kept,
)
from .ranges import Range as Range, ranged as ranged
from .replacement import (
    PLAN_MONTHS as PLAN_MONTHS,
    ComingThrough as ComingThrough,
    Replacement as Replacement,
    coming_through as coming_through,
    recovery_table as recovery_table,
    replacement as replacement,
)
from .selling import (
    Pipeline as Pipeline,
    Selling as Selling,
    pipeline_needed as pipeline_needed,
    selling as selling,
    win_rate as win_rate,
)
from .time_course import (
    missing_until as missing_until,
    months_to_replace as months_to_replace,
    replaced_after as replaced_after,
)
from .tornado import bad_year_sensitivity as bad_year_sensitivity, tornado as tornado
from .worst_cases import (
    Loss as Loss,
    lose_each as lose_each,
    lose_group as lose_group,
    lose_largest as lose_largest,
    lose_named as lose_named,
    lose_with_manager as lose_with_manager,
    worst_cases as worst_cases,
)
