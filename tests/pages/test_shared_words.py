"""How pages name numbers, days, customers, notices and assumptions: each at the edge at which its words change."""

import math
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages import assumed, cells, notices, style, words
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.known_values import day_of, known_rows, row_of, text_of
from kam_analysis.pages.results import Answered, Result

DAY = date(2025, 12, 31)


def test_small_numbers_are_words():
    assert [words.number_word(each) for each in (0, 1, 12, 13, 1300, -1)] == [
        "no",
        "one",
        "twelve",
        "13",
        "1,300",
        "-1",
    ]


@pytest.mark.parametrize(("account_id", "said"), [
    ("4711", "Customer 4711"), ("C-007", "Customer C-007"), ("ABC", "Customer ABC"), ("ABCD", "ABCD"), ("Zoë", "Zoë"),
    ("Firm 12 Ltd", "Firm 12 Ltd"), ("AB1", "Customer AB1"), ("ab 1", "Customer ab 1"), ("abc 1", "abc 1"), ("abcd1", "Customer abcd1"), ("abcd1 ", "Customer abcd1 "),
])  # fmt: skip
def test_an_id_without_a_name_is_a_number_or_a_name(account_id, said):
    assert words.named(account_id, account_id) == said
    assert words.named(account_id, "Ash") == "Ash"


def test_a_day_to_come_needs_its_year_only_where_it_is_far_or_over():
    days = {
        DAY: "31 December", date(2026, 10, 27): "27 October", date(2026, 10, 28): "28 October 2026", date(2025, 12, 30): "30 December 2025",
    }  # fmt: skip
    assert {day: plain(words.coming_day(day, DAY)) for day in days} == days


def test_so_many_equal_customers():
    said = {0.94: "0.9 equal customers", 0.96: "one customer", 1.04: "one customer", 1.06: "1.1 equal customers"}
    said |= {9.94: "9.9 equal customers", 10.0: "10 equal customers", 17.6: "18 equal customers"}
    assert {each: words.equal(each) for each in said} == said


def test_measures_and_units():
    settings = SimpleNamespace(measures={"boxes": SimpleNamespace(unit="pallets")})
    ledger = SimpleNamespace(currency="EUR", settings=settings, measure="boxes", line="Pumps", name="Us", as_of=DAY, level="legal_entity",
                             period=SimpleNamespace(label="2025"), master=SimpleNamespace(grouped=True))  # fmt: skip
    assert [words.unit_of(ledger, each) for each in ("revenue", "margin", "boxes", "quantity")] == [
        "EUR",
        "EUR",
        "pallets",
        "units",
    ]
    assert (words.unit(ledger), words.measure_words(ledger)) == ("pallets", "boxes of Pumps")
    assert [words.measure_name(each) for each in ("revenue", "margin", "quantity", "boxes")] == [
        "sales",
        "margin",
        "units",
        "boxes",
    ]
    assert (words.headed("sales of IT"), words.headed("")) == ("Sales of IT", "")
    source = words.source(ledger)
    assert (source.company, plain(source.as_of), str(source)) == ("Us", "31 Dec 2025", "2025, each company for itself")
    ledger.level, ledger.line = "parent", ""
    assert str(words.source(ledger, SimpleNamespace(label="Q1"))) == "Q1"
    assert words.measure_words(ledger) == "boxes"
    ledger.level, ledger.master.grouped = "legal_entity", False
    assert str(words.source(ledger)) == "2025"


def test_what_was_only_proposed_is_no_decision():
    rows = pd.DataFrame({"decision_id": ["a", "b", "c"], "status": ["open", " Proposed ", None]})
    ledger = SimpleNamespace(has=lambda name: name != "none", records=lambda name: rows)
    assert words.records(ledger, "decisions")["decision_id"].tolist() == ["a", "c"]
    assert words.records(ledger, "decisions").index.tolist() == [0, 1]
    assert len(words.records(ledger, "objectives")) == 3
    assert words.records(ledger, "none") is None


