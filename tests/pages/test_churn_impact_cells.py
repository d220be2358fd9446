"""Every cell, tile and note of `03_churn_impact` from a small company in which no two figures are alike."""

import io
import json
import re
from dataclasses import replace
from html import unescape
from itertools import product

import numpy as np
import openpyxl
import pytest
from churn_impact_for_tests import leaving, made
from drawn_for_tests import charts, held
from words_for_tests import plain

from kam_analysis.batch.spreadsheet import tables_workbook

# By table: its caption, then its headings and rows, then its notes.
CELLS = {
    "cases": (
        "Annual impact",
        [
            ("Lost together", "Sales (€)", "Margin (€)", "Share of margin", "Share of budgeted sales", "Hits most", "Result after (€)"),
            ("Aldwick Mills", "1.00k", "400", "52.8%", "40.0%", "67% of Pumps", "-100"),
            ("and Brack & Sons", "1.70k", "610", "80.6%", "68.0%", "100% of Pumps", "-310"),
            ("and Corvo Foods", "2.00k", "740", "97.8%", "80.0%", "100% of Pumps", "-440"),
            ("Your case: Brack & Sons and Corvo Foods", "1.00k", "340", "44.9%", "40.0%", "75% of Seals", "-40.40"),
        ],
        [
            "Margin is sales less the cost of what was sold, so variable costs are already deducted. Result after: all margin less fixed costs of €449 (€374 to €562; controlling), which stay when a customer goes. Bold: below zero. Budget: the coming twelve months, to June 2027.",
            "Without Aldwick Mills the largest is Brack & Sons with 59% of what is left. We would then depend on Brack & Sons more than they on us.",
            "Aldwick Mills covers €240 of fixed costs. Without it, break-even is €1.47k of sales. We can lose €300 (€187 to €374) of margin a year before break-even.",
        ],
    ),
    "cash": (
        "Cash by month: losing Brack & Sons and Corvo Foods",
        [
            ("Month", "Margin (€)", "Still paid for earlier sales (€)", "Fixed costs cut (€)", "Cash (€)", "Cash so far (€)"),
            ("Jul 2026", "-10.83", "", "", "-10.83", "-10.83"),
            ("Aug 2026", "-10.83", "", "", "-10.83", "-21.67"),
            ("Sep 2026", "-10.83", "", "8.50", "-2.33", "-24"),
            ("Oct 2026", "-28.33", "21", "8.50", "1.17", "-22.83"),
            ("Nov 2026", "-28.33", "", "8.50", "-19.83", "-42.67"),
            ("Dec 2026", "-28.33", "", "8.50", "-19.83", "-62.50"),
            ("Jan 2027", "-28.33", "", "8.50", "-19.83", "-82.33"),
            ("Feb 2027", "-28.33", "", "8.50", "-19.83", "-102"),
            ("Mar 2027", "-28.33", "", "8.50", "-19.83", "-122"),
            ("Apr 2027", "-28.33", "", "8.50", "-19.83", "-142"),
            ("May 2027", "-28.33", "", "8.50", "-19.83", "-162"),
            ("Jun 2027", "-28.33", "", "8.50", "-19.83", "-182"),
        ],
        [
            "Each month compared with today. A customer stops buying when its contract or its notice allows, a manager's customers not before the last day. They still pay for what they bought last, which costs us nothing any more. Of the fixed costs that these customers paid for, 50% (25% to 75%; the works manager) can be cut. That takes 2 months (1 to 4; notice to staff).",
        ],
    ),
    "recovery": (
        "How much of the lost sales new business replaces",
        [
            ("Lost together", "New business", "Won a year (€)", "Years to replace it", "Replaced after 12 months", "Replaced after 24 months", "Sales missing until then (€)"),
            ("Aldwick Mills", "new customers", "355", "3.5", "12% (0-50)", "47% (0-100)", "1.90k"),
            ("Aldwick Mills", "net of usual losses", "270", "4.4", "9% (0-46)", "36% (0-100)", "2.04k"),
            ("and Brack & Sons", "new customers", "355", "5.5", "7% (0-29)", "28% (0-73)", "3.65k"),
            ("and Brack & Sons", "net of usual losses", "270", "7.0", "5% (0-27)", "21% (0-68)", "3.79k"),
            ("and Corvo Foods", "new customers", "355", "6.3", "6% (0-25)", "24% (0-62)", "4.40k"),
            ("and Corvo Foods", "net of usual losses", "270", "8.1", "4% (0-23)", "18% (0-58)", "4.54k"),
            ("Your case: Brack & Sons and Corvo Foods", "new customers", "355", "3.5", "12% (0-50)", "47% (0-100)", "1.90k"),
            ("Your case: Brack & Sons and Corvo Foods", "net of usual losses", "270", "4.4", "9% (0-46)", "36% (0-100)", "2.04k"),
        ],
        [
            "A first order takes 5 months (3 to 8; the CRM), its full size another 6 months (2 to 11; a guess). The ranges move pace, cycle and ramp to their good or bad ends together. They are not confidence intervals. Growth of known customers did not pay for usual losses last year. What the three largest did is not counted: they are what may be lost. At a win rate of 30% (10% to 60%), replacing Aldwick Mills takes quotes of €3.33k (€1.67k to €10k) in all.",
        ],
    ),
    "keeping": (
        "What keeping each key account may cost",
        [
            ("Key account", "Margin we earn there (€)", "Chance of leaving", "Lost if it leaves (€)", "Worth spending a year, at most (€)", "A programme of €23 a year pays if the risk falls"),
            ("Aldwick Mills", "400", "20%", "766", "153", "from 20% to 17% or less"),
            ("Brack & Sons", "210", "33%", "462", "151", "from 33% to 27% or less"),
            ("Dornfeld", "17", "", "", "", ""),
        ],
        [
            "Lost if it leaves: margin for as long as the customer would probably have stayed, 30 months at most. Nothing is discounted, and no new business is set against it. A retention programme costs €23 (€14 to €37; a draft budget) a year for one customer.",
        ],
    ),
    "renewals": (
        "At renewal: a concession beside losing the account",
        [
            ("Key account", "Contract ends", "Last day for notice", "Sales under contract (€)", "A concession costs a year (€)", "The concession pays if the risk falls"),
            ("Aldwick Mills", "31 Dec 2026", "31 Oct 2026", "600", "18 (6 to 36)", "from 20% to 16% or less"),
            ("Brack & Sons", "30 Jun 2028", "31 Mar 2028", "700", "21 (7 to 42)", "from 33% to 25% or less"),
        ],
        [
            "The concession is 3.0% (1.0% to 6.0%; last year's renewals) on the price of what is under contract, at the same volume. Its cost is certain, the loss is not.",
        ],
    ),
    "managers": (
        "If an account manager leaves",
        [
            ("Manager", "Customers", "Sales (€)", "Share of sales", "Margin (€)", "Margin at risk a year (€)"),
            ("M1", "2", "1.09k", "50.8%", "417", "183 (88.61 to 292)"),
            ("Ines Roth", "3", "1.05k", "49.2%", "340", "179 (109 to 209)"),
        ],
        [
            "The same assumption for every manager, as on page 04: a change of manager costs 12.5% to 25.0% of sales a year. Customers who follow: 30% (10% to 60%; the director). More do where they are bound to the person, fewer where they are bound to the company. Nobody's departure is predicted.",
        ],
    ),
    "industries": (
        "If an industry fails",
        [
            ("Industry", "Customers", "Sales (€)", "Share of sales", "Margin (€)"),
            ("Textiles", "1", "1.00k", "46.6%", "400"),
            ("Steel", "2", "790", "36.8%", "227"),
            ("Food", "1", "300", "14.0%", "130"),
        ],
        [
        ],
    ),
    "causes": (
        "From your settings and the table of managers",
        [
            ("What could take several", "Chance a year", "Customers", "Chance that each then leaves", "Lost of those who stay"),
            ("steel slump", "10%", "2", "40% to 50%", ""),
            ("Ines Roth", "50%", "2", "10% to 60%", "20.0%"),
        ],
        [
        ],
    ),
    "parts": (
        "What a year takes, and what last year took (margin)",
        [
            ("Through", "Expected in a year (€)", "Last year (€)"),
            ("Customers that leave, and hand-overs", "175", "31"),
            ("Customers that stay and buy less", "84.73", "20"),
            ("Together", "260", "51"),
        ],
        [
            "Buying less: each customer by itself, as customers of like size fell in the past (1 year). Growth and new business are not set against it. A year that is bad for all customers at once would cost more.",
        ],
    ),
    "bad_years": (
        "Margin lost in a usual and in a bad year",
        [
            ("", "Annual rate (€)", "Within the next 12 months (€)", "Independent, a year (€)", "If no manager leaves, a year (€)"),
            ("Expected in a usual year", "260", "179", "260", "201"),
            ("Lost in a 1-in-20 year", "636", "383", "623", "519"),
            ("Average of the worst 1 in 20 years", "669", "436", "655", "603"),
        ],
        [
            "Annual rate: what goes in full years. Within the next 12 months: each loss counts from the month in which a contract, a notice or a last day allows it. Independent: same chances, but losses do not coincide.",
            "The chance of falling below break-even is 14% (6% to 43%) within the next 12 months, against today's margin. At the annual rate it is 16% (9% to 30%), against next year's budget. Nothing is set against the losses: last year new business and growth brought €188.",
        ],
    ),
    "levels": (
        "How much a year may cost",
        [
            ("How often", "Loss of more than (€)", "Independent (€)", "Average of such years (€)"),
            ("1 year in 2", "235", "228", "404"),
            ("1 year in 5", "412", "412", "544"),
            ("1 year in 10", "519", "504", "629"),
            ("1 year in 20", "636", "623", "669"),
            ("1 year in 100", "672", "672", "716"),
        ],
        [
        ],
    ),
    "bases": (
        "What the chances of leaving within a year rest on",
        [
            ("Rests on", "Customers", "Share of all margin", "Chance of leaving"),
            ("your estimate", "1", "53%", "20.0%"),
            ("what could take several at once", "2", "45%", "5% to 33%"),
            ("not assessed", "1", "2%", "not assessed"),
        ],
        [
            "Of 4 customers we expect 0.4 to leave within a year, and between 0 and 2 in 90 years of 100. "
            "With what could take several at once it is 0.6.",
            "For 2 customers what could take several at once is likelier than the estimate. There it counts.",
            "How far your estimates may be off is assumed: their odds times 0.5 to 2 (a hunch).",
            "Not judged, because past data does not show it for most customers: complaints and contracts.",
        ],
    ),
    "accounts": (
        "What drives the bad-year loss",
        [
            ("Customer", "Margin we earn there (€)", "Chance of leaving", "Share of the bad-year loss", "Rests on"),
            ("Aldwick Mills", "400", "20% (11% to 33%)", "60%", "your estimate"),
            ("Brack & Sons", "210", "33% (18% to 33%)", "31%", "steel slump and Ines Roth leaving alone make it 33% (from its own rhythm: 10%)"),
            ("Corvo Foods", "130", "5% (5% to 15%)", "9%", "Ines Roth leaving alone makes it 5% (from your history: 4%)"),
            ("Dornfeld", "17", "not assessed", "", "not assessed: too little history"),
        ],
        [
        ],
    ),
    "perhaps_gone": (
        "Customers that may have left already",
        [
            ("Customer", "Sales in its best year (€)", "Last purchase", "Still a customer", "Chance of leaving", "Because"),
            ("Kelby", "870", "3 Oct 2024", "12%", "91%", "silent for 639 days; its longest gap was 419"),
            *((f"Gone {at}", f"{40 - at}", "9 Jan 2025", "40%", "70%", "bought once, 537 days ago") for at in range(11)),
        ],
        [
            "Find out what happened there. None of them counts as lost yet, and most bring little that could be lost.",
            "And 1 smaller customer.",
        ],
    ),
    "backtest": (
        "How often we were right",
        [
            ("Forecast date", "Customers", "Expected to leave", "Left", "Sales expected to be lost (€)", "Sales lost (€)", "Within range?"),
            ("30 Jun 2024", "19", "1.7 (0 to 4)", "3", "0 to 520", "130", "yes"),
            ("30 Jun 2025", "21", "2.4 (1 to 6)", "6.6", "11 to 610", "845", "no"),
        ],
        [
            "Within the predicted range in 1 of 2 tests, too few to prove much. The range should hold in 90 of 100.",
            "Your own estimates for 1 customer are not tested, because none of earlier years are on file.",
            "For 2 customers it is not certain yet whether they left. Each counts by the chance that it is gone.",
        ],
    ),
    "scores": (
        "Scores of the tests: smaller is better",
        [
            ("Method", "Brier score", "Log loss"),
            ("This page", "0.0312", "0.1423"),
            ("The same chance for all", "0.0334", "0.1487"),
            ("Inactivity only", "0.0351", "0.1509"),
        ],
        [
        ],
    ),
    "calibration": (
        "Did chances come true as often as they said?",
        [
            ("Customers", "Expected to leave", "Left"),
            ("12", "3.1%", "8.3% (1% to 32%)"),
            ("28", "11.8%", "10.7% (3% to 26%)"),
        ],
        [
        ],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return made(lost=("c", "b"))


@pytest.fixture(scope="module")
def usual():
    return made()


@pytest.mark.parametrize("name", CELLS)
def test_every_cell_and_note(found, name):
    caption, (heads, *rows), notes = CELLS[name]
    text = [[plain(each) for each in row] for row in cells_of(getattr(found, f"{name}_table")().html().html)]
    assert text == [[caption], list(heads), *map(list, rows), *([note] for note in notes)]


def cells_of(html):
    """A table's caption, its heads, its rows, and the notes below it, as texts."""
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html)]
    caption, notes = (
        re.findall(r"<caption><span>(.*?)</span>", html),
        re.findall(r'<p class="kam-note">(.*?)</p>', html),
    )
    return [[unescape(each) for each in row] for row in [caption, *rows, *([note] for note in notes)]]


