"""What a plan shows, to the last cell, on one made by hand in which every figure is another; then its edges, one by one."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from types import SimpleNamespace

import account_plan_for_tests as made
import pandas as pd
import pytest
from drawn_for_tests import charts, held
from words_for_tests import plain

from kam_analysis.analysis.plans import Action, Offer, Opening, Person, next_actions
from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages.account_plan import words_actions
from kam_analysis.pages.account_plan.changes import LastMade, last_made
from kam_analysis.pages.account_plan.explore import explorer
from kam_analysis.pages.account_plan.found import FILE, leave_decisions
from kam_analysis.pages.account_plan.known import known_of
from kam_analysis.pages.account_plan.situation import lately
from kam_analysis.pages.account_plan.which import which
from kam_analysis.pages.shelf import FOLDER


@pytest.fixture(scope="module")
def plan():
    return made.plan()


def rows(table):
    return [[plain(text) for text in row.values()] for row in table.written()]


def said(html):
    return [plain(unescape(each)) for each in re.findall(r"<(?:li|p)[^>]*>(.*?)</(?:li|p)>", html.html)]


def changed(plan, **facts):
    """The same plan where these facts of its situation are others."""
    of = replace(plan.situation, **facts)
    return replace(plan, situation=of, actions_found=next_actions(of))


def test_the_first_screen(plan):
    assert plain(plan.answer) == (
        "Ash Mills, rescue: notice possible until 1 Mar 2026, their manager leaves for a competitor, one contact. "
        "€1.08k of margin at stake."
    )
    found = plan.result()
    assert [(each.label, plain(each.value), plain(each.note), each.tone) for each in found.shown] == [
        ("Sales", "€2.7k", "67.5% of all sales", ""), ("Margin", "€513", "19.0% of sales, -4.0 points in a year", "bad"),
        ("Chance that it leaves", "54%", "within a year", ""), ("Bought from others", "€1.3k", "we have 30% of its spend", ""),
    ]  # fmt: skip
    # Twelve months at a time of months that are over: three of them.
    assert found.shown[0].mark.count(",") == 3
    assert [found.lead, found.question] == ["Key account: 28% of Valves.", "What do we do with Ash Mills?"]
    document = found.document()
    assert {name: (each["value"], each["unit"]) for name, each in document["figures"].items()} == {
        "revenue": (2700.0, "EUR"), "margin": (513.0, "EUR"), "share": (0.675, "share"), "churn_probability": (0.54, "share"),
        "loss_if_gone": (1080.0, "EUR"), "headroom": (1300.0, "EUR"),
    }  # fmt: skip
    assert document["provenance"]["parameters"] == {"period": "2025", "account_id": "A1"}
    assert (document["worth_collecting"], document["caveats"][0]) == (["open offers"], "A doubt.")
    assert list(document["tables"]) == ["actions", "white_space", "contacts", "objectives"]


def test_the_actions(plan):
    assert rows(plan.actions_table()) == [
        ["14 Jan 2026", "Meet the decision-maker and find out what would keep them", "The account is in danger: spoke of other offers on 20 Nov 2025, competitor Vex.", "Eve Moor", "1.08k"],
        ["19 Feb 2026", "Put the renewal offer on their table before 1 Mar 2026, the last day to give notice", "The contract ends on 30 Apr 2026.", "Sue Field", "1.08k"],
        ["27 Feb 2026", "Introduce Ben Lake to every contact there", "Their account manager leaves on 28 Feb 2026.", "Sue Field", "166"],
        ["7 Jan 2026", "Answer the complaint of 10 Dec 2025", "No reply from us is on file.", "Sue Field", ""],
        ["14 Jan 2026", "Finish, or move to a new date: Check the pumps", "It was due on 15 Dec 2025.", "Sue Field", ""],
        ["31 Jan 2026", "Deliver on their goal: Fewer stops", "It is due on 31 Jan 2026.", "Sue Field", ""],
        ["31 Jan 2026", "Make the annual executive call", "The last one was nearly a year ago.", "Sue Field", ""],
    ]  # fmt: skip
    records = plan.actions_table().records()
    assert [(each["called"], each["worth"], each["worth_of"]) for each in records] == [
        ("meet the decision-maker", 1080.0, "margin we earn there"), ("the renewal offer", 1080.0, "margin we earn there"),
        ("introductions to every contact", 166.0, "margin at risk in the hand-over"), ("answer a complaint", None, ""),
        ("finish an overdue task", None, ""), ("deliver on one of their goals", None, ""), ("the annual executive call", None, ""),
    ]  # fmt: skip
    assert {(each["soon"], each["status"], each["account_name"]) for each in records} == {
        (True, "proposed", "Ash Mills")
    }


def test_actions_after_the_next_90_days_stand_apart(plan):
    person = Person(person_id="M1", name="Ann Hill")
    later = Action(
        rule="call",
        owner=None,
        due=date(2026, 6, 1),
        soon=False,
        about={"overdue": True},
        agreed=True,
        was_due=date(2025, 9, 1),
    )
    soon = Action(rule="notes", owner=person, due=date(2026, 1, 2), about={"written": None}, agreed=True)
    both = replace(plan, actions_found=[later, soon], questions=["contacts", "account_notes"])
    html = both.actions().html
    assert re.findall("<caption><span>(.*?)<", html) == ["The next 90 days", "Later this year"]
    assert rows(both.actions_table()) == [
        ["1 Jun 2026", "Make the annual executive call", "No executive has called for more than a year. Agreed for 1 Sep 2025, now late.", "to be named", ""],
        ["2 Jan 2026", "Write down their market, their priorities and our strategy", "There are none for this account. Agreed.", "Ann Hill", ""],
    ]  # fmt: skip
    assert said(both.actions()) == [
        "To find out at the next visit:", "Who decides, who influences the decision, and who of us knows them?",
        "What is happening in their market, what matters to them now, and how do we mean to win?",
    ]  # fmt: skip
    assert [each["status"] for each in both.actions_table().records()] == ["open", "open"]
    assert said(replace(plan, actions_found=[], questions=[]).actions()) == ["Nothing on file calls for action."]


def test_every_rule_in_words():
    """Each rule's sentence and reason, in every way that they are told."""
    day, offer = date(2026, 1, 15), Offer(amount=900.0, line="Seals", stage="Offer", expected=date(2026, 1, 20))
    told = {
        ("left_behind", "Ann Hill leaves on 15 Jan 2026. 1 more task is left open."): {"from": "Ann Hill", "task": "Call", "due": None, "leaves": day, "more": 1},
        ("left_behind", "Ann Hill leaves on 15 Jan 2026."): {"from": "Ann Hill", "task": "Call", "due": day, "leaves": day, "more": 0},
        ("win_back", "It left on 1 Mar 2025."): {"gone": "left on 1 Mar 2025"},
        ("win_back", "It is quiet: no order."): {"gone": "quiet: no order"},
        ("renew", "The contract ends on 15 Jan 2026."): {"notice_on": day, "ends_on": day},
        ("hand_over", "Their account manager left on 15 Jan 2026."): {"to": "", "gone": True, "leaves": day},
        ("overdue", "It was due on 15 Jan 2026. 2 more tasks are overdue."): {"task": "Call", "due": day, "more": 2},
        ("promise", "It was due on 15 Jan 2026."): {"goal": "Less", "late": True, "due": day},
        ("second_contact", "We speak to one person there."): {"few": True, "live": 1, "strangers": ()},
        ("second_contact", "We speak to no people there."): {"few": True, "live": 0, "strangers": ("Buyer",)},
        ("second_contact", "None of us speaks to 2 people who decide there."): {"few": False, "live": 3, "strangers": ("Buyer", "Head")},
        ("margin", "We lose money there: the margin is -2.0% of sales."): {"loses": True, "share": -0.02, "points": None},
        ("margin", "The margin is 19.0% of sales, 4.0 points less than a year ago."): {"loses": False, "share": 0.19, "points": -0.04},
        ("offer", "Stage: Offer. Expected by 20 Jan 2026. 2 more offers are due by then."): {"offer": offer, "late": False, "more": 2},
        ("offer", "It was expected by 20 Jan 2026."): {"offer": replace(offer, stage="", line=""), "late": True, "more": 0},
        ("open_line", "Similar accounts buy it, which would be €10-60 a year here. 25% of such accounts began within a year."): {"opening": Opening(line="Seals", potential=35.0, low=10.0, high=60.0, chance=0.25)},
        ("notes", "The notes date from 15 Jan 2026."): {"written": day},
    }  # fmt: skip
    whats = []
    for (rule, why), about in told.items():
        action = Action(rule=rule, owner=None, due=day, about=about)
        assert plain(words_actions.why(action, "EUR")) == why
        whats.append(plain(words_actions.what(action, "EUR")))
    assert whats == [
        "Take over from Ann Hill: Call", "Take over from Ann Hill: Call (due 15 Jan 2026)",
        *["Ask why they stopped buying, and decide whether to win them back or close the account"] * 2,
        "Put the renewal offer on their table before 15 Jan 2026, when the contract ends",
        "Name a successor and introduce them to every contact there", "Finish, or move to a new date: Call",
        "Deliver on their goal: Less", "Win a second influential contact", "Get to know the buyer", "Get to know the buyer",
        *["Renegotiate prices or service to restore the margin"] * 2, "Get a decision on the offer for Seals of €900 a year",
        "Get a decision on the offer of €900 a year", "Offer Seals", "Write down their market, their priorities and our strategy",
    ]  # fmt: skip
    assert [words_actions.worth_of(each, "sales") for each in ("at_stake", "hand_over", "margin", "offer", "opening", "")] == [
        "sales we earn there", "sales at risk in the hand-over", "margin lost a year", "offer times its chance",
        "potential sales times the chance that such a line is begun", "",
    ]  # fmt: skip


