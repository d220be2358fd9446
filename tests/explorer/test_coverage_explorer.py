"""The explorer of `04_coverage`, without a browser: what its controls change, and that a report shows the same."""

import html
import json
import shlex
import shutil
from pathlib import Path

import pytest
from explorers_for_tests import figure, label, title, told_ahead_is_what_a_move_draws
from in_process_for_tests import reports_here
from notebook_for_tests import found
from words_for_tests import plain

from kam_analysis.pages.coverage import explore
from kam_analysis.pages.coverage.answer import NOT_MATCHED

ROOT = Path(__file__).parents[2]
ROWS = "account_id,date,revenue\nA-1,2025-01-25,100\nA-2,2025-02-25,60\n"
MASTER = "account_id,account_name,account_manager_id\nA-1,Alder,M1\nA-2,Birch,M2\n"


def shown(known):
    explorer = explore.explorer(known["ledger"], known["found"])
    explorer.charts.show()
    return explorer


@pytest.fixture(scope="module")
def sample(shelf):
    with shelf():
        return found("04_coverage")


@pytest.fixture
def explorer(sample):
    return shown(sample)


def test_nothing_is_computed_before_it_is_shown(sample):
    waiting = explore.explorer(sample["ledger"], sample["found"])
    waiting.set(leaving="M05")
    assert waiting.charts.drawn == {}
    assert "JupyterLab" in repr(waiting)


def test_what_is_told_ahead_is_what_a_move_draws(explorer):
    assert told_ahead_is_what_a_move_draws(explorer, lambda: None) >= 10


def test_it_starts_at_the_page(explorer, sample):
    assert plain(explorer.charts.answer).startswith(plain(sample["found"].answer))
    assert list(explorer.charts.drawn) == ["departures", "successors", "contacts"]
    assert explorer.charts.command == "kam report --only 04_coverage"
    assert explorer.charts.message == ""
    at_first = [label(explorer, name) for name in ("leaving", "follow_rate", "spare_hours")]
    assert at_first == ["Jonas Reiter", "30%", "no limit"]


def test_another_manager_is_marked_answered_for_and_handed_over(explorer):
    before = figure(explorer, "departures")["data"][0]["marker"]["color"]
    explorer.set(leaving="M05")
    after = figure(explorer, "departures")["data"][0]["marker"]["color"]
    assert plain(explorer.charts.answer).startswith("Declan Byrne looks after 24% of sales")
    assert sorted(before) == sorted(after)
    assert before != after
    assert "of Declan Byrne's sales" in title(explorer, "successors")
    assert explorer.charts.command.endswith("--set 04_coverage.leaving=M05")


def test_how_many_follow_changes_the_cost_and_not_who_takes_over(explorer):
    before = dict(explorer.charts.drawn)
    explorer.set(follow_rate=0.5)
    assert plain(explorer.charts.answer).endswith(
        "If 50% of customers follow, more where they are bound to the person, it is €23m in all (€13-24m)."
    )
    assert explorer.charts.drawn["departures"] != before["departures"]
    assert explorer.charts.drawn["successors"] == before["successors"]
    assert explorer.charts.command.endswith("--set 04_coverage.follow_rate=0.5")
    explorer.set(follow_rate=0.0)
    assert "follow" not in explorer.charts.answer


def test_with_few_hours_left_some_find_nobody_and_stand_out(explorer):
    explorer.set(spare_hours=5.0)
    assert "of Jonas Reiter's 14 accounts find nobody with room" in title(explorer, "successors")
    assert "nobody" in [each["text"] for each in figure(explorer, "successors")["layout"]["annotations"]]
    assert explorer.charts.command.endswith("--set 04_coverage.spare_hours=5.0")


@pytest.mark.parametrize("said", ["0010500", "Hollin Energy plc (0010500)", " hollin "])
def test_an_account_is_picked_by_number_name_or_a_part_of_it(explorer, said):
    explorer.set(contacts_of=said)
    assert title(explorer, "contacts").startswith("Hollin Energy plc")
    assert explorer.charts.message == ""
    assert explorer.charts.command.endswith("--set 04_coverage.contacts_of=0010500")