def test_what_is_below_zero_is_marked(found):
    html = found.cases_table().html().html
    assert [plain(first) for first in re.findall(r'<tr class="strong"><th[^>]*>(.*?)</th>', html)] == [
        "Aldwick Mills",
        "and Brack &amp; Sons",
        "and Corvo Foods",
        "Your case: Brack &amp; Sons and Corvo Foods",
    ]


YEAR_TILE = (
    "Margin lost in a 1-in-20 year",
    "€636",
    "At the annual rate. Usual year: €260. Within the next 12 months, 1 in 20: €383.",
)
PACES = "By new customers alone three years, by all new business after usual losses four years."


def test_every_tile_of_the_reader_s_own_case(found):
    assert [(plain(each.label), plain(each.value), plain(each.note)) for each in found.result().shown] == [
        ("If your case happens", "€340", "Brack & Sons and Corvo Foods: 45% of all margin, below break-even"),
        ("If the three largest go", "€740", "98% of all margin, below break-even"),
        YEAR_TILE,
        ("Time to replace your case", "Three to four years", PACES),
    ]


def test_every_tile_of_the_largest(usual):
    first, *_, last = [(plain(each.label), plain(each.value), plain(each.note)) for each in usual.result().shown]
    assert first == ("If the largest goes", "€400", "Aldwick Mills: 53% of all margin, below break-even")
    assert last == ("Time to replace the largest", "Three to four years", PACES)


