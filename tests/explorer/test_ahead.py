"""What an explorer computes before it is asked for: in idle time, in small steps, and never in a move's way."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from kam_analysis.explorer import controls
from kam_analysis.explorer import precompute as ahead
from kam_analysis.explorer.explorer import Drawing, Explorer, View
from kam_analysis.ledger import open_ledger


@pytest.fixture(autouse=True)
def soon(monkeypatch, _nothing_ahead):
    monkeypatch.setattr(ahead, "running_loop", asyncio.get_running_loop)
    monkeypatch.setattr(ahead, "SOON_SECONDS", 0.01)
    monkeypatch.setattr(ahead, "IDLE_SECONDS", 0.02)
    monkeypatch.setattr(ahead, "BETWEEN_SECONDS", 0.001)


def run(work):
    """On a loop of its own, in a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def counting(done, upto):
    for at in range(upto):
        done.append(at)
        yield


async def until(condition):
    """A busy machine takes its time."""
    for _ in range(60_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


def test_all_steps_are_done_once_nothing_happens():
    done = []

    async def idle():
        ahead.Ahead().begin(counting(done, 5), iter(()))
        assert done == []
        await until(lambda: len(done) == 5)

    run(idle())
    assert done == [0, 1, 2, 3, 4]


def test_what_comes_next_is_done_first_and_all_else_once_the_hand_rests(monkeypatch):
    monkeypatch.setattr(ahead, "IDLE_SECONDS", 0.2)
    soon, later, began = [], [], []

    async def idle():
        began.append(asyncio.get_running_loop().time())
        ahead.Ahead().begin(counting(soon, 3), rested())
        await until(lambda: len(later) == 3)

    def rested():
        assert soon == [0, 1, 2]
        began.append(asyncio.get_running_loop().time())
        yield from counting(later, 3)

    run(idle())
    assert later == [0, 1, 2]
    assert began[1] - began[0] >= 0.19


def test_new_work_takes_the_place_of_the_old_and_an_end_is_an_end():
    first, second = [], []

    async def moved():
        work = ahead.Ahead()
        work.begin(counting(first, 5), iter(()))
        work.begin(counting(second, 5), iter(()))
        await until(lambda: len(second) == 5)
        work.begin(counting(first, 5), iter(()))
        work.end()
        await asyncio.sleep(0.1)

    run(moved())
    assert (first, second) == ([], [0, 1, 2, 3, 4])


def test_other_work_of_the_loop_comes_between(monkeypatch):
    monkeypatch.setattr(ahead, "AT_A_TIME_SECONDS", 0.0001)
    order = []

    def steps():
        for _ in range(3):
            order.append("step")
            until = asyncio.get_running_loop().time() + 0.002
            while asyncio.get_running_loop().time() < until:
                pass
            yield

    async def message():
        ahead.Ahead().begin(iter(()), steps())
        while order.count("step") < 3:
            order.append("message")
            await asyncio.sleep(0)

    run(message())
    places = [at for at, each in enumerate(order) if each == "step"]
    assert all("message" in order[a:b] for a, b in pairwise(places))


def test_after_a_few_long_steps_nothing_is_done_for_a_while(monkeypatch):
    monkeypatch.setattr(ahead, "LONG_SECONDS", 0.0)
    monkeypatch.setattr(ahead, "MOST_LONG", 2)
    monkeypatch.setattr(ahead, "WITHIN_SECONDS", 600)
    done = []

    async def idle():
        work = ahead.Ahead()
        work.begin(counting(done, 5), iter(()))
        await until(lambda: len(done) == 2)
        await asyncio.sleep(0.05)
        assert done == [0, 1]
        work.begin(counting(done, 5), iter(()))
        await asyncio.sleep(0.05)
        assert done == [0, 1]
        monkeypatch.setattr(ahead, "WITHIN_SECONDS", 0)
        work.begin(counting(done, 5), iter(()))
        await until(lambda: len(done) > 2)

    run(idle())
    assert done[:3] == [0, 1, 0]


def test_without_a_loop_nothing_is_done(monkeypatch):
    def none():
        raise RuntimeError("no running event loop")

    monkeypatch.setattr(ahead, "running_loop", none)
    done = []
    ahead.Ahead().begin(counting(done, 5), iter(()))
    assert done == []


def test_a_move_finds_its_chart_drawn_and_what_cannot_be_keeps_nothing_else_from_it():
    made = []

    def look(values):
        def chart():
            made.append(values["which"])
            if values["which"] == 0:
                raise ValueError("cannot be drawn")
            return go.Figure(layout={"title": {"text": str(values["which"])}})

        return View(lambda: f"answer {values['which']}", {"only": Drawing(values["which"], chart)}, {})

    options = {each: f"the {each}" for each in range(4)}
    explorer = Explorer(open_ledger(), "01", {"which": controls.choice("Which", options, 1, "")}, ["only"], look)

    async def read_then_moved():
        explorer.charts.show()
        assert made == [1]
        await until(lambda: len(made) == 4)
        assert made == [1, 0, 2, 3]  # the nearest first
        explorer.set(which=3)

    run(read_then_moved())
    assert made == [1, 0, 2, 3]
    assert '"3"' in explorer.charts.drawn["only"]
    assert explorer.charts.answer == "answer 3"


def test_the_control_that_was_moved_last_is_the_first_to_be_computed_ahead():
    asked = []

    def look(values):
        asked.append((values["which"], values["how"]))
        return View(lambda: "", {}, {})

    options = {each: str(each) for each in range(3)}
    moved = {name: controls.steps(name, options, 0, "") for name in ("which", "how")}
    explorer = Explorer(open_ledger(), "01", moved, ["only"], look)

    async def moved_then_read():
        explorer.charts.show()
        explorer.controls["how"].widget.value = 1
        await until(lambda: set(asked[4:]) >= {(1, 1), (2, 1), (0, 0), (0, 2)})

    run(moved_then_read())
    assert asked[:4] == [(0, 0), (0, 1), (0, 0), (0, 2)]
    assert set(asked[4:]) == {(1, 1), (2, 1), (0, 0), (0, 2)}


@pytest.mark.parametrize(
    ("control", "near"),
    [
        (controls.steps("Steps", {each: str(each) for each in range(9)}, 4, ""), [3, 5, 2, 6, 1, 7, 0, 8]),
        (controls.count("Places", 1, 1, 60, ""), [2, 3, 4]),
        (controls.ticked("Boxes", {"a": "A", "b": "B", "c": "C"}, ["b"], ""), [("a", "b"), (), ("b", "c")]),
        (controls.named("Name", ["x"], "", ""), []),
    ],
)
def test_what_is_near_is_what_a_key_leads_to(control, near):
    assert [each.value for each in control.near()] == near
    for each in control.near():
        widget, trait = each.seen
        assert each.seen in control.seen
        before = getattr(widget, trait)
        setattr(widget, trait, each.there)
        assert control.widget.value == each.value
        setattr(widget, trait, before)
