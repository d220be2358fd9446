"""Who leaves, by what was seen before: a logistic regression with signs that sense demands.

Few losses are the rule: a dozen among hundreds. Then a small regularised logistic regression is calibrated
where trees and boosting are not: its intercept makes the mean prediction equal the rate observed, every
signal is transformed so that it acts in one direction, and a coefficient that comes out against
sense is set to zero rather than believed. scikit-learn fits it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit
from scipy.stats import norm

from kam_analysis.analysis.churn.average import LEVEL
from kam_analysis.analysis.churn.features import FEATURES, Feature, Values, scaled
from kam_analysis.analysis.churn.history import History, observable
from kam_analysis.analysis.churn.rules import MONTH_DAYS, Rules

# scikit-learn's default: coefficients of standardised signals are held like a prior of one around zero.
STRENGTH = 1.0


@dataclass(frozen=True)
class Model:
    """A fitted model: coefficients of standardised signals, and how sure they are.

    least, most, mean, deviation: of each scaled signal in the past; what lies beyond counts as the farthest seen.
    coefficients: the intercept first. covariance: of the coefficients. Arrays are read-only.
    """

    features: tuple[Feature, ...]
    least: Values
    most: Values
    mean: Values
    deviation: Values
    coefficients: Values
    covariance: Values
    rules: Rules

    def __post_init__(self) -> None:
        for name in ("least", "most", "mean", "deviation", "coefficients", "covariance"):
            kept = np.array(getattr(self, name), dtype=np.float64)
            kept.setflags(write=False)
            object.__setattr__(self, name, kept)

    def covers(self, accounts: pd.DataFrame) -> pd.Series:
        """Of which accounts of a snapshot the past tells: those of which a loss could show."""
        return observable(accounts, self.rules)

    def probability(self, accounts: pd.DataFrame) -> Values:
        """The chance of each account of a snapshot to leave within the horizon (0-1)."""
        return expit(self._design(accounts) @ self.coefficients)

    def interval(self, accounts: pd.DataFrame, level: float = LEVEL) -> tuple[Values, Values]:
        """Where each chance lies: what the coefficients leave open (normal approximation on the log odds)."""
        design = self._design(accounts)
        middle = design @ self.coefficients
        wide = norm.ppf(0.5 + level / 2) * np.sqrt(np.einsum("ij,jk,ik->i", design, self.covariance, design))
        return expit(middle - wide), expit(middle + wide)

    def draw(self, accounts: pd.DataFrame, draws: int, rng: np.random.Generator) -> Values:
        """Chances under coefficients drawn from what is left open: draws by accounts."""
        drawn = rng.multivariate_normal(self.coefficients, self.covariance, draws, method="cholesky")
        return expit(drawn @ self._design(accounts).T)

    def drivers(self, accounts: pd.DataFrame, most: int = 2) -> list[str]:
        """What raises each account's chance above the average's most, in words; what lowers it where nothing does."""
        words = {each.column: each.words for each in self.features}
        parts = pd.DataFrame(self._design(accounts)[:, 1:] * self.coefficients[1:])
        parts = parts.T.groupby([each.column for each in self.features], sort=False).sum().T
        raw = accounts[list(words)].to_numpy(np.float64, na_value=np.nan)
        return [
            "; ".join(list(words.values())[at](float(values[at])) for at in _telling(row, most))
            for row, values in zip(parts[list(words)].to_numpy(), raw, strict=True)
        ]

    def _design(self, accounts: pd.DataFrame) -> Values:
        """Standardised signals behind a one; a missing signal counts as the average's."""
        found = (np.clip(scaled(accounts, self.features), self.least, self.most) - self.mean) / self.deviation
        return np.column_stack([np.ones(len(accounts)), np.nan_to_num(found, nan=0.0)])


def _telling(parts: Values, most: int) -> list[int]:
    """Which contributions to the log odds are told: the largest that raise it, else the one that lowers it most."""
    raises = [int(at) for at in np.argsort(-parts, kind="stable") if parts[at] > _NOTICED][:most]
    return raises or [int(at) for at in np.argsort(parts, kind="stable") if parts[at] < 0][:1]


