"""Who somebody is, who is above them, and who is the sponsor: a staff of six, one of them in a circle."""

from datetime import date

import pandas as pd
import pytest

from kam_analysis.pages.own_people import OurPeople

DAY = date(2025, 12, 31)
STAFF = pd.DataFrame(
    {
        "manager_id": ["M1", "M2", "S1", "E1", "E2", "C1"],
        "manager_name": ["Ann Hill", None, "Sue Field", "Eve Moor", "Max Low", "Cy Loop"],
        "superior_id": ["S1", "S1", "E1", "E2", None, "C1"],
        "level": ["manager", "manager", "superior", "executive", "executive", "executive"],
        "leaving_on": pd.to_datetime(["2026-02-28", None, None, "2026-01-31", None, None]),
        "announced_on": pd.to_datetime(["2025-12-31", None, None, "2026-01-01", None, None]),
        "joins": ["Vex", None, None, None, None, None],
    }
)
PEOPLE = OurPeople(STAFF, DAY)


def test_somebody_by_id_and_by_name():
    ann = PEOPLE.person("M1")
    assert (ann.person_id, ann.name, ann.leaves, ann.joins, ann.told) == (
        "M1",
        "Ann Hill",
        date(2026, 2, 28),
        "Vex",
        True,
    )
    assert PEOPLE.called("Ann Hill") == PEOPLE.called("M1") == ann
    assert (PEOPLE.person("M2").name, PEOPLE.person("M2").leaves, PEOPLE.person("X9").name) == ("M2", None, "X9")
    assert (PEOPLE.person(""), PEOPLE.called("Nobody")) == (None, None)
    # Announced only on the day after.
    assert (PEOPLE.person("E1").told, PEOPLE.person("E1").leaves) == (False, date(2026, 1, 31))


def test_a_last_day_of_the_calendar_s_last_year_is_none():
    for_ever = STAFF.astype({"leaving_on": object}).assign(leaving_on=[date(9999, 12, 31)] * 6)
    assert (
        OurPeople(for_ever.assign(leaving_on=pd.Series([pd.Timestamp("9999-12-31")] * 6)), DAY).person("M1").leaves
        is None
    )


@pytest.mark.parametrize(
    ("of", "above"), [("M1", ["S1", "E1", "E2"]), ("S1", ["E1", "E2"]), ("E2", []), ("C1", []), ("X9", [])]
)
def test_who_is_above(of, above):
    assert [each.person_id for each in PEOPLE.above(of)] == above


def test_a_circle_of_superiors_ends():
    circle = pd.DataFrame(
        {"manager_id": ["A", "B", "C"], "manager_name": ["a", "b", "c"], "superior_id": ["B", "C", "B"]}
    )
    assert [each.person_id for each in OurPeople(circle, DAY).above("A")] == ["B", "C"]


def test_the_sponsor_is_the_nearest_executive_who_is_here_that_day():
    above = PEOPLE.above("M1")
    assert PEOPLE.sponsor(above, DAY).person_id == "E1"
    # On their last day they are not here any more; then the next above.
    assert PEOPLE.sponsor(above, date(2026, 1, 31)).person_id == "E2"
    assert PEOPLE.sponsor([], DAY).person_id == "C1"
    assert OurPeople(STAFF.assign(level="manager"), DAY).sponsor(above, DAY) is None
