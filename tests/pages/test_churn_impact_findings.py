"""03: which of several sentences is said, where only one fact decides."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from kam_analysis.pages.churn_impact import answer, charts_worst, tables_this_year


def case(label: str, accounts: int, exposure: float = 10.0) -> SimpleNamespace:
    return SimpleNamespace(label=label, accounts=accounts, exposure=exposure, exposure_share=0.3)


WORST = [case("A", 1), case("A, B", 2), case("A, B, C", 3)]


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sentence by its key."""
    for each in (answer, charts_worst):
        monkeypatch.setattr(
            each, "say", lambda name, **told: f"{name.partition('.')[2]} {told.get('number', '')}".strip()
        )


@pytest.mark.parametrize(
    ("room", "worst", "said"),
    [
        (None, 3, "several_bring three"),
        (None, 1, "one_brings"),
        ((True, 0), 3, "several_bring three"),
        ((False, 0), 3, "largest_alone_is_too_much"),
        ((False, 1), 3, "several_are_too_much two"),
        ((False, 2), 3, "several_are_too_much three"),
        ((False, 3), 3, "several_bring three"),
        ((True, 1), 2, "several_bring two"),
    ],
)
def test_the_chart_says_how_many_of_the_largest_are_too_much(
    room: tuple[bool, int] | None, worst: int, said: str
) -> None:
    known = room and SimpleNamespace(below_already=room[0], largest=room[1])
    found: Any = SimpleNamespace(absorbable=known, named=None, worst=WORST[:worst], earned="margin")
    assert charts_worst._finding(found) == said


@pytest.mark.parametrize(
    ("named", "worst", "said"), [(None, 3, "second"), (None, 2, "second"), (None, 1, ""), (WORST[0], 3, "")]
)
def test_the_second_largest_is_told_where_there_is_one(
    named: Any, worst: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "_and_below", lambda found, loss: "")
    found: Any = SimpleNamespace(leaving_case=None, named=named, worst=WORST[:worst], about=SimpleNamespace(unit="EUR"))
    assert answer.next_fact(found) == said


def test_without_contracts_or_a_concession_nothing_is_said_of_renewals() -> None:
    rows = pd.DataFrame({"account_id": ["a"]})
    given = SimpleNamespace(value=0.03, low=0.01, high=0.06, source="last year")
    about = SimpleNamespace(unit="EUR", as_of=pd.Timestamp("2026-06-30").date())
    for renewals, assumed in ((rows.head(0), {"renewal_concession": given}), (rows, {}), (rows.head(0), {})):
        found: Any = SimpleNamespace(renewals=renewals, assumed=assumed, about=about)
        assert tables_this_year.renewals(found) is None
    assert (
        tables_this_year.renewals(SimpleNamespace(renewals=rows, assumed={"renewal_concession": given}, about=about))
        is not None
    )  # type: ignore[arg-type]
