"""Who fell by more than its own usual ups and downs?"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration.fluctuation import fluctuation, mean_variances
from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.frames import takes_frames

# Fewer changes than this say nothing about what is usual; two years of complete months have six.
FEWEST_CHANGES = 6
# And fewer months before the last ones say nothing of what is usual in a short history.
FEWEST_MONTHS = 3
# Where months last, Student's allowance for few of them goes no further than for so many.
_LEAST_FREEDOM = 3.0
# The longest stretch that is judged, in months.
_JUDGED = 6
# A month that lost this part of an average month was shut rather than weak.
_SHUT = 0.6


@dataclass(frozen=True)
class Falls:
    """`alerts`, most money lost first, and how many accounts could be judged and how many not.

    `alerts`: account_id, account_name, recent, year_before, change (below 0), change_share (of
    year_before), usual (the standard deviation of such a stretch's change, in money) and times_usual
    (change by usual, above 0; NaN where the account never varied). Accounts without sales in both
    stretches are counted in neither.
    """

    alerts: pd.DataFrame
    assessed: int
    not_assessed: int


@takes_frames
def falls(statistics: pd.DataFrame, least: float = 0.10, times: float = 2.0, months: int = 6) -> Falls:
    """Which accounts fell by more than they usually vary, one empty month being no fall?

    `statistics`: one row per account from complete calendar months: account_id, account_name, recent
    (the last `months` months), year_before (the same months a year earlier), worst_change (the most
    negative month's change, at most 0), and of the changes on the year before in earlier months their
    number, sum and sum of squares (changes, changes_sum, changes_squares). Comparing with the same month
    a year before takes the season out. `carried` (0-1, of `with_carried`; without it 0): the correlation of neighbouring
    months. Where a weak month is followed by another by habit, six of them are no six witnesses.

    The worst month is left out: a plant that shuts for a month raises no alarm. An account is alerted
    where the other months' change is below `times` standard deviations of what its own earlier changes
    let expect (Student's allowance for few of them; a decline that goes on as before is expected), and
    both the whole fall and the fall without the worst month are at least `least` (0-1) of year_before.
    The worst of six weak months is 1.27 deviations low by chance alone; that is allowed for unless the
    month was shut. Accounts need at least 6 earlier changes.

    Found by simulation (`python -m benchmarks falls`; 24 to 60 months, noise of 10 and 30%): false alarms 0.5 to 0.8%
    with independent months, at most 1.5% where neighbours correlate by 0.5 or 0.8. A fall of 28% at a noise of 10% is
    always found with independent months; with 35 months in 82 of 100 accounts at 0.5 and 17 at 0.8.
    """
    change = statistics["recent"] - statistics["year_before"]
    without_worst = (change - statistics["worst_change"]).to_numpy(dtype=np.float64)
    lasting, changes = _carried(statistics), statistics["changes"].to_numpy(dtype=np.float64)
    deviation, drift = _usual(statistics, lasting)
    before = statistics["year_before"].to_numpy(dtype=np.float64)
    enough = (statistics["changes"] >= FEWEST_CHANGES).to_numpy() & (before > 0)
    shut = -statistics["worst_change"].to_numpy(dtype=np.float64) > _SHUT * before / months
    bound = _bound(deviation, drift, shut, changes, times, months, lasting)
    # Both falls in shares: a float's residue of a constant account would pass any test of deviations.
    material = (change <= -least * before) & (without_worst <= -least * before * (months - 1) / months)
    fell = enough & material.to_numpy() & (without_worst < bound)
    usual = deviation * months * np.sqrt(mean_variances(lasting, months))
    rows = statistics[["account_id", "account_name", "recent", "year_before"]].assign(change=change, usual=usual)[fell]
    rows.insert(5, "change_share", rows["change"] / rows["year_before"])
    alerts = rows.assign(times_usual=-rows["change"] / rows["usual"].where(rows["usual"] > 0))
    active = (before > 0) | (statistics["recent"] > 0).to_numpy()
    return Falls(
        alerts.sort_values(["change", "account_id"], ignore_index=True),
        int(enough.sum()),
        int((active & ~enough).sum()),
    )


@takes_frames
def with_carried(statistics: pd.DataFrame, account_months: pd.DataFrame, measure: str) -> pd.DataFrame:
    """`statistics` with the column `carried`: how much of a good or bad month carries into the next, 0-1.

    `account_months`: account_id, month, the measure, complete, zero-filled, of the largest accounts; each gets what
    `fluctuation` finds of it, at least 0. All others get the largest ones' mean, by money. The last six complete months,
    where there are more than twelve before, are not looked at: the very fall would pass for a habit.
    """
    known = account_months[account_months["complete"]]
    lasts = np.sort(known["month"].unique())[-_JUDGED:]
    if known["month"].nunique() >= 12 + _JUDGED:
        known = known[known["month"] < lasts[0]]
    table = known.pivot_table(index="account_id", columns="month", values=measure, aggfunc="sum", fill_value=0.0)
    if table.empty:
        return statistics.assign(carried=0.0)
    found = fluctuation(table.to_numpy(dtype=np.float64), min(table.shape[1], 12))
    own = pd.Series(found.carried.clip(0), index=table.index)
    weight = found.expected.clip(0)
    middle = float(own.to_numpy() @ weight / weight.sum()) if weight.sum() > 0 else 0.0
    return statistics.assign(carried=statistics["account_id"].map(own).fillna(middle).astype(np.float64))


def _carried(statistics: pd.DataFrame) -> Floats:
    """The correlation of neighbouring months, shape (n,); 0 where nobody told."""
    if "carried" not in statistics:
        return np.zeros(len(statistics))
    return statistics["carried"].to_numpy(dtype=np.float64).clip(0, 0.95)


def _unbiased(carried: Floats, number: Floats) -> tuple[Floats, Floats]:
    """By what a standard deviation around an own mean falls short where months last, and on how many it rests."""
    short = number / (number - 1) * (1 - mean_variances(carried, number))
    kept = (1 - carried**2) / (1 + carried**2)
    return 1 / np.sqrt(short), np.maximum((number - 1) * kept, np.minimum(number - 1, _LEAST_FREEDOM))


def _usual(statistics: pd.DataFrame, carried: Floats) -> tuple[Floats, Floats]:
    """Standard deviation of a month's change on the year before, and the decline that is usual per month (at most 0)."""
    n = statistics["changes"].clip(lower=2).to_numpy(dtype=np.float64)
    total = statistics["changes_sum"].to_numpy(dtype=np.float64)
    squares = statistics["changes_squares"].to_numpy(dtype=np.float64)
    deviation = np.sqrt(np.maximum(squares - total**2 / n, 0) / (n - 1)) * _unbiased(carried, n)[0]
    # Only a decline that is clear beyond its own error is usual; a chance one would hide a real fall.
    return deviation, np.minimum(total / n + 2 * deviation * np.sqrt(mean_variances(carried, n)), 0)


def _bound(
    deviation: Floats,
    drift: Floats,
    shut: npt.NDArray[np.bool_],
    changes: Floats,
    times: float,
    months: int,
    carried: Floats,
) -> Floats:
    """The lowest change without the worst month that is still usual.

    Of `months` normal changes the lowest is `low` deviations down on average (Blom's approximation;
    1.28 for six, exactly 1.27), and leaving it out takes some of the spread with it: for six the
    variance of the other five's sum is 4.4, not 5. A shut month is no chance low, and takes none. Months that last lie
    closer together, and their sum further out.
    """
    low = -NormalDist().inv_cdf((1 - 0.375) / (months + 0.25)) * np.sqrt(1 - carried)
    lasting = (months - 1) * mean_variances(carried, months - 1)
    spread = np.where(shut, np.sqrt(months - 1), np.sqrt(months - 1.6)) * np.sqrt(lasting)
    allowance = np.where(shut, 0.0, low)
    factor = _student(times, _unbiased(carried, np.maximum(changes, FEWEST_CHANGES))[1])
    return (months - 1) * drift + (allowance - factor * spread) * deviation


def _student(times: float, degrees: Floats) -> Floats:
    """The Student quantile that is as rare as `times` normal deviations (Abramowitz & Stegun 26.7.5)."""
    first = (times**3 + times) / 4
    second = (5 * times**5 + 16 * times**3 + 3 * times) / 96
    third = (3 * times**7 + 19 * times**5 + 17 * times**3 - 15 * times) / 384
    return times + first / degrees + second / degrees**2 + third / degrees**3


YEAR_BEFORE, NOT_JUDGED = "the same months a year before", ""


@takes_frames
def every_fall(
    half: pd.DataFrame, quarter: pd.DataFrame | None = None, least: float = 0.10, times: float = 2.0
) -> pd.DataFrame:
    """Who fell by more than it usually varies, each by as much history as there is, and of whom can that not be said?

    `half` and `quarter`: the ledger's month statistics over the last six and the last three months, as `falls` takes
    them, and months, amount, squares (of the last twelve), recent_squares and recent_least (of the recent ones).

    Who has two years is judged by `falls`. Of the others the last six months are held against the six before, and the
    last three against those before in the last year: three at least. Each by the account's own ups and downs in the
    months before, the worst recent month left out, and by no more than most others fell too: by money, half of what
    all bought went with this course or a lower one, which takes out a season that customers share. A season of its
    own is not told from a fall.

    Returns account_id, fell, change_share (of the months before, below 0; NaN where it did not fall) and
    compared_with (in words; "" where nothing can be said: too few months, or no purchase before), by `half`'s rows.

    Found by simulation with 18 months (20,000 accounts each): false alarms at most 0.6% for month noise of 5 to 50%
    and for buyers in two to eight of ten months, 4% with a strong season of its own; a fall of 28% over two quarters
    is found in 94, 54 and 27 of 100 accounts at a month noise of 10, 15 and 20%, one of 90% in all.
    """
    found = (
        half[["account_id"]].reset_index(drop=True).assign(fell=False, change_share=np.nan, compared_with=NOT_JUDGED)
    )
    short = [(half, 6)] if quarter is None else [(quarter, 3), (half, 6)]
    # What says more comes last, and replaces the rest.
    for statistics, months in short:
        found = _told(found, _short(statistics, months, least, times))
    alerts = falls(half, least, times).alerts
    enough = ((half["changes"] >= FEWEST_CHANGES) & (half["year_before"] > 0)).to_numpy()
    change = found["account_id"].map(alerts.set_index("account_id")["change_share"])
    found.loc[enough, "fell"] = change.notna()[enough]
    found.loc[enough, "change_share"] = change[enough]
    found.loc[enough, "compared_with"] = YEAR_BEFORE
    return found


def _told(found: pd.DataFrame, short: pd.DataFrame) -> pd.DataFrame:
    """What is known, and what a longer stretch says: a fall that either sees is one."""
    there = short.set_index("account_id").reindex(found["account_id"]).reset_index(drop=True)
    judged = there["compared_with"].fillna(NOT_JUDGED) != NOT_JUDGED
    fell = there["fell"].eq(True)
    over = judged & (fell | ~found["fell"])
    return found.assign(
        fell=found["fell"] | fell,
        change_share=found["change_share"].where(~over, there["change_share"]),
        compared_with=found["compared_with"].where(~over, there["compared_with"]),
    )


def _short(statistics: pd.DataFrame, months: int, least: float, times: float) -> pd.DataFrame:
    """The last `months` months against those before in the last year, of accounts that have enough of them."""
    since = statistics["months"].to_numpy(dtype=np.float64)
    recent, low = (statistics[name].to_numpy(dtype=np.float64) for name in ("recent", "recent_least"))
    earlier = statistics["amount"].to_numpy(dtype=np.float64) - recent
    squares = (statistics["squares"] - statistics["recent_squares"]).to_numpy(dtype=np.float64)
    number = since - months
    judged = (number >= max(months, FEWEST_MONTHS)) & (earlier > 0)
    n = np.maximum(number, FEWEST_MONTHS)
    mean = earlier / n
    lasting = _carried(statistics)
    larger, freedom = _unbiased(lasting, n)
    deviation = np.sqrt(np.maximum(squares - earlier**2 / n, 0) / (n - 1)) * larger
    usual = mean * _course(mean, recent / months, judged)
    rest = (recent - low) / (months - 1)
    apart = np.sqrt(mean_variances(lasting, months - 1) + mean_variances(lasting, n))
    bound = usual - _student(times, freedom) * deviation * apart
    material = (recent <= (1 - least) * usual * months) & (rest <= (1 - least) * usual)
    fell = judged & material & (rest < bound)
    change = np.divide(recent, mean * months, out=np.full(len(recent), np.nan), where=fell) - 1
    # A stretch held against a longer one is held against it month by month.
    of = f"(last {months} complete months)"
    words = np.array(
        [f"the {each} months before{'' if each == months else ', per month'} {of}" for each in range(13)], dtype=object
    )
    compared = np.where(judged, words[np.where(judged, n, 0).astype(np.int64)], NOT_JUDGED)
    return pd.DataFrame(
        {
            "account_id": statistics["account_id"].to_numpy(),
            "fell": fell,
            "change_share": change,
            "compared_with": compared,
        }
    )


def _course(before: Floats, now: Floats, judged: npt.NDArray[np.bool_]) -> Floats:
    """Which part of its own earlier purchases did the customer in the middle keep, by money; 1 at most, shape (n,).

    The largest is held against the others: it would be its own measure.
    """
    at = np.flatnonzero(judged)
    found = np.ones(len(before))
    if at.size > 1:
        order = at[np.argsort(now[at] / before[at], kind="stable")]
        found[:] = min(_middle(order, before, now), 1.0)
        largest = order[np.argmax(before[order])]
        found[largest] = min(_middle(order[order != largest], before, now), 1.0)
    return found


def _middle(order: npt.NDArray[np.int64], before: Floats, now: Floats) -> float:
    """The median of now / before by the weight of `before`; `order` goes from the lowest up."""
    weights = np.cumsum(before[order])
    at = order[np.searchsorted(weights, weights[-1] / 2)]
    return float(now[at] / before[at])
