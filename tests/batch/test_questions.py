"""Lists of open questions: what is asked of whom, that answers come back whole, and that nothing of the company's is changed."""

import hashlib
import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from kam_analysis.batch.questions import questions_workbook
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.opening import check
from kam_analysis.ledger.reading.answers import ANSWER, ASKED, FOLDER, KEY, QUESTIONS, ROLE, SHEET, read_answers
from kam_analysis.pages.coverage.kept_up import kept_up, questions

AS_OF = date(2026, 3, 31)
SETTINGS = "as_of = 2026-03-31\n[significance]\nshare = 0.2\n[tables.transactions]\nfile = 'sales.csv'\n" + "".join(
    f"[tables.{name}]\nfile = '{name}.csv'\n" for name in ("accounts", "contacts", "interactions")
)
FILES = {
    "sales__csv": "account_id,date,revenue\nA1,2026-01-10,100\nA2,2026-02-10,50\nA3,2026-03-10,5\nA1,2025-04-01,1\n",
    "accounts__csv": "account_id,account_name,account_manager_id,satisfaction\nA1,Alder,M1,7\nA2,Birch,M2,\nA3,Cedar,M1,\n",
    "contacts__csv": "contact_id,account_id,contact_name,influence\nC1,A1,Ida Ray,5\n",
    "interactions__csv": "account_id,date,staff_id\nA2,2026-03-01,M2\nA1,2024-03-01,M1\n",
}


def test_what_is_not_on_file_is_asked_the_largest_customer_first(company):
    found = questions(open_ledger(company(SETTINGS, **FILES)))
    assert list(zip(found["account_id"], found["question"], strict=True)) == [
        ("A1", "contract"), ("A1", "visit"), ("A1", "goal"),
        ("A2", "decides"), ("A2", "contract"), ("A2", "goal"),
        ("A3", "decides"), ("A3", "contract"), ("A3", "visit"),
    ]  # fmt: skip
    assert set(found["question"]) <= set(QUESTIONS)


def answered(path, ledger, given, asked=AS_OF):
    """A list as a manager sends it back: `given` by (account, question), each an answer or (answer, role)."""
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    file = folder / f"list{len(list(folder.iterdir()))}.xlsx"
    file.write_bytes(questions_workbook(questions(ledger), asked, "Ann Rye"))
    book = openpyxl.load_workbook(file)
    sheet = book[SHEET]
    heads = {cell.value: cell.column for cell in sheet[4]}
    left = dict(given)
    for row in range(5, sheet.max_row + 1):
        question, _, account = sheet.cell(row, heads[KEY]).value.partition("|")
        if (account, question) in left:
            said = left.pop((account, question))
            answer, role = said if isinstance(said, tuple) else (said, None)
            sheet.cell(row, heads[ANSWER], answer)
            sheet.cell(row, heads[ROLE], role)
    assert left == {}
    book.save(file)
    return file


def test_answers_come_back_and_the_companys_files_stay_as_they_are(company):
    path = company(SETTINGS, **FILES)
    files = sorted(path.parent.glob("*.csv"))
    before = [hashlib.sha256(each.read_bytes()).hexdigest() for each in files]
    answered(
        path, open_ledger(path),
        {
            ("A2", "decides"): ("Tom Oak", "Head of purchasing"), ("A1", "visit"): "2026-02-20",
            ("A1", "contract"): "31.12.2026", ("A2", "goal"): "Fewer stops",
        },
    )  # fmt: skip
    ledger = open_ledger(path)
    contacts = ledger.table("contacts").set_index("account_id")
    assert contacts.loc["A2", ["contact_name", "role", "influence"]].tolist() == ["Tom Oak", "Head of purchasing", 5.0]
    assert contacts.loc["A1", "contact_name"] == "Ida Ray"
    visits = ledger.table("interactions")
    assert visits.loc[visits["date"] == pd.Timestamp(2026, 2, 20), "staff_id"].tolist() == ["M1"]
    # Tables that the company does not have are there now.
    assert ledger.traits().set_index("account_id").loc["A1", "ends_on"] == pd.Timestamp(2026, 12, 31)
    assert ledger.table("objectives")["objective"].tolist() == ["Fewer stops"]
    left = questions(ledger)
    told = set(zip(left["account_id"], left["question"], strict=True))
    assert not told & {("A2", "decides"), ("A1", "visit"), ("A1", "contract"), ("A2", "goal")}
    assert [hashlib.sha256(each.read_bytes()).hexdigest() for each in files] == before
    assert [each.severity for each in check(path) if "filled in" in each.rule] == ["note", "note"]


