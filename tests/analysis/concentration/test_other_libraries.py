"""The measures against concentrationMetrics 0.6 and PySAL inequality 1.1, whose values lie beside this file.

How they were made, and how to make them again: make_other_libraries.py.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from kam_analysis.analysis import concentration as c

MADE = json.loads(Path(__file__).with_name("other_libraries.json").read_text(encoding="utf-8"))
SAMPLES = MADE["samples"]
ALL_BUY = [name for name in SAMPLES if name != "with zeros"]
near = {"rel": 1e-9, "abs": 1e-12}


def sample(name):
    return np.array(SAMPLES[name]["amounts"]), SAMPLES[name]["concentrationMetrics"], SAMPLES[name]["inequality"]


def test_the_fixture_says_what_it_was_made_with():
    assert MADE["versions"] == {"concentrationMetrics": "0.6.0", "inequality": "1.1.0", "numpy": "2.4.6"}
    assert MADE["seed"] == 20260


@pytest.mark.parametrize("name", SAMPLES)
def test_hhi_and_effective_number_as_both_libraries_plain_hhi(name):
    amounts, theirs, pysal = sample(name)
    assert c.hhi(amounts) == pytest.approx(theirs["hhi(normalized=False)"], **near)
    assert c.hhi(amounts) == pytest.approx(pysal["herfindahl_hd"], **near)
    assert c.effective_number(amounts) == pytest.approx(1 / pysal["herfindahl_hd"], **near)


@pytest.mark.parametrize("name", ALL_BUY)
def test_normalised_hhi_is_what_concentration_metrics_calls_hhi_by_default(name):
    amounts, theirs, _ = sample(name)
    assert c.normalised_hhi(amounts) == pytest.approx(theirs["hhi()"], **near)


@pytest.mark.parametrize("name", ALL_BUY)
def test_gini_without_small_sample_factor_as_both_libraries(name):
    amounts, theirs, pysal = sample(name)
    assert c.gini(amounts) == pytest.approx(theirs["gini"], **near)
    assert c.gini(amounts) == pytest.approx(pysal["Gini.g"], **near)


@pytest.mark.parametrize("name", ALL_BUY)
def test_theil_and_its_split_as_both_libraries(name):
    amounts, theirs, pysal = sample(name)
    split = c.theil_decomposition(amounts, SAMPLES[name]["groups"])
    assert c.theil(amounts) == pytest.approx(theirs["theil"], **near)
    assert c.theil(amounts) == pytest.approx(pysal["Theil.T"], **near)
    assert (split.within, split.between) == (
        pytest.approx(pysal["TheilD.wg"], **near),
        pytest.approx(pysal["TheilD.bg"], **near),
    )


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("alpha", [0.5, 1, 1.5, 2, 4])
def test_hannah_kay_in_the_concentration_form_as_concentration_metrics_inverted_one(name, alpha):
    amounts, theirs, _ = sample(name)
    assert c.hannah_kay(amounts, alpha) == pytest.approx(theirs[f"hk({alpha})"], **near)


@pytest.mark.parametrize("name", SAMPLES)
def test_hall_tideman_and_top_shares_as_concentration_metrics(name):
    amounts, theirs, _ = sample(name)
    assert c.hall_tideman(amounts) == pytest.approx(theirs["hti"], **near)
    assert c.top_share(amounts, 1) == pytest.approx(theirs["cr(1)"], **near)
    assert c.top_share(amounts, 5) == pytest.approx(theirs["cr(5)"], **near)


def test_accounts_at_zero_are_set_aside_where_both_libraries_count_them_in_n():
    """Theirs, translated to n without the zeros, is ours; concentrationMetrics leaves them out of Theil alone."""
    amounts, theirs, pysal = sample("with zeros")
    n, buying = amounts.size, int((amounts > 0).sum())
    assert c.gini(amounts) == pytest.approx(1 - (1 - theirs["gini"]) * n / buying, **near)
    assert theirs["gini"] == pytest.approx(pysal["Gini.g"], **near)
    assert c.theil(amounts) == pytest.approx(theirs["theil"], **near)
    assert c.theil(amounts) == pytest.approx(pysal["Theil.T"] - np.log(n / buying), **near)
    assert c.normalised_hhi(amounts) == pytest.approx((c.hhi(amounts) - 1 / buying) / (1 - 1 / buying), **near)
    assert c.normalised_hhi(amounts) < theirs["hhi()"]
