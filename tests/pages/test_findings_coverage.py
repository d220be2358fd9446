"""What the story of `04_coverage` does not tell: how many follow, as asked and assumed; how good an assignment is."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from words_for_tests import plain

from kam_analysis.analysis import handover
from kam_analysis.errors import DataError
from kam_analysis.pages.coverage import answer
from kam_analysis.pages.coverage.answer import _nobody, _slipping
from kam_analysis.pages.coverage.departures import Departures
from kam_analysis.pages.coverage.known import Asked, check
from kam_analysis.pages.coverage.leaving import room_of
from kam_analysis.pages.coverage.managers import at_other_rates
from kam_analysis.pages.coverage.tables_departure import _notices, how_good
from kam_analysis.pages.coverage.tables_people import _beside
from kam_analysis.pages.words import listed

SHARES = st.floats(0, 1)


def team(*assumed):
    """Two managers with an account each, and the company's own assumption of how many follow."""
    rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [100.0, 300.0]})
    held = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M2"]})
    own = handover.Rate(*assumed, "a guess") if assumed else None
    people = pd.DataFrame({"account_manager_id": ["M1", "M2"], "manager_name": ["Ann", "Bo"]})
    day = date(2026, 9, 18)
    return Departures(
        managers=people, customers=rows, traits=held, as_of=day, transition=handover.TRANSITION, follow=own, own=own
    )


def followed(asked, *assumed):
    rate = team(*assumed).if_follow(asked).follow
    return None if rate is None else (rate.value, rate.low, rate.high, rate.source)


def test_below_zero_means_as_the_settings_say():
    assert followed(-1.0, 0.3, 0.1, 0.6) == (0.3, 0.1, 0.6, "a guess")
    assert followed(None, 0.3, 0.1, 0.6) == (0.3, 0.1, 0.6, "a guess")
    assert followed(-1.0) is None


@pytest.mark.parametrize(("asked", "low", "high"), [(0.15, 0.05, 0.3), (0.0, 0.0, 0.0), (0.6, 0.2, 1.0), (1.0, 1 / 3, 1.0)])  # fmt: skip
def test_what_is_asked_for_has_the_settings_range_in_proportion(asked, low, high):
    value, least, most, source = followed(asked, 0.3, 0.1, 0.6)
    assert (value, least, most) == pytest.approx((asked, low, high))
    assert source.startswith("set for this report")


def test_without_an_assumption_or_with_none_above_zero_there_is_no_range():
    assert followed(0.4) == followed(0.4, 0.0, 0.0, 0.2) == (0.4, 0.4, 0.4, "set for this report")


@given(SHARES, st.tuples(SHARES, SHARES, SHARES).map(sorted))
def test_any_share_gives_a_rate_with_its_range_around_it(asked, assumed):
    low, value, high = assumed
    found = team(value, low, high).if_follow(asked).follow
    assert 0 <= found.low <= found.value == asked <= found.high <= 1


def test_the_managers_side_by_side_take_the_costs_of_other_rates_and_keep_the_rest():
    people = team().if_follow(None).managers.assign(hours_per_month=[1.0, 2.0])
    found = at_other_rates(people, team().if_follow(0.5)).set_index("account_manager_id")
    assert found["hours_per_month"].to_dict() == {"M1": 1.0, "M2": 2.0}
    assert found["further"].to_dict() == pytest.approx({"M1": 100 * 0.5 * 0.846, "M2": 300 * 0.5 * 0.846})
    assert people["further"].isna().all(), "the table given is not changed"


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.0, "This is optimal under these rules."),
        (2e-5, "A better assignment would save less than 0.1% more."),
        (0.0136, "A better assignment would save 1.4% more at most."),
        (float("inf"), "Whether a better assignment would save more is not known."),
    ],
)
def test_an_assignment_says_how_far_the_best_may_be(gap, said):
    assert plain(how_good(gap)) == said


