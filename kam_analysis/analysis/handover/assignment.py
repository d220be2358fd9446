"""Which of several things goes to whom, so that most is saved and nobody gets more than fits?"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize
from scipy.sparse import csc_array

from kam_analysis.analysis.handover.fits import Bools, Floats, Integers

# Up to so many pairs all solutions are searched at once; up to so many, where the short way leaves a gap.
SMALL_PAIRS, EXACT_PAIRS = 2_000, 8_000
# The largest worth in the solver's units: its own tolerances are absolute (1e-6).
_UNITS = 1e5
# What rounding leaves of a whole number.
_WHOLE = 1e-6
# A gap below this is what rounding leaves; and the gap at which a large problem is solved well enough.
_PROVEN, _NEAR = 1e-9, 1e-4
# Where not all fit, proof can take for ever; a limit of time would give other results on another machine.
_MOST_NODES = 200
# So that an account with nothing to lose gets somebody too: its weight, in shares of the average.
_LEAST = 1e-3


@dataclass(frozen=True)
class Assignment:
    """Who gets each row: `choice`, shape (rows,), the column or -1 for nobody.

    `gap`: by what share of its own value a better solution could be better, 0 where none is.
    """

    choice: Integers
    gap: float


@dataclass(frozen=True)
class _Problem:
    """The open pairs and what each is worth; hours by row; hours and number that fit, by column.

    `must`: by row, whether somebody has to get it.
    """

    rows: Integers
    columns: Integers
    worth: Floats
    hours: Floats
    spare: Floats
    most: float
    must: Bools

    def narrowed(self, keep: Bools) -> "_Problem":
        """With some of the pairs alone."""
        return replace(self, rows=self.rows[keep], columns=self.columns[keep], worth=self.worth[keep])


def assign(
    value: npt.ArrayLike,
    weight: npt.ArrayLike,
    allowed: npt.ArrayLike,
    hours: npt.ArrayLike,
    spare: npt.ArrayLike,
    most: float,
    exact_pairs: int = EXACT_PAIRS,
) -> Assignment:
    """Who gets each row, so that the value is largest?

    `value`, `allowed`: shape (rows, columns), what a pair is worth (at least 0) and whether it may be. `hours`:
    shape (rows,), at least 0. `spare`: shape (columns,), infinite where there is no bound. `most`: rows at most
    per column. Each row goes to one column if all can; else as much `weight` (shape (rows,), at least 0) as
    fits does, equal ones in no order, and those go where they are worth most.

    A generalised assignment problem, solved by HiGHS (`scipy.optimize.milp`). Its relaxation splits hardly more
    rows than there are bounds; the problem in whole numbers is then solved for those, with the others where they
    are. That bounds the gap; where one is left and there are at most `exact_pairs` open pairs, all are searched.
    Equal inputs give equal results.

    >>> found = assign([[4, 3], [4, 1]], [4, 4], np.ones((2, 2)), [1, 1], [np.inf, np.inf], 1)
    >>> found.choice.tolist(), found.gap
    ([1, 0], 0.0)
    """
    values, hours, spare = (np.asarray(each, dtype=np.float64) for each in (value, hours, spare))
    open_pairs = np.asarray(allowed, dtype=bool) & (hours[:, None] <= spare) & (most >= 1)
    rows, columns = np.nonzero(open_pairs)
    if not rows.size:
        return Assignment(np.full(hours.size, -1), 0.0)
    all_must = np.ones(hours.size, dtype=bool)
    problem = _Problem(rows, columns, _scaled(values[rows, columns]), hours, spare, float(most), all_must)
    if open_pairs.any(axis=1).all() and (found := _best(problem, exact_pairs)) is not None:
        return found
    return _as_much_as_fits(problem, np.asarray(weight, dtype=np.float64), exact_pairs)


def _as_much_as_fits(problem: _Problem, weight: Floats, exact_pairs: int) -> Assignment:
    weights = np.maximum(weight, weight.mean() * _LEAST) if weight.any() else np.ones_like(weight)
    counted = replace(problem, worth=_scaled(weights[problem.rows]), must=np.zeros_like(problem.must))
    first = _best(counted, exact_pairs)
    if first is None:
        raise RuntimeError("HiGHS found no assignment at all, though to give nobody anything is one")
    choice = _filled(first.choice, problem, weights)
    covered = choice >= 0
    among = replace(problem.narrowed(covered[problem.rows]), must=covered)
    second = _best(among, exact_pairs, choice) if covered.any() else None
    return Assignment(choice, first.gap) if second is None else Assignment(second.choice, max(first.gap, second.gap))


def _filled(choice: Integers, problem: _Problem, weights: Floats) -> Integers:
    """With what still fits given to somebody: the short way leaves some room."""
    found, given = choice.copy(), choice >= 0
    left = problem.spare - np.bincount(choice[given], problem.hours[given], problem.spare.size)
    places = problem.most - np.bincount(choice[given], minlength=problem.spare.size)
    for row in np.flatnonzero(~given)[np.argsort(-weights[~given], kind="stable")]:
        columns = problem.columns[problem.rows == row]
        columns = columns[(left[columns] >= problem.hours[row]) & (places[columns] >= 1)]
        if columns.size:
            found[row] = columns[0]
            left[columns[0]] -= problem.hours[row]
            places[columns[0]] -= 1
    return found


def _scaled(values: Floats) -> Floats:
    largest = float(values.max(initial=0))
    return values * (_UNITS / largest) if largest > 0 else values


def _best(problem: _Problem, exact_pairs: int, known: Integers | None = None) -> Assignment | None:
    """The best whole solution, None where there is none; `known` is one that is there already."""
    if problem.rows.size <= SMALL_PAIRS:
        return _whole_solution(problem)
    relaxed = _solve(problem, whole=False)
    if relaxed is None:
        return None
    found = _whole_solution(problem.narrowed(_left_open(problem, relaxed.x, known)), -float(relaxed.fun))
    if found is None or (found.gap > _NEAR and problem.rows.size <= exact_pairs):
        return _whole_solution(problem)
    return found


def _left_open(problem: _Problem, shares: Floats, known: Integers | None) -> Bools:
    """Which pairs the relaxation, by its shares of each pair, leaves open: what it chose, and all of split rows."""
    split = np.zeros(problem.hours.size, dtype=bool)
    split[problem.rows[(shares > _WHOLE) & (shares < 1 - _WHOLE)]] = True
    left = (shares > _WHOLE) | split[problem.rows]
    return left if known is None else left | (known[problem.rows] == problem.columns)


def _whole_solution(problem: _Problem, bound: float | None = None) -> Assignment | None:
    """In whole numbers; the gap to `bound`, the best that could be with other pairs too, where it is given."""
    solved = _solve(problem)
    if solved is None:
        return None
    own, reached = float(solved.mip_gap or 0), -float(solved.fun)
    if bound is not None:
        own = (bound - reached) / reached if reached > 0 else 0.0
    return Assignment(_choice(solved, problem), own if own > _PROVEN else 0.0)


def _choice(solved: Any, problem: _Problem) -> Integers:
    taken = solved.x > 0.5
    choice = np.full(problem.hours.size, -1)
    choice[problem.rows[taken]] = problem.columns[taken]
    return choice


def _solve(problem: _Problem, whole: bool = True) -> Any:
    """The solver's result, None where it found none."""
    found = optimize.milp(
        -problem.worth,
        integrality=np.full(problem.rows.size, int(whole)),
        bounds=optimize.Bounds(0, 1),
        constraints=_constraints(problem),
        options={"mip_rel_gap": 0.0 if problem.rows.size <= SMALL_PAIRS else _NEAR, "node_limit": _MOST_NODES},
    )
    # None too where the limit of nodes was reached without one.
    return None if found.x is None else found


def _constraints(problem: _Problem) -> optimize.LinearConstraint:
    """One line per row, per column's number and per column's hours; each pair stands in one of each."""
    rows, columns, pairs = problem.hours.size, problem.spare.size, problem.rows.size
    lines = np.stack([problem.rows, rows + problem.columns, rows + columns + problem.columns], axis=1)
    counts = np.stack([np.ones(pairs), np.ones(pairs), problem.hours[problem.rows]], axis=1)
    matrix = csc_array(
        (counts.ravel(), lines.ravel(), np.arange(0, 3 * pairs + 1, 3)), shape=(rows + 2 * columns, pairs)
    )
    least = np.concatenate([problem.must.astype(np.float64), np.full(2 * columns, -np.inf)])
    most = np.concatenate([np.ones(rows), np.full(columns, problem.most), problem.spare])
    return optimize.LinearConstraint(matrix, least, most)
