"""03 made by hand from a small company in which no two figures are alike, as `collect` puts it together."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd

from kam_analysis.analysis import churn, coverage, losses, recovery
from kam_analysis.analysis.concentration import bridge
from kam_analysis.analysis.handover import Rate
from kam_analysis.analysis.losses import CommonCause, Falls
from kam_analysis.ledger.settings.period import Period
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages.about import About
from kam_analysis.pages.churn_impact import coming_back, likely_losses, this_year, what_goes
from kam_analysis.pages.churn_impact.common_causes import CommonCauses
from kam_analysis.pages.churn_impact.found import Found
from kam_analysis.pages.churn_impact.overrides import Overrides
from kam_analysis.pages.coverage.departures import _OF_MANAGERS, Departures
from kam_analysis.pages.frame import Source

YEAR = Period(date(2025, 7, 1), date(2026, 6, 30), "12 months to 30 Jun 2026")
NOW = pd.DataFrame(
    [
        ("a", "Aldwick Mills", 1000.0, 400.0),
        ("b", "Brack & Sons", 700.0, 210.0),
        ("c", "Corvo Foods", 300.0, 130.0),
        ("d", "Dornfeld", 90.0, 17.0),
        ("e", "Ebb Trading", 55.0, -8.0),
    ],
    columns=["account_id", "account_name", "revenue", "margin"],
)
BEFORE = pd.DataFrame(
    [
        ("a", "Aldwick Mills", 940.0, 350.0),
        ("b", "Brack & Sons", 730.0, 230.0),
        ("d", "Dornfeld", 47.0, 9.0),
        ("z", "Zeta", 128.0, 31.0),
    ],
    columns=["account_id", "account_name", "revenue", "margin"],
)
TRAITS = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "d", "e"],
        "account_manager_id": ["M1", "M2", "M2", "M1", "M2"],
        "industry": ["Textiles", "Steel", "Food", "Steel", None],
        "receivables": [33.0, 21.0, None, 4.0, 2.0],
        "bond": [None, "person", "company", None, None],
    }
)
FOLLOW = Rate(0.30, 0.10, 0.60, "the director")
STAFF = pd.DataFrame({"manager_id": ["M1", "M2"], "manager_name": [None, "Ines Roth"]})
LINES = pd.DataFrame(
    [("a", "Pumps", 800.0), ("a", "Seals", 200.0), ("b", "Pumps", 400.0), ("b", "Seals", 300.0), ("c", "Seals", 300.0)],
    columns=["account_id", "product_line", "revenue"],
)
CHANCES = pd.DataFrame(
    [
        ("a", 0.20, 1 / 9, 1 / 3, 0.98, "your figure", "your own figure; range: its odds times 0.5 to 2"),
        ("b", 0.10, 0.05, 0.30, 0.93, "from its own rhythm", "last bought 3 days ago; its longest gap was 41"),
        ("c", 0.04, 0.01, 0.09, 0.71, "from your history", "silent for 52 days; its longest gap was 33"),
        ("d", None, None, None, None, "not assessed", "too little history"),
        ("e", 0.07, 0.02, 0.11, None, "company average", "2 of 20 accounts left"),
        ("z", 1.00, 1.00, 1.00, 0.0, "lost", "left on 2026-02-03"),
    ],
    columns=["account_id", "probability", "low", "high", "alive", "basis", "why"],
).astype({"probability": float, "low": float, "high": float, "alive": float})
# Chances between half and three times what they are.
LEAVERS = churn.Leavers(4, 0.4, 0.0, 2.0, 0.2, 1.2, 93.0, 0.0, 1000.0)
GONE = pd.DataFrame(
    [
        ("k", pd.Timestamp("2024-10-03"), 870.0, 0.12, 0.91, "silent for 639 days; its longest gap was 419", "Kelby"),
        *(
            (f"g{at}", pd.Timestamp("2025-01-09"), 40.0 - at, 0.4, 0.7, "bought once, 537 days ago", f"Gone {at}")
            for at in range(12)
        ),
    ],
    columns=["account_id", "last_day", "best_year", "alive", "probability", "why", "account_name"],
)
ASSUMED = {
    each.name: each
    for each in (
        Assumption("follow_rate", 0.30, 0.10, 0.60, "the director"),
        Assumption("sales_cycle_months", 5.0, 3.0, 8.0, "the CRM"),
        Assumption("ramp_months", 6.0, 2.0, 11.0, "a guess"),
        Assumption("fixed_cost_share", 0.60, 0.50, 0.75, "controlling"),
        Assumption("fixed_cost_cut", 0.50, 0.25, 0.75, "the works manager"),
        Assumption("own_estimate_odds", 1.0, 0.5, 2.0, "a hunch"),
        Assumption("fixed_cost_cut_months", 2.0, 1.0, 4.0, "notice to staff"),
        Assumption("renewal_concession", 0.03, 0.01, 0.06, "last year's renewals"),
        Assumption("keeping_cost", 23.0, 14.0, 37.0, "a draft budget"),
    )
}
# Aldwick's contract ends in six months; Brack's in two years, with three months' notice.
CONTRACTS = pd.DataFrame(
    {
        "account_id": ["a", "b"],
        "ends_on": pd.to_datetime(["2026-12-31", "2028-06-30"]),
        "notice_by": pd.to_datetime(["2026-10-31", "2028-03-31"]),
        "annual_value": [600.0, None],
    }
)
LEDGER = SimpleNamespace(has=lambda name: True, contracts=lambda: CONTRACTS, as_of=date(2026, 6, 30))
# By how much customers that stayed fell: nobody knows of what size, so each may fall by any of the three.
FALLS = Falls(np.array([9.0, 230.0, 350.0]), np.array([0.0, 0.1, 0.35]), 1)
TESTS = pd.DataFrame(
    {
        "day": [pd.Timestamp("2024-06-30"), pd.Timestamp("2025-06-30")],
        "accounts": [19, 21],
        "likely": [0, 2],
        "expected": [1.7, 2.4],
        "low": [0.0, 1.0],
        "high": [4.0, 6.0],
        "lost": [3.0, 6.6],
        "amount_low": [0.0, 11.0],
        "amount_high": [520.0, 610.0],
        "amount_lost": [130.0, 845.0],
        "inside": [True, False],
    }
)
SCORES = pd.DataFrame(
    {"ours": [0.0312, 0.1423], "average": [0.0334, 0.1487], "recency": [0.0351, 0.1509]}, index=["brier", "log_loss"]
)
CALIBRATION = pd.DataFrame(
    {
        "accounts": [12, 28],
        "expected": [0.031, 0.118],
        "observed": [0.083, 0.107],
        "low": [0.01, 0.03],
        "high": [0.32, 0.26],
    }
)


def leaving(follow=FOLLOW, announced=True, last_day=None):
    """What each departure does: of M2, who may leave, and of M1, of whom nobody says so."""
    staff = STAFF.assign(leaving_on=pd.to_datetime(pd.Series([None, last_day])))
    looked_after = coverage.manager_table(NOW, TRAITS, staff).set_index("account_manager_id", drop=False)
    return Departures(
        managers=looked_after.assign(
            chance=pd.Series({"M2": 0.5}), announced=pd.Series({"M1": False, "M2": announced})
        ).reset_index(drop=True)[_OF_MANAGERS],
        customers=NOW,
        traits=TRAITS,
        as_of=date(2026, 6, 30),
        transition=Rate(0.2, 0.125, 0.25, "measured"),
        follow=follow,
        own=follow,
    ).if_follow(None)


def made(lost=(), departing=None, past_falls=FALLS, without=()):
    """What was found of it, as `collect` puts it together."""
    departing = departing or leaving()
    exposed = recovery.exposures(NOW)
    worst = recovery.worst_cases(exposed, 3)
    named = recovery.lose_named(exposed, lost) if lost else None
    gone = this_year.leaving_case(exposed, departing, worst)
    fixed = recovery.fixed_costs(exposed, ASSUMED["fixed_cost_share"])
    budget = recovery.BudgetYear(date(2026, 7, 1), date(2027, 6, 1), True, 2500.0, 900.0)
    reason = "other signals told no better in one test on past days"
    told = SimpleNamespace(reason=reason, unknown=("contract_share", "complaints"))
    leave = SimpleNamespace(told=told, rules=churn.Rules(), chances=CHANCES, leavers=LEAVERS, average=None)
    found = Found(
        about=About(
            company="Small Ltd",
            currency="EUR",
            measure="revenue",
            measure_words="sales",
            unit="EUR",
            source=Source("Small Ltd", "30 Jun 2026", YEAR.label),
            period=YEAR,
            as_of=date(2026, 6, 30),
            key_share=0.1,
            sold="€2,145 of sales.",
            warnings=("a warning of the check",),
            worth_collecting=("contracts",),
            provenance={"parameters": {"period": "last_12_months", "measure": "revenue"}, "period": "else"},
        ),
        overrides=Overrides(
            plan_months=30, lost_accounts=named.account_ids if named else (), without={each: each for each in without}
        ),
        assumed={name: each for name, each in ASSUMED.items() if name != "follow_rate"} | departing.assumptions,
        exposed=exposed,
        chances=CHANCES,
        may_leave=leave,
        backtest=churn.Backtest(TESTS, CALIBRATION, SCORES, 0.9, ""),
        common=CommonCauses(
            {"steel_slump": CommonCause(0.1, [0, 1], [0.5, 0.4], "steel slump")},
            {},
            {"steel_slump": "steel slump", "M2": "Ines Roth"},
            exposed.accounts["account_id"].tolist(),
        ).at(departing),
        departing=departing,
        held=losses.under_contract(CONTRACTS, exposed.accounts["account_id"], date(2026, 6, 30)),
        past_falls=past_falls,
        last_year=bridge(NOW, BEFORE, "margin"),
        worst=worst,
        leaving_case=gone,
        named=named,
        cases=recovery.case_table(
            exposed,
            [*([gone.loss] if gone else []), *worst, *([named] if named else [])],
            traits=TRAITS,
            lines=LINES,
            budget=budget,
            fixed=fixed,
        ),
        budget=budget,
        fixed=fixed,
        power=pd.DataFrame(
            {"account_name": ["Brack & Sons", "Corvo Foods"], "reading": ["we depend on it", "balanced"]}
        ),
        pace={each: recovery.new_business(NOW, BEFORE, each).without(["a", "b"]) for each in ("revenue", "margin")},
        selling=recovery.Selling(3, 7, 2, recovery.Range(0.3, 0.1, 0.6), None, 50.0, 80.0, 24.0),
        managers=what_goes.departures_by_manager(departing),
        industries=what_goes.by_trait(exposed, TRAITS, column="industry"),
        lost_already=("Zeta", "Yarrow", "Xanthe", "Wick"),
        perhaps_gone=GONE,
    )
    found = replace(
        found,
        bad_year=likely_losses.bad_year(found),
        staying=likely_losses.bad_year(found, leaving=False),
        way=coming_back.way_back(found, worst[0]),
        named_way=coming_back.way_back(found, named),
    )
    return replace(
        found,
        this_year=this_year.lost_this_year(found),
        cash=this_year.cash(found, TRAITS),
        renewals=coming_back.renewals(found, LEDGER, pd.Series(["a", "b", "d"])),
        margin_by_month=likely_losses.margin_by_month(found),
        sensitivity=likely_losses.sensitivity(found),
        recovery=coming_back.every_way(found),
        keeping=coming_back.keeping(found, pd.Series(["a", "b", "d"])),
    )
