"""Price, volume and mix: by hand, against a loop in exact fractions, and adding up whatever is sold."""

from collections import defaultdict
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import concentration as c
from kam_analysis.analysis.concentration.price_volume_mix import EFFECTS
from kam_analysis.errors import DataError


def sold(*rows, keys=("account_id", "product", "product_line")):
    """Rows of the keys, then revenue and quantity before, revenue and quantity now; all have quantities."""
    found = pd.DataFrame(rows, columns=[*keys, "revenue_before", "quantity_before", "revenue", "quantity"])
    return found.astype(dict.fromkeys(keys, "str")).assign(unpriced_before=0.0, unpriced=0.0)


def bridged(items, **totals):
    """The bridge of what the items add up to; `totals` are (before, now) of accounts where it is not."""
    sums = items.groupby("account_id")[["revenue_before", "revenue"]].sum().round(6)
    for account, (before, now) in totals.items():
        sums.loc[account] = [before, now]
    both = [
        pd.DataFrame(
            {"account_id": sums.index, "account_name": sums.index.str.upper(), "revenue": sums[name].to_numpy()}
        )
        for name in ("revenue", "revenue_before")
    ]
    return c.bridge(*both, "revenue")


def effects(found):
    return {name: getattr(found, name) for name in EFFECTS if getattr(found, name)}


BY_HAND = sold(
    # Pumps of one customer: 4 at 100 and 1 at 500 before, 5 at 104 and 3 at 500 now.
    ("kept", "small", "pumps", 400.0, 4, 520.0, 5),
    ("kept", "large", "pumps", 500.0, 1, 1500.0, 3),
    # Another line: its pieces are added to no pumps. 10 fewer at 2, one cent dearer.
    ("kept", "seal", "seals", 60.0, 30, 40.2, 20),
    ("kept", "fresh", "pumps", 0.0, 0, 70.0, 1),
    ("kept", "gone", "pumps", 45.0, 3, 0.0, 0),
    # No usable price: given away before, only returned now, without a name.
    ("kept", "free", "pumps", 0.0, 2, 30.0, 2),
    ("kept", "back", "pumps", 20.0, 2, -10.0, -1),
    ("kept", None, "pumps", 5.0, 1, 6.0, 1),
    ("came", "small", "pumps", 0.0, 0, 99.0, 1),
    ("left", "small", "pumps", 101.0, 1, 0.0, 0),
    ("never", "small", "pumps", -5.0, -1, 0.0, 0),
)  # fmt: skip


def test_by_hand():
    found = c.price_volume_mix(BY_HAND, bridged(BY_HAND))
    assert effects(found) == {
        "new": 99.0,
        "lost": -101.0,
        # 5 x 4, and 20 seals x 0.01.
        "price": 20.2,
        # Pumps: 900 x (8 / 5 - 1) = 540. Seals: 60 x (20 / 30 - 1) = -20.
        "volume": 520.0,
        # Pumps at last year's prices: 5 x 100 + 3 x 500 = 2000, less 900 x 8 / 5.
        "mix": 560.0,
        "new_items": 70.0,
        "lost_items": -45.0,
        # 30 - 0, -10 - 20, 6 - 5.
        "not_split": 1.0,
    }
    assert (found.opening, found.closing) == (1131.0, 2255.2)
    # 400 + 500 + 60 of 1,030.
    assert found.split == pytest.approx(960 / 1030)


def test_accounts_and_items_are_the_same_sums_by_other_keys():
    found = c.price_volume_mix(BY_HAND, bridged(BY_HAND))
    accounts = found.accounts.set_index("account_id")
    assert list(accounts.index) == ["kept", "left", "came"]
    assert accounts.loc["kept", ["account_name", "kind", "before", "now", "change"]].tolist() == [
        "KEPT", "grown", 1030.0, 2156.2, 1126.2,
    ]  # fmt: skip
    assert accounts.loc["left", ["kind", "before", "lost"]].tolist() == ["lost", 101.0, -101.0]
    items = found.items
    assert list(items)[:5] == ["product", "product_line", "before", "now", "change"]
    assert items["product"].head(2).tolist() == ["large", "small"]
    small = items[items["product"] == "small"].iloc[0]
    assert small[["before", "now", "new", "lost", "price"]].tolist() == [501.0, 619.0, 99.0, -101.0, 20.0]
    unnamed = items[items["product"].isna()].iloc[0]
    assert (unnamed["change"], unnamed["not_split"]) == (1.0, 1.0)
    for frame in (found.accounts, items):
        for name in EFFECTS:
            assert frame[name].sum() == pytest.approx(getattr(found, name), abs=1e-9)
        assert frame["before"].sum() == pytest.approx(found.opening)
        assert (frame["change"] - frame[[*EFFECTS]].sum(axis=1)).abs().max() < 1e-9


