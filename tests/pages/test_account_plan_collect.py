"""What a plan asks for and at which edge it changes: `collect` on what 02, 03 and 04 would have found, then limits one by one."""

import json
import math
import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import account_plan_for_tests as made
import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.analysis.coverage.relationships import INFLUENCER, LIVE
from kam_analysis.errors import DataError, SettingsError
from kam_analysis.pages.account_plan import changes, found, situation
from kam_analysis.pages.account_plan import company as of_company
from kam_analysis.pages.account_plan.changes import LastMade
from kam_analysis.pages.account_plan.charts_sales import sales_chart
from kam_analysis.pages.account_plan.customer_sheet import _goals
from kam_analysis.pages.account_plan.found import FILE, leave_decisions
from kam_analysis.pages.account_plan.situation import lately
from kam_analysis.pages.shelf import FOLDER


@pytest.fixture
def collected(monkeypatch):
    """`collected(last made, days)`: a plan as `collect` makes it of a company made by hand, and what it asked for."""
    sold = made.company().people.known.sold
    whole, known = made.company(sold=sold.assign(account_name=sold["account_id"])), made.known()

    def of(last=None, **asked):
        told = {}
        ledger = SimpleNamespace(
            as_of=made.DAY, has=lambda table: False, period_of=lambda word: word, master=SimpleNamespace(named=lambda ids: ids + " Mills")
        )  # fmt: skip
        by_name = {
            "company": lambda of: whole,
            "which": lambda of, keys, text: ("A1", f"{text} is meant") if keys is whole.keys else None,
            "known_of": lambda of, account_id: known if account_id == "A1" else None,
            "leave_decisions": lambda of: told.update(left=of is ledger),
            "last_made": lambda of, account_id: last if account_id == "A1" else None,
            "about": lambda of, book, **more: SimpleNamespace(total=book.total, currency="EUR", **more),
            "lately": lambda of, its, *, account_id, days: [account_id, days, its is known],
        }
        for name, each in by_name.items():
            monkeypatch.setattr(found, name, each)
        return found.collect(ledger, **asked), told

    return of


def test_collect_takes_each_part_from_where_it_stands(collected):
    plan, told = collected(account_id=" ash ", days="45")
    assert told == {"left": True}
    assert (plan.account_id, plan.account_name, plan.last_made) == ("A1", "A1 Mills", None)
    assert plan.meant.strip() == "ash is meant"
    # Of all that is sold, what is below zero is not: 2,700 and 1,300.
    assert (plan.about.total, plan.about.period, plan.about.measure) == (4000.0, "last_12_months", "revenue")
    assert list(plan.about.wanted) == [
        ("contacts", "influence"), ("objectives", "objective"), ("contracts", "ends_on"), ("accounts", "annual_spend"),
        ("account_notes", "written"), ("opportunities", "amount"), ("accounts", "account_manager_id"),
    ]  # fmt: skip
    assert [each.rule for each in plan.actions_found][:3] == ["rescue", "renew", "hand_over"]
    assert plan.goals["state"].tolist() == ["due soon", "open"]
    assert (plan.white_space["product_line"].tolist(), len(plan.alike)) == (["Seals", "Rent"], 9)
    assert plan.lately == ["A1", 45, True]


@pytest.mark.parametrize(("day", "kept", "days"), [
    (date(2025, 11, 30), True, 31), (date(2025, 12, 30), True, 1), (date(2025, 12, 31), True, 1), (date(2025, 11, 30), False, 90),
])  # fmt: skip
def test_what_changed_lately_goes_back_to_the_plan_that_a_run_kept(collected, day, kept, days):
    plan, _ = collected(LastMade(as_of=day, figures={}, actions={}, kept=kept))
    assert plan.lately[1] == days