def test_the_last_day_for_notice():
    def row(ends, notice):
        return {"ends_on": pd.Timestamp(ends), "notice_by": pd.Timestamp(notice)}

    cases = {
        (None, None): ("no contract", ""), ("2026-04-30", None): ("30 Apr 2026", "any day"), ("2026-04-30", "2026-03-01"): ("30 Apr 2026", "1 Mar 2026"),
        ("2026-04-30", "2025-12-31"): ("30 Apr 2026", "31 Dec 2025"), ("2026-04-30", "2025-12-30"): ("30 Apr 2026", "30 Dec 2025, too late this time"),
        ("2026-04-30", "2026-04-30"): ("30 Apr 2026", "30 Apr 2026 (no notice period on file)"),
        ("2025-12-30", "2025-12-30"): ("30 Dec 2025", "30 Dec 2025, too late this time"),
    }  # fmt: skip
    columns = notices.columns(DAY)
    assert [(each.name, each.heading, each.kind) for each in columns] == [
        ("ends_on", "Contract ends", "date"), ("notice_by", "Last day for notice", "date"),
    ]  # fmt: skip
    assert {case: tuple(plain(each.text(row(*case))) for each in columns) for case in cases} == cases
    assert [notices.day_before(date(2026, 1, day), DAY) for day in (3, 1)] == [date(2026, 1, 2), DAY]
    assert notices.day_before(date(2025, 12, 30), DAY) == DAY


def test_a_cell_says_no_more_than_is_known():
    assert (cells.of("EUR"), cells.of("units"), cells.of("")) == (" (€)", " (units)", "")
    assert [cells.whole(each) for each in (None, math.nan, 1200, 0)] == ["", "", "1,200", "0"]
    assert (cells.share(math.nan), cells.share(0.126), cells.share(0.126, 1)) == ("", "13%", "12.6%")
    assert [cells.chance(each) for each in (math.nan, 0.01, 0.0099, 0.5)] == ["", "1%", "1.0%", "50%"]
    assert (cells.day(pd.NaT, "none"), cells.day(None), plain(cells.day("2025-12-31", "none"))) == (
        "none",
        "",
        "31 Dec 2025",
    )


def test_each_assumption_is_written_by_its_kind():
    values = {"keeping_cost": 1200.0, "cost_per_order": 12.0, "cost_per_hour": 80.0, "ramp_months": 6.0, "own_estimate_odds": 1.5,
              "sales_cycle_months": 3.0, "fixed_cost_cut_months": 9.0, "hours_elasticity": 0.25, "key_account_hours": 8.0,
              "transition_rate": 0.025, "renewal_concession": 0.035, "follow_rate": 0.255}  # fmt: skip
    assert {name: assumed.written(name, value, "EUR") for name, value in values.items()} == {
        "keeping_cost": "€1.2k", "cost_per_order": "€12", "cost_per_hour": "€80", "ramp_months": "6", "own_estimate_odds": "1.5",
        "sales_cycle_months": "3", "fixed_cost_cut_months": "9", "hours_elasticity": "0.25", "key_account_hours": "8",
        "transition_rate": "2.5%", "renewal_concession": "3.5%", "follow_rate": "26%",
    }  # fmt: skip
    assert assumed.in_words("keeping_cost") == "A measure to keep one account, a year"
    of = {name: Assumption(name, value, value / 2, value * 2, "sales") for name, value in values.items()}
    html = assumed.assumptions_table({"ramp_months": of["ramp_months"], "keeping_cost": of["keeping_cost"]}, "EUR").html
    assert html.index("Months from there") < html.index("A measure to keep")
    for cell in ("6", "3 to 12", "sales", "€1.2k", "€600 to €2.4k"):
        assert f">{cell}</td>" in html
    assert assumed.assumptions_table({}, "EUR").html == ""