def test_the_answers(found, usual, leaves):
    assert plain(found.answer) == (
        "Losing Brack & Sons and Corvo Foods costs €340 of margin a year and takes three to four years to replace."
    )
    largest = "Losing Aldwick Mills costs €400 of margin a year and takes three to four years to replace."
    assert plain(usual.answer) == plain(leaves.answer) == largest
    assert all(len(plain(each.answer).split()) <= 24 for each in (found, usual, leaves))
    assert plain(found.result().lead) == "€2,145 of sales."
    assert plain(usual.result().lead) == (
        "With Brack & Sons it is €610, and we fall below break-even. €2,145 of sales."
    )
    assert plain(leaves.result().lead) == (
        "Ines Roth leaves on 30 Sep 2026. If Brack & Sons goes along, it costs €236 of margin a year. €2,145 of sales."
    )


def test_the_time_to_replace_is_one_figure_everywhere(found, usual):
    """Answer, tile and table: years by both paces, the sales cycle and half the ramp before them."""
    for page in (found, usual):
        years = list(page.case_way.years)
        rows = page.recovery_table().rows
        told = rows.loc[rows["label"] == page.case.label, "years"].tolist()
        assert sorted(told) == pytest.approx(years)
        assert years == pytest.approx(sorted((5 + 3 + 12 * page.case.revenue / pace) / 12 for pace in (355, 270)))
        for words in (page.answer, page.result().shown[-1].value.lower()):
            assert "three to four years" in plain(words)


