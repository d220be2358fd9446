"""Whose departure counts, with which chance, and where it has a name."""

import pytest

import kam_analysis as kam
from kam_analysis.pages.coverage.departures import departures, who_may_go

SETTINGS = """as_of = 2026-06-30
[tables.transactions]
file = "sales.csv"
[tables.accounts]
file = "accounts.csv"
[tables.managers]
file = "managers.csv"
"""
SALES = "account_id,date,revenue,cost\n" + "".join(f"A{at},2026-0{at}-10,{100 * at},{60 * at}\n" for at in range(1, 7))
ACCOUNTS = "account_id,account_manager_id\n" + "".join(f"A{at},M{at}\n" for at in range(1, 7))
# A day on file, the company's own figure beside one, one far ahead, one that passed, an own figure alone, nothing.
MANAGERS = """manager_id,manager_name,leaving_on,announced_on,departure_probability
M1,Ann Rye,2026-12-31,2026-06-30,
M2,Bo Lund,2026-12-31,2026-07-01,0.9
M3,Cy Orr,2027-07-01,2026-06-01,
M4,Di Sup,2026-06-01,,
M5,Ed Exe,,,0.2
M6,Flo Hay,,,
"""


@pytest.fixture
def ledger(company):
    settings = company(SETTINGS, sales__csv=SALES, accounts__csv=ACCOUNTS, managers__csv=MANAGERS)
    return kam.open_ledger(str(settings))


def test_a_last_day_within_a_year_is_certain_unless_the_company_says_otherwise(ledger):
    found = who_may_go(ledger)
    assert found[["manager_id", "chance", "announced", "told"]].values.tolist() == [
        ["M1", 1.0, True, "Ann Rye"],
        ["M2", 0.9, False, "an account manager (1)"],
        ["M4", 1.0, False, "an account manager (2)"],
        ["M5", 0.2, False, "an account manager (3)"],
    ]


def test_each_is_a_cause_of_their_customers_by_the_rates_of_04(ledger):
    found = departures(ledger, follow_rate=0.25, lost=())
    causes = found.causes(["A6", "A5", "A4", "A2", "A1"])
    assert {key: (each.probability, each.members, each.losses.tolist(), each.parts.tolist()) for key, each in causes.items()} == {
        "M1": (1.0, (4,), [0.25], [0.154]),
        "M2": (0.9, (3,), [0.25], [0.154]),
        "M4": (1.0, (2,), [0.25], [0.154]),
        "M5": (0.2, (1,), [0.25], [0.154]),
    }  # fmt: skip
    assert causes["M2"].name == "an account manager (1)"
    bare = departures(ledger, lost=()).causes(["A1"])["M1"]
    assert (bare.losses.tolist(), bare.parts.tolist()) == ([0.0], [0.154]), "without an assumption nobody follows"


def test_until_it_is_announced_03_says_nothing_of_it_but_the_money(ledger):
    found = kam.churn_impact(ledger)
    page = " ".join(str(part) for part in (found.causes_table(), found.actions().html, found.caveats().html))
    assert not any(name in page for name in ("Bo Lund", "Di Sup", "Ed Exe"))
    lost = found.managers.set_index("manager_name")["lost"]
    assert lost["Di Sup"] == pytest.approx(160 * 0.154)
