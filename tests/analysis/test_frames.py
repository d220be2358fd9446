"""A column that a frame lacks is told in a sentence, with the nearest name; other errors stay what they are."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pandas as pd
import pytest

import kam_analysis.analysis
from kam_analysis.analysis import concentration, public, recovery, segments
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.errors import DataError

SALES = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [3.0, 1.0]})


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: concentration.concentrate(SALES, "sales"), 'concentrate: expected a column "sales", got account_id'),
        (lambda: concentration.concentrate(SALES, "revenu"), 'did you mean "revenue"'),
        (lambda: concentration.concentrate(SALES.drop(columns="account_name"), "revenue"), 'column "account_name"'),
        (
            lambda: concentration.bridge(SALES, SALES.rename(columns={"revenue": "x"}), "revenue"),
            "got account_id, account_name, x",
        ),
        (lambda: segments.key_accounts(SALES), "key_accounts: expected a column"),
        (lambda: recovery.exposures(SALES[["account_id"]]), "exposures: expected a column"),
    ],
)
def test_a_missing_column_is_told(ask, said):
    with pytest.raises(DataError) as error:
        ask()
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_another_key_error_stays_what_it_is():
    @takes_frames
    def looked_up(frame: pd.DataFrame) -> int:
        return {"revenue": 1}["a"] + len(frame)

    @takes_frames
    def of_a_column(frame: pd.DataFrame) -> int:
        return {}["revenue"]

    assert looked_up.__name__ == "looked_up"
    with pytest.raises(KeyError, match="revenue"):
        of_a_column(SALES)


LOOKS_FOR_AN_ACCOUNT = {"look_alikes"}  # and says with a KeyError that there is none


def functions_of_frames() -> Iterator[str]:
    """Every public function that is given a frame, with what may still raise a bare KeyError in front."""
    for package in iter_modules(kam_analysis.analysis.__path__, "kam_analysis.analysis."):
        module = import_module(package.name)
        for name in public(module) if package.ispkg else ():
            asked = (
                inspect.signature(each).parameters.values() if inspect.isfunction(each := vars(module)[name]) else ()
            )
            if any(given.annotation in (pd.DataFrame, pd.DataFrame | None) for given in asked):
                yield name if hasattr(each, "__wrapped__") else f"not told: {name}"


def test_every_public_function_of_frames_tells_it():
    found = set(functions_of_frames())
    assert {each for each in found if each.startswith("not told")} == {
        f"not told: {each}" for each in LOOKS_FOR_AN_ACCOUNT
    }
    assert {"concentrate", "leavers", "key_accounts"} <= found
