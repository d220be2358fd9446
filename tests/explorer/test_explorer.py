"""The explorer of 01 without a browser: controls are set, and what would be drawn is read."""

import gc
import json
import shlex
import weakref
from pathlib import Path

import ipywidgets as widgets
import plotly.graph_objects as go
import pytest
from explorers_for_tests import told_ahead_is_what_a_move_draws
from in_process_for_tests import reports_here

from kam_analysis.analysis import concentration as kam
from kam_analysis.errors import DataError
from kam_analysis.explorer import charts, controls
from kam_analysis.explorer import reconnect as attempts
from kam_analysis.explorer.charts import NOT_HERE
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.explorer.report_line import periods, report_line
from kam_analysis.ledger import open_ledger
from kam_analysis.pages import style
from kam_analysis.pages.concentration import explore
from kam_analysis.pages.concentration.found import collect

TRESSEL, CORVANE = "0010200", "0010600"


@pytest.fixture(scope="module")
def ledger(shelf):
    with shelf():
        return open_ledger()


@pytest.fixture(scope="module")
def of_notebook(ledger, shelf):
    """What the notebook found, before anybody explores."""
    with shelf():
        return collect(ledger)


@pytest.fixture(scope="module")
def kept(ledger, of_notebook):
    """One explorer for those tests that leave it as they found it: what it computed once is kept."""
    found = explore.explorer(ledger, of_notebook)
    found.charts.show()
    return found


@pytest.fixture
def shown(kept):
    kept.reset()
    return kept


def drawn(explorer, name):
    return json.loads(explorer.charts.drawn[name])


def accent_bar(figure):
    bars, ticks = figure["data"][0], figure["layout"]["yaxis"]["ticktext"]
    [at] = [at for at, colour in enumerate(bars["marker"]["color"]) if colour == style.ACCENT]
    return ticks[at]


def test_nothing_is_computed_before_it_is_shown(ledger, of_notebook, monkeypatch):
    monkeypatch.setattr(kam, "concentrate", lambda *_: pytest.fail("computed"))
    found = explore.explorer(ledger, of_notebook)
    found.controls["key_share"].widget.value = 0.2
    assert (found.charts.drawn, found.charts.answer, found.charts.message) == ({}, "", "")


def test_it_begins_with_what_the_notebook_shows(shown, of_notebook):
    charts = {
        "largest": of_notebook.pareto(),
        "moved": of_notebook.bridge_chart(),
        "course": of_notebook.trend_chart(),
        "what_if": of_notebook.what_if_chart(),
    }
    assert list(shown.charts.drawn) == list(explore.CHARTS) == list(charts)
    assert {name: drawn(shown, name) for name in charts} == {
        name: json.loads(each.to_json()) for name, each in charts.items()
    }
    now = of_notebook.now
    assert f"The five largest are {now.top(5):.0%}" in shown.charts.answer
    assert shown.charts.command == "kam report --only 01_concentration"
    assert shown.charts.message == ""


@pytest.mark.parametrize(
    ("name", "value", "changed"),
    [
        ("measure", "margin", {"largest", "moved", "course", "what_if"}),
        ("line", "Skids", {"largest", "moved", "course", "what_if"}),
        ("parents", False, {"largest", "moved", "course", "what_if"}),
        ("key_share", 0.05, {"largest"}),
        ("customer", "Tressel", {"largest", "moved", "course", "what_if"}),
    ],
)
def test_a_moved_control_changes_what_follows_it_and_nothing_else(shown, name, value, changed):
    before = shown.charts.drawn
    shown.controls[name].widget.value = value
    after = shown.charts.drawn
    assert {each for each in after if after[each] != before[each]} == changed
    assert f"01_concentration.{name}=" in shown.charts.command


def test_every_number_of_a_line_is_that_of_its_own_ledger(shown):
    shown.set(line="Skids", period="2025", parents=False)
    alone = open_ledger("", None, "2025", "", "Skids", "no")
    now = kam.concentrate(alone.by_account(), "revenue")
    rows = drawn(shown, "largest")["layout"]["meta"]["table"]["rows"]
    assert [row[1] for row in rows] == now.accounts["account_name"].head(10).tolist()
    bridge = kam.bridge(alone.by_account(), alone.by_account(alone.year_before()), "revenue")
    # Threads add in any order: the last digit may differ.
    assert drawn(shown, "moved")["data"][0]["x"] == pytest.approx([bridge.opening, bridge.closing], rel=1e-12)


