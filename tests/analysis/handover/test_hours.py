"""Hours: against closed forms, a grid, SciPy's SLSQP and a HiGHS program by pieces; what must always hold; the sample's story."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from kam_analysis.analysis import handover as ho
from kam_analysis.analysis.handover.response import Response, best_hours, gap_to_best
from kam_analysis.ledger import open_ledger

AS_OF = date(2026, 9, 18)


def rows_of(hours, at_stake, probability, to_win=0.0, manager="M", **more):
    ids = [f"a{number:02d}" for number in range(len(hours))]
    frame = {"account_id": ids, "account_name": [each.upper() for each in ids], "account_manager_id": manager}
    frame |= {"hours": hours, "at_stake": at_stake, "probability": probability, "to_win": to_win}
    return pd.DataFrame(frame | more)


def drawn(n, seed, managers=1):
    rng = np.random.default_rng(seed)
    to_win = np.where(rng.random(n) < 0.4, rng.lognormal(8, 1, n), 0)
    manager = [f"M{at:02d}" for at in rng.integers(0, managers, n)]
    return rows_of(rng.lognormal(0, 1, n), rng.lognormal(10, 1.5, n), rng.beta(2, 15, n), to_win, manager)


def by_id(found, column="hours_best"):
    return found.accounts.set_index("account_id")[column].sort_index().to_numpy()


def value(frame, hours, e):
    """The formula once more."""
    today, at_stake, chance, to_win = frame[["hours", "at_stake", "probability", "to_win"]].to_numpy().T
    more = np.asarray(hours) / today
    return float(np.sum(at_stake - at_stake * chance / more**e) + np.sum(to_win * more**e))


# Each number by another route


@pytest.mark.parametrize("e", [0.1, 0.31, 0.9])
def test_without_opportunities_the_closed_form(e):
    frame = drawn(9, 1).assign(to_win=0.0)
    best = by_id(ho.allocate_hours(frame, pd.Series({"M00": 40.0}), e, most_change=1e4))
    wish = (frame["at_stake"] * frame["probability"] * frame["hours"] ** e) ** (1 / (1 + e))
    least = frame["hours"] * frame["probability"] ** (1 / e)
    assert (40 * wish / wish.sum() > least).all()
    assert best == pytest.approx((40 * wish / wish.sum()).to_numpy(), rel=1e-10)


@pytest.mark.parametrize("e", [0.1, 0.31, 0.6])
def test_with_nothing_in_danger_the_closed_form(e):
    frame = drawn(9, 2).assign(probability=0.0, to_win=np.linspace(1, 5, 9))
    best = by_id(ho.allocate_hours(frame, pd.Series({"M00": 40.0}), e, most_change=1e9))
    wish = (frame["to_win"] * frame["hours"] ** -e) ** (1 / (1 - e))
    assert best == pytest.approx((40 * wish / wish.sum()).to_numpy(), rel=1e-10)


def test_no_point_of_a_grid_is_better():
    frame = rows_of([4.0, 6.0, 10.0], [900.0, 400.0, 100.0], [0.2, 0.1, 0.3], [0.0, 60.0, 5.0])
    found = ho.allocate_hours(frame)
    points = np.linspace(0.5, 2, 301)
    one, two = (axis.ravel() for axis in np.meshgrid(4 * points, 6 * points))
    three = 20 - one - two
    fits = (three >= 5) & (three <= 20)
    hours = np.stack([one, two, three])[:, fits]
    given_frame = frame.to_dict("list")
    more = hours / np.array(given_frame["hours"])[:, None]
    at_stake, chance, to_win = (np.array(given_frame[name])[:, None] for name in ("at_stake", "probability", "to_win"))
    values = (at_stake * (1 - chance * more**-0.31) + to_win * more**0.31).sum(axis=0)
    best = float(found.managers["value_best"].iloc[0])
    assert best >= values.max()
    assert best == pytest.approx(values.max(), rel=1e-4)
    assert by_id(found) == pytest.approx(hours[:, values.argmax()], abs=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_another_solver_finds_the_same_hours(seed):
    frame = drawn(10, seed).assign(is_key=[True, False] * 5)
    capacity = 1.1 * frame["hours"].sum()
    found = ho.allocate_hours(frame, pd.Series({"M00": capacity}), 0.31, key_hours=0.8)
    least = np.maximum(frame["hours"] / 2, frame["hours"] * frame["probability"] ** (1 / 0.31))
    least = np.where(frame["is_key"], np.maximum(least, 0.8), least)
    scale = value(frame, frame["hours"], 0.31)
    other = minimize(
        lambda hours: -value(frame, hours, 0.31) / scale,
        least,
        bounds=list(zip(least, np.maximum(least, 2 * frame["hours"]), strict=True)),
        constraints={"type": "ineq", "fun": lambda hours: capacity - hours.sum()},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    assert value(frame, by_id(found), 0.31) == pytest.approx(-other.fun * scale, rel=1e-9)
    assert by_id(found) == pytest.approx(other.x, rel=2e-2, abs=1e-3)


def test_a_linear_program_by_pieces_comes_near_from_below():
    frame, pieces = drawn(40, 5, managers=3), 200
    found = ho.allocate_hours(frame)
    hours = frame["hours"].to_numpy()
    ends = np.maximum(0.5, frame["probability"].to_numpy() ** (1 / 0.31)) * hours, 2 * hours
    nodes = np.linspace(*ends, pieces + 1, axis=1)
    more = nodes / hours[:, None]
    at_stake, chance, to_win = (frame[name].to_numpy()[:, None] for name in ("at_stake", "probability", "to_win"))
    values = at_stake * (1 - chance * more**-0.31) + to_win * more**0.31
    width = np.diff(nodes, axis=1)
    codes = pd.factorize(frame["account_manager_id"], sort=True)[0]
    rows = np.repeat(codes == np.arange(3)[:, None], pieces, axis=1).astype(float)
    room = np.bincount(codes, hours) - np.bincount(codes, ends[0])
    bounds = np.stack([np.zeros(width.size), width.ravel()], axis=1)
    solved = linprog(-(np.diff(values, axis=1) / width).ravel(), A_ub=rows, b_ub=room, bounds=bounds, method="highs")
    by_pieces, best = values[:, 0].sum() - solved.fun, found.managers["value_best"].sum()
    assert by_pieces <= best + 1e-6
    assert by_pieces == pytest.approx(best, rel=1e-6)


def test_the_worth_of_an_hour_is_what_another_hour_brings():
    frame = drawn(30, 7, managers=3)
    capacity = frame.groupby("account_manager_id")["hours"].sum()
    found = ho.allocate_hours(frame, capacity)
    for at, manager in enumerate(capacity.index):
        for step in (1e-4, -1e-4):
            other = ho.allocate_hours(frame, capacity + step * (capacity.index == manager))
            slope = (other.managers["value_best"][at] - found.managers["value_best"][at]) / step
            assert slope == pytest.approx(found.managers["worth_of_an_hour"][at], rel=1e-3)
    one = frame.head(1)
    more = ho.allocate_hours(one.assign(hours=one["hours"] + 0)).accounts
    slope = (value(one, one["hours"] + 1e-6, 0.31) - value(one, one["hours"], 0.31)) / 1e-6
    assert more["worth_of_an_hour"][0] == pytest.approx(slope, rel=1e-4)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.05, 0.95))
def test_the_gap_bounds_what_any_other_hours_bring(seed, e):
    rng = np.random.default_rng(seed)
    frame = drawn(8, seed)
    columns = (frame[name].to_numpy() for name in ("hours", "at_stake", "probability", "to_win"))
    response, owner = Response(*columns, e), np.zeros(8, dtype=np.int64)
    least = response.hours * np.maximum(0.5, response.probability ** (1 / e))
    most, capacity = 2 * response.hours, np.array([response.hours.sum() * 1.2])
    best = best_hours(response, least, most, owner, capacity)
    assert 0 <= best.gap[0] <= 1e-9 * response.value(best.hours).sum()
    for _ in range(5):
        hours = least + rng.random() * rng.random(8) * (response.hours - least)
        price = np.array([rng.random() * 3 * best.price[0]])
        distance = response.value(best.hours).sum() - response.value(hours).sum()
        assert gap_to_best(response, hours, least, most, owner, capacity, price)[0] >= distance * (1 - 1e-12)


# What must always hold


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.05, 0.95), st.floats(0.4, 3), st.floats(1.05, 4), st.floats(0, 3))
def test_hours_are_best_and_fit(seed, e, share, most_change, key_hours):
    frame = drawn(12, seed, managers=2).assign(is_key=np.arange(12) % 5 == 0)
    capacity = share * frame.groupby("account_manager_id")["hours"].sum()
    found = ho.allocate_hours(frame, capacity, e, key_hours=key_hours, most_change=most_change)
    for _, manager in found.managers.iterrows():
        rows = found.accounts[found.accounts["account_manager_id"] == manager["account_manager_id"]]
        hours, best = rows["hours"].to_numpy(), rows["hours_best"].to_numpy()
        if manager["short"] > 0:
            assert best.tolist() == hours.tolist()
            assert np.isnan(manager["worth_of_an_hour"])
            continue
        assert best.sum() + manager["unused"] == pytest.approx(manager["capacity"], rel=1e-8)
        more, chance, key = best / hours, rows["probability"].to_numpy(), rows["is_key"].to_numpy()
        least = hours * np.maximum(1 / most_change, chance ** (1 / e))
        least = np.where(key, np.maximum(least, key_hours), least)
        most = np.maximum(least, hours * most_change)
        assert (best >= least * (1 - 1e-9)).all()
        assert (best <= most * (1 + 1e-9)).all()
        # One price: below it only who can give no more, above it only who can take no more.
        kept, won = rows["at_stake"].to_numpy() * chance, rows["to_win"].to_numpy()
        slope = e / hours * (kept * more ** (-e - 1) + won * more ** (e - 1))
        price = manager["worth_of_an_hour"]
        assert (best <= least * (1 + 1e-9))[slope < price * (1 - 1e-7)].all()
        assert (best >= most * (1 - 1e-9))[slope > price * (1 + 1e-7)].all()
        assert manager["gap"] <= 1e-9 * manager["value_best"]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.8, 1.5), st.floats(1, 1.5))
def test_more_capacity_never_lowers_the_value_and_its_worth_falls(seed, share, factor):
    frame = drawn(10, seed)
    less, more = (
        ho.allocate_hours(frame, pd.Series({"M00": share * times * frame["hours"].sum()})).managers.iloc[0]
        for times in (1.0, factor)
    )
    if less["short"] == 0:
        assert more["value_best"] >= less["value_best"] * (1 - 1e-12)
        assert more["worth_of_an_hour"] <= less["worth_of_an_hour"] * (1 + 1e-9)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e3))
def test_neither_the_currency_nor_the_order_of_rows_moves_hours(seed, rate):
    frame = drawn(15, seed, managers=3)
    found = ho.allocate_hours(frame)
    other = ho.allocate_hours(frame.assign(at_stake=frame["at_stake"] * rate, to_win=frame["to_win"] * rate))
    assert by_id(other) == pytest.approx(by_id(found), rel=1e-9)
    assert other.gain == pytest.approx(found.gain * rate, rel=1e-6)
    assert found.gain >= 0
    turned = ho.allocate_hours(frame.iloc[::-1])
    pd.testing.assert_frame_equal(turned.accounts, found.accounts)
    pd.testing.assert_frame_equal(turned.managers, found.managers)


# By hand


def test_today_by_hand():
    frame = rows_of([5.0, 5.0], [400.0, 100.0], [0.5, 0.5])
    found = ho.allocate_hours(frame, elasticity=0.5, most_change=4.0)
    assert (found.value, found.managers["capacity"][0], found.assessed) == (250, 10, True)
    # 400 against 100: 4 ** (2/3) times the hours.
    assert by_id(found) == pytest.approx([10 * 4 ** (2 / 3) / (1 + 4 ** (2 / 3)), 10 / (1 + 4 ** (2 / 3))])
    assert by_id(found, "worth_of_an_hour").tolist() == pytest.approx([20, 5])
    assert found.moved == pytest.approx(by_id(found)[0] - 5)
    assert found.gap_share == pytest.approx(0, abs=1e-12)
    tight = ho.allocate_hours(frame, elasticity=0.5, most_change=1.2)
    assert by_id(tight).tolist() == pytest.approx([5.8333333, 4.1666667])
    assert tight.accounts["held_by"].tolist() == ["", "least"]
    assert by_id(ho.allocate_hours(frame, elasticity=0.5, most_change=1.0)).tolist() == [5, 5]


def test_the_minimum_for_key_accounts_wins_over_todays_hours():
    frame = rows_of([1.0, 9.0, 10.0], [100.0, 900.0, 50.0], [0.1, 0.1, 0.1], is_key=[True, None, False])
    found = ho.allocate_hours(frame, key_hours=4.0)
    assert by_id(found)[0] == 4
    assert by_id(found, "held_by").tolist() == ["key minimum", "", "least"]
    assert ho.allocate_hours(frame, key_hours=0.1).accounts["held_by"].ne("key minimum").all()
    # A minimum may cost more than the better hours bring.
    assert ho.allocate_hours(frame.assign(at_stake=[1.0, 900.0, 900.0]), key_hours=10.0).gain < 0


def test_minimums_above_the_capacity_say_by_how_much_and_leave_today():
    frame = rows_of(
        [1.0, 9.0, 2.0, 2.0], 100.0, 0.1, manager=["M1", "M1", "M2", "M2"], is_key=[True, False, False, True]
    )
    found = ho.allocate_hours(frame, pd.Series({"M1": 10.0}), key_hours=6.0)
    # 6 and half of 9 are 10.5; 6 and half of 2 are 7, where M2 has 4.
    assert found.managers["short"].tolist() == pytest.approx([0.5, 3.0])
    assert by_id(found).tolist() == [1, 9, 2, 2]
    assert (found.gain, found.gap, found.accounts["held_by"].unique().tolist()) == (0, 0, [""])
    assert found.managers["worth_of_an_hour"].isna().all()
    assert ho.allocate_hours(frame, pd.Series({"M1": 10.5}), key_hours=6.0).managers["short"].tolist() == [0, 3]


def test_hours_that_bring_nothing_are_not_spent():
    frame = rows_of([2.0, 2.0, 2.0], [100.0, 0.0, -50.0], [0.1, 0.1, 0.1])
    found = ho.allocate_hours(frame)
    assert by_id(found).tolist() == [4, 1, 1]
    roomy = ho.allocate_hours(frame, pd.Series({"M": 9.0}))
    assert by_id(roomy).tolist() == [4, 1, 1]
    assert (roomy.managers["unused"][0], roomy.managers["worth_of_an_hour"][0]) == (3, 0)
    assert by_id(found, "at_stake").tolist() == [100, 0, 0]
    nothing = ho.allocate_hours(frame.assign(at_stake=0.0))
    assert (nothing.gain, nothing.value) == (0, 0)
    assert np.isnan(nothing.gap_share)


def test_where_all_stand_at_a_bound_one_more_hour_goes_to_who_takes_it():
    frame = rows_of([2.0, 2.0], [1e6, 10.0], [0.1, 0.1])
    found = ho.allocate_hours(frame, pd.Series({"M": 5.0}))
    assert (by_id(found).tolist(), by_id(found, "held_by").tolist()) == ([4, 1], ["most", "least"])
    # Any price between the two accounts' is right; the next hour is the second one's.
    assert found.managers["worth_of_an_hour"][0] == pytest.approx(0.31 / 2 * 10 * 0.1 * 0.5**-1.31)
    assert found.gap == pytest.approx(0, abs=1e-9)


def test_who_is_likely_to_leave_keeps_hours_that_keep_the_chance_below_one():
    frame = rows_of([10.0, 10.0, 10.0], [1.0, 1e6, 1e6], [0.95, 0.5, 1.0])
    found = ho.allocate_hours(frame)
    assert by_id(found)[0] == pytest.approx(10 * 0.95 ** (1 / 0.31))
    assert by_id(found)[2] >= 10
    assert (found.accounts["value_best"] >= 0).all()


def test_nobodys_accounts_and_those_without_hours_are_not_assessed():
    frame = rows_of([1.0, 2.0, np.nan, 3.0, 4.0], 100.0, 0.1, manager=["M1", "M1", "M2", "M2", None])
    found = ho.allocate_hours(frame)
    assert found.managers["account_manager_id"].tolist() == ["M1", "M2"]
    assert found.managers["accounts"].tolist() == [2, 2]
    assert found.managers["value"].isna().tolist() == [False, True]
    assert found.accounts["account_id"].tolist()[2:] == ["a02", "a03", "a04"]
    assert found.accounts["hours_best"].isna().tolist() == [False, False, True, True, True]
    assert found.assessed
    none = ho.allocate_hours(frame.assign(hours=np.nan))
    assert (none.assessed, none.gain, len(none.accounts), len(none.managers)) == (False, 0, 5, 2)
    assert not ho.allocate_hours(frame.iloc[:0]).assessed
    assert len(none.sensitivity(0.2)) == 1


def test_names_opportunities_and_keys_may_be_missing():
    frame = drawn(6, 3)
    bare = ho.allocate_hours(frame.assign(to_win=0.0).drop(columns=["to_win", "account_name"]))
    pd.testing.assert_series_equal(
        by_id_frame(bare)["hours_best"], by_id_frame(ho.allocate_hours(frame.assign(to_win=0.0)))["hours_best"]
    )
    assert (bare.accounts["account_name"] == bare.accounts["account_id"]).all()


def by_id_frame(found):
    return found.accounts.set_index("account_id").sort_index()


def test_sensitivity_is_the_same_plan_under_another_elasticity():
    frame = drawn(12, 4, managers=2)
    found = ho.allocate_hours(frame, elasticity=0.31)
    table = found.sensitivity(0.2, 0.31, 0.4)
    assert table["elasticity"].tolist() == [0.2, 0.31, 0.4]
    for row in table.itertuples():
        these = value(frame, by_id(found), row.elasticity) - value(frame, frame["hours"], row.elasticity)
        assert row.gain_of_these == pytest.approx(these)
        assert row.gain == pytest.approx(ho.allocate_hours(frame, elasticity=row.elasticity).gain)
        assert row.gain >= row.gain_of_these - 1e-6
    assert table["gain"][1] == pytest.approx(found.gain)


def test_what_these_hours_bring_if_customers_are_likelier_to_leave_is_the_formula_with_those_chances():
    frame = drawn(12, 4, managers=2)
    found = ho.allocate_hours(frame, elasticity=0.31)
    assert found.gain_if(0.31) == pytest.approx(found.gain)
    first = frame["account_id"].iloc[0]
    then = frame.assign(probability=frame["probability"].where(frame["account_id"] != first, 0.3))
    expected = value(then, by_id(found), 0.2) - value(then, frame["hours"], 0.2)
    assert found.gain_if(0.2, pd.Series({first: 0.3, "not here": 0.5})) == pytest.approx(expected)
    # A missing one leaves as was assumed.
    assert found.gain_if(0.31, pd.Series({first: np.nan})) == pytest.approx(found.gain)


@pytest.mark.parametrize(
    ("column", "wrong", "said"),
    [
        ("hours", [1e-3, -1e-3, 0.0], r"hours: expected above 0, got other in 2 \(a01, a02\)"),
        ("at_stake", [1.0, np.nan, 1.0], r"at_stake: expected an amount, got other in 1 \(a01\)"),
        ("probability", [1.0, 1.001, np.nan], r"probability: expected 0-1, got other in 2 \(a01, a02\)"),
        ("to_win", [0.0, 1.0, -1e-3], r"to_win: expected at least 0, got other in 1 \(a02\)"),
        ("account_id", ["x", "x", "y"], r"account_id: expected one row each, got other in 1 \(x\)"),
    ],
)
def test_bad_accounts_are_named(column, wrong, said):
    with pytest.raises(ValueError, match=said):
        ho.allocate_hours(rows_of([1.0, 2.0, 3.0], 100.0, 0.1).assign(**{column: wrong}))


def test_bad_parameters_are_refused():
    frame = rows_of([1.0, 2.0], 100.0, 0.1)
    for wrong, said in (
        ({"elasticity": 0.0}, "elasticity: expected between 0 and 1, got 0"),
        ({"elasticity": 1.0}, "elasticity: expected between 0 and 1, got 1"),
        ({"key_hours": -0.01}, "key_hours: expected at least 0, got -0.01"),
        ({"most_change": 0.99}, "most_change: expected at least 1, got 0.99"),
        *(
            ({"capacity": pd.Series({"M": hours})}, r"capacity: expected hours of at least 0, got other in 1 \(M\)")
            for hours in (-0.01, np.inf)
        ),
    ):
        with pytest.raises(ValueError, match=said):
            ho.allocate_hours(frame, **wrong)
    response = Response(np.ones(1), np.ones(1), np.ones(1), np.ones(1), 0.5)
    with pytest.raises(ValueError, match="capacity: expected at least the least hours, 2, got 1"):
        best_hours(response, np.array([2.0]), np.array([2.0]), np.zeros(1, dtype=np.int64), np.ones(1))


# Today's hours and what there is to win


def talks(*rows):
    return pd.DataFrame(rows, columns=["account_id", "date", "staff_id", "hours"]).astype({"hours": float})


TRAITS = pd.DataFrame({"account_id": list("abcde"), "account_manager_id": ["M1", "M1", "M1", "M2", None]})
MANAGERS = pd.DataFrame({"manager_id": ["M1", "M2"], "hours_per_month": [70.0, None]})


def test_todays_hours_by_hand():
    had = talks(
        ("a", "2026-09-18", "M1", 24), ("a", "2026-01-01", "S9", 24), ("a", "2025-09-18", "M1", 999), ("a", "2026-09-19", "M1", 999),
        ("b", "2026-03-01", "M1", 12), ("b", "2026-03-02", "M1", None), ("d", "2026-03-01", "M2", 6), ("e", "2026-03-01", "M2", 6),
    )  # fmt: skip
    found = ho.today_hours(had, TRAITS, MANAGERS, TRAITS, AS_OF)
    assert found["account_id"].tolist() == list("abcde")
    assert found["recorded"].tolist() == [4, 1, 0, 0.5, 0.5]
    # 4, 1 and, for c, the fewest of M1's, 1: of 70 hours. M2's hours are not known: those on record.
    assert found["hours"].tolist()[:4] == pytest.approx([70 * 4 / 6, 70 / 6, 70 / 6, 0.5])
    assert np.isnan(found["hours"][4])
    assert found["assumed"].tolist() == [False, False, True, False, False]
    assert found["account_manager_id"].isna().tolist() == [False] * 4 + [True]
    some = ho.today_hours(had, TRAITS, MANAGERS, TRAITS[TRAITS["account_id"].isin(["c", "b"])], AS_OF)
    assert some["hours"].tolist() == [35, 35]


def test_without_records_nothing_is_guessed():
    none = talks()
    for had in (None, none, none.drop(columns="hours"), talks(("d", "2026-03-01", "M2", 6))):
        found = ho.today_hours(had, TRAITS, MANAGERS, TRAITS, AS_OF)
        assert found["hours"].head(3).isna().all()
        assert not found["assumed"].any()
    bare = ho.today_hours(none, TRAITS[["account_id"]], MANAGERS.iloc[:0], TRAITS, AS_OF)
    assert bare["account_manager_id"].isna().all()
    frame = bare.assign(account_name="x", at_stake=1.0, probability=0.1)
    assert not ho.allocate_hours(frame).assessed
    only_ids = ho.today_hours(talks(("a", "2026-03-01", "M1", 6)), TRAITS, MANAGERS[["manager_id"]], TRAITS, AS_OF)
    assert only_ids["hours"].head(3).tolist() == pytest.approx([1 / 6] * 3)


def test_negative_hours_and_capacities_are_refused():
    with pytest.raises(ValueError, match=r"interactions, hours: expected at least 0, got other in 2 \(a, b\)"):
        ho.today_hours(
            talks(("a", "2020-01-01", "M1", -0.01), ("b", "2026-01-01", "M1", -0.02)), TRAITS, MANAGERS, TRAITS, AS_OF
        )
    with pytest.raises(ValueError, match=r"managers, hours_per_month: expected above 0, got other in 1 \(M1\)"):
        ho.today_hours(None, TRAITS, MANAGERS.assign(hours_per_month=[0.0, 2.0]), TRAITS, AS_OF)


def test_what_there_is_to_win_by_hand():
    rows = pd.DataFrame(
        {"account_id": list("abcd"), "revenue": [100.0, 200.0, -5.0, 10.0], "margin": [50.0, -41.0, 32.0, 20.0]}
    )
    chances = pd.DataFrame(
        [("a", "open", 100, 0.5), ("a", "open", 40, 0.25), ("a", "lost", 999, 0.9), ("b", "open", 100, 0.2),
         ("c", "open", 100, 0.1), ("d", "open", 100, 0.1), ("z", "open", 100, 1), (None, "open", 100, 1), ("b", "open", 10, None)],
        columns=["account_id", "status", "amount", "probability"],
    )  # fmt: skip
    # Of all: 61 of 305, a fifth; a's own is a half, b loses money, c has no sales and d more margin than sales.
    assert ho.to_win(chances, rows).to_dict() == pytest.approx({"a": 30, "b": 4, "c": 2, "d": 2})
    assert ho.to_win(chances, rows.drop(columns="margin")).tolist() == pytest.approx([60, 20, 10, 10])
    for none in (None, chances.iloc[:0], chances.drop(columns="probability")):
        assert ho.to_win(none, rows).tolist() == [0, 0, 0, 0]


# The sample's story


@pytest.fixture(scope="module")
def sample():
    ledger = open_ledger()
    accounts, traits = ledger.by_account(measures=["revenue", "margin"]), ledger.traits()
    tables = {}
    for name in ("interactions", "opportunities"):
        table = ledger.table(name)
        tables[name] = table.assign(account_id=ledger.master.parent_of(table["account_id"]))
    hours = ho.today_hours(tables["interactions"], traits, ledger.table("managers"), accounts, ledger.as_of)
    frame = accounts.merge(hours, on="account_id").merge(traits[["account_id", "is_key", "churn_probability"]])
    to_win = ho.to_win(tables["opportunities"], accounts).to_numpy()
    frame = frame.assign(at_stake=frame["margin"], probability=frame["churn_probability"].fillna(0.06), to_win=to_win)
    return hours, ho.allocate_hours(frame, key_hours=4.0)


def test_a_ninth_of_reiters_hours_is_on_record(sample):
    hours, found = sample
    mine = hours[hours["account_manager_id"] == "M01"]
    assert (len(mine), round(mine["recorded"].sum(), 1), mine["hours"].sum()) == (14, 13.7, pytest.approx(120))
    assert found.managers["short"].eq(0).all()
    assert found.managers["hours_best"].tolist() == pytest.approx([120, 120, 110, 120, 125, 100])


def test_hours_go_to_the_rescue_and_to_what_can_be_won_and_leave_what_earns_nothing(sample):
    found = sample[1]
    rows = found.accounts.set_index("account_id")
    assert rows.index[0] == "0010200"  # Tressel, in danger: from 28 hours to 51
    assert (rows["change"]["0010200"], rows["held_by"]["0010300"]) == (
        pytest.approx(23.2, abs=0.1),
        "most",
    )  # Pellworth
    assert (rows["held_by"]["0010700"], rows["at_stake"]["0010700"]) == ("least", 0)  # Bexley earns nothing
    assert found.gain == pytest.approx(405_000, rel=0.01)
    worth = found.managers.set_index("account_manager_id")["worth_of_an_hour"]
    assert (worth.idxmax(), worth["M01"] / worth["M03"] > 8) == ("M01", True)
    assert 0 <= found.gap < 0.01
