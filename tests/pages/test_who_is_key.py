"""Who is key and what each needs, where the data says little: few regions, a short history, a share just below."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.analysis import segments
from kam_analysis.pages.key_accounts.who_is_key import keys_before, who_is_key


def sales_of(amounts, regions=None, first="2023-01-31"):
    """A row per customer and month; `amounts` by customer, `regions` those that each buys in, in turn."""
    found = []
    for name, months in amounts.items():
        for at, (day, amount) in enumerate(
            zip(pd.date_range(first, periods=len(months), freq="ME"), months, strict=True)
        ):
            where = {} if regions is None else {"Region": regions[name][at % len(regions[name])]}
            found.append({"Customer no.": name, "Customer": name.title(), "Date": day, "Net sales": amount, **where})
    return pd.DataFrame(found)


def asked(frame, **parameters):
    return kam.key_accounts(kam.open_ledger(frame), draws=200, **parameters)


def said(found):
    return [plain(each) for each in found.result().caveats]


@pytest.fixture(scope="module")
def equal():
    """Forty customers alike, each in one of two regions: nobody stands out."""
    rng = np.random.default_rng(11)
    amounts = {f"firm {at:02d}": rng.uniform(90, 110, 24) for at in range(40)}
    regions = {name: [("North", "South")[at % 2]] for at, name in enumerate(amounts)}
    return kam.open_ledger(sales_of(amounts, regions))


def test_of_forty_equal_customers_in_two_regions_nobody_is_key_and_why_is_said(equal):
    found = kam.key_accounts(equal, draws=200)
    assert plain(found.answer).startswith("None of 40 customers is key.")
    assert who_is_key(equal).empty
    left_out = (
        "Presence in regions makes nobody key here: 40 of 40 customers buy in at least 1 of our 2 regions, so it does not "
        "tell them apart."
    )
    assert left_out in said(found)
    document = found.result().document()
    assert document["tables"]["left_out"] == [{"activity": "presence", "met": 40, "customers": 40}]
    assert left_out in [plain(each) for each in document["caveats"]]
    assert left_out in [plain(each) for each in found.by_threshold_table().notes]


def test_the_year_before_is_told_by_the_same_activities():
    amounts = {f"firm {at:02d}": [100.0 + at] * 36 for at in range(20)}
    regions = {name: ["N"] for name in amounts}
    # Two are in both regions this year; all but five were the year before, and none of that made anybody key.
    frame = sales_of(amounts, regions)
    early = frame["Date"] < "2025-01-01"
    frame.loc[early & (frame["Date"].dt.month % 2 == 0) & (frame["Customer no."] > "firm 04"), "Region"] = "S"
    frame.loc[~early & (frame["Date"].dt.month % 2 == 0) & (frame["Customer no."] > "firm 17"), "Region"] = "S"
    ledger = kam.open_ledger(frame)
    found = kam.key_accounts(ledger, draws=50)
    # By halves everybody is everywhere, now and then: nobody came in and nobody went out.
    assert found.keys.empty
    assert found.keys_before is not None
    assert found.keys_before.empty
    before = keys_before(ledger, found.book, that_matter=[], shares=found.shares.assign(met=False))
    assert before is not None
    assert len(before) == 20  # where presence counts this year, it counts the year before as well


@pytest.fixture(scope="module")
def falling():
    """Eighteen months, and the first customer lost nine tenths in the last six."""
    rng = np.random.default_rng(5)
    steady = {name: level * rng.uniform(0.95, 1.05, 18) for name, level in (("b", 400), ("c", 300), ("d", 200))}
    return asked(sales_of({"a": np.r_[500 * rng.uniform(0.95, 1.05, 12), 50 * rng.uniform(0.95, 1.05, 6)], **steady}))


def test_a_fall_in_a_short_history_is_seen(falling):
    work = falling.work.set_index("account_id")
    assert work["work"].to_dict() == {"a": "assessment", "b": "review", "c": "review", "d": "review"}
    assert work.loc["a", "figures"] == "sales down 90% on the 6 months before (last 6 complete months)"
    assert set(work.loc[["b", "c", "d"], "rule"]) == {"no sign of danger, of a change or of more to win"}
    assert set(falling.standing["stage"]) == {"not assessed"}  # there is no year before
    assert falling.stages_table().records()[-1]["stage"] == "not assessed"
    assert "Find out what changed at Customer a: sales down 90% on the 6 months before" in plain(falling.actions().html)
    assert not [each for each in said(falling) if "not assessed for" in each]


@pytest.mark.parametrize("months", [2, 4, 5])
def test_what_cannot_be_told_is_called_not_assessed_and_not_none(months):
    found = asked(sales_of({"a": [500.0] * (months - 1) + [5.0], "b": [300.0] * months}))
    assert set(found.work["rule"]) == {
        "not assessed: the history is too short to tell a fall in sales; nothing else calls for action"
    }
    assert "no sign of danger" not in plain(found.work_table().html().html)
    assert "Not assessed: the history is too short" in plain(found.work_table().html().html)
    assert "maintain (a fall is not assessed)" in plain(found.keys_table().html().html)
    who = "Customer a and Customer b" if months > 2 else "Customer b and Customer a"
    assert (
        f"Whether sales fell is not assessed for 2 of 2 key accounts ({who}): there are too few months of purchases."
        in said(found)
    )


def book(largest, others=12):
    """A largest customer with this share of all, and a second with 30%; the rest in equal parts."""
    rest = (1 - largest - 0.30) / others
    shares = {"near": largest, "big": 0.30, **{f"small {at:02d}": rest for at in range(others)}}
    return asked(sales_of({name: [1000 * share] * 12 for name, share in shares.items()}, first="2025-01-31"))


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.098, "near is just below the threshold: 9.8% of sales, 0.2 points short."),
        (0.0997, "near is just below the threshold: 9.97% of sales, less than 0.1 points short."),
        (0.091, "near is just below the threshold: 9.1% of sales, 0.9 points short."),
    ],
)
def test_who_is_just_below_is_named(share, words):
    found = book(share)
    assert words in plain(found.answer) + plain(found.result().lead)
    nearest = plain(found.threshold_table().html().html)
    assert "highest share " + words.partition(": ")[2].rstrip(".") in nearest
    assert found.keys["account_id"].tolist() == ["big"]


def test_further_below_nobody_is_named_and_the_largest_always_is():
    assert "just below" not in plain(book(0.085).answer)
    # The largest of all is not key at a tenth; somebody else is, on units alone.
    frame = sales_of({f"c{at:02d}": [100.0 + (5 if at == 3 else 0)] * 12 for at in range(14)}, first="2025-01-31")
    frame["Quantity"] = np.where(frame["Customer no."] == "c07", 50, 1)
    found = asked(frame)
    assert found.keys["account_id"].tolist() == ["c07"]
    said = "The largest customer, Customer c03, is not key: it has 7.5% of sales, and 10% is needed."
    assert plain(found.answer + found.result().lead).count(said) == 1
    below = asked(frame.assign(**{"Net sales": np.where(frame["Customer no."] == "c03", 140.0, 100.0)}))
    said = "The largest customer, Customer c03, is just below the threshold: 9.7% of sales"
    assert plain(below.answer + below.result().lead).count(said) == 1


def test_the_largest_that_is_not_served_has_its_reason():
    found = asked(sales_of({"a": [400.0] * 12, "b": [350.0] * 12, "c": [250.0] * 12}, first="2025-01-31"), limit=1)
    scores = found.scores.assign(score=[0.2, 0.3, 0.9])
    turned = replace(found, scores=scores, cut=segments.cut(found.keys, scores, 1, found.shares))
    lead = plain(turned.result().lead)
    assert (
        "Customer a has the largest sales of the key accounts and is not among the 1 served: value 0.20, 0.90 needed"
        in lead
    )
    assert ". It is weakest on " in lead
    assert "no: value 0.20, 0.90 needed" in plain(turned.keys_table().html().html)
    assert "has the largest sales" not in plain(
        replace(found, limit=25, cut=segments.cut(found.keys, scores, 25)).result().lead
    )


@pytest.fixture(scope="module")
def wide():
    """Five regions; the smallest of many buys in four of them, two large ones in one each."""
    amounts = {"large": [500.0] * 24, "other": [300.0] * 24, "wide": [12.0] * 24}
    amounts |= {f"small {at:02d}": [4.0 + at / 10] * 24 for at in range(30)}
    regions = {name: ["ABCDE"[at % 5]] for at, name in enumerate(amounts)} | {"wide": ["A", "B", "C", "D"]}
    return asked(sales_of(amounts, regions, first="2024-01-31"))


def test_what_presence_alone_adds_is_said_with_its_share(wide):
    assert wide.keys["account_id"].tolist() == ["large", "other", "wide"]
    [note] = [plain(each) for each in wide.by_threshold_table().notes]
    total = 500 + 300 + 12 + sum(4 + at / 10 for at in range(30))
    assert note == (
        f"Presence alone adds 1: wide ({100 * 12 / total:.1f}% of sales). Such an account buys in many of our "
        "regions but has less than 10% of anything."
    )
    rows = wide.by_threshold_table().records()
    assert [row["threshold"] for row in rows] == [0.05, 0.075, 0.1, 0.125, 0.15]
    assert [row["keys"] for row in rows] == [3, 3, 3, 3, 3]
    assert [row["by_presence"] for row in rows] == [["wide"]] * 5
    assert wide.by_threshold_table().strong == [2]
    document = wide.result().document()
    assert document["tables"]["by_threshold"] == rows
    assert document["tables"]["left_out"] == []


def test_the_table_says_who_comes_in_and_who_goes_out():
    at = asked(
        sales_of({"a": [600.0] * 12, "b": [130.0] * 12, "c": [90.0] * 12, "d": [180.0] * 12}, first="2025-01-31")
    )
    rows = at.by_threshold_table().records()
    assert [(row["keys"], row["entered"], row["left"]) for row in rows] == [
        (4, ["c"], []), (4, ["c"], []), (3, [], []), (3, [], []), (2, [], ["b"]),
    ]  # fmt: skip
    html = plain(at.by_threshold_table().html().html)
    assert "How the list changes with the threshold" in html
    assert "Presence alone" not in html


def test_where_most_carry_as_much_nobody_stands_out_and_every_sentence_says_so():
    rng = np.random.default_rng(3)
    names = [f"c{at:02d}" for at in range(12)]
    frame = sales_of({name: rng.uniform(90, 110, 12) for name in names}, first="2025-01-31")
    found = asked(frame, key_share=0.05)
    assert found.keys.empty
    assert "A share of sales makes nobody key here: 12 of 12 customers carry 5% of it or more" in " ".join(said(found))
    assert plain(found.actions().html).count("Spread attention: most customers carry 5% of something that matters") == 1
    assert plain(found.served_chart().layout.meta["title"]).startswith("Nobody stands out: most customers carry 5%")
    assert "as much as most customers, so it makes nobody key" in plain(found.threshold_table().html().html)
    assert "just below" not in plain(found.answer)
    assert found.result().document()["tables"]["left_out"] == [{"activity": "revenue", "met": 12, "customers": 12}]
