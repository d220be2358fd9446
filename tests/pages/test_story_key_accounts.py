"""The sample's story as `02_key_accounts` tells it, from the executed notebook: a test per fact."""

import pytest
from words_for_tests import plain

NAME = "02_key_accounts"


@pytest.fixture(scope="module")
def accounts(told):
    return {row["name"]: row for row in told[0]["tables"]["key_accounts"]}


def test_the_answer_is_the_story(told):
    assert plain(told[0]["answer"]) == (
        "Aldermoor Water Group plc and Tressel Chemicals GmbH need rescue plans. "
        "14 of 275 customers are key: three are missing from your list."
    )
    assert (
        "Missing from your list: Corvane Dairy SA (41% of Skids), Strand Shipyards A/S and Dunmere Brewing Ltd. "
        "On it without qualifying: Bexley Machinery Ltd (-2% margin)."
    ) in told[1]


def test_figures_and_table_are_what_others_rely_on(told, accounts):
    document = told[0]
    assert document["figures"]["key_accounts"] == {"value": 14, "unit": "accounts"}
    firm = sum(row["firm"] for row in accounts.values())
    assert document["figures"]["key_accounts_firm"]["value"] == firm
    assert 0 < firm < 14
    expected = {"account_id", "name", "activities", "score", "firm", "quadrant", "work", "on_list"}
    assert expected <= set(next(iter(accounts.values())))


@pytest.mark.parametrize(
    ("name", "work"),
    [
        ("Aldermoor Water Group plc", "rescue"),
        ("Tressel Chemicals GmbH", "rescue"),
        ("Pellworth Marine Ltd", "pursuit"),
        ("Oakhurst Paper AB", "review"),
    ],
)
def test_each_gets_its_kind_of_work(accounts, name, work):
    assert accounts[name]["work"] == work
    assert accounts[name]["rule"]
    assert accounts[name]["figures"]


def test_small_in_total_and_key_for_a_line(accounts):
    assert accounts["Corvane Dairy SA"]["activities"] == ["product_line:Skids"]
    assert accounts["Corvane Dairy SA"]["on_list"] is False
    assert accounts["Corvane Dairy SA"]["revenue_share"] == pytest.approx(0.04, abs=0.001)


@pytest.mark.parametrize("name", ["Fennick Labs", "Bexley Machinery Ltd", "Kelso Mining Ltd"])
def test_pleasant_habitual_or_rare_is_not_key(accounts, name):
    assert not [each for each in accounts if each.startswith(name)]


def test_pellworth_became_key_and_the_page_says_so(told):
    assert "Became key since the year before: Pellworth Marine Ltd" in told[1]


def test_kelso_is_quiet_and_quarrix_lost(told):
    stages = {row["account_name"]: row["stage"] for row in told[0]["tables"]["lifecycle"]}
    assert stages["Kelso Mining Ltd"] == "quiet"
    assert stages["Quarrix Refining BV"] == "lost"


def test_aldermoor_and_tressel_are_valuable_and_our_position_is_weak(accounts):
    weak = {name for name, row in accounts.items() if row["quadrant"] == "Strategic"}
    assert weak == {"Aldermoor Water Group plc", "Tressel Chemicals GmbH"}


@pytest.mark.parametrize(
    "words",
    [
        "Twenty years of spares on the shelf; our service crew knows the mill",
        "at least 1% of sales and just as easy to lose: Bexley Machinery Ltd (3.0% of sales)",
        "highest share 4.8% of Valves, 5.2 points short",
        "Ask why Bexley Machinery Ltd is on your list: highest share 4.8% of Valves, margin -2.0%.",
        "the simulation error in points (seed 2)",
        "In how many of 10,000 weightings",
        "silent for 4 times its longest gap and 365 days (1095 days where no rhythm is known)",
        "Has announced that it will leave",
        "distance as the crow flies to our nearest site (km)",
        "14 key accounts, and room for 11 more",
    ],
)
def test_the_page_shows_what_its_lists_rest_on(told, words):
    assert words in told[1]


def test_every_key_account_shows_the_evidence_of_what_keeps_it(told, accounts):
    part = told[1].split("What keeps each key account</span></caption>")[1].split("</table>")[0]
    rows = [row for row in part.split("<tr")[2:] if row]
    assert len(rows) == len(accounts)
    assert not [row for row in rows if '<td class="text"></td>' in row or '<td class="text">not assessed</td>' in row]
