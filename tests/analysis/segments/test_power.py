"""Balance of power, exit barriers, price and margin: by hand, at the limits, and the sample's story."""

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis.concentration import concentrate
from kam_analysis.analysis.segments.power import balance, barriers, easy_to_leave, price_and_margin


def one(share=0.05, wallet=None, barrier=None, **options):
    frame = pd.DataFrame({"account_id": ["a"], "share": [share], "wallet_share": [wallet], "exit_barrier": [barrier]})
    [row] = balance(frame.astype({"wallet_share": float, "exit_barrier": float}), **options).to_dict("records")
    return row


def test_both_sides_by_hand():
    row = one(0.04, 0.6, 0.4)
    assert row["our_dependence"] == pytest.approx(0.4)
    assert row["their_dependence"] == pytest.approx(0.5)
    assert row["relative_power"] == pytest.approx(0.1)
    assert row["interdependence"] == pytest.approx(0.9)
    assert row["reading"] == "balanced"


@pytest.mark.parametrize(
    ("share", "wallet", "barrier", "ours", "theirs"),
    [
        (0.18, 0.5, 0.5, 1.0, 0.5),
        (-0.02, 0.5, 0.5, 0.0, 0.5),
        (0.05, 1.7, None, 0.5, 1.0),
        (0.05, -0.1, None, 0.5, 0.0),
        (0.05, None, 0.3, 0.5, 0.3),
        (0.05, None, None, 0.5, None),
    ],
)
def test_what_is_beyond_the_scale_or_missing(share, wallet, barrier, ours, theirs):
    row = one(share, wallet, barrier)
    assert row["our_dependence"] == pytest.approx(ours)
    assert np.isnan(row["their_dependence"]) if theirs is None else row["their_dependence"] == pytest.approx(theirs)
    if theirs is None:
        assert row["reading"] == "not assessed"
        assert np.isnan(row["relative_power"])


@pytest.mark.parametrize(
    ("wallet", "reading"),
    [(0.3, "balanced"), (0.7, "balanced"), (0.71, "it depends on us"), (0.29, "we depend on it")],
)
def test_balanced_within_two_tenths_inclusive(wallet, reading):
    assert one(0.05, wallet)["reading"] == reading


def test_the_scale_and_the_band_are_parameters():
    assert one(0.05, 0.5, full=0.05)["our_dependence"] == 1.0
    assert one(0.05, 0.6, even=0.05)["reading"] == "it depends on us"
    with pytest.raises(ValueError, match="full: expected above 0 and at most 1, got 0"):
        one(full=0)
    with pytest.raises(ValueError, match="even"):
        one(even=1)


def test_without_any_word_of_their_side_nothing_is_assessed():
    found = balance(pd.DataFrame({"account_id": ["a", "b"], "share": [0.5, 0.1]}, index=[7, 7]))
    assert found["reading"].tolist() == ["not assessed"] * 2
    assert found["our_dependence"].tolist() == [1.0, 1.0]


def traits(**columns):
    return pd.DataFrame({"account_id": [str(n) for n in range(len(next(iter(columns.values()))))], **columns})


def test_relational_barriers_weigh_as_much_as_the_other_two():
    found = barriers(
        traits(
            barrier_procedural=[1.0, 0.0, None, None],
            barrier_financial=[1.0, 0.0, 0.4, None],
            barrier_relational=[0.0, 1.0, 0.1, None],
            barrier_note=[" Plant standard ", None, "x", "y"],
        )
    )
    assert found["strength"].tolist()[:2] == [0.5, 0.5]
    assert found["strength"][2] == pytest.approx((0.4 + 2 * 0.1) / 3)
    assert np.isnan(found["strength"][3])
    assert found["note"].tolist() == ["Plant standard", "", "x", "y"]
    assert found.columns.tolist() == ["account_id", "procedural", "financial", "relational", "strength", "note"]


def test_barriers_of_a_master_without_them():
    found = barriers(pd.DataFrame({"account_id": ["a"]}))
    assert found["strength"].isna().all()
    assert found["note"].tolist() == [""]


def test_barrier_weights_are_a_parameter_and_checked():
    frame = traits(barrier_procedural=[0.9], barrier_financial=[0.0], barrier_relational=[0.0])
    only = {"procedural": 1.0, "financial": 0.0, "relational": 0.0}
    assert barriers(frame, only)["strength"].tolist() == [0.9]
    assert barriers(frame.drop(columns="barrier_procedural"), only)["strength"].isna().all()
    for wrong in ({"procedural": 1.0}, dict.fromkeys(only, 0.0), only | {"financial": -0.1}):
        with pytest.raises(ValueError, match="weights: expected"):
            barriers(frame, wrong)


