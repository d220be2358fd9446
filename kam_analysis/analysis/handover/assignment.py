"""Which of several things goes to whom, so that most is saved and nobody gets more than fits?"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import optimize
from scipy.sparse import csc_array, csr_array

from kam_analysis.analysis.handover.fits import Bools, Floats, Integers

# Up to so many pairs all solutions are searched; of larger problems what their relaxation chose and so many other
# choices that cost least, more of them where that leaves a gap.
SMALL_PAIRS, OTHERS = 2_000, (200, 2_000)
# The largest worth in the solver's units: its own tolerances are absolute (1e-6).
_UNITS = 1e5
# What rounding leaves of a whole number, and of a sum in the solver's units.
_WHOLE = 1e-6
# A gap below this is what rounding leaves; and the gap at which a large problem is solved well enough.
_PROVEN, _NEAR = 1e-9, 1e-3
# Where not all fit, proof can take for ever; a limit of time would give other results on another machine.
_MOST_NODES, _CORE_NODES = 200, 20
# So that an account with nothing to lose gets somebody too: its weight, in shares of the average.
_LEAST = 1e-3


@dataclass(frozen=True)
class Assignment:
    """Who gets each row: `choice`, shape (rows,), the column or -1 for nobody.

    `gap`: by what share of its own value a better solution could be better, 0 where none is, infinite where its own
    value is 0 and a better one's may not be.
    """

    choice: Integers
    gap: float


@dataclass(frozen=True)
class _Problem:
    """The open pairs and what each is worth; hours by row; by column the hours and the number that fit.

    `must`: by row, whether somebody has to get it.
    """

    rows: Integers
    columns: Integers
    worth: Floats
    hours: Floats
    spare: Floats
    most: Floats
    must: Bools

    def narrowed(self, keep: Bools) -> "_Problem":
        """With some of the pairs alone."""
        return replace(self, rows=self.rows[keep], columns=self.columns[keep], worth=self.worth[keep])

    def reached(self, choice: Integers) -> float:
        """What this choice, shape (rows,), is worth."""
        return float(self.worth[choice[self.rows] == self.columns].sum())


@dataclass(frozen=True)
class _Relaxed:
    """The best there is if rows can be split: what it is worth, and of each pair, then of each row's being nobody's,
    the part of the row (0-1) and the regret, what it costs at least in the place of the row's best choice."""

    worth: float
    parts: Floats
    regret: Floats


