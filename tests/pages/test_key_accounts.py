"""The words and the matrix of 02, from a company small enough to check by hand."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import segments as key
from kam_analysis.analysis.concentration import concentrate
from kam_analysis.errors import KamError
from kam_analysis.pages.frame import Source
from kam_analysis.pages.key_accounts import all_tables as tables
from kam_analysis.pages.key_accounts import charts as figures
from kam_analysis.pages.key_accounts import findings

SOURCE = Source("Test", "31 Dec 2025", "12 months to 31 Dec 2025")
ALL = tuple(each.name for each in key.CRITERIA)
SALES = {"ada": 40.0, "bo": 30.0, "caro": 9.0, "dag": 8.0, "eve": 7.0, "fay": 6.0}


def spaced(text):
    return text.replace("\u00a0", " ").replace("\u2212", "-")


def company(on_list=None, names=None, works=None, strength=None, limit=3):
    ids = list(SALES)
    sales = pd.DataFrame({"account_id": ids, "account_name": [n.title() for n in ids], "revenue": SALES.values()})
    skids = pd.DataFrame({"account_id": ["caro", "ada"], "revenue": [4.0, 6.0]})
    rows = key.significance(
        pd.concat(
            [key.activity_rows(sales, "revenue", "revenue"), key.activity_rows(skids, "product_line:Skids", "revenue")]
        ),
        0.1,
    )
    keys, book = key.key_accounts(rows), concentrate(sales, "revenue")
    scores = pd.DataFrame({"account_id": ids, "score": np.linspace(0.9, 0.2, 6), "assessed_weight": 1.0})
    scores = scores.assign(top=0.95, error=0.01, badge="firm")
    work = pd.DataFrame({"account_id": ids, "work": "review", "rule": "nothing", "figures": "none"})
    for name, kind in (works or {}).items():
        work.loc[work["account_id"] == name, "work"] = kind
    listing = None if on_list is None else key.against_list(keys, pd.Series({each: each in on_list for each in ids}))
    at = pd.Series(np.linspace(0.9, 0.55, 6), ids)
    grid = None if strength is None else key.matrix(at, pd.Series(strength, ids))
    return findings.Evidence(
        book, rows, keys, pd.Series(names or {n: n.title() for n in ids}), scores, key.cut(keys, scores, limit, rows), work,
        pd.DataFrame({"account_id": ids, "stage": "steady", "why": ""}), key.price_and_margin(None, sales), pd.DataFrame({"account_id": ids}),
        limit, 100, None, listing, grid,
    )  # fmt: skip


def test_the_answer_without_a_list_names_the_largest_and_why():
    assert (
        spaced(findings.answer(company())) == "3 of 6 customers are key: Ada (60 % of Skids and 1 more), Bo and Caro."
    )


def test_the_answer_against_the_companys_list():
    said = spaced(findings.answer(company(on_list=["ada", "eve"], works={"bo": "rescue"})))
    assert said == (
        "3 of 6 customers are key: 1 is on your list; add Bo (30 % of sales) and Caro; "
        "Eve is on it only by habit (7.0 % of sales); one needs rescue: Bo."
    )
    assert "all are on your list" in findings.answer(company(on_list=["ada", "bo", "caro"]))


def test_more_than_can_be_served_is_said_first_and_marked():
    found = company(limit=2)
    assert spaced(findings.answer(found)).startswith(
        "3 of 6 customers are key, more than the 2 that can be served: Ada"
    )
    html = spaced(tables.keys_table(found, "EUR").html)
    assert "Among the 2 served" in html
    assert "Among the" not in tables.keys_table(company(), "EUR").html
    line = spaced(tables.line_table(found).html)
    assert "2 can be served: the 2 most valuable of 3 key accounts." in line
    assert "30 % of sales; 0.14 of value ahead of the first outside" in line
    assert "40 % of Skids, 0.14 of value behind the last inside" in line


def test_with_room_left_the_line_tells_how_much_is_missing():
    line = spaced(tables.line_table(company(limit=25)).html)
    assert "25 can be served: there is room for 22 more. To be key, 10 % of something that matters is needed." in line
    assert "8.0 % of sales is the most it reaches: 2.0 points short" in line
    assert "The most valuable of all who are not key is Dag (0.48): value alone makes nobody key." in line


@pytest.mark.parametrize(
    ("limit", "draws", "said"),
    [
        (0, 100, ["limit: expected at least 1, got 0"]),
        (-3, 0, ["limit: expected at least 1, got -3", "draws: expected 1 to 1,000,000, got 0"]),
        (15, 10**9, ["draws: expected 1 to 1,000,000, got 1,000,000,000"]),
    ],
)
def test_parameters_that_cannot_be_are_all_said(limit, draws, said):
    with pytest.raises(KamError) as caught:
        findings.check_parameters(limit, draws)
    assert [str(each).split(";")[0] for each in caught.value.problems] == said


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"volum": 40, "profit": -1}, ['weights: "volum" is no criterion; did you mean "volume"?',
                                       "weights: profit: expected 0 to 100 per cent, got -1; correct the weight"]),
        ({"volume": float("nan")}, ["weights: volume: expected 0 to 100 per cent, got nan; correct the weight"]),
        ({"volume": True, "reach": "much"}, ["weights: volume: expected 0 to 100 per cent, got True; correct the weight",
                                             "weights: reach: expected 0 to 100 per cent, got much; correct the weight"]),
        ({"volume": 70, "profit": 50}, ["weights: together they are 120 per cent, expected 100 at most; lower one of them"]),
        (dict.fromkeys(ALL, 0), ["weights: all of them are 0; raise one of them"]),
    ],
)  # fmt: skip
def test_weights_that_cannot_be_are_all_said_with_the_other_parameters(weights, said):
    with pytest.raises(KamError) as caught:
        findings.check_parameters(0, 100, weights)
    assert [str(each) for each in caught.value.problems][1:] == said


def test_weights_not_named_share_the_rest_as_the_settings_weigh_them():
    assert findings.weighed({"volume": 2.0}) == {"volume": 2.0}
    found = findings.weighed({"volume": 2.0, "reach": 0.0}, {"ease": 12, "growth": 18})
    assert {name: round(found[name], 6) for name in ALL} == {
        "volume": 23.333333, "profit": 11.666667, "reach": 0.0, "nearness": 11.666667, "longevity": 11.666667, "growth": 18,
        "headroom": 11.666667, "ease": 12,
    }  # fmt: skip
    # Nothing can take the rest: those named count beside each other.
    only = dict.fromkeys(ALL, 0.0) | {"volume": 1.0}
    assert findings.weighed(only, {"volume": 30})["volume"] == 30
    with pytest.raises(KamError, match="all of them are 0, and so are the others"):
        findings.weighed(only, {"volume": 0})


def against(found, served):
    return dataclasses.replace(found, usual=frozenset(served))


def test_who_comes_in_and_who_goes_out_is_said_against_the_settings():
    assert findings.against_settings(company()) == ""
    assert findings.against_settings(against(company(), ["ada", "bo", "caro"])).startswith("The same customers")
    said = findings.against_settings(against(company(), ["ada", "dag", "eve"]))
    assert said == "Against your settings Bo and Caro come in; Dag and Eve go out."


def test_the_list_as_a_picture_has_three_groups_and_says_who_moved():
    found = dataclasses.replace(against(company(limit=2), ["ada", "caro", "fay"]), customer="eve")
    places = [(each.account_id, each.place, each.moved) for each in findings.lines(found)]
    assert places == [
        ("ada", "served", ""), ("bo", "served", "in"), ("caro", "not served", "out"), ("eve", "not key", ""), ("fay", "not key", "out"),
    ]  # fmt: skip
    figure = figures.served_figure(found, SOURCE)
    assert figure.layout.meta["title"] == "The 2 most valuable of 3 key accounts are served: 1 comes in, 2 go out"
    assert [spaced(each) for each in figure.data[2].text] == [
        "60 % of Skids", "<b>comes in:</b> 30 % of sales", "<b>goes out:</b> 40 % of Skids", "7.0 % of sales",
        "<b>goes out:</b> 6.0 % of sales",
    ]  # fmt: skip
    assert figure.layout.yaxis.ticktext[3] == "<b>Eve</b>"
    narrow = figure.layout.meta["narrow"]
    assert [spaced(each) for each in narrow["data"][2]["text"]][1] == "<b>in</b> 30 % of sales"
    # A place is free above each further group, for its heading.
    assert list(figure.data[0].y) == [0, 1, 3, 5, 6]


def test_firmness_is_drawn_for_key_accounts_and_whoever_is_followed():
    found = company()
    tops = dict(zip(SALES, [0.99, 0.5, 0.9, 0.1, 0.2, 0.3], strict=True))
    found = dataclasses.replace(
        found, scores=found.scores.assign(top=found.scores["account_id"].map(tops)), customer="fay"
    )
    figure = figures.firmness_figure(found, SOURCE)
    assert figure.layout.meta["title"].startswith("2 of 3 key accounts are among the best 3 by value")
    assert list(figure.layout.yaxis.ticktext) == ["Ada", "Caro", "Bo", "<b>Fay</b>"]
    assert [spaced(each) for each in figure.data[1].text] == ["99 %", "90 %", "50 %  borderline", "30 %  borderline"]
    nobody = found.scores.assign(score=np.nan)
    assert figures.firmness_figure(dataclasses.replace(found, scores=nobody), SOURCE) is None


def test_nobody_key_names_who_comes_nearest():
    found = company()
    rows = found.rows.assign(significant=False)
    said = findings.answer(dataclasses.replace(found, rows=rows, keys=key.key_accounts(rows)))
    assert spaced(said) == "None of 6 customers is key; Ada comes nearest with 60.0 % of Skids."


def test_reasons_give_the_largest_share_first():
    assert spaced(findings.reasons(company(), "ada")) == "60 % of Skids, 40 % of sales"
    assert spaced(findings.reasons(company(), "ada", 1)) == "60 % of Skids and 1 more"


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.4])
def test_names_in_the_matrix_meet_neither_each_other_nor_the_edge(spread):
    strength = 0.6 + spread * np.linspace(-0.5, 0.5, 6)
    figure = figures.matrix_figure(company(strength=strength), SOURCE)
    names = figure.layout.annotations[4:]
    assert sorted(each.text for each in names) == ["Ada", "Bo", "Caro"]
    across, up = figure.layout.xaxis.range, figure.layout.yaxis.range
    boxes = []
    for each in names:
        x = (each.x - across[0]) / (across[1] - across[0]) * 960
        y = (each.y - up[0]) / (up[1] - up[0]) * 450
        half = 6.9 * len(each.text) / 2
        boxes.append((x - half, x + half, y - 8, y + 8))
        assert boxes[-1][0] >= 0
        assert boxes[-1][1] <= 960
    for at, (left, right, low, high) in enumerate(boxes):
        for other in boxes[:at]:
            assert right <= other[0] or other[1] <= left or high <= other[2] or other[3] <= low
    assert len(figure.layout.meta["table"]["rows"]) == 3


def test_names_from_the_data_are_text_in_every_table():
    evil = "<img src=x onerror=alert(1)>"
    found = company(on_list=["eve"], names=dict.fromkeys(SALES, evil), works={"ada": "rescue"})
    for html in (
        tables.keys_table(found, "EUR"),
        tables.work_table(found),
        tables.moves(found),
        tables.line_table(found),
    ):
        assert "<img" not in html.html
        assert "&lt;img" in html.html
