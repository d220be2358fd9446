"""`import kam_analysis as kam`: a company's data from a settings file, an export, a frame or nothing, and what it says."""

import gc
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import kam_analysis as kam
from kam_analysis.errors import DataError, KamError, SettingsError
from kam_analysis.ledger import opening
from kam_analysis.ledger.settings.settings_file import load_settings

SALES = "account_id,date,revenue\nA-1,2025-03-01,30\nB-2,2025-04-01,70.50\nB-2,2026-05-02,9\n"
EXPORT = "Kundennr.;Rechnungsdatum;Nettoumsatz\nA-1;01.03.2025;30,00\nB-2;24.04.2025;70,50\n"
# Whether the first number is the day or the month, nobody can tell; and which amount counts.
OPEN = "Customer,Invoice date,Net sales\nA,03/04/2025,30\nB,05/06/2025,70\n"
OURS = {"account_id": "who", "date": "day", "revenue": "chf"}


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "account_id": ["A-1", "B-2", "B-2"],
            "date": ["2025-03-01", "2025-04-01", "2025-05-02"],
            "revenue": [30.0, 70.5, 9.0],
            "remark": ["first", None, "last"],
        }
    )


@pytest.fixture
def foreign(frame):
    return frame.rename(columns=OURS)


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """Where temporary files go."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def copies(scratch):
    """Of frames; what else an engine keeps there goes with it, too."""
    return list(scratch.glob("*/frame.parquet"))


def sold(ledger):
    return dict(zip(*ledger.by_account(ledger.period_of("all"))[["account_id", "revenue"]].to_numpy().T, strict=True))


# What it is opened with


@pytest.mark.parametrize("how", [str, Path, load_settings])
def test_a_settings_file(company, how):
    path = company('name = "Mine"\n[tables.transactions]\nfile = "sales.csv"\n', sales__csv=SALES)
    ledger = kam.open_ledger(how(path))
    assert (ledger.name, sold(ledger)) == ("Mine", {"A-1": 30.0, "B-2": 79.5})


@pytest.mark.parametrize("how", [str, Path])
def test_an_export_is_recognised_and_nothing_of_it_stays_behind(tmp_path, scratch, how):
    path = tmp_path / "Umsatz 2025.csv"
    path.write_text(EXPORT, encoding="utf-8")
    before = path.read_bytes()
    ledger = kam.open_ledger(how(path))
    assert (ledger.name, sold(ledger)) == ("Umsatz 2025", {"A-1": 30.0, "B-2": 70.5})
    assert (ledger.overview.last, ledger.settings.path) == (date(2025, 4, 24), path)
    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"scratch", "Umsatz 2025.csv"}
    del ledger
    gc.collect()
    assert list(scratch.iterdir()) == []


def test_an_export_that_leaves_questions_open_is_refused_with_them(tmp_path, scratch):
    path = tmp_path / "sales.csv"
    path.write_text(OPEN, encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        kam.open_ledger(path)
    assert 'sales.csv: is 03/04/2025 in row 2 of "Invoice date" day or month first?' in str(told.value)
    assert "run: kam init sales.csv" in str(told.value)
    assert list(scratch.iterdir()) == []


def test_an_exports_columns_may_be_named(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("who,day,chf,eur\nA,2025-03-01,30,33\n", encoding="utf-8")
    assert sold(kam.open_ledger(path, columns=OURS)) == {"A": 30.0}
    assert sold(kam.open_ledger(str(path), columns=OURS | {"revenue": "eur"})) == {"A": 33.0}


def test_a_frame_with_our_names(frame):
    ledger = kam.open_ledger(frame)
    assert (ledger.name, sold(ledger)) == ("Your data", {"A-1": 30.0, "B-2": 79.5})


def test_a_frame_with_foreign_names_that_are_known(frame):
    ledger = kam.open_ledger(
        frame.rename(columns={"account_id": "Kundennr.", "date": "Invoice date", "revenue": "CA HT"})
    )
    assert (ledger.name, sold(ledger)) == ("Your data", {"A-1": 30.0, "B-2": 79.5})


def test_a_frame_whose_columns_are_named(foreign):
    ledger = kam.open_ledger(foreign, columns=OURS)
    assert (ledger.name, sold(ledger)) == ("Your data", {"A-1": 30.0, "B-2": 79.5})
    half = foreign.rename(columns={"day": "date", "chf": "revenue"})
    assert sold(kam.open_ledger(half, columns={"account_id": "who"})) == {"A-1": 30.0, "B-2": 79.5}


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.assign(date=pd.to_datetime(frame["date"])),
        lambda frame: frame.assign(date=[date.fromisoformat(each) for each in frame["date"]]),
        lambda frame: frame.assign(account_id=frame["account_id"].astype("category")),
        lambda frame: frame.astype({"account_id": "string", "revenue": "Float64"}),
        lambda frame: frame.set_index("date"),
        lambda frame: frame.set_index(pd.Index([5, 5, 7])),
        lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
        lambda frame: type("Own", (pd.DataFrame,), {})(frame),
    ],
    ids=["times", "days", "categories", "nullable", "index", "odd index", "arrow", "subclass"],
)
def test_frames_as_analysts_have_them(frame, change):
    assert sold(kam.open_ledger(change(frame))) == {"A-1": 30.0, "B-2": 79.5}


def test_nothing_is_the_sample():
    ledger = kam.open_ledger()
    assert ledger.name == kam.open_ledger("").name == kam.open_ledger(" ").name == "Lindmark Flow Controls"
    assert ledger.overview.rows == 25_000


# What is refused, in a sentence


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (OURS | {"account_id": "wo"}, 'expected column "wo" for account_id, not there; did you mean "who"?'),
        (
            OURS | {"acount_id": "who"},
            'columns, column acount_id: no column of transactions; did you mean "account_id"?',
        ),
        ({"account_id": "who"}, 'expected column "date", not there; known here: chf, day, remark, who'),
    ],
)
def test_wrong_columns_are_refused_with_the_nearest_name(foreign, scratch, columns, said):
    with pytest.raises(KamError) as told:
        kam.open_ledger(foreign, columns=columns)
    assert said in str(told.value)
    assert copies(scratch) == []


def test_every_wrong_column_is_told_at_once(foreign):
    with pytest.raises(SettingsError) as told:
        kam.open_ledger(foreign, columns={"acount_id": "who", "dat": "day", "revenue": "chf"})
    assert 'did you mean "account_id"?' in str(told.value)
    assert 'did you mean "date"?' in str(told.value)


def test_a_frame_nobody_recognises_is_refused_with_what_to_say(foreign, scratch):
    with pytest.raises(SettingsError) as told:
        kam.open_ledger(foreign)
    said = str(told.value)
    assert said.startswith("the frame: no header is known to be a customer's; which one is a column for account_id")
    assert 'columns = {"account_id": "your column", ...}' in said
    assert "kam init" not in said
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame.head(0), "the frame: expected one row per sale, got none"),
        (lambda frame: pd.DataFrame(), "the frame: expected one row per sale, got none"),
        (lambda frame: pd.concat([frame, frame[["revenue"]]], axis=1), "the frame: cannot be read (Duplicate column names found"),
        (lambda frame: frame.assign(x=1j), "the frame: cannot be read (Conversion failed for column x"),
        (lambda frame: frame.assign(x=[object(), 1, 2]), "the frame: cannot be read (Conversion failed for column x"),
        (lambda frame: frame.assign(x=[10**30, 1, "a"]), "the frame: cannot be read ("),
        (lambda frame: frame.assign(revenue=["30", "much", "9"]), "expected a number, got something else in 1 row (much)"),
    ],
    ids=["rows", "columns", "twice", "complex", "object", "mixed", "words"],
)  # fmt: skip
def test_frames_that_cannot_be_read(frame, scratch, change, said):
    with pytest.raises(KamError) as told:
        kam.open_ledger(change(frame))
    assert said in str(told.value)
    assert "0x" not in str(told.value)
    assert str(scratch) not in str(told.value)
    assert copies(scratch) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (7, "the data: expected a file, a pandas frame or nothing, got int; give one of these"),
        ([1], "the data: expected a file, a pandas frame or nothing, got list; give one of these"),
        (pd.Series([1]), "the data: expected a file, a pandas frame or nothing, got Series; give one of these"),
        ("sales.csv", "sales.csv: is not there"),
        ("kam.toml", "kam.toml: no such file"),
    ],
)
def test_what_is_no_data(source, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError) as told:
        kam.open_ledger(source)
    assert said in str(told.value)


def test_columns_belong_to_a_frame_or_an_export(company):
    path = company('[tables.transactions]\nfile = "sales.csv"\n', sales__csv=SALES)
    with pytest.raises(SettingsError, match=r"kam\.toml: its columns stand in the file itself"):
        kam.open_ledger(path, columns=OURS)
    for source in (None, "", load_settings(path)):
        with pytest.raises(SettingsError, match=r"^columns: are said of a frame or an export"):
            kam.open_ledger(source, columns=OURS)


# Parameters as papermill, Airflow and people give them


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """Lines that are numbers, and a group of two companies."""
    folder = tmp_path_factory.mktemp("grouped")
    (folder / "s.csv").write_text(
        "account_id,date,revenue,product_line\nA,2025-02-03,60,7\nB,2025-06-30,30,8\nC,2025-12-31,20,7\nC,2026-01-15,5,7\n"
    )
    (folder / "a.csv").write_text("account_id,account_name,parent_id\nA,Acme,\nB,Bee,A\nC,Cee,\n")
    (folder / "kam.toml").write_text(
        'period = "all"\n[tables.transactions]\nfile = "s.csv"\n[tables.accounts]\nfile = "a.csv"\n'
    )
    return folder / "kam.toml"


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({}, ("all data to 15 Jan 2026", date(2026, 1, 15), "parent", 0.1, "")),
        ({"period": 2025}, ("2025", date(2026, 1, 15), "parent", 0.1, "")),
        ({"period": "2025"}, ("2025", date(2026, 1, 15), "parent", 0.1, "")),
        ({"period": np.int64(2025)}, ("2025", date(2026, 1, 15), "parent", 0.1, "")),
        ({"as_of": 20251231}, ("all data to 31 Dec 2025", date(2025, 12, 31), "parent", 0.1, "")),
        ({"as_of": "20251231"}, ("all data to 31 Dec 2025", date(2025, 12, 31), "parent", 0.1, "")),
        ({"as_of": date(2025, 12, 31)}, ("all data to 31 Dec 2025", date(2025, 12, 31), "parent", 0.1, "")),
        ({"as_of": datetime(2025, 12, 31, 6, tzinfo=UTC)}, ("all data to 31 Dec 2025", date(2025, 12, 31), "parent", 0.1, "")),
        ({"as_of": pd.Timestamp("2025-12-31")}, ("all data to 31 Dec 2025", date(2025, 12, 31), "parent", 0.1, "")),
        ({"as_of": "2025-12-31T00:00:00+00:00"}, ("all data to 31 Dec 2025", date(2025, 12, 31), "parent", 0.1, "")),
        ({"parents": True}, ("all data to 15 Jan 2026", date(2026, 1, 15), "parent", 0.1, "")),
        ({"parents": "no"}, ("all data to 15 Jan 2026", date(2026, 1, 15), "legal_entity", 0.1, "")),
        ({"parents": False}, ("all data to 15 Jan 2026", date(2026, 1, 15), "legal_entity", 0.1, "")),
        ({"parents": None, "period": None, "measure": None, "line": None, "key_share": None, "as_of": None},
         ("all data to 15 Jan 2026", date(2026, 1, 15), "parent", 0.1, "")),
        ({"key_share": "0.2"}, ("all data to 15 Jan 2026", date(2026, 1, 15), "parent", 0.2, "")),
        ({"key_share": "20%"}, ("all data to 15 Jan 2026", date(2026, 1, 15), "parent", 0.2, "")),
        ({"key_share": 0.2}, ("all data to 15 Jan 2026", date(2026, 1, 15), "parent", 0.2, "")),
        ({"line": 7}, ("all data to 15 Jan 2026", date(2026, 1, 15), "parent", 0.1, "7")),
        ({"line": "7"}, ("all data to 15 Jan 2026", date(2026, 1, 15), "parent", 0.1, "7")),
    ],
)  # fmt: skip
def test_parameters_are_taken_for_what_they_mean(grouped, given, seen):
    ledger = kam.open_ledger(grouped, **given)
    share = ledger.settings.significance.share
    assert (ledger.period.label, ledger.as_of, ledger.level, share, ledger.line) == seen


def test_parameters_reach_the_figures(grouped):
    def book(**given):
        frame = kam.open_ledger(grouped, **given).by_account()
        return dict(zip(frame["account_id"], frame["revenue"], strict=True))

    assert book() == {"A": 90.0, "C": 25.0}
    assert book(parents=False) == {"A": 60.0, "B": 30.0, "C": 25.0}
    assert book(period=2025) == {"A": 90.0, "C": 20.0}
    assert book(as_of=20250630) == {"A": 90.0}
    assert book(line=7) == {"A": 60.0, "C": 25.0}
    found = kam.concentration(kam.open_ledger(grouped, parents=False, key_share="25%"), customer="Bee")
    assert (found.about.key_share, found.customer, found.about.grouped) == (0.25, "B", False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"period": 25.5}, "period: expected text, got 25.5"),
        ({"period": "20255"}, 'period: expected "last_12_months", "all", a year'),
        ({"period": True}, "period: expected text, got True"),
        ({"as_of": 2025}, "as_of: expected a date such as 2025-12-31, got 2025"),
        ({"as_of": "31.12.2025"}, 'as_of: expected a date such as 2025-12-31, got "31.12.2025"'),
        ({"as_of": True}, "as_of: expected a date such as 2025-12-31, got True"),
        ({"parents": "maybe"}, 'parents: expected "yes" or "no", got "maybe"'),
        ({"parents": 2}, 'parents: expected "yes" or "no", got "2"'),
        ({"key_share": "10"}, "key_share: expected 0 to 1, such as 0.1 for a tenth, got 10"),
        ({"key_share": "-10%"}, "key_share: expected 0 to 1, such as 0.1 for a tenth, got -0.1"),
        ({"key_share": "a tenth"}, 'key_share: expected a number, got "a tenth"'),
        ({"key_share": float("nan")}, "key_share: expected a number, got nan"),
        ({"key_share": True}, "key_share: expected a number, got True"),
        ({"line": 9}, 'line: the data has no "9"; known here: 7, 8'),
        ({"line": ["7"]}, "line: expected text, got ['7']"),
        ({"measure": "revnue"}, 'did you mean "revenue"?'),
    ],
)
def test_parameters_that_cannot_be_meant_are_refused_in_a_sentence(grouped, given, said):
    with pytest.raises((SettingsError, DataError)) as told:
        kam.open_ledger(grouped, **given)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


# What a ledger and what was found say of themselves


def test_what_a_ledger_says(company):
    path = company(
        'name = "Mine & <Co>"\ncurrency = "EUR"\nperiod = "2025"\n[exclude]\naccounts = ["X"]\n'
        '[tables.transactions]\nfile = "s.csv"\n[tables.transactions.drop]\nkind = ["Lost"]\n',
        s__csv="account_id,date,revenue,kind\nA,2025-01-02,1000.5,\nB,2025-03-31,250,\nC,2025-02-01,-7,\n"
        ",2025-02-02,40.25,\nX,2025-02-03,11,\nA,2025-02-04,99,Lost\nA,2024-12-01,1,\n",
    )
    ledger = kam.open_ledger(path, as_of="2025-03-31")
    assert repr(ledger).splitlines() == [
        "Mine & <Co>",
        "  Data                           6 rows, 1 Dec 2024 to 31 Mar 2025",
        "  As of                          31 Mar 2025",
        "  Period                         2025",
        "  Measure                        revenue, groups counted as one customer",
        "  All rows of the period         1,393.75 EUR",
        "  In the shares of 2 accounts    1,250.50 EUR",
        "  Without an account (1 row)     40.25 EUR",
        "  Accounts at or below zero (1)  -7.00 EUR",
        "  Excluded in the settings       11.00 EUR",
        "  No sales: kind: Lost (1 row)   99.00 EUR",
        "  Tables                         transactions",
        "  Noticed                        1 thing; see ledger.warnings",
    ]
    html = ledger._repr_html_()
    assert html.startswith("<table><caption>Mine &amp; &lt;Co&gt;</caption>")
    assert html.count("<tr>") == 12
    assert "1,393.75 EUR</td>" in html


def test_what_was_found_says_its_answer(frame):
    found = kam.concentration(kam.open_ledger(frame))
    lines = repr(found).replace("\u00a0", " ").splitlines()
    assert lines[0] == "Customer B-2 is 73% of sales. There are two customers in all."
    assert lines[1] == "Largest customer: 72.6% (Customer B-2)"
    assert len(lines) == 5
    bundle = found._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", "application/vnd.kam.result+json"}
    assert found.answer in bundle["text/html"]
    assert repr(found.accounts_table()).splitlines()[0] == "The 2 largest customers"


def test_what_the_door_offers():
    offered = {
        "open_ledger",
        "concentration",
        "key_accounts",
        "churn_impact",
        "coverage",
        "account_plan",
        "leadership_brief",
        "show",
        "house_style",
    }
    assert set(dir(kam)) == offered | {"__version__"}
    assert set(kam.__all__) == offered
    assert callable(kam.open_ledger)
    assert kam.concentration.__doc__.startswith("How dependent are we on our largest customers?")
    with pytest.raises(AttributeError, match="no attribute 'opn_ledger'"):
        kam.opn_ledger  # noqa: B018
    assert kam.house_style()._repr_html_().startswith("<style>")


# What is left of it


def test_the_callers_frame_is_unchanged(foreign):
    foreign.index = pd.Index([9, 4, 7], name="sale")
    before = foreign.copy(deep=True)
    kam.concentration(kam.open_ledger(foreign, columns=OURS))
    pd.testing.assert_frame_equal(foreign, before)


def test_a_frame_is_copied_when_it_is_given(frame):
    ledger = kam.open_ledger(frame)
    frame.loc[:, "revenue"] = 0.0
    assert sold(ledger) == {"A-1": 30.0, "B-2": 79.5}


def test_a_frames_copy_goes_with_the_last_ledger_of_it(frame, scratch):
    ledger = kam.open_ledger(frame)
    assert len(copies(scratch)) == 1
    other = ledger.asked(period="2025", parents=False)
    del ledger
    gc.collect()
    assert len(copies(scratch)) == 1
    assert other.by_account()["revenue"].tolist() == [79.5, 30.0]
    del other
    gc.collect()
    assert list(scratch.iterdir()) == []


def test_what_was_found_keeps_no_copy(frame, scratch):
    found = kam.concentration(kam.open_ledger(frame))
    gc.collect()
    assert list(scratch.iterdir()) == []
    assert found.answer


def test_a_frame_that_is_refused_leaves_no_copy(frame, scratch, monkeypatch):
    def stopped(*given, **more):
        raise KeyboardInterrupt

    with pytest.raises(SettingsError):
        kam.open_ledger(frame, period="never")
    assert copies(scratch) == []
    monkeypatch.setattr(opening, "open_ledger", stopped)
    with pytest.raises(KeyboardInterrupt):
        kam.open_ledger(frame)
    assert copies(scratch) == []


def run(code, scratch):
    # The three names of the temporary folder on the systems there are.
    place = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in place.items():
            patch.setenv(name, value)
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)


@pytest.mark.parametrize("end", ["", "raise SystemExit(0)", "import sys; sys.exit(0)"])
def test_a_frames_copy_goes_when_the_process_ends(scratch, end):
    code = (
        "import pandas as pd, kam_analysis as kam, tempfile, glob\n"
        "frame = pd.DataFrame({'account_id': ['A'], 'date': ['2025-03-01'], 'revenue': [3.0]})\n"
        "ledger = kam.open_ledger(frame)\n"
        f"print(len(glob.glob(tempfile.gettempdir() + '/*/frame.parquet')))\n{end}"
    )
    done = run(code, scratch)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "1", "")
    assert list(scratch.iterdir()) == []


def test_importing_it_stays_light(scratch):
    code = (
        "import sys, kam_analysis as kam\n"
        "dir(kam), kam.__version__\n"
        "print([name for name in ('pandas', 'numpy', 'ibis', 'duckdb', 'plotly', 'IPython', 'pyarrow') if name in sys.modules])"
    )
    assert run(code, scratch).stdout.strip() == "[]"
