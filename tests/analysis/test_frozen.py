"""What an analysis gives, and what a page found, nobody can change behind another reader's back."""

import dataclasses
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import numpy as np
import pytest

import kam_analysis.analysis
import kam_analysis.pages
from kam_analysis.analysis.churn import Purchases


def results() -> Iterator[type]:
    for package in (kam_analysis.analysis, kam_analysis.pages):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            for each in vars(import_module(module.name)).values():
                if isinstance(each, type) and dataclasses.is_dataclass(each) and each.__module__ == module.name:
                    yield each


@pytest.mark.parametrize(
    "found", [each for each in results() if each.__name__ == "Found"], ids=lambda each: each.__module__
)
def test_what_a_page_found_is_told_by_its_answer_and_is_like_no_other(found: type) -> None:
    """Frames cannot be compared as a whole, and printed they are no answer."""
    assert not {"__eq__", "__repr__"} & set(vars(found))


@pytest.mark.parametrize("result", list(results()), ids=lambda each: each.__qualname__)
def test_no_field_of_a_result_can_be_set(result: type) -> None:
    blank = object.__new__(result)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(blank, dataclasses.fields(result)[0].name, None)


def test_a_result_keeps_copies_of_arrays_that_nobody_can_write_to():
    given = {name: np.array([each]) for name, each in (("repeats", 2), ("recency", 9), ("age", 20), ("log_gaps", 3.0))}
    kept = Purchases(**given)
    for name, values in given.items():
        values[0] = 7
        with pytest.raises(ValueError, match="read-only"):
            getattr(kept, name)[0] = 7
    assert (kept.repeats[0], kept.recency[0], kept.age[0], kept.log_gaps[0]) == (2.0, 9.0, 20.0, 3.0)
    assert kept.age.dtype == np.float64
