"""How often were we right? Every figure told as it would have been on a past day, against what came."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.churn.average import Average, average, rate
from kam_analysis.analysis.churn.features import FEATURES, Values
from kam_analysis.analysis.churn.history import History, history
from kam_analysis.analysis.churn.model import Fit, Model, fit, fitted, tells
from kam_analysis.analysis.churn.rules import DEFAULT_RULES, Rules
from kam_analysis.analysis.frames import takes_frames

GROUPS = 5
DRAWS = 4000


@dataclass(frozen=True)
class Backtest:
    """Tests a horizon or more apart, so that each stands on its own.

    tests: a row per test: day; accounts, undecided (left out); fitted (a model, else the average); expected and
    lost (accounts), low and high (of that number); amount_expected, amount_low, amount_high, amount_lost (revenue
    of the year before of those that left) and inside (the amount lost lay in its interval).
    table: calibration, accounts in up to five groups by their chance: accounts, expected and observed (shares),
    lost, low, high (interval of the share observed).
    scores: index brier, log_loss; columns ours, average, recency (silence alone): smaller is better; all
    tests together. NaN where there is none. level: of the intervals. reason: why there is no test, or empty.
    """

    tests: pd.DataFrame
    table: pd.DataFrame
    scores: pd.DataFrame
    level: float
    reason: str

    @property
    def inside(self) -> int:
        """In how many tests the revenue lost lay inside the predicted interval."""
        return int(self.tests["inside"].sum())


@takes_frames
def backtest(
    snapshots: Sequence[pd.DataFrame],
    rng: np.random.Generator,
    rules: Rules = DEFAULT_RULES,
    level: float = 0.9,
    draws: int = DRAWS,
) -> Backtest:
    """Was it so? On each past day the chances are told from what was known then, and held against what came.

    `snapshots`: of `snapshot`, one per day of `snapshot_days`; `rules` of `rules_for_test`. On a test day model and
    average are made of outcomes known by that day; the chance of an account is the model's, without one the
    average. The intervals are of `draws` simulated horizons: each draws what the model or average leaves open,
    then who leaves, each on its own; where causes take several at once they are too narrow. An outcome that
    is still undecided is left out, and counted. `level`: 0-1.
    """
    past = history(snapshots, rules)
    rows = []
    for day in past.days_apart:
        known = history(snapshots, rules, known_on=day)
        then = past.rows[past.rows["day"] == day]
        if known.reason or average(known) is None:
            continue
        undecided = int((past.undecided["day"] == day).sum())
        rows.append(_one(known, then.reset_index(drop=True), undecided, rng, level, draws))
    if not rows:
        return _untested(level, past.reason or f"a test needs {rules.needed(2)} months of data")
    told = pd.concat([chances for _, chances in rows], ignore_index=True)
    tests = pd.DataFrame([test for test, _ in rows])
    return Backtest(tests, calibration(told["ours"], told["lost"]), _scores(told), level, "")


def _one(
    known: History, then: pd.DataFrame, undecided: int, rng: np.random.Generator, level: float, draws: int
) -> tuple[dict[str, object], pd.DataFrame]:
    """One test: its row, and the chances of its accounts beside what came."""
    found, means = fit(known), _means(known)
    chance = _chance(found, means, then)
    lost, amount = then["lost"].to_numpy(dtype=bool), then["revenue"].clip(lower=0).to_numpy(np.float64)
    number, money = _simulated(found, means, then, amount, rng, draws)
    tails = ((1 - level) / 2, (1 + level) / 2)
    (low, high), (least, most) = (np.quantile(each, tails, method="inverted_cdf") for each in (number, money))
    gone = float(amount[lost].sum())
    test = {
        "day": then["day"].iloc[0],
        "accounts": len(then),
        "undecided": undecided,
        "fitted": found.model is not None,
        "expected": float(chance.sum()),
        "low": low,
        "high": high,
        "lost": int(lost.sum()),
        "amount_expected": float(chance @ amount),
        "amount_low": least,
        "amount_high": most,
        "amount_lost": gone,
        "inside": bool(least <= gone <= most),
    }
    recency = _recency(known)
    alone = np.full(len(then), np.nan) if recency is None else recency.probability(then)
    mean = average(known)
    assert mean is not None
    return test, pd.DataFrame({"lost": lost, "ours": chance, "average": mean.value, "recency": alone})


def _means(known: History) -> tuple[Average, Average]:
    """The averages of usual and of quiet accounts, each the whole's where it has none."""
    whole = average(known)
    assert whole is not None
    return average(known, quiet=False) or whole, average(known, quiet=True) or whole


