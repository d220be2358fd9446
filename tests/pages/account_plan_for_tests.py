"""A plan made by hand, in which every figure is another: what a page makes of it is seen in milliseconds, without a collect."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd

from kam_analysis.analysis import plans
from kam_analysis.pages.account_plan.changes import LastMade
from kam_analysis.pages.account_plan.company import Lines
from kam_analysis.pages.account_plan.found import Found, white_space_of
from kam_analysis.pages.account_plan.known import Known
from kam_analysis.pages.account_plan.situation import situation_of
from kam_analysis.pages.frame import Source

DAY = date(2025, 12, 31)


def days(*texts: str) -> pd.Series:
    return pd.to_datetime(pd.Series(texts))


def known(**other: Any) -> Known:
    """What the ledger tells of A1."""
    months = pd.date_range("2024-10-01", periods=15, freq="MS")
    frames = {
        "months": pd.DataFrame(
            {"month": months, "revenue": [100.0 + at for at in range(15)], "margin": 30.0, "complete": [True] * 14 + [False]}
        ),
        "lines": pd.DataFrame(
            {"product_line": ["Pumps", "Seals", "Rent"], "revenue": [900.0, 300.0, -50.0], "before": [600.0, 0.0, 20.0]}
        ),
        "companies": pd.DataFrame(
            {"account_id": ["A1", "A2"], "account_name": ["Ash Mills", "Ash North"], "revenue": [800.0, 350.0]}
        ),
        "contracts": None,
        "offers": pd.DataFrame(
            {"amount": [900.0, 700.0, 400.0], "status": ["open", "open", "won"], "product_line": ["Seals", None, "Pumps"],
             "stage": ["Offer", None, "Offer"], "probability": [0.5, None, 1.0], "created": days("2025-11-01", "2025-06-01", "2025-05-01"),
             "closed": days(None, None, "2025-12-05"), "expected_close": days("2026-01-15", "2026-08-01", "2025-12-01")}
        ),
        "contacts": pd.DataFrame(
            {"contact_id": ["C1", "C2"], "account_id": "A1", "contact_name": ["Ida Ray", "Tom Oak"], "role": ["Buyer", "Plant manager"],
             "influence": [5.0, 4.0], "strength": [3.0, 1.0], "strength_wanted": [4.0, 2.0], "interests": ["Golf", None],
             "approach": ["By phone", "By mail"], "owner_id": ["M1", "S1"]}
        ),
        "interactions": pd.DataFrame(
            {"date": days("2025-12-10", "2025-12-01"), "kind": ["complaint", "visit"], "direction": ["in", "out"]}
        ),
        "feedback": pd.DataFrame(
            {"date": days("2025-11-20", "2025-12-03"), "said": ["We look at both offers now.", "Thanks."], "by": ["Ida Ray", None],
             "score": [5.0, None], "theme": ["renewal", None]}
        ),
        "objectives": pd.DataFrame(
            {"account_id": "A1", "objective": ["Fewer stops", "Grow together"], "whose": ["theirs", "ours"], "target": [None, 7.5],
             "unit": [None, "sites"], "our_contribution": ["Spares on site", None], "delivered": [None, "Two of three"],
             "due": days("2026-01-31", "2026-12-31"), "status": ["open", "open"]}
        ),
        "notes": pd.DataFrame(
            {"written": days("2024-11-30", "2023-01-31"), "market": ["Paper shrinks", "Old"], "priorities": [None, "Old"],
             "our_strategy": ["Be first", "Old"]}
        ),
        "tasks": pd.DataFrame(
            {"decision_id": ["D1", "D2", "D3"], "date": days("2025-12-02", "2025-10-01", "2025-11-03"),
             "decision": ["Check the pumps", "Old one", "Send the list"], "owner": ["Sue Field", "Ben Lake", "Sue Field"],
             "due": days("2025-12-15", "2025-11-01", "2026-02-01"), "status": ["open", "done", "done"]}
        ),
    }  # fmt: skip
    return Known(**frames | other)


def company(**other: Any) -> Any:
    """What 02, 03 and 04 found, as far as a plan asks for it; `other` frames and functions by their names."""
    of = {
        "keys": pd.DataFrame({"account_id": ["A1", "B1"]}),
        "power": pd.DataFrame({"account_id": ["A1"], "wallet_share": [0.3], "reading": ["we depend on it"],
                               "our_dependence": [0.81], "their_dependence": [0.42]}),
        "barriers": pd.DataFrame({"account_id": ["A1"], "strength": [0.35], "note": ["Flange sizes"]}),
        "traits": pd.DataFrame({"account_id": ["A1", "B1"], "account_manager_id": ["M1", "M2"], "competitor": ["Vex", None],
                                "annual_spend": [4000.0, None], "satisfaction": [6.8, 9.0],
                                "notice_by": days("2026-03-01", None), "ends_on": days("2026-04-30", None)}),
        "scores": pd.DataFrame({"account_id": ["A1"], "score": [0.904]}),
        "matrix": pd.DataFrame({"account_id": ["A1"], "quadrant": ["Strategic"]}),
        "standing": pd.DataFrame({"account_id": ["A1"], "growth_share": [0.125], "stage": ["regular"], "why": ["buys"]}),
        "invoices": pd.DataFrame({"account_id": ["A1"], "margin_change": [-0.04], "margin_share": [0.19]}),
        "work": pd.DataFrame({"account_id": ["A1"], "work": ["rescue"], "rule": ["r"],
                              "figures": ["spoke of other offers on 20 Nov 2025; competitor Vex"]}),
        "accounts": pd.DataFrame({"account_id": ["A1", "B1"], "exposure": [1080.0, 10.0], "probability": [0.54, 0.1],
                                  "contribution": [0.31, 0.02]}),
        "sold": pd.DataFrame({"account_id": ["A1", "B1", "C1"], "revenue": [2700.0, 1300.0, -40.0], "margin": [513.0, 300.0, 0.0]}),
        "staff": pd.DataFrame({"manager_id": ["M1", "M2", "S1", "E1"], "manager_name": ["Ann Hill", "Ben Lake", "Sue Field", "Eve Moor"],
                               "superior_id": ["S1", "S1", "E1", None], "level": ["manager", "manager", "superior", "executive"],
                               "leaving_on": days("2026-02-28", None, None, None), "joins": ["Vex", None, None, None],
                               "announced_on": days("2025-12-01", None, None, None)}),
        "due": pd.DataFrame({"account_id": ["A1"], "month": days("2026-01-01"), "overdue": [False]}),
        "called": pd.DataFrame({"account_id": ["A1"], "last": days("2025-01-10")}),
        "handover": pd.DataFrame({"account_id": ["A1"], "to_id": ["M2"]}),
        "departed": pd.DataFrame({"account_id": ["A1"], "at_risk": [400.0], "at_risk_margin": [166.0]}),
        "rests_on": lambda account_id: "your estimate: two cases",
        "feedback": None,
    } | other  # fmt: skip
    names = ("keys", "power", "barriers", "traits", "scores", "matrix", "standing", "invoices", "work")
    keys = SimpleNamespace(
        **{name: of[name] for name in names}, why_key=lambda account_id: "28% of Valves", ordered=["A1"]
    )
    staff = dict(zip(of["staff"]["manager_id"], of["staff"]["manager_name"], strict=True))
    people = SimpleNamespace(
        known=SimpleNamespace(sold=of["sold"], staff=of["staff"], feedback=of["feedback"]),
        manager=lambda manager_id: staff.get(manager_id, ""),
        relations=SimpleNamespace(due=of["due"], called=of["called"]),
        handover=of["handover"],
        leaving=SimpleNamespace(cost=True),
        departing=SimpleNamespace(of=lambda manager_id: SimpleNamespace(accounts=of["departed"])),
    )
    losses = SimpleNamespace(earned="margin", accounts=of["accounts"], rests_on=of["rests_on"])
    return SimpleNamespace(keys=keys, losses=losses, people=people, lines=other.get("lines", lines()))


def lines() -> Lines:
    """Ten accounts: all buy pumps, six of A1's like buy seals, two rent."""
    ids = ["A1", *(f"K{at}" for at in range(9))]
    sold = pd.DataFrame(
        {"Pumps": [100.0] * 10, "Seals": [0.0, *range(10, 70, 10), 0, 0, 0], "Rent": [0.0] * 8 + [5.0, 6.0]}, index=ids
    )
    sold.index.name = "account_id"
    bands = {"from_share": [0.0, 0.5], "to_share": [0.5, 1.0], "cases": [40, 0], "starts": [4, 0], "rate": [0.1, None],
             "low": [0.04, None], "high": [0.23, None]}  # fmt: skip
    starts = SimpleNamespace(
        bands=pd.DataFrame(bands), brier=0.0912, brier_of_one_rate=0.0987, helps=True,
        chance=lambda share: (0.25, 0.11, 0.42) if share > 0.3 else None,
    )  # fmt: skip
    return Lines(by_line=sold, industry=None, starts=starts)


def plan(
    whole: Any = None, of: Known | None = None, last: LastMade | None = None, lately: Any = (), meant: str = ""
) -> Found:
    """The plan of A1; `whole` as of `company`, `of` as of `known`."""
    whole, of = whole or company(), of or known()
    alike, openings = white_space_of(whole, "A1")
    ledger = SimpleNamespace(as_of=DAY, has=lambda name: name in ("opportunities", "interactions"))
    situation = situation_of(ledger, whole, of, account_id="A1", openings=openings)
    return Found(
        account_id="A1",
        account_name="Ash Mills",
        meant=meant,
        about=SimpleNamespace(
            company="Small Works", currency="EUR", as_of=DAY, source=Source("Small Works", "31 Dec 2025", "12 months"),
            provenance={"parameters": {"period": "2025"}}, worth_collecting=("open offers",), doubts=("A doubt.",),
        ),
        company=whole,
        known=of,
        situation=situation,
        actions_found=plans.next_actions(situation),
        questions=plans.questions(situation),
        goals=plans.goals(of.objectives, "A1", DAY),
        white_space=openings,
        alike=alike,
        lately=list(lately),
        last_made=last,
    )  # fmt: skip
