"""04: a departure in every way it can be told: with and without a last day, followers, a margin, hand-overs of one's own."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.pages.coverage import advice, answer, result, tables_departure
from kam_analysis.pages.coverage import found as made


def ranged(value, low, high, **more):
    return SimpleNamespace(value=value, low=low, high=high, **more)


FOLLOWING = ranged(170.0, 60.0, 330.0)


def costs(further=True, margin=True, **changes):
    accounts = pd.DataFrame(
        {"account_id": ["a", "b"], "bond": ["person", None], "resale": [500.0, 80.0], "new_sale": [60.0, 7.0]}
    )
    given = {
        "accounts": accounts,
        "revenue": 647.0,
        "revenue_share": 0.294,
        "manager_id": "M1",
        "transition_rate": ranged(0.154, 0.132, 0.176),
        "transition": ranged(100.0, 85.0, 114.0),
        "further": FOLLOWING if further is True else further or None,
        "follow_rate": ranged(0.3, 0.1, 0.6, source="our guess") if further else None,
        "at_risk": ranged(270.0, 145.0, 444.0),
        "at_risk_margin": ranged(81.0, 43.0, 133.0) if margin else None,
    }
    return SimpleNamespace(**given | changes)


def found(cost, last_day=None, own=None, **more):
    given = {
        "about": SimpleNamespace(unit="EUR"), "leaver": "Ann", "last_day": last_day, "unmatched": False,
        "known": SimpleNamespace(as_of=date(2026, 6, 30)), "own": SimpleNamespace(told=own, unseen=0),
        "leaving": SimpleNamespace(cost=cost, notices=pd.DataFrame(columns=["account_name", "notice_by"])),
    }  # fmt: skip
    return SimpleNamespace(**given | more)


BEFORE = (
    "Ann looks after 2 customers with €647 of sales{last}. A change of manager cost another company 13.2% to 17.6% of"
    " such sales within a year: €85-114 here."
)
FOLLOW = " If 30% of customers follow, €170 more is lost."
RESTS = " What this rests on "
FOLLOW_RANGE = (
    "How many follow is an assumption of 10% to 60% (our guess), which makes €60-330. Customers bound to the person"
    " take the upper end, those bound to the company the lower. "
)
RESALE = (
    "Of these sales €580 are lines that the customers bought before, €67 new ones. After a change the former fall,"
    " while the latter can rise, and with them the total (Schmitz and others, Journal of Marketing 2020)."
)


@pytest.mark.parametrize(
    ("cost", "last_day", "said"),
    [
        (costs(), date(2026, 12, 31), BEFORE.format(last=" and leaves on 31 December") + FOLLOW + " Together, that is €81 of margin (€43-133)." + RESTS + FOLLOW_RANGE),
        (costs(further=False), date(2026, 6, 29), BEFORE.format(last=" and left on 29 June 2026") + " In margin, that is €81 (€43-133)." + RESTS),
        (costs(further=False, margin=False), None, BEFORE.format(last="") + RESTS),
    ],
)  # fmt: skip
def test_what_a_departure_costs_and_what_it_rests_on(cost, last_day, said):
    told = tables_departure.cost_notes(found(cost, last_day)).html
    assert " ".join(re.sub("<[^>]+>", " ", plain(told)).split()) == f"{said}{RESALE}"
    assert tables_departure.cost_notes(found(None)).html == ""


def test_lines_that_nobody_tells_apart_are_not_told():
    accounts = costs().accounts
    for each in (accounts.drop(columns="resale"), accounts.assign(resale=float("nan"))):
        assert tables_departure._resale(found(costs(accounts=each))) == ""


@pytest.mark.parametrize(
    ("rate", "tells", "said"),
    [
        (ranged(-0.25, -0.63, 0.12), False, "rose by 25% on average, against accounts that did not change hands (90% interval -12% to +63%). That is too uncertain to rely on, so the published range stays."),
        (ranged(0.2, 0.1, 0.3), True, "fell by 20% on average, against accounts that did not change hands (90% interval -30% to -10%)."),
        (ranged(0.0, 0.0, 0.0), True, "fell by 0% on average, against accounts that did not change hands (90% interval 0% to 0%)."),
    ],
)  # fmt: skip
def test_hand_overs_of_one_s_own(rate, tells, said):
    own = SimpleNamespace(rate=rate, handovers=11, tells=tells)
    told = plain(tables_departure._own(found(costs(), own=own)))
    assert told.replace("\N{MINUS SIGN}", "-") == f"After your own 11 hand-overs sales {said}"
    unseen = found(costs(), own=own)
    unseen.own.unseen = 2
    assert tables_departure._own(unseen).endswith(
        " 2 customers changed hands and bought nothing since: the loss may be larger."
    )


def test_hand_overs_that_do_not_tell():
    own = SimpleNamespace(rate=None, reason="none is a year ago")
    assert (
        tables_departure._own(found(costs(), own=own)) == "Your own past hand-overs do not show it: none is a year ago."
    )
    assert tables_departure._own(found(costs())) == ""


@pytest.mark.parametrize(
    ("caller_id", "caller", "said"),
    [("S1", "Di Sup", "Di Sup"), (None, "superior", "a superior"), (None, "executive", "an executive")],
)
def test_who_calls_where_nobody_is_named(caller_id, caller, said):
    assert tables_departure._caller({"caller_id": caller_id, "caller": caller}) == said


@pytest.mark.parametrize(
    ("cost", "last_day", "said"),
    [
        (costs(), date(2026, 12, 31), "Ann, who looks after 29% of sales, leaves on 31 December. That puts €85-114 of sales at risk, €270 if customers follow."),
        (costs(), date(2026, 6, 30), "Ann, who looks after 29% of sales, leaves on 30 June. That puts €85-114 of sales at risk, €270 if customers follow."),
        (costs(further=False), date(2026, 6, 29), "Ann, who looks after 29% of sales, left on 29 June 2026. That puts €85-114 of sales at risk."),
        (costs(further=ranged(0, 0, 0)), None, "Ann looks after 29% of sales. A hand-over puts €85-114 of sales at risk."),
    ],
)  # fmt: skip
def test_the_answer_is_a_fact_or_a_question(cost, last_day, said):
    of = found(cost, last_day)
    assert plain(answer.answer(of)) == said
    of.unmatched = True
    assert answer.answer(of) == answer.NOT_MATCHED


def test_without_a_manager_the_answer_is_what_is_known():
    of = found(None, on_one=range(2), overdue=1, key_ids=["a", "b"])
    assert answer.answer(of) == (
        "2 customers depend on one contact. 1 of 2 key accounts had no executive call this year."
    )
    assert answer.answer(found(None, on_one=[], overdue=None, key_ids=[])) == answer.NOBODY_NAMED


def test_what_it_is_where_some_follow():
    assert plain(answer.if_some_follow(found(costs()))) == (
        "If 30% of customers follow, more where they are bound to the person, it is €270 in all (€145-444)."
    )
    unbound = costs(accounts=costs().accounts.assign(bond=None))
    certain = costs(follow_rate=ranged(0.3, 0.3, 0.3))
    for each in (unbound, certain):
        assert plain(answer.if_some_follow(found(each))).startswith("If 30% of customers follow, it is €270")
    for nothing in (None, costs(further=False), costs(follow_rate=ranged(0.0, 0.0, 0.6))):
        assert answer.if_some_follow(found(nothing)) == ""
    assert answer.if_some_follow(found(costs(), unmatched=True)) == ""


@pytest.mark.parametrize(
    ("cost", "own", "more"),
    [
        (costs(further=False), None, ["how many customers follow a manager to a competitor was never measured; give your own assumption follow_rate to see it"]),
        (costs(), None, []),
        (costs(), SimpleNamespace(rate=ranged(-0.25, -0.63, 0.12), handovers=11, tells=False), ["your own 11 hand-overs are too few to say anything: their loss lies between -63% and 12%"]),
        (costs(), SimpleNamespace(rate=ranged(-0.25, -0.63, 0.12), handovers=11, tells=True), []),
    ],
)  # fmt: skip
def test_where_the_cost_is_from(cost, own, more):
    told = [plain(each).replace("\N{MINUS SIGN}", "-") for each in result._measured(found(cost, own=own))]
    assert told[0].startswith("what a change of manager costs was measured at one other company")
    assert told[1:] == more
    assert result._measured(found(None)) == []


def test_the_first_step_is_to_call_before_the_last_day_or_now():
    calls = pd.DataFrame(
        {"caller_id": ["S1", "S1"], "account_name": ["Alder", "Birch"], "day": pd.to_datetime(["2026-07-01"] * 2)}
    )
    managers = pd.DataFrame({"account_manager_id": ["M0", "M2", "M1"], "without_deputy": [8, 7, 1]})

    def steps(last_day, who, rows=calls, takes=None):
        of = found(costs(), last_day, managers=managers, manager=lambda id_: who if id_ == "S1" else "")
        of.leaving.calls, of.leaving.takes = rows, takes
        of.known.staff = pd.DataFrame({"manager_id": ["M1"], "superior_id": ["S1"]})
        return [
            tuple(plain(each) for each in (step.what, step.who, step.by, step.at_stake))
            for step in advice._departure(of)
        ]

    deputy = ("Name a deputy for Ann's customers: 1 of 2 have none.", "", "", "€85-114 of sales at stake")
    begin = "Call Ann's 2 customers, beginning with Alder on 1 Jul 2026."
    assert steps(date(2026, 12, 31), "Di") == [(begin, "Di", "31 Dec 2026", "€270 of sales at stake"), deputy]
    gone = "Call Ann's 2 customers now, for Ann left on 29 June 2026. Begin with Alder on 1 Jul 2026."
    assert steps(date(2026, 6, 29), "")[0] == (gone, "An executive", "1 Jul 2026", "€270 of sales at stake")
    assert steps(date(2026, 6, 30), "Di")[0] == (begin, "Di", "30 Jun 2026", "€270 of sales at stake")
    assert steps(None, "Di") == steps(date(2026, 12, 31), "Di", calls.head(0)) == [deputy]
    # Where the last day is on file, who takes over comes before who could stand in.
    on = pd.DataFrame({"day": pd.to_datetime(["2026-10-05", "2026-07-14", None])})
    takes = SimpleNamespace(saved=1787.0, accounts=on)
    agree = "Agree who takes over Ann's 2 customers: the right successors avoid €1.79k of lost sales."
    assert steps(date(2026, 12, 31), "Di", takes=takes)[1:] == [
        (agree, "Di", "14 Jul 2026", "€85-114 of sales at stake")
    ]
    late = SimpleNamespace(saved=1.0, accounts=on.assign(day=pd.NaT))
    assert steps(date(2026, 7, 3), "Di", takes=late)[1][2] == "3 Jul 2026"
    assert steps(None, "Di", takes=takes) == [deputy]


def test_what_is_told_elsewhere_names_no_day_that_is_not_announced(monkeypatch):
    """Of M2, whose day is not announced, nothing is seen; M3's is, and M1's is nobody's business here."""
    days = pd.to_datetime([None, "2026-10-31", "2026-12-31"])
    ids = ["M1", "M2", "M3"]
    asked = {}

    def if_leaves(leaver, departing, *, known, **more):
        asked.update(leaver=leaver, days=known.staff.set_index("manager_id")["leaving_on"].notna().to_dict())
        return "what it costs"

    def told(announced):
        of = SimpleNamespace(
            departures=pd.DataFrame({"account_manager_id": ids, "announced": announced}),
            managers=pd.DataFrame({"account_manager_id": ids, "leaving_on": days}),
            known=made.Known(**dict.fromkeys(made.Known.__dataclass_fields__)),
        )
        staff = pd.DataFrame({"manager_id": ids, "leaving_on": days})
        of.known = replace(of.known, staff=staff)
        of.asked, of.departing, of.accounts, of.room = SimpleNamespace(spare_hours=0.0), None, None, None
        monkeypatch.setattr(made, "if_leaves", if_leaves)
        monkeypatch.setattr(
            made, "replace", lambda whole, **changes: replace(whole, **changes) if whole is not of else changes
        )
        return made.Found.as_announced(of)

    changes = told([False, False, True])
    assert (asked["leaver"], asked["days"]) == ("M3", {"M1": False, "M2": True, "M3": True})
    assert changes["managers"]["leaving_on"].notna().tolist() == [False, False, True]
    # Nobody's day is announced: whoever holds most is asked about, as if no day were on file for them.
    told([False, False, False])
    assert (asked["leaver"], asked["days"]) == ("M1", {"M1": False, "M2": True, "M3": True})
    days = pd.to_datetime(["2026-11-30", "2026-10-31", "2026-12-31"])
    told([False, False, False])
    assert asked["days"] == {"M1": False, "M2": True, "M3": True}