def test_own_estimates_are_doubted_only_where_there_are_some():
    known = {name: Assumption(name, 1.0, 0.5, 2.0, "x") for name in ("own_estimate_odds", "ramp_months")}
    ledger = SimpleNamespace(settings=SimpleNamespace(assumption=known.get))
    for traits, names in (
        ({"churn_probability": [math.nan, 0.1]}, ["own_estimate_odds", "ramp_months"]), ({"churn_probability": [math.nan]}, ["ramp_months"]), ({}, ["ramp_months"]),
    ):  # fmt: skip
        ledger.traits = lambda traits=traits: pd.DataFrame(traits)
        assert list(assumed.assumptions(ledger, ["own_estimate_odds", "ramp_months", "follow_rate"])) == names


def test_what_is_known_of_a_row():
    frame = pd.DataFrame({"account_id": ["A", "A", "B"], "name": [" Ash ", "x", None], "day": pd.to_datetime(["2025-01-02", None, None]), "list": [["a"], [], ()]})  # fmt: skip
    first, _, last = known_rows(frame)
    assert (list(first), list(last)) == (["account_id", "name", "day", "list"], ["account_id", "list"])
    assert row_of(frame, "A") == first
    assert (row_of(frame, "C"), row_of(pd.DataFrame(), "A")) == ({}, {})
    assert (text_of(first, "name"), text_of(last, "name")) == ("Ash", "")
    assert (day_of(first, "day"), day_of(last, "day")) == (date(2025, 1, 2), None)


def test_at_a_prompt_a_finding_is_its_answer_and_its_figures():
    class Found(Answered):
        def result(self):
            return Result("Q?", "We depend on one.", {}, {}, {}, shown=[KeyFigure("Largest", "18%", "+2"), KeyFigure("Five", "41%")])  # fmt: skip

    found = Found()
    assert (found.answer, repr(found)) == ("We depend on one.", "We depend on one.\nLargest: 18% (+2)\nFive: 41%")
    assert found._repr_mimebundle_()["text/plain"] == found.answer
    with pytest.raises(NotImplementedError):
        Answered().result()


@pytest.mark.parametrize(("value", "places", "said"), [
    (0.0005, 1, "0.1%"), (0.00049, 1, "under 0.1%"), (-0.00049, 1, "under 0.1%"), (0.994, 0, "99%"), (0.996, 0, "over 99.9%"), (1.0, 0, "100%"), (-1.0, 0, "-100%"), (12.345, 1, "1,234.5%"),
])  # fmt: skip
def test_a_share_never_rounds_to_all_or_nothing(value, places, said):
    assert plain(style.share(value, places)) == said


def test_numbers_at_the_edges_of_their_words():
    assert [plain(style.points(each)) for each in (0.0005, 0.00049, -0.0005)] == [
        "+0.1 points",
        "unchanged",
        "-0.1 points",
    ]
    assert [plain(style.change(each)) for each in (0.5, 0.49, -0.5, 1234.0)] == ["+0", "unchanged", "-0", "+1,234"]
    assert [plain(style.change(each, 1)) for each in (0.05, 0.049, -2.0)] == ["+0.1", "unchanged", "-2.0"]
    assert [style.counted(each, "row") for each in (0, 1, 2, 1200)] == ["0 rows", "1 row", "2 rows", "1,200 rows"]
    assert style.counted(2, "entry", "entries") == "2 entries"
    assert [plain(style.exact(each)) for each in (1234567.891, -0.001, math.inf)] == [
        "1,234,567.89",
        "0.00",
        "not assessed",
    ]
    assert [plain(style.money(each)) for each in (99.0, 99.5, 100.4, 999.4, 1000.0, 9_996.0, 99_960.0)] == [
        "99", "99.50", "100", "999", "1.00k", "10.00k", "100.0k",
    ]  # fmt: skip
    assert [plain(style.on_axis(each, "EUR")) for each in (0, 2_500, -5e6, 1e12)] == ["€0", "€2.5k", "-€5m", "€1tn"]
    assert [style.shortened(each, 5) for each in ("Birch", "Birch ", "Birchs", "Bir & Co")] == [
        "Birch",
        "Birch",
        "Birc…",
        "Bir…",
    ]
    assert [style.sign(each) for each in ("EUR", "USD", "GBP", "JPY", "CHF", "units")] == [
        "€",
        "$",
        "£",
        "¥",
        "CHF",
        "units",
    ]
