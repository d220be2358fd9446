"""A folder per month, `latest` beside it, and what later months find of earlier ones."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from in_process_for_tests import reports_here
from notebooks_for_tests import PARAMETERS, code, result, text, write

from kam_analysis.batch import dated_folder
from kam_analysis.batch.dated_folder import LATEST, destination, lead_to
from kam_analysis.batch.plan_history import NAME as PLANS_MADE
from kam_analysis.errors import SettingsError

DAY = date(2026, 10, 31)


@pytest.mark.parametrize(
    ("out", "folder", "beside"),
    [
        ("reports", "reports", "."),
        ("reports/{as_of}", "reports/2026-10-31", "reports"),
        ("reports/{as_of:%Y-%m}", "reports/2026-10", "reports"),
        ("a/{month}", "a/2026-10", "a"),
        ("a/{as_of:%Y}/kam-{as_of:%m}", "a/2026/kam-10", "a"),
        ("{month}", "2026-10", "."),
        ("a/{{mine}}", "a/{mine}", "a"),
    ],
)
def test_a_folder_takes_its_fields_from_the_day(
    out: str, folder: str, beside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    into = destination(out, DAY, None)
    assert (into.folder, into.beside) == (Path(folder), (tmp_path / beside).resolve())
    assert into.dated is (folder != out and "mine" not in out)


@pytest.mark.parametrize(
    ("out", "word"),
    [
        ("r/{company}", "{company} is not known here"),
        ("r/{}", "{} is not known here"),
        ("r/{as_of.year}", "{as_of.year} is not known here"),
        ("r/{as_of!r}", "{as_of} is not known here"),
        ("r/{as_of:%B}", "%B is not a format"),
        ("r/{as_of:{month}}", "is not a format"),
        ("r/{as_of", "a brace is not closed"),
        ("r/as_of}", "a brace is not closed"),
        ("r/{month:%m}", "{month} is not known here"),
    ],
)
def test_any_other_field_is_a_clear_error(out: str, word: str) -> None:
    with pytest.raises(SettingsError) as caught:
        destination(out, DAY, None)
    assert word in str(caught.value)
    assert "{as_of:%Y-%m}" in str(caught.value) or "%Y" in str(caught.value)


class Clock(date):
    """A machine on which it is the fifth of March."""

    @classmethod
    def today(cls) -> "Clock":
        return cls(2026, 3, 5)


def test_without_a_date_months_are_whole_and_the_settings_day_goes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dated_folder, "date", Clock)
    settings = tmp_path / "kam.toml"
    settings.write_text('[tables.transactions]\nfile = "sales.csv"\n', encoding="utf-8")
    assert destination("r/{as_of}", None, settings).folder == Path("r/2026-02-28")
    assert destination("r/{as_of}", "today", settings).folder == Path("r/2026-03-05")
    assert destination("r", None, settings).as_of is None
    settings.write_text('as_of = 2025-12-31\n[tables.transactions]\nfile = "sales.csv"\n', encoding="utf-8")
    assert destination("r/{as_of}", None, settings).folder == Path("r/2025-12-31")


def ran(root: Path, day: date) -> dated_folder.Destination:
    """A folder as a run as of `day` leaves it."""
    into = destination(f"{root}/{{month}}", day, None)
    into.folder.mkdir(parents=True, exist_ok=True)
    (into.folder / "run.json").write_text(json.dumps({"as_of": day.isoformat()}), encoding="utf-8")
    return into


@pytest.mark.parametrize("links", [True, False])
def test_latest_leads_to_the_newest_month_whichever_ran_last(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:

        def refuse(*given: object, **more: object) -> None:
            raise OSError(1, "A required privilege is not held by the client")

        monkeypatch.setattr(Path, "symlink_to", refuse)
    for day, leads_to in ((date(2026, 9, 30), "2026-09"), (DAY, "2026-10"), (date(2026, 8, 31), "2026-10")):
        assert lead_to(ran(tmp_path, day)) == ""
        latest = tmp_path / LATEST
        named = os.readlink(latest) if links else latest.read_text(encoding="utf-8").strip()
        assert (latest.is_symlink(), named) == (links, leads_to)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-08", "2026-09", "2026-10", LATEST]


def test_a_latest_of_somebody_elses_stays(tmp_path: Path) -> None:
    (tmp_path / LATEST).mkdir()
    assert "is left as it is" in lead_to(ran(tmp_path, DAY))
    assert list((tmp_path / LATEST).iterdir()) == []


def test_a_new_month_finds_the_plans_of_the_newest_before_it(tmp_path: Path) -> None:
    for day in (date(2026, 7, 31), date(2026, 8, 31), date(2026, 12, 31)):
        made = ran(tmp_path, day).folder / PLANS_MADE
        made.parent.mkdir()
        made.touch()
    into = destination(f"{tmp_path}/{{month}}", DAY, None)
    assert into.earlier(PLANS_MADE) == (tmp_path / "2026-08" / PLANS_MADE).resolve()
    (into.folder / PLANS_MADE).parent.mkdir(parents=True)
    (into.folder / PLANS_MADE).touch()
    assert into.earlier(PLANS_MADE) == (into.folder / PLANS_MADE).resolve()


PROVENANCE = {"company": "Works", "version": "1", "settings_fingerprint": "s", "data_fingerprint": "d"}


def test_two_months_and_one_again_leave_a_folder_each_one_history_and_the_newest_as_latest(tmp_path: Path) -> None:
    notebooks = tmp_path / "notebooks"
    for day in ("2026-09-30", "2026-10-31", "2026-09-30"):
        shown = result(provenance={**PROVENANCE, "as_of": day}, figures={"hhi": {"value": 0.2, "unit": "share"}})
        write(notebooks, "01_concentration", text("# One?"), PARAMETERS, shown)
        summary = reports_here(None, f"{tmp_path}/r/{{month}}", check=False, notebooks=notebooks, as_of=day)
        assert (summary.exit_code, summary.index) == (0, tmp_path / "r" / day[:7] / "index.html")
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == ["2026-09", "2026-10", "history", LATEST]
    assert (tmp_path / "r" / LATEST).resolve() == (tmp_path / "r" / "2026-10").resolve()
    kept = sorted(path.name for path in (tmp_path / "r" / "history").iterdir())
    assert [name.rsplit("_", 1)[0] for name in kept] == [
        f"{day}_{what}" for day in ("2026-09-30", "2026-10-31") for what in ("01_concentration", "alerts")
    ]
    write(notebooks, "01_concentration", text("# One?"), PARAMETERS, code("1 / 0"))
    assert reports_here(None, f"{tmp_path}/r/{{month}}", check=False, notebooks=notebooks, as_of="2026-11-30").exit_code
    assert (tmp_path / "r" / LATEST).resolve() == (tmp_path / "r" / "2026-10").resolve()
