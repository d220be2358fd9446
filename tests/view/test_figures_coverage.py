"""The figures of `04_coverage`: what they show, readable at 25 contacts, and hostile names as text."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import coverage, handover
from kam_analysis.view.figures.coverage import contacts_figure, departures_figure, hours_figure
from kam_analysis.view.figures.frame import Source

SOURCE = Source("Lindmark", "18 Sep 2026", "12 months")
HOSTILE = "<img src=x onerror=alert(1)>"


def people(n, strength=lambda at: at % 5, name=lambda at: f"Person number {at} with a long name"):
    return pd.DataFrame(
        {
            "contact_id": [f"C{at:02}" for at in range(n)], "account_id": "a", "contact_name": [name(at) for at in range(n)], "role": "Head of maintenance and purchasing",
            "influence": [5 - at % 5 for at in range(n)], "strength": [strength(at) for at in range(n)], "strength_wanted": 4.0, "interests": "Uptime", "approach": "On site",
        }
    )  # fmt: skip


def drawn(rows):
    return contacts_figure(coverage.contact_map(rows, "a"), "Aldermoor", SOURCE)


def test_25_contacts_have_a_row_each_and_room_for_it():
    figure = drawn(people(25))
    labels = figure.layout.yaxis.ticktext
    assert len(labels) == len(set(labels)) == 25
    assert all(len(label) <= 50 for label in labels)
    assert (figure.layout.height - 150) / 25 >= 20
    assert len(figure.layout.meta["table"]["rows"]) == 25


def test_the_most_influential_stand_on_top_and_wishes_are_rings():
    figure = drawn(people(5))
    rings, dots = figure.data
    assert rings.marker.symbol == "circle-open"
    assert list(dots.x) == [4, 3, 2, 1, 0]
    assert figure.layout.yaxis.ticktext[-1].endswith("(5)")


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (people(1, lambda at: 4), "Aldermoor hangs on one contact: Person number 0 with a long name"),
        (people(2, lambda at: 4), "Aldermoor: we know both who decide"),
        (people(2, lambda at: 3), "Aldermoor: we know both who decide, 2 of all contacts less well than wanted"),
        (people(3, lambda at: 0), "Aldermoor: of 2 who decide we know none"),
        (people(3, lambda at: 3 if at else 0), "Aldermoor: of 2 who decide we know 1"),
        (people(3, lambda at: 3).assign(influence=2), "Aldermoor: 3 live contacts, none with much influence"),
    ],
)
def test_the_title_says_what_the_picture_shows(rows, title):
    assert drawn(rows).layout.meta["title"] == title


def test_a_hostile_name_is_text():
    figure = drawn(people(2, name=lambda at: HOSTILE))
    assert "<img" not in figure.data[1].hovertext[0]
    assert not any("<img" in label for label in figure.layout.yaxis.ticktext)
    assert figure.layout.meta["table"]["rows"][0][0] == HOSTILE


def evidence(managers=3, follows=True):
    names = [f"M{at}" for at in range(managers)]
    rows = pd.DataFrame({"account_id": names, "account_name": names, "revenue": np.arange(1.0, managers + 1) * 100})
    held = pd.DataFrame({"account_id": names, "account_manager_id": names})
    follow = handover.Rate(0.3, 0.1, 0.6, "a guess") if follows else None
    each = handover.departures_of_each(rows, held, handover.TRANSITION, follow)
    cost = handover.departure(rows, held, names[-1], handover.TRANSITION, follow)
    return SimpleNamespace(people=each, leaving=SimpleNamespace(cost=cost), manager=str, earned="margin", hours=None)


def test_the_dearest_managers_have_a_bar_each_with_the_one_looked_at_marked():
    figure = departures_figure(evidence(), SOURCE, "EUR")
    alone, more = figure.data
    np.testing.assert_allclose(alone.x, [15.4, 30.8, 46.2])
    np.testing.assert_allclose(more.x, [value * 0.3 * (1 - 0.154) for value in (100, 200, 300)])
    assert len(set(alone.marker.color)) == 2
    assert figure.layout.meta["title"].startswith("The dearest hand-over is M2's")


def test_sixty_managers_do_not_make_a_page_long_picture():
    assert departures_figure(evidence(60), SOURCE, "EUR").layout.height < 800


def test_without_an_own_assumption_nobody_follows_in_the_picture():
    assert len(departures_figure(evidence(follows=False), SOURCE, "EUR").data) == 1


def test_hours_are_drawn_where_they_are_known():
    found = evidence()
    assert hours_figure(found, SOURCE, "EUR") is None
    rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "account_manager_id": "M", "hours": 5.0, "at_stake": [400.0, 100.0], "probability": 0.5})  # fmt: skip
    found.hours = handover.allocate_hours(rows)
    figure = hours_figure(found, SOURCE, "EUR")
    now, best = figure.data
    assert list(now.x) == [5.0, 5.0]
    assert sum(best.x) == pytest.approx(10)
    assert best.x[-1] > 5, "who has more to lose stands on top and gets more"