def test_where_it_stands(plan):
    assert rows(plan.standing_table()) == [
        ["Why it is key", "28% of Valves", "share of each activity"], ["Value to us", "0.90 of 1", "Strategic"],
        ["Balance of power", "we depend on it", "our dependence 0.81 of 1, theirs 0.42 of 1"],
        ["What keeps it with us", "0.35 of 1", "Flange sizes"], ["Chance that it leaves", "54%", "your estimate: two cases"],
        ["What losing it costs", "€1.08k of margin a year", "31% of the loss in a bad year"],
        ["Last day to give notice", "1 Mar 2026", "contract ends 30 Apr 2026"], ["Competitor there", "Vex", ""],
        ["Account manager", "Ann Hill", "leaves for Vex on 28 Feb 2026. Ben Lake takes over under the succession plan."],
        ["Executive sponsor", "Eve Moor", ""], ["Satisfaction", "6.8 of 10", ""],
    ]  # fmt: skip


def fact(plan, name):
    return next((row[1:] for row in rows(plan.standing_table()) if row[0] == name), None)


def test_where_it_stands_with_less_on_file(plan):
    manager = plan.situation.manager
    bare = changed(
        plan, notice_on=date(2026, 4, 30), successor=None, manager=replace(manager, joins="", leaves=date(2025, 12, 31))
    )
    assert fact(bare, "Last day to give notice") == [
        "30 Apr 2026",
        "contract ends 30 Apr 2026, no notice period on file",
    ]
    assert fact(bare, "Account manager") == ["Ann Hill", "left on 31 Dec 2025. No successor is named."]
    gone = changed(plan, manager=replace(manager, leaves=date(2025, 12, 1)), ends_on=None)
    assert fact(gone, "Account manager")[1].startswith("left for Vex on 1 Dec 2025.")
    assert fact(gone, "Last day to give notice") == ["1 Mar 2026", ""]
    stays = changed(plan, manager=replace(manager, joins=""), chance=None, at_stake=0.0, sponsor=None)
    assert fact(stays, "Account manager")[1] == "leaves on 28 Feb 2026. Ben Lake takes over under the succession plan."
    assert (
        fact(stays, "Chance that it leaves"),
        fact(stays, "What losing it costs"),
        fact(stays, "Executive sponsor"),
    ) == (None,) * 3
    assert fact(changed(plan, manager=replace(manager, told=False)), "Account manager") == ["Ann Hill", ""]
    empty = made.plan(made.company(
        keys=pd.DataFrame({"account_id": ["B1"]}), power=pd.DataFrame({"account_id": ["A1"], "reading": ["balanced"]}),
        barriers=pd.DataFrame(), scores=pd.DataFrame(), matrix=pd.DataFrame(),
    ))  # fmt: skip
    assert fact(empty, "Why it is key") == ["not a key account", "share of each activity"]
    assert fact(empty, "Balance of power") == ["balanced", "our dependence not assessed, theirs not assessed"]
    assert (fact(empty, "Value to us"), fact(empty, "What keeps it with us")) == (None, None)
    assert empty.result().lead == "Not a key account."
    assert plain(empty.result().shown[3].note) == "of its spend"


