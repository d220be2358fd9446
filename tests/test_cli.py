"""The command line as users meet it: exit codes, sentences instead of tracebacks, nothing half-written."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kam_analysis.cli import main

Company = Callable[..., Path]

PASSWORD = "Geheim-4711"
DATABASE = f"postgresql://reporter:{PASSWORD}@127.0.0.1:9/sales"  # nothing answers at the discard port
SALES = '[tables.transactions]\nfile = "sales.csv"\n'
FROM_DATABASE = '[tables.transactions]\ntable = "sales"\n'
HEADER = "account_id,date,revenue\n"
GOOD = HEADER + "A,2025-01-01,3\nB,2025-02-01,2\n"
PLAIN_EXPORT = "Customer,Invoice date,Net sales\nA,2025-01-31,1234.56\nB,2025-02-13,234.50\n"
OPEN_EXPORT = "Customer,Invoice date,Net sales\nA,03/04/2025,1234.56\nB,05/06/2025,234.50\n"


def kam(*arguments: object) -> Result:
    """What a user gets who types `kam ARGUMENTS`."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refused(result: Result, code: int, *words: str, folder: Path) -> None:
    """It ended with this code and in sentences that hold these words; no traceback, path or secret in them."""
    said = " ".join(result.output.split())
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, said
    for word in words:
        assert word in said
    for leak in ("Traceback", PASSWORD, "reporter", folder.as_posix(), str(folder)):
        assert leak not in said
    assert not re.search(r"\b[A-Z]\w*(Error|Exception)\b", said), said


def left_in(out: Path) -> list[Path]:
    """The files in the output folder."""
    return [path for path in out.rglob("*") if path.is_file()]


# What stands in the settings, in sales.csv (None: no such file), the exit code, words of the sentence.
WRONG_INPUT = {
    "unknown key": ('curency = "EUR"\n' + SALES, GOOD, 2, ["kam.toml", "curency", 'did you mean "currency"?']),
    "password in the file": (
        f'[connection]\nurl = "{DATABASE}"\n{FROM_DATABASE}',
        None,
        2,
        ["connection.url", "a password stands in the settings file", 'url = "env:'],
    ),
    "missing file": (SALES, None, 1, ['file "sales.csv" is not there', "data_dir"]),
    "glob without match": ('[tables.transactions]\nfile = "x*.csv"\n', GOOD, 1, ['no file matches "x*.csv"']),
    "empty file": (SALES, "", 1, ["sales.csv", "expected rows, got an empty file", "export it again"]),
    "header only": (SALES, HEADER, 1, ["sales.csv", "got none below the header", "export it again"]),
    "total of zero": (SALES, HEADER + "A,2025-01-01,3\nA,2025-01-02,-3\n", 1, ["revenue", "above zero", "got 1"]),
    "all amounts zero": (SALES, HEADER + "A,2025-01-01,0\nB,2025-01-02,0\n", 1, ["above zero", "got 2"]),
    "not numbers": (
        SALES,
        HEADER + "A,2025-01-01,three\nB,2025-01-02,4\n",
        1,
        ["sales.csv", "expected a number", "1 row", "three"],
    ),
    "missing column": (SALES, "account_id,date,revnue\nA,2025-01-01,3\n", 1, ["revenue", 'did you mean "revnue"?']),
    "database down": (
        f'[connection]\nurl = "env:KAM_TEST_DATABASE"\n{FROM_DATABASE}',
        None,
        1,
        ["no answer from the postgresql database", "check that it runs"],
    ),
    "variable not set": (
        f'[connection]\nurl = "env:KAM_TEST_NOT_SET"\n{FROM_DATABASE}',
        None,
        2,
        ["environment variable KAM_TEST_NOT_SET is not set"],
    ),
}


