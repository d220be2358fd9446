"""Settings written by hand that leave out how a file is written: read as `kam init` would, and said."""

import pytest

from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.opening import check

COLUMNS = 'columns = { account_id = "Kunde", date = "Datum", revenue = "Umsatz" }\n'
PLAIN = f'[tables.transactions]\nfile = "t.csv"\n{COLUMNS}'
GERMAN = "Kunde;Datum;Umsatz\nMüller;31.01.2025;1.234,50\nBirke;28.02.2025;2.000,25-\nMüller;01.03.2025;1.000,00\n"
AMERICAN = 'Kunde,Datum,Umsatz\nMüller,1/31/2025,"1,234.50"\nBirke,2/28/2025,($2000.25)\nMüller,3/1/2025,"1,000.00"\n'


@pytest.mark.parametrize("text", [GERMAN, AMERICAN])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_what_is_left_out_is_taken_from_the_file_and_said(company, text, encoding):
    path = company(PLAIN, encoding=encoding, t__csv=text)
    frame = open_ledger(path, period="all").by_account()
    assert dict(zip(frame["account_id"], frame["revenue"], strict=True)) == {"Müller": 2234.50, "Birke": -2000.25}
    [note] = check(path)
    assert note.severity == "note"
    assert "date_format = " in note.rule
    assert ("encoding" in note.rule) is (encoding != "utf-8")


def test_what_the_settings_say_stands(company):
    path = company(PLAIN + 'date_format = "%d.%m.%Y"\n', t__csv=GERMAN)
    assert any("expected a number" in str(each) for each in check(path))


def test_amounts_that_could_be_either_are_warned_about(company):
    text = "Kunde,Datum,Umsatz\nA,2025-01-31,1.234\nB,2025-02-28,2.000\n"
    [warning] = check(company(PLAIN, t__csv=text))
    assert "a thousands mark or a decimal sign?" in warning.rule
    assert warning.severity == "warning"


def test_a_plain_file_needs_no_note(company):
    assert check(company(PLAIN, t__csv="Kunde,Datum,Umsatz\nA,2025-01-31,1.50\nB,2025-02-28,2\n")) == []
