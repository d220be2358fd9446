"""What accounts bought by year of twelve months: by hand, and against the ledger's own periods."""

import pandas as pd
import pytest

from kam_analysis.ledger import open_ledger

SETTINGS = """
currency = "EUR"
as_of = 2025-06-30
[tables.transactions]
file = "t.csv"
[tables.accounts]
file = "a.csv"
[exclude]
accounts = ["OWN"]
[rates]
PLN = 0.25
"""
ACCOUNTS = "account_id,parent_id\nA1,A\nA2,A\n"
ROWS = """\
account_id,date,revenue,currency
A1,2022-12-15,10,EUR
A2,2023-06-30,40,PLN
A1,2023-07-01,7,EUR
B,2024-06-30,5,EUR
B,2024-07-01,-2.005,EUR
B,2025-06-30,3,EUR
B,2025-07-01,99,EUR
OWN,2025-01-01,99,EUR
,2025-01-01,99,EUR
"""


def rows(frame):
    return [(row.account_id, row.year.strftime("%Y-%m-%d"), row.revenue) for row in frame.itertuples()]


def test_by_hand(company):
    ledger = open_ledger(company(SETTINGS, t__csv=ROWS, a__csv=ACCOUNTS))
    assert rows(ledger.by_account_year()) == [
        ("A", "2023-06-30", 20.0), ("A", "2024-06-30", 7.0), ("B", "2024-06-30", 5.0), ("B", "2025-06-30", 1.0),
    ]  # fmt: skip
    assert rows(ledger.by_account_year(level="legal_entity"))[:2] == [
        ("A1", "2023-06-30", 10.0),
        ("A1", "2024-06-30", 7.0),
    ]
    # A year's end in the past, and one that is not there yet.
    assert rows(ledger.by_account_year(pd.Timestamp(2023, 12, 31).date())) == [("A", "2023-12-31", 27.0)]
    assert ledger.by_account_year(pd.Timestamp(2030, 12, 31).date())["year"].max() == pd.Timestamp(2025, 6, 30)


def test_a_first_year_of_less_than_half_a_year_is_part_of_the_next(company):
    def years(first):
        lines = f"account_id,date,revenue\nA,{first},1\nA,2024-06-30,2\nA,2025-06-30,4\n"
        ledger = open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=lines))
        return [(each[1], each[2]) for each in rows(ledger.by_account_year())]

    assert years("2022-12-29") == [("2023-06-30", 1.0), ("2024-06-30", 2.0), ("2025-06-30", 4.0)]
    assert years("2022-12-30") == [("2024-06-30", 3.0), ("2025-06-30", 4.0)]


def test_more_than_ten_years_are_in_the_first_of_ten(company):
    lines = "account_id,date,revenue\n" + "".join(f"A,{year}-06-30,1\n" for year in range(2008, 2026))
    ledger = open_ledger(company('[tables.transactions]\nfile = "t.csv"\n', t__csv=lines))
    found = ledger.by_account_year()
    assert found["revenue"].tolist() == [9.0] + [1.0] * 9
    assert found["year"].iloc[0] == pd.Timestamp(2016, 6, 30)


@pytest.mark.parametrize("measure", ["revenue", "margin"])
def test_the_samples_years_equal_its_periods(measure):
    ledger = open_ledger(measure=measure)
    found = ledger.by_account_year()
    for first, last in (("2025-09-19", "2026-09-18"), ("2024-09-19", "2025-09-18"), ("2023-10-01", "2024-09-18")):
        theirs = ledger.by_account(ledger.period_of(f"{first}/{last}")).set_index("account_id")[measure]
        ours = found[found["year"] == pd.Timestamp(last)].set_index("account_id")[measure]
        assert ours.to_dict() == theirs.to_dict()
    assert len(found["year"].unique()) == 3


def test_totals_that_such_years_would_cut_give_none(company):
    lines = "account_id,date,revenue\nA,2023-12-31,1\nA,2024-12-31,2\nA,2025-12-31,4\n"
    settings = 'as_of = 2025-12-31\n[tables.transactions]\nfile = "t.csv"\ngrain = "year"\n'
    ledger = open_ledger(company(settings, t__csv=lines))
    assert ledger.by_account_year()["revenue"].tolist() == [1.0, 2.0, 4.0]
    cut = ledger.by_account_year(pd.Timestamp(2025, 6, 30).date())
    assert (cut.empty, list(cut)) == (True, ["account_id", "year", "revenue"])
