"""04's managers: what stands in their cells and below their tables, where figures are below zero, missing or at a limit."""

from types import SimpleNamespace

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.pages.coverage import tables_people as people


def test_what_nobody_looks_after_is_added_up_without_credit_notes() -> None:
    unheld = pd.DataFrame({"account_id": list("abcd"), "revenue": [300.0, 40.0, -90.0, 7.0]})
    few = SimpleNamespace(effective_accounts=17.6, effective_managers=3.24)
    ownership = SimpleNamespace(few=few, unheld=unheld, unheld_idle=1, without_deputy=range(2))
    found = SimpleNamespace(
        ownership=ownership, about=SimpleNamespace(unit="EUR"), customer=lambda each: f"{each} Ltd."
    )
    said = plain(people._beside(found))  # type: ignore[arg-type]
    assert "18" in said
    assert "3.2" in said
    assert "€347" in said
    assert "a Ltd., b Ltd., c Ltd." in said or "a Ltd., b Ltd., c Ltd" in said
    assert "d Ltd" not in said


@pytest.mark.parametrize(
    ("gap", "there", "says", "not_says"),
    [(0.0099, 150.0, "exact", "nearly"), (0.01, 0.0, "nearly", "exact")],
)
def test_how_sure_the_better_hours_are(
    gap: float, there: float, says: str, not_says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sentence by its key and what it is filled in with."""
    monkeypatch.setattr(
        people, "say", lambda key, **told: f"{key.removeprefix('managers.hours_')}{sorted(told.values())}"
    )
    accounts = pd.DataFrame({"account_id": ["a", "b"], "low": [0.1, 0.2], "high": [0.5, 0.9]})
    gains: list[tuple[float, list[float] | None]] = []

    def gain_if(elasticity: float, chances: pd.Series | None) -> float:
        gains.append((elasticity, None if chances is None else chances.tolist()))
        return 1000 * elasticity * (1 if chances is None else chances["b"])

    rows = pd.DataFrame({"hours_recorded": [100.0, 20.0], "hours_per_month": [there, 0.0]})
    best = SimpleNamespace(gain=350.0, gap=gap, kept_from=None, key_hours=2.5, gain_if=gain_if)
    found = SimpleNamespace(
        allocation=best, accounts=accounts, about=SimpleNamespace(unit="EUR"), earned="margin",
        rated=SimpleNamespace(rows=rows),
        assumptions={"hours_elasticity": SimpleNamespace(value=0.3, low=0.2, high=0.4, source="a guess")},
    )  # fmt: skip
    said = plain(people._hours_said(found))  # type: ignore[arg-type]
    assert said.startswith("gain['margin', '€350', '€40-400'] effect['0.2', '0.3', '0.4', 'a guess'] assumed[]")
    assert "limits['100%', '2.5']" in said
    assert (f"{says}[" in said, f"{not_says}[" in said) == (True, False)
    assert ("rest_on['120', '150']" in said) is (there > 0)
    assert len(gains) == 9
    assert {each for each, _ in gains} == {0.2, 0.3, 0.4}


def test_cells_of_hours_chances_and_verdicts() -> None:
    hours = (
        {"hours_recorded": recorded, "hours_per_month": month}
        for recorded, month in ((12.4, 96.0), (12.6, None), (None, 96.0))
    )
    assert [people._of_hours(each) for each in hours] == ["12 of 96", "13", ""]
    alike, more = ({"probability": each, "estimate": 0.12} for each in (0.12, 0.15))
    assert plain(people._chance(alike)) == "12%"
    assert plain(people._chance(more)).startswith("15%")
    assert "12%" in plain(people._chance(more))
    row = dict.fromkeys(people._VERDICTS, 2.0) | {
        f"money_{name}": 10.0 * at for at, name in enumerate(people._VERDICTS)
    }
    whole = sum(10.0 * at for at in range(len(people._VERDICTS)))
    for at, name in enumerate(people._VERDICTS):
        assert plain(people._part(name)(row)) == f"2 ({round(1000 * at / whole)}%)"
    nothing = row | {f"money_{name}": 0.0 for name in people._VERDICTS}
    assert people._part("grown")(nothing) == "2"
    assert people._part("grown")(row | {"grown": float("nan")}) == ""


@pytest.mark.parametrize(("many", "said"), [(people.MOST_PEOPLE, []), (people.MOST_PEOPLE + 1, ["1 more row"]), (people.MOST_PEOPLE + 7, ["7 more rows"])])  # fmt: skip
def test_rows_that_are_not_shown_are_counted(many: int, said: list[str]) -> None:
    rows = pd.DataFrame({"a": range(many)})
    assert [words in plain(each) for each, words in zip(people._others(rows), said, strict=True)] == [True] * len(said)
    assert ("more account manager" in people._more(rows)) == bool(said)