def test_a_name_that_is_nobodys_or_several_is_told_and_the_rest_is_drawn(explorer):
    explorer.set(contacts_of="Hollinger")
    assert explorer.charts.message == (
        'No customer with contacts on record matches "Hollinger". Type part of the name or the number.'
    )
    explorer.set(contacts_of="gmbh", leaving="M05")
    assert "may be any of 65 customers. Write more of the name" in explorer.charts.message
    assert plain(explorer.charts.answer).startswith("Declan Byrne")
    assert "contacts_of" not in explorer.charts.command


def test_the_leaving_managers_customers_are_suggested_first(explorer):
    options = explorer.controls["contacts_of"].widget.options
    assert options[:2] == ("Aldermoor Water Group plc (0010100)", "Tressel Chemicals GmbH (0010200)")
    explorer.set(leaving="M05")
    assert explorer.controls["contacts_of"].widget.options[0] == "Pellworth Marine Ltd (0010300)"
    assert set(explorer.controls["contacts_of"].widget.options) == set(options)


def test_reset_goes_back_to_the_page(explorer):
    before = dict(explorer.charts.drawn), explorer.charts.answer
    explorer.set(leaving="M03", follow_rate=0.8, contacts_of="0010500")
    explorer.reset_button.click()
    assert (dict(explorer.charts.drawn), explorer.charts.answer) == before
    assert explorer.charts.command == "kam report --only 04_coverage"


def test_who_takes_over_is_computed_once_for_the_same_question(explorer, monkeypatch):
    asked = []
    known = explore.who_takes
    monkeypatch.setattr(explore, "who_takes", lambda *given, **more: asked.append(given) or known(*given, **more))
    for follow_rate, leaving in [(0.1, "M01"), (0.2, "M05"), (0.3, "M05"), (0.4, "M01"), (0.5, "M05")]:
        explorer.set(follow_rate=follow_rate, leaving=leaving)
    assert [cost.manager_id for cost, *_ in asked] == ["M05"]


