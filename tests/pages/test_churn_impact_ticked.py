"""03: the customers to tick and what is left without them, to the last cell; its amounts in words at their edges."""

import json
import re
from dataclasses import replace
from html import unescape
from types import SimpleNamespace

import churn_impact_for_tests as made
import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.analysis import recovery
from kam_analysis.pages.churn_impact import ticked
from kam_analysis.pages.churn_impact.answer import fraction

CUSTOMERS = [
    ["Customer", "Sales (€)", "Margin (€)", "Result without it (€)"], ["Aldwick Mills", "1.00k", "400", "-100"],
    ["Brack & Sons", "700", "210", "89.60"], ["Corvo Foods", "300", "130", "170"], ["Dornfeld", "90", "17", "283"],
]  # fmt: skip
LEFT = ["A year", "Today (€)", "Lost (€)", "Left (€)", "Part left"]


def read(found):
    """The cells of both tables, what stands below and above them, and the figures that the page's script adds up."""
    html = ticked.lost_together(found).html
    told = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html)]
    cells = [[plain(unescape(re.sub("<[^>]+>", "", cell))) for cell in row] for row in told]
    below, above = (re.findall(f"<{tag}[^>]*>(?:<span>)?(.*?)</", html) for tag in ("p", "caption"))
    figures = json.loads(unescape(re.search('data-figures="([^"]*)"', html)[1]))
    return cells, [plain(unescape(each)) for each in [*above, *below]], figures


def test_the_largest_is_ticked_where_nobody_else_is():
    cells, said, figures = read(made.made())
    assert cells == [
        *CUSTOMERS, LEFT, ["Sales", "2.15k", "1.00k", "1.15k", "53%"],
        # Lost of all that earns something, 757; today's 749 are less the 8 that Ebb costs.
        ["Margin", "749", "400", "349", "47%"], ["Result after fixed costs", "300", "400", "-100", ""],
    ]  # fmt: skip
    assert said == [
        "What we lose with each of the 4 largest customers", "What is left without Aldwick Mills",
        "The result is -€100 (-€213 to -€25.5 by the range of fixed costs), below break-even: sales of €1.15k against the €1.47k that are needed.",
    ]  # fmt: skip
    assert figures["start"] == [True, False, False, False]
    assert figures["names"] == ["Aldwick Mills", "Brack & Sons", "Corvo Foods", "Dornfeld"]
    assert figures["lost"] == [[1000.0, 400.0, 400.0], [700.0, 210.0, 210.0], [300.0, 130.0, 130.0], [90.0, 17.0, 17.0]]
    assert (figures["today"], figures["whole"]) == ([2145.0, 749.0, pytest.approx(299.6)], [2145.0, 757.0, None])
    assert (figures["fixed"], figures["money"], figures["line"]) == (
        pytest.approx([449.4, 374.5, 561.75]),
        ["€", ""],
        None,
    )


def test_a_case_of_one_s_own_is_ticked_and_product_lines_stand_below():
    cells, said, figures = read(replace(made.made(("b", "c")), lines=made.LINES))
    assert cells[5:] == [
        LEFT, ["Sales", "2.15k", "1.00k", "1.15k", "53%"], ["Margin", "749", "340", "409", "55%"],
        ["Result after fixed costs", "300", "340", "-40.40", ""], ["Pumps", "1.20k", "400", "800", "67%"], ["Seals", "800", "600", "200", "25%"],
    ]  # fmt: skip
    assert said[1] == "What is left without Brack & Sons and Corvo Foods"
    assert [each[3:] for each in figures["lost"]] == [[800.0, 200.0], [400.0, 300.0], [0.0, 300.0], [0.0, 0.0]]
    # One that costs us money is no loss, and without fixed costs there is no result.
    cells, said, figures = read(replace(made.made(("e",)), fixed=None))
    assert cells[-3:] == [LEFT, ["Sales", "2.15k", "55", "2.09k", "97%"], ["Margin", "749", "0", "749", "100%"]]
    assert (figures["start"], figures["fixed"], len(said)) == ([False] * 4 + [True], None, 2)
    assert cells[0] == CUSTOMERS[0][:3]
    assert ticked.lost_together(replace(made.made(), worst=())) is None


def test_above_break_even_it_says_so():
    found = made.made(("c",))
    assert read(found)[1][2].startswith(
        "The result is €170 (€57.25 to €244 by the range of fixed costs), above break-even"
    )
    everything = replace(found, fixed=recovery.fixed_costs(found.exposed, made.ASSUMED["fixed_cost_share"]))
    nothing_left = ticked._beside_break_even(everything, recovery.lose_named(found.exposed, ["a", "b", "c", "d"]))
    assert plain(nothing_left).startswith("The result is -€457 (-€570 to -€382 by the range of fixed costs)")


def test_twenty_five_can_be_ticked_and_the_case_s_own_beyond_them():
    def to_tick(accounts, *lost):
        known = pd.DataFrame({"account_id": [f"K{at}" for at in range(30)]})
        of = SimpleNamespace(
            exposed=SimpleNamespace(known=known, accounts=known.head(accounts)),
            overrides=SimpleNamespace(lost_accounts=lost),
        )
        return ticked.rows_to_tick(of)["account_id"].tolist()

    assert to_tick(30, "K28", "K1") == [*(f"K{at}" for at in range(25)), "K28"]
    assert to_tick(3, "K9") == ["K0", "K1", "K2", "K9"]


def test_eight_lines_stand_for_themselves_and_one_more_where_it_is_alone():
    nine, ten = ([f"L{at}" for at in range(many)] for many in (9, 10))
    assert ticked._lines_named(nine) == nine
    assert ticked._lines_named(ten) == [*ten[:8], "All other lines", "All other lines"]


def test_the_command_is_put_together_from_what_the_page_has():
    line = ticked.ReportLine(before="kam report -p '", after="'", each={"a": "A1", "b": '"B 2"'})
    assert line.of_accounts(["b", "a"]) == "kam report -p '\"B 2\", A1'"
    assert line.parts(["a"]) == {"before": "kam report -p '", "after": "'", "each": ["A1"]}


@pytest.mark.parametrize(("share", "said"), [
    (0.5, "half"), (0.511, "half"), (0.513, "51%"), (0.489, "half"), (0.487, "49%"), (0.3334, "a third"), (0.346, "35%"), (0.25, "a quarter"), (0.2, "a fifth"),
    (0.1, "a tenth"), (0.111, "a tenth"), (0.113, "11%"), (0.089, "a tenth"), (0.087, "9%"), (0.9, "90%"),
])  # fmt: skip
def test_a_part_is_a_fraction_where_it_is_near_enough(share, said):
    assert fraction(share) == said