@pytest.fixture(scope="module")
def leaves():
    """The same with a last day on file: Ines Roth, in three months."""
    return made(departing=leaving(last_day="2026-09-30"))


def test_a_departure_on_file_is_the_first_case(leaves, usual):
    """Brack & Sons goes along, a fifth of Corvo Foods goes with the hand-over, Ebb Trading brings nothing."""
    case = leaves.leaving_case
    assert (case.name, case.names, case.loss.handed_over) == ("Ines Roth", ["Brack & Sons"], ("c", "e"))
    first = leaves.cases_table().written()[0]
    assert [plain(first[name]) for name in ("label", "revenue", "margin", "result_after")] == [
        "Ines Roth leaves, with Brack & Sons", "771", "236", "63.60",
    ]  # fmt: skip
    assert case.loss.exposure == 210 + 0.2 * 130
    assert leaves.recovery_table().rows["label"].iloc[0] == case.loss.label
    assert leaves.result().figures["departure_case"].value == 236
    departs, largest = leaves.worst_cases_chart().data
    assert (list(departs.base), list(departs.x), list(departs.y)) == ([0, 210], [210, 26], [0, 0])
    assert list(largest.y) == [1, 2, 3]
    assert usual.leaving_case is None
    assert made(departing=leaving(last_day="2026-09-30", announced=False)).leaving_case is None