# A tenth of a log odds is a tenth of the chance itself, for small ones.
_NOTICED = 0.1


@dataclass(frozen=True)
class Fit:
    """A model, or None with the reason; and the past that it rests on."""

    model: Model | None
    reason: str
    losses: int
    accounts: int


def fit(past: History, features: tuple[Feature, ...] = FEATURES) -> Fit:
    """Can the company's own history tell who leaves, and how?

    `past`: of `history`. Signals are taken in their order, one for every `losses_per_feature` lost accounts,
    those missing in half of the rows or alike in all left out; every account weighs one a horizon. Returns
    no model, with the reason, below `least_losses` lost accounts, where all were lost, where there is no outcome
    yet, or where the data is too short to wait after the horizon: what buys today would then hardly ever be
    seen to leave, and a model would call the largest accounts safe.
    """
    rules, rows = past.rules, past.rows
    accounts = int(rows["account_id"].nunique())
    if reason := _refused(past):
        return Fit(None, reason, past.losses, accounts)
    usable = tuple(each for each in features if tells(rows, each))
    chosen = usable[: max(1, past.losses // rules.losses_per_feature)]
    return Fit(fitted(rows, chosen, rules), "", past.losses, accounts)


def _refused(past: History) -> str:
    rules = past.rules
    if past.reason:
        return past.reason
    if not rules.sure:
        months = rules.lookback_months + rules.horizon_months + round(rules.lost_days / MONTH_DAYS)
        return f"the data is too short: a model of who leaves needs {months} months of it"
    if past.losses < rules.least_losses:
        return f"{past.losses} accounts were lost in the past that can be watched, fewer than {rules.least_losses}"
    return "every account was lost" if past.rows["lost"].all() else ""


def tells(rows: pd.DataFrame, feature: Feature) -> bool:
    """Whether a signal is known of most rows, and differs between them."""
    values = scaled(rows, (feature,))[:, 0]
    known = values[~np.isnan(values)]
    return bool(len(known) > 0.5 * len(values) and np.ptp(known) > 0)


def fitted(rows: pd.DataFrame, features: tuple[Feature, ...], rules: Rules) -> Model:
    """The model of some signals: fitted again without the one that goes most against sense, until none does.

    `rows`: of a `History`, with both lost and kept accounts.
    """
    while True:
        values, weight = scaled(rows, features), rows["weight"].to_numpy(np.float64)
        mean, deviation = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
        found = np.nan_to_num((values - mean) / deviation, nan=0.0)
        lost = rows["lost"].to_numpy(dtype=bool)
        coefficients = _coefficients(found, lost, weight)
        against = coefficients[1:] * [each.sign for each in features]
        if not len(features) or against.min() >= 0:
            break
        features = tuple(each for at, each in enumerate(features) if at != against.argmin())
    covariance = _covariance(found, coefficients, weight)
    ends = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    return Model(features, *ends, mean, deviation, coefficients, covariance, rules)


def _coefficients(values: Values, lost: npt.NDArray[np.bool_], weight: Values) -> Values:
    if not values.shape[1]:
        share = float(np.average(lost, weights=weight))
        return np.array([np.log(share / (1 - share))])
    from sklearn.linear_model import LogisticRegression  # half a second that only a fit needs

    # Exact second derivatives: a handful of steps for a handful of signals.
    found = LogisticRegression(C=STRENGTH, solver="newton-cholesky", tol=1e-8).fit(values, lost, sample_weight=weight)
    return np.concatenate([found.intercept_, found.coef_[0]])


def _covariance(values: Values, coefficients: Values, weight: Values) -> Values:
    """The inverse of the penalised information (Laplace's approximation); the intercept is not penalised."""
    design = np.column_stack([np.ones(len(values)), values])
    chance = expit(design @ coefficients)
    information = (design * (weight * chance * (1 - chance))[:, None]).T @ design
    information += np.diag([0.0] + [1 / STRENGTH] * values.shape[1])
    return np.linalg.inv(information)
