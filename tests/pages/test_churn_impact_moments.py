"""03: when a loss begins and is known, at the days that decide it, and by how much two of the reader's cases differ."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.pages.churn_impact import answer, this_year
from kam_analysis.pages.churn_impact.contingency import _known_by

TODAY = date(2026, 6, 30)
NEVER = float("inf")


@pytest.mark.parametrize(
    ("days", "months"), [(-40, 0), (0, 0), (15, 0), (16, 1), (45, 1), (46, 2), (365, 12), (380, 12), (381, 13)]
)  # fmt: skip
def test_a_day_is_as_many_months_away_as_are_nearest(days: int, months: int) -> None:
    assert this_year.months_until(TODAY, pd.Timestamp(TODAY) + pd.Timedelta(days=days)) == months


def managers(*last_days: str | None) -> SimpleNamespace:
    days = pd.to_datetime(pd.Series(last_days, dtype=object))
    rows = pd.DataFrame({"account_manager_id": [f"M{at}" for at in range(len(days))], "leaving_on": days})
    return SimpleNamespace(managers=rows)


def test_a_departure_strikes_in_the_month_after_its_last_day_and_all_else_in_any() -> None:
    departures = {"M0": SimpleNamespace(name="Ann"), "M1": SimpleNamespace(name="Bo")}
    found = SimpleNamespace(
        departing=managers("2026-08-31", None), common=SimpleNamespace(departures=departures), about=SimpleNamespace(as_of=TODAY)
    )  # fmt: skip
    causes = [SimpleNamespace(name=each) for each in ("a slump", "Ann", "Bo")]
    assert this_year.strikes_in(found, causes) == [0, 3, 0]  # type: ignore[arg-type]


@pytest.mark.parametrize(("leaving", "months"), [(["M0", "M1"], 2), (["M1"], 5), (["M2"], 0), ([], 0)])
def test_the_readers_own_case_begins_with_the_first_last_day(leaving: list[str], months: int) -> None:
    found = SimpleNamespace(
        departing=managers("2026-08-31", "2026-11-30", None), about=SimpleNamespace(as_of=TODAY),
        overrides=SimpleNamespace(leaving=dict.fromkeys(leaving, "")),
    )  # fmt: skip
    assert this_year._last_day(found) == months  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("signs", "gone_from", "known"),
    [
        ([("notice", "2026-09-30"), ("notice", "2026-08-31"), ("departure", "2026-07-15")], "2027-01-01", "2026-08-31"),
        ([("notice", None), ("departure", "2026-07-15")], "2027-01-01", "2026-07-15"),
        ([("notice", "2026-09-30")], "2026-09-30", "2026-09-29"),
        ([("notice", "2026-09-30")], "2026-07-01", "2026-06-30"),
        ([("notice", "2026-05-31")], "2027-01-01", "2026-06-30"),
        ([("orders", "2026-09-30")], "2027-01-01", "2026-06-30"),
        ([], "2027-01-01", "2026-06-30"),
    ],
)
def test_a_loss_is_known_by_the_first_notice_else_the_last_day_and_before_sales_are_missing(
    signs: list[tuple[str, str | None]], gone_from: str, known: str
) -> None:
    rows = pd.DataFrame(signs, columns=["kind", "day"])
    rows["day"] = pd.to_datetime(rows["day"])
    assert _known_by(rows, date.fromisoformat(gone_from), TODAY) == date.fromisoformat(known)


def case(lost: float | None = None, years: float | None = None, bad: float | None = None) -> SimpleNamespace:
    return SimpleNamespace(
        case=None if lost is None else SimpleNamespace(exposure=lost), earned="margin", about=SimpleNamespace(unit="EUR"),
        case_way=None if years is None else SimpleNamespace(years=(years, 99.0)),
        year=None if bad is None else SimpleNamespace(quantile=lambda level: bad * (1 if level == answer.BAD else 7)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "then", "key", "amount"),
    [
        ({"lost": 130.0}, {"lost": 100.0}, "more_lost", "€30"),
        ({"lost": 100.0}, {"lost": 130.0}, "less_lost", "€30"),
        ({"lost": 100.06}, {"lost": 100.0}, "more_lost", "€0.06"),
        ({"lost": 100.04}, {"lost": 100.0}, "hardly", ""),
        ({"lost": 1.0}, {}, "hardly", ""),
        ({"bad": 50.0}, {"bad": 40.0}, "more_in_a_bad_year", "€10"),
        ({"bad": 40.0}, {"bad": 50.0}, "less_in_a_bad_year", "€10"),
        ({"years": 1.25}, {"years": 1.0}, "longer", "3 months"),
        ({"years": 1.0}, {"years": 1.25}, "shorter", "3 months"),
        ({"years": 1.041}, {"years": 1.0}, "hardly", ""),
        ({"years": 1.042}, {"years": 1.0}, "longer", "1 month"),
        ({"years": NEVER}, {"years": 1.0}, "never_replaced", ""),
        ({"years": 1.0}, {"years": NEVER}, "replaced_after_all", ""),
        ({"years": NEVER}, {"years": NEVER}, "hardly", ""),
    ],
)
def test_two_cases_differ_by_what_a_reader_would_see(
    now: dict[str, float], then: dict[str, float], key: str, amount: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "say", lambda name, **told: f"{name.removeprefix('compared.')} {told.get('changes', '')}{told.get('amount', '')}{told.get('time', '')}".strip())  # fmt: skip
    said = plain(answer.against(case(**now), case(**then)))  # type: ignore[arg-type]
    assert said == ("hardly" if key == "hardly" else f"changed {f'{key} {amount}'.strip()}")


@pytest.mark.parametrize(
    ("new", "net", "key"),
    [(18.0, 30.0, "both"), (18.0, NEVER, "new_alone"), (NEVER, 30.0, "net_alone"), (NEVER, NEVER, "never")],
)
def test_which_pace_gives_which_end(new: float, net: float, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "say", lambda name, **told: " ".join([name, *(f"{k}={v}" for k, v in told.items())]))
    monkeypatch.setattr(answer, "years_in_words", lambda years, whole=round: f"{years:g}")
    way: Any = SimpleNamespace(
        by_new_customers=SimpleNamespace(months_of_any_length=new), by_net=SimpleNamespace(months_of_any_length=net)
    )
    told = " new=1.5 net=2.5" if key == "both" else ""
    assert answer._by_which_pace(way) == f"tiles.replace_{key}{told}"


@pytest.mark.parametrize(
    ("room", "lost", "below"),
    [(None, 9.0, False), ((False, 8.0), 8.0, False), ((False, 8.0), 8.1, True), ((True, 8.0), 99.0, False)],
)
def test_only_more_than_there_is_takes_us_below_break_even(
    room: tuple[bool, float] | None, lost: float, below: bool
) -> None:
    known = room and SimpleNamespace(below_already=room[0], margin=SimpleNamespace(value=room[1]))
    found: Any = SimpleNamespace(absorbable=known)
    assert answer._below(found, SimpleNamespace(exposure=lost)) is below  # type: ignore[arg-type]
    assert bool(answer._beside_break_even(found, lost)) == (room is not None and not room[0])