@pytest.mark.parametrize(("facts", "answer"), [
    ({"gone": "left on 1 Mar 2025", "sales": 0.0}, "Ash Mills left on 1 Mar 2025."),
    ({"gone": "quiet: no order", "sales": 0.0}, "Ash Mills is quiet: no order."),
    ({"gone": "quiet: no order", "sales": 1.0, "notice_on": None, "manager": None, "live": 3, "why": "x; y"}, "Ash Mills, rescue: x. €1.08k of margin at stake."),
    ({"at_stake": 0.0, "sales": 0.0, "notice_on": None, "manager": None, "live": 2, "why": ""}, "Ash Mills, rescue. No sales in the last twelve months."),
    ({"at_stake": 0.0, "notice_on": date(2025, 12, 31), "live": None}, "Ash Mills, rescue: notice possible until 31 Dec 2025, their manager leaves for a competitor."),
    ({"at_stake": 0.0, "notice_on": date(2025, 12, 30), "live": 0, "competitor": "Wex"}, "Ash Mills, rescue: their manager leaves, no contact."),
    ({"at_stake": 0.0, "notice_on": date(2026, 6, 29), "ends_on": date(2026, 6, 29), "manager": None, "live": 1}, "Ash Mills, rescue: contract ends 29 Jun 2026, one contact."),
    ({"at_stake": 0.0, "notice_on": date(2026, 6, 30), "manager": None, "live": 2, "work": "review", "why": "x"}, "Ash Mills, maintain."),
    ({"at_stake": 0.0, "notice_on": None, "manager": None, "live": 2, "work": "", "why": ""}, "Ash Mills, not assessed."),
])  # fmt: skip
def test_the_answer_by_what_is_on_file(plan, facts, answer):
    assert plain(changed(plan, **facts).answer) == answer