def test_a_list_to_its_last_cell():
    asked = pd.DataFrame(
        [("A1", "Alder", "decides"), ("A2", "Birch", "goal"), ("A3", "Cedar", "visit")], columns=["account_id", "account_name", "question"]
    )  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(questions_workbook(asked, AS_OF, "Ann Rye")))[SHEET]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][0] == "Ann Rye: what we do not know yet, the largest customers first"
    assert cells[3] == ["No.", "Customer", "Question", ANSWER, ROLE, "How to answer", KEY, ASKED]
    assert cells[4:] == [
        [at, name, QUESTIONS[of].words.format(account=name), None, None, QUESTIONS[of].how, f"{of}|{id_}", "2026-03-31"]
        for at, (id_, name, of) in enumerate(asked.itertuples(index=False), start=1)
    ]
    # Framed is what is to be filled in: the answer, and a role only of who decides.
    framed = [[bool(row[at].border.left.style) for at in range(8)] for row in sheet.iter_rows(min_row=5)]
    assert [[at for at, each in enumerate(row) if each] for row in framed] == [[3, 4], [3], [3]]
    hidden = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
    assert (sheet.freeze_panes, hidden, sheet.column_dimensions["C"].width > 50) == ("A5", ["G", "H"], True)
    assert (sheet.page_setup.orientation, sheet.sheet_view.showGridLines) == ("landscape", False)


def test_what_the_table_says_goes_before_an_answer(company):
    path = company(SETTINGS, **FILES)
    ledger = open_ledger(path)
    folder = path.parent / FOLDER
    folder.mkdir()
    rows = pd.DataFrame(
        [("A1", "Alder", "satisfaction"), ("A2", "Birch", "satisfaction")],
        columns=["account_id", "account_name", "question"],
    )
    file = folder / "list.xlsx"
    file.write_bytes(questions_workbook(rows, AS_OF, "Ann Rye"))
    book = openpyxl.load_workbook(file)
    for row in (5, 6):
        book[SHEET].cell(row, 4, 3)
    book.save(file)
    told = open_ledger(path).traits().set_index("account_id")["satisfaction"]
    assert told[["A1", "A2"]].tolist() == [7.0, 3.0]
    assert ledger.traits().set_index("account_id")["satisfaction"].isna().sum() == 2


def test_all_that_cannot_be_used_is_said_at_once_and_the_rest_is_used(company):
    path = company(SETTINGS, **FILES)
    ledger = open_ledger(path)
    answered(path, ledger, {("A1", "visit"): "in spring", ("A1", "contract"): "soon", ("A2", "goal"): "Fewer stops"})
    answered(path, ledger, {("A2", "goal"): "Grow"}, asked=date(2026, 4, 2))
    (path.parent / FOLDER / "notes.xlsx").write_bytes(b"no workbook")
    (path.parent / FOLDER / "~$open.xlsx").write_bytes(b"")
    found = read_answers(path.parent, date(2026, 4, 3))
    assert [each.value for each in found.given] == ["Grow"]
    told = [str(each) for each in found.problems]
    assert len(told) == 4
    assert {each.severity for each in found.problems} == {"warning"}
    for part in ('got "in spring"', 'got "soon"', "notes.xlsx: ", "list that was made last"):
        assert any(part in each for each in told), part
    assert len([each for each in check(path) if each.table.startswith(FOLDER)]) == 4


@pytest.mark.parametrize(("said", "used"), [("2026-04-03", True), ("2026-04-04", False), (date(2026, 1, 5), True)])
def test_a_visit_is_no_plan(company, said, used):
    path = company(SETTINGS, **FILES)
    answered(path, open_ledger(path), {("A1", "visit"): said})
    assert bool(read_answers(path.parent, date(2026, 4, 3)).given) is used


def test_age_and_coverage_of_each_table_are_told(company):
    ledger = open_ledger(company(SETTINGS, **FILES))
    contacts, interactions = kept_up(ledger)
    assert contacts.startswith("contacts: 1 of 2 key accounts, file changed 0 days ago")
    assert interactions == "interactions: 2 of 2 key accounts, newest entry 30 days old"
