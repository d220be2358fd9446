"""The explorer of `02_key_accounts`, without a browser: what its controls change, and that a report shows the same."""

import json
import math
import shlex

import pytest
from explorers_for_tests import figure, title, told_ahead_is_what_a_move_draws
from hypothesis import given, settings
from hypothesis import strategies as st
from in_process_for_tests import reports_here
from notebook_for_tests import found
from words_for_tests import plain

from kam_analysis.pages import style
from kam_analysis.pages.key_accounts import explore
from kam_analysis.pages.key_accounts.weights import moved, shares

ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,60\n"


def made(known):
    return explore.explorer(known["ledger"], known["found"])


def shown(known):
    explorer = made(known)
    explorer.charts.show()
    return explorer


def table(explorer, name):
    return [[plain(cell) for cell in row] for row in figure(explorer, name)["layout"]["meta"]["table"]["rows"]]


@pytest.fixture(scope="module")
def sample(shelf):
    with shelf():
        return found("02_key_accounts")


@pytest.fixture
def explorer(sample):
    return shown(sample)


def test_nothing_is_computed_before_it_is_shown(sample):
    waiting = made(sample)
    waiting.set(limit=5)
    assert waiting.charts.drawn == {}
    assert "JupyterLab" in repr(waiting)


def test_what_is_told_ahead_is_what_a_move_draws(explorer):
    assert told_ahead_is_what_a_move_draws(explorer, lambda: None) >= 20


def test_what_is_told_ahead_amid_a_slider_s_way_is_what_a_move_draws(explorer):
    volume = explorer.controls["weights"].widget.sliders["volume"]

    def begin():
        volume.value = 31.0
        volume.value = 33.5

    assert told_ahead_is_what_a_move_draws(explorer, begin) >= 20


def test_it_starts_at_the_page(explorer, sample):
    assert explorer.charts.answer == sample["found"].answer
    assert list(explorer.charts.drawn) == ["served", "matrix", "firmness"]
    assert explorer.charts.command == "kam report --only 02_key_accounts"
    assert explorer.charts.message == ""
    assert set(explorer.values["weights"].values()) == {12.5}
    assert title(explorer, "served") == "14 key accounts, and room for 11 more"


def test_more_weight_on_one_criterion_takes_it_from_the_others_and_changes_value_not_who_is_key(explorer):
    before = dict(explorer.charts.drawn)
    slider = explorer.controls["weights"].widget.sliders["growth"]
    slider.value = 65.0
    weights = explorer.values["weights"]
    assert weights["growth"] == 65.0
    assert {weights[name] for name in weights if name != "growth"} == {5.0}
    assert explorer.charts.drawn["served"] != before["served"]
    assert explorer.charts.drawn["matrix"] != before["matrix"]
    assert explorer.charts.drawn["firmness"] == before["firmness"]
    assert explorer.charts.answer.endswith("The same customers are served as with your settings.")
    assert "--set '02_key_accounts.weights={ volume = 5.0, " in explorer.charts.command


def test_fewer_places_send_the_least_valuable_out_in_colour_and_words(explorer):
    explorer.set(limit=12)
    assert plain(explorer.charts.answer).endswith(
        "Compared with your settings, nobody comes in and Oakhurst Paper AB and Corvane Dairy SA go out."
    )
    assert title(explorer, "served") == "The 12 most valuable of 14 key accounts are served: 2 go out"
    rows = {row[0]: row[1:] for row in table(explorer, "served")}
    assert rows["Corvane Dairy SA"] == ["0.60", "41% of Skids", "not served", "goes out"]
    drawn = figure(explorer, "served")
    said, colours = drawn["data"][2]["text"], drawn["data"][0]["marker"]["color"]
    assert [colour for text, colour in zip(said, colours, strict=True) if "goes out" in text] == [style.WARNING] * 2
    assert explorer.charts.command.endswith("--set 02_key_accounts.limit=12")


def test_a_lower_threshold_lets_others_in_and_a_higher_one_sends_them_out(explorer):
    explorer.set(key_share=0.04)
    assert "come in and nobody goes out." in explorer.charts.answer
    assert any(row[-1] == "comes in" for row in table(explorer, "served"))
    dotted = figure(explorer, "served")["layout"]["shapes"][0]
    assert (dotted["xref"], dotted["x0"]) == ("x2", 0.04)
    explorer.set(key_share=0.3)
    assert "nobody comes in and Tressel Chemicals GmbH" in explorer.charts.answer
    assert explorer.charts.command.endswith("--set 02_key_accounts.key_share=0.3")


