"""What is under contract and what can be given notice when: by hand, and against a walk over every contract."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis import open_ledger
from kam_analysis.analysis import losses

DAY = date(2026, 9, 18)
COLUMNS = ["account_id", "contract_id", "starts_on", "ends_on", "notice_by", "annual_value"]


def book(**money):
    ids = list(money)
    return pd.DataFrame(
        {
            "account_id": ids,
            "account_name": [each.upper() for each in ids],
            "revenue": [float(each[0]) for each in money.values()],
            "exposure": [float(each[1]) for each in money.values()],
        }
    )


def signed(*rows):
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("starts_on", "ends_on", "notice_by"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    return frame


BOOK = book(a=(100, 30), b=(50, 20), c=(40, 10), d=(30, 9), e=(20, 6), f=(10, 4))
SIGNED = signed(
    ("a", "1", None, "2026-12-31", "2026-11-01", 40),
    ("a", "2", "2025-01-01", "2027-12-31", "2027-11-30", 20),
    ("b", "3", None, "2026-10-31", "2026-11-29", 60),  # more than its sales
    ("c", "4", None, "2026-10-01", "2026-09-17", 20),  # too late by a day
    ("d", "5", None, "2027-06-30", "2027-03-31", 10),
    ("d", "6", None, "2027-12-31", "2027-06-30", None),
    ("e", "7", None, "9999-12-31", None, 5),
    ("f", "8", None, "2026-09-18", "2026-08-18", 10),  # over with today
    ("f", "9", "2026-09-20", "2028-12-31", "2028-10-31", 10),  # begins the day after tomorrow
    ("x", "0", None, "2027-12-31", "2027-12-31", 99),  # bought nothing
)


def test_what_is_bound_by_hand():
    found = losses.contracted(BOOK, SIGNED, DAY).accounts.set_index("account_id")
    assert found["contracts"].to_dict() == {"a": 2, "b": 1, "c": 1, "d": 2, "e": 1, "f": 0}
    assert found["capped"].tolist() == [False, True, False, False, False, False]
    assert found["revenue_under_contract"].tolist() == [60, 50, 20, 10, 5, 0]
    # d's second contract has no value: how much of the other 20 it binds is not known.
    assert found["revenue_without_value"].tolist() == [0, 0, 0, 20, 0, 0]
    assert found["revenue_at_will"].tolist() == [40, 0, 20, 0, 15, 10]
    assert found["exposure_under_contract"].tolist() == [18, 20, 5, 3, 1.5, 0]
    assert found["exposure_without_value"].tolist() == [0, 0, 0, 6, 0, 0]
    assert found["exposure_at_will"].tolist() == [12, 0, 5, 0, 4.5, 4]


def test_what_can_be_given_notice_when_by_hand():
    found = losses.contracted(BOOK, SIGNED, DAY)
    assert found.contracts[["contract_id", "when", "exposure_bound"]].values.tolist() == [
        ["7", "any day", 1.5], ["1", "by", 12.0], ["3", "by", 20.0], ["5", "by", 3.0], ["6", "by", 6.0], ["2", "by", 6.0],
        ["4", "too late", 5.0],
    ]  # fmt: skip
    months = found.months.assign(month=found.months["month"].dt.strftime("%Y-%m").fillna(""))
    assert months[["when", "month", "contracts", "exposure", "cumulative"]].values.tolist() == [
        ["any day", "", 1, 27.0, 27.0], ["by", "2026-11", 2, 32.0, 59.0], ["by", "2027-03", 1, 3.0, 62.0],
        ["by", "2027-06", 1, 6.0, 68.0], ["by", "2027-11", 1, 6.0, 74.0], ["too late", "", 1, 5.0, 79.0],
    ]  # fmt: skip
    assert months["share"].iloc[-1] == 1.0


def test_without_contracts_everything_is_at_will():
    found = losses.contracted(BOOK, signed(), DAY)
    assert found.total("at_will") == 79.0
    assert found.months[["when", "cumulative", "share"]].values.tolist() == [["any day", 79.0, 1.0]]
    bare = losses.contracted(BOOK, SIGNED[["account_id", "ends_on", "notice_by"]], DAY)
    assert bare.total("under_contract") == 0.0
    assert bare.total("without_value") == 30 + 20 + 10 + 9 + 6 + 4  # nothing says that f's has not begun


def test_an_account_that_buys_nothing_has_nothing_bound():
    found = losses.contracted(book(a=(-5, 2)), signed(("a", "1", None, "2027-01-01", "2026-12-01", 9)), DAY)
    assert found.accounts[
        ["revenue_under_contract", "exposure_under_contract", "exposure_at_will"]
    ].values.tolist() == [[0.0, 0.0, 2.0]]
    assert found.accounts["capped"].tolist() == [True]


money = st.integers(1, 10**9).map(lambda cents: cents / 100)
contract = st.tuples(
    st.sampled_from("abc"), st.integers(-400, 900), st.integers(0, 200), st.one_of(st.none(), money, st.just(0.0))
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(money, money), min_size=3, max_size=3), st.lists(contract, max_size=8))
def test_everything_adds_up_to_the_cent(amounts, rows):
    accounts = book(**dict(zip("abc", amounts, strict=True)))
    ends = [pd.Timestamp(DAY) + pd.Timedelta(days=row[1]) for row in rows]
    table = signed(
        *(
            (row[0], str(at), None, end, end - pd.Timedelta(days=row[2]), row[3])
            for at, (row, end) in enumerate(zip(rows, ends, strict=True))
        )
    )
    found = losses.contracted(accounts, table, DAY)
    for of in ("revenue", "exposure"):
        parts = found.accounts[[f"{of}_{part}" for part in ("under_contract", "without_value", "at_will")]]
        assert (parts >= 0).all(axis=None)
        cents = (parts * 100).round().astype("int64").sum(axis=1)
        assert cents.tolist() == [round(each * 100) for each in accounts[of]]
    bound = found.accounts[["exposure_under_contract", "exposure_without_value"]].sum(axis=1)
    theirs = found.contracts.groupby("account_id")["exposure_bound"].sum().reindex(list("abc"), fill_value=0.0)
    assert np.round(theirs.to_numpy(), 2).tolist() == np.round(bound.to_numpy(), 2).tolist()
    assert round(found.months["cumulative"].iloc[-1], 2) == round(accounts["exposure"].sum(), 2)
    # A walk over every contract: what is not at will and can be given notice by each month.
    for row in found.months[found.months["when"] == "by"].to_dict("records"):
        until = row["month"] + pd.offsets.MonthEnd(0)
        free = found.contracts["notice_by"].between(pd.Timestamp(DAY), until)
        expected = found.total("at_will") + found.contracts.loc[free, "exposure_bound"].sum()
        assert row["cumulative"] == pytest.approx(expected, abs=0.005)


def test_of_the_sample_tressel_s_contract_covers_3_4_of_6_2_million():
    ledger = open_ledger()
    sold = ledger.by_account(ledger.period_of("last_12_months"), measures=["revenue", "margin"])
    sold = sold[sold["margin"] > 0].rename(columns={"margin": "exposure"})
    found = losses.contracted(sold, ledger.contracts(), ledger.as_of)
    tressel = found.accounts.set_index("account_id").loc["0010200"]
    assert tressel["revenue_under_contract"] == 3_420_000
    assert tressel["revenue_at_will"] == pytest.approx(2.8e6, abs=5e4)
    first = found.contracts.iloc[0]
    assert (first["account_id"], str(first["notice_by"].date())) == ("0010100", "2026-10-20")
    assert (found.contracts["when"] == "by").all()
