"""06 at its limits: which contracts press, which record of a day counts, what may have moved a figure."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from kam_analysis.pages.leadership_brief import answer, changes

DAY = date(2025, 12, 31)


def brief(rows: list[tuple[str, str, int, float]], keys: str = "abcd") -> SimpleNamespace:
    """Contracts of (account, when, days to the last day for notice, money that goes with it)."""
    contracts = pd.DataFrame(rows, columns=["account_id", "when", "days", "exposure_bound"])
    contracts["notice_by"] = pd.Timestamp(DAY) + pd.to_timedelta(contracts["days"], unit="D")
    contracts = contracts.assign(account_name=contracts["account_id"].str.upper(), ends_on=pd.Timestamp("2026-12-31"))
    losses = SimpleNamespace(contracted=SimpleNamespace(contracts=contracts))
    now = SimpleNamespace(losses=losses, keys=SimpleNamespace(keys=pd.DataFrame({"account_id": list(keys)})))
    return SimpleNamespace(now=now, about=SimpleNamespace(as_of=DAY))


def test_the_two_contracts_that_most_goes_with_are_told_by_day() -> None:
    found = answer.notices(brief([
        ("a", "by", 90, 500.0), ("b", "by", 30, 400.0), ("c", "by", 10, 300.0), ("d", "by", 91, 900.0), ("x", "by", 1, 990.0),
        ("d", "over", 5, 800.0), ("a", "by", 2, 700.0),
    ]))  # fmt: skip
    assert found["account_id"].tolist() == ["b", "a"]
    assert found["notice_by"].tolist() == [pd.Timestamp(DAY) + pd.Timedelta(days=each) for each in (30, 90)]
    assert list(found) == ["account_id", "account_name", "notice_by", "ends_on"]


def test_without_contracts_or_key_accounts_none_presses() -> None:
    found = brief([("a", "by", 1, 1.0)])
    for part, name in ((found.now, "losses"), (found.now, "keys"), (found.now.losses, "contracted")):
        kept = getattr(part, name)
        setattr(part, name, None)
        assert answer.notices(found).empty
        setattr(part, name, kept)
    assert len(answer.notices(found)) == 1


def record(version: str, settings: str) -> SimpleNamespace:
    return SimpleNamespace(version=version, settings=settings)


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ([("0", "x"), ("0", "s"), ("1", "x")], 1),
        ([("0", "x"), ("1", "x"), ("1", "s")], 2),
        ([("1", "s"), ("1", "x")], 0),
        ([("0", "s"), ("1", "s")], 1),
        ([("1", "x"), ("0", "s")], 0),
    ],
)
def test_of_several_records_of_a_day_the_one_made_most_as_today_counts(printed: list[tuple[str, str]], at: int) -> None:
    records = [record(*each) for each in printed]
    now = {"version": "1", "settings_fingerprint": "s"}
    assert changes._nearest(records, now) is records[at]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("then", "rows_moved", "why"),
    [
        (("1", "s"), False, changes.RESTATED),
        (("1", "s"), None, changes.RESTATED),
        (("1", "x"), False, changes.SETTINGS),
        (("0", "x"), False, f"{changes.SETTINGS} or {changes.METHOD}"),
        (("0", "s"), None, f"{changes.RESTATED} or {changes.METHOD}"),
        (("1", "x"), True, f"{changes.RESTATED} or {changes.SETTINGS}"),
    ],
)
def test_what_may_have_moved_a_figure(then: tuple[str, str], rows_moved: bool | None, why: str) -> None:
    now = {"version": "1", "settings_fingerprint": "s"}
    assert changes._why(record(*then), now, rows_moved=rows_moved) == why  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1.0, 4000.0, -4000.0])
def test_figures_are_the_same_within_a_part_of_the_larger(size: float) -> None:
    far = changes._SAME * abs(size)
    assert changes._same(size, size - 0.99 * far)
    assert not changes._same(size, size + 1.02 * far)
    assert changes._same(0.0, 0.99 * changes._SAME)
    assert not changes._same(0.0, 1.01 * changes._SAME)