def test_who_could_leave_easily_is_valuable_weak_and_known():
    sales = pd.DataFrame(
        {"account_id": list("abcde"), "account_name": list("ABCDE"), "revenue": [40, 30, 20, 9.1, 0.9]}
    )
    weak = pd.DataFrame({"account_id": list("abcdex"), "strength": [0.4, 0.39, None, 0.1, 0.1, 0.0], "note": "n"})
    found = easy_to_leave(weak, concentrate(sales, "revenue"))
    assert found["account_id"].tolist() == ["b", "d"]
    assert found.columns.tolist() == ["account_id", "account_name", "amount", "share", "strength", "note"]
    assert easy_to_leave(weak, concentrate(sales, "revenue"), weak=0.5, least=0.3)["account_id"].tolist() == ["a", "b"]


def test_price_margin_and_breadth_by_hand():
    now = pd.DataFrame({"account_id": ["a", "b", "c"], "revenue": [100.0, -5.0, 50.0], "margin": [19.0, 1.0, 20.0]})
    before = pd.DataFrame({"account_id": ["b", "a"], "revenue": [10.0, 80.0], "margin": [3.0, 18.4]})
    prices = pd.DataFrame({"account_id": ["c"], "price_index": [0.9], "compared": [0.8]})
    lines = pd.DataFrame(
        {
            "account_id": ["a", "a", "a", "c", "x"],
            "account_name": "n",
            "product_line": ["Pumps", "Seals", "Skids", None, "Spares"],
            "revenue": [90.0, 10.0, -1.0, 50.0, 1.0],
        }
    )
    found = price_and_margin(prices, now, before, lines).set_index("account_id")
    assert found.loc["a", "margin_share"] == pytest.approx(0.19)
    assert found.loc["a", "margin_change"] == pytest.approx(-0.04)
    assert found.loc["b"].isna()[["price_index", "margin_share", "margin_change"]].all()
    assert found.loc["c", ["price_index", "compared"]].tolist() == [0.9, 0.8]
    assert np.isnan(found.loc["c", "margin_share_before"])
    assert found["lines"].tolist() == [2, 0, 0]
    assert set(found["lines_of"]) == {3}


def test_from_sales_alone_price_and_margin_are_not_known():
    found = price_and_margin(None, pd.DataFrame({"account_id": ["a"], "revenue": [1.0]}))
    assert found.drop(columns="account_id").isna().all(axis=None)


def test_the_caller_s_frames_stay_as_they_are():
    frames = [
        pd.DataFrame({"account_id": ["a"], "share": [0.5], "wallet_share": [2.0]}),
        traits(barrier_procedural=[0.9], barrier_note=[" x "]),
    ]
    copies = [each.copy() for each in frames]
    balance(frames[0])
    barriers(frames[1])
    for frame, copy in zip(frames, copies, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


@pytest.fixture(scope="module")
def lindmark_balance(lindmark):
    found = barriers(lindmark)
    rows = lindmark.assign(
        share=(lindmark["margin"] / lindmark["margin"].clip(lower=0).sum()).fillna(0.0),
        wallet_share=lindmark["revenue"] / lindmark["annual_spend"],
        exit_barrier=found["strength"],
    )
    return balance(rows).set_index("account_id")


@pytest.mark.parametrize(
    ("account_id", "reading"),
    [
        ("0010100", "we depend on it"),
        ("0010200", "we depend on it"),
        ("0010400", "balanced"),
        ("0010700", "it depends on us"),
        ("0011600", "it depends on us"),
        ("0011800", "not assessed"),
    ],
)
def test_the_sample_s_balance(lindmark_balance, account_id, reading):
    assert lindmark_balance.at[account_id, "reading"] == reading


def test_aldermoor_and_tressel_could_leave_easily_and_oakhurst_not(lindmark, lindmark_ledger):
    book = concentrate(lindmark_ledger.by_account(), "revenue")
    found = easy_to_leave(barriers(lindmark), book)
    assert found["account_id"].tolist()[:2] == ["0010100", "0010200"]
    assert found["note"].tolist()[1] == "Pump skids share our flange sizes"
    assert "0010400" not in set(found["account_id"])


def test_aldermoor_s_margin_is_19_percent_and_four_points_down(lindmark_ledger):
    now, before = (
        lindmark_ledger.by_account(each, measures=("revenue", "margin"))
        for each in (lindmark_ledger.period, lindmark_ledger.year_before())
    )
    found = price_and_margin(None, now, before, lindmark_ledger.by_account_line()).set_index("account_id")
    assert found.loc["0010100", ["margin_share", "margin_change"]].tolist() == pytest.approx([0.19, -0.04], abs=1e-3)
    assert found.loc["0010700", "margin_share"] == pytest.approx(-0.02, abs=1e-3)
    assert found.loc["0010600", ["lines", "lines_of"]].tolist() == [2, 6]
