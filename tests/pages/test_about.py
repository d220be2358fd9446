"""What a page says of the data behind it, of a ledger made by hand; and whom a reader means by what is typed."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis import __version__
from kam_analysis.analysis.concentration import concentrate
from kam_analysis.errors import SettingsError
from kam_analysis.ledger.frames.reconciliation import Control
from kam_analysis.ledger.settings.period import Period
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.pages import about as abouts
from kam_analysis.pages.about import control_line, unmatched
from kam_analysis.pages.highlighted import highlighted, meant, picked, suggestion, typed, with_numbers

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31), "2025")
SETTINGS = 'name = "Us"\n[tables.transactions]\nfile = "sales.csv"\n'


def book(**amounts):
    rows = pd.DataFrame(
        {"account_id": list(amounts), "account_name": [f"{each} Ltd" for each in amounts], "revenue": amounts.values()}
    )
    return concentrate(rows, "revenue")


class Master(SimpleNamespace):
    """No other's equal, as the real one: what is found of it is kept by it."""

    __hash__ = object.__hash__


@pytest.fixture
def ledger(company):
    """As much of a ledger as a page asks to say whose it is."""
    return SimpleNamespace(
        name="Us", currency="EUR", measure="revenue", line="", level="parent", as_of=date(2025, 12, 31), period=YEAR, period_as_written="2025",
        settings=load_settings(company(SETTINGS, sales__csv="account_id,date,revenue\nA,2025-01-01,1\n")),
        master=Master(grouped=True, refused=None, members=lambda ids: list(ids)), managers_are_sellers=True,
        overview=SimpleNamespace(last=date(2025, 12, 30), rows=7), fingerprint="f", source="csv", told_warnings=[3, "four"],
        has=lambda table, column: table == "accounts", controls=lambda: [],
        nearly_known=pd.DataFrame({"id": ["A", "B"], "known_id": ["0A", "0B"], "rules": ["leading_zeros, case", "case"]}),
        identities=lambda companies: pd.DataFrame({"account_id": companies, "account_name": companies}),
    )  # fmt: skip


def test_a_page_says_whose_data_it_is(ledger):
    wanted = {
        ("contacts", "x"): "contacts",
        ("accounts", "x"): "accounts",
        ("a", "x"): "one",
        ("b", "x"): "two",
        ("c", "x"): "three",
    }
    found = abouts.about(ledger, book(A=60.0, B=40.0), before=book(A=80.0), wanted=wanted)
    assert (found.company, found.currency, found.measure, found.measure_words, found.unit) == (
        "Us",
        "EUR",
        "revenue",
        "sales",
        "EUR",
    )
    assert (found.period, found.as_of, found.line, found.grouped, found.groups_known, found.sellers_manage) == (
        YEAR, date(2025, 12, 31), "", True, True, True,
    )  # fmt: skip
    assert found.worth_collecting == ("contacts", "one", "two")
    assert found.warnings == ("3", "four")
    assert found.key_share == ledger.settings.significance.share
    assert plain(found.sold).startswith("€100 of sales, 2025 (+25.0% on the year before).")
    assert plain(found.doubts[0]).startswith("100% of sales come from customers whose ids are written differently in the customer list (A here, 0A there).")  # fmt: skip
    assert 'normalise = ["case", "leading_zeros"]' in found.doubts[0]
    other = Period(date(2025, 7, 1), date(2025, 12, 31), "H2")
    ledger.line, ledger.level = "Pumps", "legal_entity"
    half = abouts.about(ledger, book(A=1.0), period=other, measure="margin", wanted={})
    assert (half.measure, half.measure_words, half.period, half.line, half.grouped) == (
        "margin",
        "margin of Pumps",
        other,
        "Pumps",
        False,
    )
    assert (str(half.source), half.sold.split(",")[1][:3]) == ("H2, each company for itself", " H2")
    again = abouts.asked_otherwise(found, ledger)
    assert (again.measure_words, again.line, again.grouped, again.sold, again.doubts) == (
        "sales of Pumps",
        "Pumps",
        False,
        "",
        (),
    )
    assert (again.company, again.warnings, str(again.source)) == ("Us", found.warnings, "2025, each company for itself")


def test_where_figures_come_from(ledger):
    found = abouts.provenance(ledger)
    assert found == {
        "version": __version__, "settings_fingerprint": abouts.settings_fingerprint(ledger.settings), "data_fingerprint": "f", "as_of": "2025-12-31",
        "parameters": {"period": "2025", "measure": "revenue"}, "seed": None, "company": "Us", "currency": "EUR", "period": "2025",
        "first_day": "2025-01-01", "last_day": "2025-12-31", "freshness": "newest sale 1 day before the as-of date", "source": "csv", "rows": 7,
    }  # fmt: skip
    about = SimpleNamespace(provenance=found)
    asked = abouts.with_parameters(about, seed=5, customer="A")
    assert (asked["parameters"], asked["seed"]) == ({"period": "2025", "measure": "revenue", "customer": "A"}, 5)
    assert found["parameters"] == {"period": "2025", "measure": "revenue"}
    for last, said in ((date(2025, 12, 31), "data up to the as-of date"), (date(2026, 1, 2), "data up to the as-of date"), (date(2025, 12, 29), "newest sale 2 days before the as-of date")):  # fmt: skip
        ledger.overview.last = last
        assert abouts.freshness(ledger) == said


