"""What counts as leaving, and on which past days the ledger is asked about it."""

import calendar
from dataclasses import dataclass
from datetime import date

MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True)
class Rules:
    """When is an account lost, and how long must one look? Every rule is a parameter with its reason.

    horizon_months: how far ahead one asks; the year that a sales plan covers.
    follow_months: how long after the horizon one waits to be sure. A year: none is lost before a year's
        silence, so without the wait an account that stops within the horizon still counts as kept, and
        whoever buys today could hardly ever be lost. 0 where the data is too short for it (`rules_for`).
    lost_times, lost_days: silence by the account's own longest gap, and at least a year: the same as
        `segments.Cuts`, so that lost is one word with one meaning.
    rhythm_purchases, rhythm_days: a rhythm is known from three gaps over at least half a year: part deliveries
        of one order are no rhythm. Half of what `segments.Cuts` asks, or a first year would show none.
    lookback_months: what features look back on; half a month less is enough, for few exports begin on the day.
    step_months: from one past day to the next; a horizon, so that outcomes do not overlap.
    least_losses: accounts that left in the past without which no signal is learnt beside the rhythm.
    losses_per_feature: a signal for every so many of them; below five, coefficients follow chance.

    Raises `ValueError` for a figure out of its range.
    """

    horizon_months: int = 12
    follow_months: int = 12
    lost_times: float = 4.0
    lost_days: int = 365
    rhythm_purchases: int = 4
    rhythm_days: int = 180
    lookback_months: int = 12
    step_months: int = 12
    least_losses: int = 10
    losses_per_feature: int = 5

    def __post_init__(self) -> None:
        for name in ("horizon_months", "lookback_months", "step_months", "least_losses", "losses_per_feature"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected 1 or more, got {getattr(self, name)}")
        if self.follow_months < 0 or min(self.lost_times, self.lost_days) <= 0:
            got = f"got {self.follow_months}, {self.lost_times:g}, {self.lost_days}"
            raise ValueError(f"follow_months, lost_times, lost_days: expected 0 or more, above 0, {got}")
        if self.horizon_months % self.step_months or self.follow_months % self.step_months:
            raise ValueError(
                f"step_months: expected a divisor of horizon_months {self.horizon_months} and follow_months "
                f"{self.follow_months}, so that each horizon ends on a day that is looked at; got {self.step_months}"
            )

    @property
    def sure(self) -> bool:
        """Whether whoever stops within the horizon has been silent for long enough to be called lost."""
        return self.follow_months * MONTH_DAYS >= self.lost_days - 1

    def needed(self, outcomes: int) -> int:
        """Months of data that so many outcomes after one another need; the horizon is half of them at most."""
        whole = self.lookback_months + outcomes * (self.horizon_months + self.follow_months)
        return max(whole, 2 * self.horizon_months)

    @property
    def longest_gap(self) -> float:
        """Longest gap, in days, up to which a loss can show in the time that is looked at."""
        return (self.horizon_months + self.follow_months) * MONTH_DAYS / self.lost_times


DEFAULT_RULES = Rules()


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another, to the nearest month.

    >>> months_between(date(2023, 10, 2), date(2026, 9, 18)), months_between(date(2010, 12, 1), date(2011, 12, 9))
    (36, 12)
    """
    return round((last - first).days / MONTH_DAYS)


def rules_for(first: date, as_of: date, horizon_months: int = 12) -> Rules:
    """The rules that data of some length allows: with the wait of a year after the horizon, or without it.

    `first`: day of the first transaction. Without the wait only whoever was silent before the horizon counts as lost.

    >>> rules_for(date(2023, 10, 2), date(2026, 9, 18)).follow_months
    12
    >>> rules_for(date(2024, 10, 2), date(2026, 9, 18)).follow_months
    0
    """
    step = next(months for months in (12, 6, 4, 3, 2, 1) if horizon_months % months == 0)
    whole = Rules(horizon_months=horizon_months, step_months=step)
    return whole if months_between(first, as_of) >= whole.needed(1) else _without_wait(horizon_months)


def _without_wait(horizon_months: int) -> Rules:
    return Rules(horizon_months=horizon_months, step_months=horizon_months, follow_months=0)


def snapshot_days(first: date, as_of: date, rules: Rules = DEFAULT_RULES) -> list[date]:
    """On which past days is the ledger asked? Those with an outcome, and those that tell it; earliest first.

    From the as-of date back in steps, each with `lookback_months` of data before it (half a month less is
    enough, and up to two days more where months are short: months are counted once, for all of the data, so that
    whatever `rules_for` allows has its days); horizons on end from the as-of date back, for tests; the as-of date itself is always the last, and
    the only one where the horizon is longer than half of the data: no outcome can be told then. A month's end
    stays a month's end. Raises `ValueError` where `first` is after `as_of`.

    >>> [str(day) for day in snapshot_days(date(2023, 10, 2), date(2026, 9, 30), Rules())]
    ['2024-09-30', '2025-09-30', '2026-09-30']
    >>> [str(day) for day in snapshot_days(date(2025, 10, 2), date(2026, 9, 30), Rules())]
    ['2026-09-30']
    """
    if first > as_of:
        raise ValueError(f"first: expected a day up to as_of {as_of}, got {first}")
    ahead, wait, step = rules.horizon_months, rules.follow_months, rules.step_months
    length = months_between(first, as_of)
    oldest = length - rules.lookback_months if 2 * ahead <= length else 0
    asked = set(range(0, max(oldest, 0) + 1, ahead))
    for months in range(ahead + wait, oldest + 1, step):
        asked |= {months, months - ahead, months - ahead - wait}
    return [back(as_of, months) for months in sorted(asked, reverse=True)]


def back(day: date, months: int) -> date:
    """A day so many whole months before; a month's end stays a month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    at_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if at_end else min(day.day, length))


def definitions(rules: Rules = DEFAULT_RULES, by_rhythm: bool = True) -> tuple[str, ...]:
    """What lost, leaving and left mean here, in sentences for the page.

    `by_rhythm`: chances are told from each account's own rhythm; else from the average of those that could be watched.

    >>> definitions()[0]
    'Lost: confirmed as lost, or silent for at least 4 times its own longest gap and at least 365 days.'
    """
    ahead, wait = rules.horizon_months, rules.follow_months
    lost = (
        f"Lost: confirmed as lost, or silent for at least {rules.lost_times:g} times its own longest gap "
        f"and at least {rules.lost_days} days."
    )
    if by_rhythm:
        return (
            lost,
            "Leaves within a year: makes its last purchase before the year is over. Whoever has stopped already and is "
            "not yet called lost counts.",
            f"Left, in the tests: made its last purchase before the {ahead} months were over. Whoever bought after them "
            "stayed. For whoever has been silent since, its chance of being gone today counts.",
        )
    return (
        lost,
        f"Left, in the average: lost, and the last purchase lies before the end of the {ahead} months"
        + (f", as known {wait} months later." if wait else "."),
        f"Not to be seen: accounts with fewer than {rules.rhythm_purchases} purchase days over "
        f"{rules.rhythm_days} days, or with a gap over {rules.longest_gap:.0f} days: their silence could not "
        "show a loss in time, so they count neither as lost nor as kept.",
        "Undecided: silent since, and not for long enough; they widen the interval.",
    )