def test_the_company_is_asked_once_and_its_lines_for_six_years(monkeypatch):
    asked = []
    for name in ("key_accounts", "churn_impact", "coverage"):
        monkeypatch.setattr(of_company, name, lambda ledger, name=name: asked.append(name) or name)
    monkeypatch.setattr(
        of_company.plans, "line_starts", lambda sold, industry: ([*map(float, map(len, sold))], industry)
    )
    monkeypatch.setattr(of_company.plans, "sales_by_line", lambda rows: "s" * rows)

    class Ledger:
        lines = ("Pumps",)
        period_of, year_before = staticmethod(lambda word: 9), staticmethod(lambda year: year - 1 if year > 1 else None)
        by_account_line = staticmethod(
            lambda year, measure, named: year if measure == "revenue" and not named else None
        )
        traits = staticmethod(lambda: pd.DataFrame({"account_id": ["A1"], "industry": ["Paper"]}))

    ledger = Ledger()
    first, second = of_company.company(ledger), of_company.company(ledger)
    assert first is second
    assert (first.keys, first.losses, first.people) == tuple(asked) == ("key_accounts", "churn_impact", "coverage")
    lengths, industry = first.lines.starts
    assert (lengths, first.lines.by_line) == ([4.0, 5.0, 6.0, 7.0, 8.0, 9.0], "s" * 9)
    assert industry.to_dict() == {"A1": "Paper"}
    ledger.traits = lambda: pd.DataFrame({"account_id": ["A1"]})
    ledger.year_before = lambda year: year - 4 if year > 4 else None
    assert of_company.lines(ledger).starts == ([1.0, 5.0, 9.0], None)
    ledger.lines = ()
    assert of_company.lines(ledger) is None


def test_the_customer_s_sheet_has_room_for_eight_goals():
    goals = pd.DataFrame({"objective": [f"Goal {at}" for at in range(9)], "our_contribution": None, "delivered": None, "due": pd.NaT})  # fmt: skip
    assert [row["objective"] for row in _goals(goals).written()] == [f"Goal {at}" for at in range(8)]


def test_decisions_that_another_plan_has_left_are_not_written_again(tmp_path, monkeypatch):
    (tmp_path / FILE).write_text(json.dumps({"rows": "the first plan's"}))
    monkeypatch.setenv(FOLDER, str(tmp_path))
    leave_decisions(SimpleNamespace())
    assert json.loads((tmp_path / FILE).read_text()) == {"rows": "the first plan's"}


def test_four_entries_are_told_and_the_others_counted():
    ledger = SimpleNamespace(as_of=made.DAY, currency="EUR", overview=SimpleNamespace(first=made.DAY))
    feedback = pd.DataFrame({"date": made.days(*(f"2025-12-{day:02}" for day in range(1, 14))), "said": "Yes.", "by": None})  # fmt: skip
    bare = made.known(feedback=feedback, offers=None, tasks=None, notes=None)
    told = lately(ledger, bare, account_id="A1", days=60)
    assert [plain(each) for each in told] == [
        *(f"{day} Dec 2025: “Yes.”" for day in (13, 12, 11, 10)), "9 more entries in these 60 days.",
    ]  # fmt: skip
    four = lately(ledger, replace(bare, feedback=feedback.head(4)), account_id="A1", days=60)
    assert len(four) == 4


@pytest.mark.parametrize(("most", "amounts"), [(75, [0, 25, 50, 75]), (17, [0, 5, 10, 15]), (24, [0, 10, 20])])
def test_the_axis_of_sales_has_about_three_steps(most, amounts):
    months = made.known().months.tail(3).assign(revenue=float(most))
    axis = sales_chart(made.plan(of=made.known(months=months))).layout.yaxis
    assert list(axis.tickvals) == amounts


def test_a_customer_whose_table_says_nothing_of_it_is_asked_about():
    empty = made.known(
        contacts=pd.DataFrame(columns=["influence", "strength"]), objectives=None, notes=made.known().notes.head(0), tasks=None
    )  # fmt: skip
    plan = made.plan(of=empty)
    assert plan.situation.collected == {"opportunities", "interactions", "account_notes", "annual_spend"}
    assert (plan.situation.live, plan.situation.strangers, plan.situation.tasks) == (None, (), ())
    assert (plan.situation.answered, plan.situation.promised, plan.situation.notes_on) == (frozenset(), (), None)


