"""What depends on one contact: chances against a simulation, money by hand, and the sample's story."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import coverage as cov

DAY = date(2026, 9, 18)
yearly, span = st.floats(0, 1), st.floats(0, 120)


def people(**strengths):
    """Contacts with an account by its letter: a=[4, 1] has one that is live."""
    rows = [(f"{account}{at}", account, value) for account, values in strengths.items() for at, value in enumerate(values)]  # fmt: skip
    return pd.DataFrame(rows, columns=["contact_id", "account_id", "strength"]).astype({"strength": "float64"})


def book(**money):
    ids = list(money)
    frame = pd.DataFrame({"account_id": ids, "account_name": [each.upper() for each in ids]})
    return frame.assign(revenue=[float(row[0]) for row in money.values()], margin=[float(row[1]) for row in money.values()])  # fmt: skip


def ends(**days):
    ids = pd.Series(list(days), dtype="str")
    return pd.DataFrame({"account_id": ids, "notice_by": pd.to_datetime(list(days.values()))})


@pytest.fixture(scope="module")
def sample(lindmark):
    return lindmark.records("contacts"), lindmark.by_account(measures=["revenue", "margin"]), lindmark.traits()


# The chance that nobody is left


@pytest.mark.parametrize(("live", "turnover", "months"), [(1, 0.2, 4), (1, 0.5, 30), (2, 0.3, 12), (3, 0.6, 9)])
def test_the_chance_is_that_of_contacts_followed_day_by_day(live, turnover, months):
    dice = np.random.default_rng(7)
    steps, draws = 24 * months, 40_000
    # Each stays a 24th of a month with the same chance; who goes draws the step of it.
    gone_at = dice.geometric(1 - (1 - turnover) ** (1 / (12 * 24)), size=(draws, live))
    seen = (gone_at <= steps).all(axis=1).mean()
    told = float(cov.chance_of_no_contact(live, turnover, months))
    assert seen == pytest.approx(told, abs=4 * np.sqrt(told * (1 - told) / draws))


def test_the_ends_of_the_chance():
    assert cov.chance_of_no_contact([0, 1, 2], 0.2, 12).tolist() == pytest.approx([1, 0.2, 0.04])
    assert cov.chance_of_no_contact(1, 0.36, [0, 6, 12, 24]).tolist() == pytest.approx([0, 0.2, 0.36, 0.5904])
    assert cov.chance_of_no_contact([1, 2], 0, 99).tolist() == [0, 0]
    assert cov.chance_of_no_contact(1, 1, [0, 0.1, 12]).tolist() == [0, 1, 1]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 6), yearly, span, yearly, span)
def test_a_second_contact_never_raises_the_risk_and_time_never_lowers_it(live, turnover, months, other, later):
    chance = float(cov.chance_of_no_contact(live, turnover, months))
    assert 0 <= chance <= 1
    assert float(cov.chance_of_no_contact(live + 1, turnover, months)) <= chance
    assert float(cov.chance_of_no_contact(live, turnover, max(months, later))) >= chance
    assert float(cov.chance_of_no_contact(live, max(turnover, other), months)) >= chance


def test_what_is_no_chance_and_no_time_is_refused():
    for turnover in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="turnover: expected 0 to 1"):
            cov.chance_of_no_contact(1, turnover, 12)
    with pytest.raises(ValueError, match=r"months: expected 0 or more, got 2 that are not \(-1, nan\)"):
        cov.chance_of_no_contact(1, 0.2, [3, -1, np.nan])
    with pytest.raises(ValueError, match=r"live: expected 0 or more, got 1 that are not \(-1\)"):
        cov.chance_of_no_contact([-1], 0.2, 3)


# The ranked list


def test_every_factor_by_hand():
    contacts = people(a=[4, 1], b=[2], c=[2, 2], d=[1], e=[3])
    accounts = book(a=(900, 100), b=(500, 80), c=(400, 70), d=(300, 60), e=(200, -5), f=(100, 50))
    found = cov.hangs_on_one(contacts, accounts, ends(a="2026-12-17", b=None, e="2027-03-17"), 0.36, DAY, 6)
    # c has two, nobody is met at d, nothing is noted of f.
    assert found["account_id"].tolist() == ["b", "a", "e"]
    assert found["contact_id"].tolist() == ["b0", "a0", "e0"]
    assert found["exposure"].tolist() == [80, 100, -5]
    assert found["notice_ahead"].tolist() == [False, True, True]
    assert found["months"].tolist() == pytest.approx([6, 90 / 365.25 * 12, 180 / 365.25 * 12])
    assert found["light"].tolist() == ["", "red", "amber"]
    chance = 1 - 0.64 ** (90 / 365.25)
    assert found["chance"].iloc[:2].tolist() == pytest.approx([0.2, chance])
    # An account that earns nothing has nothing in danger; it is listed all the same.
    assert found["at_risk"].tolist() == pytest.approx([16, 100 * chance, 0])


@pytest.mark.parametrize(
    ("day", "light", "has"),
    [("2026-09-17", "", False), ("2026-09-18", "red", True), ("2026-12-17", "red", True), ("2026-12-18", "amber", True),
     ("2027-03-17", "amber", True), ("2027-03-18", "", True)],
)  # fmt: skip
def test_the_lights_and_a_day_for_notice_that_is_over(day, light, has):
    found = cov.hangs_on_one(people(a=[2]), book(a=(10, 5)), ends(a=day), 0.2, DAY).iloc[0]
    assert (found["light"], found["notice_ahead"]) == (light, has)
    assert found["months"] == (pytest.approx((pd.Timestamp(day) - pd.Timestamp(DAY)).days / 365.25 * 12) if has else 12)


def test_ties_go_by_id_and_without_a_cost_it_is_revenue():
    contacts, accounts = people(b=[2], a=[2], c=[2]), book(c=(9, 0), b=(5, 0), a=(5, 0)).drop(columns="margin")
    found = cov.hangs_on_one(contacts, accounts, ends(), 0.2, DAY)
    assert found["account_id"].tolist() == ["c", "a", "b"]
    assert found["exposure"].tolist() == [9, 5, 5]
    same = cov.hangs_on_one(contacts[::-1], accounts[::-1].assign(margin=np.nan), ends(), 0.2, DAY)
    pd.testing.assert_frame_equal(found, same)
    # With no chance the amounts still have an order.
    assert cov.hangs_on_one(contacts, accounts, ends(), 0, DAY)["account_id"].tolist() == ["c", "a", "b"]


@settings(deadline=None, max_examples=12)
@given(
    st.lists(st.tuples(st.lists(st.integers(0, 4), max_size=3), st.integers(-50, 900)), min_size=1, max_size=6), yearly
)
def test_a_second_contact_takes_an_account_off_the_list_and_no_other_moves(rows, turnover):
    names = [chr(97 + at) for at in range(len(rows))]
    strengths = dict(zip(names, (row[0] for row in rows), strict=True))
    accounts = book(**{name: (row[1], row[1]) for name, row in zip(names, rows, strict=True)})
    before = cov.hangs_on_one(people(**strengths), accounts, ends(), turnover, DAY)
    expected = [name for name in names if sum(each >= 2 for each in strengths[name]) == 1]
    assert sorted(before["account_id"]) == expected
    assert (before["at_risk"] <= before["exposure"].clip(lower=0)).all()
    assert before["at_risk"].is_monotonic_decreasing
    noted = {name for name in names if strengths[name]}
    assert set(cov.hanging(people(**strengths), accounts)["account_id"]) == noted
    nobody = cov.no_contact(people(**strengths), accounts)["account_id"]
    assert set(nobody) == {name for name in noted if max(strengths[name]) < 2}
    if expected:
        first = before["account_id"].iloc[0]
        after = cov.hangs_on_one(people(**strengths | {first: [*strengths[first], 2]}), accounts, ends(), turnover, DAY)
        pd.testing.assert_frame_equal(after, before.iloc[1:].reset_index(drop=True))


def test_without_what_is_needed_nothing_is_said():
    accounts, empty = book(a=(10, 5)), pd.DataFrame({"contact_id": [], "account_id": []}, dtype="str")
    for contacts in (None, empty, people(a=[2]).drop(columns="strength")):
        assert cov.hangs_on_one(contacts, accounts, ends(), 0.2, DAY).empty
        assert cov.hanging(contacts, accounts).empty
        assert cov.no_contact(contacts, accounts).empty
    bare = cov.hangs_on_one(people(a=[2]), accounts, accounts[["account_id"]], 0.2, DAY)
    assert bare[["contact_name", "role", "account_manager_id", "ends_on", "notice_by"]].isna().all(axis=None)


def test_what_is_wrong_is_named():
    accounts = book(a=(10, 5), b=(20, 5))
    with pytest.raises(ValueError, match="turnover: expected 0 to 1, got 20"):
        cov.hangs_on_one(people(a=[2]), accounts, ends(), 20, DAY)
    with pytest.raises(ValueError, match="months: expected 0 or more"):
        cov.hangs_on_one(people(a=[2]), accounts, ends(), 0.2, DAY, -1)
    with pytest.raises(ValueError, match=r"accounts: expected a margin each, got other in 1 \(b\)"):
        cov.hangs_on_one(people(a=[2]), accounts.assign(margin=[1.0, np.nan]), ends(), 0.2, DAY)
    with pytest.raises(ValueError, match=r"accounts: expected one row each, got other in 1 \(a\)"):
        cov.hangs_on_one(people(a=[2]), accounts.assign(account_id="a"), ends(), 0.2, DAY)


# The sample's story


def test_five_of_reiter_s_fourteen_hang_on_one_contact(sample):
    contacts, accounts, traits = sample
    owned = accounts.merge(traits[["account_id", "account_manager_id"]], on="account_id")
    found = cov.hanging(contacts, owned)
    own = found[found["account_manager_id"] == "M01"]
    assert (len(own), (own["live"] == 1).sum()) == (14, 5)
    listed = cov.hangs_on_one(contacts, accounts, traits, 0.2, DAY)
    assert (listed["account_manager_id"] == "M01").sum() == 5
    assert len(listed) == (found["live"] == 1).sum()


@pytest.mark.parametrize("turnover", [0.05, 0.2, 0.5])
def test_aldermoor_is_on_top_whatever_is_assumed(sample, turnover):
    contacts, accounts, traits = sample
    first = cov.hangs_on_one(contacts, accounts, traits, turnover, DAY).iloc[0]
    assert (first["account_id"], first["contact_name"], first["light"]) == ("0010100", "Ingrid Vass", "red")
    assert (first["ends_on"], first["notice_by"]) == (pd.Timestamp(2027, 1, 18), pd.Timestamp(2026, 10, 20))
    assert first["exposure"] == pytest.approx(2.89e6, abs=1e3)
    # 32 days of a year.
    assert first["at_risk"] == pytest.approx(first["exposure"] * (1 - (1 - turnover) ** (32 / 365.25)))


def test_hollin_with_four_contacts_is_not_on_the_list(sample):
    contacts, accounts, traits = sample
    assert "0010500" not in set(cov.hangs_on_one(contacts, accounts, traits, 0.2, DAY)["account_id"])
    assert cov.live_contacts(contacts)["0010500"] == 4
