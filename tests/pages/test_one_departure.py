"""A manager's departure is one computation: 03 and 04 tell the same customers, money and chances."""

import json
import re
from html import unescape

import numpy as np
import pytest
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.analysis import losses
from kam_analysis.errors import DataError
from kam_analysis.pages import style

SAME = {
    "accounts": "accounts", "revenue": "revenue", "revenue_share": "revenue_share", "margin": "exposure",
    "at_risk_margin": "lost", "at_risk_margin_low": "lost_low", "at_risk_margin_high": "lost_high",
}  # fmt: skip


@pytest.fixture(scope="module")
def managers(sample_reports):
    """What each page publishes of the managers, by name: 03's, 04's."""
    return [
        {each["manager_name"]: each for each in json.loads((sample_reports / "results" / f"{name}.json").read_text(encoding="utf-8"))["tables"]["managers"]}
        for name in ("03_churn_impact", "04_coverage")
    ]  # fmt: skip


@pytest.fixture(scope="module")
def found(shelf):
    with shelf():
        ledger = kam.open_ledger()
        return kam.churn_impact(ledger), kam.coverage(ledger)


def test_the_results_tell_the_same_customers_and_money_of_every_manager(managers):
    lost, held = managers
    assert set(lost) == set(held)
    assert {name: row["accounts"] for name, row in lost.items()} == {
        "Jonas Reiter": 14,
        "Declan Byrne": 47,
        "Pauline Marchetti": 54,
        "Annika Sandström": 37,
        "Sabine Krüger": 55,
        "Tomasz Wilk": 56,
    }
    for name, row in lost.items():
        assert {there: row[here] for there, here in SAME.items()} == pytest.approx(
            {there: held[name][there] for there in SAME}
        ), name


def test_the_pages_tell_them_too(managers, sample_reports):
    for page, name, money in (("03_churn_impact", "lost", managers[0]), ("04_coverage", "at_risk_margin", managers[1])):
        html = (sample_reports / f"{page}.html").read_text(encoding="utf-8")
        rows = [[plain(unescape(re.sub(r"<[^>]+>", "", cell))) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html)]  # fmt: skip
        for manager, told in money.items():
            [row] = [each for each in rows if each and each[0] == manager and any("(" in cell for cell in each[-1:])][
                :1
            ]
            assert row[1] == str(told["accounts"])
            # With the digits that its range has.
            written = [style.estimate(told[name], told[f"{name}_low"], told[f"{name}_high"]), style.money(told[name])]
            assert row[-1].startswith(tuple(f"{plain(each)} (" for each in written)), row


def test_a_case_of_ones_own_may_combine_a_departure_with_customers(found):
    """The case on file, named by the reader in any order and by name or number, is the same money; by hand it is too."""
    ledger, on_file = kam.open_ledger(), found[0].leaving_case.loss
    own = kam.churn_impact(ledger, lost_accounts=on_file.account_ids[::-1], leaving_managers=["jonas reiter"])
    assert own.named.exposure == on_file.exposure
    assert own.named.handed_over == on_file.handed_over
    assert own.overrides.parameters()["leaving_managers"] == ["M01"]
    assert plain(own.answer).startswith("Losing Jonas Reiter with Aldermoor Water Group plc and Tressel Chemicals GmbH")
    assert own.result().figures["own_case"].value == on_file.exposure
    two = kam.churn_impact(ledger, lost_accounts=["0010300"], leaving_managers=["M01", "M02"])
    theirs = two.exposed.known.merge(ledger.traits()[["account_id", "account_manager_id"]])
    stay = theirs[theirs["account_manager_id"].isin(["M01", "M02"]) & (theirs["account_id"] != "0010300")]
    gone = theirs.set_index("account_id").at["0010300", "exposure"]
    assert two.named.exposure == pytest.approx(gone + 0.154 * stay["exposure"].clip(lower=0).sum())
    assert two.named.label == "Jonas Reiter and Sabine Krüger leave, with Pellworth Marine Ltd"


def test_a_manager_who_is_not_known_or_has_no_customer_is_refused():
    ledger = kam.open_ledger()
    with pytest.raises(DataError, match='got "Reiterr"; did you mean "Jonas Reiter"'):
        kam.churn_impact(ledger, leaving_managers=["Reiterr"])
    with pytest.raises(ValueError, match='no account of "S01" bought in the twelve months'):
        kam.churn_impact(ledger, leaving_managers=["S01"])