def test_a_highlighted_customer_stands_out_in_every_chart(shown):
    shown.set(customer="Fennick")
    assert accent_bar(drawn(shown, "largest")).startswith("Fennick")
    assert len(drawn(shown, "largest")["layout"]["yaxis"]["ticktext"]) == 11
    assert any("Fennick" in each["text"] for each in drawn(shown, "moved")["layout"]["annotations"])
    assert any("Fennick" in each["text"] for each in drawn(shown, "course")["layout"]["annotations"])
    assert "Without Fennick" in drawn(shown, "what_if")["layout"]["meta"]["title"]
    assert "Fennick" in shown.charts.answer


@pytest.mark.parametrize("said", ["tressel", "Tressel Chemicals GmbH", TRESSEL, f"Tressel Chemicals GmbH ({TRESSEL})"])
def test_a_customer_is_found_by_name_part_or_number(shown, said):
    shown.set(customer=said)
    assert shown.charts.message == ""
    assert f"01_concentration.customer={TRESSEL}" in shown.charts.command


@pytest.mark.parametrize(
    ("said", "told"),
    [("zzz", 'no customer matches "zzz"'), ("GmbH", "write more of it"), ("Tresel Chemicals GmbH", "did you mean")],
)  # fmt: skip
def test_a_customer_that_nobody_means_is_said_and_left_out_of_the_report(shown, said, told):
    shown.set(customer=said)
    assert told in shown.charts.message
    assert "customer" not in shown.charts.command
    shown.set(customer="")
    assert shown.charts.message == ""


def test_a_customer_that_bought_nothing_of_a_line_is_said(shown):
    shown.set(customer="Kelso Mining Ltd")
    shown.set(line="Skids")
    assert "no customer matches" in shown.charts.message
    assert accent_bar(drawn(shown, "largest")).startswith("Corvane")


def test_the_suggestions_are_the_largest_of_what_is_shown(shown):
    shown.set(line="Skids")
    assert shown.controls["customer"].widget.options[0] == f"Corvane Dairy SA ({CORVANE})"


def test_reset_brings_the_first_view_back_with_one_drawing(shown, monkeypatch):
    first = shown.charts.drawn
    shown.set(measure="margin", period="2024", key_share=0.3, customer="Tressel", parents=False)
    followed = []
    monkeypatch.setattr(shown, "_look", lambda values, look=shown._look: followed.append(values) or look(values))
    shown.reset_button.click()
    assert len(followed) == 1
    assert shown.charts.drawn == first


def test_a_control_moved_back_computes_nothing(shown, monkeypatch):
    shown.set(period="2025")
    first = shown.charts.drawn
    shown.set(period="2024")
    monkeypatch.setattr(kam, "concentrate", lambda *_: pytest.fail("computed again"))
    monkeypatch.setattr(kam, "bridge", lambda *_: pytest.fail("computed again"))
    shown.set(period="2025")
    assert shown.charts.drawn == first


def test_only_what_changed_is_sent(shown, monkeypatch):
    sent = []
    monkeypatch.setattr(shown.charts, "send", lambda said, _=(): sent.append(said.get("name", said["kind"])))
    shown.set(key_share=0.2)
    shown.set(key_share=0.2)
    # The kernel's last word on it, whatever the browser drew meanwhile.
    assert sent == ["largest", "done", "largest", "done"]
    sent.clear()
    shown.set(measure="margin")
    assert sent == [*explore.CHARTS, "done"]


def test_what_is_told_ahead_is_what_a_move_draws(shown):
    assert told_ahead_is_what_a_move_draws(shown, lambda: None) >= 25


def test_each_view_is_told_ahead_once_and_all_anew_where_the_browser_is_to_forget(shown, monkeypatch):
    sent = []
    monkeypatch.setattr(charts, "MOST_FORESEEN", 2)
    monkeypatch.setattr(shown.charts, "send", lambda said, _=(): sent.append((said["kind"], said.get("state"))))
    shown.charts._foreseen.clear()
    for state in ([1], [1], [2], [3], [1]):
        shown.charts.foresee("{}", state, 0)
    assert sent == [("foreseen", [1]), ("foreseen", [2]), ("forget", None), ("foreseen", [3]), ("foreseen", [1])]