def test_the_departure_in_cash_by_month(leaves):
    """Nothing before the last day, three months away; then both parts, and what Brack and a fifth of Corvo still owe."""
    rows = leaves.cash
    assert rows["margin_lost"].tolist() == pytest.approx([0, 0, 0, *[-236 / 12] * 9])
    assert rows["receivables_in"].tolist() == pytest.approx([0, 0, 0, 21 + 0.2 * 2, *[0] * 8])
    cut = 0.5 * 449.4 * 236 / 749 / 12
    assert rows["costs_cut"].tolist() == pytest.approx([*[0] * 5, *[cut] * 7])
    assert plain(leaves.cash_table().caption) == "Cash by month: Ines Roth leaves, with Brack & Sons"


def test_what_is_lost_this_year_goes_by_contracts_and_notices():
    """Alone: Aldwick at the end of month six, Brack three months after its notice, Corvo at any time; and the falls."""
    alone = made(without=("steel_slump", "M2"))
    assert alone.parts_table().records()[0]["part"] == "Customers that leave"  # nothing is handed over
    month = np.arange(1, 13)
    leave = 400 * 0.2 * 6 / 12 + 210 * (1 - 0.9 ** (month[:9] / 12)).sum() / 12
    leave += 130 * (1 - 0.96 ** (month / 12)).sum() / 12
    assert alone.this_year.mean == pytest.approx(0.85 * leave + 0.15 * 740, rel=0.03)
    assert alone.year.mean == pytest.approx(80 + 21 + 5.2 + 0.15 * (320 + 189 + 124.8))
    assert alone.this_year.quantile(0.95) < alone.year.quantile(0.95)


def test_break_even_is_held_against_the_result_that_belongs_to_it(usual):
    """This year's loss against today's margin of 749, the annual rate against the 900 of next year's budget."""
    chances = usual.below_break_even
    assert chances["this_year"].value == usual.this_year.probability_above(749 - 449.4)
    assert chances["annual"].value == usual.year.probability_above(900 - 449.4)
    today = replace(usual, budget=replace(usual.budget, coming=False))
    assert today.below_break_even["annual"].value == usual.year.probability_above(749 - 449.4)
    assert "against a whole year at today's margin" in plain(today.bad_years_table().notes[1])
    assert replace(usual, fixed=None).below_break_even == {}


def test_without_two_years_of_sales_buying_less_is_not_assessed():
    short = made(past_falls=None)
    assert plain(short.parts_table().html).endswith("is not assessed: that takes 24 months of sales.</p>")
    assert short.year.mean == pytest.approx(short.bad_year.expected_leaving)
    assert "year_parts" not in short.result().tables


def test_every_action(usual, leaves):
    assert bullets(usual.actions()) == [
        "Keep Aldwick Mills: €23 a year pays if the risk falls from 20% to 17% or less. | €400 of margin a year at stake",
        "Keep Brack & Sons: €23 a year pays if the risk falls from 33% to 27% or less. | €210 of margin a year at stake",
        "Agree what we do if it happens: losing Aldwick Mills. | €400 of margin a year and 40% of budgeted sales at stake",
        "Decide what is cut first: losing Aldwick Mills alone takes us below break-even.",
        "Prepare the hand-over before Ines Roth leaves: the departure adds 23% to a bad year's loss.",
    ]
    assert bullets(leaves.actions())[0] == (
        "Prepare the hand-over of Ines Roth's customers: the departure adds 23% to a bad year's loss. | "
        "by 14 Jul 2026 · €236 of margin a year at stake"
    )
    named = bullets(replace(leaves, owners={"b": "Bea Holt"}).actions())
    assert named[2].endswith(" | Bea Holt · €210 of margin a year at stake")


def test_every_caveat(usual):
    assert bullets(usual.caveats()) == [
        "1 customer at or below zero margin set aside (-€8): losing them costs nothing",
        "lost already and left out of what there is to lose: Zeta, Yarrow, Xanthe and 1 more",
        "chances of leaving are judged from each customer's own rhythm alone: other signals told no better in one test on past days",
        "the chance of leaving is not assessed for customers with €17 of margin; they are not in the bad-year loss",
        "what could take several at once is by itself likelier than the figure of Brack & Sons and Corvo Foods: there the "
        "higher one counts",
        "a warning of the check",
    ]


def bullets(html):
    """Each line of a list; after " | " who, by when and what is at stake."""
    items = [
        re.sub(r' <span class="kam-who">(.*?)</span>', r" | \1", each)
        for each in re.findall(r"<li>(.*?)</li>", html.html)
    ]
    return [plain(unescape(each)) for each in items]