def test_what_a_successor_can_take_on_is_what_is_left_where_nearly_all_hours_are_on_record():
    """Four fifths of 100 hours on record are nearly all; who has more on record than hours can take on nothing."""
    rows = {"below": (100.0, 79.9), "at": (100.0, 80.0), "above": (50.0, 47.0), "over": (100.0, 130.0)}
    managers = pd.DataFrame(
        {
            "account_manager_id": list(rows),
            "hours_per_month": [each[0] for each in rows.values()],
            "hours_recorded": [each[1] for each in rows.values()],
        }
    )
    assert room_of(managers).to_dict() == {"at": 20.0, "above": 3.0, "over": 0.0}
    assert room_of(managers.head(1)) is None


@pytest.mark.parametrize(("rows", "said"), [(0, []), (3, ["A0 (1 Jul 2026), A1 (2 Jul 2026) and A2 (3 Jul 2026)."]),
                                            (5, ["A0 (1 Jul 2026), A1 (2 Jul 2026), A2 (3 Jul 2026) and 2 more."])])  # fmt: skip
def test_three_last_days_for_notice_are_named(rows, said):
    near = pd.DataFrame(
        {"account_name": [f"A{at}" for at in range(rows)], "notice_by": pd.date_range("2026-07-01", periods=rows)}
    )
    told = _notices(SimpleNamespace(leaving=SimpleNamespace(notices=near)))
    assert [plain(each).removeprefix("Last days for notice within half a year: ") for each in told] == said


@pytest.mark.parametrize(
    ("many", "said"), [(1, "A0"), (2, "A0 and A1"), (3, "A0, A1 and A2"), (4, "A0, A1, A2 and 1 more"), (6, "A0, A1, A2 and 3 more")]
)  # fmt: skip
def test_three_customers_are_named(many, said):
    assert listed(pd.Series([f"A{at}" for at in range(many)]), 3) == said


def tiles(of, *, managers=2, before=(100.0, 300.0, -40.0), unheld=0, idle=0):
    attended = pd.DataFrame({"before": list(before), "verdict": ["neither", "grown", "neither"]})
    ownership = SimpleNamespace(unheld=range(unheld), unheld_idle=idle)
    found = SimpleNamespace(
        attended=attended, managers=range(managers), ownership=ownership, about=SimpleNamespace(unit="EUR")
    )
    return [(plain(each.label), plain(each.value), plain(each.note)) for each in of(found)]


def test_what_slips_is_a_share_of_what_was_bought_the_year_before():
    """100 of 400: a credit note is no sale, though its customer is one of the two."""
    assert tiles(_slipping) == [("Slipping", "25%", "of last year's sales, at 2 customers: €100")]
    assert tiles(_slipping, managers=0) == tiles(_slipping, before=(0.0, -1.0, 0.0)) == []


def test_who_has_no_manager_is_counted_with_those_who_bought():
    assert tiles(_nobody, unheld=3, idle=2) == [
        ("Without an account manager", "5 customers", "3 of them bought in the twelve months")
    ]
    assert tiles(_nobody, idle=1) == [
        ("Without an account manager", "1 customer", "none of them bought in the twelve months")
    ]
    assert tiles(_nobody) == tiles(_nobody, managers=0, unheld=3) == []


def refused(**asked):
    traits = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M3"]})
    staff = pd.DataFrame({"manager_id": ["M3", "M1", "M2"], "manager_name": ["Zoe", "Ann", "Bo"]})
    try:
        check(Asked(**asked), SimpleNamespace(traits=traits, staff=staff))
    except DataError as error:
        return [str(each) for each in error.problems]
    return []


