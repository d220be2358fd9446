"""How new business fills a hole month by month: after the sales cycle it flows in, and each customer ramps up.

At time 0 an account is gone at once. From `cycle` months on, `pace` of yearly business is won per year, evenly;
what is won grows in a straight line to its full size over `ramp` months. With s months since the cycle's end
the yearly business that has come in is pace/12 times s^2/(2 ramp) while s <= ramp, then s - ramp/2.
All functions take money a year, months, and numbers or arrays that broadcast.
"""

import numpy as np
import numpy.typing as npt

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.recovery.ranges import Assumed, Range, ranged

Numbers = float | Floats
Months = npt.ArrayLike


def way_of_replacing(
    pace: float | Assumed, cycle_months: float | Assumed, ramp_months: float | Assumed
) -> tuple[Range, Range, Range]:
    """Pace, cycle and ramp as ranges; a `ValueError` names the one that is upside down, or months below zero."""
    return ranged(pace, "pace"), ranged(cycle_months, "cycle_months", 0), ranged(ramp_months, "ramp_months", 0)


def replaced_after(months: Months, pace: Numbers, cycle: Numbers, ramp: Numbers) -> Floats:
    """How much yearly business has come in after so many months? From 0 up; a pace below zero brings none.

    >>> replaced_after([12, 24, 36], pace=120.0, cycle=6.0, ramp=12.0).tolist()
    [15.0, 120.0, 240.0]
    """
    since = np.maximum(np.asarray(months, dtype=np.float64) - cycle, 0.0)
    ramping = np.minimum(since, ramp)
    # A ramp of nothing leaves only the second part.
    early = ramping**2 / (2 * np.where(np.asarray(ramp) > 0, ramp, 1.0))
    return np.asarray(np.maximum(pace, 0.0) / 12 * (early + (since - ramping)))


def months_to_replace(loss: Numbers, pace: Numbers, cycle: Numbers, ramp: Numbers) -> Floats:
    """After how many months does what has come in equal the loss? 0 for no loss; infinite without a pace.

    >>> float(months_to_replace(240.0, pace=120.0, cycle=6.0, ramp=12.0))
    36.0
    >>> float(months_to_replace(240.0, pace=0.0, cycle=6.0, ramp=12.0))
    inf
    """
    lost, speed = np.asarray(loss, dtype=np.float64), np.maximum(np.asarray(pace, dtype=np.float64), 0.0) / 12
    with np.errstate(over="ignore"):
        needed = np.divide(lost, speed, out=np.full(np.broadcast(lost, speed).shape, np.inf), where=speed > 0)
    half = np.asarray(ramp) / 2
    since = np.where(needed <= half, np.sqrt(4 * half * np.minimum(needed, half)), needed + half)
    return np.asarray(np.where(lost > 0, cycle + since, 0.0))


def missing_until(months: Months, loss: Numbers, pace: Numbers, cycle: Numbers, ramp: Numbers) -> Floats:
    """How much money is missing in all, up to then or until the loss is replaced? Not discounted.

    The sum over time of the loss less what has come in, from 0 up; what comes in beyond the loss is no
    part of it.

    >>> float(missing_until(36, 240.0, pace=120.0, cycle=6.0, ramp=0.0))
    360.0
    >>> float(missing_until(12, 240.0, pace=0.0, cycle=6.0, ramp=12.0))
    240.0
    """
    end = np.minimum(np.asarray(months, dtype=np.float64), months_to_replace(loss, pace, cycle, ramp))
    since = np.maximum(end - cycle, 0.0)
    ramping = np.minimum(since, ramp)
    # The integral of what has come in: s^3/(6 ramp) while ramping, then s^2/2 - ramp s/2 + ramp^2/6.
    early = ramping**3 / (6 * np.where(np.asarray(ramp) > 0, ramp, 1.0))
    later = (since**2 - ramping**2) / 2 - np.asarray(ramp) / 2 * (since - ramping)
    brought = np.maximum(pace, 0.0) / 12 * (early + later)
    return np.asarray((np.asarray(loss) * end - brought) / 12)
