"""No two pages differ on one number: the four Founds of the sample, compared by name wherever two of them say it."""

import pickle
import re
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import kam_analysis as kam
from kam_analysis.pages.key_accounts.who_is_key import who_is_key

# A name that two tables use for two things, and says so in its heading: another page's column of that name is no claim
# about the same number.
OTHERWISE = {
    ("01", "accounts", "rank"): "by sales; in 02's list of those just outside by how near they are",
    ("02", "activities", "share"): "of one activity, not of all sales",
    ("02", "lifecycle", "why"): "of the stage, not of the chance of leaving",
    ("02", "key_accounts", "name"): "of the customer; in 01's list of the activity",
    ("03", "signs", "amount"): "the least of three months; elsewhere of the year",
    ("03", "signs", "day"): "of a sign; in 04 of a call",
    ("03", "signs", "now"): "of the last three months; elsewhere of the year",
    ("03", "signs", "kind"): "of a sign that the account may go; elsewhere of how its sales moved",
    ("02", "key_accounts", "reasons"): "why it is key; in 04's succession why it goes to whom",
}


@pytest.fixture(scope="module")
def founds(shelf):
    with shelf():
        ledger = kam.open_ledger()
        pages = {
            "01": kam.concentration(ledger),
            "02": kam.key_accounts(ledger),
            "03": kam.churn_impact(ledger),
            "04": kam.coverage(ledger),
        }
    return ledger, pages


@pytest.fixture(scope="module")
def published(founds):
    return {page: found.result() for page, found in founds[1].items()}


def by_id(frame, column, key="account_id"):
    return frame.dropna(subset=key).set_index(key)[column].sort_index()


def same(*columns):
    """Every column says the same of every account that two of them know; and they know some in common."""
    for one, other in combinations(columns, 2):
        ids = one.index.intersection(other.index)
        assert len(ids)
        left, right = one.loc[ids], other.loc[ids]
        if left.dtype.kind == "f":
            np.testing.assert_allclose(left.to_numpy(), right.to_numpy(dtype=float), rtol=1e-9, atol=1e-6)
        else:
            assert left.tolist() == right.tolist()


def test_sales_and_shares_of_every_account(founds):
    _, f = founds
    lost = set(f["03"].may_leave.gone)
    same(
        by_id(f["01"].accounts, "amount"),
        by_id(f["02"].accounts, "amount"),
        by_id(f["03"].exposed.known, "revenue"),
        by_id(f["04"].accounts, "revenue"),
        by_id(f["04"].known.sold, "revenue"),
    )
    same(by_id(f["01"].accounts, "share"), by_id(f["02"].accounts, "share"))
    # Who counts: all who bought, but for those that are lost already.
    counted = set(f["04"].known.sold["account_id"]) - lost
    assert set(f["03"].exposed.known["account_id"]) == set(f["04"].accounts["account_id"]) == counted
    assert len(f["01"].accounts) == len(f["02"].accounts) == 275


def test_margins(founds):
    _, f = founds
    same(by_id(f["03"].exposed.known, "exposure"), by_id(f["04"].accounts, "margin"))
    same(by_id(f["04"].hours, "at_stake").loc[lambda each: each > 0], by_id(f["03"].accounts, "exposure"))
    same(by_id(f["04"].relations.one_contact, "exposure"), by_id(f["03"].exposed.known, "exposure"))


def test_chances_of_leaving(founds):
    """The chance that is shown is the one that is used: prevention, hours, the list and the bad year."""
    _, f = founds
    chances = by_id(f["03"].accounts, "probability")
    same(
        chances,
        by_id(f["03"].keeping, "probability"),
        by_id(f["04"].accounts, "probability"),
        by_id(f["04"].hours, "probability"),
    )
    for name in ("estimate", "low", "high"):
        same(by_id(f["03"].accounts, name), by_id(f["04"].accounts, name))
    money = by_id(f["03"].accounts, "exposure")
    departing = by_id(f["03"].accounts, "by_causes") >= by_id(f["03"].accounts, "estimate")
    assert departing.any()
    assert (chances >= by_id(f["03"].accounts, "estimate")).all()
    # What is expected to be lost is what the chances say; a hand-over costs part of those who stay on top.
    assert f["03"].year.mean >= float((chances * money).sum()) - 1e-6


def test_managers_counts_and_money(founds):
    _, f = founds
    three, four = f["03"].managers, f["04"].managers
    pairs = {"accounts": "accounts", "revenue": "revenue", "revenue_share": "revenue_share"}
    pairs |= {"exposure": "margin", "exposure_share": "margin_share"}
    pairs |= {f"lost{end}": f"at_risk_margin{end}" for end in ("", "_low", "_high")}
    for one, other in pairs.items():
        same(by_id(three, one, "manager_name"), by_id(four, other, "manager_name"))
    pd.testing.assert_frame_equal(f["03"].departing.managers, f["04"].departing.managers)
    first = four.iloc[0]
    own = f["04"].accounts[f["04"].accounts["account_manager_id"] == first["account_manager_id"]]
    assert len(own) == first["accounts"]
    assert own["revenue"].clip(lower=0).sum() == pytest.approx(first["revenue"])
    assert f["04"].leaving.cost.at_risk_margin.value == pytest.approx(first["at_risk_margin"])