def test_what_was_asked_is_refused_in_a_sentence_each():
    assert refused(leaving="M1", contacts_of="b", spare_hours=744.0, follow_rate=1.0) == []
    assert refused(spare_hours=0.0, follow_rate=-1.0) == []
    assert refused(leaving="Ann") == [
        'leaving: expected the id of an account manager with accounts, got "Ann"; the id of Ann is "M1"'
    ]
    assert refused(leaving="M2", contacts_of="c", spare_hours=744.5, follow_rate=1.01) == [
        'leaving: expected the id of an account manager with accounts, got "M2"; known here: M1, M3',
        'contacts_of: expected the id of an account, got "c"; known here: a, b',
        "spare_hours: expected 0 to 744 hours a month, got 744.5; 0 means no limit",
        "follow_rate: expected a share 0-1, got 1.01; below 0 means as the settings say",
    ]
    assert len(refused(spare_hours=-0.5)) == 1


def test_nothing_asked_is_as_the_settings_say():
    assert Asked() == Asked(leaving="", contacts_of="", spare_hours=0.0, follow_rate=-1.0)


def beside(amounts=(), idle=0, without_deputy=0):
    unheld = pd.DataFrame({"account_id": [f"A{at}" for at in range(len(amounts))], "revenue": list(amounts)})
    own = SimpleNamespace(
        few=SimpleNamespace(effective_accounts=18.4, effective_managers=5.0),
        unheld=unheld,
        unheld_idle=idle,
        without_deputy=range(without_deputy),
    )
    return plain(_beside(SimpleNamespace(ownership=own, about=SimpleNamespace(unit="EUR"), customer=str.lower)))


def test_who_has_no_manager_and_no_deputy_stands_beside_the_managers():
    few = "Sales are as concentrated as 18 equal customers, and as 5.0 managers with equal sales."
    assert beside() == few
    # A credit note takes nothing from what the others bought.
    assert beside([700.4, 52.0, 8.0, -200.0]) == (
        f"{few} 4 customers (€760) have no account manager, led by a0, a1, a2."
    )
    assert beside([700.4], idle=1, without_deputy=1) == (
        f"{few} One customer (€700) has no account manager: a0. One inactive customer has none either."
        " One customer with a manager has no deputy."
    )
    assert beside(idle=2, without_deputy=44) == (
        f"{few} 2 inactive customers have none either. 44 customers with a manager have no deputy."
    )


def part(of, **known):
    found = SimpleNamespace(about=SimpleNamespace(unit="EUR"), key_ids=["a"] * 14, unmatched=False, **known)
    return [plain(each) if isinstance(each, str) else (plain(each.label), plain(each.value), plain(each.note)) for each in of(found)]  # fmt: skip


@pytest.mark.parametrize(
    ("overdue", "said", "value"),
    [
        (0, "Every key account had an executive call this year.", "0 of 14"),
        (1, "1 of 14 key accounts had no executive call this year.", "1 of 14"),
        (11, "11 of 14 key accounts had no executive call this year.", "11 of 14"),
    ],
)
def test_executive_calls_are_told_where_calls_are_known(overdue, said, value):
    assert part(answer._called, overdue=overdue) == [said]
    assert [each[1] for each in part(answer._calls, overdue=overdue)] == [value]
    unknown = SimpleNamespace(overdue=None, key_ids=["a"])
    nobody_is_key = SimpleNamespace(overdue=2, key_ids=[])
    for found in (unknown, nobody_is_key):
        assert answer._called(found) == answer._calls(found) == []


def test_who_depends_on_one_contact_is_counted_with_its_sales():
    single = pd.DataFrame({"revenue": [700.4, 52.0, -200.0]})
    hanging = SimpleNamespace(hanging=range(186))
    assert part(answer._on_one_contact, on_one=single) == ["3 customers depend on one contact."]
    assert part(answer._on_one_contact, on_one=single.head(1)) == ["One customer depends on one contact."]
    assert part(answer._on_one_contact, on_one=single.head(0)) == []
    assert part(answer._single_contacts, on_one=single, relations=hanging) == [
        ("Single-contact customers", "3 of 186", "customers with contacts on record, €752 of sales")
    ]
    assert part(answer._single_contacts, on_one=single, relations=SimpleNamespace(hanging=[])) == []