def test_until_it_is_announced_nobody_who_leaves_has_a_name(usual):
    """The money counts all the same: only the table of all managers, each asked alike, names them."""
    kept = made(departing=leaving(announced=False))
    assert (kept.year.mean, kept.year.quantile(0.95)) == (usual.year.mean, usual.year.quantile(0.95))
    assert kept.causes_table().written()[1]["name"] == "an account manager"
    shown = [kept.causes_table(), kept.accounts_table(), kept.keeping_table(), kept.actions(), kept.caveats()]
    assert "Ines Roth" not in " ".join(each.html().html if hasattr(each, "rows") else each.html for each in shown)
    assert "Prepare the hand-over before an account manager leaves" in plain(kept.actions().html)
    assert kept.accounts["why"].tolist()[1:3] == [
        "what could take several at once alone makes it 33% (from its own rhythm: 10%)",
        "what could take several at once alone makes it 5% (from your history: 4%)",
    ]


def test_without_an_own_assumption_the_hand_over_alone_counts():
    """No chance of losing a customer is made of an average fall in sales; that fall is lost of each."""
    bare = made(departing=leaving(follow=None), past_falls=None)
    assert bare.bad_year.causes[-1].losses.tolist() == [0.0, 0.0]
    assert bare.year.mean == pytest.approx(0.2 * 400 + 0.1 * 210 + 0.04 * 130 + 0.5 * 0.2 * (0.9 * 210 + 0.96 * 130))
    assert bare.managers["lost"].tolist() == pytest.approx([417 * 0.2, 340 * 0.2])
    assert "follow_rate" not in bare.assumed
    assert "nobody does without your own assumption follow_rate" in plain(bare.managers_table().notes[0])
    assert any(
        each.startswith("a manager may leave, and how many customers follow") for each in bullets(bare.caveats())
    )
    assert bare.sensitivity["name"].tolist() == ["chance"]


def test_the_charts_draw_what_they_drew(found, usual):
    usually = {f"{name}, the usual accounts": each for name, each in charts(usual).items()}
    held("03_churn_impact", charts(found) | usually, found.result().document()["columns"])
    assert repr(found).splitlines()[0] == found.answer


def test_every_chart_says_what_its_table_says(found):
    titles = {
        "worst_cases": "Your case takes €340 of margin and us below break-even",
        "recovery": "New business replaces at most 65% of the sales within 30 months",
        "bad_year": "A 50% chance of losing more than €235 in a year",
        "margin": "Today's customers bring 56% of today's margin after 30 months",
        "sensitivity": "The bad-year loss depends most on chances of leaving",
    }
    rows = {
        "worst_cases": ["Brack & Sons, Corvo Foods", "€340", "44.9%"],
        "recovery": ["12", "12%", "0% to 50%", "9%"],
        "bad_year": ["1 in 2", "€235", "€153"],
        "margin": ["12", "€47.87", "€8.67 to €61.67", "€8.58"],
        "sensitivity": ["chances of leaving", "× 0.50", "€527", "× 3.00", "€672"],
    }
    drawn = {name: getattr(found, f"{name}_chart")().layout.meta for name in titles}
    assert {name: plain(meta["title"]) for name, meta in drawn.items()} == titles
    assert {name: list(map(plain, meta["table"]["rows"][0])) for name, meta in drawn.items()} == rows
    last = drawn["bad_year"]["table"]["rows"][3]
    assert list(map(plain, last)) == ["1 in 20", "€636", "€519"], "with and without a manager's departure"


def test_the_bars_lie_where_their_amounts_are(found):
    own, largest = found.worst_cases_chart().data
    assert (list(own.base), list(own.x), list(own.y)) == ([0, 210], [210, 130], [0, 0])
    assert (list(largest.base), list(largest.x), list(largest.y)) == ([0, 400, 610], [400, 210, 130], [1, 2, 3])


def test_the_figures_that_are_published(found):
    figures = {
        name: (each.value, each.unit, each.low, each.high, each.level) for name, each in found.result().figures.items()
    }
    assert figures == {
        "exposure_total": (757.0, "EUR", None, None, None),
        "worst_case_top_1": (400.0, "EUR", None, None, None),
        "worst_case_top_3": (740.0, "EUR", None, None, None),
        "months_to_replace_top_1": (None, "months", None, None, None),
        "own_case": (340.0, "EUR", None, None, None),
        "own_case_revenue": (1000.0, "EUR", None, None, None),
        "months_to_replace_own_case": (None, "months", None, None, None),
        "expected_loss": (pytest.approx(175.144 + 0.15 * 564.856), "EUR", None, None, None),
        "bad_year_loss": (pytest.approx(636, abs=0.2), "EUR", None, None, 0.95),
        "bad_year_average": (pytest.approx(669.1, abs=0.2), "EUR", None, None, 0.95),
        "bad_year_loss_this_year": (pytest.approx(383.0, abs=0.1), "EUR", None, None, 0.95),
    }


