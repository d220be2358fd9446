"""The figures of `04_coverage`: what they show, readable at 25 contacts, and hostile names as text."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.analysis import handover
from kam_analysis.pages import style
from kam_analysis.pages.coverage.charts_contacts import contacts_chart, hours_chart
from kam_analysis.pages.coverage.charts_departure import departures_chart, successors_chart
from kam_analysis.pages.frame import Source

ABOUT = SimpleNamespace(source=Source("Lindmark", "18 Sep 2026", "12 months"), unit="EUR")
HOSTILE = "<img src=x onerror=alert(1)>"


def people(n, strength=lambda at: at % 5, name=lambda at: f"Person number {at} with a long name"):
    return pd.DataFrame(
        {
            "contact_id": [f"C{at:02}" for at in range(n)], "account_id": "a", "contact_name": [name(at) for at in range(n)], "role": "Head of maintenance and purchasing",
            "influence": [5 - at % 5 for at in range(n)], "strength": [strength(at) for at in range(n)], "strength_wanted": 4.0, "interests": "Uptime", "approach": "On site",
        }
    )  # fmt: skip


def drawn(rows):
    known = SimpleNamespace(contacts=rows)
    return contacts_chart(SimpleNamespace(known=known, customer=lambda id_: "Aldermoor", about=ABOUT), "a")


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
        (people(1, lambda at: 4), "Aldermoor depends on one contact: Person number 0 with a long name"),
        (people(2, lambda at: 4), "Aldermoor: we know both who decide"),
        (people(2, lambda at: 3), "Aldermoor: we know both who decide, 2 contacts too little"),
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
    left = SimpleNamespace(cost=cost)
    return SimpleNamespace(managers=each, leaving=left, manager=str, earned="margin", allocation=None, about=ABOUT)


def test_the_dearest_managers_have_a_bar_each_with_the_one_looked_at_marked():
    figure = departures_chart(evidence())
    alone, more = figure.data
    np.testing.assert_allclose(alone.x, [15.4, 30.8, 46.2])
    np.testing.assert_allclose(more.x, [value * 0.3 * (1 - 0.154) for value in (100, 200, 300)])
    assert len(set(alone.marker.color)) == 2
    # 13.2 to 17.6% of 300.
    assert plain(figure.layout.meta["title"]).replace("–", "-") == (
        "M2's hand-over would cost most: €40-53 of a year's sales"
    )


def test_sixty_managers_do_not_make_a_page_long_picture():
    assert departures_chart(evidence(60)).layout.height < 800


def test_the_manager_looked_at_is_among_the_dearest_in_any_case():
    found = evidence(60)
    found.leaving.cost = SimpleNamespace(manager_id="M3")
    figure = departures_chart(found)
    assert figure.layout.yaxis.ticktext[0].startswith("M3, ")
    assert figure.data[0].marker.color.count(style.ACCENT) == 1
    assert len(figure.data[0].x) == 12


def test_without_an_own_assumption_nobody_follows_in_the_picture():
    assert len(departures_chart(evidence(follows=False)).data) == 1


def taken(to, losses=None, names=None, revenue=None):
    """Who takes how many accounts of M0: `to` by account, the largest loss first, None for nobody."""
    size = len(to)
    rows = pd.DataFrame(
        {
            "account_id": [f"a{at}" for at in range(size)], "account_name": names or [f"Customer {at}" for at in range(size)], "revenue": revenue or [100.0] * size,
            "loss": losses or [float(size - at) for at in range(size)], "to_id": pd.array(to, dtype="str"), "saved": 0.4, "runner_up_id": pd.array(["M9"] * size, dtype="str"),
        }
    )  # fmt: skip
    by = rows.groupby("to_id")
    held = pd.DataFrame({"manager_id": ["M1", "M2"]}).assign(
        new_accounts=lambda frame: frame["manager_id"].map(by.size()).fillna(0).astype(int),
        revenue=lambda frame: frame["manager_id"].map(by["revenue"].sum()).fillna(0.0),
    )
    given = handover.Handover(rows, held, "M0", float(rows["loss"].sum()), 0.0, 0.0, 0.0, 9)
    left = SimpleNamespace(takes=given)
    return SimpleNamespace(leaving=left, leaver="M0", manager=lambda id_: "" if pd.isna(id_) else str(id_), about=ABOUT)


def test_each_account_has_a_bar_with_its_successor_the_largest_loss_on_top():
    figure = successors_chart(taken(["M2", "M1", "M2"]))
    assert list(figure.data[0].x) == [1, 2, 3]
    assert list(figure.layout.yaxis.ticktext) == ["Customer 2", "Customer 1", "Customer 0"]
    assert [each.text for each in figure.layout.annotations] == ["M2", "M1", "M2"]
    assert list(figure.data[0].marker.color) == [style.ACCENT, style.MUTED, style.ACCENT]
    assert figure.layout.meta["table"]["rows"][0] == ["Customer 0", "M2", "€3".replace(" ", style.GAP), "€0.4".replace(" ", style.GAP), "M9"]  # fmt: skip


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (taken(["M2", "M1", "M2"]), "M2 takes over the largest part of M0's sales: €200"),
        (taken(["M1", "M1"]), "M1 takes over all of M0's sales: €200"),
        (taken(["M1", "M2"]), "M1 takes over the largest part of M0's sales: €100"),
        (
            taken(["M1", "M2", "M2"], revenue=[500.0, 1.0, 1.0]),
            "M1 takes over the largest part of M0's sales: €500",
        ),
        (taken(["M1", None]), "One of M0's 2 accounts finds nobody with room: €100 of sales"),
        (taken([None, None], revenue=[5.0, -9.0]), "2 of M0's 2 accounts find nobody with room: €5 of sales"),
    ],
)
def test_the_title_says_who_takes_most_or_that_nobody_has_room(found, title):
    assert successors_chart(found).layout.meta["title"].replace(style.GAP, " ") == title


def test_an_account_without_a_successor_is_a_warning():
    figure = successors_chart(taken(["M1", None]))
    assert figure.data[0].marker.color[0] == style.WARNING
    assert figure.layout.annotations[0].text == "nobody"
    assert figure.layout.meta["table"]["rows"][1][1] == "nobody"


def test_many_accounts_to_hand_over_stay_readable_and_are_counted():
    figure = successors_chart(taken(["M1"] * 80))
    assert figure.layout.height < 600
    assert "the 14 largest of 80 accounts" in figure.layout.xaxis.title.text


def test_accounts_that_lose_nothing_and_hostile_names_are_drawn_too():
    figure = successors_chart(taken(["M1", "M1"], losses=[0.0, 0.0], names=[HOSTILE, "B"]))
    assert figure.layout.xaxis.range[1] > 0
    assert "<img" not in figure.data[0].hovertext[1]
    assert not any("<img" in each for each in [*figure.layout.yaxis.ticktext, *figure.layout.meta["narrow"]["axes"]["yaxis"]["ticktext"]])  # fmt: skip
    assert successors_chart(SimpleNamespace(leaving=SimpleNamespace(takes=None), about=ABOUT)) is None


def test_hours_are_drawn_where_they_are_known():
    found = evidence()
    assert hours_chart(found) is None
    rows = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "account_manager_id": "M", "hours": 5.0, "at_stake": [400.0, 100.0], "probability": 0.5})  # fmt: skip
    found.allocation = handover.allocate_hours(rows)
    found.hours = found.allocation.accounts.assign(rated_as="M")
    found.rated = SimpleNamespace(individuals=True)
    figure = hours_chart(found)
    now, best = figure.data
    assert list(now.x) == [5.0, 5.0]
    assert sum(best.x) == pytest.approx(10)
    assert best.x[-1] > 5, "who has more to lose stands on top and gets more"