def test_who_is_alive_and_who_is_a_stranger_at_the_limits():
    strengths = pd.DataFrame(
        {"influence": [INFLUENCER, INFLUENCER + 1.0, INFLUENCER - 0.1, INFLUENCER, INFLUENCER], "strength": [LIVE, LIVE - 0.1, 0, math.nan, LIVE + 1.0],
         "role": ["a", "b", "c", "d", "e"]}
    )  # fmt: skip
    assert situation._live(strengths) == 2
    assert situation._strangers(strengths) == ["b", "d"]
    assert situation._strangers(strengths.drop(columns="influence")) == []


def test_a_complaint_is_answered_by_what_we_send_that_day_or_later():
    def heard(*rows):
        return pd.DataFrame(rows, columns=["date", "kind", "direction"]).assign(date=lambda of: pd.to_datetime(of["date"]))  # fmt: skip

    complaint = ("2025-12-10", "escalation", "in")
    after = {
        ("2025-12-09", "visit", "out"): date(2025, 12, 10),
        ("2025-12-10", "visit", "out"): None,
        ("2025-12-20", "visit", None): None,
        ("2025-12-20", "visit", "in"): date(2025, 12, 10),
        ("2025-12-20", "complaint", "in"): date(2025, 12, 20),
    }
    for other, unanswered in after.items():
        assert situation.unanswered(heard(complaint, other), made.DAY) == unanswered
    undirected = heard(complaint, ("2025-12-20", "visit", "in")).drop(columns="direction")
    assert situation.unanswered(undirected, made.DAY) is None
    assert situation.unanswered(heard(("2025-12-20", "visit", "in")), made.DAY) is None


@pytest.mark.parametrize(("left", "reason", "stage", "said"), [
    ("2025-12-31", "Price", "regular", "left on 31 Dec 2025 (price)"), ("2025-12-31", None, "regular", "left on 31 Dec 2025"),
    ("2026-01-01", "Price", "regular", ""), (None, None, "quiet", "quiet: buys"), (None, None, "lost", "lost: buys"),
])  # fmt: skip
def test_an_account_that_is_gone_says_since_when_and_why(left, reason, stage, said):
    traits = made.company().keys.traits.assign(left_on=made.days(left, None), left_reason=[reason, None])
    standing = made.company().keys.standing.assign(stage=stage)
    gone = made.plan(made.company(traits=traits, standing=standing)).situation.gone
    assert plain(gone) == said


def test_a_hand_over_is_counted_in_the_margin_where_it_is_known():
    sold = made.company(departed=pd.DataFrame({"account_id": ["A1"], "at_risk": [400.0]}))
    assert [made.plan(each).situation.hand_over_loss for each in (made.company(), sold)] == [166.0, 400.0]
    staff = made.company().people.known.staff
    stays = made.plan(made.company(staff=staff.assign(leaving_on=pd.NaT)))
    assert (stays.situation.hand_over_loss, stays.situation.successor) == (None, None)
    untold = made.plan(made.company(staff=staff.assign(announced_on=pd.NaT)))
    assert (untold.situation.successor, untold.situation.manager.told) == (None, False)


@pytest.mark.parametrize(("written", "day"), [
    ([], None), ([{"as_of": "2025-12-31"}], None), ([{"as_of": "2025-10-01"}, {"as_of": "2025-12-30"}, {"as_of": "2025-11-01"}], date(2025, 12, 30)),
    ([{"as_of": "never"}, {"as_of": "2025-11-01", "figures": {"revenue": "many"}}, {"as_of": "2025-11-01", "figures": []}], None),
])  # fmt: skip
def test_the_newest_plan_of_a_day_before_is_the_last_one(tmp_path, monkeypatch, written, day):
    path = tmp_path / "plans.json"
    whole = [{"figures": {"revenue": 1, "share": None}, "actions": {"D1": "call"}} | each for each in written]
    path.write_text(json.dumps({"company": "Small Works", "plans": {"A1": whole, "B1": [{"as_of": "2025-12-01"}]}}))
    monkeypatch.setenv(changes.PLANS_MADE, str(path))
    ledger = SimpleNamespace(as_of=made.DAY, name="Small Works", told_by_month=False)
    then = changes.last_made(ledger, "A1")
    assert (then and then.as_of) == day
    if then:
        assert (then.kept, then.figures, then.actions) == (True, {"revenue": 1.0, "share": None}, {"D1": "call"})
    assert changes.last_made(SimpleNamespace(**vars(ledger) | {"name": "Other"}), "A1") is None