def test_settings_that_change_no_figure_change_no_fingerprint(company):
    def of(more, folder=""):
        return abouts.settings_fingerprint(load_settings(company(more + SETTINGS, sales__csv="account_id,date,revenue\nA,2025-01-01,1\n")))  # fmt: skip

    plain_ones = of("")
    assert len(plain_ones) == 16
    assert of("as_of = 2025-06-30\n") == plain_ones
    assert of('currency = "USD"\n') != plain_ones


def test_less_than_a_hundredth_that_is_not_matched_is_no_doubt(ledger):
    # B bought nothing in these months.
    assert len(unmatched(ledger, book(A=1.0, C=99.0))) == 1
    ledger.nearly_known = ledger.nearly_known.head(1)
    assert unmatched(ledger, book(A=1.0, B=99.1)) == []
    assert len(unmatched(ledger, book(A=1.0, B=99.0))) == 1
    assert unmatched(ledger, book(B=1.0)) == []


def test_finance_s_total_is_held_against_the_same_measure_and_whole_months(ledger):
    def control(finance, ours, year="2025", measure="revenue", partly=False, of_months=False):
        return Control(year, measure, ours, finance, partly, of_months)

    def line(*controls, before=None):
        return plain(control_line(ledger, book(A=100.0), before, controls))

    assert line() == "€100 of sales, 2025. Not reconciled with finance: no control total was provided."
    assert line(before=book(A=80.0)).startswith("€100 of sales, 2025 (+25.0% on the year before).")
    assert line(control(100.0, 100.004)) == "€100 of sales, 2025. Invoices for 2025 equal finance's total."
    assert line(control(100.0, 100.006)).endswith("Invoices for 2025 are €0.01 (under 0.1%) above finance's total.")
    assert line(control(120.0, 100.0)).endswith("Invoices for 2025 are €20 (16.7%) below finance's total.")
    assert line(control(0.0, 20.0)).endswith("Invoices for 2025 are €20 above finance's total.")
    months = control(90.0, 100.0, of_months=True)
    assert line(months).endswith("Invoices for the same months are €10 (11.1%) above finance's total.")
    assert "for the half year" in line(control(90.0, 100.0, of_months=True, year="half year"))
    # The last that counts; what covers a part of its months, or another measure, does not.
    assert line(control(1.0, 2.0), control(100.0, 100.0), control(3.0, 9.0, partly=True), control(3.0, 9.0, measure="margin")).endswith("equal finance's total.")  # fmt: skip
    assert "Not reconciled" in line(control(1.0, 2.0, measure="margin"))


def test_a_customer_is_meant_by_number_then_by_name_then_by_a_part_of_it():
    accounts = pd.DataFrame({"account_id": ["1", "2", "3", "Ash"], "account_name": ["Ash", "Ash North", "a.h", "x"]})
    assert {said: meant(accounts, said)["account_id"].tolist() for said in ("1", "Ash", "ash", "SH", "a.h", "q")} == {
        "1": ["1"], "Ash": ["Ash"], "ash": ["1"], "SH": ["1", "2"], "a.h": ["3"], "q": [],
    }  # fmt: skip
    of = book(A1=5.0, A2=4.0, B1=3.0)
    assert [highlighted(of, said) for said in ("", "  ", " A2 ", "b1 ltd", "B")] == ["", "", "A2", "B1", "B1"]
    for said, words in (("A", "may be any of A1 Ltd (A1) and A2 Ltd (A2)"), ("A1 Lt.", 'did you mean "A1 Ltd"?'), ("zzzzzzzz", "type part of the name, or the number")):  # fmt: skip
        with pytest.raises(SettingsError) as error:
            highlighted(of, said)
        assert words in str(error.value)
        assert picked(of, said) == ("", str(error.value))
    assert suggestion("A1", "Ash (old)") == "Ash (old) (A1)"
    assert [typed(each) for each in ("Ash (old) (A1)", "Ash", "A1")] == ["A1", "Ash", "A1"]
    assert picked(of, "A2 Ltd (A2)") == ("A2", "")
    many = pd.DataFrame({"account_id": [f"K{at}" for at in range(7)], "account_name": [f"K{at}" for at in range(7)]})
    assert with_numbers(many) == "Customer K0 (K0), Customer K1 (K1), Customer K2 (K2), Customer K3 (K3), Customer K4 (K4) and 2 more"  # fmt: skip


@pytest.mark.parametrize(
    ("difference", "finance", "year", "of_months", "key", "amount"),
    [
        (0.5, 200.0, "2025", False, "above", "€0.5 (0.2%)"),
        (-0.5, 200.0, "2025", False, "below", "€0.5 (0.2%)"),
        (0.0051, 0.0, "2025", False, "above", "€0.01"),
        (0.0049, 200.0, "2025", False, "equal", ""),
        (-0.0049, 200.0, "2025", False, "equal", ""),
        (30.0, 200.0, "12 months", True, "above", "€30 (15.0%)"),
        (30.0, 200.0, "9 months", True, "above", "€30 (15.0%)"),
    ],
)
def test_a_control_total_is_above_or_below_from_half_a_cent_on(
    difference, finance, year, of_months, key, amount, monkeypatch
):
    monkeypatch.setattr(
        abouts, "say", lambda name, **told: f"{name} {told.get('when', '')}|{told.get('amount', '')}".strip()
    )
    last = SimpleNamespace(difference=difference, finance=finance, year=year, of_months=of_months)
    when = "first_screen.same_months |" if year == "12 months" else ("the 9 months" if of_months else "2025")
    assert plain(abouts._against(last, "12 months", "EUR")) == f"first_screen.control_{key} {when}|{amount}"