def test_running_the_cell_again_doubles_nothing(ledger, of_notebook, monkeypatch):
    pair = [explore.explorer(ledger, of_notebook) for _ in range(2)]
    for each in pair:
        each.charts.show()
    sent = []
    for each in pair:
        monkeypatch.setattr(each.charts, "send", lambda said, _=(), own=each: sent.append(own))
    pair[1].controls["key_share"].widget.value = 0.2
    assert sent == [pair[1], pair[1]], "the chart, and that it was all"


def test_a_second_view_gets_what_is_drawn(shown, monkeypatch):
    sent = []
    monkeypatch.setattr(shown.charts, "send", lambda said, _=(): sent.append(said.get("name", said["kind"])))
    shown.charts._heard(shown.charts, {"want": "charts"}, [])
    assert sent == ["forget", *explore.CHARTS]
    shown.charts._heard(shown.charts, {"want": "library"}, [])
    assert sent[-1] == "library"


def test_the_library_is_no_part_of_what_a_notebook_could_keep(shown):
    state = json.dumps(widgets.Widget.get_manager_state(drop_defaults=False)["state"][shown.charts.model_id])
    assert len(state) < 30_000


def test_where_no_widget_can_be_shown_a_sentence_stands_in(shown, monkeypatch):
    monkeypatch.setattr(shown._attempts, "begin", lambda: None)
    assert shown._repr_mimebundle_()["text/plain"] == NOT_HERE


def test_a_cell_that_is_run_again_lets_go_of_what_its_last_run_left(shown, monkeypatch):
    """Full collections do not look at what lives when a cell is run; they would come amid a move."""

    class Round:
        def __init__(self):
            self.own = self

    monkeypatch.setattr(shown._attempts, "begin", lambda: None)
    left = Round()
    gone = weakref.ref(left)
    try:
        shown._repr_mimebundle_()
        del left
        gc.collect()
        assert gone() is not None
        shown._repr_mimebundle_()
        assert gone() is None
    finally:
        gc.unfreeze()


def test_charts_that_the_browser_gave_up_are_made_anew_until_it_answers(ledger, of_notebook, monkeypatch):
    waits = []

    class Clock:
        def __init__(self, seconds, look):
            waits.append((seconds, look))

        def start(self):
            pass

    monkeypatch.setattr(attempts, "Timer", Clock)
    made = explore.explorer(ledger, of_notebook)
    first = made.charts
    made._repr_mimebundle_()
    made._repr_mimebundle_()
    assert len(waits) == 1
    waits[0][1]()
    assert made.charts is not first
    assert made.children[1] is made.charts
    made.charts._heard(made.charts, {"want": "charts"}, [])
    answered = made.charts
    waits[1][1]()
    assert made.charts is answered
    assert len(waits) == 2
    assert list(made.charts.drawn) == list(explore.CHARTS)


