"""The words of 01, from books small enough to check by hand."""

import json

import pandas as pd
import pytest
from concentration_for_tests import about, book, found
from words_for_tests import plain as spaced

from kam_analysis.analysis.concentration import Activity, Group, Leader, concentrate
from kam_analysis.bundled import sample_settings
from kam_analysis.ledger import open_ledger
from kam_analysis.pages.concentration.found import collect
from kam_analysis.pages.results import MIME

NOW = book(alder=30.0, birch=20.0, cedar=15.0, dogwood=10.0, elm=5.0, fir=12.0, gum=8.0)


def test_the_answer_names_the_largest_and_the_five():
    # 30 + 20 + 15 + 12 + 10 = 87.
    assert spaced(found(NOW).answer) == "Alder is 30% of sales. The five largest are 87%."


def test_a_group_whose_companies_all_stay_below_a_tenth_is_told():
    group = Group("alder", "Alder", 4, 0.30, 0.09)
    said = spaced(found(NOW, groups=[group]).actions().html)
    assert "as one group: together it is 30.0% of sales, though none of its four companies reaches 10%." in said
    plain = Group("alder", "Alder", 4, 0.30, 0.12)
    assert "companies" not in found(NOW, groups=[plain]).actions().html


@pytest.mark.parametrize(
    ("alder", "said"),
    [
        (30.0, ", as a year ago."),
        (29.8, ", as a year ago."),  # 0.2 of a point is none
        (28.9, ", one point more than a year ago."),
        (20.0, ", ten points more than a year ago."),
        (37.0, ", seven points less than a year ago."),
    ],
)
def test_the_largest_stands_beside_a_year_ago(alder, said):
    before = book(alder=alder, birch=100 - alder - 20, cedar=20.0)
    assert spaced(found(NOW, before=before).answer).startswith(f"Alder is 30% of sales{said}")


def test_the_five_stand_beside_a_year_ago_and_the_tile_names_through_whom():
    before = book(alder=30.0, birch=20.0, cedar=15.0, dogwood=10.0, elm=15.0, fir=2.0, gum=8.0)
    said = spaced(found(NOW, before=before).answer)
    # 87 of 100 against 90 of 100; Elm left the five with ten points less.
    assert said.endswith("The five largest are 87% (90% a year ago).")
    tile = found(NOW, before=before).result().shown[1]
    assert spaced(tile.note).replace("\u2212", "-") == "-3.0 points on the year before, mainly through Elm"
    same = book(alder=20.0, birch=30.0, cedar=15.0, dogwood=10.0, elm=5.0, fir=12.0, gum=8.0)
    assert found(NOW, before=same).answer.endswith("The five largest are 87%, as a year ago.")


def test_small_companies_get_honest_sentences():
    assert found(book(solo=5.0)).answer == "All sales come from one customer: Solo."
    two = spaced(found(book(one=3.0, two=1.0), about=about(measure_words="margin")).answer)
    assert two == "One is 75% of margin. There are two customers in all."


def test_an_account_without_a_name_is_a_customers_number():
    frame = pd.DataFrame({"account_id": ["17850", "8"], "account_name": ["17850", "8"], "revenue": [3.0, 1.0]})
    assert found(concentrate(frame, "revenue")).answer.startswith("Customer 17850 is")


def line(name, who, share, of_all=0.05, kind="product_line", losses=0.0, losing=0):
    leader = Leader(who, who.title(), 10.0 * share, share, of_all)
    return Activity(f"{kind}:{name}", kind, name, 10.0, losses, losing, 0.1, 5, 3.0, (leader,))


def test_where_it_is_worse():
    lines = [line("Skids", "cedar", 0.41), line("Pumps", "alder", 0.2), line("margin", "alder", 0.9, kind="measure")]
    assert spaced(found(NOW, activities=lines).dependence().html) == (
        "<p>Highest in Skids: Cedar buys 41% of all we sell there. In total the largest customer is 30%.</p>"
    )
    nowhere = found(NOW, activities=[line("Pumps", "alder", 0.2)]).dependence().html
    assert nowhere.startswith("<p>No product line or region")
    assert found(NOW).dependence().html == found(NOW).activities_table().html().html == ""


def test_margin_is_told_as_gains_and_losses():
    loss_making = line("margin", "alder", 0.9, kind="measure", losses=-2.5, losing=3)
    odd_credit_note = line("Seals", "alder", 0.9, losses=-0.001, losing=1)
    units = {"measure:margin": "EUR", "product_line:Seals": "EUR"}
    [note] = found(NOW, activities=[loss_making, odd_credit_note], units=units).activities_table().notes
    assert spaced(note) == ("Margin: shares are of the €10 from 5 customers. The €2.5 lost on 3 others is left out.")


