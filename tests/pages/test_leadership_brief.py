"""The leadership brief: its figures are the other pages', its money counts once, and it tells what kind of change it saw."""

import json
import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.errors import DataError, SettingsError
from kam_analysis.pages import history
from kam_analysis.pages.leadership_brief import five_figures, other_pages
from kam_analysis.pages.leadership_brief.changes import METHOD, RESTATED, SETTINGS, reported_anew
from kam_analysis.pages.leadership_brief.five_figures import ABOVE, BELOW, WITHIN, Watched
from kam_analysis.pages.results import Figure

SETTINGS_TEXT = """
name = "Small Works"
currency = "EUR"
as_of = 2025-12-31
[tables.transactions]
file = "transactions.csv"
[tables.accounts]
file = "accounts.csv"
[tables.managers]
file = "managers.csv"
[tables.contracts]
file = "contracts.csv"
[tables.feedback]
file = "feedback.csv"
[tables.decisions]
file = "decisions.csv"
"""
ANNOUNCED = "M1,Ann Hill,S1,manager,2026-02-28,2025-12-01,Vex\n"
FILES = {
    "accounts__csv": "account_id,account_name,is_key,account_manager_id,competitor,satisfaction,annual_spend,churn_probability\n"
    "A1,Ash Mills,true,M1,Vex,4,4000,0.2\nB1,Birch,true,M2,,9,9000,0.1\nC1,Cedar,,M1,,7,,0.1\nD1,Dogwood,,M2,,7,,0.1\n",
    "managers__csv": "manager_id,manager_name,superior_id,level,leaving_on,announced_on,joins\n"
    + ANNOUNCED + "M2,Ben Lake,S1,manager,,,\nS1,Sue Field,E1,superior,,,\nE1,Eve Moor,,executive,,,\n",
    "contracts__csv": "account_id,ends_on,notice_days\nA1,2026-04-30,60\nB1,2027-12-31,60\n",
    "feedback__csv": "account_id,date,said,by,score\nA1,2025-11-20,We look at both offers now that Ann goes.,Ida Ray,5\n",
    "decisions__csv": "decision_id,date,decision,kind,owner,due,status,result,account_id\n"
    "D1,2025-11-02,Check the pumps with Ann,action,Ben Lake,2025-12-15,open,,A1\n"
    "D2,2025-11-03,Visit Birch,action,Ben Lake,2026-01-10,open,,B1\n"
    "D3,2025-10-01,Send the list,action,Sue Field,2025-11-20,done,Sent,B1\n"
    "D4,2024-10-01,An old one,action,Sue Field,2024-11-20,done,,B1\n",
    "transactions__csv": "account_id,date,revenue,cost,product_line\n"
    + "".join(
        f"{who},{year}-{month:02}-10,{amount},{amount * share},{line}\n"
        for year in (2022, 2023, 2024, 2025)
        for month in range(1, 13)
        for who, amount, share, line in (
            ("A1", 300 if year < 2025 else 200, 0.7, "Pumps"), ("B1", 200, 0.6, "Seals"), ("C1", 20, 0.5, "Pumps"), ("D1", 25, 0.5, "Seals"),
        )
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("small")


def written(folder, **files):
    for name, text in (FILES | files).items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    (folder / "kam.toml").write_text(files.get("settings", SETTINGS_TEXT), encoding="utf-8")
    return folder / "kam.toml"


@pytest.fixture(scope="module")
def ledger(folder):
    return kam.open_ledger(written(folder))


@pytest.fixture(scope="module")
def brief(ledger, shelf):
    with shelf():
        return kam.leadership_brief(ledger)


@pytest.fixture(scope="module")
def brief_of_all_data(folder):
    return kam.leadership_brief(kam.open_ledger(written(folder), period="all"))


def test_every_figure_is_another_pages_to_the_digit(ledger, brief):
    """By an independent route: each page asked again by itself, today and on the earlier day."""
    pages = {
        "01_concentration": kam.concentration,
        "02_key_accounts": kam.key_accounts,
        "03_churn_impact": kam.churn_impact,
        "04_coverage": kam.coverage,
    }
    reports, then = {each.report for each in brief.figures}, ledger.at(brief.since)
    today = {report: pages[report](ledger).result().figures for report in reports}
    before = {report: pages[report](then).result().figures for report in reports}
    assert len(brief.figures) == 5
    for each in brief.figures:
        assert each.figure == today[each.report][each.name]
        assert each.before == before[each.report][each.name].value
    losses = kam.churn_impact(ledger)
    exposure = dict(zip(losses.accounts["account_id"], losses.accounts["exposure"], strict=True))
    for row in brief.risks.to_dict("records"):
        assert row["exposure"] == exposure[row["account_id"]]
    pd.testing.assert_frame_equal(brief.against_plan, losses.cases.head(3)[list(brief.against_plan)])
    for row in brief.opportunities.to_dict("records"):
        if row["report"] == "05_account_plan":
            assert row["amount"] == kam.account_plan(ledger, row["account_id"]).result().figures["headroom"].value
        else:
            assert row["amount"] == kam.coverage(ledger).allocation.gain


def test_the_answer_names_days_as_facts_in_at_most_two_dozen_words(brief):
    assert plain(brief.answer) == (
        "Ash Mills can give notice until 1 March. Its manager leaves on 28 February. One decision is overdue."
    )
    assert len(brief.answer.split()) <= 24


def test_the_first_compared_day_is_a_quarter_before_and_one_that_is_asked_for_counts(ledger, brief, shelf):
    assert brief.since == date(2025, 9, 30)
    with shelf():
        assert kam.leadership_brief(ledger, since="2025-06-30").since == date(2025, 6, 30)
    with pytest.raises(SettingsError, match="since: expected a day before the as-of date 2025-12-31, got 2025-12-31"):
        kam.leadership_brief(ledger, since="2025-12-31")


def test_an_ask_has_options_owner_day_and_cost_and_money_counts_once(ledger, brief):
    keep, hand_over = brief.asks[:2]
    assert len(brief.asks) <= 3
    assert (keep.what, keep.owner, keep.account_ids) == ("How we keep Ash Mills", "Eve Moor", ("A1",))
    assert keep.due <= date(2026, 3, 1)
    assert keep.cost == pytest.approx(200 * 12 * 0.3)
    assert keep.options[-1].startswith("Do nothing: a chance of")
    assert hand_over.what == "Who takes over Ann Hill's 2 customers"
    assert (hand_over.owner, hand_over.account_ids) == ("Sue Field", ("A1", "C1"))
    rows = kam.coverage(ledger).departing.of("M1").accounts.set_index("account_id")["at_risk_margin"]
    # Ash Mills stands in the first ask: of its manager's customers only Cedar is counted here.
    assert hand_over.cost == rows["C1"]
    assert hand_over.cost < rows.sum()
    assert "from 1 customer not counted above" in hand_over.cost_of


def test_an_ask_that_was_answered_is_not_asked_again_and_one_that_was_agreed_keeps_owner_and_day(brief, tmp_path):
    first, second = brief.asks[:2]
    rows = [
        f"{first.decision_id},2025-12-20,{first.what},decision,Sue Field,2026-01-31,done,Kept,A1",
        f"{second.decision_id},2025-12-20,{second.what.replace(',', '')},decision,Eve Moor,2026-01-15,open,,",
    ]
    back = FILES["decisions__csv"] + "".join(f"{each}\n" for each in rows)
    asks = kam.leadership_brief(kam.open_ledger(written(tmp_path, decisions__csv=back))).asks
    assert first.decision_id not in {each.decision_id for each in asks}
    [agreed] = [each for each in asks if each.decision_id == second.decision_id]
    assert (agreed.owner, agreed.due) == ("Eve Moor", date(2026, 1, 15))
    assert agreed.cost > second.cost, "the money of the answered one's customer is counted here now"


def test_decisions_are_told_overdue_first_and_old_ones_not_at_all(brief):
    assert brief.decisions[["decision_id", "state"]].values.tolist() == [
        ["D1", "overdue"],
        ["D2", "due soon"],
        ["D3", "done"],
    ]
    assert brief.decisions["account_name"].tolist() == ["Ash Mills", "Birch", "Birch"]
    assert brief.decisions["result"].tolist()[2] == "Sent"


def test_what_changed_names_an_announcement_and_the_kind_of_work(brief):
    said = [plain(each.what) for each in brief.changes if each.kind == "business"]
    assert said[0] == "Ann Hill, who looks after 49% of sales, leaves on 28 Feb 2026"


def test_a_voice_of_a_customer_is_on_the_page_and_in_no_result(brief):
    assert "We look at both offers" in brief.voice_said().html
    assert "both offers" not in json.dumps(brief.result().document())


def test_a_departure_that_is_not_announced_is_in_no_part_of_it(tmp_path):
    for empty in ("M1,Ann Hill,S1,manager,2026-02-28,,Vex\n", "M1,Ann Hill,S1,manager,2026-02-28,2026-01-15,Vex\n"):
        folder = tmp_path / str(len(empty))
        folder.mkdir()
        staff = FILES["managers__csv"].replace(ANNOUNCED, empty)
        found = kam.leadership_brief(kam.open_ledger(written(folder, managers__csv=staff)))
        shown = " ".join([
            json.dumps(found.result().document()), found.result()._repr_mimebundle_()["text/html"], found.actions().html,
            found.decisions_table().html().html, found.voice_said().html, found.risks_table().html().html,
        ])  # fmt: skip
        # Her name, what was written of her, the day and where she goes.
        for word in ("Ann", "Hill", "28 Feb", "2026-02-28", "manager leaves"):
            assert not re.search(rf"\b{word}\b", shown), (empty, word)
        assert "Action of 2 Nov 2025" in plain(shown)
        # The money that it moves counts: it is among what could take several at once, under no name.
        [cause] = found.now.losses.common.departures.values()
        assert cause.name == "an account manager"


@pytest.mark.parametrize("names", ["initials", "none"])
def test_without_full_names_no_person_is_in_it(tmp_path, names):
    path = written(tmp_path, settings=SETTINGS_TEXT + f'\n[people]\nnames = "{names}"\n')
    found = kam.leadership_brief(kam.open_ledger(path))
    shown = " ".join([
        json.dumps(found.result().document()), found.result()._repr_mimebundle_()["text/html"], found.actions().html,
        found.decisions_table().html().html, found.voice_said().html,
    ])  # fmt: skip
    for word in ("Ann", "Hill", "Ben", "Lake", "Sue", "Field", "Eve", "Moor", "Ida"):
        assert not re.search(rf"\b{word}\b", shown), word
    assert "Visit Birch" not in shown


def test_sales_and_names_alone_give_a_useful_sheet():
    days = pd.date_range("2023-01-10", "2025-12-10", freq="MS") + pd.Timedelta(days=9)
    rows = [(who, day, amount) for day in days for who, amount in (("Ash", 90.0), ("Birch", 60.0), ("Cedar", 20.0))]
    ledger = kam.open_ledger(pd.DataFrame(rows, columns=["account_id", "date", "revenue"]), as_of="2025-12-31")
    found = kam.leadership_brief(ledger)
    assert plain(found.answer).startswith("Nothing on file needs a decision. Sales of twelve months are 2.04k")
    assert len(found.answer.split()) <= 24
    assert [each.report for each in found.figures].count("01_concentration") >= 3
    assert "Nothing on file needs a leadership decision" in found.actions().html
    assert found.decisions_table().html().html == '<p class="kam-note">No decisions are on file.</p>'
    json.dumps(found.result().document())


def test_one_year_of_data_says_that_nothing_can_be_compared():
    rows = pd.DataFrame(
        {"account_id": ["A", "B"], "date": pd.to_datetime(["2025-11-02", "2025-12-02"]), "revenue": [3.0, 4.0]}
    )
    found = kam.leadership_brief(kam.open_ledger(rows))
    assert found.before is None
    assert "What changed is not known" in found.actions().html
    assert any(each.startswith("Nothing is compared with an earlier day") for each in found.result().caveats)


def test_fewer_than_twelve_months_before_the_earlier_day_are_held_against_nothing(ledger):
    """Nine months against twelve would be a fall that never was."""
    pages, why = other_pages.pages_on(ledger, date(2022, 10, 31))
    assert pages is None
    assert plain(why) == "the data begins on 10 Jan 2022, less than twelve months before 31 Oct 2022"


def test_all_data_to_a_later_day_is_more_and_no_change(brief_of_all_data):
    by_name = {each.name: each for each in brief_of_all_data.figures}
    assert by_name["revenue_in_shares"].before is None
    assert by_name["worst_case_top_1"].before is not None  # of twelve months, whatever the period


def test_last_years_forecast_is_held_against_the_twelve_months_that_came(brief_of_all_data, ledger):
    """By an independent route: the shares of the last twelve months, also where the page's period is all data."""
    sold = ledger.by_account(ledger.period_of("last_12_months"), measures=["revenue"])["revenue"]
    rows = brief_of_all_data.forecast_table().rows.set_index("name")
    assert rows["came"]["largest customer"] == pytest.approx(sold.max() / sold.sum())
    assert rows["held"]["largest customer"] == (
        rows["low"]["largest customer"] <= rows["came"]["largest customer"] <= rows["high"]["largest customer"]
    )


def test_a_page_that_fails_is_named_and_the_brief_goes_on(ledger, monkeypatch):
    def broken(ledger):
        raise DataError("no coverage today")

    monkeypatch.setattr(other_pages, "coverage", broken)
    monkeypatch.setattr(other_pages, "company", broken)
    found = kam.leadership_brief(ledger)
    assert found.now.failed == {"04_coverage": "no coverage today"}
    assert "04_coverage failed and is not in the brief: no coverage today" in found.result().caveats
    assert "Missing from this brief, because it failed: 04_coverage." in found.result().lead
    assert found.now.losses is not None
    assert len(found.figures) == 5


def test_the_chart_shows_each_risk_and_what_is_expected_of_it(brief):
    whole, expected = brief.at_stake_chart().data
    rows = brief.risks.iloc[::-1]
    assert list(whole.x) == rows["exposure"].tolist()
    assert list(expected.x) == pytest.approx((rows["exposure"] * rows["probability"]).tolist())
    assert [plain(each) for each in whole.text[::-1]][:2] == ["€960, 10%", "€720, 20%"]


def test_a_period_that_is_no_year_is_named_and_has_no_range(folder):
    found = kam.leadership_brief(kam.open_ledger(written(folder), period="2025-01-01/2025-12-31"))
    assert found.figures[0].label.startswith("Sales, ")
    assert "2025" in found.figures[0].label
    assert found.figures[0].low is None


def watched(value, low, high):
    return Watched(report="x", name="y", label="z", figure=Figure(value, "EUR"), low=low, high=high)


def test_a_move_within_two_years_range_is_called_that():
    assert [watched(each, 2.0, 4.0).reading for each in (1.9, 2.0, 4.0, 4.1)] == [BELOW, WITHIN, WITHIN, ABOVE]
    assert watched(1.0, None, None).reading == ""


def test_the_range_is_01s_own_course_and_for_others_what_four_reports_printed(ledger, brief):
    trend = kam.concentration(ledger).trend.tail(24)
    by_name = {each.name: each for each in brief.figures}
    assert "top_5_share" not in by_name  # of four customers it is always all; of more it is told by this course
    for name in ("top_5_share", "top_1_share", "effective_accounts"):
        course = five_figures._range(brief.now, brief.history, report="01_concentration", name=name)
        assert course == trend[name].tolist()
    sales = by_name["revenue_in_shares"]
    assert (sales.low, sales.high) == (trend["total"].min(), trend["total"].max())
    lost = by_name["worst_case_top_1"]
    assert (lost.low, lost.high) == (None, None)


class TestKindsOfChange:
    """Figures of the earlier day, reported then and computed again today."""

    @pytest.fixture
    def before(self, brief):
        return brief.before

    def record(self, before, **otherwise):
        result = before.results["01_concentration"]
        _, content = history.document_of("01_concentration", result.document())
        record = history._record(content)
        return replace(record, **otherwise)

    def kinds(self, before, record):
        return {each.kind for each in reported_anew(before, history.History(records=[record]))}

    def test_nothing_moved_is_no_change(self, before):
        assert self.kinds(before, self.record(before)) == set()

    def test_another_total_of_the_same_rows_settings_and_version_is_restated_data(self, before):
        record = self.record(before)
        moved = dict(record.figures, revenue_total=record.figures["revenue_total"] - 5.0)
        assert self.kinds(before, replace(record, figures=moved)) == {RESTATED}

    def test_other_settings_over_the_same_rows_are_the_settings(self, before):
        record = self.record(before, settings="others")
        assert self.kinds(before, replace(record, figures=dict(record.figures, hhi=0.1))) == {SETTINGS}

    def test_another_version_over_the_same_rows_is_the_method(self, before):
        record = self.record(before, version="0.0.9")
        assert self.kinds(before, replace(record, figures=dict(record.figures, hhi=0.1))) == {METHOD}

    def test_what_cannot_be_told_apart_is_not(self, before):
        record = self.record(before, settings="others")
        moved = dict(record.figures, revenue_total=1.0)
        assert self.kinds(before, replace(record, figures=moved)) == {f"{RESTATED} or {SETTINGS}"}

    def test_figures_of_other_parameters_are_not_compared(self, before):
        record = self.record(before, parameters="asked otherwise")
        assert self.kinds(before, replace(record, figures=dict(record.figures, hhi=0.1))) == set()
