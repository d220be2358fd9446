"""The parameters that 02 alone has, checked before anything is computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kam_analysis import given
from kam_analysis.analysis.segments import CRITERIA
from kam_analysis.errors import DataError, Problem, nearest
from kam_analysis.pages.words import said_in

say = said_in(__file__)

# What the notebook takes where nothing is said: practice reports 15 to 35.
LIMIT, DRAWS = 25, 10_000
SEED = 2
# A million weightings leave a simulation error of a twentieth of a point; more only takes longer.
MOST_DRAWS = 1_000_000
# Whoever writes three times 33.34 means 100.
_ROUNDED = 0.05
_NAMES = tuple(each.name for each in CRITERIA)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`limit`: how many key accounts can be served; `draws`: weightings to see how robust the list is; `key_share`
    (0-1): from which share on an account is key, 0 for the settings' own; `weights` in per cent by criterion."""

    limit: int = LIMIT
    draws: int = DRAWS
    key_share: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)


def checked(*, limit: Any, draws: Any, key_share: Any, weights: Any) -> Asked:
    """Can so many accounts be served, so many weightings be drawn, and the criteria be weighed like that?

    Takes what schedulers and people write: "25", 25.0, "10%", JSON. Raises `KamError` with all that is wrong.

    >>> checked(limit="12", draws=100.0, key_share="10%", weights='{"volume": 40}')
    Asked(limit=12, draws=100, key_share=0.1, weights={'volume': 40.0})
    >>> checked(limit=0, draws=10_000, key_share=0, weights=None)
    Traceback (most recent call last):
    kam_analysis.errors.DataError: limit: expected at least 1, got 0; say how many key accounts can be served (practice reports 15 to 35)
    >>> checked(limit=25, draws=10_000, key_share=0, weights={"volum": 40})
    Traceback (most recent call last):
    kam_analysis.errors.DataError: weights: "volum" is no criterion; did you mean "volume"?
    """
    asked = Asked(
        limit=given.whole("limit", limit),
        draws=given.whole("draws", draws),
        key_share=given.share("key_share", key_share),
        weights=given.numbers("weights", weights),
    )
    problems = _wrong(asked.weights)
    if not 1 <= asked.draws <= MOST_DRAWS:
        rule = f"expected 1 to {MOST_DRAWS:,}, got {asked.draws:,}"
        problems.insert(0, Problem("draws", "", rule, say("parameters.draws")))
    if asked.limit < 1:
        rule = f"expected at least 1, got {asked.limit}"
        problems.insert(0, Problem("limit", "", rule, say("parameters.limit")))
    if problems:
        raise DataError(problems=problems)
    return asked


def weighed(settings: Mapping[str, float], weights: Mapping[str, float]) -> Mapping[str, float]:
    """The weights of the value score: the settings' own, or what is asked for in per cent.

    `weights` by criterion are of all that counts; the criteria that it does not name share what is left, in the
    proportions of the settings; where none of them counts there, those named share it. Empty: as the settings say.
    Raises `DataError` for weights that `checked` refuses and where all are 0.

    >>> found = weighed({"profit": 3.0, "reach": 0.0}, {"volume": 40.0})
    >>> {name: round(found[name], 1) for name in ("volume", "profit", "reach", "growth")}
    {'volume': 40.0, 'profit': 22.5, 'reach': 0.0, 'growth': 7.5}
    """
    problems = _wrong(weights)
    if problems:
        raise DataError(problems=problems)
    if not weights:
        return settings
    others = {name: settings.get(name, 1.0) for name in _NAMES if name not in weights}
    whole, left = sum(others.values()), max(0.0, round(100 - sum(weights.values()), 9))
    every = {**weights, **{name: left * part / whole if whole else 0.0 for name, part in others.items()}}
    if not any(every.values()):
        raise DataError(problems=[_problem(say("parameters.all_zero"), say("parameters.raise_one"))])
    return every


def _wrong(weights: Mapping[str, float]) -> list[Problem]:
    """What is wrong with weights in per cent."""
    problems = [
        _problem(say("parameters.no_criterion", name=name), nearest(name, _NAMES))
        for name in weights
        if name not in _NAMES
    ]
    for name, weight in weights.items():
        if not 0 <= weight <= 100:
            rule = say("parameters.weight", name=name, weight=f"{weight:g}")
            problems.append(_problem(rule, say("parameters.correct")))
    whole = 0.0 if problems else sum(weights.values())
    if whole > 100 + _ROUNDED:
        rule = say("parameters.together", whole=f"{whole:g}")
        problems.append(_problem(rule, say("parameters.lower_one")))
    if len(weights) == len(_NAMES) and not whole and not problems:
        problems.append(_problem(say("parameters.zero"), say("parameters.raise_one")))
    return problems


def _problem(rule: str, remedy: str) -> Problem:
    return Problem("weights", "", rule, remedy)