def test_names_are_escaped_in_every_table():
    evil = "<img src=x onerror=alert(1)>"
    frame = pd.DataFrame({"account_id": ["1", "2"], "account_name": [evil, "&"], "revenue": [3.0, 1.0]})
    now = concentrate(frame, "revenue")
    each = Activity(f"region:{evil}", "region", evil, 10.0, 0.0, 0, 0.1, 5, 3.0, (Leader("1", evil, 9.0, 0.9, 0.1),))
    group = Group("1", evil, 4, 0.30, 0.09)
    suggested = pd.DataFrame(
        {"account_name": [evil], "amount": 1.0, "parent_name": [evil], "parent_amount": 2.0, "reason": ["same name"]}
    )
    of = found(
        now, before=now, groups=[group], activities=[each], units={each.activity: "EUR"}, suggested=suggested,
        excluded=[evil], about=about(company=evil, doubts=[evil], warnings=[evil]),
    )  # fmt: skip
    for shown in (
        of.accounts_table(),
        of.activities_table(),
        of.groups_table(),
        of.suggested_table(),
        of.reconciliation_table(),
        of.actions(),
        of.caveats(),
        of.dependence(),
    ):
        assert "<img" not in shown._repr_html_()
        assert "&lt;img" in shown._repr_html_()
    assert "<img" not in of._repr_mimebundle_()["text/html"]


@pytest.fixture(scope="module")
def sample():
    ledger = open_ledger(sample_settings())
    return ledger, collect(ledger).result()


def test_the_samples_answer_is_its_story(sample):
    said = spaced(sample[1].answer)
    assert said == (
        "Aldermoor Water Group plc is 18% of sales, two points more than a year ago. "
        "The five largest are 41% (39% a year ago)."
    )


def test_the_result_document_has_what_others_rely_on(sample):
    document = json.loads(json.dumps(sample[1].document(), allow_nan=False))
    assert set(document) == {
        "question",
        "answer",
        "caveats",
        "figures",
        "tables",
        "columns",
        "assumptions",
        "worth_collecting",
        "provenance",
    }
    names = {
        "revenue_total",
        "revenue_in_shares",
        "revenue_without_account",
        "revenue_set_aside",
        "revenue_excluded",
        "accounts",
        "hhi",
        "hhi_legal_entity",
        "effective_accounts",
        "gini",
        "top_1_share",
        "top_5_share",
        "top_10_share",
        "accounts_for_80_percent",
    }
    assert set(document["figures"]) == names | {"kept_share", "kept_plus_grown_share"} | {
        "price_effect",
        "volume_effect",
        "mix_effect",
        "next_year_top_1_share",
        "next_year_top_5_share",
        "next_year_effective_accounts",
    }
    assert {each["unit"] for each in document["figures"].values()} == {"EUR", "accounts", "share"}
    assert {"accounts", "activities", "disclosure_10_percent", "bridge"} <= set(document["tables"])
    skids = next(row for row in document["tables"]["activities"] if row["name"] == "Skids")
    assert (skids["largest_account_name"], round(skids["largest_share"], 2)) == ("Corvane Dairy SA", 0.41)
    assert [row["step"] for row in document["tables"]["bridge"]][::5] == ["opening", "closing"]
    assert list(document["tables"]["accounts"][0]) == ["rank", "account_id", "account_name", "revenue", "share", "abc"]
    [disclosed] = document["tables"]["disclosure_10_percent"]
    assert (disclosed["account_name"], disclosed["companies"]) == ("Aldermoor Water Group plc", 7)


def test_the_figures_of_the_document_reconcile(sample):
    ledger, result = sample
    value = {name: figure.value for name, figure in result.figures.items()}
    parts = sum(value[f"revenue_{part}"] for part in ("in_shares", "without_account", "set_aside", "excluded"))
    assert value["revenue_total"] == pytest.approx(parts + ledger.reconciliation().rounding, abs=1e-4)
    assert value["effective_accounts"] == pytest.approx(1 / value["hhi"])


def test_the_first_screen_carries_answer_figures_control_total_and_document(sample):
    bundle = sample[1]._repr_mimebundle_()
    html = spaced(bundle["text/html"])
    assert html.index("kam-answer") < html.index("kam-figures") < html.index("kam-lead")
    assert "above finance&#x27;s total" in html
    assert bundle[MIME]["answer"] == sample[1].answer


def test_no_path_and_no_url_is_in_the_document(sample):
    text = json.dumps(sample[1].document())
    assert str(sample_settings().parent) not in text
    assert "duckdb://" not in text


def test_the_document_tells_the_parameters_that_were_used():
    ledger = open_ledger(sample_settings(), period="2025", measure="quantity")
    document = collect(ledger, customer="Tressel").result().document()
    asked = {"line": "", "parents": "yes", "key_share": 0.1, "customer": "0010200"}
    assert document["provenance"]["parameters"] == {"period": "2025", "measure": "quantity"} | asked
    assert document["figures"]["revenue_total"]["unit"] == "count"
    assert "of units" in document["answer"]
