"""05 at its limits: whose account is key, and what a line of no sales is compared with."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.analysis.coverage.relationships import INFLUENCER, LIVE
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages.account_plan import situation
from kam_analysis.pages.account_plan.answer import lead
from kam_analysis.pages.account_plan.found import Found
from kam_analysis.pages.account_plan.tables_sales import lines_table

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize(("account", "key"), [("b", True), ("a", False), ("c", False)])
def test_a_plan_says_whether_its_account_is_key(account: str, key: bool) -> None:
    keys = SimpleNamespace(
        keys=pd.DataFrame({"account_id": ["b"]}), why_key=lambda each: f"{each}: a tenth of all sales"
    )
    found: Any = SimpleNamespace(meant="", company=SimpleNamespace(keys=keys), account_id=account)
    found.is_key = Found.is_key.fget(found)  # type: ignore[attr-defined]
    assert found.is_key is key
    said = lead(found)
    assert (said == "Not a key account.") is not key
    assert ("b: a tenth of all sales" in said) is key


def test_a_line_of_no_sales_has_a_share_of_none_and_one_taken_back_has_no_share() -> None:
    lines = pd.DataFrame(
        {"product_line": list("wxyz"), "revenue": [30.0, 10.0, 0.0, -5.0], "before": [20.0, 0.0, 8.0, 7.0]}
    )
    found: Any = SimpleNamespace(lines=lines, unit="EUR")
    rows = lines_table(found).rows
    assert rows["share"].fillna(-1).tolist() == [0.75, 0.25, 0.0, -1]
    assert rows["change"].fillna(9).tolist() == [0.5, 9, -1.0, 9]
    found.lines = lines.assign(revenue=0.0)
    assert lines_table(found).rows["share"].isna().all()


def talks(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["date", "kind", "direction"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


@pytest.mark.parametrize(
    ("rows", "day"),
    [
        ([("2026-04-01", "Complaint", "in")], date(2026, 4, 1)),  # 90 days before
        ([("2026-03-31", "complaint", "in")], None),
        ([("2026-05-01", "escalation", "in"), ("2026-05-09", "complaint", "in")], date(2026, 5, 9)),
        ([("2026-05-01", "complaint", "in"), ("2026-05-01", "call", "out")], None),
        ([("2026-05-01", "complaint", "in"), ("2026-05-02", "call", None)], None),
        ([("2026-05-01", "complaint", "in"), ("2026-05-02", "call", "in")], date(2026, 5, 1)),
        ([("2026-05-01", "complaint", "in"), ("2026-04-30", "call", "out")], date(2026, 5, 1)),
        ([("2026-05-01", "visit", "out")], None),
    ],
)
def test_a_complaint_of_ninety_days_stands_until_somebody_of_ours_gets_in_touch(
    rows: list[tuple[str, str, str | None]], day: date | None
) -> None:
    assert situation.unanswered(talks(*rows), AS_OF) == day
    assert situation.unanswered(None, AS_OF) is situation.unanswered(talks(), AS_OF) is None


@pytest.mark.parametrize(
    ("left", "stage", "said"),
    [
        ("2026-06-30", "steady", "Left"), ("2026-07-01", "steady", ""), (None, "quiet", "quiet: why"), (None, "lost", "lost: why"), (None, "new", "")
    ],
)  # fmt: skip
def test_who_has_left_by_today_is_gone_else_who_is_quiet(left: str | None, stage: str, said: str) -> None:
    traits = pd.DataFrame({"account_id": ["a"], "left_on": pd.to_datetime(pd.Series([left], dtype=object))})
    keys: Any = SimpleNamespace(
        traits=traits, standing=pd.DataFrame({"account_id": ["a"], "stage": [stage], "why": ["why"]})
    )
    found = situation._gone(keys, "a", AS_OF)
    assert found.lower().startswith(said.lower()) if said else found == ""
    if said == "Left":
        keys.traits = traits.assign(left_reason="Price too high")
        assert "price too high" in situation._gone(keys, "a", AS_OF)


def test_who_decides_and_is_hardly_known_is_a_stranger() -> None:
    rows = [
        (INFLUENCER, LIVE, "Buyer"),
        (INFLUENCER, LIVE - 1, "Owner"),
        (INFLUENCER + 1, None, None),
        (INFLUENCER - 1, 0, "Clerk"),
    ]
    contacts = pd.DataFrame(rows, columns=["influence", "strength", "role"])
    assert situation._strangers(contacts) == [situation.say("facts.who_decides"), "Owner"]
    assert situation._live(contacts) == 1
    assert situation._strangers(contacts.drop(columns="strength")) == []
    assert situation._live(contacts.drop(columns="strength")) is situation._live(None) is None


@pytest.mark.parametrize(
    ("now", "then", "key", "share"),
    [(110.0, 100.0, "up", "10%"), (90.0, 100.0, "down", "10%"), (100.49, 100.0, "same", ""), (100.51, 100.0, "up", "1%"), (5.0, 0.0, "first", ""), (5.0, -1.0, "first", "")],
)  # fmt: skip
def test_what_was_sold_lately_is_compared_with_as_many_days_before(
    now: float, then: float, key: str, share: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(situation, "say", lambda name, **told: f"{name} {told.get('share', '')}")
    window = Period(date(2026, 4, 2), AS_OF, "")
    monkeypatch.setattr(situation, "_amount", lambda ledger, account, asked: now if asked == window else then)
    ledger: Any = SimpleNamespace(
        overview=SimpleNamespace(first=window.before().first), spans=SimpleNamespace(covers=lambda asked: asked == window), currency="EUR"
    )  # fmt: skip
    assert [plain(each) for each in situation._sold(ledger, "a", window, 90)] == [f"lately.sold_{key} {share}"]
    ledger.overview.first += timedelta(days=1)
    assert situation._sold(ledger, "a", window, 90) == []
