"""What a table and a first screen show besides words: bars, pills, names that are cut, tiles by length, folded steps."""

import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.pages import style
from kam_analysis.pages.frame import money_ticks
from kam_analysis.pages.html import KeyFigure, Step, bullets, key_figures, table
from kam_analysis.pages.table import Column, Table

LONG = "Vereinigte Wasserwerke Niederrhein und Umland GmbH"


def shown(**rows):
    columns = [
        Column("account_name", "Customer"),
        Column("share", "Share", "share", bar=True),
        Column("work", "Action", tones={"rescue": "bad", "maintain": ""}),
    ]
    return Table("Largest", columns, pd.DataFrame(rows)).html().html


def test_the_longest_bar_fills_its_cell_and_the_others_are_parts_of_it():
    html = shown(account_name=["a", "b"], share=[0.4, 0.1], work=["", ""])
    assert '<td class="bar" data-v="0.4" style="--part:1.000">40.0%</td>' in html
    assert '<td class="bar" data-v="0.1" style="--part:0.250">10.0%</td>' in html


def test_below_zero_a_bar_would_lie_and_there_is_none():
    assert "bar" not in shown(account_name=["a", "b"], share=[0.4, -0.1], work=["", ""])


def test_a_word_with_a_tone_is_a_pill_and_others_are_words():
    html = shown(account_name=["a", "b", "c"], share=[0.1] * 3, work=["rescue", "maintain", "<b>"])
    assert '<span class="kam-pill bad">rescue</span>' in html
    assert '<span class="kam-pill">maintain</span>' in html
    assert '<td class="text">&lt;b&gt;</td>' in html


def test_a_long_name_stands_whole_in_its_title_and_other_words_wrap():
    html = shown(account_name=["Ash", LONG], share=[0.4, 0.1], work=["", ""])
    assert f'<th scope="row" class="text name" title="{LONG}">' in html
    assert html.count("title=") == 1
    other = table({"case": "Case|"}, [{"case": LONG}], "Cases").html
    assert '<th scope="row" class="text long">' in other
    assert "title=" not in other


@pytest.mark.parametrize(
    ("value", "size"),
    [("18.1%", "kam-value"), ("18 equal customers", "kam-value long"), ("x" * 21, "kam-value longer")],
)
def test_the_longer_a_tiles_value_the_smaller(value, size):
    assert f'<div class="{size}">{value}</div>' in key_figures([KeyFigure("Label", value)]).html


def test_a_tiles_change_has_its_tone():
    assert '<div class="kam-beside bad">+2 points</div>' in key_figures([KeyFigure("L", "1", "+2 points", "bad")]).html


def test_steps_beyond_the_first_are_folded_but_never_one_alone():
    html = bullets(["a", "b", "c", "d"], shown=2).html
    first, more = html.split("<details")
    assert (first.count("<li>"), more.count("<li>")) == (2, 2)
    assert "<summary>2 more</summary>" in more
    assert "<details" not in bullets(["a", "b", "c"], shown=2).html
    assert bullets([], shown=2).html == ""


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (3_220_000, 4_290_000, "€3.2–4.3m"),
        (870_000, 1_200_000, "€0.9–1.2m"),
        (9_090_000, 16_200_000, "€9–16m"),
        (453_000, 1_190_000, "€0.5–1.2m"),
        (144_600, 444_000, "€140–440k"),
        (102_900, 137_300, "€100–140k"),
        (85, 114, "€85–114"),
        (13.2, 17.6, "€13–18"),
        (20_000, 1_200_000, "€20k–€1.2m"),
        (0, 1_200_000, "€0.0–1.2m"),
        (40_000, 40_000, "€40k"),
        (-1_000, 2_000, "−€1k–€2k"),
        (5, 7, "€5–7"),
        (math.nan, 7, "not assessed–€7"),
        (5, math.nan, "€5–not assessed"),
        (5, math.inf, "€5–not assessed"),
    ],
)
def test_a_range_says_once_what_both_ends_share_and_what_is_not_known(low, high, said):
    assert style.amounts(low, high, "EUR") == said


@given(st.floats(1, 1e11), st.floats(1.001, 1e3))
def test_the_ends_of_a_range_are_told_apart_and_keep_their_size(low, wider):
    """What is read back lies within half of the place that half of the range fills; below a thousand, half a unit."""
    high = low * wider
    said = style.amounts(low, high)
    if said == f"{style.money(low)}–{style.money(high)}" and low < high / 10:
        return  # the lower end would round to nothing
    read = re.fullmatch(r"([\d,.]+)–([\d,.]+)(tn|bn|m|k|)", said)
    assert read
    scale = {"": 1, "k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}[read[3]]
    ends = [float(each.replace(",", "")) * scale for each in read.groups()[:2]]
    assert ends[0] < ends[1]
    assert ends == pytest.approx([low, high], abs=max((high - low) / 4, 0.5) * 1.0001)


def test_an_estimate_has_the_digits_of_its_range():
    assert style.estimate(15_320_000, 9_090_000, 16_200_000, "EUR") == "€15m"
    assert style.estimate(3_470_000, 2_060_000, 3_710_000, "EUR") == "€3.5m"
    assert style.estimate(60_400, 60_400, 60_400, "EUR") == "€60.4k"
    assert style.estimate(-5_000, -9_000, 2_000, "EUR") == "\u2212€5k"


@pytest.mark.parametrize(
    ("most", "least", "unit", "words"),
    [
        (21e6, 0, "EUR", ["€0", "€5m", "€10m", "€15m", "€20m"]),
        (1_300, 0, "CHF", ["CHF\u00a00", "CHF\u00a0250", "CHF\u00a0500", "CHF\u00a0750", "CHF\u00a01k", "CHF\u00a01.25k"]),
        (100, -50, "units", ["\u221250", "\u221225", "0", "25", "50", "75", "100"]),
        (0, 0, "EUR", None),
        (math.nan, 0, "EUR", None),
    ],
)  # fmt: skip
def test_an_axis_of_money_has_round_amounts_with_their_unit(most, least, unit, words):
    assert money_ticks(most, unit, least).get("ticktext") == words


def test_a_currency_without_a_common_sign_keeps_its_code_and_a_unit_stands_behind():
    assert style.money(12_000_000, "CHF") == "CHF\u00a012m"
    assert style.money(68_000, "units") == "68k\u00a0units"
    assert style.money(60_000) == "60.0k"


def test_a_step_says_who_by_when_and_what_is_at_stake_as_far_as_is_known():
    whole = Step("Rescue A & B.", "Ann Lee", "2 Oct 2026", "€15.2m of sales at stake")
    html = bullets([whole, Step("Ask C.", by="3 Oct 2026"), Step("Ask D.")]).html
    assert "<li>Rescue A &amp; B. " in html
    assert '<span class="kam-who">Ann Lee · by 2 Oct 2026 · €15.2m of sales at stake</span></li>' in html
    assert '<li>Ask C. <span class="kam-who">by 3 Oct 2026</span></li>' in html
    assert "<li>Ask D.</li>" in html