def test_the_bad_year_is_that_of_all_cases_counted_one_by_one(usual):
    """Exact enumeration: whether the slump comes, whether the manager leaves, and who is then lost."""
    mean, bad, worst = enumerated(slump=0.1, leaves=0.5)
    rows = usual.bad_years_table().rows
    assert rows["joint"].tolist() == pytest.approx([mean, bad, worst], abs=0.15)
    assert rows["staying"].tolist() == pytest.approx(list(enumerated(slump=0.1, leaves=0.0)), abs=0.15)
    without = made(past_falls=None)
    assert without.bad_years_table().rows["joint"].tolist() == pytest.approx(list(enumerated(0.1, 0.5, falls=(0.0,))))


def enumerated(slump, leaves, follow=(0.6, 0.1), handover=0.2, falls=(0.0, 0.1, 0.35)):
    """Whoever stays falls by one of `falls`. Expected loss, the loss of one year in 20, and the average of the worst 1 in 20 years."""
    # What is left of each chance once slump (it takes half of a, two fifths of b) and departure (b, c) are out.
    by_causes = [0.1 * 0.5, 1 - (1 - 0.1 * 0.4) * (1 - leaves * follow[0]), leaves * follow[1]]
    own = [max(1 - (1 - chance) / (1 - part), 0.0) for chance, part in zip((0.2, 0.1, 0.04), by_causes, strict=True)]
    chance_of = {}
    each_fall = product(falls, repeat=3)
    for (struck, gone, *lost), fell in product(product((0, 1), repeat=5), each_fall):
        weight = (slump if struck else 1 - slump) * (leaves if gone else 1 - leaves) / len(falls) ** 3
        taken = [0.5 * struck, 1 - (1 - 0.4 * struck) * (1 - follow[0] * gone), follow[1] * gone]
        for each, part, out in zip(own, taken, lost, strict=True):
            either = 1 - (1 - each) * (1 - part)
            weight *= either if out else 1 - either
        # Whoever is the manager's and stays costs the hand-over, and falls from what is left.
        handed = (0, handover * gone, handover * gone)
        stays = [1 - (1 - each) * (1 - fall) for each, fall in zip(handed, fell, strict=True)]
        amount = sum(size if out else size * each for size, out, each in zip((400, 210, 130), lost, stays, strict=True))
        chance_of[amount] = chance_of.get(amount, 0.0) + weight
    tail, bad, worst = 0.0, None, 0.0
    for amount in sorted(chance_of, reverse=True):
        worst += amount * min(chance_of[amount], 0.05 - tail) if tail < 0.05 else 0.0
        tail += chance_of[amount]
        bad = amount if bad is None and tail > 0.05 else bad
    return sum(amount * chance for amount, chance in chance_of.items()), bad, worst / 0.05


def test_page_workbook_and_results_agree(found):
    """Each published table's values, as its columns declare them, are what the page writes and the XLSX formats."""
    result = found.result()
    document = json.loads(json.dumps(result.document(), allow_nan=False))
    book = openpyxl.load_workbook(io.BytesIO(tables_workbook({"03_churn_impact": document})))
    assert set(document["tables"]) == {*KINDS}
    for name, table in result.tables.items():
        rows, sheet = document["tables"][name], book[f"03 {name.replace('_', ' ')}"]
        published = [each for each in table.columns if each.published]
        assert [cell.value for cell in sheet[1]] == [each.name.replace("_", " ") for each in published]
        for row, shown, cells in zip(rows, table.written(), sheet.iter_rows(min_row=2), strict=True):
            for column, cell in zip(published, cells, strict=True):
                value = row[column.name]
                if column.kind == "date":
                    assert cell.value.date().isoformat() == value, (name, column.name)
                    continue
                assert cell.value == (pytest.approx(value) if isinstance(value, float) else value), (name, column.name)
                if column.kind in FORMATS and cell.value is not None:
                    assert cell.number_format == FORMATS[column.kind], (name, column.name)
                if column.on_page:
                    assert column.text(unknown(row, published)) == shown[column.name], (name, column.name)


def unknown(row, columns):
    """A published row as the page has it: an amount that is not known is NaN."""
    numbers = {each.name for each in columns if each.kind not in ("text", "flag")}
    return {key: float("nan") if value is None and key in numbers else value for key, value in row.items()}


FORMATS = {"share": "0.0%", "money": "#,##0", "count": "#,##0"}


