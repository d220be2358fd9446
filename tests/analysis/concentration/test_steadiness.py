"""ABC by XYZ against coefficients of variation taken month by month."""

import math
import statistics as plain

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c


def month_statistics(**months):
    rows = [
        {"account_id": name, "months": len(each), "amount": sum(each), "squares": sum(amount**2 for amount in each)}
        for name, each in months.items()
    ]
    return pd.DataFrame(rows)


def book(**amounts):
    frame = pd.DataFrame({"account_id": list(amounts), "revenue": list(amounts.values())})
    return c.concentrate(frame.assign(account_name=frame["account_id"].str.upper()), "revenue")


MONTHS = {
    "even": [10.0] * 12, "wavy": [2.0, 8.0] * 6, "once": [0.0] * 11 + [60.0], "new": [5.0, 6.0],
    "back": [1.0, -3.0, 1.0], "tail": [1.0, 2.0, 3.0],
}  # fmt: skip


def test_cross_table_by_hand():
    found = c.steadiness(
        month_statistics(**MONTHS), book(even=60.0, wavy=20.0, once=12.0, new=5.0, back=2.0, unknown=1.0)
    )
    assert found.accounts["account_id"].tolist() == ["even", "wavy", "once", "new", "back", "unknown"]
    assert found.accounts["abc"].tolist() == ["A", "A", "B", "B", "C", "C"]
    assert found.accounts["xyz"].tolist() == ["X", "Y", "Z", "", "", ""]
    assert found.accounts["variation"].tolist()[:3] == [0.0, pytest.approx(0.6), pytest.approx(math.sqrt(11))]
    assert [found.count("A", letter) for letter in "XYZ"] == [1, 1, 0]
    assert [found.amount(letter, "Z") for letter in "ABC"] == [0.0, 12.0, 0.0]
    assert found.not_classed == 3
    with pytest.raises(ValueError, match="xyz: expected one of X, Y, Z, got W"):
        found.count("A", "W")


def test_three_months_are_enough_and_cuts_are_parameters():
    statistics = month_statistics(tail=MONTHS["tail"])
    spread = plain.pstdev(MONTHS["tail"]) / 2
    assert c.steadiness(statistics, book(tail=6.0)).accounts["variation"].tolist() == [pytest.approx(spread)]
    assert c.steadiness(statistics, book(tail=6.0), cuts=(0.3, 0.4)).count("A", "Z") == 1
    with pytest.raises(ValueError, match=r"0 < first < second, got 1.0 and 0.5"):
        c.xyz_classes([1.0], cuts=(1.0, 0.5))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(-20, 1000), min_size=1, max_size=12), min_size=1, max_size=6))
def test_against_the_months_themselves_and_nothing_is_lost(histories):
    months = {f"a{at}": [float(amount) for amount in each] for at, each in enumerate(histories)}
    whole = book(**{name: abs(sum(each)) + 1 for name, each in months.items()})
    frame = month_statistics(**months)
    copy = frame.copy()
    found = c.steadiness(frame, whole)
    pd.testing.assert_frame_equal(frame, copy)
    for row in found.accounts.to_dict("records"):
        each = months[row["account_id"]]
        if len(each) < 3 or sum(each) <= 0:
            assert row["xyz"] == ""
        else:
            spread = float(np.std(each)) / (sum(each) / len(each))
            assert row["variation"] == pytest.approx(spread, abs=1e-6)
            if min(abs(spread - cut) for cut in (0.5, 1.0)) > 1e-6:
                assert row["xyz"] == ("X" if spread < 0.5 else "Y" if spread < 1.0 else "Z")
    cells = [(size, letter) for size in "ABC" for letter in "XYZ"]
    assert sum(found.count(*cell) for cell in cells) + found.not_classed == whole.n
    unclassed = found.accounts.loc[found.accounts["xyz"] == "", "amount"].sum()
    assert sum(found.amount(*cell) for cell in cells) + unclassed == pytest.approx(whole.total)