def test_tiles_by_what_is_known(plan):
    def tile(of, at):
        shown = of.result().shown[at]
        return shown.label, plain(shown.value), plain(shown.note), shown.tone

    assert tile(changed(plan, margin_points=0.04), 1) == (
        "Margin",
        "€513",
        "19.0% of sales, +4.0 points in a year",
        "good",
    )
    assert tile(changed(plan, margin_points=0.0001), 1) == ("Margin", "€513", "19.0% of sales, unchanged in a year", "")
    assert tile(changed(plan, margin_points=None), 1) == ("Margin", "€513", "19.0% of sales", "")
    assert tile(changed(plan, margin_share=None), 1) == ("Margin", "€513", "", "")
    assert tile(changed(plan, chance=None), 2)[0] == "Bought from others"
    assert tile(changed(plan, sales=4100.0), 3)[1] == "€0"
    assert tile(changed(plan, sales=-5.0), 0)[2] == "0.0% of all sales"
    bare = made.plan(
        made.company(
            sold=pd.DataFrame({"account_id": ["A1"], "revenue": [0.0]}), traits=pd.DataFrame({"account_id": ["A1"]})
        )
    )
    assert [each.label for each in bare.result().shown] == ["Sales", "Chance that it leaves"]
    assert bare.result().document()["figures"]["share"]["value"] is None


def test_goals_offers_and_people(plan):
    assert rows(plan.goals_table()) == [
        ["theirs", "Fewer stops", "", "Spares on site", "", "31 Jan 2026", "due soon"],
        ["ours", "Grow together", "7.5 sites", "", "Two of three", "31 Dec 2026", "open"],
    ]  # fmt: skip
    whole = replace(plan, goals=plan.goals.assign(target=[1200.0, 3.0], unit=None))
    assert [row[2] for row in rows(whole.goals_table())] == ["1,200", "3"]
    assert rows(plan.offers_table()) == [
        ["Seals", "900", "Offer", "50%", "15 Jan 2026"],
        ["", "700", "", "", "1 Aug 2026"],
    ]
    assert rows(plan.contacts_table()) == [
        ["Ida Ray", "Buyer", "5", "multiple", "in depth", "Golf", "By phone", "Ann Hill"],
        ["Tom Oak", "Plant manager", "4", "no contact", "brief", "", "By mail", "Sue Field"],
    ]  # fmt: skip
    published = plan.result().document()["tables"]["contacts"]
    assert [(each["contact_id"], each["strength"], each["strength_wanted"]) for each in published] == [
        ("C1", 3.0, 4.0),
        ("C2", 1.0, 2.0),
    ]
    assert {"interests", "approach"}.isdisjoint(published[0])
    assert rows(plan.voices_table()) == [
        ["3 Dec 2025", "", "Thanks.", "", ""], ["20 Nov 2025", "Ida Ray", "We look at both offers now.", "renewal", "5"],
    ]  # fmt: skip
    assert said(plan.notes()) == ["Their market: Paper shrinks", "Our strategy: Be first", "Written on 30 Nov 2024."]
    assert said(plan.people_notes()) == [
        "Last annual executive call: 10 Jan 2025. The next is due by 31 Jan 2026.", "To escalate: Ann Hill, Sue Field, Eve Moor.",
    ]  # fmt: skip
    late = changed(plan, call_overdue=True, superior=None, sponsor=None)
    assert said(late.people_notes()) == ["Last annual executive call: 10 Jan 2025. The next is overdue."]
    never = made.plan(
        made.company(called=pd.DataFrame({"account_id": ["B1"], "last": made.days("2025-01-10")}), due=pd.DataFrame())
    )
    assert said(never.people_notes())[0] == "No annual executive call is on file."
    bare = made.plan(of=made.known(contacts=None, feedback=None, notes=None, offers=None))
    assert said(bare.contacts_table().html()) == ["No contact is on file."]
    assert (bare.voices_table().html().html, bare.notes().html) == ("", "")
    assert said(bare.offers_table().html()) == ["No open offers."]
    assert bare.questions == ["contacts", "account_notes"]


def test_two_sheets_have_room_for_so_much(plan):
    text = "A word and another " * 12
    contacts = plan.known.contacts
    many = pd.concat(
        [contacts.assign(contact_id=[f"{at}a", f"{at}b"], interests=text) for at in range(3)], ignore_index=True
    )
    few, full = (
        made.plan(of=made.known(contacts=each, notes=plan.known.notes.assign(market=text))) for each in (contacts, many)
    )
    lengths = [len(plain(said(each.notes())[0])) for each in (few, full)]
    assert [each <= limit + 14 for each, limit in zip(lengths, (190, 95), strict=True)] == [True, True]
    assert lengths[0] > 150
    assert (len(full.contacts_table().written()), full.contacts_table().notes) == (
        4,
        ["2 more contacts in tables.xlsx."],
    )
    assert all(len(row[5]) <= 45 for row in rows(full.contacts_table()))
    assert few.contacts_table().notes == []
    goals = pd.concat([plan.goals] * 3, ignore_index=True)
    assert replace(plan, goals=goals.head(5)).goals_table().notes == ["1 more goal in tables.xlsx."]


