"""The company average: how many of those that could be watched left in a horizon, with its interval."""

from dataclasses import dataclass

from scipy.stats import beta

from kam_analysis.analysis.churn.history import History

LEVEL = 0.95
# Below so many accounts an average says nothing.
LEAST_ACCOUNTS = 10


@dataclass(frozen=True)
class Average:
    """A share of accounts that leave within the horizon (0-1), its interval and what it rests on."""

    value: float
    low: float
    high: float
    source: str
    losses: int = 0
    accounts: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.value <= self.high <= 1:
            got = f"{self.low:g}, {self.value:g}, {self.high:g}"
            raise ValueError(f"low, value, high: expected 0 <= low <= value <= high <= 1, got {got}")

    @property
    def shape(self) -> tuple[float, float]:
        """The two figures of the Beta distribution of the share."""
        return self.losses + 0.5, self.accounts - self.losses + 0.5


def rate(losses: float, accounts: float, undecided: int = 0, level: float = LEVEL) -> tuple[float, float, float]:
    """What share leaves, if `losses` of `accounts` did (some of them only likely)? The value, low and high.

    Jeffreys' interval (Beta(losses + 1/2, kept + 1/2), its quantiles; Brown, Cai and DasGupta 2001) and its
    mean, which is above 0 where none has left yet. `undecided` accounts come on top of `accounts`: for the
    low end none of them has left, for the high end all. Raises `ValueError` unless 0 <= losses <= accounts.

    >>> [round(each, 3) for each in rate(8, 248)]
    [0.034, 0.015, 0.06]
    """
    if not 0 <= losses <= accounts or undecided < 0:
        raise ValueError(f"losses: expected 0 to accounts {accounts}, got {losses} (undecided {undecided})")
    tail, kept = (1 - level) / 2, accounts - losses
    low = float(beta.ppf(tail, losses + 0.5, kept + undecided + 0.5))
    high = float(beta.ppf(1 - tail, losses + undecided + 0.5, kept + 0.5))
    return (losses + 0.5) / (accounts + 1), low, high


def average(past: History, quiet: bool | None = None) -> Average | None:
    """How likely is any account of this company to leave within the horizon?

    Counted on past days a horizon apart, so that nothing counts twice. `quiet`: only of accounts that were
    (True) or were not (False) quiet on those days; by default of all. Without the wait after the
    horizon (`Rules.sure` is False) losses show only from silence: the two cannot be told apart, so all are
    counted for those that buy, and nothing is said of quiet ones. None below ten accounts, and where there is no
    outcome yet.
    """
    if quiet and not past.rules.sure:
        return None  # an average of accounts that buy would call a silence of ten months 2%
    split = quiet if past.rules.sure else None
    decided, open_ = (
        each[each["day"].isin(past.days_apart) & (True if split is None else each["quiet"] == split)]
        for each in (past.rows, past.undecided)
    )
    if len(decided) < LEAST_ACCOUNTS:
        return None
    losses, accounts, undecided = int(decided["lost"].sum()), len(decided), len(open_)
    whose = {None: "", True: "quiet ", False: ""}[split]
    days = " and ".join(f"{day:%Y-%m-%d}" for day in past.days_apart)
    source = f"{losses} of {accounts} {whose}accounts left within {past.rules.horizon_months} months of {days}"
    source += f"; {undecided} undecided" if undecided else ""
    return Average(*rate(losses, accounts, undecided), source, losses, accounts)
