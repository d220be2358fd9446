"""What does another hour on an account bring, and which hours bring most together?"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize.elementwise import find_root

from kam_analysis.analysis.concentration.indices import Floats

Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# The price is sought by its logarithm: a relative precision, some way above that of the numbers themselves.
_PRECISE = 1e-14
# What sums of hours may be apart by rounding, and how far the search starts outside the range of the price.
_ROUNDING, _MARGIN = 1e-12, 1e-6
# An account this near its most hours takes no more.
_FULL = 1e-9
# Newton's steps double the right digits: five or six do, and more only where the elasticity is near 1.
_STEPS = 100


@dataclass(frozen=True)
class Response:
    """What accounts bring a year for the hours a month that are spent on them, with diminishing returns.

    Arrays of shape (n,): `hours` today (above zero), `at_stake` (what we earn there a year, at least 0),
    `probability` of leaving within a year at today's hours (0-1), `to_win` (expected from open opportunities
    at today's hours, at least 0). `elasticity`, between 0 and 1: per cent more won, and per cent less chance
    of leaving, for one per cent more hours.

    value = at_stake * (1 - probability * more**-elasticity) + to_win * more**elasticity, where more is hours
    as a multiple of today's. Both parts rise ever more slowly, so one price of an hour settles the best hours.

    >>> one = Response(np.array([10.0]), np.array([100.0]), np.array([0.2]), np.array([8.0]), 0.5)
    >>> one.value(np.array([10.0])).tolist(), one.value(np.array([40.0])).tolist()
    ([88.0], [106.0])
    >>> one.worth_of_an_hour(np.array([10.0])).round(6).tolist()
    [1.4]
    """

    hours: Floats
    at_stake: Floats
    probability: Floats
    to_win: Floats
    elasticity: float

    def value(self, hours: Floats) -> Floats:
        """Kept and won, expected, a year. The chance of leaving never passes 1."""
        more = hours / self.hours
        leaving = np.minimum(self.probability * more**-self.elasticity, 1)
        return self.at_stake * (1 - leaving) + self.to_win * more**self.elasticity

    def worth_of_an_hour(self, hours: Floats) -> Floats:
        """Money a year for one more hour a month: the slope of `value`, falling in hours, 0 where nothing can be kept or won."""
        more, e = hours / self.hours, self.elasticity
        return e / self.hours * (self.at_stake * self.probability * more ** (-e - 1) + self.to_win * more ** (e - 1))

    def hours_worth(self, price: Floats) -> Floats:
        """At which hours is another hour worth `price` (shape (n,), above zero)? 0 where none is worth anything.

        The logarithm of the worth is convex and falls in that of the hours, so Newton's steps that start left of
        the root close in on it and never pass it. Where one part is missing the start is the answer.
        """
        e, target = self.elasticity, np.log(price)
        with np.errstate(divide="ignore"):
            keep = np.log(self.at_stake * self.probability * e / self.hours)
            win = np.log(self.to_win * e / self.hours)
        x = np.maximum((keep - target) / (1 + e), (win - target) / (1 - e))
        some = np.flatnonzero(np.isfinite(keep) & np.isfinite(win))
        for _ in range(_STEPS if some.size else 0):
            by_keeping, by_winning = keep[some] - (1 + e) * x[some], win[some] - (1 - e) * x[some]
            worth = np.logaddexp(by_keeping, by_winning)
            step = (worth - target[some]) / (1 - e + 2 * e * np.exp(by_keeping - worth))
            x[some] += step
            if np.abs(step).max() < _PRECISE:
                break
        return self.hours * np.exp(x)


class Best(NamedTuple):
    """The best hours under each owner's capacity, the price of an hour there, and how far others may be above them.

    `hours`: shape (n,). `price` and `gap`: one per owner, money a year. The price is what one more hour a month
    brings, 0 where no account takes one. No hours within bounds and capacity bring more than these and the gap,
    which is at least 0.
    """

    hours: Floats
    price: Floats
    gap: Floats


def best_hours(response: Response, least: Floats, most: Floats, owner: Integers, capacity: Floats) -> Best:
    """Which hours bring most within `least` and `most` and under each owner's `capacity` a month?

    `least`, `most` and `owner` (a position in `capacity`): shape (n,). An hour that brings nothing is not spent,
    so some may be left over. One price for all accounts of an owner: hours where another hour is worth the price,
    within the bounds; the prices of all owners are found together by SciPy's `find_root`. `ValueError` where an
    owner's least hours are more than their capacity.

    >>> two = Response(np.ones(2), np.array([400.0, 100.0]), np.full(2, 0.5), np.zeros(2), 0.5)
    >>> found = best_hours(two, np.full(2, 0.1), np.full(2, 9.0), np.zeros(2, int), np.array([2.0]))
    >>> found.hours.round(4).tolist(), round(4 ** (1 / 1.5) * float(found.hours[1]), 4)
    ([1.4318, 0.5682], 1.4318)
    """
    owners = capacity.size
    needed = np.bincount(owner, least, owners)
    if (needed > capacity * (1 + _ROUNDING)).any():
        raise ValueError(f"capacity: expected at least the least hours, {needed.max():g}, got {capacity.min():g}")
    hours = np.where(response.worth_of_an_hour(least) > 0, most, least)
    scarce, price = np.bincount(owner, hours, owners) > capacity, np.zeros(owners)
    if scarce.any():
        price[scarce] = _prices(response, least, most, owner, capacity, scarce)
        chosen = scarce[owner]
        hours[chosen] = _at(response, least, most, np.where(chosen, price[owner], 1.0))[chosen]
        hours = _fitted(hours, least, most, owner, np.where(scarce, capacity, np.bincount(owner, hours, owners)))
        price = _of_one_more(response, hours, most, owner, owners)
    return Best(hours, price, gap_to_best(response, hours, least, most, owner, capacity, price))


def _prices(
    response: Response, least: Floats, most: Floats, owner: Integers, capacity: Floats, scarce: Bools
) -> Floats:
    """The price for each scarce owner: between the smallest worth at the most hours, where all take the most, and
    the largest at the least hours."""
    low, high = np.full(capacity.size, np.inf), np.zeros(capacity.size)
    at_most, at_least = response.worth_of_an_hour(most), response.worth_of_an_hour(least)
    np.minimum.at(low, owner, np.where(at_most > 0, at_most, np.inf))
    np.maximum.at(high, owner, at_least)

    def over(log_price: Floats, whose: Integers) -> Floats:
        price = np.ones(capacity.size)
        price[whose] = np.exp(log_price)
        return np.bincount(owner, _at(response, least, most, price[owner]), capacity.size)[whose] - capacity[whose]

    found = find_root(
        over,
        (np.log(low[scarce]) - _MARGIN, np.log(high[scarce]) + _MARGIN),
        args=(np.flatnonzero(scarce),),
        tolerances={"xatol": _PRECISE, "xrtol": _PRECISE, "fatol": 0, "frtol": 0},
    )
    return np.exp(found.x)


def _of_one_more(response: Response, hours: Floats, most: Floats, owner: Integers, owners: int) -> Floats:
    """The price again, from accounts that take another hour: where all stand at a bound, a range of prices is right."""
    price = np.zeros(owners)
    takes = hours < most * (1 - _FULL)
    np.maximum.at(price, owner[takes], response.worth_of_an_hour(hours)[takes])
    return price


def _at(response: Response, least: Floats, most: Floats, price: Floats) -> Floats:
    return response.hours_worth(price).clip(least, most)


def _fitted(hours: Floats, least: Floats, most: Floats, owner: Integers, total: Floats) -> Floats:
    """The last rounding goes where there is room, so that each owner's hours add up."""
    left = total - np.bincount(owner, hours, total.size)
    room = np.where(left[owner] > 0, most - hours, hours - least)
    rooms = np.bincount(owner, room, total.size)
    return (hours + room * np.divide(left, rooms, out=np.zeros_like(left), where=rooms > 0)[owner]).clip(least, most)


def gap_to_best(
    response: Response, hours: Floats, least: Floats, most: Floats, owner: Integers, capacity: Floats, price: Floats
) -> Floats:
    """How much more than these hours may any others bring, at most? One bound per owner, money a year, at least 0.

    By weak duality, for whatever hours within bounds and capacity, and whatever prices of at least 0: a concave value
    lies below its tangent, so the Lagrangian is at most that of the tangents, which is largest at an end of each
    account's range. Shapes as in `best_hours`; near the best hours and their prices it is next to nothing.
    """
    beyond = response.worth_of_an_hour(hours) - price[owner]
    ends = np.maximum(beyond * (least - hours), beyond * (most - hours))
    left = np.maximum(capacity - np.bincount(owner, hours, capacity.size), 0)
    return np.bincount(owner, ends, capacity.size) + price * left
