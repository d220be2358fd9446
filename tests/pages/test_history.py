"""What runs keep of their figures: read back, whatever else lies in the folder."""

import json
from datetime import date

import pytest

import kam_analysis as kam
from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.settings_file import load_settings
from kam_analysis.pages import history


def result(as_of="2025-09-30", data="d1", **parameters):
    provenance = {
        "company": "Works",
        "as_of": as_of,
        "version": "1",
        "settings_fingerprint": "s",
        "data_fingerprint": data,
    }
    figures = {"hhi": {"value": 0.25, "unit": "share"}, "gini": {"value": None, "unit": "share"}}
    return {"provenance": provenance | {"parameters": {"period": "all", **parameters}}, "figures": figures}


def kept(folder, *documents):
    for each in documents:
        name, content = history.document_of("01_concentration", each)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


def test_what_is_kept_is_read_back_and_a_figure_without_a_value_is_not(tmp_path):
    kept(tmp_path, result())
    [record] = history.read(tmp_path, company="Works").records
    assert (record.report, record.as_of, record.figures) == ("01_concentration", date(2025, 9, 30), {"hhi": 0.25})


def test_the_same_day_and_fingerprints_are_one_file_and_others_are_more(tmp_path):
    kept(tmp_path, result(), result(), result(data="d2"), result(as_of="2025-10-31"), result(customer="A1"))
    assert len(list(tmp_path.iterdir())) == 4
    assert history.read(tmp_path, company="Works").before(date(2025, 10, 31)) == date(2025, 9, 30)
    assert history.read(tmp_path, company="Others").records == []


def test_parameters_that_say_nothing_are_those_of_a_plain_run(tmp_path):
    kept(tmp_path, result(customer="", weights={}))
    found = history.read(tmp_path, company="Works")
    assert len(found.printed("01_concentration", date(2025, 9, 30), {"period": "all"})) == 1
    assert found.printed("01_concentration", date(2025, 9, 30), {"period": "2025"}) == []


def test_alien_and_unreadable_files_are_counted_and_never_a_failure(tmp_path):
    kept(tmp_path, result())
    good = next(tmp_path.iterdir())
    (tmp_path / "notes.txt").write_text("ours", encoding="utf-8")
    (tmp_path / "half.json").write_text(good.read_text(encoding="utf-8")[:40], encoding="utf-8")
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    (tmp_path / "other.json").write_text(
        '{"kind": "figures of a key-account report", "company": "Works"}', encoding="utf-8"
    )
    wrong = json.loads(good.read_text(encoding="utf-8")) | {"as_of": "yesterday"}
    (tmp_path / "wrong.json").write_text(json.dumps(wrong), encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / ".x.json.77.part").write_text("half", encoding="utf-8")
    found = history.read(tmp_path, company="Works")
    assert len(found.records) == 1
    assert found.alien == 7


def test_no_folder_is_no_history_and_a_file_in_its_place_is_said(tmp_path):
    assert history.read(tmp_path / "none", company="Works") == history.History()
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert history.read(tmp_path / "file", company="Works").reason


def test_the_course_of_a_figure_has_a_value_a_day(tmp_path):
    days = ["2025-06-30", "2025-07-31", "2025-08-31", "2025-09-30"]
    kept(tmp_path, *(result(as_of=day) for day in days), result(as_of="2025-06-30", data="d2"))
    found = history.read(tmp_path, company="Works")
    asked = {"since": date(2025, 7, 1), "until": date(2025, 9, 30), "parameters": {"period": "all"}}
    assert found.course("01_concentration", "hhi", **asked) == [0.25, 0.25]
    assert found.course("01_concentration", "gini", **asked) == []


SETTINGS = 'name = "Works"\n[tables.transactions]\nfile = "sales.csv"\n'
SALES = "account_id,date,revenue\nA,2025-01-02,3\nB,2025-06-02,4\n"


def test_the_settings_may_name_the_folder_from_their_own_place_on(company):
    path = company(SETTINGS + '[history]\nfolder = "kept/figures"\n', sales__csv=SALES)
    assert load_settings(path).history_dir == (path.parent / "kept" / "figures").resolve()
    assert load_settings(company(SETTINGS, sales__csv=SALES)).history_dir is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[history]\nfolders = "x"', "history.folders: is not a setting"),
        ("[history]\nfolder = 3", "history.folder: expected"),
        ('[history]\nfolder = "s3://bucket/x"', "history.folder: expected a folder"),
        ('[histroy]\nfolder = "x"', "histroy: is not a setting"),
    ],
)
def test_a_wrong_history_section_is_an_error(company, text, said):
    with pytest.raises(SettingsError, match=said.replace(".", r"\.")):
        load_settings(company(SETTINGS + text + "\n", sales__csv=SALES))


def test_where_the_history_lies_and_the_day_make_no_other_settings(company):
    """Else every run would seem to have other settings than the one before."""
    plain = kam.open_ledger(company(SETTINGS, sales__csv=SALES))
    path = company("as_of = 2025-06-30\n" + SETTINGS + '[history]\nfolder = "kept"\n', sales__csv=SALES)
    prints = [
        kam.concentration(each).result().provenance["settings_fingerprint"] for each in (plain, kam.open_ledger(path))
    ]
    assert prints[0] == prints[1]
