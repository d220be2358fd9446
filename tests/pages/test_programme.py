"""Do listed accounts fare better, on 02: told where the data allow, with the range and the caveat, and else not at all."""

import numpy as np
import pandas as pd
import pytest

import kam_analysis as kam

SETTINGS = """
name = "Listed Works"
currency = "EUR"
as_of = 2025-12-31
[tables.transactions]
file = "sales.csv"
[tables.accounts]
file = "accounts.csv"
[tables.decisions]
file = "decisions.csv"
"""
DAYS = pd.date_range("2023-01-15", periods=36, freq="MS")


def files(*, more=0.0):
    """Forty accounts of about one size, ten of them listed; what the listed buy in the last year is `more` than before."""
    rng = np.random.default_rng(7)
    rows, listed = [], range(0, 40, 4)
    for at in range(40):
        for day in DAYS:
            factor = 1 + more * (at in listed and day.year == 2025)
            rows.append(f"K{at:02},{day:%Y-%m-%d},{100 * np.exp(rng.normal(0, 0.1)) * factor:.2f}")
    accounts = [f"K{at:02},Name {at},{'yes' if at in listed else 'no'}" for at in range(40)]
    actions = [f"Visit,2024-06-0{at + 1},K{at:02}" for at in range(6)] + ["Visit,2025-06-01,K20"]
    return {
        "sales__csv": "account_id,date,revenue\n" + "\n".join(rows) + "\n",
        "accounts__csv": "account_id,account_name,is_key\n" + "\n".join(accounts) + "\n",
        "decisions__csv": "decision,date,account_id\n" + "\n".join(actions) + "\n",
    }  # fmt: skip


def test_an_effect_is_told_with_its_range_and_the_caveat(company):
    found = kam.key_accounts(kam.open_ledger(company(SETTINGS, **files(more=0.3))))
    told = found.faring["list"]
    assert (told.covered, told.comparable) == (10, 30)
    assert told.low < 2 * 0.3 / 2.3 < told.high
    assert told.tells
    assert found.faring["actions"].covered == 6  # not the one within the last twelve months
    shown = found.faring_shown().html
    assert shown.startswith("<details>")
    assert "Accounts on the list did better than comparable ones" in shown
    assert "Nobody was assigned at random" in shown
    assert {"covered_by", "difference", "low", "high"} <= set(found.result().document()["tables"]["faring"][0])


def test_without_one_no_difference_is_told(company):
    found = kam.key_accounts(kam.open_ledger(company(SETTINGS, **files())))
    assert not found.faring["list"].tells
    assert "no difference that the data can tell" in found.faring_shown().html


@pytest.mark.parametrize("lacking", ["list", "years"])
def test_where_it_cannot_be_told_nothing_is(company, lacking):
    given = files()
    if lacking == "list":
        given["accounts__csv"] = given["accounts__csv"].replace(",yes", ",no")
        given["decisions__csv"] = "decision,date,account_id\n"
    else:
        head, *rows = given["sales__csv"].splitlines()
        given["sales__csv"] = "\n".join([head, *(each for each in rows if ",2025" in each)]) + "\n"
    found = kam.key_accounts(kam.open_ledger(company(SETTINGS, **given)))
    assert found.faring == {}
    assert found.faring_shown().html == ""
    assert "faring" not in found.result().document()["tables"]
