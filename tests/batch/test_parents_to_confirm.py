"""What 01 suggests is a sheet; marked with yes, the sheet is read back as the table `parents`."""

import openpyxl
import pytest

from kam_analysis.batch.spreadsheet import tables_workbook
from kam_analysis.ledger import open_ledger
from kam_analysis.pages.concentration.found import collect

SALES = """account_id,date,revenue
1,2025-01-01,60
2,2025-02-01,30
3,2025-03-01,10
"""
MASTER = """account_id,account_name
1,Acme Ltd
2,Acme GmbH
3,Zenith plc
"""
SETTINGS = """
[tables.transactions]
file = "sales.csv"
[tables.accounts]
file = "customers.csv"
"""


@pytest.fixture
def company(tmp_path):
    for name, text in {"sales.csv": SALES, "customers.csv": MASTER, "kam.toml": SETTINGS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("mark", "customers"), [("yes", 2), ("", 3), ("no", 3)])
def test_a_confirmed_suggestion_makes_one_customer(company, mark, customers):
    document = collect(open_ledger(company / "kam.toml")).result().document()
    suggested = document["tables"]["parents_to_confirm"]
    assert [(each["account_id"], each["parent_id"]) for each in suggested] == [("2", "1")]
    book = company / "parents.xlsx"
    book.write_bytes(tables_workbook({"01_concentration": document}))
    opened = openpyxl.load_workbook(book)
    sheet = opened["01 parents to confirm"]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("confirmed") + 1, mark or None)
    opened.save(book)
    settings = company / "kam.toml"
    settings.write_text(
        SETTINGS + '[tables.parents]\nfile = "parents.xlsx"\nsheet = "01 parents to confirm"\n', encoding="utf-8"
    )
    assert len(open_ledger(settings).by_account()) == customers