@pytest.mark.parametrize("case", WRONG_INPUT)
@pytest.mark.parametrize("command", ["check", "report"])
def test_wrong_input_ends_in_a_sentence_and_leaves_nothing(
    command: str, case: str, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, sales, code, words = WRONG_INPUT[case]
    monkeypatch.setenv("KAM_TEST_DATABASE", DATABASE)
    path = company(settings, **({} if sales is None else {"sales__csv": sales}))
    out = tmp_path / "out"
    result = kam(command, path, *(["--out", out] if command == "report" else []))
    refused(result, code, *words, folder=tmp_path)
    assert not left_in(out)


def test_an_encoding_that_the_settings_leave_out_is_taken_from_the_file_and_said(company: Company) -> None:
    result = kam("check", company(SALES, encoding="cp1252", sales__csv=HEADER + "Müller,2025-01-01,3\n"))
    assert (result.exit_code, 'read with encoding = "cp1252"' in result.output) == (0, True)


@pytest.mark.parametrize("command", ["check", "report"])
def test_an_unreadable_encoding_is_named_with_its_remedy(command: str, company: Company, tmp_path: Path) -> None:
    sales = SALES.replace('file = "sales.csv"', 'file = "sales.csv"\nencoding = "utf-16"')
    path = company(sales, sales__csv=HEADER + "Muller,2025-01-01,3\n")
    out = tmp_path / "out"
    result = kam(command, path, *(["--out", out] if command == "report" else []))
    refused(result, 1, "expected utf-16 text", "name the encoding", folder=tmp_path)
    assert not left_in(out)


@pytest.mark.parametrize(
    ("command", "word"), [("check", "no such"), ("report", "no such"), ("init", "not there"), ("lab", "no such")]
)
def test_a_file_that_is_not_there(command: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "export.csv" if command == "init" else "kam.toml"
    refused(kam(command, tmp_path / name), 2, name, word, folder=tmp_path)
    assert not left_in(tmp_path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "01_concentration.perod=all"], ['did you mean "period"?']),
        (["--set", "01_concentratio.period=all"], ["no such report", 'did you mean "01_concentration"?']),
        (["--set", "nonsense"], ["expected NAME.PARAM=VALUE", "nonsense"]),
        (["--only", "01_concentraton"], ["no such report", 'did you mean "01_concentration"?']),
        (["--as-of", "2025-13-01"], ["--as-of", "2025-13-01", "today, yesterday, last_month_end"]),
        (["--workers", "0"], ["--workers"]),
        (["--notebooks", "nowhere"], ["nowhere", "holds no .ipynb files"]),
    ],
)
def test_an_option_that_cannot_be_used(options: list[str], words: list[str], tmp_path: Path) -> None:
    refused(kam("report", "--out", tmp_path / "out", *options), 2, *words, folder=tmp_path)
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_is_a_file(company: Company, tmp_path: Path) -> None:
    path = company(SALES, sales__csv=GOOD, out="precious")
    refused(kam("report", path, "--out", tmp_path / "out"), 2, "--out out", "another folder", folder=tmp_path)
    assert (tmp_path / "out").read_text() == "precious"


def test_check_passes_clean_data_and_counts_warnings(company: Company) -> None:
    path = company(SALES, sales__csv=GOOD)
    clean = kam("check", path)
    assert (clean.exit_code, clean.output) == (0, "0 error(s), 0 warning(s)\n")
    (path.parent / "sales.csv").write_text(GOOD + ",2025-02-02,5\n")
    warned = kam("check", path)
    assert warned.exit_code == 0
    assert "no account" in warned.output
    assert warned.output.endswith("0 error(s), 1 warning(s)\n")


def test_check_lists_every_error_at_once(company: Company) -> None:
    text = "account_id,date,revenue\nA,soon,3\nB,2025-02-01,two\n"
    result = kam("check", company(SALES, sales__csv=text))
    assert result.exit_code == 1
    assert "soon" in result.output
    assert "two" in result.output
    assert "2 error(s)" in result.output