def test_weights_decide_who_is_served_where_not_all_can_be(explorer):
    explorer.set(limit=10)
    first = {row[0] for row in table(explorer, "served") if row[3] == "served"}
    explorer.controls["weights"].widget.sliders["growth"].value = 90.0
    now = {row[0] for row in table(explorer, "served") if row[3] == "served"}
    assert len(first) == len(now) == 10
    assert "Pellworth Marine Ltd" in now
    assert first != now


def test_whoever_is_followed_stands_out_key_or_not(explorer):
    explorer.set(customer="bexley")
    assert plain(explorer.charts.answer).endswith(
        "by value (0.43 of 1). It is not key (highest share 4.8% of Valves, margin -2.0%)."
    )
    for name in ("served", "firmness"):
        ticks = figure(explorer, name)["layout"]["yaxis"]["ticktext"]
        assert [each for each in ticks if "<b>" in each] == ["<b>Bexley Machinery Ltd</b>"]
    assert "<b>Bexley Machinery Ltd</b>" in [
        each["text"] for each in figure(explorer, "matrix")["layout"]["annotations"]
    ]
    assert title(explorer, "matrix") == title_without(explorer)
    assert explorer.charts.command.endswith("--set 02_key_accounts.customer=0010700")


def title_without(explorer):
    explorer.set(customer="")
    before = title(explorer, "matrix")
    explorer.set(customer="bexley")
    return before


def test_a_name_that_is_nobodys_is_told_and_the_rest_is_drawn(explorer):
    explorer.set(customer="Aldermor", limit=12)
    assert explorer.charts.message.startswith('customer: no customer matches "Aldermor"')
    assert title(explorer, "served").startswith("The 12 most valuable")
    assert "customer=" not in explorer.charts.command


def test_reset_goes_back_to_the_page(explorer):
    before = dict(explorer.charts.drawn), explorer.charts.answer
    explorer.set(limit=5, key_share=0.2, customer="0010600")
    explorer.controls["weights"].widget.sliders["ease"].value = 50.0
    explorer.reset_button.click()
    assert (dict(explorer.charts.drawn), explorer.charts.answer) == before
    assert explorer.charts.command == "kam report --only 02_key_accounts"
    explorer.controls["weights"].widget.sliders["ease"].value = 30.0
    assert set(explorer.values["weights"].values()) == {10.0, 30.0}


def test_an_error_is_a_sentence_in_the_explorer(explorer, monkeypatch):
    def fails(*given, **more):
        raise ValueError("limit: expected at least 1, got 0")

    before = dict(explorer.charts.drawn)
    monkeypatch.setattr(explore.segments, "cut", fails)
    explorer.set(limit=3)
    assert explorer.charts.message == "limit: expected at least 1, got 0"
    assert explorer.charts.drawn == before


def test_weightings_are_drawn_once_for_all_numbers_of_places(sample, monkeypatch):
    drawn = []
    known = explore.segments.places
    monkeypatch.setattr(
        explore.segments, "places", lambda *given, **more: drawn.append(given[1]) or known(*given, **more)
    )
    explorer = shown(sample)
    assert drawn == []
    for limit, share in [(8, 0.1), (9, 0.1), (8, 0.2), (25, 0.1), (9, 0.3)]:
        explorer.set(limit=limit, key_share=share)
    assert drawn == [60]


def test_a_long_list_shows_who_is_near_the_cut_and_has_all_in_its_table(explorer):
    explorer.set(key_share=0.01, limit=40)
    drawn, rows = figure(explorer, "served"), table(explorer, "served")
    assert len(drawn["data"][0]["x"]) == 30
    assert len(rows) > 40
    assert "more are in the table" in drawn["layout"]["meta"]["alt"]


def test_nobody_key_is_said_and_the_nearest_are_drawn(company):
    rows = "account_id,date,revenue\n" + "".join(f"A-{at},2025-01-25,{100 + at}\n" for at in range(4))
    explorer = shown(
        found("02_key_accounts", settings=str(company('[tables.transactions]\nfile = "sales.csv"\n', sales__csv=rows)))
    )
    explorer.set(key_share=0.5)
    assert title(explorer, "served") == "Nobody carries 50% of anything that matters: 4 go out"
    assert {row[3] for row in table(explorer, "served")} == {"not key"}
    assert list(explorer.charts.drawn) == ["served"]


