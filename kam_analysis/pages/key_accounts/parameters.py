"""The parameters that 02 alone has, checked before anything is computed."""

from collections.abc import Mapping

from kam_analysis.analysis.segments import CRITERIA
from kam_analysis.errors import DataError, Problem, nearest

# What the notebook takes where nothing is said: practice reports 15 to 35.
LIMIT, DRAWS = 25, 10_000
# A million weightings leave a simulation error of a twentieth of a point; more only takes longer.
MOST_DRAWS = 1_000_000
# Whoever writes three times 33.34 means 100.
_ROUNDED = 0.05
_NAMES = tuple(each.name for each in CRITERIA)


def check_parameters(limit: int, draws: int, weights: Mapping[str, float] | None = None) -> None:
    """Can so many accounts be served, so many weightings be drawn, and the criteria be weighed like that?

    Raises `KamError` with all that is wrong.

    >>> check_parameters(0, 10_000)
    Traceback (most recent call last):
    kam_analysis.errors.DataError: limit: expected at least 1, got 0; say how many key accounts can be served (practice reports 15 to 35)
    >>> check_parameters(25, 10_000, {"volum": 40})
    Traceback (most recent call last):
    kam_analysis.errors.DataError: weights: "volum" is no criterion; did you mean "volume"?
    """
    problems = []
    if limit < 1:
        remedy = "say how many key accounts can be served (practice reports 15 to 35)"
        problems.append(Problem("limit", "", f"expected at least 1, got {limit}", remedy))
    if not 1 <= draws <= MOST_DRAWS:
        rule = f"expected 1 to {MOST_DRAWS:,}, got {draws:,}"
        problems.append(Problem("draws", "", rule, "10000 leave an error of half a point at most"))
    problems += _wrong(weights or {})
    if problems:
        raise DataError(problems=problems)


def weighed(settings: Mapping[str, float], weights: Mapping[str, float] | None = None) -> Mapping[str, float]:
    """The weights of the value score: the settings' own, or what is asked for in per cent.

    `weights` by criterion are of all that counts; the criteria that it does not name share what is left, in the
    proportions of the settings; where none of them counts there, those named share it. None or empty: as the
    settings say. Raises `DataError` for weights that `check_parameters` refuses and where all are 0.

    >>> found = weighed({"profit": 3.0, "reach": 0.0}, {"volume": 40.0})
    >>> {name: round(found[name], 1) for name in ("volume", "profit", "reach", "growth")}
    {'volume': 40.0, 'profit': 22.5, 'reach': 0.0, 'growth': 7.5}
    """
    given = dict(weights or {})
    problems = _wrong(given)
    if problems:
        raise DataError(problems=problems)
    if not given:
        return settings
    others = {name: settings.get(name, 1.0) for name in _NAMES if name not in given}
    whole, left = sum(others.values()), max(0.0, round(100 - sum(given.values()), 9))
    every = given | {name: left * part / whole if whole else 0.0 for name, part in others.items()}
    if not any(every.values()):
        raise DataError(problems=[_problem("all of them are 0, and so are the others in the settings", "raise one")])
    return every


def _wrong(weights: Mapping[str, float]) -> list[Problem]:
    """What is wrong with weights in per cent."""
    problems = [_problem(f'"{name}" is no criterion', nearest(name, _NAMES)) for name in weights if name not in _NAMES]
    for name, weight in weights.items():
        number = isinstance(weight, int | float) and not isinstance(weight, bool)
        if not number or not 0 <= weight <= 100:
            problems.append(_problem(f"{name}: expected 0 to 100 per cent, got {weight}", "correct the weight"))
    whole = 0.0 if problems else sum(weights.values())
    if whole > 100 + _ROUNDED:
        problems.append(_problem(f"together they are {whole:g} per cent, expected 100 at most", "lower one of them"))
    if len(weights) == len(_NAMES) and not whole and not problems:
        problems.append(_problem("all of them are 0", "raise one of them"))
    return problems


def _problem(rule: str, remedy: str) -> Problem:
    return Problem("weights", "", rule, remedy)