def test_sales_without_a_quantity_are_not_split_and_do_not_make_a_price():
    """A bonus of 30 without a quantity is no price cut; one at a quantity of zero is."""
    rows = sold(("a", "p", "l", 100.0, 10, 70.0, 10))
    bonus = c.price_volume_mix(rows.assign(unpriced=-30.0), bridged(rows))
    assert effects(bonus) == {"not_split": -30.0}
    assert effects(c.price_volume_mix(rows, bridged(rows))) == {"price": -30.0}


def test_a_quantity_of_zero_makes_no_price():
    rows = sold(("a", "p", "l", 100.0, 0, 120.0, 10), ("a", "q", "l", 50.0, 5, 50.0, 5))
    assert effects(c.price_volume_mix(rows, bridged(rows))) == {"not_split": 20.0}
    alone = c.price_volume_mix(rows.head(1), bridged(rows.head(1)))
    assert (alone.split, alone.not_split) == (0.0, 20.0)


def test_a_credit_note_for_what_was_bought_in_neither_year_is_not_split():
    rows = sold(("a", "p", "l", 0.0, 0, -15.0, -1), ("a", "q", "l", 50.0, 5, 50.0, 5))
    assert effects(c.price_volume_mix(rows, bridged(rows))) == {"not_split": -15.0}


def test_lines_alone_are_items_and_mix_is_the_shift_between_them():
    rows = sold(
        ("a", "pumps", 100.0, 1, 200.0, 2), ("a", "seals", 10.0, 1, 0.0, 0), keys=("account_id", "product_line")
    )
    rows = pd.concat([rows, sold(("a", "kits", 30.0, 3, 10.0, 1), keys=("account_id", "product_line"))])
    found = c.price_volume_mix(rows, bridged(rows))
    # 3 pieces of 4: 130 x 3 / 4; at last year's prices 2 x 100 + 1 x 10.
    assert effects(found) == {"volume": -32.5, "mix": 112.5, "lost_items": -10.0}


def test_what_rounding_leaves_is_named_and_not_lost():
    rows = sold(("a", "p", "l", 10.0, 1, 10.0, 1), ("new", "p", "l", 0.0, 0, 5.0, 1), ("old", "p", "l", 7.0, 1, 0.0, 0))
    moved = bridged(rows, a=(10.01, 9.98), new=(0.0, 5.01), old=(7.02, 0.0))
    found = c.price_volume_mix(rows, moved)
    assert effects(found) == {"new": 5.01, "lost": -7.02, "not_split": -0.03}
    rest = found.items[found.items["product"].isna()].iloc[0]
    assert rest[["before", "now", "new", "lost", "not_split"]].tolist() == [0.03, -0.01, 0.01, -0.02, -0.03]
    # A customer without any item.
    alone = c.price_volume_mix(rows.head(1), bridged(rows.head(1), b=(3.0, 4.0)))
    assert effects(alone) == {"not_split": 1.0}


def test_without_a_customer_of_both_years_nothing_is_split():
    rows = sold(("a", "p", "l", 0.0, 0, 5.0, 1))
    found = c.price_volume_mix(rows, bridged(rows))
    assert (effects(found), found.opening) == ({"new": 5.0}, 0.0)
    assert found.split != found.split
    nothing = c.price_volume_mix(rows.head(0), bridged(rows.head(0)))
    assert (nothing.accounts.empty, nothing.items.empty, nothing.closing) == (True, True, 0.0)


def test_yen_have_no_cents():
    rows = sold(("a", "p", "l", 100.0, 3, 70.0, 2))
    found = c.price_volume_mix(
        rows, c.bridge(*(bridged_yen(rows, each) for each in ("revenue", "revenue_before")), "revenue", 0), 0
    )
    assert effects(found) == {"price": 3.0, "volume": -33.0}


def bridged_yen(rows, name):
    return rows[["account_id"]].assign(account_name="A", revenue=rows[name])


