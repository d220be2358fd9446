"""No public function of the analysis changes what it is given."""

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import (
    churn as leaving,
)
from kam_analysis.analysis import (
    concentration as c,
)
from kam_analysis.analysis import (
    coverage as cov,
)
from kam_analysis.analysis import (
    handover as ho,
)
from kam_analysis.analysis import (
    losses as lo,
)
from kam_analysis.analysis import (
    plans as pl,
)
from kam_analysis.analysis import (
    public,
)
from kam_analysis.analysis import (
    recovery as r,
)
from kam_analysis.analysis import (
    segments as key,
)
from kam_analysis.ledger import open_ledger


@pytest.fixture(scope="module")
def given():
    """The sample's frames, as a notebook hands them over."""
    ledger = open_ledger()
    accounts, companies = ledger.by_account(measures=["revenue", "margin"]), ledger.by_account(level="legal_entity")
    earlier = ledger.by_account(ledger.year_before())
    standing = key.circumstances(ledger.habits(), ledger.traits(), accounts)
    held = ledger.held_by(level="legal_entity")
    by_company = (held["account_id"].unique(), ledger.period_of("all"), "legal_entity", "revenue")
    return {
        "held": held, "company_months": ledger.by_account_month(*by_company),
        "standing": standing, "stages": key.lifecycle(standing), "contracts": ledger.table("contracts"),
        "talks": ledger.table("interactions"), "accounts": accounts, "companies": companies, "earlier": earlier, "lines": ledger.by_account_line(),
        "regions": ledger.by_account_region(), "master": ledger.table("accounts"), "rolling": ledger.rolling(),
        "statistics": ledger.month_statistics(), "months": ledger.by_account_month(accounts["account_id"].head(30)),
        "managers": ledger.table("managers"), "traits": ledger.traits(), "opportunities": ledger.table("opportunities"), "budget": ledger.table("budget"),
        "totals": ledger.by_month(), "roots": ledger.master.roots,
        "earlier_lines": ledger.by_account_line(ledger.year_before()), "feedback": ledger.records("feedback"),
        "objectives": ledger.records("objectives"), "live": cov.live_contacts(ledger.records("contacts")),
        "people": ledger.records("contacts"), "items": ledger.by_account_item(), "years": ledger.by_account_year(), "notices": ledger.contracts(),
        "values": accounts["revenue"].to_numpy(copy=True), "matrix": np.random.default_rng(1).random((5, 12)),
        "labels": np.array(["a", "b"] * (len(accounts) // 2) + ["a"] * (len(accounts) % 2), dtype=object),
    }  # fmt: skip


def on_frames(g, book, before):
    found = c.activities(g["lines"], "product_line", "revenue", 0.05, book)
    c.hidden(found, 0.1)
    c.activity(g["accounts"], "measure", "margin", "margin", book)
    c.presence(g["regions"], "revenue", book)
    c.groups(book, c.concentrate(g["companies"], "revenue"), g["roots"])
    c.price_volume_mix(g["items"], c.bridge(g["accounts"], g["earlier"], "revenue"))
    spent = ho.today_hours(g["talks"], g["traits"], g["managers"], g["accounts"], pd.Timestamp(2026, 9, 18).date())
    owed = g["accounts"].set_index("account_id")["revenue"].clip(lower=0) / 100
    kept = spent.copy(), owed.copy()
    key.profit_after_service(g["accounts"], spent, key.Cost(80, 60, 90), rebates=owed)
    pd.testing.assert_frame_equal(spent, kept[0])
    pd.testing.assert_series_equal(owed, kept[1])
    c.cohorts(g["years"], "revenue", g["master"].set_index("account_id")["customer_since"])
    c.hhi_change(book, before)
    c.entered_and_left(book, before, 10)
    c.top_mover(book, before)
    moved = c.trend(g["rolling"])
    c.share_over_time(moved, g["months"][g["months"]["account_id"] == g["accounts"]["account_id"].iloc[0]], "revenue")
    c.falls(g["statistics"])
    c.every_fall(g["statistics"], g["statistics"])
    c.with_carried(g["statistics"], g["months"], "revenue")
    c.forecast(np.array([[3.0, 4.0], [5.0, 0.0]]), 0.95, np.random.default_rng(1), 50)
    c.steadiness(g["statistics"], book)
    c.what_if(book, book.accounts["account_id"].iloc[0])
    c.joined(book, c.suggested_parents(g["master"].drop(columns="parent_id"), book))
    c.sureness(g["months"], g["totals"], book, "revenue", np.random.default_rng(1), trials=2)


def on_recovery(g):
    found, when = r.exposures(g["accounts"]), pd.Timestamp(2026, 9, 18).date()
    fixed = r.fixed_costs(found, share_of_margin=0.8)
    lost = r.lose_named(found, found.accounts["account_id"].head(2))
    cases = [lost, r.lose_largest(found, 1), *r.worst_cases(found), *r.lose_each(found, g["traits"], "industry")]
    cases.append(r.lose_group(found, g["traits"], "industry", "Marine"))
    r.case_table(found, cases, g["traits"], g["lines"], r.budget_year(g["budget"], when), fixed)
    r.remains(found, lost)
    r.balance_after(found, lost, g["traits"][["account_id"]].assign(wallet_share=0.5))
    r.lines_gone(g["lines"], lost)
    r.planned_months(g["budget"], when, revenue=120.0, margin=30.0)
    r.receivables_out(g["traits"], lost)
    r.cover(found, lost, fixed)
    r.absorbable(found, fixed)
    pace = r.new_business(g["accounts"], g["earlier"], others=[(g["accounts"], g["earlier"])])
    r.recovery_table([r.coming_through(lost, pace, 6, 6)])
    r.pipeline_needed(1e6, r.selling(g["opportunities"], "new", when))
    r.keeping(found.accounts.assign(probability=0.1))
    r.lose_with_manager(found, lost.account_ids, found.accounts["account_id"], 0.154)
    r.cash_by_month(found.accounts["exposure"], found.accounts["revenue"], 3, found.accounts["revenue"] / 6, cut=1e5)
    signed = found.accounts[["account_id"]].assign(
        ends_on=pd.Timestamp(2027, 1, 31), notice_by=pd.Timestamp(2026, 11, 1)
    )
    r.concessions(found.accounts.assign(probability=0.1), signed, when, 0.03)
    r.prevention(found.accounts.assign(probability=0.1), cost=1e4)
    for course in (r.replaced_after, r.missing_until):
        course(g["values"], *[g["values"]] * (4 if course is r.missing_until else 3))
    r.months_to_replace(g["values"], g["values"], 6, 6)


def on_people(g):
    when, ids, book = pd.Timestamp(2026, 9, 18).date(), g["accounts"]["account_id"].head(14), g["accounts"]
    for ask in (cov.relationships, cov.unknown_influencers):
        ask(g["people"], book, ids)
    cov.counts_by(g["people"], ids)
    cov.contact_map(g["people"], ids[4])
    cov.hanging(g["people"], book)
    cov.no_contact(g["people"], book)
    cov.hangs_on_one(g["people"], book, g["traits"], 0.2, when)
    cov.chance_of_no_contact(g["matrix"][0].round(), 0.2, g["matrix"][1])
    cov.levels(g["managers"], g["traits"]["account_manager_id"])
    calls = cov.calls_from_above(g["talks"], g["managers"], when)
    touches = cov.last_touch(g["talks"], g["managers"], g["traits"], when)
    kept = calls.copy(), touches.copy()
    cov.due_calls(book, ids, calls, g["traits"], g["managers"], when, touches=touches)
    pd.testing.assert_frame_equal(calls, kept[0])
    pd.testing.assert_frame_equal(touches, kept[1])
    latest, soon = np.array([2, 0, 5]), np.array([True, False, False])
    cov.spread(latest, soon)
    assert (latest.tolist(), soon.tolist()) == ([2, 0, 5], [True, False, False])


def on_coverage(g):
    when, ids = pd.Timestamp(2026, 9, 18).date(), g["accounts"]["account_id"].head(14)
    cov.manager_table(g["accounts"], g["traits"], g["managers"], g["talks"], when)
    for ask in (cov.unheld, cov.without_deputy, cov.on_few):
        ask(g["accounts"], g["traits"])
    years = g["accounts"], g["earlier"], g["traits"]
    rows = cov.attention(*years, g["lines"], g["earlier_lines"], g["opportunities"], when)
    kept = rows.copy()
    cov.by_manager(rows)
    told = {
        "contacts": g["people"],
        "contracts": g["contracts"],
        "interactions": g["talks"],
        "objectives": g["objectives"],
    }
    cov.open_questions(g["accounts"], g["traits"], **told, notes=None, as_of=when)
    pd.testing.assert_frame_equal(rows, kept)
    cov.voices(g["feedback"], *years, when)
    cov.never_asked(g["feedback"], g["accounts"], ids, when)
    cov.heard(g["feedback"], *years, ids, when)
    live, called = g["live"], cov.calls_from_above(g["talks"], g["managers"], when)
    was = called.copy()
    cov.practice(g["accounts"].head(14), g["objectives"], live, called, g["opportunities"], g["traits"], as_of=when)
    pd.testing.assert_frame_equal(called, was)


def looks(g):
    """Three years of the sample's accounts: today, and the same standing one and two years earlier."""
    frames = [g[name] for name in ("standing", "stages", "statistics", "accounts", "contracts")]
    today = leaving.snapshot(pd.Timestamp(2026, 9, 18).date(), *frames, [g["talks"]], g["roots"])
    earlier = {}
    for years in (2, 1):
        moved = {name: today[name] - pd.DateOffset(years=years) for name in ("day", "first_day", "last_day")}
        earlier[f"look_{years}"] = today.assign(**moved)
    return earlier | {"look_0": today}


def on_handover(g):
    when, follow = pd.Timestamp(2026, 9, 18).date(), ho.Rate(0.1, 0.0, 0.3, "ours")
    sales = ho.resale_and_new(g["lines"], g["earlier_lines"])
    ho.departure(g["accounts"], g["traits"], "M01", ho.TRANSITION, follow, sales)
    ho.departures_of_each(g["accounts"], g["traits"], ho.TRANSITION, follow, when)
    ho.notices_near(g["accounts"], g["traits"], when)
    ho.own_transition(ho.handovers(g["held"]), g["company_months"], when)
    ho.unseen(g["held"], g["master"][["account_id", "account_manager_id"]], when)
    hours = ho.today_hours(g["talks"], g["traits"], g["managers"], g["accounts"], when)
    at_stake = hours.assign(
        at_stake=1.0, probability=0.1, to_win=ho.to_win(g["opportunities"], g["accounts"]).to_numpy()
    )
    kept = at_stake.copy()
    ho.allocate_hours(at_stake, at_stake.groupby("account_manager_id")["hours"].sum()).sensitivity(0.2)
    losses = g["accounts"][["account_id"]].assign(transition=g["accounts"]["revenue"].clip(lower=0) * 0.15)
    book, was = (g["accounts"], g["traits"], g["managers"]), losses.copy()
    room = {
        "hours": g["talks"].groupby("account_id")["hours"].sum() / 12,
        "spare": g["managers"].set_index("manager_id")["hours_per_month"],
    }
    ho.fit(*book, ["M02", "M03"], g["talks"], g["people"], when)
    found = ho.hand_over(losses, *book, when, "M01", interactions=g["talks"], contacts=g["people"], **room)
    ho.handover_days(found.accounts.drop(columns=["day", "late_reason"]), when)
    ho.may_take(g["managers"], g["traits"], when)
    ho.movable(g["accounts"], g["traits"], g["people"], when, g["accounts"]["account_id"].head(14))
    ho.call_list(g["accounts"].assign(at_risk=1.0), g["accounts"]["account_id"].head(9), g["managers"], "M01", when)
    pd.testing.assert_frame_equal(losses, was)
    pd.testing.assert_frame_equal(at_stake, kept)


def on_leaving(g):
    looks(g)
    rules, days = leaving.Rules(follow_months=0, step_months=12), [g["look_2"], g["look_1"], g["look_0"]]
    past = leaving.history(days, rules)
    kept = past.rows.copy(), past.undecided.copy()
    leaving.observable(g["look_0"])
    average, known = leaving.average(past), leaving.past_days(days, rules)
    leaving.looked_at(days[-1])
    told = leaving.told(known)
    ends = leaving.renewals(g["contracts"], g["look_0"], pd.Timestamp(2026, 9, 18).date(), g["roots"], least=1)
    chances = leaving.probabilities(g["look_0"], g["traits"], ends, told, average)
    leaving.leavers(chances, g["look_0"], np.random.default_rng(1), told, {}, draws=50)
    bought = g["look_0"][leaving.bought_by_days(g["look_0"])]
    leaving.leaving(bought, leaving.fit_rhythm(leaving.purchases(bought)))
    leaving.own_rhythm(known).leaving(bought)
    leaving.with_signals(known)
    leaving.backtest(known, np.random.default_rng(1), g["contracts"], g["roots"], draws=50)
    leaving.calibration(g["shares"], g["gone"])
    leaving.brier(g["shares"], g["gone"])
    leaving.log_loss(g["shares"], g["gone"])
    for frame, was in zip((past.rows, past.undecided), kept, strict=True):
        pd.testing.assert_frame_equal(frame, was)


def on_losses(g):
    lo.contracted(r.exposures(g["accounts"]).accounts, g["notices"], pd.Timestamp(2026, 9, 18).date())
    chances = pd.DataFrame({"basis": ["company average"], "probability": [0.1], "low": [0.05], "high": [0.2]})
    kept = chances.copy()
    leaving.within_a_year(chances, 24)
    pd.testing.assert_frame_equal(chances, kept)
    exposure, chance = g["values"].clip(0), g["matrix"][0]
    few = exposure[: chance.size]
    causes = [lo.CommonCause(0.1, [0, 1], 0.5), lo.CommonCause(0.1, [1, 2], 0.5)]
    lo.all_cause_probability(chance, causes)
    lo.kept_by_causes(chance.size, causes)
    found = lo.loss_distribution(few, lo.own_probability(chance, causes).own, chance, causes)
    found.contributions(0.9)
    lo.loss_distribution(exposure, 0.1).contributions(0.9)
    lo.bad_year(few, chance, causes)
    r.bad_year_sensitivity(few, chance, lambda follow: causes, (1, 0.5, 2), (0.3, 0.1, 0.6))
    lo.common_cause(g["traits"]["account_id"].tolist(), g["traits"], {"industry": "Marine"}, 0.1, 0.1)
    drawn = lo.time_paths(few, chance, chance, causes, scenarios=300).lost_within()
    year = pd.DataFrame({"account_id": range(12), "margin": np.arange(1.0, 13.0)})
    last_year = year.copy()
    past = lo.falls([(year, last_year)], "margin")
    pd.testing.assert_frame_equal(year, last_year)
    less = lo.buying_less(few, past)
    lo.leaving_and_buying_less(chance, causes, less)
    lo.with_buying_less(lo.of_draws(drawn, "drawn"), less)
    signed = pd.DataFrame({"account_id": ["0"], "ends_on": [pd.Timestamp(2027, 1, 31)], "notice_by": [pd.NaT]})
    lo.under_contract(signed, pd.Series(["0", "1"]), pd.Timestamp(2026, 9, 18).date())
    lo.contracted(g["accounts"].assign(exposure=g["accounts"]["revenue"]), g["contracts"], pd.Timestamp(2026, 9, 18))


def on_plans(g):
    by_line = pl.sales_by_line(g["lines"])
    account, kept = by_line.index[0], by_line.copy()
    industry = g["traits"].set_index("account_id")["industry"]
    alike = pl.look_alikes(by_line, account, industry=industry)
    pl.white_space(by_line, account, alike)
    pl.line_starts([pl.sales_by_line(g["earlier_lines"]), by_line], industry=industry)
    pl.goals(g["objectives"], account, pd.Timestamp(2026, 9, 18).date())
    key.looks_elsewhere(g["feedback"], pd.Timestamp(2026, 9, 18).date())
    three = g["accounts"][["account_id"]].assign(
        **dict.fromkeys(("earlier", "before", "now"), g["accounts"]["revenue"])
    )
    key.faring(three, g["accounts"]["account_id"].head(9).tolist())
    pd.testing.assert_frame_equal(by_line, kept)


def on_arrays(g):
    for measure in (c.hhi, c.effective_number, c.normalised_hhi, c.gini, c.lorenz, c.theil, c.hall_tideman, c.shares):
        measure(g["values"])
    c.top_share(g["values"], 5)
    c.hannah_kay(g["values"], 0.5)
    c.theil_decomposition(g["values"], g["labels"])
    c.abc_classes(g["values"])
    c.abc_classes(g["values"], "computed")
    c.accounts_for(g["values"], 0.8)
    c.interval(c.hhi, g["matrix"], 0.95, np.random.default_rng(1))
    c.coverage(c.hhi, g["matrix"], 0.95, np.random.default_rng(1), trials=2)


def test_inputs_are_what_they_were(given):
    book, before = c.concentrate(given["accounts"], "revenue"), c.concentrate(given["earlier"], "revenue")
    chances = {"shares": np.linspace(0, 1, 20), "gone": np.arange(20) > 12}
    watched = given | {"book": book.accounts, "before": before.accounts} | looks(given) | chances
    kept = {name: value.copy() for name, value in watched.items()}
    on_frames(given, book, before)
    on_recovery(given)
    on_coverage(given)
    on_handover(given)
    on_people(given)
    on_leaving(watched)
    on_losses(given)
    on_plans(given)
    on_arrays(given)
    for name, value in watched.items():
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(value, kept[name])
        elif isinstance(value, pd.Series):
            pd.testing.assert_series_equal(value, kept[name])
        else:
            np.testing.assert_array_equal(value, kept[name])


def test_every_public_function_is_watched():
    import inspect
    import pathlib

    said = pathlib.Path(__file__).read_text(encoding="utf-8")
    books = [name for name in public(c) if inspect.isfunction(getattr(c, name))]
    # Made of results, not of frames: nothing to change.
    assert [
        name for name in books if f"c.{name}" not in said and name not in ("abc_limits", "xyz_classes", "variation")
    ] == []
    watched = [name for name in public(r) if inspect.isfunction(getattr(r, name))]
    # Numbers alone go in.
    numbers = ("contingency", "effect_needed", "ranged", "replacement", "tornado", "win_rate", "years_kept")
    assert [name for name in watched if f"r.{name}" not in said and name not in numbers] == []
    watched = [name for name in public(leaving) if inspect.isfunction(getattr(leaving, name))]
    numbers = ("definitions", "rate", "rules_for", "snapshot_days")
    assert [name for name in watched if f"leaving.{name}(" not in said and name not in numbers] == []
    watched = [name for name in public(pl) if inspect.isfunction(getattr(pl, name))]
    # A frozen situation, or a word, goes in.
    frozen = ("ask_id", "decision_id", "is_answered", "is_done", "next_actions", "questions", "who_and_when")
    assert [name for name in watched if f"pl.{name}(" not in said and name not in frozen] == []
    assert [name for name in public(lo) if inspect.isfunction(getattr(lo, name)) and f"lo.{name}" not in said] == []
    assert [name for name in public(cov) if inspect.isfunction(getattr(cov, name)) and f"cov.{name}" not in said] == []
    assert [name for name in public(ho) if inspect.isfunction(getattr(ho, name)) and f"ho.{name}" not in said] == []
