"""Where every amount of the source is, and how its total stands against finance's own."""

from dataclasses import dataclass

from kam_analysis.ledger.period import Period


@dataclass(frozen=True)
class Reconciliation:
    """Where every amount of the period is; `total` is the sum of the other five, exactly.

    Money in the reporting currency; `*_accounts` and `*_rows` count what the amounts stand for.
    """

    period: Period
    measure: str
    total: float
    in_shares: float
    without_account: float
    set_aside: float
    excluded: float
    rounding: float
    accounts: int
    set_aside_accounts: int
    excluded_accounts: int
    without_account_rows: int


@dataclass(frozen=True)
class Control:
    """Sales of one fiscal year beside finance's own total; `partly` where the year is not over or not all there."""

    year: str
    measure: str
    ledger: float
    finance: float
    partly: bool

    @property
    def difference(self) -> float:
        """Ledger less finance."""
        return self.ledger - self.finance