def test_init_writes_settings_that_check_accepts(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(PLAIN_EXPORT)
    made = kam("init", tmp_path / "export.csv")
    assert made.exit_code == 0, made.output
    assert '- revenue is "Net sales"' in made.output
    assert "Next: kam report" in made.output
    assert kam("check", tmp_path / "kam.toml").exit_code == 0


def test_init_shows_what_the_settings_lead_to(tmp_path: Path) -> None:
    rows = "".join(f"K{at},Firm {at} Ltd,2025-0{at}-01,{at * 100}.50,Note\n" for at in range(1, 8))
    (tmp_path / "export.csv").write_text("Customer no.,Customer,Invoice date,Net sales,Memo\n" + rows)
    made = kam("init", tmp_path / "export.csv")
    assert made.exit_code == 0, made.output
    assert "7 rows of sales from 2025-01-01 to 2025-07-01: 2,803.50" in made.output
    shown = [line.split() for line in made.output.splitlines() if "Ltd" in line and "%" in line]
    assert [line[-2:] for line in shown] == [
        ["700.50", "25.0%"], ["600.50", "21.4%"], ["500.50", "17.9%"], ["400.50", "14.3%"], ["300.50", "10.7%"],
    ]  # fmt: skip
    assert "- not used: Memo" in made.output


def test_init_promises_a_report_only_where_check_passes(tmp_path: Path) -> None:
    rows = "".join(f"A,2025-01-{at:02},1.50\n" for at in range(1, 21))
    (tmp_path / "export.csv").write_text("Customer,Invoice date,Net sales\n" + rows + "A,not known,1.50\n")
    made = kam("init", tmp_path / "export.csv")
    assert made.exit_code == 1
    assert "expected a date like 2025-12-31, got something else in 1 row (not known)" in made.output
    assert "Next: kam report" not in made.output
    assert (tmp_path / "kam.toml").is_file()


@pytest.mark.parametrize("header", ["Who,When,How much", "Nothing,that,is known"])
def test_init_writes_settings_whatever_the_headers(header: str, tmp_path: Path) -> None:
    rows = "".join(f"Firm {at % 3},2025-01-{at:02},{at}.50\n" for at in range(1, 21))
    (tmp_path / "export.csv").write_text(f"{header}\n{rows}")
    made = kam("init", tmp_path / "export.csv")
    assert made.exit_code == 1
    written = (tmp_path / "kam.toml").read_text()
    assert f'# columns.revenue = "{header.split(",")[2]}"' in written
    assert f'# columns.account_id = "{header.split(",")[0]}"' in written


DEALS = "Account,Close date,Stage,Amount\nAlder,2025-03-14,Closed Won,1000\nBirch,2025-04-20,Negotiation,9000\n"


def test_check_takes_an_export_as_report_does(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(DEALS)
    checked = kam("check", tmp_path / "export.csv")
    assert checked.exit_code == 0, checked.output
    assert 'sales are the rows whose "Stage" is Closed Won' in checked.output
    assert "no sales: Stage: Negotiation (9,000.00)" in checked.output
    assert checked.output.endswith("0 error(s), 0 warning(s)\n")
    assert [path.name for path in left_in(tmp_path)] == ["export.csv"]


def test_in_one_step_open_deals_are_refused_where_none_is_won(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(DEALS.replace("Closed Won", "Proposal"))
    for command in ("check", "report"):
        refused(kam(command, tmp_path / "export.csv"), 1, "which values of", "Stage", folder=tmp_path)


def test_init_leaves_an_ambiguous_date_open_and_check_refuses_it(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(OPEN_EXPORT)
    made = kam("init", tmp_path / "export.csv")
    assert made.exit_code == 1
    assert "day or month first?" in made.output
    assert "kam check kam.toml" in made.output
    written = (tmp_path / "kam.toml").read_text()
    assert '\n# date_format = "%d/%m/%Y"' in written
    assert '\n# date_format = "%m/%d/%Y"' in written
    refused(kam("check", tmp_path / "kam.toml"), 1, "date", folder=tmp_path)


def test_init_never_overwrites_settings(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(PLAIN_EXPORT)
    (tmp_path / "kam.toml").write_text("# mine\n")
    refused(kam("init", tmp_path / "export.csv"), 2, "kam.toml", "not overwritten", folder=tmp_path)
    assert (tmp_path / "kam.toml").read_text() == "# mine\n"


def test_an_ambiguous_export_is_asked_about_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(OPEN_EXPORT)
    result = kam("report", tmp_path / "export.csv", "--out", tmp_path / "out")
    refused(result, 1, "03/04/2025", "day or month first?", "kam init export.csv", folder=tmp_path)
    assert [path.name for path in left_in(tmp_path)] == ["export.csv"]


def test_sample_writes_a_company_that_check_accepts(tmp_path: Path) -> None:
    made = kam("sample", tmp_path / "s", "--accounts", 120, "--transactions", 7000, "--seed", 3)
    assert made.exit_code == 0, made.output
    assert "kam report" in made.output
    assert kam("check", tmp_path / "s" / "kam.toml").exit_code == 0


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--accounts", "8", "--transactions", "99"], "at least"),
        (["--accounts", "0"], "--accounts"),
        (["--seed", "x"], "--seed"),
    ],
)
def test_sample_refuses_sizes_it_cannot_fill(options: list[str], word: str, tmp_path: Path) -> None:
    refused(kam("sample", tmp_path / "s", *options), 2, word, folder=tmp_path)
    assert not left_in(tmp_path)


def test_sample_refuses_a_file_as_its_folder(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("mine")
    refused(kam("sample", tmp_path / "s"), 2, "is a file", folder=tmp_path)
    assert (tmp_path / "s").read_text() == "mine"


def test_lab_refuses_wrong_settings_before_it_copies(company: Company, tmp_path: Path) -> None:
    path = company('curency = "EUR"\n' + SALES)
    refused(kam("lab", path, "--folder", tmp_path / "mine"), 2, 'did you mean "currency"?', folder=tmp_path)
    assert not (tmp_path / "mine").exists()


def test_lab_ends_with_the_exit_code_of_jupyterlab(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("kam_analysis.batch.lab.start_lab", lambda *given, full, **more: asked.append(full) or 3)
    assert kam("lab").exit_code == kam("lab", "--full").exit_code == 3
    assert asked == [False, True]


@pytest.mark.parametrize(
    ("typed", "settings", "options"),
    [
        (["kam.toml", "--", "--port", "9999", "--no-browser"], Path("kam.toml"), ("--port", "9999", "--no-browser")),
        (["--", "--port=9999"], None, ("--port=9999",)),
        (["kam.toml", "--full", "--"], Path("kam.toml"), ()),
        (["--", "--", "x"], None, ("--", "x")),
    ],
)
def test_lab_hands_on_what_stands_after_two_hyphens(
    typed: list[str], settings: Path | None, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, object]] = []
    monkeypatch.setattr(
        "kam_analysis.batch.lab.start_lab",
        lambda settings, folder, say, options, full: asked.append((settings, options)) or 0,
    )
    assert kam("lab", *typed).exit_code == 0
    assert asked == [(settings, options)]


def test_lab_refuses_jupyterlabs_options_before_the_hyphens(tmp_path: Path) -> None:
    refused(kam("lab", "--port", "9999"), 2, "No such option", "--port", folder=tmp_path)


def test_new_question_writes_a_notebook_and_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = kam("new-question", "07_discounts")
    assert (done.exit_code, done.output.splitlines()) == (
        0,
        [
            f"Written: {Path('kam-notebooks', '07_discounts.ipynb')}",
            "To edit it: kam lab --folder kam-notebooks",
            "To publish it: kam report --notebooks kam-notebooks --only 07_discounts",
        ],
    )
    assert kam("new-question", "08_prices", "--folder", "elsewhere").exit_code == 0
    assert Path("elsewhere", "08_prices.ipynb").is_file()
    refused(kam("new-question", "07_discounts"), 2, "has a notebook of this name", folder=tmp_path)
    refused(kam("new-question", "discounts"), 2, "two digits", "08_discounts", folder=tmp_path)
    assert len(list(tmp_path.rglob("*.ipynb"))) == 2


def test_help_names_every_command_and_needs_no_heavy_library() -> None:
    heavy = "{'ibis', 'duckdb', 'pandas', 'plotly', 'papermill', 'nbconvert', 'numpy', 'IPython'}"
    program = (
        "import sys\nfrom kam_analysis.cli import main\n"
        f"try:\n    main(['--help'])\nfinally:\n    assert not {heavy} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    for command in ("check", "init", "lab", "new-question", "report", "sample"):
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("limit", ["nan", "inf", "-1", "0"])
def test_a_limit_of_memory_that_limits_nothing_is_refused(limit: str) -> None:
    done = CliRunner().invoke(main, ["report", "--memory-limit", limit])
    assert done.exit_code == 2
    assert "--memory-limit" in done.output
