"""06 at its limits: which contracts press, which record of a day counts, what may have moved a figure."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.pages.leadership_brief import answer, asks, at_stake, changes, five_figures
from kam_analysis.pages.leadership_brief.five_figures import Watched
from kam_analysis.pages.results import Figure

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


def figure(value: float, unit: str = "EUR", **more: Any) -> Watched:
    return Watched(**{"report": "01", "name": "top_5_share", "label": "", "figure": Figure(value, unit), **more})


@pytest.mark.parametrize(
    ("value", "unit", "before", "said"),
    [
        (0.412, "share", 0.4, "+1.2 points"), (12, "accounts", 15, "−3"), (12, "count", 12, "unchanged"),
        (1000.6, "EUR", 1000, "+0.1%"), (1000.4, "EUR", 1000, "unchanged"), (900, "EUR", 1000, "−10.0%"),
        (5, "EUR", 0, ""), (5, "EUR", -1, ""), (5, "EUR", None, ""),
    ],
)  # fmt: skip
def test_a_change_is_told_in_the_figures_own_unit(value: float, unit: str, before: float | None, said: str) -> None:
    assert plain(figure(value, unit, before=before).change).replace("-", "−") == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(5.0, 5.0, five_figures.WITHIN), (5.1, 6.0, five_figures.BELOW), (4.0, 4.9, five_figures.ABOVE), (None, 4.0, ""), (9.0, None, "")],
)  # fmt: skip
def test_the_ends_of_its_own_range_are_within_it(low: float | None, high: float | None, said: str) -> None:
    one = figure(5.0, low=low, high=high)
    assert one.reading == said
    assert list(five_figures.outside([one])) == ([one] if said and said != five_figures.WITHIN else [])


@pytest.mark.parametrize(
    ("value", "before", "told"), [(110, 100, True), (109.9, 100, False), (89.9, 100, True), (90.1, 100, False), (7, 0, False)]
)  # fmt: skip
def test_without_a_range_a_tenth_is_far(value: float, before: float, told: bool) -> None:
    assert bool(list(five_figures.far([figure(value, before=before)]))) is told
    assert not list(five_figures.far([figure(value, before=before, low=0.0, high=1.0)]))


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [("top_5_share", "bad", "good"), ("bad_year_loss", "bad", "good"), ("kept_share", "good", "bad"), ("key_accounts", "", "")],
)  # fmt: skip
def test_more_of_some_is_good_and_of_others_bad(name: str, more: str, less: str) -> None:
    found = [figure(value, before=100, name=name) for value in (120, 80, 100, 100.01)]
    assert [five_figures.tone(each) for each in found] == [more, less, "", ""]
    assert five_figures.tone(figure(120, name=name)) == ""


@pytest.mark.parametrize(("value", "unit", "said"), [(0.1234, "share", "12.3%"), (1234, "accounts", "1,234"), (1234, "count", "1,234"), (1234, "EUR", "€1.23k"), (1234, "amount", "1.23k")])  # fmt: skip
def test_a_value_is_written_by_its_unit(value: float, unit: str, said: str) -> None:
    assert plain(five_figures.written(value, unit)) == said


@pytest.mark.parametrize(("last", "alike"), [("2025-09-30", True), ("2025-10-01", True), ("2025-10-02", False), ("2025-09-29", True), ("2025-09-28", False)])  # fmt: skip
def test_periods_a_day_apart_in_length_are_alike(last: str, alike: bool) -> None:
    def of(first: str, last: str) -> SimpleNamespace:
        result = SimpleNamespace(provenance={"first_day": first, "last_day": last})
        return SimpleNamespace(results={five_figures.DEPENDENCE: result})

    now, before = of("2025-01-01", "2025-12-31"), of("2024-10-01", last)
    assert five_figures._alike(now, before, five_figures.DEPENDENCE) is alike  # type: ignore[arg-type]
    for report in (five_figures.LOSSES, five_figures.PEOPLE):
        assert five_figures._alike(now, before, report)  # type: ignore[arg-type]


@pytest.mark.parametrize(("chance", "said"), [(0.459, "45%"), (0.29, "29%"), (0.5099999, "50%"), (0.57, "57%")])
def test_a_chance_is_never_more_than_it_is(chance: float, said: str) -> None:
    assert plain(asks._down(chance)) == said


def test_three_customers_that_carry_most_of_a_bad_year_are_its_risks() -> None:
    accounts = pd.DataFrame(
        [
            ("a", 90.0, 0.1, 0.2),
            ("b", 10.0, 0.5, 0.4),
            ("c", 70.0, None, None),
            ("d", 20.0, 0.3, 0.3),
            ("e", 5.0, 0.1, 0.1),
        ],
        columns=["account_id", "exposure", "probability", "contribution"],
    ).assign(account_name="x", basis="y", more=1)
    traits = pd.DataFrame({"account_id": ["d", "b"], "notice_by": pd.to_datetime(["2026-01-01", None])})
    now: Any = SimpleNamespace(losses=SimpleNamespace(accounts=accounts), keys=None)
    found = at_stake.risks(now)
    assert list(found) == at_stake._RISK
    assert (found.index.tolist(), found["account_id"].tolist()) == ([0, 1, 2], ["b", "d", "a"])
    now.keys = SimpleNamespace(traits=traits)
    assert at_stake.risks(now)["notice_by"].notna().tolist() == [False, True, False]
    now.losses.accounts = accounts.assign(contribution=None)
    assert at_stake.risks(now)["account_id"].tolist() == ["a", "c", "d"]
    now.losses = None
    assert list(at_stake.risks(now)) == at_stake._RISK
