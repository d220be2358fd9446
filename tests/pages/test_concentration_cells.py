"""Every cell of 01, exactly: a `Found` made by hand, its tables, key figures, words and charts, and what is published."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import numpy as np
import openpyxl
import pandas as pd
import pytest
from concentration_for_tests import about, book, found, frame, reconciliation, whole, year
from drawn_for_tests import charts, held
from words_for_tests import plain

from kam_analysis.analysis import concentration as kam
from kam_analysis.batch.spreadsheet import tables_workbook
from kam_analysis.ledger.frames.reconciliation import LeftOut
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages.concentration import advice, answer, tables
from kam_analysis.pages.html import Html
from kam_analysis.pages.table import Table
from kam_analysis.pages.tile_marks import sparkline


@pytest.fixture(scope="module")
def all_of_it():
    return whole()


@pytest.fixture(scope="module")
def document(all_of_it):
    return all_of_it.result().document()


class Page(HTMLParser):
    """The tables and notes of a fragment, as text."""

    def __init__(self, html):
        super().__init__()
        self.captions, self.heads, self.rows, self.feet, self.notes, self.strong = [], [], [], [], [], []
        self._part, self._text, self._row = "", None, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        kind = dict(attributes).get("class") or ""
        if tag in ("thead", "tbody", "tfoot"):
            self._part = tag
        elif tag == "tr":
            self._row = []
            if self._part == "tbody" and kind == "strong":
                self.strong.append(len(self.rows))
        elif tag in ("th", "td", "caption", "p", "li"):
            self._text = ""

    def handle_data(self, data):
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self._row.append(plain(self._text))
        elif tag == "tr":
            {"thead": self.heads, "tbody": self.rows, "tfoot": self.feet}[self._part].append(self._row)
        elif tag == "caption":
            self.captions.append(plain(self._text))
        elif tag in ("p", "li"):
            self.notes.append(plain(self._text))
        if tag in ("th", "td", "caption", "p", "li"):
            self._text = None


def page(shown: Html | Table) -> Page:
    return Page(shown._repr_html_())


NO_MORE = (
    'None of this is in the figures. To confirm, save the sheet "01 parents to confirm" of tables.xlsx as a file of its '
    "own, write yes or no behind each, and name the file in the settings: [tables.parents] file = "
    '"parents.xlsx".'
)
# Of each table: its captions, heads, rows, footers and notes, as a reader sees them.
ON_THE_PAGE = {
    "accounts_table": (
        ["The 7 largest customers"],
        [["Rank", "Customer", "Sales (€)", "Share", "Cumulative", "Class", "Change vs. last year"]],
        [
            # 312.4 of 1,000 against 290 of 900; Dogwood and Gum bought nothing a year before.
            ["1", "Alder Water", "312k", "31.2%", "31.2%", "A", "-1.0 points"],
            ["2", "Birch Mills", "205k", "20.5%", "51.8%", "A", "-5.0 points"],
            ["3", "Cedar Foods", "152k", "15.2%", "67.0%", "A", "+1.9 points"],
            ["4", "Dogwood Ltd", "123k", "12.3%", "79.2%", "A", "+12.3 points"],
            ["5", "Elm Works", "98.1k", "9.8%", "89.0%", "A", "-2.4 points"],
            ["6", "Fir Pumps", "61.8k", "6.2%", "95.2%", "B", "-0.7 points"],
            ["7", "Gum Trading", "47.8k", "4.8%", "100.0%", "C", "+4.8 points"],
        ],
        [],
        [],
    ),
    "activities_table": (
        ["Largest customer by line and region"],
        [["Kind", "Activity", "Amount", "Customers", "Effective number", "Largest customer", "Its share",
          "Share of all sales"]],
        [
            ["All", "Sales", "€1m", "7", "5", "Alder Water", "31.2%", "31.2%"],
            ["All", "Margin", "€204k", "6", "4", "Birch Mills", "35.0%", "20.5%"],
            ["Product line", "Seals", "€88k", "4", "2", "Gum Trading", "50.0%", "4.8%"],
            ["Presence", "Regions served", "5 regions", "7", "", "Cedar Foods", "4 of 5", "15.2%"],
            ["Region", "North", "€402k", "5", "3", "Dogwood Ltd", "30.0%", "12.3%"],
        ],
        [],
        [
            "Margin: shares are of the €204k from 6 customers. The €9.9k lost on 1 other is left out.",
            "North: shares are of the €402k from 5 customers. The €6k lost on 3 others is left out.",
        ],
    ),
    "year_table": (
        ["The year so far: 1 Jan 2026 to 31 Mar 2026"],
        [["", "This year", "Same days last year", "Change"]],
        [
            ["sales", "€229k", "€200k", "+14.5%"],
            ["customers", "7", "5", "+2"],
            ["largest customer", "35.4%", "35.0%", "+0.4 points"],
            ["five largest", "90.4%", "100.0%", "-9.6 points"],
            # 229^2 / 11,741 and 200^2 / 10,250.
            ["effective number of customers", "4.5", "3.9", "+0.6"],
        ],
        [],
        [],
    ),
    "pushed_table": (
        ["Who made us more (+) or less (-) concentrated"],
        [["Customer", "Share last year", "Share now", "Effect on HHI (0-10,000)"]],
        [
            # (201 / 894)^2 - (222 / 820)^2, and so on.
            ["Birch Mills", "27.1%", "22.5%", "-227.5"],
            ["Alder Water", "34.1%", "35.8%", "+115.3"],
            ["Cedar Foods", "14.4%", "16.8%", "+74.4"],
            ["Elm Works", "12.1%", "10.1%", "-44.4"],
            ["Hazel Labs", "5.0%", "none", "-25.0"],
            ["Ivy Marine", "none", "4.5%", "+20.0"],
            ["2 other customers", "", "", "+5.1"],
        ],
        [["All customers", "", "", "-82.0"]],
        [],
    ),
    "growth_table": (
        ["Price, volume and mix, by customer of both years"],
        [["Customer", "Change (€)", "Price (€)", "Volume (€)", "Mix (€)", "Other articles (€)", "Not split (€)"]],
        [
            # Each article is rounded to the cent. P1 from 10k to 11k for 20; 22 pieces became 22.5: 280 x (22.5 / 22 - 1); half a P2 more, 20, less that.
            ["Alder Water", "40.0k", "20.0k", "6.36k", "13.6k", "0", "0"],
            # 12 pieces for 10 at 11.8k, and 8.4k more for them.
            ["Cedar Foods", "32.0k", "8.40k", "23.6k", "0", "0", "0"],
            ["Birch Mills", "-21.0k", "-20.0k", "0", "0", "-1.00k", "0"],
            ["Elm Works", "-9.00k", "0", "0", "0", "0", "-9.00k"],
            ["Fir Pumps", "0", "0", "0", "0", "0", "0"],
        ],
        [["All of them", "42.0k", "8.40k", "30.0k", "13.6k", "-1.00k", "-9.00k"]],
        [
            "Price: what this year's quantities bring more or less than at last year's price of the same customer and "
            "article. Volume: more or fewer pieces of a product line, at what the customer paid on average. Mix: a shift "
            "within the line to more or less expensive ones. They rest on 84% of last year's sales to these customers: what "
            "was bought in both years. Prices are in the reporting currency, at one rate for both years.",
            "Not split: what has no quantity or no name, returns of what was bought earlier, and prices that are not "
            "above zero.",
        ],
    ),
    "cohorts_table": (
        ["Customers by the year they first bought (EUR)"],
        [["First bought in the year to", "Customers", "Still buying", "Customers kept", "Sales up to 31 Mar 2024",
          "Sales to 31 Mar 2025", "Sales to 31 Mar 2026"]],
        [
            ["31 Mar 2024 or earlier", "3", "1", "33%", "505k", "309k", "312k"],
            ["31 Mar 2025", "1", "1", "100%", "", "40.0k", "52.0k"],
            ["31 Mar 2026", "1", "1", "100%", "", "", "7.50k"],
            ["more returned than bought in every year", "0", "0", "", "", "", "-2.50k"],
        ],
        [["All of them", "5", "3", "", "505k", "349k", "369k"]],
        [
            "2 customers first bought after 31 Mar 2024 and are 16.1% of sales now. A year ends on the day in its heading. "
            "Still buying means in the last one. Where the customer list gives an earlier start, that start counts. The "
            "first year on file holds whoever bought then or earlier.",
        ],
    ),
    "falls_table": (
        ["Falling faster than normal for this customer"],
        [["Customer", "Last six months (€)", "A year earlier (€)", "Change (€)", "Change in %", "Normal range"]],
        [
            ["Birch Mills", "96.0k", "120k", "-24.0k", "-20%", "± 9.99k"],
            ["Elm Works", "41.0k", "62.5k", "-21.5k", "-34%", "± 5.12k"],
        ],
        [],
        [
            "Six complete months against the same months a year earlier. The worst month is ignored, so one empty month "
            "does not raise an alarm. 5 customers with enough history judged, 2 not."
        ],
    ),
    "suggested_table": (
        ["Companies that may belong together"],
        [["Company", "Sales (€)", "May belong with", "Sales there (€)", "Reason"]],
        [["Gum Trading", "47.8k", "Fir Pumps", "61.8k", "same VAT number: GB1"]],
        [],
        [NO_MORE],
    ),
    "groups_table": (
        ["The same sales at both levels", "Customers made of several companies"],
        [
            ["Counted as", "Number", "Largest", "Five largest", "Effective number"],
            ["Customer", "Companies", "As one customer", "Largest company alone"],
        ],
        [
            ["customers", "7", "31.2%", "89.0%", "5.2"],
            ["single companies", "8", "20.5%", "79.2%", "6.9"],
            ["Alder Water", "2", "31.2%", "16.0%"],
            ["Dogwood Ltd", "3", "12.3%", "9.0%"],
        ],
        [["difference", "-1", "+10.7 points", "+9.8 points", "-1.7"]],
        [],
    ),
    "reconciliation_table": (
        ["Reconciliation to the source data", "Invoices and finance's control totals"],
        [["Item", "EUR"], ["Fiscal year", "Invoices", "Finance", "Difference", "of finance's total"]],
        [
            ["In the shares: 7 customers", "1,000,000.00"],
            ["Excluded in the settings: Intercompany Ltd, Freight", "15,060.75"],
            ["Without an account: 13 rows", "21,500.25"],
            ["At or below zero: 2 customers", "-1,234.50"],
            ["No sales, Stage: Lost: 4 rows", "6,010.00"],
            ["No sales, without a date: 1 row", "2,000.50"],
            ["Rounding, company by company", "0.01"],
            ["2025", "989,000.40", "1,000,000.00", "-10,999.60", "-1.1%"],
            ["2026 (not the whole year)", "310,000.00", "300,000.00", "10,000.00", "3.3%"],
        ],
        [["All rows of the source in the period, credit documents subtracted", "1,043,337.01"]],
        [],
    ),
    "sureness_table": (
        ["How much the figures vary by chance"],
        [["Figure", "Twelve complete months", "From", "To", "Reliability of the range"]],
        [
            ["largest customer", "31.0%", "28.0%", "34.5%", "93% ± 2"],
            ["five largest", "89.0%", "86.0%", "92.0%", "96% ± 2"],
            ["ten largest", "99.9%", "99.0%", "100.0%", "97% ± 2"],
            ["effective number of customers", "5.1", "4.6", "5.7", "94% ± 2"],
        ],
        [],
        [
            "All customers are in the data, so nothing is sampled. What varies is when they buy. The range is about this "
            "period and is no forecast: it should hold the figure without the luck of these months in 95 of 100 cases. "
            "It allows for months that carry over into the next, for seasons and for projects. The last column says how "
            "often it did in 120 simulated histories of customers who buy as yours do (± simulation error)."
        ],
    ),
    "forecast_table": (
        ["Concentration in the next twelve months"],
        [["Figure", "Last twelve months", "Next twelve months", "From", "To"]],
        [
            ["largest customer", "31.2%", "30.1%", "21.5%", "42.4%"],
            ["five largest", "89.0%", "87.0%", "74.3%", "94.6%"],
            ["effective number of customers", "5.1", "5.3", "3.2", "7.9"],
        ],
        [],
        [
            "This assumes that customers go on growing, shrinking, joining and leaving as they did. It rests on 11 "
            "changes of a customer from one year to the next, in 2 years. The range should hold next year's figure in 95 "
            "of 100 cases. In tests on simulated companies it held in 93 to 98% of years. It does not know your "
            "contracts or plans."
        ],
    ),
    "steadiness_table": (
        ["Customers and amounts by size and steadiness of the last twelve complete months"],
        [["", "X: steady", "Y: variable", "Z: now and then"]],
        [
            ["A: the first 80%", "3 · €616k", "1 · €152k", "1 · €123k"],
            ["B: to 95%", "-", "-", "-"],
            ["C: the last 5%", "-", "1 · €47.8k", "-"],
        ],
        [],
        [
            "Steady: the months differ from each other by less than half of their average (coefficient of variation "
            "below 0.5). Variable: up to 1.0. Now and then: above. Not classed, with fewer than three months: 1 customer."
        ],
    ),
    "inequality_table": (
        ["Where the inequality is (Theil index, split)"],
        [["Customers grouped by", "Between groups", "Within groups"]],
        [["Industry", "70%", "30%"], ["Region", "25%", "75%"]],
        [],
        [],
    ),
    "indices_table": (
        ["Concentration indices"],
        [["Index", "By customer", "By company"]],
        [
            ["accounts in the shares", "7", "8"],
            ["HHI (0-1)", "0.1936", "0.1448"],
            ["effective number (1/HHI)", "5.2", "6.9"],
            ["normalised HHI (0-1)", "0.0592", "0.0227"],
            ["Gini (0-1)", "0.324", "0.223"],
            ["Theil (0 to ln n)", "0.169", "0.086"],
            ["Hannah-Kay, alpha 0.5 (0-1)", "0.1559", "0.1309"],
            ["Hannah-Kay, alpha 1 (0-1)", "0.1691", "0.1362"],
            ["Hall-Tideman (0-1)", "0.2114", "0.1609"],
            ["largest account", "31.2%", "20.5%"],
            ["ten largest", "100.0%", "100.0%"],
            ["accounts for 80%", "5", "6"],
        ],
        [],
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ON_THE_PAGE)
def test_every_cell_of_a_table_on_the_page(all_of_it, name):
    seen = page(getattr(all_of_it, name)())
    captions, heads, rows, feet, notes = ON_THE_PAGE[name]
    assert seen.captions == captions
    assert seen.heads == heads
    assert seen.rows == rows
    assert seen.feet == feet
    assert seen.notes == notes


def test_no_table_of_the_page_is_left_out_here(all_of_it):
    assert set(ON_THE_PAGE) == {name for name in dir(all_of_it) if name.endswith("_table")}


def test_an_activity_that_depends_half_as_much_again_is_marked(all_of_it):
    # The largest has 31.2% in total: from 46.9% on. Regions served are counted otherwise, and never marked.
    assert page(all_of_it.activities_table()).strong == [2]


# What is published: (name, heading, kind, places, unit) of every column, and the rows.
PUBLISHED = {
    "accounts": (
        [
            ("rank", "Rank", "count"),
            ("account_id", "Number", "text"),
            ("account_name", "Customer", "text"),
            ("revenue", "Sales", "money", None, "EUR"),
            ("share", "Share", "share"),
            ("abc", "Class", "text"),
        ],
        [
            [1, "A-01", "Alder Water", 312_400.0, 0.3124, "A"],
            [2, "B-02", "Birch Mills", 205_300.0, 0.2053, "A"],
            [3, "C-03", "Cedar Foods", 151_900.0, 0.1519, "A"],
            [4, "D-04", "Dogwood Ltd", 122_700.0, 0.1227, "A"],
            [5, "E-05", "Elm Works", 98_100.0, 0.0981, "A"],
            [6, "F-06", "Fir Pumps", 61_800.0, 0.0618, "B"],
            [7, "G-07", "Gum Trading", 47_800.0, 0.0478, "C"],
        ],
    ),
    "activities": (
        [
            ("activity", "Activity", "text"),
            ("kind", "Kind", "text"),
            ("name", "Activity", "text"),
            ("amount", "Amount", "money"),
            ("losses", "Below zero", "money"),
            ("loss_accounts", "Customers below zero", "count"),
            ("share_of_total", "Share of total", "share"),
            ("accounts", "Customers", "count"),
            ("effective_accounts", "Effective number", "number", 1),
            ("largest_account_id", "Largest customer's number", "text"),
            ("largest_account_name", "Largest customer", "text"),
            ("largest_share", "Its share", "share"),
        ],
        [
            ["measure:revenue", "measure", "revenue", 1e6, -1_234.5, 2, 0.99, 7, 5.13, "A-01", "Alder Water", 0.3124],
            ["measure:margin", "measure", "margin", 204e3, -9_900.0, 1, None, 6, 4.4, "B-02", "Birch Mills", 0.35],
            ["product_line:Seals", "product_line", "Seals", 88e3, 0.0, 0, 0.088, 4, 1.9, "G-07", "Gum Trading", 0.5],
            ["presence:regions", "presence", "regions", 5.0, 0.0, 0, None, 7, 3.3, "C-03", "Cedar Foods", 0.8],
            ["region:North", "region", "North", 402e3, -6_000.0, 3, 0.402, 5, 2.6, "D-04", "Dogwood Ltd", 0.3],
        ],
    ),
    "small_but_large_in_one": (
        [
            ("account_id", "Number", "text"),
            ("account_name", "Customer", "text"),
            ("activity", "Activity", "text"),
            ("name", "Name", "text"),
            ("share", "Share there", "share"),
            ("share_of_total", "Share of total", "share"),
        ],
        [["G-07", "Gum Trading", "product_line:Seals", "Seals", 0.5, 0.0478]],
    ),
    "disclosure_10_percent": (
        [
            ("account_id", "Number", "text"),
            ("account_name", "Customer", "text"),
            ("companies", "Companies", "count"),
            ("revenue", "Sales", "money", None, "EUR"),
            ("share_of_total", "Share of total", "share"),
        ],
        [
            # Of all that is sold: 1,043,337.01 less the 8,010.50 that are no sales. Elm is below a tenth of it.
            ["A-01", "Alder Water", 2, 312_400.0, 312_400 / 1_035_326.51],
            ["B-02", "Birch Mills", 1, 205_300.0, 205_300 / 1_035_326.51],
            ["C-03", "Cedar Foods", 1, 151_900.0, 151_900 / 1_035_326.51],
            ["D-04", "Dogwood Ltd", 3, 122_700.0, 122_700 / 1_035_326.51],
        ],
    ),
    "twelve_months_to": (
        [
            ("month", "Month", "date"),
            ("accounts", "Accounts", "count"),
            ("total", "Total", "money", None, "EUR"),
            ("top_1_share", "Top 1 share", "share"),
            ("top_5_share", "Top 5 share", "share"),
            ("top_10_share", "Top 10 share", "share"),
            ("hhi", "Hhi", "number", 4),
            ("effective_accounts", "Effective accounts", "number"),
        ],
        [
            ["2025-12-01", 6, 905_000.0, 0.321, 0.951, 0.99, 0.2211, 4.52],
            ["2026-01-01", 8, 930_500.0, 0.319, 0.932, 0.98, 0.2102, 4.76],
            ["2026-02-01", 9, 961_250.0, 0.316, 0.914, 0.97, 0.2054, 4.87],
            ["2026-03-01", 7, 1_000_000.0, 0.312, 0.89, 1.0, 0.1951, 5.13],
        ],
    ),
    "parents_to_confirm": (
        [
            ("account_id", "Number", "text"),
            ("account_name", "Company", "text"),
            ("amount", "Sales", "money", None, "EUR"),
            ("parent_id", "Number of the other", "text"),
            ("parent_name", "May belong with", "text"),
            ("parent_amount", "Sales there", "money", None, "EUR"),
            ("reason", "Reason", "text"),
            ("confirmed", "Confirmed", "text"),
        ],
        [["G-07", "Gum Trading", 47_800.0, "F-06", "Fir Pumps", 61_800.0, "same VAT number: GB1", ""]],
    ),
    "bridge": (
        [("step", "Step", "text"), ("amount", "Amount", "money", None, "EUR")],
        [
            ["opening", 820_000.0],
            ["new", 73_000.0],
            ["grown", 72_000.0],
            ["shrunk", -30_000.0],
            ["lost", -41_000.0],
            ["closing", 894_000.0],
        ],
    ),
    "price_volume_mix": (
        [
            ("step", "Step", "text"),
            ("amount", "Amount", "money", None, "EUR"),
            ("part_of_opening", "Part of last year's sales", "share"),
        ],
        [
            [step, amount, amount / 820_000]
            for step, amount in [
                ("opening", 820_000.0),
                ("new", 73_000.0),
                ("lost", -41_000.0),
                ("price", 8_400.0),
                ("volume", 29_963.63),
                ("mix", 13_636.37),
                ("new_items", 21_000.0),
                ("lost_items", -22_000.0),
                ("not_split", -9_000.0),
                ("closing", 894_000.0),
            ]
        ],
    ),
    "price_volume_mix_customers": (
        [
            ("account_id", "Number", "text"),
            ("account_name", "Customer", "text"),
            ("kind", "Kind", "text"),
            ("before", "Last year", "money", None, "EUR"),
            ("now", "This year", "money", None, "EUR"),
            ("change", "Change", "money", None, "EUR"),
            ("new", "New customers", "money", None, "EUR"),
            ("lost", "No orders this year", "money", None, "EUR"),
            ("price", "Price", "money", None, "EUR"),
            ("volume", "Volume", "money", None, "EUR"),
            ("mix", "Mix", "money", None, "EUR"),
            ("new_items", "Articles newly bought", "money", None, "EUR"),
            ("lost_items", "Articles no longer bought", "money", None, "EUR"),
            ("not_split", "Not split", "money", None, "EUR"),
        ],
        [
            ["A-01", "Alder Water", "grown", 280e3, 320e3, 40e3, 0.0, 0.0, 20e3, 6_363.63, 13_636.37, 0.0, 0.0, 0.0],
            ["C-03", "Cedar Foods", "grown", 118e3, 150e3, 32e3, 0.0, 0.0, 8.4e3, 23.6e3, 0.0, 0.0, 0.0, 0.0],
            ["B-02", "Birch Mills", "shrunk", 222e3, 201e3, -21e3, 0.0, 0.0, -20e3, 0.0, 0.0, 21e3, -22e3, 0.0],
            ["E-05", "Elm Works", "shrunk", 99e3, 90e3, -9e3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -9e3],
            ["F-06", "Fir Pumps", "same", 60e3, 60e3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            ["H-08", "Hazel Labs", "lost", 41e3, 0.0, -41e3, 0.0, -41e3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            ["I-09", "Ivy Marine", "new", 0.0, 40e3, 40e3, 40e3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            ["D-04", "Dogwood Ltd", "new", 0.0, 33e3, 33e3, 33e3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        ],
    ),
    "price_volume_mix_articles": (
        [
            ("product", "Article", "text"),
            ("product_line", "Product line", "text"),
            ("before", "Last year", "money", None, "EUR"),
            ("now", "This year", "money", None, "EUR"),
            ("change", "Change", "money", None, "EUR"),
            ("new", "New customers", "money", None, "EUR"),
            ("lost", "No orders this year", "money", None, "EUR"),
            ("price", "Price", "money", None, "EUR"),
            ("volume", "Volume", "money", None, "EUR"),
            ("mix", "Mix", "money", None, "EUR"),
            ("new_items", "Articles newly bought", "money", None, "EUR"),
            ("lost_items", "Articles no longer bought", "money", None, "EUR"),
            ("not_split", "Not split", "money", None, "EUR"),
        ],
        [
            # Of P1: 200 x 0.5 / 22 of Alder's volume, which its mix gives back, and Cedar's.
            ["P1", "Pumps", 518e3, 583e3, 65e3, 33e3, 0.0, 8.4e3, 28_145.45, -4_545.45, 0.0, 0.0, 0.0],
            ["S1", "Seals", 123e3, 60e3, -63e3, 0.0, -41e3, 0.0, 0.0, 0.0, 0.0, -22e3, 0.0],
            ["S2", "Seals", 0.0, 61e3, 61e3, 40e3, 0.0, 0.0, 0.0, 0.0, 21e3, 0.0, 0.0],
            ["P2", "Pumps", 80e3, 100e3, 20e3, 0.0, 0.0, 0.0, 1_818.18, 18_181.82, 0.0, 0.0, 0.0],
            [None, "Seals", 99e3, 90e3, -9e3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -9e3],
        ],
    ),
    "by_first_year": (
        [
            ("first_year", "First bought in the year to", "date"),
            ("year", "Year to", "date"),
            ("customers", "Customers", "count"),
            ("buying", "Buying in that year", "count"),
            ("customers_kept", "Customers kept", "share"),
            ("amount", "Amount", "money", None, "EUR"),
        ],
        [
            ["2024-03-31", "2024-03-31", 3, 3, 1.0, 505_000.0],
            ["2024-03-31", "2025-03-31", 3, 1, 1 / 3, 309_000.0],
            ["2024-03-31", "2026-03-31", 3, 1, 1 / 3, 312_000.0],
            ["2025-03-31", "2025-03-31", 1, 1, 1.0, 40_000.0],
            ["2025-03-31", "2026-03-31", 1, 1, 1.0, 52_000.0],
            ["2026-03-31", "2026-03-31", 1, 1, 1.0, 7_500.0],
            [None, "2026-03-31", 0, 0, None, -2_500.0],
        ],
    ),
    "fell_more_than_usual": (
        [
            ("account_id", "Number", "text"),
            ("account_name", "Customer", "text"),
            ("recent", "Last six months", "money", None, "EUR"),
            ("year_before", "A year earlier", "money", None, "EUR"),
            ("change", "Change", "money", None, "EUR"),
            ("change_share", "Change in %", "share", 0),
            ("usual", "Normal range", "money", None, "EUR"),
            ("times_usual", "Times normal", "number", 1),
        ],
        [
            ["B-02", "Birch Mills", 96_000.0, 120_000.0, -24_000.0, -0.2, 9_990.0, 2.4],
            ["E-05", "Elm Works", 41_000.0, 62_500.0, -21_500.0, -0.344, 5_120.0, 4.2],
        ],
    ),
}


def declared(column):
    name, heading, kind, *more = column
    places, unit = [*more, None, None][:2]
    said = {"heading": heading, "kind": kind, "places": places, "unit": unit}
    return name, {key: value for key, value in said.items() if value is not None}


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_value_and_kind_of_a_published_table(document, name):
    columns, rows = PUBLISHED[name]
    kinds = dict(map(declared, columns))
    assert document["columns"][name] == kinds
    assert list(document["columns"][name]) == list(kinds)
    assert [list(row) for row in document["tables"][name]] == [list(kinds)] * len(rows)
    assert [list(row.values()) for row in document["tables"][name]] == [
        [pytest.approx(value, rel=1e-12) if isinstance(value, float) else value for value in row] for row in rows
    ]


def test_no_published_table_is_left_out_here(document):
    assert set(document["tables"]) == set(document["columns"]) == set(PUBLISHED)


FORMATS = {"share": "0.0%", "money": "#,##0", "count": "#,##0", "date": "yyyy-mm-dd", "text": "General"}
SHEETS = {
    "01 accounts": "accounts",
    "01 activities": "activities",
    "01 small but large in one": "small_but_large_in_one",
    "01 disclosure 10 percent": "disclosure_10_percent",
    "01 twelve months to": "twelve_months_to",
    "01 parents to confirm": "parents_to_confirm",
    "01 bridge": "bridge",
    "01 price volume mix": "price_volume_mix",
    "01 price volume mix customers": "price_volume_mix_customers",
    "01 price volume mix articles": "price_volume_mix_articles",
    "01 by first year": "by_first_year",
    "01 fell more than usual": "fell_more_than_usual",
}


def test_the_workbook_has_the_same_values_each_in_the_format_of_its_kind(document):
    opened = openpyxl.load_workbook(io.BytesIO(tables_workbook({"01_concentration": document})))
    assert opened.sheetnames == ["contents", *SHEETS]
    for title, name in SHEETS.items():
        columns = PUBLISHED[name][0]
        head, *body = opened[title].iter_rows()
        assert [cell.value for cell in head] == [column[0].replace("_", " ") for column in columns]
        assert len(body) == len(document["tables"][name])
        for row, cells in zip(document["tables"][name], body, strict=True):
            for (_, _, kind, *more), value, cell in zip(columns, row.values(), cells, strict=True):
                if kind == "date" and value is not None:
                    assert cell.value.strftime("%Y-%m-%d") == value
                else:
                    # A workbook keeps no more than sixteen digits of a number.
                    assert cell.value == (pytest.approx(value, rel=1e-14) if isinstance(value, float) else value)
                wanted = FORMATS.get(kind) or ("#,##0." + "0" * (more[0] if more else 2))
                assert cell.number_format == ("General" if value is None else wanted), (title, kind)


# Page tables that are published too, by the rows they share.
BOTH = {
    "accounts_table": "accounts",
    "activities_table": "activities",
    "falls_table": "fell_more_than_usual",
    "suggested_table": "parents_to_confirm",
}


@pytest.mark.parametrize(("shown", "published"), BOTH.items())
def test_the_page_says_the_published_values(all_of_it, document, shown, published):
    """Each cell written here from the published value and its kind alone."""
    table, checked = getattr(all_of_it, shown)(), 0
    for on_page, row in zip(table.written(), document["tables"][published], strict=True):
        for column in table.columns:
            if column.on_page and column.published and column.written is None:
                kind = document["columns"][published][column.name]
                assert plain(on_page[column.name]) == written(row[column.name], kind), column.name
                checked += 1
    assert checked >= 2 * len(table.rows)


def written(value: object, kind: Mapping[str, object]) -> str:
    if kind["kind"] == "share":
        return f"{value * 100:.{kind.get('places', 1)}f}%"
    if kind["kind"] == "money":
        step, word = (1e6, "m") if abs(value) >= 1e6 else (1e3, "k")
        return f"{float(f'{value / step:.3g}'):.{max(0, 3 - len(str(int(abs(value / step)))))}f}{word}"
    return f"{value:,}" if kind["kind"] == "count" else str(value)


# The first screen


def test_every_key_figure_its_value_and_its_note(all_of_it):
    shown = [tuple(map(plain, (each.label, each.value, each.note))) for each in all_of_it.result().shown]
    assert shown == [
        ("Largest customer", "31.2%", "Alder Water, -1.0 points on the year before"),
        ("Five largest together", "89.0%", "-4.1 points on the year before, mainly through Hazel Labs"),
        # 1 / 0.19360 and, of 290, 230, 120, 110, 88.2 and 61.8, 900^2 / 175,098.
        ("Effective number of customers", "5.2", "4.6 a year before"),
        ("Customers behind 80% of sales", "5 of 7", "4 of 6 a year before"),
    ]


def test_without_a_year_before_key_figures_stand_alone(all_of_it):
    shown = [tuple(map(plain, (each.label, each.value, each.note))) for each in found(all_of_it.now).result().shown]
    assert shown == [
        ("Largest customer", "31.2%", "Alder Water"),
        ("Five largest together", "89.0%", ""),
        ("Effective number of customers", "5.2", ""),
        ("Customers behind 80% of sales", "5 of 7", ""),
    ]
    few = found(book(x=3.0, y=1.0))
    assert few.result().shown[1].label == "All customers together"


def test_the_answer_and_what_a_prompt_shows(all_of_it):
    assert plain(repr(all_of_it)).splitlines() == [
        "Alder Water is 31% of sales, one point less than a year ago. The five largest are 89% (93% a year ago).",
        "Largest customer: 31.2% (Alder Water, -1.0 points on the year before)",
        "Five largest together: 89.0% (-4.1 points on the year before, mainly through Hazel Labs)",
        "Effective number of customers: 5.2 (4.6 a year before)",
        "Customers behind 80% of sales: 5 of 7 (4 of 6 a year before)",
    ]
    assert plain(all_of_it.answer) == plain(repr(all_of_it)).splitlines()[0]
    shown = all_of_it._repr_mimebundle_()
    assert shown["text/plain"] == all_of_it.answer
    seen = page(Html(shown["text/html"]))
    assert seen.notes == [plain(all_of_it.answer), "€1m of sales."]


def test_every_figure_of_the_document(document):
    figures = {
        name: tuple(each.get(key) for key in ("value", "unit", "low", "high", "level"))
        for name, each in document["figures"].items()
    }
    range_ = {"top_1_share": (0.28, 0.345), "top_5_share": (0.86, 0.92), "top_10_share": (0.99, 1.0), "effective_accounts": (4.6, 5.7)}  # fmt: skip
    values = {
        "revenue_total": (1_043_337.01, "EUR"),
        "revenue_in_shares": (1_000_000.0, "EUR"),
        "revenue_without_account": (21_500.25, "EUR"),
        "revenue_set_aside": (-1_234.5, "EUR"),
        "revenue_excluded": (15_060.75, "EUR"),
        "revenue_left_out": (8_010.5, "EUR"),
        "accounts": (7, "accounts"),
        "hhi": (0.19359844, "share"),
        "hhi_legal_entity": (0.14483044, "share"),
        "effective_accounts": (1 / 0.19359844, "accounts"),
        # (2 x (1 x 47.8 + 2 x 61.8 + ... + 7 x 312.4) / (7 x 1,000)) - 8 / 7.
        "gini": (2 * 5_134.6 / 7_000 - 8 / 7, "share"),
        "top_1_share": (0.3124, "share"),
        "top_5_share": (0.8904, "share"),
        "top_10_share": (1.0, "share"),
        "accounts_for_80_percent": (5, "accounts"),
        # (820 - 41 - 30) / 820, and with the 72 that those customers grew by.
        "kept_share": (749 / 820, "share"),
        "kept_plus_grown_share": (821 / 820, "share"),
        "price_effect": (8_400.0, "EUR"),
        "volume_effect": (29_963.63, "EUR"),
        "mix_effect": (13_636.37, "EUR"),
        "next_year_top_1_share": (0.301, "share"),
        "next_year_top_5_share": (0.87, "share"),
        "next_year_effective_accounts": (5.3, "accounts"),
    }
    range_ |= {
        "next_year_top_1_share": (0.215, 0.424),
        "next_year_top_5_share": (0.743, 0.946),
        "next_year_effective_accounts": (3.2, 7.9),
    }
    assert list(figures) == list(values)
    for name, (value, unit) in values.items():
        low, high = range_.get(name, (None, None))
        level = 0.95 if low else None
        assert figures[name] == (pytest.approx(value), unit, low, high, level), name


def test_the_rest_of_the_document(document):
    assert document["question"] == "How dependent are we on our largest customers?"
    assert document["provenance"] == {
        "version": "1",
        "company": "Lindmark",
        "parameters": {"period": "p", "measure": "revenue", "line": "", "parents": "yes", "key_share": 0.15, "customer": ""},
        "seed": 1,
    }  # fmt: skip
    assert (document["assumptions"], document["worth_collecting"]) == ([], [])


def test_a_highlighted_customer_is_placed_and_published(all_of_it):
    of = replace(all_of_it, customer="E-05").result()
    assert plain(of.lead) == (
        "€1m of sales. Elm Works is number 5 of 7 with 9.8% of sales, -2.4 points on the year before."
    )
    assert of.document()["figures"]["customer_share"] == {"value": pytest.approx(0.0981), "unit": "share"}
    assert of.document()["provenance"]["parameters"]["customer"] == "E-05"


def test_a_range_that_does_not_hold_the_figure_is_not_put_beside_it(all_of_it):
    moved = [replace(each, interval=replace(each.interval, low=0.32)) for each in all_of_it.sureness[:1]]
    assert replace(all_of_it, sureness=moved).result().figures["top_1_share"].low is None


def test_amounts_without_a_currency_and_other_measures_have_their_own_unit(all_of_it):
    def unit(**changes):
        of = replace(all_of_it, about=about(**changes)).result().document()
        return of["figures"]["revenue_total"]["unit"], of["columns"]["bridge"]["amount"].get("unit")

    assert unit(currency="", unit="") == ("amount", None)
    assert unit(measure="quantity", measure_words="units", unit="pcs") == ("count", "pcs")
    assert unit(measure="margin", measure_words="margin") == ("EUR", "EUR")


# Words below the evidence

WHAT_TO_DO = [
    "Negotiate with Dogwood Ltd as one group: together it is 12.3% of sales, though none of its three companies reaches 10%."
    " by 30 May 2026 · €123k of sales at stake",
    "Ask Birch Mills what changed: sales are 20% below the same six months a year earlier."
    " by 14 Apr 2026 · €205k of sales at stake",
    "Ask Elm Works what changed: sales are 34% below the same six months a year earlier."
    " by 14 Apr 2026 · €98.1k of sales at stake",
    "Protect Gum Trading: small overall (4.8%) but 50% of Seals. by 30 May 2026 · €47.8k of sales at stake",
    "Plan for losing Alder Water: it is the worst case of the sales plan. €312k of sales at stake",
    "Find the accounts of €21.5k that carry none.",
    "Ask finance about the €11k between invoices and its 2025 total (rebates outside the invoices, other entities).",
    "Confirm or refuse one suggestion of companies that may belong together (tables.xlsx).",
]


def test_every_action(all_of_it):
    assert page(all_of_it.actions()).notes == WHAT_TO_DO


def test_actions_are_only_what_the_figures_call_for(all_of_it):
    calm = found(
        book(x=1.0, y=1.0, z=1.0), about=about(key_share=0.4), reconciliation=reconciliation(without_account=1.0)
    )
    assert [plain(each.what) for each in advice.next_steps(calm)] == [
        "No customer reaches 40%. Watch the share of the five largest."
    ]
    unknown = replace(calm, about=about(key_share=0.4, groups_known=False))
    assert [each.what for each in advice.next_steps(unknown)] == [
        "Ask which customers belong together: a group that buys through several companies is one customer."
    ]
    said = "Plan for losing Alder Water: it is the worst case of the sales plan."
    at_the_threshold = replace(all_of_it, about=about(key_share=0.3124))
    assert said in [plain(each.what) for each in advice.next_steps(at_the_threshold)]
    above = replace(all_of_it, about=about(key_share=0.3125))
    assert said not in [plain(each.what) for each in advice.next_steps(above)]


def test_every_caveat(all_of_it, document):
    wanted = [
        "2.1% of sales has no account and is not in the shares.",
        "5 rows (€8.01k) are left out as no sales: Stage: Lost, without a date.",
        "2 customers at or below zero are not in the shares (-€1.23k).",
    ]
    assert page(all_of_it.caveats()).notes == wanted
    assert [plain(each) for each in document["caveats"]] == wanted


def test_caveats_of_little():
    bare = found(
        about=about(currency="", unit="", warnings=("sales.csv: 3 rows are odd",), doubts=("Not confirmed.",)),
        reconciliation=reconciliation(without_account=10_353.0, reasons=(), set_aside_accounts=0),
    )
    # A hundredth of 1,035,326.51 is 10,353.27.
    assert advice.caveats(bare) == [
        "There is no comparison with the year before: the data does not cover it.",
        "There is no forecast of the next twelve months: that needs two years of purchases.",
        "The settings name no currency, so amounts carry no sign.",
        "sales.csv: 3 rows are odd",
    ]
    assert bare.result().document()["caveats"][0] == "Not confirmed."
    assert page(bare.falls_table()).notes == [
        "A fall against the year before cannot be judged: that needs two years of complete months."
    ]
    assert page(bare.sureness_table()).notes == ["A range for the shares needs twelve complete months of purchases."]
    assert page(bare.forecast_table()).notes == ["A forecast of the next twelve months needs two years of purchases."]
    assert bare.result().figures["next_year_top_1_share"].value is None


def test_where_dependence_is_greater(all_of_it):
    [said] = page(all_of_it.dependence()).notes
    assert said == "Highest in Seals: Gum Trading buys 50% of all we sell there. In total the largest customer is 31%."
    seals = all_of_it.activities[2]
    second = replace(
        seals, activity="region:South", kind="region", name="South", leaders=(replace(seals.leaders[1], share=0.48),)
    )
    [said] = page(replace(all_of_it, activities=[seals, second]).dependence()).notes
    assert said == (
        "Highest in Seals: Gum Trading buys 50% of all we sell there. Next is South: Cedar Foods buys 48% of all we sell there. "
        "In total the largest "
        "customer is 31%."
    )


def test_who_came_and_who_left_the_largest(all_of_it):
    assert page(all_of_it.largest_line()).notes == [
        "New among the 10 largest: Ivy Marine (no sales then), Dogwood Ltd (no sales then). No longer among "
        "them: Hazel Labs (no sales now)."
    ]
    letters = "abcdefghijkl"
    then = {letter: 1_200 - 10 * at for at, letter in enumerate(letters)}
    # The last two of twelve go to the top, so that the ninth and tenth fall out.
    of = replace(all_of_it, year=year(then | {"l": 2_000, "k": 1_900}, then))
    assert page(of.largest_line()).notes == [
        "New among the 10 largest: L (was 12), K (was 11). No longer among them: Ivy Marine (now 11), J (now 12)."
    ]
    same = replace(all_of_it, year=year(then, then))
    assert page(same.largest_line()).notes == ["The largest customers are the same as the year before."]


def test_where_the_month_s_end_and_the_page_s_own_days_differ_both_are_said(all_of_it):
    trend = all_of_it.trend.assign(top_5_share=[0.95, 0.93, 0.92, 0.88])
    drawn = replace(all_of_it, trend=trend).trend_chart()
    assert drawn.layout.meta["source"] == (
        "twelve months to the end of each month, beside 89% in the period: 12 months to 31 Mar 2026"
    )


def test_a_tile_s_course_ends_with_the_tile_and_is_of_as_long_a_time(all_of_it):
    course = [0.321, 0.319, 0.316, 0.312, all_of_it.now.top(1)]
    assert answer.key_figures(all_of_it)[0].mark == sparkline(course)
    half = replace(all_of_it, about=about(period=Period(date(2025, 10, 1), date(2026, 3, 31), "six months")))
    assert {each.mark for each in answer.key_figures(half)} == {""}


def test_what_is_at_stake_is_of_a_year_or_names_its_period(all_of_it):
    years = about(period=Period(date(2024, 4, 1), date(2026, 3, 31), "all data to 31 Mar 2026"))
    said = page(replace(all_of_it, about=years).actions()).notes
    assert said[4].endswith("of the sales plan. €312k of sales at stake, all data to 31 Mar 2026")


def test_a_step_of_nobody_is_none(all_of_it):
    drawn = replace(all_of_it, year=year({"a": 5.0, "b": 9.0}, {"a": 4.0, "b": 10.0})).bridge_chart()
    said = [each.text for each in drawn.layout.annotations if each.text]
    assert [each for each in said if "customer" in each or each == "none"] == [
        "none",
        "+€1, 1 customer",
        "−€1, 1 customer",
        "none",
    ]


def test_a_master_without_groups_is_said(all_of_it):
    assert page(replace(all_of_it, about=about(groups_known=False)).groups_table()).notes == [
        "The customer list names no parents, so every company counts on its own. A group of companies would read as "
        "several small customers."
    ]


# Tables that are cut, and those that are not there


def test_what_is_cut_on_the_page_is_whole_where_it_is_published():
    many = found(kam.concentrate(frame({f"c{at:05}": 30_000.0 - at for at in range(10_003)}), "revenue"))
    table = many.accounts_table()
    assert table.caption == "The 15 largest customers"
    assert (len(table.written()), len(table.records())) == (15, 10_000)
    left = (19_998 * 3 + 3) / sum(30_000 - at for at in range(10_003))  # 20,000, 19,999 and 19,998
    assert [plain(each) for each in tables.cut_short(many)] == [
        "The published list ends after the 10,000 largest of 10,003 customers. The others are under 0.1% together."
    ]
    assert left < 0.0005
    assert tables.cut_short(found(book(**{f"c{at}": 1.0 for at in range(16)}))) == []
    assert many.result().document()["caveats"][-1].startswith("The published list ends")


def test_more_suggestions_and_falls_than_the_page_shows_are_counted(all_of_it):
    twelve = pd.concat([all_of_it.suggested] * 12, ignore_index=True)
    table = replace(all_of_it, suggested=twelve).suggested_table()
    assert (len(table.written()), len(table.records())) == (10, 12)
    assert table.notes == [f"2 more suggestions in tables.xlsx. {NO_MORE}"]
    alerts = pd.concat([all_of_it.falls.alerts] * 6, ignore_index=True)
    table = replace(all_of_it, falls=kam.Falls(alerts, 50, 3)).falls_table()
    assert (len(table.written()), len(table.records())) == (10, 12)
    assert table.notes[0].endswith("50 customers with enough history judged, 3 not. 2 more, smaller ones.")
    nobody = replace(all_of_it, falls=kam.Falls(all_of_it.falls.alerts.head(0), 1, 6)).falls_table()
    assert page(nobody).notes == [
        "Nobody is falling faster than normal in the last six complete months. 1 customer with enough history judged, "
        "6 not."
    ]


def test_what_the_data_cannot_give_is_not_there():
    bare = found(about=about(groups_known=False))
    assert bare.year_table() is bare.pushed_table() is bare.steadiness_table() is None
    assert bare.bridge_chart() is bare.activities_chart() is bare.trend_chart() is None
    for shown in (bare.suggested_table(), bare.inequality_table(), bare.activities_table()):
        assert page(shown).captions == []
    assert bare.largest_line().html == bare.dependence().html == ""
    assert set(bare.result().tables) == {
        "accounts", "activities", "small_but_large_in_one", "disclosure_10_percent", "twelve_months_to", "parents_to_confirm",
    }  # fmt: skip
    assert page(bare.growth_table()).notes == ["Price and volume need a year before to compare with."]
    assert bare.growth_chart() is None
    [said] = page(bare.cohorts_table()).notes
    assert said == "Customers by the year they first bought: that needs more than twelve months of sales."
    changes = page(bare.accounts_table())
    assert changes.heads == [["Rank", "Customer", "Sales (€)", "Share", "Cumulative", "Class"]]
    assert page(bare.reconciliation_table()).captions == ["Reconciliation to the source data"]


def test_few_who_moved_have_no_others_below_them(all_of_it):
    of = replace(all_of_it, year=year({"a": 3.0, "b": 1.0}, {"a": 1.0, "b": 1.0}))
    assert page(of.pushed_table()).rows == [
        ["Alder Water", "50.0%", "75.0%", "+3,125.0"],
        ["Birch Mills", "50.0%", "25.0%", "-1,875.0"],
    ]
    assert page(of.pushed_table()).feet == [["All customers", "", "", "+1,250.0"]]


def test_smaller_reasons_and_exclusions_are_told_together(all_of_it):
    reasons = tuple(LeftOut(f"Kind: {at}", at, 100.0 * at) for at in range(1, 11))
    of = replace(all_of_it, reconciliation=reconciliation(reasons=reasons), excluded=list("ABCDEF"))
    rows = page(of.reconciliation_table()).rows
    assert rows[1][0] == "Excluded in the settings: A, B, C, D, E ..."
    assert rows[11] == ["No sales, Kind: 8: 8 rows", "800.00"]
    assert rows[12] == ["No sales, 2 other reasons: 19 rows", "1,900.00"]
    assert replace(of, excluded=[]).reconciliation_table().html.count("Excluded in the settings: nothing") == 1
    in_yen = replace(of, digits=0, about=about(currency="JPY", unit="JPY"))
    assert page(in_yen.reconciliation_table()).rows[11] == ["No sales, Kind: 8: 8 rows", "800"]
    assert page(in_yen.reconciliation_table()).heads[0] == ["Item", "JPY"]


def test_where_price_and_volume_cannot_be_told_apart_it_says_why(all_of_it):
    assert page(replace(all_of_it, growth=None).growth_table()).notes == [
        "Price and volume cannot be separated: there are too many pairs of customer and article, and no product lines."
    ]
    unknown = replace(all_of_it, growth=None, items_known=False)
    assert unknown.result().worth_collecting == ["quantities, with the product or the product line"]
    assert page(unknown.growth_table()).notes == [
        "Price and volume cannot be separated: that needs quantities, with the product or the product line."
    ]
    of_margin = replace(all_of_it, growth=None, about=about(measure="margin", measure_words="margin"))
    assert page(of_margin.growth_table()).notes == ["Price and volume are shown for sales only."]
    effects = {name: figure.value for name, figure in of_margin.result().figures.items() if name.endswith("_effect")}
    assert effects == {"price_effect": None, "volume_effect": None, "mix_effect": None}
    new = kam.bridge(frame({"a": 5.0}), frame({}), "revenue")
    nobody = kam.price_volume_mix(all_of_it_items().head(0), new)
    assert replace(all_of_it, growth=nobody).growth_table().written() == []


def all_of_it_items():
    names = ["revenue_before", "quantity_before", "unpriced_before", "revenue", "quantity", "unpriced"]
    return pd.DataFrame([["A-01", "P", *[1.0] * 6]], columns=["account_id", "product", *names])


# Charts

CHARTS = {
    "pareto": (
        "5 of 7 customers bring 80% of sales",
        "12 months to 31 Mar 2026",
        ["Rank", "Customer", "Sales", "Share", "Cumulative"],
        [
            ["1", "Alder Water", "€312k", "31.2%", "31.2%"],
            ["2", "Birch Mills", "€205k", "20.5%", "51.8%"],
            ["3", "Cedar Foods", "€152k", "15.2%", "67.0%"],
            ["4", "Dogwood Ltd", "€123k", "12.3%", "79.2%"],
            ["5", "Elm Works", "€98.1k", "9.8%", "89.0%"],
            ["6", "Fir Pumps", "€61.8k", "6.2%", "95.2%"],
            ["7", "Gum Trading", "€47.8k", "4.8%", "100.0%"],
        ],
    ),
    "activities_chart": (
        "Gum Trading is only 5% of sales but 50% of Seals",
        "12 months to 31 Mar 2026",
        ["Activity", "Customer", "Its share there", "Its share of all sales"],
        [
            ["Sales", "Alder Water", "31.2%", "31.2%"],
            ["Sales", "Birch Mills", "20.5%", "20.5%"],
            ["Margin", "Birch Mills", "35.0%", "20.5%"],
            ["Margin", "Alder Water", "25.0%", "31.2%"],
            ["Seals", "Gum Trading", "50.0%", "4.8%"],
            ["Seals", "Cedar Foods", "25.0%", "15.2%"],
            ["Seals", "Dogwood Ltd", "12.5%", "12.3%"],
            ["Regions served", "Cedar Foods", "80.0%", "15.2%"],
            ["Regions served", "Elm Works", "60.0%", "9.8%"],
        ],
    ),
    "bridge_chart": (
        "Existing customers: 91% of last year's sales kept, 100% with their growth",
        "12 months to 28 Feb 2026",  # the bridge has days of its own
        ["Step", "Customers", "Sales"],
        [
            ["The year before", "", "€820k"],
            ["New", "2", "€73k"],
            ["Growth", "2", "€72k"],
            ["Decline", "2", "-€30k"],
            ["No orders this year", "1", "-€41k"],
            ["This year", "", "€894k"],
        ],
    ),
    "growth_chart": (
        "Price +€8.4k, volume +€30k, mix +€13.6k in a year",
        "12 months to 28 Feb 2026",
        ["Step", "Sales"],
        [
            ["The year before", "€820k"],
            ["New customers", "€73k"],
            ["No orders this year", "-€41k"],
            ["Price", "€8.4k"],
            ["Volume", "€30k"],
            ["Mix", "€13.6k"],
            ["Articles newly bought", "€21k"],
            ["Articles no longer bought", "-€22k"],
            ["Not split", "-€9k"],
            ["This year", "€894k"],
        ],
    ),
    "trend_chart": (
        "The five largest: 89% of sales, 95% 3 months ago",
        "twelve months to the end of each month",
        ["12 months to", "Largest", "Five largest", "Ten largest", "Effective number", "Customers"],
        [
            ["31 Dec 2025", "32.1%", "95.1%", "99.0%", "4.5", "6"],
            ["31 Jan 2026", "31.9%", "93.2%", "98.0%", "4.8", "8"],
            ["28 Feb 2026", "31.6%", "91.4%", "97.0%", "4.9", "9"],
            ["31 Mar 2026", "31.2%", "89.0%", "100.0%", "5.1", "7"],
        ],
    ),
    "what_if_chart": (
        "Without Alder Water we would be like 4.9 equal customers, not 5.2",
        "12 months to 31 Mar 2026",
        ["Alder Water", "Sales", "Its share", "Five largest", "Effective number"],
        [
            # Without it 687.6 are left, the five largest of them 639.8; 687.6^2 / 96,004.68 = 4.9.
            ["0%", "0", "0.0%", "93.0%", "4.9"],
            ["50%", "156k", "18.5%", "87.0%", "5.9"],
            ["today", "312k", "31.2%", "89.0%", "5.2"],
            ["150%", "469k", "40.5%", "90.5%", "4.2"],
            ["200%", "625k", "47.6%", "91.6%", "3.5"],
        ],
    ),
    "lorenz_chart": (
        "The smaller half of the customers brings 26.9% of sales",
        "12 months to 31 Mar 2026",
        ["Smallest customers", "Share of sales"],
        [
            ["0%", "0.0%"],
            ["10%", "3.3%"],
            ["20%", "7.3%"],
            ["30%", "11.9%"],
            ["40%", "18.8%"],
            # Three and a half of seven: 47.8 + 61.8 + 98.1 and half of 122.7.
            ["50%", "26.9%"],
            ["60%", "36.1%"],
            ["70%", "46.7%"],
            ["80%", "60.5%"],
            ["90%", "78.1%"],
            ["100%", "100.0%"],
        ],
    ),
}


@pytest.mark.parametrize("name", CHARTS)
def test_the_title_and_every_cell_of_the_table_behind_a_chart(all_of_it, name):
    meta = getattr(all_of_it, name)().layout.meta
    title, days, columns, rows = CHARTS[name]
    assert plain(meta["title"]) == title
    assert meta["source"] == days
    assert meta["table"]["columns"] == columns
    assert [[plain(cell) for cell in row] for row in meta["table"]["rows"]] == rows
    assert meta["alt"].endswith(".")


def test_the_charts_draw_what_they_drew(all_of_it, document):
    held("01_concentration", {"pareto": all_of_it.pareto()} | charts(all_of_it), document["columns"])
    assert repr(all_of_it).splitlines()[0] == all_of_it.answer


def test_the_charts_draw_what_they_drew_for_a_highlighted_customer(all_of_it):
    of = replace(all_of_it, customer="E-05")
    held("01_concentration_highlighted", {"pareto": of.pareto()} | charts(of), {})


def test_no_chart_is_left_out_here(all_of_it):
    assert set(CHARTS) == {"pareto", *(name for name in dir(all_of_it) if name.endswith("_chart"))}


def test_what_is_drawn_is_what_the_tables_say(all_of_it):
    bars, curve, marks = all_of_it.pareto().data
    assert list(bars.x) == [0.3124, 0.2053, 0.1519, 0.1227, 0.0981, 0.0618, 0.0478]
    assert [plain(text) for text in bars.text][:2] == ["31.2%  €312k", "20.5%  €205k"]
    np.testing.assert_allclose(curve.y, [0, 0.3124, 0.5177, 0.6696, 0.7923, 0.8904, 0.9522, 1])
    assert list(marks.x) == [5]
    totals, *steps = all_of_it.bridge_chart().data
    assert list(totals.x) == [820_000.0, 894_000.0]
    # Each begins where the one before it ended: 893, 965, 935, 894.
    assert [(step.base[0], step.x[0]) for step in steps] == [
        (820_000, 73_000),
        (893_000, 72_000),
        (935_000, 30_000),
        (894_000, 41_000),
    ]
    totals, *steps = all_of_it.growth_chart().data
    assert [(step.y[0], round(step.base[0], 2), round(step.x[0], 2), plain(step.text[0])) for step in steps] == [
        (1, 820_000, 73_000, "+€73k"),
        (2, 852_000, 41_000, "-€41k"),
        (3, 852_000, 8_400, "+€8.4k"),
        (4, 860_400, 29_963.63, "+€30k"),
        (5, 890_363.63, 13_636.37, "+€13.6k"),
        (6, 903_000, 1_000, "-€1k"),
        (7, 894_000, 9_000, "-€9k"),
    ]
    lines = {line.hovertemplate.split(":")[0]: list(line.y) for line in all_of_it.trend_chart().data[:3]}
    assert lines == {
        "ten largest": [0.99, 0.98, 0.97, 1.0],
        "five largest": [0.951, 0.932, 0.914, 0.89],
        "largest": [0.321, 0.319, 0.316, 0.312],
    }
    assert list(all_of_it.trend_chart().data[3].y) == [4.52, 4.76, 4.87, 5.13]
    five, this, equal = all_of_it.what_if_chart().data
    assert (five.y[0], five.y[-1]) == (pytest.approx(639.8 / 687.6), pytest.approx((624.8 + 578.0) / 1_312.4))
    assert (this.y[0], this.y[10]) == (0.0, pytest.approx(0.3124))
    assert equal.y[10] == pytest.approx(1 / 0.19359844)