@pytest.mark.parametrize("error", [DataError("no"), SettingsError("no"), ValueError("no")])
def test_without_sales_by_the_last_month_s_end_there_is_no_last_plan(monkeypatch, error):
    monkeypatch.delenv(changes.PLANS_MADE, raising=False)

    def at(day):
        raise error

    assert changes.last_made(SimpleNamespace(as_of=made.DAY, name="", told_by_month=True, at=at), "A1") is None


def test_a_share_is_told_however_little_is_sold():
    sold = made.company().people.known.sold.assign(revenue=[0.6, 0.2, 0.0])
    assert made.plan(made.company(sold=sold)).result().figures["share"].value == pytest.approx(0.75)


def test_sales_are_compared_where_the_data_begins_on_the_first_of_those_days():
    def told(first):
        ledger = SimpleNamespace(
            as_of=made.DAY, currency="EUR", overview=SimpleNamespace(first=first), spans=SimpleNamespace(covers=lambda window: True),
            by_account=lambda of, measures: pd.DataFrame({"account_id": ["A1"], "revenue": [{2025: 120.0, 2024: 100.0}[of.first.year]]}),
        )  # fmt: skip
        bare = made.known(feedback=None, offers=None, tasks=None, notes=None)
        return [plain(each) for each in lately(ledger, bare, account_id="A1", days=31)]

    # The same 31 days a year before begin on 1 December.
    assert told(date(2024, 12, 1)) == ["Sales of the last 31 days: €120, up 20% on the same days a year ago."]
    assert told(date(2024, 12, 2)) == []


def test_each_text_has_room_for_so_many_letters():
    long, known = "x" * 300, made.known()
    contacts = pd.concat([known.contacts] * 2, ignore_index=True)
    contacts = contacts.assign(interests=long, approach=long, contact_id=[f"C{at}" for at in range(4)])
    full = {
        "contacts": contacts, "feedback": known.feedback.assign(said=long), "notes": known.notes.assign(market=long),
        "objectives": known.objectives.assign(objective=long, our_contribution=long, delivered=long), "tasks": known.tasks.assign(decision=long),
    }  # fmt: skip
    few, many = (made.plan(of=made.known(**full | {"contacts": each})) for each in (contacts.head(2), contacts))

    def lengths(table, *columns):
        return {len(row[name]) for row in table.written() for name in columns}

    # Twice as many where few contacts leave the room.
    for plan, words, line, note in ((many, 55, 85, 95), (few, 110, 170, 190)):
        assert lengths(plan.goals_table(), "objective", "our_contribution", "delivered") == {words}
        assert lengths(plan.voices_table(), "said") == {line}
        assert f": {'x' * (note - 1)}…" in plan.notes().html
        assert lengths(plan.contacts_table(), "interests", "approach") == {45}
    sheet = few.customer_sheet().body.html
    assert {len(each) for each in re.findall("x+…", sheet)} == {90}
    ledger = SimpleNamespace(as_of=made.DAY, currency="EUR", overview=SimpleNamespace(first=made.DAY))
    heard = [each.rpartition(" ")[2].strip("“”") for each in lately(ledger, many.known, account_id="A1", days=60)]
    assert {len(each) for each in heard if "xx" in each} == {85}


def test_credits_alone_are_no_sales():
    credits = made.company(sold=made.company().people.known.sold.assign(revenue=[-5.0, 10.0, 0.0]), accounts=made.company().losses.accounts.tail(1))  # fmt: skip
    assert plain(made.plan(credits).answer).endswith("No sales in the last twelve months.")
