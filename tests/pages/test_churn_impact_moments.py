"""03: when a loss begins and is known, at the days that decide it, and by how much two of the reader's cases differ."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.analysis import recovery
from kam_analysis.analysis.coverage import RENEWAL_DAYS
from kam_analysis.pages.churn_impact import answer, charts_worst, tables_contracts, this_year
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


def leaving(bonds: list[str | None], managers: list[tuple[Any, ...]], worst: tuple[str, ...] = ("a", "b", "c")) -> Any:
    """The departure that is told, of accounts a to d of M1 and e of M2."""
    sold = pd.DataFrame(
        {"account_id": list("abcde"), "account_name": list("ABCDE"), "revenue": [500.0, 300.0, 200.0, 90.0, 800.0]}
    )
    held = {
        "M1": pd.DataFrame({"account_id": list("abcd"), "bond": bonds}),
        "M2": pd.DataFrame({"account_id": ["e"], "bond": [None]}),
    }
    columns = ["account_manager_id", "announced", "chance", "leaving_on"]
    departing: Any = SimpleNamespace(
        managers=pd.DataFrame(managers, columns=columns), of=lambda each: SimpleNamespace(accounts=held[each]),
        transition=SimpleNamespace(value=0.1), told={"M1": "Ann", "M2": "Bo"},
    )  # fmt: skip
    last: Any = SimpleNamespace(account_ids=worst)
    return this_year.leaving_case(recovery.exposures(sold), departing, [last], without=["M9"])


ANN = ("M1", True, 0.5, pd.Timestamp("2026-12-31"))
BO = ("M2", True, 0.5, pd.Timestamp("2026-08-31"))


@pytest.mark.parametrize(
    ("bonds", "worst", "names"),
    [
        ([None, None, "person", None], ("a", "b", "c"), ["A", "B", "C"]),
        ([None, "company", "person", None], ("a", "b", "c"), ["A", "C"]),
        (["company", None, None, None], ("a",), ["A"]),  # nobody large may go: the largest stands for all
        ([None, None, None, None], ("e",), ["A"]),
    ],
)
def test_the_large_customers_that_are_not_the_companys_go_along(
    bonds: list[str | None], worst: tuple[str, ...], names: list[str]
) -> None:
    case = leaving(bonds, [ANN], worst)
    assert (case.names, case.name, case.last_day) == (names, "Ann", date(2026, 12, 31))
    lost = {"A": 500.0, "B": 300.0, "C": 200.0}
    along = sum(lost[each] for each in names)
    assert case.loss.exposure == pytest.approx(along + 0.1 * (1090 - along))


def test_the_departure_that_puts_most_at_risk_is_told_and_only_one_on_file_that_may_come() -> None:
    free = [None] * 4
    assert leaving(free, [ANN, BO], ("a", "e")).name == "Bo"
    assert leaving(free, [ANN, BO], ("a", "b", "e")).name == "Ann"
    not_told = [
        ("M2", False, 0.5, BO[3]),
        ("M2", True, 0.0, BO[3]),
        ("M2", True, 0.5, pd.NaT),
        ("M9", True, 0.5, BO[3]),
    ]
    for each in not_told:
        assert leaving(free, [ANN, each], ("e",)).name == "Ann"
        assert leaving(free, [each]) is None


def test_a_contract_stands_out_from_its_last_day_for_notice_up_to_half_a_year_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = [-1, 0, 1, RENEWAL_DAYS, RENEWAL_DAYS + 1, 3]
    rows = pd.DataFrame({"notice_by": pd.Timestamp(TODAY) + pd.to_timedelta(pd.Series(days), unit="D"), "when": "by"})
    rows["ends_on"] = rows["notice_by"] + pd.Timedelta(days=90)
    found: Any = SimpleNamespace(
        contracted=SimpleNamespace(contracts=rows), about=SimpleNamespace(as_of=TODAY, unit="EUR"), earned="margin",
        exposed=SimpleNamespace(has_margin=True),
    )  # fmt: skip

    def told(most: int) -> tuple[list[int], str]:
        monkeypatch.setattr(tables_contracts, "_LISTED", most)
        table = tables_contracts.contracts(found)
        assert table is not None
        return list(table.strong), plain(table.notes[0])

    near = tables_contracts.say("contracts.near")
    assert told(6) == ([1, 2, 3, 5], plain(near))
    assert told(5) == ([1, 2, 3], plain(f"{near} {tables_contracts.say('contracts.later', contracts='1 later one')}"))
    for column, key in (("when", "too_late"), ("ends_on", "no_period")):
        before = rows[column].copy()
        rows.loc[4, column] = "too late" if column == "when" else rows.loc[4, "notice_by"]
        assert told(6)[1] == plain(f"{near} {tables_contracts.say(f'contracts.{key}')}")
        rows[column] = before


@pytest.mark.parametrize(
    ("share", "top", "above", "at", "over"),
    [
        (0.3, 0.6, True, 0.3, True), (0.3, 0.6, False, 0.3, False),
        (charts_worst._ON_THE_AXIS, 0.6, False, charts_worst._ON_THE_AXIS, False), (charts_worst._ON_THE_AXIS - 0.001, 0.6, False, charts_worst._ON_THE_AXIS - 0.001, True),
        (0.01, charts_worst._LOW, False, 0.01, True), (0.01, charts_worst._LOW - 0.001, False, charts_worst._LOW - 0.001, True),
    ],
)  # fmt: skip
def test_a_pace_is_named_where_its_line_leaves_room(
    share: float, top: float, above: bool, at: float, over: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(charts_worst, "course", lambda figure, x, y, **more: drawn.append(more["named"]))
    way: Any = SimpleNamespace(path=pd.DataFrame({"month": range(10), "share": share}))
    charts_worst._course(None, way, label="x", above=above, top=top)  # type: ignore[arg-type]
    assert drawn == [{
        "x": 6, "y": at, "xanchor": "right" if above else "left", "xshift": -8 if above else 8,
        "yanchor": "bottom" if over else "top", "yshift": 4 if over else -4,
    }]  # fmt: skip
