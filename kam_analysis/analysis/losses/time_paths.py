"""How does the margin of today's accounts fall month by month, and what does new business make up?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.losses.causes import CommonCause, checked_causes
from kam_analysis.analysis.losses.inputs import (
    Floats,
    Integers,
    count,
    fixed,
    levels,
    money,
    number,
    numbers,
    refuse,
    shares,
)
from kam_analysis.analysis.losses.leavers import Band, bands, candidates
from kam_analysis.analysis.losses.simulated import SEED

# Scenarios of one stream of random numbers. Another number would change results for the same seed.
_BLOCK = 250
_YEAR = 12


@dataclass(frozen=True, eq=False)
class TimePaths:
    """Monthly margin, from the first month on, in many scenarios.

    `start`: money per month today. `mean`, `error`: of what today's accounts still bring, money per month,
    and the standard error that the simulation leaves in it, shape (months,). `levels`: of the bands, 0-1,
    ascending; `bands`: the margin that is not exceeded with that probability, shape (levels, months), with
    `band_error`, its standard error. `new_business`: what new business brings, money per month, shape
    (months,), the same in all scenarios: it comes on top of mean and bands. `kept`: all paths, shape
    (scenarios, months). `seed`: the same seed gives the same scenarios, and more of them begin with those.
    """

    start: float
    mean: Floats
    error: Floats
    levels: Floats
    bands: Floats
    band_error: Floats
    new_business: Floats
    seed: int
    kept: Floats = field(repr=False)

    @property
    def scenarios(self) -> int:
        """How many scenarios were drawn."""
        return len(self.kept)

    @property
    def months(self) -> int:
        """How many months the paths have."""
        return len(self.mean)

    def lost_within(self, months: int = _YEAR) -> Floats:
        """What is missing in all over the first months, in each scenario: money, shape (scenarios,).

        >>> float(time_paths([1200], [1.0], months=12, notice_months=9).lost_within(12)[0])
        300.0
        """
        # Where nothing is missing, sums leave a residue.
        return fixed(np.maximum(self.start * months - self.kept[:, :months].sum(axis=1), 0.0))

    def table(self) -> pd.DataFrame:
        """One row per month: month (from 1), mean, error, a column per level, new_business; money per month.

        The levels' columns are named by percent, such as `5%`.
        """
        columns = {"month": np.arange(1, self.months + 1), "mean": self.mean, "error": self.error}
        columns |= {f"{100 * level:g}%": band for level, band in zip(self.levels, self.bands, strict=True)}
        return pd.DataFrame(columns | {"new_business": self.new_business})


@dataclass(frozen=True, eq=False)
class _Plan:
    """What a scenario needs: money that stops per account and month, when, and who may leave."""

    months: int
    stops: Floats
    own: Floats
    notice: Integers
    ends_in: Integers
    among: Sequence[Band]
    causes: Sequence[CommonCause]
    strikes_in: Sequence[int]


def time_paths(
    exposure: npt.ArrayLike,
    probability: npt.ArrayLike,
    severity: npt.ArrayLike = 1.0,
    causes: Sequence[CommonCause] = (),
    *,
    months: int = 36,
    notice_months: npt.ArrayLike = 0,
    ends_in: npt.ArrayLike = 0,
    strikes_in: Sequence[int] = (),
    new_per_month: float = 0.0,
    first_month: int = 1,
    ramp_months: int = 1,
    scenarios: int = 10_000,
    levels_at: Sequence[float] = (0.05, 0.5, 0.95),
    seed: int = SEED,
    chunk: int = 2_500,
) -> TimePaths:
    """What margin is left month by month as accounts leave, and what does new business make up?

    `exposure`: money per year and account, shape (n,), zero or more; a twelfth of it comes each month.
    `probability`: of leaving within a year by its own cause, 0-1, shape (n,) or one number; every month
    has the same, 1 - (1 - probability)^(1/12). `severity`: the share of the margin that stops, 0-1. `causes`:
    as in `loss_distribution`, with probabilities per year; each strikes once at most, and takes at once, the part
    that it takes of a member that stays too.
    `months`: 12 to 36. `notice_months`: for how many months the margin still comes, one number or per
    account. An account that leaves in month t brings nothing from month t + notice_months on. `ends_in`: where a
    contract ends after so many of the first twelve months, the account that leaves in that year does so then, and
    brings nothing from the month after on; 0 for none. `strikes_in`: the month in which each cause strikes where it is
    known, such as that of a manager's last day; it then strikes with its whole probability, and in no other month. 0,
    and no entry, for any month. Who goes because of a cause goes at once, but not before the end of a contract
    within the year; the part that a cause takes of those who stay is gone at once.

    New business: each month from `first_month` on wins `new_per_month` (money per year), which comes in
    equal steps, all of it from the `ramp_months`-th month on (1: at once). None of it leaves again.

    Times to loss are drawn, and only for those that leave. Each 250 scenarios have random numbers of their
    own, so that `chunk`, the number of scenarios held at once, changes nothing but memory. No account is
    a margin of 0. Raises `ValueError` for inputs as `loss_distribution`, and for months, notice, scenarios,
    chunk and levels out of range.

    >>> found = time_paths([1200, 1200], [0.0, 1.0], months=12, notice_months=3, new_per_month=120, ramp_months=2)
    >>> found.mean[:5].tolist(), found.start
    ([200.0, 200.0, 200.0, 100.0, 100.0], 200.0)
    >>> found.new_business[:4].tolist()
    [5.0, 15.0, 25.0, 35.0]
    """
    count("months", months, 12, 36)
    for name, value in {"first_month": first_month, "ramp_months": ramp_months, "chunk": chunk}.items():
        count(name, value, 1)
    count("scenarios", scenarios, 2)
    plan, start = _plan(exposure, probability, severity, causes, notice_months, ends_in, strikes_in, months=months)
    kept = start - _stopped(plan, scenarios, chunk, seed).cumsum(axis=1)
    # Sums of what stops leave residues where nothing is left.
    kept[np.abs(kept) < 1e-9 * start] = 0.0
    at = levels("levels_at", levels_at)
    ordered = np.sort(kept, axis=0)
    band, error = _bands(ordered, at)
    new = _new_business(number("new_per_month", new_per_month), first_month, ramp_months, months)
    mean, uncertain = kept.mean(axis=0), kept.std(axis=0, ddof=1) / np.sqrt(scenarios)
    for each in (mean, uncertain, at, band, error, new, kept):
        fixed(each)
    return TimePaths(start, mean, uncertain, at, band, error, new, seed, kept)


def _plan(
    exposure: npt.ArrayLike,
    probability: npt.ArrayLike,
    severity: npt.ArrayLike,
    causes: Sequence[CommonCause],
    notice_months: npt.ArrayLike,
    ends_in: npt.ArrayLike,
    strikes_in: Sequence[int],
    *,
    months: int,
) -> tuple[_Plan, float]:
    """Inputs checked, and the margin of a month today."""
    amounts = money("exposure", exposure) / _YEAR
    n, known = amounts.size, checked_causes(amounts.size, causes)
    notice = _whole_months("notice_months", notice_months, n, most=1200)
    ends = _whole_months("ends_in", ends_in, n, most=_YEAR)
    if len(strikes_in) not in (0, len(known)):
        raise ValueError(f"strikes_in: expected {len(known)}, one per cause, got {len(strikes_in)}")
    when = _whole_months("strikes_in", list(strikes_in) or 0, len(known), most=1200).tolist()
    own, stops = shares("probability", probability, n), amounts * shares("severity", severity, n)
    # Whoever has nothing that stops need not be drawn.
    within = np.where(stops > 0, 1 - (1 - own) ** (months / _YEAR), 0.0)
    # Notice runs to the end of a contract, not beyond it.
    plan = _Plan(months, stops, own, np.where(ends > 0, 0, notice), ends, bands(within), known, when)
    return plan, float(amounts.sum())


def _whole_months(name: str, given: npt.ArrayLike, n: int, *, most: int) -> Integers:
    """One number or one per account, as whole months for each."""
    found = numbers(name, given)
    if found.ndim == 1 and found.size != n:
        raise ValueError(f"{name}: expected one number or {n}, one per account, got {found.size}")
    each = np.broadcast_to(found, n)
    refuse(name, f"whole months, 0 to {most:,}", ~((each >= 0) & (each <= most) & (each == np.floor(each))), each)
    return each.astype(np.int64)


def _stopped(plan: _Plan, scenarios: int, chunk: int, seed: int) -> Floats:
    """The margin that stops in each month: shape (scenarios, months)."""
    found = np.zeros((scenarios, plan.months))
    streams = np.random.SeedSequence(seed).spawn(-(-scenarios // _BLOCK))
    at_once = max(chunk // _BLOCK, 1)
    for begun in range(0, len(streams), at_once):
        block = [_leaving(plan, np.random.default_rng(each)) for each in streams[begun : begun + at_once]]
        cells = np.concatenate([cell + at * _BLOCK * plan.months for at, (cell, _) in enumerate(block)])
        amounts = np.concatenate([amount for _, amount in block])
        size = len(block) * _BLOCK * plan.months
        sums = np.bincount(cells, amounts, size).reshape(-1, plan.months)
        rows = found[begun * _BLOCK : (begun + at_once) * _BLOCK]
        rows[:] = sums[: len(rows)]
    return found


def _leaving(plan: _Plan, rng: np.random.Generator) -> tuple[Integers, Floats]:
    """Who stops when in one block of scenarios: cells of (scenario, month), and the money that stops there."""
    drawn = _with_causes(plan, rng) if plan.causes else _own_only(plan, rng)
    cells, amounts = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for scenario, account, month, part in drawn:
        first = month + plan.notice[account] - 1
        inside = first < plan.months
        cells.append(scenario[inside] * plan.months + first[inside])
        amounts.append(plan.stops[account[inside]] * part[inside])
    return np.concatenate(cells), np.concatenate(amounts)


def _own_only(plan: _Plan, rng: np.random.Generator) -> Iterator[tuple[Integers, Integers, Integers, Floats]]:
    """Scenario, account and month of leaving by own causes, of those that leave within the months or nearly.

    And the part that stops then: all.
    """
    for scenario, account, u in candidates(plan.among, _BLOCK, rng):
        month, ends = _month(u, plan.own[account]), plan.ends_in[account]
        yield scenario, account, np.where((ends > 0) & (month <= _YEAR), ends + 1, month), np.ones(account.size)


def _with_causes(plan: _Plan, rng: np.random.Generator) -> Iterator[tuple[Integers, Integers, Integers, Floats]]:
    """The same with common causes: whatever comes first; what a cause takes in part stops when it strikes."""
    never = plan.months + 1
    month = np.full((_BLOCK, plan.own.size), never, dtype=np.int16)
    parted = []
    for scenario, account, own_month, _ in _own_only(plan, rng):
        month[scenario, account] = np.minimum(own_month, never)
    for cause, known in zip(plan.causes, plan.strikes_in, strict=True):
        struck = _struck(cause.probability, known, rng)
        when = np.flatnonzero(struck <= plan.months)
        taken = rng.random((when.size, len(cause.members))) < cause.losses
        at = np.ix_(when, np.asarray(cause.members, dtype=np.int64))
        ends = plan.ends_in[np.asarray(cause.members, dtype=np.int64)]
        goes = np.where(struck[when, None] <= ends, ends + 1, struck[when, None])
        month[at] = np.minimum(month[at], np.where(taken, goes, never))
        if (cause.parts > 0).any():
            parted.append((cause, when, struck, taken))
    left = np.ones(month.shape) if parted else None
    for cause, when, struck, taken in parted:
        at = np.ix_(when, np.asarray(cause.members, dtype=np.int64))
        # Of an account that has left before, or goes because of it, nothing more is lost.
        staying = (month[at] > struck[when, None]) & ~taken
        assert left is not None
        left[at] = np.where(staying, left[at] * (1 - cause.parts), left[at])
        scenario, place = np.nonzero(staying & (cause.parts > 0))
        account = at[1][0, place]
        # What the hand-over takes does not wait for a notice.
        yield when[scenario], account, struck[when[scenario]] - plan.notice[account], cause.parts[place]
    scenario, account = np.nonzero(month < never)
    part = np.ones(account.size) if left is None else left[scenario, account]
    yield scenario, account, month[scenario, account].astype(np.int64), part


def _struck(probability: float, known: int, rng: np.random.Generator) -> Integers:
    """The month in which a cause strikes in each scenario: the one that is known, else any; far away for never."""
    u = rng.random(_BLOCK)
    if known:
        return np.where(u < probability, known, 10_000).astype(np.int64)
    return _month(u, np.full(_BLOCK, probability))


def _month(u: Floats, yearly: Floats) -> Integers:
    """The month of a loss with this yearly probability: geometric, by inverse transform; the first is 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.ceil(_YEAR * np.log1p(-u) / np.log1p(-yearly))
    # A probability of 0 never comes (and so far away that nothing overflows), one of 1 in the first month.
    return np.where(yearly > 0, found, np.inf).clip(1, 10_000).astype(np.int64)


def _bands(ordered: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Quantiles of each month and their standard errors, by the ranks that are one error away."""
    n = len(ordered)
    away = np.sqrt(n * at * (1 - at))
    low, mid, high = (
        np.clip(np.ceil(n * at + each).astype(np.int64) - 1, 0, n - 1) for each in (-away, np.zeros_like(at), away)
    )
    return ordered[mid], (ordered[high] - ordered[low]) / 2


def _new_business(per_month: float, first_month: int, ramp_months: int, months: int) -> Floats:
    """What new business brings each month: the ramps of all that was won so far, added up."""
    age = np.arange(1, months + 1) - first_month + 1
    ramp = np.minimum(np.arange(1, months + 1) / ramp_months, 1.0).cumsum()
    return np.where(age > 0, ramp[np.maximum(age, 1) - 1], 0.0) * per_month / _YEAR
