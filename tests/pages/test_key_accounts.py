"""The words and the charts of 02, from a company small enough to check by hand."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from key_accounts_for_tests import ABOUT, SALES, company

from kam_analysis.analysis import segments
from kam_analysis.errors import KamError
from kam_analysis.pages.key_accounts import answer, charts_matrix, reasons
from kam_analysis.pages.key_accounts.charts_matrix import firmness_figure
from kam_analysis.pages.key_accounts.charts_served import Line, _few, lines
from kam_analysis.pages.key_accounts.parameters import checked, weighed
from kam_analysis.pages.words import ANSWER_WORDS

ALL = tuple(each.name for each in segments.CRITERIA)


def spaced(text):
    return text.replace("\u00a0", " ").replace("\u2212", "-")


def test_the_answer_without_a_list_names_the_largest_and_why():
    assert spaced(company().answer) == "3 of 6 customers are key: Ada (60% of Skids and 1 more), Bo and Caro."


def test_the_answer_against_the_companys_list():
    said = spaced(company(on_list=["ada", "eve"], works={"bo": "rescue"}).answer)
    assert said == (
        "Bo needs a rescue plan. 3 of 6 customers are key: two are missing from your list, one on it does not qualify."
    )
    assert len(said.split()) <= ANSWER_WORDS
    found = company(on_list=["ada", "eve", "fay"])
    assert spaced(answer.beside_the_list(found)) == (
        "Missing from your list: Bo (30% of sales) and Caro. On it without qualifying: Eve (7.0% of sales) and Fay."
    )
    assert company(on_list=["ada", "bo", "caro"]).answer == "3 of 6 customers are key: all are on your list."
    assert answer.beside_the_list(company(on_list=["ada", "bo", "caro"])) == ""
    assert company(on_list=["ada", "bo", "caro", "dag"]).answer.endswith(
        "are key: all are on your list, one on it does not qualify."
    )


def test_several_rescues_come_first_by_name():
    found = company(on_list=["bo"], works={"bo": "rescue", "caro": "rescue", "dag": "rescue"}, limit=2)
    assert found.answer == (
        "Bo and Caro need rescue plans. 3 of 6 customers are key, above your capacity of 2: two are missing from your "
        "list."
    )


def test_more_than_can_be_served_is_said_first_and_marked():
    found = company(limit=2)
    assert spaced(found.answer).startswith("3 of 6 customers are key, above your capacity of 2: Ada")
    html = spaced(found.keys_table().html().html)
    assert "Among the 2 served" in html
    assert "Among the" not in company().keys_table().html().html
    line = spaced(found.threshold_table().html().html)
    assert "You have capacity for 2 key accounts and 3 qualify, so the 2 most valuable are served." in line
    assert "30% of sales, 0.14 of value ahead of the first outside" in line
    assert "40% of Skids, 0.14 of value behind the last inside" in line


def test_with_room_left_the_line_tells_how_much_is_missing():
    line = spaced(company(limit=25).threshold_table().html().html)
    assert "You have capacity for 25 key accounts and 3 qualify. To qualify, a customer needs 10% of something" in line
    assert "highest share 8.0% of sales, 2.0 points short" in line
    assert "most valuable" not in line  # Dag has 0.48, and each of the key accounts more


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
        checked(limit=limit, draws=draws, key_share=0, weights=None)
    assert [str(each).split(";")[0] for each in caught.value.problems] == said


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"volum": 40, "profit": -1}, ['weights: "volum" is no criterion; did you mean "volume"?',
                                       "weights: profit: expected 0 to 100 per cent, got -1; correct the weight"]),
        ({"volume": 70, "profit": 50}, ["weights: together they are 120 per cent, expected 100 at most; lower one of them"]),
        (dict.fromkeys(ALL, 0), ["weights: all of them are 0; raise one of them"]),
    ],
)  # fmt: skip
def test_weights_that_cannot_be_are_all_said_with_the_other_parameters(weights, said):
    with pytest.raises(KamError) as caught:
        checked(limit=0, draws=100, key_share=0, weights=weights)
    assert [str(each) for each in caught.value.problems][1:] == said


def test_limits_of_parameters_are_within_them():
    asked = checked(limit=1, draws=1, key_share=0, weights={"volume": 100})
    assert (asked.limit, asked.draws, asked.weights) == (1, 1, {"volume": 100.0})
    asked = checked(limit=1, draws=1_000_000, key_share=1, weights={"volume": 0, "profit": 100})
    assert (asked.draws, asked.key_share, asked.weights) == (1_000_000, 1.0, {"volume": 0.0, "profit": 100.0})
    with pytest.raises(KamError, match=r"volume: expected 0 to 100 per cent, got 100\.1"):
        checked(limit=1, draws=1, key_share=0, weights={"volume": 100.1})


@pytest.mark.parametrize("weight", [float("nan"), True, "much"])
def test_a_weight_that_is_no_number_is_refused_in_a_sentence(weight):
    with pytest.raises(KamError, match="weights, volume: expected a number, got"):
        checked(limit=25, draws=100, key_share=0, weights={"volume": weight})


def test_parameters_are_taken_as_schedulers_hand_them_over():
    asked = checked(limit="12", draws=100.0, key_share="5%", weights='{"growth": "40"}')
    assert (asked.limit, asked.draws, asked.key_share, asked.weights) == (12, 100, 0.05, {"growth": 40.0})


def test_weights_not_named_share_the_rest_as_the_settings_weigh_them():
    assert weighed({"volume": 2.0}, {}) == {"volume": 2.0}
    found = weighed({"volume": 2.0, "reach": 0.0}, {"ease": 12, "growth": 18})
    assert {name: round(found[name], 6) for name in ALL} == {
        "volume": 23.333333, "profit": 11.666667, "reach": 0.0, "nearness": 11.666667, "longevity": 11.666667, "growth": 18,
        "headroom": 11.666667, "ease": 12,
    }  # fmt: skip
    # Nothing can take the rest: those named count beside each other.
    only = dict.fromkeys(ALL, 0.0) | {"volume": 1.0}
    assert weighed(only, {"volume": 30})["volume"] == 30
    with pytest.raises(KamError, match="all of them are 0, and so are the others"):
        weighed(only, {"volume": 0})


def against(found, served):
    return dataclasses.replace(found, usual=frozenset(served))


def test_who_comes_in_and_who_goes_out_is_said_against_the_settings():
    assert reasons.against_settings(company()) == ""
    assert reasons.against_settings(against(company(), ["ada", "bo", "caro"])).startswith("The same customers")
    said = reasons.against_settings(against(company(), ["ada", "dag", "eve"]))
    assert said == "Compared with your settings, Bo and Caro come in and Dag and Eve go out."


def test_the_list_as_a_picture_has_three_groups_and_says_who_moved():
    found = dataclasses.replace(against(company(limit=2), ["ada", "caro", "fay"]), customer="eve")
    places = [(each.account_id, each.place, each.moved) for each in lines(found)]
    assert places == [
        ("ada", "served", ""), ("bo", "served", "in"), ("caro", "not served", "out"), ("eve", "not key", ""), ("fay", "not key", "out"),
    ]  # fmt: skip
    figure = found.served_chart()
    assert figure.layout.meta["title"] == "The 2 most valuable of 3 key accounts are served: 1 comes in, 2 go out"
    assert [spaced(each) for each in figure.data[2].text] == [
        "60% of Skids", "<b>comes in:</b> 30% of sales", "<b>goes out:</b> 40% of Skids", "7.0% of sales",
        "<b>goes out:</b> 6.0% of sales",
    ]  # fmt: skip
    assert figure.layout.yaxis.ticktext[3] == "<b>Eve</b>"
    narrow = figure.layout.meta["narrow"]
    assert [spaced(each) for each in narrow["data"][2]["text"]][1] == "<b>in</b> 30% of sales"
    # A place is free above each further group, for its heading.
    assert list(figure.data[0].y) == [0, 1, 3, 5, 6]


def test_firmness_is_drawn_for_key_accounts_and_whoever_is_followed():
    found = company()
    tops = dict(zip(SALES, [0.99, 0.5, 0.9, 0.1, 0.2, 0.3], strict=True))
    found = dataclasses.replace(
        found, scores=found.scores.assign(top=found.scores["account_id"].map(tops)), customer="fay"
    )
    figure = found.firmness_chart()
    assert spaced(figure.layout.meta["title"]) == "2 of 3 key accounts are in the top 3 in at least 90% of weightings"
    assert list(figure.layout.yaxis.ticktext) == ["Ada", "Caro", "Bo", "<b>Fay</b>"]
    assert [spaced(each) for each in figure.data[1].text] == ["99%", "90%", "50%  borderline", "30%  borderline"]
    nobody = found.scores.assign(score=np.nan)
    assert dataclasses.replace(found, scores=nobody).firmness_chart() is None


def test_of_many_those_nearest_to_the_line_are_drawn_and_all_are_in_the_table():
    """40 stand at 1/40, 2/40 and so on: the 30 nearest to nine tenths are those from 11/40 on."""
    tops = {f"k{at:02}": at / 40 for at in range(1, 41)}
    known = SimpleNamespace(
        ordered=list(tops), customer="", scores=tops, name=str.upper, limit=9, draws=100, about=ABOUT,
        of=lambda frame, id_, column: frame[id_] if column == "top" else 0.5,
    )  # fmt: skip
    figure = firmness_figure(known)
    assert list(figure.layout.yaxis.ticktext) == [f"K{at:02}" for at in range(40, 10, -1)]
    assert len(figure.layout.meta["table"]["rows"]) == 40
    assert figure.layout.meta["title"].startswith("5 of 40 key accounts are in the top 9")


def test_of_many_lines_the_first_those_around_the_cut_and_whoever_moved_are_drawn():
    """20 of 40 are served: left are the first five, 23 around the cut (one more above it), and the two that are named."""
    every = [
        Line(
            account_id=f"{at:02}", name="", score=0.5, share=0.1, why="", followed=at == 35,
            place="served" if at < 20 else "not served" if at < 30 else "not key", moved="out" if at == 39 else "",
        )
        for at in range(40)
    ]  # fmt: skip
    shown, left_out = _few(every)
    assert [int(each.account_id) for each in shown] == [*range(5), *range(8, 31), 35, 39]
    assert left_out == 10
    assert _few(every[:30]) == (every[:30], 0)


@pytest.mark.parametrize(
    ("alone", "said"),
    [(0, ""), (1, "1 qualifies only by buying in most regions"), (2, "2 qualify only by buying in most regions")],
)
def test_who_is_key_for_presence_alone_is_counted(alone, said):
    found = company()
    activities = [("presence",)] * alone + found.keys["activities"].tolist()[alone:]
    told = dataclasses.replace(found, keys=found.keys.assign(activities=activities))
    assert answer.key_figures(told)[1].note == said


def test_nobody_key_names_who_comes_nearest():
    found = company()
    shares = found.shares.assign(significant=False)
    said = dataclasses.replace(found, shares=shares, keys=segments.key_accounts(shares)).answer
    assert spaced(said) == "None of 6 customers is key. Ada comes nearest with 60.0% of Skids."
    # The largest customer is told too where another comes nearer.
    shares = shares.assign(share=shares["share"].where(shares["account_id"] != "ada", 0.04))
    said = dataclasses.replace(found, shares=shares, keys=segments.key_accounts(shares)).answer
    assert spaced(said) == ("None of 6 customers is key. Caro comes nearest with 40.0% of Skids.")
    lead = dataclasses.replace(found, shares=shares, keys=segments.key_accounts(shares)).result().lead
    assert spaced(lead).startswith("The largest customer, Ada, is not key: it has 40.0% of sales, and 10% is needed.")
    none = shares.head(0)
    said = dataclasses.replace(found, shares=none, keys=segments.key_accounts(none)).answer
    assert spaced(said).startswith("None of 6 customers is key. The largest customer, Ada, is not key: it has")


def test_reasons_give_the_largest_share_first():
    assert spaced(reasons.reasons(company(), "ada")) == "60% of Skids, 40% of sales"
    assert spaced(reasons.reasons(company(), "ada", most=1)) == "60% of Skids and 1 more"


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.4])
def test_names_in_the_matrix_meet_neither_each_other_nor_the_edge(spread):
    strength = 0.6 + spread * np.linspace(-0.5, 0.5, 6)
    figure = company(strength=strength).matrix_chart()
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
    shown = [found.keys_table(), found.work_table(), found.moves(), found.threshold_table(), found.actions()]
    for part in shown:
        assert "<img" not in part._repr_html_()
        assert "&lt;img" in part._repr_html_()


@pytest.mark.parametrize(
    ("tops", "said"),
    [
        ([], "Nobody is key"),
        ([0.5], "0 of 1 key accounts are in the top 25"),
        ([0.9, 0.89], "1 of 2 key accounts is in the top 25"),
        ([0.95, 0.9, 0.1], "2 of 3 key accounts are in the top 25"),
    ],
)
def test_how_many_are_firm_is_a_sentence(tops, said):
    rows = [(f"a{at}", top, 0) for at, top in enumerate(tops)]
    told = charts_matrix._how_many(SimpleNamespace(customer="", ordered=[], limit=25), rows)
    assert told.startswith(said)
    # A highlighted customer that is not key has a bar of its own and is not counted.
    with_another = SimpleNamespace(customer="z", ordered=["a0"], limit=25)
    assert charts_matrix._how_many(with_another, [*rows, ("z", 0.99, 0)]).startswith(said)