def test_who_is_key(founds):
    ledger, f = founds
    keys = set(f["02"].keys["account_id"])
    assert keys == set(who_is_key(ledger)["account_id"]) == set(f["04"].key_ids) == set(f["03"].keeping["account_id"])
    assert keys == set(f["04"].moves["account_id"]) == set(f["04"].relations.due["account_id"])
    assert len(keys) == len(f["04"].practice) == 14


def test_last_days_for_notice(founds):
    ledger, f = founds
    days = by_id(ledger.traits(), "notice_by")
    told = [by_id(f["02"].traits, "notice_by"), by_id(f["04"].accounts, "notice_by")]
    told += [by_id(f["04"].moves, "notice_by"), by_id(f["04"].relations.one_contact, "notice_by")]
    told += [by_id(f["04"].leaving.cost.accounts, "notice_by")]
    # Each customer of the sample has one contract that runs.
    told += [by_id(f["03"].contracted.contracts, "notice_by")]
    for each in told:
        ids = each.index.intersection(days.index)
        assert len(ids)
        assert each.loc[ids].fillna(pd.Timestamp(0)).tolist() == days.loc[ids].fillna(pd.Timestamp(0)).tolist()
    left = by_id(f["02"].standing, "days_to_notice").dropna()
    assert left.to_dict() == (days.dropna() - pd.Timestamp(ledger.as_of)).dt.days.loc[left.index].to_dict()


def test_who_fell(founds):
    _, f = founds
    said = by_id(f["02"].standing, "fell")
    assert set(said.index[said]) == set(f["01"].falls.alerts["account_id"])


def test_how_concentrated_and_how_much_in_all(founds, published):
    _, f = founds
    few = f["04"].ownership.few
    counted = published["01"].figures["effective_accounts"].value
    # 04 counts those that are not lost already: one customer with sales in the year has left since.
    assert few.effective_accounts == pytest.approx(counted, rel=1e-3)
    assert published["04"].figures["largest_manager_share"].value == pytest.approx(
        f["03"].managers["revenue_share"].max()
    )
    leads = [result.lead for result in published.values()]
    assert len({re.search(r"€[\d.]+m of sales, 12 months to \d+\s\w+\s\d+", each).group() for each in leads}) == 1
    assert len({each.partition("2025: ")[2] for each in leads}) == 1
    assert (
        len({(result.provenance["data_fingerprint"], result.provenance["as_of"]) for result in published.values()}) == 1
    )


def test_assumptions_of_one_name_are_one(published):
    known = {}
    for page, result in published.items():
        for each in result.assumptions:
            first = known.setdefault(each["name"], (page, each))
            assert first[1] == each, (first[0], page)
    assert {"follow_rate", "transition_rate"} <= set(known)


def test_published_columns_of_one_name_say_the_same_of_one_account(published):
    """Every table against every table of another page, by account and by manager, whatever will be added."""
    tables = {
        (page, name): pd.DataFrame(rows)
        for page, result in published.items()
        for name, table in result.tables.items()
        if (rows := table.records() if hasattr(table, "records") else list(table))
    }
    compared, used = 0, set()
    for key in ("account_id", "manager_name"):
        for (one, left), (other, right) in combinations(tables.items(), 2):
            if one[0] == other[0] or key not in left or key not in right:
                continue
            first, second = (each.dropna(subset=key).drop_duplicates(key).set_index(key) for each in (left, right))
            ids = first.index.intersection(second.index)
            for column in sorted(set(first) & set(second)):
                known = {(*one, column), (*other, column)} & set(OTHERWISE)
                used |= known
                if known:
                    continue
                for each in ids:
                    assert equal(first.at[each, column], second.at[each, column]), (one, other, column, each)
                    compared += 1
    assert compared > 2_000
    assert used == set(OTHERWISE), "an exception that is none any more"


def equal(one, other):
    if isinstance(one, float) and isinstance(other, int | float):
        return one == pytest.approx(other, rel=1e-9, nan_ok=True)
    return one == other or (pd.isna(one) and pd.isna(other))


@pytest.mark.parametrize("question", ["concentration", "key_accounts", "churn_impact", "coverage"])
def test_what_a_question_found_survives_the_shelf(question):
    found = getattr(kam, question)(kam.open_ledger())
    assert pickle.loads(pickle.dumps(found)).result().document() == found.result().document()
