"""Contracts: which end, and how earlier ends turned out, by hand."""

from datetime import date

import pandas as pd
import pytest

from kam_analysis.analysis import churn

DAY = date(2025, 12, 31)


def contracts(*rows):
    return pd.DataFrame(rows, columns=["account_id", "ends_on"])


@pytest.fixture
def today(standing_at):
    """A000 still buys, A001 is lost, A002 is silent and not lost."""
    return standing_at("2025-12-31", ["2025-12-20", "2023-02-01", "2025-01-20"])


def test_which_contracts_end_within_the_horizon(today):
    found = churn.renewals(
        contracts(("A000", "2026-03-31"), ("A001", "2025-12-31"), ("A002", "2026-12-31"), ("A003", "2027-01-01"),
                  ("A004", "2026-02-01"), ("A004", "2028-02-01"), ("A000", "2026-01-31")),
        today, DAY,
    )  # fmt: skip
    assert found.ending["account_id"].tolist() == ["A000", "A002"]
    assert found.ending["ends_on"].tolist() == [pd.Timestamp(2026, 3, 31), pd.Timestamp(2026, 12, 31)]


def test_how_earlier_ends_turned_out(today):
    ends = contracts(
        ("A000", "2024-06-30"), ("A000", "2023-06-30"), ("A000", "2023-06-30"), ("A001", "2023-01-31"), ("A001", "2022-01-31"),
        ("A002", "2024-12-31"), ("A000", "2025-08-01"), ("A999", "2020-01-01"),
    )  # fmt: skip
    found = churn.renewals(ends, today, DAY, least=1)
    # A000 twice bought on, A001 once followed by another contract and once left, A002 undecided; August is too late.
    assert (found.ended, found.left, found.undecided) == (5, 1, 1)
    assert (found.average.losses, found.average.accounts) == (1, 4)
    assert found.average.source == "1 of 4 contracts that ended were not followed by more business"
    assert churn.renewals(ends, today, DAY).average is None


def test_companies_count_for_their_group(today):
    found = churn.renewals(contracts(("B", "2026-03-31"), ("B", "2024-06-30")), today, DAY, pd.Series({"B": "A000"}))
    assert (found.ending["account_id"].tolist(), found.ended) == (["A000"], 1)


def test_no_contracts_no_figure(today):
    found = churn.renewals(contracts(), today, DAY)
    assert (len(found.ending), found.average, found.ended) == (0, None, 0)


def test_a_later_contract_is_more_business_though_nothing_was_bought_since(today):
    found = churn.renewals(contracts(("A001", "2023-01-31"), ("A001", "2023-04-30")), today, DAY, least=1)
    assert (found.ended, found.left, found.undecided) == (2, 1, 0)


def test_a_contract_that_can_no_longer_be_given_notice_runs_on(today):
    rows = contracts(("A000", "2026-03-31"), ("A001", "2026-03-31"), ("A002", "2026-03-31"), ("A002", "2026-06-30"))
    # A000's last day for notice is today, A001's was yesterday; of A002's two contracts the later one decides.
    rows["notice_by"] = pd.to_datetime(["2025-12-31", "2025-12-30", "2025-10-01", "2026-03-31"])
    found = churn.renewals(rows, today, DAY)
    assert found.ending["account_id"].tolist() == ["A000", "A002"]
    assert found.too_late["account_id"].tolist() == ["A001"]
