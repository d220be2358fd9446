"""How ids are read: the quick way for plain ones, the careful way for the rest."""

import ibis
import pandas as pd
import pytest

from kam_analysis.errors import DataError
from kam_analysis.exports import inspect_export, settings_text, write_settings
from kam_analysis.ledger.engine.columns import normalised_id
from kam_analysis.ledger.opening import check, open_ledger
from kam_analysis.ledger.settings.ids import LIKE_NONE, plain_id


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("007", "007"), ("17850.0", "17850"), ("1.0.0", "1.0.0"), ("A.0", "A.0"), (" 42 ", "42"), ("\t42.0\n", "42"),
        ("A 1", "A 1"), ("", None), ("  ", None), ("NaN", "NaN"), (" none ", "none"), ("<NA>", "<NA>"), ("nat", "nat"),
        ("Nancy", "Nancy"), (None, None), (" C01\t", "C01"), ("\u00a0C01\ufeff", "C01"), ("\u00a0", None), ("\x0b1.0 ", "1"),
    ],
)  # fmt: skip
def test_an_id_is_read_as_people_know_it(written, read):
    rows = ibis.memtable({"id": [written, "x"]}, schema={"id": "string"})
    found = rows.select(plain=normalised_id(rows.id)).to_pyarrow()["plain"].to_pylist()
    assert found == [read, "x"]


@pytest.mark.parametrize(
    "written", [" C01\t", "\u00a0C01", "17850.0", "\u30007.0\ufeff", "007", " x y ", "", "1.00", ".0"]
)
def test_the_settings_lists_are_read_as_the_data(written):
    rows = ibis.memtable({"id": [written, "x"]}, schema={"id": "string"})
    found = rows.select(plain=normalised_id(rows.id)).to_pyarrow()["plain"].to_pylist()[0]
    assert plain_id(written) == (found or "")


HEADER = "Customer no.,Customer name,Invoice date,Net sales\n"
LINES = (
    HEADER
    + "C01,Alder,2025-01-10,10\n C01\t,Alder,2025-01-11,20\n\u00a0C01,Alder,2025-01-12,30\n7,Birch,2025-01-13,1\n7.0,Birch,2025-01-14,2\n"
)


def sums(path):
    frame = open_ledger(path).by_account(level="legal_entity")
    return dict(zip(frame["account_id"], frame["revenue"], strict=True))


def export(tmp_path, text=LINES):
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    return tmp_path / "export.csv"


def test_the_query_that_init_writes_reads_ids_as_the_check_does(tmp_path):
    path = write_settings(inspect_export(export(tmp_path)))
    found = open_ledger(path).by_account()
    assert found[["account_id", "account_name", "revenue"]].to_numpy().tolist() == [
        ["C01", "Alder", 60.0],
        ["7", "Birch", 3.0],
    ]


WORDS = "".join(f"{word},Nobody,2025-02-{at:02},5\n" for at, word in enumerate(("NaN", "null", "None", " NULL\t"), 1))


def answered(tmp_path, number):
    """The settings that init writes, with one of the answers chosen."""
    guess = inspect_export(export(tmp_path, LINES + WORDS))
    [question] = guess.questions
    assert str(question).startswith(
        'does "NULL", "NaN", "None", "null" in 4 rows of "Customer no." stand for no customer?'
    )
    lines = settings_text(guess).split("\n")
    first = next(at for at, line in enumerate(lines) if line.startswith(f"# {number + 1}. ")) + 1
    for at in range(first, first + len(question.alternatives[number].lines)):
        lines[at] = lines[at].removeprefix("# ")
    path = tmp_path / "kam.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_init_asks_what_looks_like_none_and_both_answers_are_taken(tmp_path):
    none = answered(tmp_path, 0)
    assert [str(each) for each in check(none) if each.severity == "error"] == []
    assert sums(none) == {"C01": 60.0, "7": 3.0}
    assert any("no account" in each.rule and each.rows == 4 for each in check(none))
    codes = answered(tmp_path, 1)
    assert [str(each) for each in check(codes) if each.severity == "error"] == []
    assert sums(codes) == {"C01": 60.0, "7": 3.0, "NaN": 5.0, "null": 5.0, "None": 5.0, "NULL": 5.0}


TABLES = '[tables.transactions]\nfile = "t.csv"\n{}[tables.accounts]\nfile = "a.csv"\n{}'
NULLS = "account_id,date,revenue\n1,2025-01-10,10\nNULL,2025-01-11,5\n nan,2025-01-12,5\n"
MASTER = "account_id,parent_id\n1,NULL\n2,NULL\n"


def test_what_looks_like_none_is_asked_in_every_table(company):
    path = company(TABLES.format("", ""), t__csv=NULLS, a__csv=MASTER)
    asked = {(each.table, each.column): each for each in check(path) if "may stand for none" in each.rule}
    assert {where: each.rows for where, each in asked.items()} == {
        ("t.csv", "account_id"): 2,
        ("a.csv", "parent_id"): 2,
    }
    assert 'blank_ids = ["nan", "NULL"] where they are none, blank_ids = []' in asked["t.csv", "account_id"].remedy
    with pytest.raises(DataError, match="may stand for none"):
        open_ledger(path)


def test_the_settings_answer_decides(company):
    none = company(
        TABLES.format('blank_ids = ["NULL", "NaN"]\n', 'blank_ids = ["null"]\n'), t__csv=NULLS, a__csv=MASTER
    )
    ledger = open_ledger(none)
    assert ledger.by_account()["account_id"].tolist() == ["1"]
    assert not ledger.master.grouped
    codes = company(TABLES.format("blank_ids = []\n", "blank_ids = []\n"), t__csv=NULLS, a__csv=MASTER)
    assert sums(codes) == {"1": 10.0, "NULL": 5.0, "nan": 5.0}
    assert open_ledger(codes).by_account()["account_id"].tolist() == ["NULL", "nan"]
    assert any("read as ids" in each.rule for each in open_ledger(codes).warnings)


def test_each_word_is_asked_in_any_writing(company):
    written = [each for word in LIKE_NONE for each in (word, word.upper(), f"\u00a0{word.title()}\t")]
    text = "account_id,date,revenue\n1,2025-01-10,10\n" + "".join(f"{each},2025-01-11,5\n" for each in written)
    found = check(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=text))
    assert [each.rows for each in found if "may stand for none" in each.rule] == [len(written)]


def test_a_float_that_is_no_number_is_none_and_a_text_is_asked(company, tmp_path):
    days = pd.to_datetime(["2025-01-10", "2025-01-11", "2025-01-12"])
    frame = pd.DataFrame({"account_id": [7.0, float("nan"), 8.0], "date": days, "revenue": [1.0, 2.0, 3.0]})
    frame.to_parquet(tmp_path / "t.parquet")
    path = company('[tables.transactions]\nfile = "t.parquet"\n')
    assert sums(path) == {"7": 1.0, "8": 3.0}
    assert inspect_export(tmp_path / "t.parquet").questions == ()
    frame.assign(account_id=["7", "nan", "8"]).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(DataError, match="may stand for none"):
        open_ledger(path)


def test_the_list_of_excluded_accounts_is_trimmed_as_the_data(company):
    text = "account_id,date,revenue,product\n17850,2025-01-10,10,FREIGHT \n2,2025-01-11,5,x\n2,2025-01-11,5,FREIGHT\n"
    settings = '[tables.transactions]\nfile = "t.csv"\n[exclude]\naccounts = [" 17850.0\\t"]\nproducts = ["FREIGHT "]\n'
    assert sums(company(settings, t__csv=text)) == {"2": 5.0}