def test_the_chance_shown_is_the_chance_used(found):
    """At least what the departure brings alone: in the accounts, in prevention, in the hours, in the bad year."""
    lost, held = found
    rows = lost.accounts.set_index("account_id")
    by_bond = held.departing.of("M01").accounts.set_index("account_id")["follow"]
    assert (rows.loc[by_bond.index, "probability"] >= 0.9 * by_bond - 1e-12).all()
    aldermoor = rows.loc["0010100"]
    assert (aldermoor["probability"], aldermoor["estimate"]) == pytest.approx((0.9 * 0.6, 0.16))
    assert plain(aldermoor["why"]) == "Jonas Reiter leaving alone makes it 54% (your estimate: 16%)"
    used = losses.all_cause_probability(lost.bad_year.own, lost.bad_year.causes)
    assert used == pytest.approx(lost.accounts["probability"].to_numpy()[lost.bad_year.assessed])
    kept = lost.keeping.set_index("account_id")["probability"]
    assert kept.to_numpy() == pytest.approx(rows.loc[kept.index, "probability"].to_numpy())
    hours = held.hours.set_index("account_id")
    hours = hours[hours.index.isin(rows.index)]
    assert hours["probability"].to_numpy() == pytest.approx(rows.loc[hours.index, "probability"].fillna(0).to_numpy())


def test_how_many_are_expected_to_leave_is_the_sum_of_the_chances_that_are_shown(found):
    """In words beside the table: as estimated, and with what could take several at once."""
    rows = found[0].common.raised(found[0].chances)
    there = rows[rows["basis"] != "lost"]
    said = plain(found[0].bases_table().notes[0])
    assert f"Of {len(there)} customers we expect {there['estimate'].sum():.1f} to leave within a year" in said
    assert said.endswith(f"With what could take several at once it is {there['probability'].sum():.1f}.")
    assert there["probability"].sum() > there["estimate"].sum() + 1
    twice = kam.churn_impact(kam.open_ledger(), chance_factor=2.0)
    shown = twice.chances[twice.chances["basis"] != "lost"]["probability"].sum()
    assert f" we expect {shown:.1f} to leave within a year" in plain(twice.bases_table().notes[0])


def test_no_hours_are_taken_from_an_account_that_is_likely_to_go(found):
    hours = found[1].hours
    assert (hours.loc[hours["probability"] > 0.3, "change"].fillna(0) >= -1e-9).all()


def test_what_the_bad_year_holds_of_the_departure_is_what_04_says(found):
    """Held against 200,000 years drawn with nothing but the rates: who follows by its bond, who is handed over."""
    lost, held = found
    [departs] = [each for each in lost.causes if each.parts.any()]
    amounts = lost.exposed.amounts[list(departs.members)]
    once = amounts @ (departs.losses + (1 - departs.losses) * departs.parts)
    assert once == pytest.approx(held.leaving.cost.at_risk_margin.value)
    rng, years = np.random.default_rng(7), 200_000
    slump, leaves = rng.random(years) < 0.08, rng.random(years) < 0.9
    total = np.zeros(years)
    own = np.zeros(len(lost.accounts))
    own[lost.bad_year.assessed] = lost.bad_year.own
    marine = next(each for each in lost.causes if each.name == "marine downturn").members
    follow = held.departing.of("M01").accounts.set_index("account_id")["follow"]
    for at, (account_id, amount) in enumerate(zip(lost.accounts["account_id"], lost.exposed.amounts, strict=True)):
        gone = rng.random(years) < own[at]
        if at in marine:
            gone |= slump & (rng.random(years) < 0.15)
        handed = np.zeros(years)
        if account_id in follow:
            gone |= leaves & (rng.random(years) < follow[account_id])
            handed = 0.154 * leaves
        total += amount * np.where(gone, 1.0, handed)
    # Of what customers that stay buy less nothing is drawn here.
    year = losses.bad_year(lost.exposed.amounts, lost.accounts["estimate"], lost.causes).joint
    assert total.mean() == pytest.approx(year.mean, rel=0.005)
    assert np.quantile(total, 0.95) == pytest.approx(year.quantile(0.95), rel=0.005)
    assert (total > 4.2355e6).mean() == pytest.approx(year.probability_above(4.2355e6), abs=0.005)