def test_what_it_buys_and_does_not(plan):
    assert rows(plan.lines_table()) == [
        ["Pumps", "900", "75%", "600", "50%"], ["Seals", "300", "25%", "0", ""], ["Rent", "-50", "", "20", ""],
    ]  # fmt: skip
    assert rows(plan.companies_table()) == [["Ash Mills", "A1", "800"], ["Ash North", "A2", "350"]]
    alone = made.plan(of=made.known(companies=plan.known.companies.head(1), lines=None))
    assert (rows(alone.companies_table()), rows(alone.lines_table())) == ([], [])
    assert rows(plan.white_space_table()) == [["Seals", "6 of 9", "35 (10 to 60)", "25%"], ["Rent", "2 of 9", "", ""]]
    assert said(plan.how_alike()) == [
        "We compare it with 9 accounts of similar size, industry and product lines.",
        "The potential is what a line is worth at those who buy it, next to the rest of what they buy, at this account's size. The range shows how much that differs from one buyer to the next.",
        "No percentage is given where your history has fewer than 20 such cases.",
    ]  # fmt: skip
    assert rows(plan.starts_table()) == [["0%", "50%", "40", "4", "10.0%", "4.0%", "23.0%"]]
    assert plan.starts_table().notes == [
        "Tested on the last year, these rates did better than one average for all (Brier score 0.091 against 0.099). What was offered to whom is not known."
    ]  # fmt: skip
    lines = plan.company.lines
    worse = made.plan(
        made.company(
            lines=replace(
                lines,
                starts=SimpleNamespace(
                    **vars(lines.starts) | {"helps": False, "chance": lambda share: (0.5, 0.1, 0.9)}
                ),
            )
        )
    )
    assert "did no better than" in worse.starts_table().notes[0]
    assert "Read the percentages as one average." in said(worse.caveats())[1]
    assert len(said(worse.how_alike())) == 2
    untested = made.plan(
        made.company(
            lines=replace(lines, starts=SimpleNamespace(**vars(lines.starts) | {"helps": None, "brier": None}))
        )
    )
    assert untested.starts_table().notes == []
    assert "could not be tested" in said(untested.caveats())[1]
    none = made.plan(made.company(lines=None))
    assert said(none.white_space_table().html()) == [
        "What else the account could buy is not known, because the data has no product lines."
    ]
    assert none.how_alike().html + none.how_often().html == ""
    assert said(replace(plan, white_space=plan.white_space.head(0)).white_space_table().html()) == [
        "It buys every line that similar accounts buy."
    ]
    few = replace(plan, white_space=plan.white_space.head(0), alike=plan.alike.head(4))
    assert said(few.white_space_table().html()) == [
        "Fewer than 5 accounts are similar in size, industry and what they buy. That is too few to compare with."
    ]


def test_caveats(plan):
    assert said(plan.caveats()) == ["The account manager's notes date from 30 Nov 2024 and are more than a year old."]
    fresh = changed(plan, notes_on=date(2024, 12, 31))
    assert said(fresh.caveats()) == []
    kept = made.plan(
        made.company(feedback=pd.DataFrame()),
        made.known(feedback=None),
        meant="Ash North belongs to Ash Mills: the plan is for the group.",
    )
    assert said(kept.caveats())[0] == kept.meant
    assert said(kept.caveats())[-1] == "What customers said is left out, because names are not shown in full."
    assert kept.result().lead == f"{kept.meant} Key account: 28% of Valves."


def test_what_changed(plan):
    then = LastMade(
        as_of=date(2025, 11, 30),
        figures={"revenue": 2600.0, "share": 0.6, "churn_probability": None, "margin": 513.0},
        actions={},
        kept=False,
    )
    first, late, noted = said(replace(plan, last_made=then, lately=["Noted"]).changes())
    assert first == (
        "Since 30 Nov 2025: sales €2.7k (was €2.6k), share of our sales 68% (was 60%), chance of "
        "leaving 54% (was not known). There is no earlier plan to compare with."
    )
    assert (late, noted) == ("Overdue: Check the pumps (due 15 Dec 2025).", "Noted")
    ids = {each.rule: each.decision_id for each in plan.actions_found}
    actions = {
        ids["renew"]: "renew",
        "D2": "overdue",
        "D9": "margin",
        "gone": "rescue",
        **{f"x{at}": rule for at, rule in enumerate(("call", "offer", "notes", "call"))},
    }
    tasks = pd.concat(
        [plan.known.tasks, plan.known.tasks.tail(1).assign(decision_id="D9", status="declined")], ignore_index=True
    )
    kept = replace(then, figures={"revenue": 2700.0}, actions=actions, kept=True)
    assert said(replace(plan, last_made=kept, known=replace(plan.known, tasks=tasks)).changes())[:5] == [
        "Since the plan of 30 Nov 2025: no figure changed.", "Done: finish an overdue task.", "Declined: talk about prices or service.",
        "New: meet the decision-maker, introductions to every contact, answer a complaint and 3 more.",
        "No longer needed: meet the decision-maker, the annual executive call, get a decision on an open offer and 1 more.",
    ]  # fmt: skip


