"""What else tells who leaves, beside an account's rhythm: its trend, what it buys, credit notes, complaints, contracts."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kam_analysis.analysis.churn.features import Feature, Values, scaled
from kam_analysis.analysis.fixed import keep_fixed

# A tenth of a log odds is a tenth of the chance itself, for small ones.
_NOTICED = 0.1


@dataclass(frozen=True)
class Signals:
    """Signals and their scale in the past.

    least, most, mean, deviation: of each scaled signal; what lies beyond counts as the farthest seen. Arrays are read-only.
    """

    features: tuple[Feature, ...] = ()
    least: Values = field(default_factory=lambda: np.empty(0))
    most: Values = field(default_factory=lambda: np.empty(0))
    mean: Values = field(default_factory=lambda: np.empty(0))
    deviation: Values = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        keep_fixed(self, "least", "most", "mean", "deviation")

    def values(self, accounts: pd.DataFrame) -> Values:
        """Accounts by signals, standardised; a missing one counts as the average's."""
        found = (np.clip(scaled(accounts, self.features), self.least, self.most) - self.mean) / self.deviation
        return np.nan_to_num(found, nan=0.0)

    def drivers(self, accounts: pd.DataFrame, coefficients: Values, most: int = 2) -> list[list[str]]:
        """What raises each account's chance above the average's most, in words; what lowers it where nothing does."""
        parts = self.values(accounts) * coefficients
        raw = accounts[[each.column for each in self.features]].to_numpy(np.float64, na_value=np.nan)
        return [
            [self.features[at].words(float(values[at])) for at in _telling(row, most) if values[at] == values[at]]
            for row, values in zip(parts, raw, strict=True)
        ]


def _telling(parts: Values, most: int) -> list[int]:
    """Which contributions to the log odds are told: the largest that raise it, else the one that lowers it most."""
    raises = [int(at) for at in np.argsort(-parts, kind="stable") if parts[at] > _NOTICED][:most]
    return raises or [int(at) for at in np.argsort(parts, kind="stable") if parts[at] < -_NOTICED][:1]


def signals(rows: pd.DataFrame, features: tuple[Feature, ...]) -> Signals:
    """Some signals with their scale in these rows; each must be known somewhere."""
    if not features:
        return Signals()
    values = scaled(rows, features)
    ends = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    return Signals(features, *ends, np.nanmean(values, axis=0), np.nanstd(values, axis=0))


def tells(rows: pd.DataFrame, feature: Feature) -> bool:
    """Whether a signal is known of most rows, and differs between them."""
    return known(rows, feature) and bool(np.ptp(scaled(rows.dropna(subset=feature.column), (feature,))) > 0)


def known(rows: pd.DataFrame, feature: Feature) -> bool:
    """Whether a signal is known of most rows."""
    return bool(rows[feature.column].notna().mean() > 0.5)