def test_an_error_is_a_sentence_in_the_explorer(explorer, monkeypatch):
    def fails(*given, **more):
        raise ValueError("spare: expected hours of 0 or more, got -1")

    before = dict(explorer.charts.drawn)
    monkeypatch.setattr(explore, "at_other_rates", fails)
    explorer.set(leaving="M03", follow_rate=0.65)
    assert explorer.charts.message == "spare: expected hours of 0 or more, got -1"
    assert explorer.charts.drawn == before


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """The sample with names as initials, two managers of the same, and without an assumption of how many follow."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(ROOT / "data" / "sample", folder)
    path, staff = folder / "kam.toml", folder / "managers.csv"
    text = path.read_text(encoding="utf-8").replace("follow_rate]", "churn_probability]")
    path.write_text(text.replace("[people]\n", '[people]\nnames = "initials"\n'), encoding="utf-8")
    staff.write_text(staff.read_text(encoding="utf-8").replace("Declan Byrne", "Jutta Ranke"), encoding="utf-8")
    return found("04_coverage", settings=str(path))


def test_names_are_as_the_settings_allow_and_told_apart(own):
    explorer = shown(own)
    labels = [label for label, _ in explorer.controls["leaving"].widget.options]
    assert labels[:3] == ["J. R.", "J. R. 2", "P. M."]
    told = json.dumps(explorer.charts.drawn, ensure_ascii=False) + explorer.charts.answer
    assert not any(name in told for name in ("Reiter", "Ranke", "Krüger", "Ingrid", "Vass"))


def test_without_an_assumption_nobody_follows_until_a_part_is_chosen(own):
    explorer = shown(own)
    assert label(explorer, "follow_rate") == "not assumed"
    assert len(figure(explorer, "departures")["data"]) == 1
    explorer.set(follow_rate=0.4)
    assert len(figure(explorer, "departures")["data"]) == 2
    assert "If 40% of customers follow, it is" in plain(explorer.charts.answer)
    assert "--set 04_coverage.follow_rate=0.4" in explorer.charts.command


def test_from_sales_and_owners_alone_it_shows_what_it_can(company):
    settings = '[tables.transactions]\nfile = "sales.csv"\n'
    path = company(settings, sales__csv=ROWS, accounts__csv=MASTER)
    explorer = shown(found("04_coverage", settings=str(path)))
    assert explorer.controls == {}
    assert explorer.charts.answer.startswith("No account managers in the data")
    assert explorer.charts.drawn == {}
    path.write_text(settings + '[tables.accounts]\nfile = "accounts.csv"\n', encoding="utf-8")
    explorer = shown(found("04_coverage", settings=str(path)))
    assert list(explorer.controls) == ["leaving", "follow_rate", "spare_hours"]
    explorer.set(leaving="M2")
    assert title(explorer, "successors") == "M1 takes over all of M2's sales: 60"


def test_where_nobody_could_take_over_the_explorer_says_so(company):
    settings = '[tables.transactions]\nfile = "sales.csv"\n[tables.accounts]\nfile = "accounts.csv"\n'
    alone = MASTER.replace("M2", "M1")
    explorer = shown(found("04_coverage", settings=str(company(settings, sales__csv=ROWS, accounts__csv=alone))))
    assert explorer.charts.message == explore.NOBODY
    assert list(explorer.charts.drawn) == ["departures"]


def test_a_report_by_the_command_shows_the_same(explorer, tmp_path):
    explorer.set(leaving="M05", follow_rate=0.45, spare_hours=30.0, contacts_of="Corvane")
    words = shlex.split(explorer.charts.command)
    assert words[:4] == ["kam", "report", "--only", "04_coverage"]
    assert words[4::2] == ["--set"] * 4
    done = reports_here(None, tmp_path, only=["04_coverage"], set_values=words[5::2])
    assert done.exit_code == 0
    document = json.loads((tmp_path / "results" / "04_coverage.json").read_text(encoding="utf-8"))
    page = plain(html.unescape((tmp_path / "04_coverage.html").read_text(encoding="utf-8")))
    assert explorer.charts.answer.startswith(document["answer"])
    for name in explorer.charts.drawn:
        assert title(explorer, name) in page, name
    for trace, column in zip(figure(explorer, "departures")["data"], ("transition", "further"), strict=True):
        told = {row["manager_name"]: row[column] for row in document["tables"]["managers"]}
        labels = [label.rsplit(",", 1)[0] for label in figure(explorer, "departures")["layout"]["yaxis"]["ticktext"]]
        assert dict(zip(labels, trace["x"], strict=True)) == pytest.approx(told)
    to = [row["to"] or "nobody" for row in document["tables"]["handover"]]
    drawn = [each["text"] for each in figure(explorer, "successors")["layout"]["annotations"]]
    assert drawn[::-1] == to[: len(drawn)]
    [rate] = [each for each in document["assumptions"] if each["name"] == "follow_rate"]
    assert (rate["value"], rate["source"]) == (0.45, "set for this report, the range in proportion")
    assert document["provenance"]["parameters"]["follow_rate"] == 0.45


def test_where_ids_nearly_match_the_explorer_gives_no_answer_either(company):
    settings = '[tables.transactions]\nfile = "sales.csv"\n[tables.accounts]\nfile = "accounts.csv"\n'
    sales = "account_id,date,revenue\n18,2025-01-25,400\n486,2025-02-25,400\n312,2025-03-25,500\n"
    listed = "account_id,account_name,account_manager_id\n018,Dyson,K15\n486,Hyper,K15\n312,Detail,K114\n"
    explorer = shown(found("04_coverage", settings=str(company(settings, sales__csv=sales, accounts__csv=listed))))
    assert explorer.charts.answer == NOT_MATCHED
    explorer.set(leaving="K15", follow_rate=0.4)
    assert explorer.charts.answer == NOT_MATCHED
