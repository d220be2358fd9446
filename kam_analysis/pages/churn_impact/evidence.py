"""What a page of `03_churn_impact` is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kam_analysis.analysis.churn import Backtest, Fit
from kam_analysis.analysis.concentration import Concentration
from kam_analysis.analysis.losses import BadYear, CommonCause, TimePaths
from kam_analysis.analysis.recovery import (
    Absorbable,
    BudgetYear,
    ComingThrough,
    Effect,
    Exposures,
    Loss,
    NewBusiness,
    Range,
    Selling,
)
from kam_analysis.ledger.settings import Assumption
from kam_analysis.pages.churn_impact.assumed import Otherwise


@dataclass(frozen=True)
class Evidence:
    """The results of one ledger; what the data cannot give is None or empty.

    `days`: the twelve months that all of it is of, in words. `exposed`: what we earn with each customer that is still one; `cases`: losing the largest one to five, `named`
    those of the parameter (`named_way`: how it is made up for, in sales), `managers` and `industries` theirs, `table` all of `cases` and `named` side by side.
    `chances`: of every customer, by account_id; `year` the loss distribution with `causes` and without, `staying` that
    of the causes that are no manager's departure, `slumps` their names.
    `business`, `coming` (of the largest case) by measure; `ways` the recovery of every case; `keep` what keeping key
    accounts may cost, `effects` how much a measure must do there. `tested`: the definitions of
    the tests, `definitions` those of the chances. `power`: who would depend on whom once the largest is gone.
    `otherwise`: what this report takes otherwise than the settings.
    """

    book: Concentration
    exposed: Exposures
    cases: Sequence[Loss]
    table: pd.DataFrame
    chances: pd.DataFrame
    fitted: Fit
    backtest: Backtest
    definitions: Sequence[str]
    assumptions: Mapping[str, Assumption]
    horizon_months: int
    plan_months: int
    days: str
    year: BadYear | None = None
    staying: BadYear | None = None
    causes: Sequence[CommonCause] = ()
    slumps: Sequence[str] = ()
    paths: TimePaths | None = None
    named: Loss | None = None
    named_way: ComingThrough | None = None
    managers: Sequence[Loss] = ()
    industries: Sequence[Loss] = ()
    business: Mapping[str, NewBusiness | None] = field(default_factory=dict)
    coming: Mapping[str, ComingThrough | None] = field(default_factory=dict)
    ways: pd.DataFrame = field(default_factory=pd.DataFrame)
    selling: Selling | None = None
    keep: pd.DataFrame = field(default_factory=pd.DataFrame)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    budget: BudgetYear | None = None
    fixed: Range | None = None
    absorb: Absorbable | None = None
    power: pd.DataFrame = field(default_factory=pd.DataFrame)
    hangs_on: pd.DataFrame = field(default_factory=pd.DataFrame)
    gone: Sequence[str] = ()
    tested: Sequence[str] = ()
    otherwise: Otherwise = field(default_factory=Otherwise)

    @property
    def earned(self) -> str:
        """What there is to lose, as pages name it."""
        return "margin" if self.exposed.has_margin else "sales"

    def shown(self, label: str) -> str:
        """A worst case as a table's row names it: the customer that it adds to the row above, or that it is your own."""
        cases = [case.label for case in self.cases]
        if self.named and label == self.named.label and label not in cases:
            return f"Your case: {self.called(self.named)}"
        if label not in cases[1:]:
            return label
        return "and " + label.removeprefix(cases[cases.index(label) - 1] + ", ")

    @property
    def first(self) -> Loss | None:
        """The loss of the largest account."""
        return self.cases[0] if self.cases else None

    @property
    def way(self) -> ComingThrough | None:
        """How the loss of the largest is made up for, in sales: the measure of new business that people know."""
        return self.coming.get("revenue")

    @property
    def case(self) -> Loss | None:
        """The loss that the answer is about: the reader's own, else that of the largest account."""
        return self.named or self.first

    @property
    def case_way(self) -> ComingThrough | None:
        """How that loss is made up for, in sales."""
        return self.named_way if self.named else self.way

    def called(self, loss: Loss) -> str:
        """A loss by the names of its accounts, the first two where there are more than three."""
        if loss.accounts < 2:
            return loss.label
        known = self.exposed.known
        names = known.loc[known["account_id"].isin(loss.account_ids[:3]), "account_name"].tolist()
        first, last = (names[:-1], names[-1]) if loss.accounts <= 3 else (names[:2], f"{loss.accounts - 2} more")
        return f"{', '.join(first)} and {last}"