def test_the_published_rows(found):
    """The raw values under the names that others read."""
    tables = found.result().document()["tables"]
    assert tables["accounts"][1] == {
        "account_id": "b", "account_name": "Brack & Sons", "exposure": 210.0, "revenue": 700.0,
        "probability": pytest.approx(0.328), "low": pytest.approx(0.184), "high": pytest.approx(0.328), "estimate": 0.1,
        "by_causes": pytest.approx(0.328), "basis": "from its own rhythm", "alive": 0.93,
        "why": "steel slump and Ines Roth leaving alone make it 33% (from its own rhythm: 10%)",
        "contribution": pytest.approx(0.3142, abs=1e-3),
    }  # fmt: skip
    assert {name: pytest.approx(value) if isinstance(value, float) else value for name, value in tables["worst_cases"][1].items()} == {
        "label": "Aldwick Mills, Brack & Sons", "kind": "largest", "accounts": 2, "revenue": 1700.0, "margin": 610.0, "exposure": 610.0,
        "revenue_share": 1700 / 2145, "exposure_share": 610 / 757, "set_aside": 0, "set_aside_amount": 0.0,
        "revenue_of_budget": 0.68, "margin_of_budget": 610 / 900, "receivables": 54.0, "worst_line": "Pumps",
        "worst_line_share": 1.0, "accounts_left": 3, "revenue_left": 445.0, "exposure_left": 147.0,
        "top_1_share_left": 300 / 445, "effective_accounts_left": 445**2 / (300**2 + 90**2 + 55**2),
        "largest_left": "Corvo Foods", "largest_left_share": 130 / 147, "fixed_costs_stranded": 449.4 * 610 / 749,
        "result_after": 749 - 610 - 449.4, "result_after_low": 749 - 610 - 561.75, "result_after_high": 749 - 610 - 374.5,
        "break_even_after": 449.4 * 445 / 139,
    }  # fmt: skip
    assert tables["managers"][0] == {
        "manager_name": "M1", "accounts": 2, "revenue": 1090.0, "revenue_share": pytest.approx(1090 / 2145), "exposure": 417.0,
        "exposure_share": pytest.approx(417 / 757), "lost": pytest.approx(417 * 0.44),
        "lost_low": pytest.approx(417 * 0.2125), "lost_high": pytest.approx(417 * 0.7),
    }  # fmt: skip


def test_the_page_s_parameters_and_period_are_in_the_provenance(found):
    provenance = found.result().provenance
    assert (provenance["period"], provenance["seed"]) == ("12 months to 30 Jun 2026", 3)
    assert provenance["parameters"] == {
        "period": "last_12_months", "measure": "revenue", "horizon_months": 12, "lost_accounts": ["b", "c"],
        "plan_months": 30, "chance_factor": 1.0, "without_causes": [], "assumptions": {}, "leaving_managers": [],
    }  # fmt: skip


def test_shown_at_a_prompt_it_is_its_answer_and_key_figures(usual):
    first, *tiles = plain(repr(usual)).splitlines()
    assert first == plain(usual.answer)
    assert tiles[1] == "If the three largest go: €740 (98% of all margin, below break-even)"


# What each published column is, beside text.
KINDS = {
    "accounts": {"money": "exposure revenue", "share": "probability low high estimate by_causes alive contribution"},
    "worst_cases": {
        "money": "revenue margin exposure set_aside_amount receivables revenue_left exposure_left result_after "
        "result_after_low result_after_high fixed_costs_stranded break_even_after",
        "share": "revenue_share exposure_share revenue_of_budget margin_of_budget worst_line_share top_1_share_left "
        "largest_left_share",
        "count": "accounts set_aside accounts_left",
        "number": "effective_accounts_left",
    },
    "recovery": {
        "money": "loss pace_a_year gap gap_low gap_high",
        "share": "share_12 share_12_low share_12_high share_24 share_24_low share_24_high",
        "number": "years months",
    },
    "keeping": {
        "money": "exposure loss_if_lost at_most_a_year",
        "share": "probability later effect_needed",
        "number": "years_kept",
        "flag": "can_pay",
    },
    "renewals": {
        "money": "under_contract cost cost_low cost_high loss_if_lost",
        "share": "probability pays_at",
        "date": "notice_by ends_on",
    },
    "cash": {"money": "margin_lost receivables_in costs_cut cash cash_so_far", "count": "month"},
    "year_parts": {"money": "expected last_year"},
    "managers": {
        "money": "revenue exposure lost_low lost lost_high",
        "share": "revenue_share exposure_share",
        "count": "accounts",
    },
    "industries": {"money": "revenue exposure", "share": "revenue_share exposure_share", "count": "accounts"},
}


@pytest.mark.parametrize("name", KINDS)
def test_every_published_column_is_of_its_kind(found, name):
    declared = found.result().document()["columns"][name]
    kinds = {column: kind for kind, columns in KINDS[name].items() for column in columns.split()}
    assert {column: said["kind"] for column, said in declared.items() if said["kind"] != "text"} == kinds
    assert {said.get("unit") for said in declared.values() if said["kind"] == "money"} == {"EUR"}