def test_a_missing_column_is_named():
    with pytest.raises(DataError, match='price_volume_mix: expected a column "quantity_before"'):
        c.price_volume_mix(BY_HAND.drop(columns="quantity_before"), bridged(BY_HAND))


def by_loops(items, moved):
    """The formulas one item after the other, in exact fractions of a cent."""
    kinds = dict(zip(moved.accounts["account_id"], moved.accounts["kind"], strict=True))
    whole, pieces = defaultdict(Fraction), defaultdict(lambda: [Fraction(0), Fraction(0)])
    rows = [row for row in items.to_dict("records") if row["account_id"] in kinds]
    priced = []
    for row in rows:
        money = [Fraction(round(row[name] * 100)) for name in ("revenue_before", "revenue")]
        loose = [Fraction(round(row[name] * 100)) for name in ("unpriced_before", "unpriced")]
        number = [Fraction(row[name]) for name in ("quantity_before", "quantity")]
        kind, named = kinds[row["account_id"]], isinstance(row["product"], str)
        if kind == "new":
            whole["new"] += money[1]
        elif kind == "lost":
            whole["lost"] -= money[0]
        elif named and all(m - u > 0 and n > 0 for m, u, n in zip(money, loose, number, strict=True)):
            whole["not_split"] += loose[1] - loose[0]
            priced.append((row, [m - u for m, u in zip(money, loose, strict=True)], number))
            for at in (0, 1):
                pieces[row["account_id"], row["product_line"]][at] += number[at]
        elif named and money[0] == number[0] == 0 and money[1] > 0:
            whole["new_items"] += money[1]
        elif named and money[1] == number[1] == 0 and money[0] > 0:
            whole["lost_items"] -= money[0]
        else:
            whole["not_split"] += money[1] - money[0]
    for row, money, number in priced:
        was, now = (money[at] / number[at] for at in (0, 1))
        all_was, all_now = pieces[row["account_id"], row["product_line"]]
        whole["price"] += (now - was) * number[1]
        whole["volume"] += was * number[0] * (all_now / all_was - 1)
        whole["mix"] += was * (number[1] - number[0]) - was * number[0] * (all_now / all_was - 1)
    return whole


amount = st.integers(-2_000, 100_000).map(lambda cents: cents / 100)
number = st.integers(-3, 40)
row = st.tuples(amount, number, amount, number, st.sampled_from([0.0, 0.0, 0.0, -1.5, 2.25]))


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from(["p", "q", "r", None])), row, max_size=12))
def test_equals_a_loop_in_fractions_and_adds_up_to_the_cent(drawn):
    rows = [(account, item, "l" if item == "p" else "m", *each[:4]) for (account, item), each in drawn.items()]
    items = sold(*rows).assign(unpriced=[each[4] for each in drawn.values()])
    moved = bridged(items)
    found, wanted = c.price_volume_mix(items, moved), by_loops(items, moved)
    for name in EFFECTS:
        # Each item is rounded once or twice.
        assert getattr(found, name) == pytest.approx(float(wanted[name]) / 100, abs=0.011 * max(len(rows), 1)), name
    cents = [round(getattr(found, name) * 100) for name in ("opening", *EFFECTS)]
    assert sum(cents) == round(found.closing * 100) == round(moved.closing * 100)
    assert (round(found.new * 100), round(found.lost * 100)) == (round(moved.new * 100), round(moved.lost * 100))
    for frame in (found.accounts, found.items):
        units = (frame[[*EFFECTS, "change"]] * 100).round().astype(int)
        assert (units[[*EFFECTS]].sum(axis=1) == units["change"]).all()
        assert [units[name].sum() for name in EFFECTS] == cents[1:]


def test_scale_and_order_do_not_matter():
    once = c.price_volume_mix(BY_HAND, bridged(BY_HAND))
    money = ["revenue_before", "revenue", "unpriced_before", "unpriced"]
    shuffled = BY_HAND.sample(frac=1, random_state=3)
    larger = shuffled.assign(**{name: shuffled[name] * 1000 for name in money})
    found = c.price_volume_mix(larger, bridged(larger))
    assert effects(found) == pytest.approx({name: 1000 * value for name, value in effects(once).items()})
    dozens = BY_HAND.assign(quantity=BY_HAND["quantity"] / 12, quantity_before=BY_HAND["quantity_before"] / 12)
    assert effects(c.price_volume_mix(dozens, bridged(dozens))) == pytest.approx(effects(once))