def test_nobody_is_waited_for_for_ever():
    tried, looks = [], []
    found = attempts.Attempts(lambda: False, lambda: tried.append(1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found, "_wait", lambda: looks.append(found._left.pop(0)))
        found.begin()
        for _ in range(10):
            found._look()
    assert len(tried) == len(attempts.PATIENCE_SECONDS) - 1
    assert looks == list(attempts.PATIENCE_SECONDS)


# Errors


def an_explorer(ledger, look):
    made = Explorer(
        ledger, "any", {"which": controls.choice("Which", {1: "one", 2: "two"}, 1, "")}, ["first", "second"], look
    )
    made.charts.show()
    return made


def view(values):
    chart = Drawing(values["which"], lambda: go.Figure(layout={"height": 100 * values["which"]}))
    return View(lambda: f"answer {values['which']}", {"first": chart, "second": chart}, {})


@pytest.mark.parametrize(
    "error", [DataError("sales.csv: nothing sold; choose another period"), ValueError("no such thing")]
)
def test_an_error_is_told_in_its_sentence_and_the_charts_stay(ledger, error):
    def look(values):
        if values["which"] == 2:
            raise error
        return view(values)

    made = an_explorer(ledger, look)
    before = made.charts.drawn
    made.set(which=2)
    assert made.charts.message == str(error)
    assert made.charts.drawn == before
    made.set(which=1)
    assert made.charts.message == ""


def test_an_error_while_drawing_is_told_too(ledger):
    def broken():
        raise ValueError("a chart of nothing")

    made = an_explorer(ledger, lambda values: View(str, {"first": Drawing(1, broken)}, {}))
    assert made.charts.message == "a chart of nothing"


def test_a_fault_of_ours_is_told_and_raised(ledger):
    def look(values):
        return {}["missing"]

    with pytest.raises(KeyError):
        an_explorer(ledger, look)


def test_a_chart_that_a_view_does_not_have_is_taken_away(ledger):
    made = an_explorer(
        ledger,
        lambda values: View(str, {"first": Drawing(values["which"], go.Figure)} if values["which"] == 1 else {}, {}),
    )
    assert list(made.charts.drawn) == ["first"]
    made.set(which=2)
    assert made.charts.drawn == {}


def test_what_is_kept_is_bounded():
    found = Kept(accounts=1_000_000)
    made = []
    for key in [*range(20), 19, 0]:
        found.once(key, lambda key=key: made.append(key))
    assert made == [*range(20), 0]


# The command


def test_periods_are_those_that_settings_can_name(ledger):
    assert list(periods(ledger)) == ["last_12_months", "2026", "2025", "2024", "2023", "all"]
    own = open_ledger("", None, "2025-01-01/2025-06-30")
    assert periods(own)["2025-01-01/2025-06-30"] == "1 Jan 2025 to 30 Jun 2025"
    for text in periods(ledger):
        ledger.period_of(text)


def test_the_command_survives_a_shell(company, tmp_path):
    (tmp_path / "it's here").mkdir()
    settings = company(
        '[tables.transactions]\nfile = "sales.csv"\n',
        sales__csv="account_id,date,revenue\nA,2025-01-01,3\nB,2025-02-01,3\n",
    )
    own = settings.rename(tmp_path / "it's here" / "kam.toml")
    (tmp_path / "sales.csv").rename(own.parent / "sales.csv")
    ledger = open_ledger(own, "2025-01-15")
    line = report_line(
        ledger, "01_concentration", {"line": 'Pumps & "Seals"', "key_share": 0.2, "lost_accounts": ["A", "B"]}
    )
    assert shlex.split(line) == [
        "kam", "report", str(own), "--only", "01_concentration", "--as-of", "2025-01-15",
        "--set", '01_concentration.line=Pumps & "Seals"', "--set", "01_concentration.key_share=0.2",
        "--set", '01_concentration.lost_accounts=["A", "B"]',
    ]  # fmt: skip


def test_an_explorer_of_little_offers_what_there_is(company):
    settings = company(
        '[tables.transactions]\nfile = "sales.csv"\n', sales__csv="account_id,date,revenue\nA,2025-01-01,3\n"
    )
    ledger = open_ledger(settings)
    found = explore.explorer(ledger, collect(ledger))
    found.charts.show()
    assert set(found.controls) == {"measure", "period", "key_share", "customer"}
    assert list(found.charts.drawn) == ["largest", "what_if"]
    assert found.charts.message == ""


def test_the_command_makes_the_same_numbers(shown, tmp_path):
    """The line is taken apart as a shell would, and run."""
    shown.set(measure="margin", line="Skids", period="2025", parents=False, key_share=0.2, customer="Corvane")
    words = shlex.split(shown.charts.command)
    assert words[:4] == ["kam", "report", "--only", "01_concentration"]
    given = [words[at + 1] for at, word in enumerate(words) if word == "--set"]
    summary = reports_here(None, tmp_path / "out", only=["01_concentration"], set_values=given)
    assert summary.failed == {}
    found = json.loads((tmp_path / "out" / "results" / "01_concentration.json").read_text(encoding="utf-8"))
    page = json.loads((Path(tmp_path) / "out" / "notebooks" / "01_concentration.ipynb").read_text(encoding="utf-8"))
    figures = [
        output["data"]["application/vnd.plotly.v1+json"]
        for cell in page["cells"]
        for output in cell.get("outputs", [])
        if "application/vnd.plotly.v1+json" in output.get("data", {})
    ]
    mine = {name: drawn(shown, name) for name in shown.charts.drawn}
    theirs = {each["layout"]["meta"]["title"]: each for each in figures}
    for each in mine.values():
        twin = theirs[each["layout"]["meta"]["title"]]
        assert (each["data"], each["layout"]["annotations"]) == (twin["data"], twin["layout"]["annotations"])
    assert shown.charts.answer.startswith(found["answer"])
    assert found["provenance"]["parameters"] == {
        "period": "2025", "measure": "margin", "line": "Skids", "parents": "no", "key_share": 0.2, "customer": CORVANE,
    }  # fmt: skip