def assign(
    value: npt.ArrayLike,
    weight: npt.ArrayLike,
    allowed: npt.ArrayLike,
    hours: npt.ArrayLike,
    spare: npt.ArrayLike,
    most: float,
) -> Assignment:
    """Who gets each row, so that the value is largest?

    `value`, `allowed`: shape (rows, columns), what a pair is worth (at least 0) and whether it may be. `hours`:
    shape (rows,), at least 0. `spare`: shape (columns,), infinite where there is no bound. `most`: rows at most
    per column. Each row goes to one column if all can; else as much `weight` (shape (rows,), at least 0) as
    fits does, equal ones in no order, and those go where they are worth most.

    A generalised assignment problem, solved by HiGHS. Of a large one, the relaxation (a linear program) tells what
    each other choice for a row would cost at least; those that cost little are searched in whole numbers, all else
    stays (a core problem: Balas & Zemel 1980, An algorithm for large zero-one knapsack problems). The relaxation
    bounds the gap. Equal inputs give equal results.

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
    problem = _Problem(rows, columns, _scaled(values[rows, columns]), hours, spare, np.full(spare.size, most), all_must)
    if open_pairs.any(axis=1).all() and (found := _best(problem)) is not None:
        return found
    return _as_much_as_fits(problem, np.asarray(weight, dtype=np.float64))


def _as_much_as_fits(problem: _Problem, weight: Floats) -> Assignment:
    weights = np.maximum(weight, weight.mean() * _LEAST) if weight.any() else np.ones_like(weight)
    counted = replace(problem, worth=_scaled(weights[problem.rows]), must=np.zeros_like(problem.must))
    first = _best(counted)
    if first is None:
        raise RuntimeError("HiGHS found no assignment at all, though to give nobody anything is one")
    choice = _filled(first.choice, problem, weights)
    covered = choice >= 0
    among = replace(problem.narrowed(covered[problem.rows]), must=covered)
    second = _best(among, choice) if covered.any() else None
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


def _best(problem: _Problem, known: Integers | None = None) -> Assignment | None:
    """The best whole solution, None where none is found; `known` is one that is there already."""
    if problem.rows.size <= SMALL_PAIRS:
        return _whole_solution(problem)
    relaxed = _relaxed(problem)
    if relaxed is None:
        return None
    if (np.abs(relaxed.parts - np.round(relaxed.parts)) < _WHOLE).all():
        return Assignment(_choice(relaxed.parts[: problem.rows.size] > 0.5, problem), 0.0)
    found = None if known is None else _measured(problem, known, relaxed)
    for others in OTHERS:
        other = _around(problem, relaxed, others)
        if other is not None and (found is None or other.gap < found.gap):
            found = other
        # Where all must go and do not, to search on takes longest: as much as fits is found sooner, and may be all.
        if found is None or found.gap <= _NEAR:
            break
    return found


def _around(problem: _Problem, relaxed: _Relaxed, others: int) -> Assignment | None:
    """The best with what the relaxation chose, all choices of rows that it split, and so many others of least regret."""
    n = problem.hours.size
    row = np.concatenate([problem.rows, np.arange(n)])
    chosen = relaxed.parts > _WHOLE
    tried = chosen | (np.bincount(row[chosen], minlength=n) > 1)[row]
    order = np.argsort(np.where(tried, -1.0, relaxed.regret), kind="stable")[tried.sum() :]
    tried[order[:others]] = True
    free = np.bincount(row[tried], minlength=n) > 1
    pairs = slice(problem.rows.size)
    stay = chosen[pairs] & ~free[problem.rows]
    rows, columns = problem.rows[stay], problem.columns[stay]
    room = problem.spare - np.bincount(columns, problem.hours[rows], problem.spare.size)
    most = problem.most - np.bincount(columns, minlength=problem.spare.size)
    among = problem.narrowed(tried[pairs] & free[problem.rows])
    rest = replace(among, spare=np.maximum(room, 0), must=problem.must & free, most=most)
    searched = _whole_solution(rest, _CORE_NODES)
    if searched is None:
        return None
    searched.choice[rows] = columns
    found = _measured(problem, searched.choice, relaxed)
    # Whoever does better makes a choice that was not tried, and pays its regret.
    could = relaxed.worth - problem.reached(found.choice)
    return replace(found, gap=0.0) if searched.gap == 0 and (relaxed.regret[order[others:]] > could).all() else found


def _measured(problem: _Problem, choice: Integers, relaxed: _Relaxed) -> Assignment:
    """With the gap to the relaxation, which is at least as good as any solution."""
    reached = problem.reached(choice)
    behind = max(relaxed.worth - reached, 0.0)
    gap = behind / reached if reached > 0 else np.inf if behind > _WHOLE else 0.0
    return Assignment(choice, gap if gap > _PROVEN else 0.0)


def _whole_solution(problem: _Problem, nodes: int = _MOST_NODES) -> Assignment | None:
    """All solutions searched; None where the solver found none."""
    if not problem.rows.size:
        return None if problem.must.any() else Assignment(np.full(problem.hours.size, -1), 0.0)
    lines, most = _lines(problem)
    least = np.concatenate([problem.must.astype(np.float64), np.full(2 * problem.spare.size, -np.inf)])
    solved = optimize.milp(
        -problem.worth,
        integrality=np.ones(problem.rows.size),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(lines, least, most),
        options={"mip_rel_gap": 0.0, "node_limit": nodes},
    )
    # Nothing too where the limit of nodes was reached before there was a solution.
    if solved.x is None:
        return None
    gap = float(solved.mip_gap or 0)
    return Assignment(_choice(solved.x > 0.5, problem), gap if gap > _PROVEN else 0.0)


def _choice(taken: Bools, problem: _Problem) -> Integers:
    choice = np.full(problem.hours.size, -1)
    choice[problem.rows[taken]] = problem.columns[taken]
    return choice


def _relaxed(problem: _Problem) -> _Relaxed | None:
    """Rows may be split; None where not all that must can be given to somebody even so."""
    lines, most = _lines(problem)
    if problem.must.all() and problem.hours.sum() > problem.spare.sum():
        return None
    exact = np.concatenate([problem.must, np.zeros(2 * problem.spare.size, dtype=bool)])
    upper = ~exact & np.isfinite(most)
    solved = optimize.linprog(
        -problem.worth, lines[upper], most[upper], lines[exact], most[exact], bounds=(0, 1), method="highs"
    )
    if solved.x is None:
        return None
    price = np.zeros(most.size)
    price[upper], price[exact] = -solved.ineqlin.marginals, -solved.eqlin.marginals
    n = problem.hours.size
    loss = np.concatenate([lines.T @ price - problem.worth, np.where(problem.must, np.inf, price[:n])])
    row, least = np.concatenate([problem.rows, np.arange(n)]), np.full(n, np.inf)
    np.minimum.at(least, row, loss)
    parts = np.concatenate([solved.x, 1 - np.bincount(problem.rows, solved.x, n)])
    return _Relaxed(-float(solved.fun), parts, loss - least[row])


def _lines(problem: _Problem) -> tuple[csr_array, Floats]:
    """One line per row, per column's number and per column's hours, and what each allows at most."""
    rows, columns, pairs = problem.hours.size, problem.spare.size, problem.rows.size
    lines = np.stack([problem.rows, rows + problem.columns, rows + columns + problem.columns], axis=1)
    counts = np.stack([np.ones(pairs), np.ones(pairs), problem.hours[problem.rows]], axis=1)
    matrix = csc_array(
        (counts.ravel(), lines.ravel(), np.arange(0, 3 * pairs + 1, 3)), shape=(rows + 2 * columns, pairs)
    )
    return matrix.tocsr(), np.concatenate([np.ones(rows), problem.most, problem.spare])