class Ledger:
    """As much of a ledger as this page asks by itself."""

    as_of, currency, name, level, lines, told_by_month = made.DAY, "EUR", "Small Works", "parent", True, False
    measures = ("revenue", "margin")

    def __init__(self, names="full", **tables):
        self.settings, self.tables = SimpleNamespace(names=names, tables={}), tables
        self.overview = SimpleNamespace(first=date(2023, 1, 1))
        self.spans = SimpleNamespace(covers=lambda window: True)
        self.master = SimpleNamespace(members=lambda ids: [*ids, "A2"], roots=pd.Series({"A1": "A1", "A2": "A1", "A3": "A1", "B2": "B1"}),
                                      named=lambda ids: ids.map({"A1": "Ash Mills", "A2": "Ash North", "A3": "Ash South", "B2": "Birch North"}))  # fmt: skip

    def has(self, table, column=""):
        return table in self.tables

    def records(self, table):
        return self.tables[table]

    def period_of(self, word):
        return Period(date(2025, 1, 1), date(2025, 12, 31), "2025")

    def year_before(self, period):
        return period.before()

    def by_account_line(self, of, *, measure):
        size = 1.0 if of.first.year == 2025 else 3.0
        return pd.DataFrame(
            {
                "account_id": ["A1", "A1", "B1"],
                "product_line": ["Seals", "Pumps", "Rent"],
                "revenue": [10.0 * size, 20.0 * size, 9.0],
            }
        ).iloc[: 3 if size == 1.0 else 1]

    def by_account(self, of, *, measures, level=""):
        sold = {2025: 120.0, 2024: 100.0}[of.last.year]
        return pd.DataFrame(
            {
                "account_id": ["A1", "A2", "B1"],
                "account_name": ["Ash Mills", "Ash North", "Birch"],
                "revenue": [sold, 5.0, -50.0],
                "margin": [30.0, 1.0, 2.0],
            }
        )

    def at(self, day):
        self.asked = day
        return self


def test_what_is_asked_of_the_ledger():
    texts = {"contacts": ["interests", "approach"], "objectives": ["our_contribution", "delivered"]}
    tables = {
        name: pd.DataFrame({"account_id": ["A1", "B1"], **dict.fromkeys(columns, "x")})
        for name, columns in texts.items()
    }
    tables["decisions"] = pd.DataFrame(
        {"account_id": ["B1", "A1"], "decision": "Ask Ida", "date": made.days("2025-12-01", "2025-12-02")}
    )
    tables |= {name: pd.DataFrame({"account_id": ["A1"]}) for name in ("feedback", "account_notes", "opportunities")}
    full, held_back = (known_of(Ledger(names, **tables), "A1") for names in ("full", "initials"))
    assert full.lines.values.tolist() == [["Pumps", 20.0, 0.0], ["Seals", 10.0, 30.0]]
    assert full.companies.values.tolist() == [["A1", "Ash Mills", 120.0], ["A2", "Ash North", 5.0]]
    assert (full.months, full.contracts, full.interactions) == (None, None, None)
    assert [
        len(each) for each in (full.contacts, full.objectives, full.tasks, full.feedback, full.notes, full.offers)
    ] == [1] * 6
    assert full.tasks["decision"].tolist() == ["Ask Ida"]
    assert (held_back.feedback, held_back.notes, len(held_back.offers)) == (None, None, 1)
    assert plain(held_back.tasks["decision"].tolist()[0]) == "a task of 2 Dec 2025"
    assert [list(each) for each in (held_back.contacts, held_back.objectives)] == [["account_id"], ["account_id"]]
    assert set(full.contacts) == {"account_id", "interests", "approach"}


