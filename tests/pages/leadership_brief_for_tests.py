"""A brief made by hand from pages made by hand, in which every figure is another: no collect, no ledger, milliseconds."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
from account_plan_for_tests import days

from kam_analysis.pages.frame import Source
from kam_analysis.pages.history import History
from kam_analysis.pages.leadership_brief import asks, at_stake
from kam_analysis.pages.leadership_brief.changes import changes
from kam_analysis.pages.leadership_brief.decided import decided
from kam_analysis.pages.leadership_brief.five_figures import watched
from kam_analysis.pages.leadership_brief.found import Found
from kam_analysis.pages.leadership_brief.other_pages import Pages
from kam_analysis.pages.leadership_brief.people_kept import KeptBack
from kam_analysis.pages.results import Figure

DAY, THEN = date(2025, 12, 31), date(2025, 9, 30)


class Ledger:
    """As much of a ledger as a brief asks by itself."""

    as_of = DAY

    def __init__(self, names: str = "full", announced: str | None = "2025-12-01", **tables: pd.DataFrame) -> None:
        staff = {
            "manager_id": ["M1", "M2"],
            "manager_name": ["Ann Hill", "Ben Lake"],
            "leaving_on": days("2026-02-28", None),
        }
        self.settings = SimpleNamespace(names=names)
        self.master = SimpleNamespace(named=lambda ids: ids.map({"A1": "Ash Mills", "B1": "Birch"}))
        self.tables = {"managers": pd.DataFrame(staff).assign(announced_on=days(announced, None))} | {
            "decisions": pd.DataFrame(
                {"decision_id": ["D1", "D2", "D3", "D4", "D5", "D6"], "account_id": ["A1", "B1", "B1", None, "A1", "A1"],
                 "date": days("2025-11-02", "2025-11-03", "2025-08-01", "2025-12-05", "2025-08-02", "2025-06-01"),
                 "decision": ["Check the pumps with Ann", "Visit Birch", "Send the list", "Hire", "Old but late", "Done long ago"],
                 "kind": ["action", None, "action", "decision", "action", "action"],
                 "owner": ["Ben Lake", "Ben Lake", "Sue Field", None, "Eve Moor", "Eve Moor"],
                 "due": days("2025-12-30", "2026-01-30", "2025-11-20", None, "2025-12-31", "2025-07-01"),
                 "status": ["open", None, "done", "open", "open", "done"], "result": [None, None, "Sent", None, None, "x"]}
            ),
            "feedback": pd.DataFrame(
                {"account_id": ["A1", "B1", "B1", "Z1"], "date": days("2025-11-20", "2025-03-01", "2024-12-31", "2025-12-01"),
                 "said": ["We look at both offers.", "All good.", "Too old.", "Nobody's."], "score": [6.0, 9.0, 1.0, 1.0]}
            ),
        }  # fmt: skip
        self.tables |= tables

    def has(self, table: str, column: str = "") -> bool:
        return table in self.tables and (not column or column in self.tables[table])

    def records(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    table = records


def page(period: str = "last_12_months", last: str = "2025-12-31", **figures: tuple[float | None, str]) -> Any:
    provenance = {"parameters": {"period": period}, "first_day": f"{int(last[:4]) - 1}{last[4:]}", "last_day": last,
                  "version": "2", "settings_fingerprint": "s"}  # fmt: skip
    return SimpleNamespace(figures={name: Figure(*each) for name, each in figures.items()}, provenance=provenance)


def pages(
    as_of: date = DAY, *, figures: dict[str, dict[str, tuple[float | None, str]]] | None = None, **other: Any
) -> Pages:
    """01 to 04 on one day; `other` replaces parts of them by their names."""
    told = {
        "dependence": {"revenue_in_shares": (8400.0, "EUR"), "top_5_share": (0.41, "share"), "revenue_total": (9000.0, "EUR")},
        "losses": {"worst_case_top_1": (289.0, "EUR"), "bad_year_loss": (890.0, "EUR")},
        "people": {"executive_calls_overdue": (11, "accounts")},
        "keys": {"key_accounts": (3, "accounts")},
    } | (figures or {})  # fmt: skip
    results = {name: page(**each) for name, each in told.items()}
    at = range(30)
    of: dict[str, Any] = {
        "trend": pd.DataFrame({"total": [7000.0 + 40 * each for each in at], "top_5_share": [0.4 + each / 1000 for each in at]}),
        "forecast": SimpleNamespace(figures=pd.DataFrame({"name": ["largest customer", "five largest", "other"], "value": [0.19, 0.46, 1.0], "low": [0.15, 0.3, 0.0], "high": [0.2, 0.45, 1.0]})),
        "work": pd.DataFrame({"account_id": ["A1", "B1", "C1"], "account_name": ["Ash Mills", "Birch", "Cedar"], "work": ["rescue", "pursuit", "review"]}),
        "ordered": ["A1", "B1", "C1"],
        "missing": ("C1", "B1"),
        "accounts": pd.DataFrame({"account_id": ["A1", "B1", "C1", "D1"], "account_name": ["Ash Mills", "Birch", "Cedar", "Dogwood"], "exposure": [289.0, 150.0, 90.0, 20.0],
                                  "probability": [0.54, 0.004, None, 0.1], "contribution": [0.3, 0.2, 0.05, 0.1], "basis": ["your estimate", "your history", "", "x"]}),
        "cases": pd.DataFrame({"label": ["Ash Mills", "Ash Mills, Birch", "Cedar", "Dogwood"], "exposure": [289.0, 439.0, 90.0, 20.0], "revenue_of_budget": [0.18, 0.25, 0.05, 0.01],
                               "margin_of_budget": [0.28, 0.35, 0.09, 0.02], "result_after": [135.0, -46.0, 300.0, 400.0], "result_after_low": [40.0, -141.0, 250.0, 350.0], "result_after_high": [229.0, 48.0, 340.0, 440.0]}),
        "absorbable": SimpleNamespace(largest=1, below_already=False, margin=SimpleNamespace(value=424.0)),
        "contingency": SimpleNamespace(steps=[1, 2, 3]),
        "keeping": pd.DataFrame({"account_id": ["A1", "B1"], "can_pay": [True, True], "probability": [0.54, 0.2], "effect_needed": [0.0051, 0.1]}),
        "renewals": pd.DataFrame({"account_id": ["A1"], "cost": [45.6], "pays_at": [0.459]}),
        "contracts": pd.DataFrame({"account_id": ["B1", "A1", "A1", "C1", "Z1"], "account_name": ["Birch", "Ash Mills", "Ash Mills", "Cedar", "Zed"], "when": ["by", "by", "by", "by", "by"],
                                   "notice_by": days("2026-03-31", "2026-03-01", "2026-03-02", "2026-04-01", "2026-01-02"), "ends_on": days("2026-06-30", "2026-04-30", "2026-05-01", "2026-05-01", "2026-02-01"),
                                   "exposure_bound": [150.0, 289.0, 1.0, 900.0, 999.0]}),
        "lost": ["Gone & Co"],
        "managers": pd.DataFrame({"account_manager_id": ["M2", "M1", "M3"], "announced": [True, True, False], "leaving_on": days("2025-12-30", "2026-02-28", "2026-02-01"),
                                  "revenue": [90.0, 80.0, 70.0], "revenue_share": [0.31, 0.29, 0.2]}),
        "handover": pd.DataFrame({"to_id": ["M2", "S1", "M2", None], "day": days("2026-01-20", "2026-01-15", None, None), "saved": [30.0, 35.0, 0.0, 0.0]}),
        "gain": 35.7,
        "notice": days("2026-03-01", "2026-02-01", None),
    } | other  # fmt: skip
    keys = SimpleNamespace(
        result=lambda: results["keys"], work=of["work"], ordered=of["ordered"], name=lambda each: dict(zip("ABC", ("Ash Mills", "Birch", "Cedar"), strict=True)).get(each[0], each),
        listing=SimpleNamespace(missing=of["missing"]), keys=of["work"][["account_id"]],
        traits=pd.DataFrame({"account_id": ["A1", "B1", "C1"], "annual_spend": 1.0, "notice_by": of["notice"]}),
    )  # fmt: skip
    losses = SimpleNamespace(
        result=lambda: results["losses"], earned="margin", about=SimpleNamespace(unit="EUR"), assumed={"keeping_cost": SimpleNamespace(value=6.0)}, steps_table=lambda: None,
        accounts=of["accounts"], cases=of["cases"], worst=[SimpleNamespace(label=label, exposure=exposure, account_ids=ids) for label, exposure, ids in (("Ash Mills", 289.0, ("A1",)), ("Ash Mills, Birch", 439.0, ("A1", "B1")), ("Cedar", 90.0, ("C1",)))],
        absorbable=of["absorbable"], contingency=of["contingency"], keeping=of["keeping"], renewals=of["renewals"], contracted=SimpleNamespace(contracts=of["contracts"]), lost_already=of["lost"],
    )  # fmt: skip
    staff = pd.DataFrame({"manager_id": ["M1", "M2", "S1"], "superior_id": ["S1", "S1", None]})
    names = {"M1": "Ann Hill", "M2": "Ben Lake", "S1": "Sue Field"}
    departed = pd.DataFrame(
        {"account_id": ["A1", "C1", "D1"], "at_risk": [9.0, 9.0, 9.0], "at_risk_margin": [20.0, 7.0, 5.0]}
    )
    people = SimpleNamespace(
        result=lambda: results["people"], earned="margin", about=SimpleNamespace(unit="EUR"), manager=names.get, known=SimpleNamespace(staff=staff),
        departing=SimpleNamespace(managers=of["managers"], of=lambda each: SimpleNamespace(accounts=departed)), leaving=SimpleNamespace(cost=SimpleNamespace(manager_id="M1")),
        handover=of["handover"], allocation=SimpleNamespace(assessed=True, gain=of["gain"]),
    )  # fmt: skip
    about = SimpleNamespace(
        provenance=results["dependence"].provenance, period=SimpleNamespace(label="2025"), measure_words="sales"
    )
    dependence = SimpleNamespace(
        result=lambda: results["dependence"], about=about, trend=of["trend"], forecast=of["forecast"]
    )
    parts = {"dependence": dependence, "keys": keys, "losses": losses, "people": people} | {
        name: each for name, each in other.items() if name in ("dependence", "keys", "losses", "people", "failed")
    }
    return Pages(as_of=as_of, **parts)


def plan_of(ledger: object, account_id: str) -> Any:
    """The plans of A1 and B1."""
    if account_id not in ("A1", "B1"):
        return None
    person = SimpleNamespace(name="Eve Moor")
    of = SimpleNamespace(sponsor=person, superior=None, chance=0.54, at_stake=289.0, notice_on=date(2026, 3, 1))
    mine = SimpleNamespace(rule="rescue", owner=SimpleNamespace(name="Sue Field"), due=date(2026, 1, 14))
    name, headroom = {"A1": ("Ash Mills", 13.0), "B1": ("Birch", 1300.0)}[account_id]
    return SimpleNamespace(
        account_id=account_id,
        account_name=name,
        situation=of,
        actions_found=[mine],
        pressing=["notice possible", "one contact"],
        headroom=headroom,
    )


def brief(
    now: Pages, before: Pages | None = None, ledger: Ledger | None = None, history: History | None = None, **other: Any
) -> Found:
    """What the brief makes of these pages."""
    ledger, history = ledger or Ledger(), history or History()
    figures, kept = watched(now, before, history), KeptBack(ledger)
    about = SimpleNamespace(
        currency="EUR", as_of=DAY, source=Source("Small Works", "31 Dec 2025", "12 months"), sold="Sold.", doubts=(), warnings=("A warning.",),
        worth_collecting=(), provenance={"parameters": {}},
    )  # fmt: skip
    made: dict[str, Any] = {
        "about": about, "now": now, "before": before, "since": THEN, "asked_since": "", "why_not_before": "too short", "history": history, "compared": False,
        "figures": figures, "changes": changes(ledger, now, before, figures=figures, history=history), "asks": asks.asks(ledger, now),
        "decisions": decided(ledger, since=THEN, kept=kept), "has_decisions": True, "risks": at_stake.risks(now), "opportunities": at_stake.opportunities(ledger, now),
        "against_plan": at_stake.against_plan(now), "voice": at_stake.voice(ledger, now, kept=kept), "year_ago": None,
    }  # fmt: skip
    return Found(**made | other)