def test_what_to_do_is_known_of_whoever_is_key_at_any_share(company):
    rows = "account_id,date,revenue\n" + "".join(f"A-{at},2025-01-25,{500 if at == 0 else 50}\n" for at in range(12))
    known = found(
        "02_key_accounts", settings=str(company('[tables.transactions]\nfile = "sales.csv"\n', sales__csv=rows))
    )
    # At one per cent all twelve are key and so nobody is; at a tenth the first one is.
    keys = explore._Keys(known["ledger"], known["found"])
    assert set(keys._work["account_id"]) >= {"A-0"}
    explorer = shown(known)
    explorer.set(key_share=0.02)
    assert plain(explorer.charts.answer).startswith("None of 12 customers is key.")
    explorer.set(key_share=0.2)
    assert plain(explorer.charts.answer).startswith("1 of 12 customers is key")


def test_from_next_to_nothing_it_shows_what_it_can(company):
    path = company('[tables.transactions]\nfile = "sales.csv"\n', sales__csv=ROWS)
    explorer = shown(found("02_key_accounts", settings=str(path)))
    assert "matrix" not in explorer.charts.drawn
    explorer.set(key_share=0.4)
    assert plain(explorer.charts.answer).startswith("1 of 2 customers is key")
    assert explorer.charts.message == ""


def test_a_report_by_the_command_shows_the_same(explorer, tmp_path):
    explorer.set(limit=12, key_share=0.06, customer="Corvane")
    explorer.controls["weights"].widget.sliders["growth"].value = 40.0
    words = shlex.split(explorer.charts.command)
    assert words[:4] == ["kam", "report", "--only", "02_key_accounts"]
    assert words[4::2] == ["--set"] * 4
    done = reports_here(None, tmp_path, only=["02_key_accounts"], set_values=words[5::2])
    assert done.exit_code == 0
    document = json.loads((tmp_path / "results" / "02_key_accounts.json").read_text(encoding="utf-8"))
    page = (tmp_path / "02_key_accounts.html").read_text(encoding="utf-8")
    assert explorer.charts.answer.startswith(document["answer"])
    assert explorer.charts.answer.removeprefix(document["answer"]).strip() in page.replace("&#x27;", "'")
    for name in explorer.charts.drawn:
        assert title(explorer, name) in plain(page).replace("\\u00a0", " "), name
    told = {row["name"]: row for row in document["tables"]["key_accounts"]}
    for name, value, _, place, _ in table(explorer, "served"):
        assert (place != "not key") == (name in told)
        if name in told:
            assert told[name]["served"] == (place == "served")
            assert float(value) == pytest.approx(told[name]["score"], abs=0.005)
    for name, top, firm in table(explorer, "firmness"):
        assert float(top.rstrip(" %")) == pytest.approx(100 * told[name]["acceptability_share"], abs=0.051)
        assert told[name]["firm"] == (firm == "robust")
    asked = document["provenance"]["parameters"]
    assert (asked["limit"], asked["key_share"], asked["weights"]["growth"]) == (12, 0.06, 40.0)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.floats(0, 1000), min_size=2, max_size=8), st.floats(-5, 105))
def test_weights_add_up_to_100_and_keep_their_proportions(parts, percent):
    names = [f"w{at}" for at in range(len(parts))]
    before = shares(parts, names)
    after = moved(before, "w0", percent=percent)
    for weights in (before, after):
        assert math.isclose(sum(weights.values()), 100)
        assert all(0 <= each <= 100 and (2 * each).is_integer() for each in weights.values())
    assert abs(after["w0"] - min(max(percent, 0), 100)) <= 0.25001
    rest, left = sum(before[name] for name in names[1:]), 100 - after["w0"]
    for name in names[1:]:
        exact = left * before[name] / rest if rest else left / (len(names) - 1)
        assert abs(after[name] - exact) <= 0.5001


def test_a_way_to_100_and_back_loses_nothing(explorer):
    sliders = explorer.controls["weights"].widget.sliders
    sliders["volume"].value = 40.0
    before = explorer.values["weights"]
    for percent in (70.0, 100.0, 0.0, 40.0):
        sliders["profit"].value = percent
    sliders["profit"].value = before["profit"]
    assert explorer.values["weights"] == before


def test_the_next_steps_of_a_weight_are_those_that_are_computed_ahead(explorer):
    control = explorer.controls["weights"]
    slider = control.widget.sliders["volume"]
    control.widget.sliders["reach"].value = 31.0
    for _ in range(20):
        ahead = [each.value for each in control.near() if each.seen == (slider, "value")]
        slider.value += 0.5
        assert control.widget.value in ahead
