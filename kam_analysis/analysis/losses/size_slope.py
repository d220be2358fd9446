"""How do the changes of customers shrink with their size? What happens to a shop does not happen to a chain of two hundred."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

# An account of many independent parts moves by one over the square root of its size, more steeply none.
_STEEPEST = 0.5


def size_slope(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> float:
    """The power by which changes shrink: a customer k times as large changes by k to the power of minus it as much, 0-0.5.

    `before`, `after`: amounts of the same customers in two years, both above zero, shape (n,), in any unit. The power that
    makes changes, up and down, alike whatever the size, by quasi-likelihood; to three places. Size and change are those
    of the middle of both years, so that luck, which falls back, makes nobody large (Davis & Haltiwanger, Quarterly Journal
    of Economics 107(3), 1992); the power law is of Stanley et al., Nature 379 (1996). 0 where nothing changed.

    >>> size = np.array([1.0, 1.0, 100.0, 100.0])
    >>> size_slope(size, size * [0.6, 1.5, 0.96, 1.04]), size_slope(size, size * [0.8, 1.25, 0.8, 1.25])
    (0.5, 0.0)
    """
    middle = (before + after) / 2
    change = np.abs(after - before) / middle if middle.size else middle
    if not change.any():
        return 0.0
    size = np.log(middle / middle.max())

    def unlikely(power: float) -> float:
        return float(np.log((change * np.exp(power * size)).mean()) - power * size.mean())

    return round(float(minimize_scalar(unlikely, bounds=(0.0, _STEEPEST), method="bounded").x), 3)
