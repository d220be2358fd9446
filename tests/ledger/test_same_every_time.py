"""What several threads add up is the same on every run, to the last bit: pages made twice have the same bytes."""

import pandas as pd
import pytest

from kam_analysis.ledger import Ledger, open_ledger

RUNS = 6
# Sums of squares, of logarithms and of products of prices: floats, which add up differently in another order.
ASKED = {
    "months": lambda ledger: ledger.month_statistics(),
    "windows": lambda ledger: ledger.rolling(),
    "rhythm": lambda ledger: ledger.habits(),
    "prices": lambda ledger: ledger.prices(),
}


@pytest.fixture(scope="module")
def opened_often() -> list[Ledger]:
    return [open_ledger() for _ in range(RUNS)]


@pytest.mark.parametrize("name", ASKED)
def test_every_bit_is_the_same_on_every_run(opened_often: list[Ledger], name: str) -> None:
    first, *others = [ASKED[name](ledger) for ledger in opened_often]
    assert len(first)
    for each in others:
        pd.testing.assert_frame_equal(first, each, check_exact=True)