def test_what_changed_lately(plan):
    ledger = Ledger()
    told = [plain(each) for each in lately(ledger, plan.known, account_id="A1", days=60)]
    assert told == [
        "Sales of the last 60 days: €120, up 20% on the same days a year ago.", "5 Dec 2025: Offer of €400 for Pumps won",
        "3 Dec 2025: “Thanks.”", "2 Dec 2025: Decided: Check the pumps", "20 Nov 2025: Ida Ray: “We look at both offers now.”",
        "1 more entry in these 60 days.",
    ]  # fmt: skip
    bare = made.known(feedback=None, tasks=plan.known.tasks.assign(status="done"), notes=plan.known.notes.assign(written=made.days("2025-12-30", None)),
                      offers=plan.known.offers.assign(status=None, product_line=None))  # fmt: skip
    assert [plain(each) for each in lately(ledger, bare, account_id="A1", days=31)][1:] == [
        "30 Dec 2025: The account manager's notes were rewritten", "5 Dec 2025: Offer of €400 closed",
        "2 Dec 2025: Decided, and done since: Check the pumps",
    ]  # fmt: skip
    # What is of the first day counts from the day after.
    assert not any("2 Dec" in plain(each) for each in lately(ledger, bare, account_id="A1", days=29))
    assert (
        plain(lately(ledger, bare, account_id="B1", days=30)[0])
        == "Sales of -€50 in the last 30 days, none in the same days a year ago."
    )
    assert (
        plain(lately(ledger, bare, account_id="A2", days=30)[0])
        == "Sales of the last 30 days: €5, unchanged on the same days a year ago."
    )
    ledger.overview.first = date(2024, 12, 3)
    assert "Sales" not in lately(ledger, bare, account_id="A1", days=30)[0]


def test_the_month_s_end_stands_in_for_a_plan_that_is_not_kept(monkeypatch):
    monkeypatch.delenv("KAM_PLANS_MADE", raising=False)
    ledger = Ledger()
    assert last_made(ledger, "A1") is None
    ledger.told_by_month = True
    then = last_made(ledger, "A1")
    assert (then.as_of, ledger.asked, then.kept, then.actions) == (date(2025, 11, 30), date(2025, 11, 30), False, {})
    assert then.figures == {"revenue": 120.0, "margin": 30.0, "share": 0.96}
    assert last_made(ledger, "B1").figures["share"] is None


def test_who_is_meant():
    traits = pd.DataFrame({"account_id": ["A1", "B1", "C1"], "account_name": ["Ash Mills", "Birch", "Cedar"]})
    book = SimpleNamespace(accounts=traits.iloc[::-1])
    keys = SimpleNamespace(ordered=["B1"], traits=traits, book=book)
    ledger = Ledger()
    assert which(ledger, keys, " ") == ("B1", "")
    assert which(ledger, SimpleNamespace(ordered=[], traits=traits, book=book), "") == ("C1", "")
    assert [which(ledger, keys, each)[0] for each in ("A1", "birch", "eda")] == ["A1", "B1", "C1"]
    group = ("A1", "Ash North belongs to Ash Mills: the plan is for the group.")
    assert [which(ledger, keys, each) for each in ("A2", "ash north", "sh nor")] == [group] * 3
    empty = SimpleNamespace(ordered=[], traits=traits, book=SimpleNamespace(accounts=traits.head(0)))
    for asked, whom, words in (
        ("", empty, "nobody bought in these months"), ("r", keys, 'may be any of Birch (B1) and Cedar (C1); write more of it'),
        ("north", keys, "write its number, or a part of its name"), ("Ceddar", keys, "did you mean Cedar (C1)?"),
    ):  # fmt: skip
        with pytest.raises(SettingsError) as error:
            which(ledger, whom, asked)
        assert words in str(error.value)
    ledger.level = "legal_entity"
    with pytest.raises(SettingsError):
        which(ledger, keys, "A2")


def test_the_customer_s_sheet(plan):
    sheet = plan.customer_sheet()
    text = plain(unescape(re.sub("(?:<[^>]+>)+", "|", sheet.body.html)))
    assert sheet.title == "Ash Mills: your goals and our next steps"
    assert text == (
        "|Your goals|Your goal|What we do for it|Due|Fewer stops|Spares on site|31 Jan 2026|Next steps|Next step|Who|By|"
        "Our reply to your complaint of 10 Dec 2025|Sue Field|7 Jan 2026|Fewer stops|Sue Field|31 Jan 2026|"
        "A visit from our management|Sue Field|31 Jan 2026|Our offer for the next contract|Sue Field|19 Feb 2026|"
        "Introduction of Ben Lake|Sue Field|27 Feb 2026|31 Dec 2025|"
    )
    person, offer = Person(person_id="M1", name="Ann Hill"), Offer(amount=1.0, line="Seals")
    others = [
        Action(rule="hand_over", owner=None, due=made.DAY, for_them=True, about={"to": ""}),
        Action(rule="offer", owner=person, due=made.DAY, for_them=True, about={"offer": offer}),
        Action(rule="offer", owner=person, due=made.DAY, for_them=True, about={"offer": replace(offer, line="")}),
        Action(rule="call", owner=person, due=made.DAY, for_them=False),
    ]  # fmt: skip
    steps = plain(replace(plan, actions_found=others, goals=plan.goals.tail(1)).customer_sheet().body.html)
    for words in (
        "Your goals: to be agreed at this meeting.",
        "Introduction of your new contact",
        "Your decision on our offer for Seals",
        ">Your decision on our offer<",
    ):
        assert words in steps
    assert "A visit" not in steps
    bundle = sheet._repr_mimebundle_()
    assert (repr(sheet), bundle["text/plain"], bundle["application/vnd.kam.sheet+json"]["company"]) == (
        sheet.title,
        sheet.title,
        "Small Works",
    )


