"""How often were we right? Every figure told as it would have been on a past day, against what came."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from kam_analysis.analysis.churn.average import rate
from kam_analysis.analysis.churn.features import Values
from kam_analysis.analysis.churn.leavers import DRAWS, LEVEL, Leavers, leavers
from kam_analysis.analysis.churn.logistic import logistic
from kam_analysis.analysis.churn.past_days import PastDays
from kam_analysis.analysis.churn.probabilities import probabilities
from kam_analysis.analysis.churn.renewal import renewals
from kam_analysis.analysis.churn.told import Told, told
from kam_analysis.analysis.frames import takes_frames

GROUPS = 5
# An outcome nearer to 0 or 1 than this is taken for sure.
SURE = 0.1


@dataclass(frozen=True)
class Backtest:
    """Tests a horizon apart, so that each stands on its own.

    tests: a row per test: day; accounts, likely (outcomes that are not sure yet); basis (of the rhythm's chances then);
    expected and lost (accounts), low and high (of that number); amount_expected, amount_low, amount_high, amount_lost
    (revenue of the year before of those that left) and inside (the amount lost lay in its interval).
    table: calibration, accounts in up to five groups by their chance: accounts, expected and observed (shares),
    lost, low, high (interval of the share observed).
    scores: index brier, log_loss; columns ours, average (the same chance for all), recency (silence alone): smaller is
    better; of the tests in which each of them was learnt, all tests together. NaN where there is none. own: accounts in
    them with the company's own figure of that day. level: of the intervals. reason: why there is no test, or empty.
    """

    tests: pd.DataFrame
    table: pd.DataFrame
    scores: pd.DataFrame
    level: float
    reason: str
    own: int = 0

    @property
    def inside(self) -> int:
        """In how many tests the revenue lost lay inside the predicted interval."""
        return int(self.tests["inside"].sum())


@takes_frames
def backtest(
    past: PastDays,
    rng: np.random.Generator,
    contracts: pd.DataFrame | None = None,
    parents: pd.Series | None = None,
    own: pd.DataFrame | None = None,
    level: float = LEVEL,
    draws: int = DRAWS,
) -> Backtest:
    """Was it so? On each past day the chances are told from what was known then, and held against what came.

    `past`: of `past_days`. A chance is that of `probabilities` as the page would have told it: by the account's rhythm,
    with other signals where these had won by then; by `contracts` that end within the horizon (`renewals`; `parents` as
    there); by the company's `own` figure (account_id, date, churn_probability), the latest of the year before. What
    came is that of `PastDays.outcomes`, a chance where it is not sure yet. Intervals of `level` (0-1) are those of
    `leavers`.
    """
    rows = []
    for at in range(len(past.days) - 1):
        before = past.until(at)
        said = told(before)
        assert said is not None
        there, day = past.days[at].there, past.days[at].day
        ends = None
        if contracts is not None:
            ends = renewals(contracts, past.days[at].snapshot, day.date(), parents=parents, rules=past.rules)
        months = past.rules.horizon_months
        found = probabilities(there, _on_file(own, day), ends, said, months=months)
        averages = {"contract": ends.average} if ends is not None and ends.average is not None else {}
        expected = leavers(found, there, rng, said, averages, months=months, level=level, draws=draws)
        found = found.assign(
            came=past.outcomes[at],
            amount=there["revenue"].clip(lower=0),
            recency=_recency(before, there),
            average=found["probability"].mean(),
        )
        rows.append(({"day": day} | _test(found, expected, said), found))
    if not rows:
        months = past.rules.lookback_months + past.rules.horizon_months
        return _untested(level, past.reason or f"a test needs {months} months of purchases")
    all_of_them = pd.concat([found for _, found in rows], ignore_index=True)
    tests = pd.DataFrame([test for test, _ in rows])
    counted = int((all_of_them["basis"] == "your figure").sum())
    return Backtest(
        tests, calibration(all_of_them["probability"], all_of_them["came"]), _scores(all_of_them), level, "", counted
    )


def _on_file(own: pd.DataFrame | None, day: pd.Timestamp) -> pd.DataFrame | None:
    """The company's own figures as they stood on a day, none older than a year."""
    if own is None:
        return None
    dates = pd.to_datetime(own["date"])
    known = own.assign(date=dates)[(dates <= day) & (dates > day - pd.Timedelta(days=366))]
    return known.sort_values("date", kind="stable").drop_duplicates("account_id", keep="last")


def _test(found: pd.DataFrame, expected: Leavers, said: Told) -> dict[str, object]:
    """One test: what was expected, between which ends, and what came."""
    came = found["came"].to_numpy(np.float64)
    lost = float(found["amount"].to_numpy(np.float64) @ came)
    return {
        "accounts": len(found),
        "likely": int(((came > SURE) & (came < 1 - SURE)).sum()),
        "basis": said.basis,
        "expected": expected.expected,
        "low": expected.low,
        "high": expected.high,
        "lost": float(came.sum()),
        "amount_expected": expected.amount,
        "amount_low": expected.amount_low,
        "amount_high": expected.amount_high,
        "amount_lost": lost,
        "inside": bool(expected.amount_low <= lost <= expected.amount_high),
    }


def _recency(before: PastDays, there: pd.DataFrame) -> Values:
    """Silence alone, as a mark to beat, learnt from what was known by that day; NaN where nothing was."""
    if len(before.days) < 2:
        return np.full(len(there), np.nan)
    rows = pd.concat([each.there for each in before.days[:-1]], ignore_index=True)
    came = np.concatenate(before.outcomes)
    design = _silence(rows)
    found, _ = logistic(design, came, np.ones(len(came)), np.array([0.01, 0.01]))
    return np.asarray(expit(_silence(there) @ found))


def _silence(rows: pd.DataFrame) -> Values:
    times = np.log1p(rows["silence_times"].to_numpy(np.float64, na_value=np.nan))
    return np.column_stack([np.ones(len(rows)), np.nan_to_num(times, nan=float(np.nanmean(times)))])


def calibration(chance: npt.ArrayLike, lost: npt.ArrayLike, groups: int = GROUPS) -> pd.DataFrame:
    """Do as many leave as was said? Accounts in groups of about the same size, by their chance.

    `chance` (0-1) and `lost` (0-1, in between where it is only likely), one per account. Returns, by rising chance:
    accounts, expected (mean chance), observed (share lost), lost, low, high (Jeffreys' 95% interval of the share
    observed). Equal chances stay in one group. Raises `ValueError` for chances outside 0-1.

    >>> calibration([0.1] * 10 + [0.5] * 10, [1] + [0] * 9 + [1] * 5 + [0] * 5, groups=2)["observed"].tolist()
    [0.1, 0.5]
    """
    told = pd.DataFrame({"chance": np.asarray(chance, np.float64), "lost": np.asarray(lost, np.float64)})
    if not told["chance"].between(0, 1).all():
        raise ValueError(f"chance: expected 0-1, got {told['chance'].min():g} to {told['chance'].max():g}")
    # Ranks from their largest: equal chances are never split between two groups.
    place = np.ceil(told["chance"].rank(method="max") / len(told) * groups)
    grouped = told.groupby(place)
    found = grouped.agg(accounts=("lost", "size"), expected=("chance", "mean"), observed=("lost", "mean"))
    found = found.assign(lost=grouped["lost"].sum()).reset_index(drop=True)
    ends = [rate(lost, size)[1:] for lost, size in zip(found["lost"], found["accounts"], strict=True)]
    return found.assign(low=[low for low, _ in ends], high=[high for _, high in ends])


def brier(chance: Values, lost: npt.NDArray[np.bool_] | Values) -> float:
    """The mean squared difference of chance and outcome (Brier 1950); 0 is perfect, 0.25 says nothing.

    `lost`: whether each left; where that is only likely (0-1), the mean over both.

    >>> brier(np.array([0.8, 0.2]), np.array([True, False]))
    0.04
    """
    came = np.asarray(lost, dtype=np.float64)
    return round(float(np.mean(came * (1 - chance) ** 2 + (1 - came) * chance**2)), 12)


def log_loss(chance: Values, lost: npt.NDArray[np.bool_] | Values) -> float:
    """The mean of -log of the chance given to what came; a certainty that fails costs much.

    `lost` as in `brier`.

    >>> round(log_loss(np.array([0.5, 0.5]), np.array([True, False])), 4)
    0.6931
    """
    sure, came = np.clip(chance, 1e-9, 1 - 1e-9), np.asarray(lost, dtype=np.float64)
    return float(-np.mean(came * np.log(sure) + (1 - came) * np.log1p(-sure)))


def _scores(told: pd.DataFrame) -> pd.DataFrame:
    names = {"ours": "probability", "average": "average", "recency": "recency"}
    # Marks compare on the same accounts: silence alone is not known in the first test.
    told = told[told["recency"].notna()] if told["recency"].notna().any() else told
    marks, came = {each: told[name].to_numpy(np.float64) for each, name in names.items()}, told["came"].to_numpy()
    rows = {
        "brier": {name: brier(chance, came) for name, chance in marks.items()},
        "log_loss": {name: log_loss(chance, came) for name, chance in marks.items()},
    }
    return pd.DataFrame(rows).T


def _untested(level: float, reason: str) -> Backtest:
    names = (
        "day",
        "accounts",
        "likely",
        "basis",
        "expected",
        "low",
        "high",
        "lost",
        "amount_expected",
        "amount_low",
        "amount_high",
        "amount_lost",
        "inside",
    )
    table = pd.DataFrame(columns=["accounts", "expected", "observed", "lost", "low", "high"])
    scores = pd.DataFrame(np.nan, index=["brier", "log_loss"], columns=["ours", "average", "recency"])
    return Backtest(pd.DataFrame(columns=names), table, scores, level, reason)