def _chance(found: Fit, means: tuple[Average, Average], then: pd.DataFrame) -> Values:
    if found.model is not None:
        return found.model.probability(then)
    return np.where(then["quiet"], means[1].value, means[0].value)


def _recency(known: History) -> Model | None:
    """Silence alone, as a mark to beat: without the safeguards of a model that is relied on."""
    if known.rows["lost"].nunique() < 2:
        return None
    silence = tuple(each for each in FEATURES if each.column == "silence_times" and tells(known.rows, each))
    return fitted(known.rows, silence, known.rules) if silence else None


def _simulated(
    found: Fit, means: tuple[Average, Average], then: pd.DataFrame, amount: Values, rng: np.random.Generator, draws: int
) -> tuple[Values, Values]:
    """Accounts and revenue lost in each simulated horizon."""
    number, money = np.empty(draws), np.empty(draws)
    quiet = then["quiet"].to_numpy(dtype=bool)
    for start in range(0, draws, _CHUNK):
        size = min(_CHUNK, draws - start)
        if found.model is not None:
            chance = found.model.draw(then, size, rng)
        else:
            usual, silent = (rng.beta(*each.shape, size)[:, None] for each in means)
            chance = np.where(quiet, silent, usual)
        gone = rng.random((size, len(then))) < chance
        number[start : start + size], money[start : start + size] = gone.sum(axis=1), gone @ amount
    return number, money


# Of ten thousand accounts a chunk takes 20 MB.
_CHUNK = 250


def calibration(chance: npt.ArrayLike, lost: npt.ArrayLike, groups: int = GROUPS) -> pd.DataFrame:
    """Do as many leave as was said? Accounts in groups of about the same size, by their chance.

    `chance` (0-1) and `lost`, one per account. Returns, by rising chance: accounts, expected (mean
    chance), observed (share lost), lost, low, high (Jeffreys' 95 % interval of the share observed). Equal
    chances stay in one group. Raises `ValueError` for chances outside 0-1.

    >>> calibration([0.1] * 10 + [0.5] * 10, [1] + [0] * 9 + [1] * 5 + [0] * 5, groups=2)["observed"].tolist()
    [0.1, 0.5]
    """
    told = pd.DataFrame({"chance": np.asarray(chance, np.float64), "lost": np.asarray(lost, bool)})
    if not told["chance"].between(0, 1).all():
        raise ValueError(f"chance: expected 0-1, got {told['chance'].min():g} to {told['chance'].max():g}")
    # Ranks from their largest: equal chances are never split between two groups.
    place = np.ceil(told["chance"].rank(method="max") / len(told) * groups)
    grouped = told.groupby(place)
    found = grouped.agg(accounts=("lost", "size"), expected=("chance", "mean"), observed=("lost", "mean"))
    found = found.assign(lost=grouped["lost"].sum()).reset_index(drop=True)
    ends = [rate(int(lost), int(size))[1:] for lost, size in zip(found["lost"], found["accounts"], strict=True)]
    return found.assign(low=[low for low, _ in ends], high=[high for _, high in ends])


def brier(chance: Values, lost: npt.NDArray[np.bool_]) -> float:
    """The mean squared difference of chance and outcome (Brier 1950); 0 is perfect, 0.25 says nothing.

    >>> brier(np.array([0.8, 0.2]), np.array([True, False]))
    0.04
    """
    return round(float(np.mean((chance - lost) ** 2)), 12)


def log_loss(chance: Values, lost: npt.NDArray[np.bool_]) -> float:
    """The mean of -log of the chance given to what came; a certainty that fails costs much.

    >>> round(log_loss(np.array([0.5, 0.5]), np.array([True, False])), 4)
    0.6931
    """
    sure = np.clip(chance, 1e-9, 1 - 1e-9)
    return float(-np.mean(np.where(lost, np.log(sure), np.log1p(-sure))))


def _scores(told: pd.DataFrame) -> pd.DataFrame:
    lost = told["lost"].to_numpy(dtype=bool)
    marks = {name: told[name].to_numpy(np.float64) for name in ("ours", "average", "recency")}
    rows = {
        "brier": {name: brier(chance, lost) for name, chance in marks.items()},
        "log_loss": {name: log_loss(chance, lost) for name, chance in marks.items()},
    }
    return pd.DataFrame(rows).T


def _untested(level: float, reason: str) -> Backtest:
    names = (
        "day",
        "accounts",
        "undecided",
        "fitted",
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