def test_the_charts_draw_what_they_drew(plan):
    found = plan.result()
    held("05_account_plan", charts(plan), {name: table.declared() for name, table in found.tables.items()})


def test_the_charts_say_what_they_show(plan):
    sold, open_lines = plan.sales_chart(), plan.white_space_chart()
    table = sold.layout.meta["table"]
    assert plain(sold.layout.meta["title"]) == "Sales of twelve months: €2.7k, up 12% in a year"
    assert table["columns"] == ["Month", "Sales", "Margin", "12-month average"]
    assert (len(table["rows"]), table["rows"][10][-1], table["rows"][-2], table["rows"][-1]) == (
        15,
        "",
        ["Nov 2025", "113", "30", "108"],
        ["Dec 2025 (not over)", "114", "30", ""],
    )
    titles = {0.0049: "unchanged in a year", -0.125: "down 12% in a year", None: "€2.7k"}
    for growth, words in titles.items():
        other = made.plan(
            made.company(
                standing=pd.DataFrame({"account_id": ["A1"], "growth_share": [growth]}).astype({"growth_share": float})
            )
        )
        assert plain(other.sales_chart().layout.meta["title"]).endswith(words)
    assert made.plan(of=made.known(months=plan.known.months.head(2))).sales_chart() is None
    assert (
        made.plan(of=made.known(months=plan.known.months.head(3).drop(columns="margin")))
        .sales_chart()
        .layout.meta["table"]["columns"][2]
        == "12-month average"
    )
    assert plain(open_lines.layout.meta["title"]) == "Seals could bring €35 a year"
    assert open_lines.layout.meta["alt"] == "What 1 line that Ash Mills does not buy could bring a year, as ranges."
    assert open_lines.layout.meta["table"]["rows"] == [["Seals", "35", "10", "60", "6 of 9"]]
    assert replace(plan, white_space=plan.white_space.tail(1)).white_space_chart() is None


def test_the_explorer_starts_at_the_plan(plan):
    plan.company.keys.book, plan.company.keys.name = (
        SimpleNamespace(accounts=pd.DataFrame({"account_id": ["B1", "A1"]})),
        {"A1": "Ash Mills", "B1": "Birch"}.get,
    )
    made_of = explorer(SimpleNamespace(), plan)
    assert made_of is not None


def test_who_decides_and_is_not_spoken_to(plan):
    assert (plan.situation.live, plan.situation.strangers) == (1, ("Plant manager",))
    unnamed = made.plan(of=made.known(contacts=plan.known.contacts.assign(role=None, strength=0.0)))
    assert (unnamed.situation.live, unnamed.situation.strangers) == (0, ("someone who decides",) * 2)


def test_three_years_of_months_are_asked_for():
    asked = []
    ledger = Ledger()
    ledger.told_by_month = True
    ledger.by_account_month = lambda ids, window, measure: (
        asked.append((ids, window.first, window.last, measure))
        or pd.DataFrame({"account_id": ids, "month": ["m"], measure: [1.0]})
    )
    assert list(known_of(ledger, "A1").months) == ["month", "revenue", "margin"]
    assert asked == [(["A1"], date(2023, 1, 2), made.DAY, each) for each in ("revenue", "margin")]


def test_a_run_is_left_the_decisions_and_what_file_they_are_of(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    (tmp_path / "d.csv").write_bytes(b"decisions")
    ledger = Ledger()
    ledger.table = lambda name: pd.DataFrame({"decision_id": ["D1"], "due": made.days("2026-01-05"), "more": ["x"]})
    ledger.settings.data_dir, ledger.settings.tables = tmp_path, {"decisions": SimpleNamespace(file="d.csv")}
    leave_decisions(ledger)
    left = json.loads((tmp_path / FILE).read_text())
    assert left["read"] == hashlib.sha256(b"decisions").hexdigest()
    assert [(row["decision_id"], row["due"], row["owner"], "more" in row) for row in left["rows"]] == [
        ("D1", "2026-01-05", None, False)
    ]
    ledger.settings.names = "initials"
    (tmp_path / FILE).unlink()
    leave_decisions(ledger)
    assert json.loads((tmp_path / FILE).read_text())["rows"] is None


def test_a_complaint_calls_for_an_answer_for_90_days():
    for day, counts in (("2025-10-02", True), ("2025-10-01", False)):
        heard = pd.DataFrame({"date": made.days(day), "kind": ["Complaint"], "direction": ["in"]})
        assert (made.plan(of=made.known(interactions=heard)).situation.complaint_on is not None) == counts


def test_an_account_that_03_does_not_know_has_nothing_at_stake():
    unknown = made.plan(made.company(accounts=made.company().losses.accounts.tail(1)))
    assert (unknown.situation.at_stake, unknown.situation.chance) == (0.0, None)
