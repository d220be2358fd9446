"""Common causes: by hand and by enumeration; which overlap; what remains of an account's own probability."""

import numpy as np
import pytest

from kam_analysis.analysis.losses import CommonCause, all_cause_probability, own_probability
from kam_analysis.analysis.losses.overlaps import parted


def test_own_probability_by_enumeration_gives_back_the_all_cause_figure(enumerated, random_causes):
    rng = np.random.default_rng(2)
    for overlapping in (False, True):
        causes = random_causes(rng, 6, 3, overlapping)
        all_cause = rng.uniform(0.2, 1, 6)
        left = own_probability(all_cause, causes)
        truth = enumerated(np.ones(6), left.own, 1, causes)
        lost = truth.probability @ truth.lost
        kept = np.setdiff1d(np.arange(6), left.floored)
        assert lost[kept] == pytest.approx(all_cause[kept])
        assert (lost[left.floored] > all_cause[left.floored]).all()
        assert all_cause_probability(left.own, causes) == pytest.approx(lost)


def test_own_probability_at_the_edges():
    certain = [CommonCause(1.0, [0, 1], 1.0)]
    found = own_probability([1.0, 0.5, 1.0, 0.0], certain)
    assert found.own.tolist() == [0, 0, 1, 0]
    assert found.floored.tolist() == [1]  # what a cause surely takes has nothing of its own
    exactly = own_probability([0.05], [CommonCause(0.1, [0], 0.5)])
    assert exactly.own == pytest.approx([0])
    assert exactly.floored.size == 0
    assert own_probability([], []).own.size == 0
    assert own_probability([0.3, 0.4], []).own.tolist() == pytest.approx([0.3, 0.4])


def test_managers_that_cross_with_one_industry_leave_one_to_enumerate():
    managers = [CommonCause(0.1, [2 * at, 2 * at + 1], 0.5) for at in range(8)]
    found = parted(16, [*managers[:3], CommonCause(0.1, range(0, 16, 2), 0.5), *managers[3:]])
    assert found.crossing == (3,)
    assert found.apart == (0, 1, 2, 4, 5, 6, 7, 8)
    assert found.group.tolist() == np.repeat(np.arange(8), 2).tolist()
    assert found.crossed[:, 0].tolist() == [0.5, 0] * 8


def test_disjoint_causes_need_no_enumeration():
    assert parted(6, [CommonCause(0.1, [0, 1], 0.5), CommonCause(0.1, [2], 0.5)]).crossing == ()
    # In common only where one of them takes nobody.
    assert parted(6, [CommonCause(0.1, [0, 1], [0.5, 0]), CommonCause(0.1, [1, 2], 0.5)]).crossing == ()


def test_a_cause_keeps_no_list_that_could_change():
    members, taken = [0, 1], [0.1, 0.2]
    cause = CommonCause(0.5, members, taken)
    members.append(2)
    taken[0] = 0.9
    assert (cause.members, cause.loss_probability) == ((0, 1), (0.1, 0.2))
    assert CommonCause(0.5, np.array([3]), np.float64(0.5)) == CommonCause(0.5, [3], 0.5)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((1.2, [0], 0.5), "probability: expected one number, 0 to 1, got 1.2"),
        ((float("nan"), [0], 0.5), "probability: expected one number"),
        ((0.5, [0, 1, 0], 0.5), "members: expected every position once, got 1 that are not: 0 at position 2"),
        ((0.5, [-1], 0.5), "members: expected positions: whole numbers from 0, got 1 that are not: -1 at position 0"),
        ((0.5, [1.5], 0.5), "whole numbers from 0"),
        ((0.5, ["Reiter"], 0.5), "members: expected numbers"),
        ((0.5, [0, 1], [0.5]), "loss_probability: expected one number or 2, one per account, got 1"),
        ((0.5, [0, 1], [0.5, 1.5]), "loss_probability: expected 0 to 1, got 1 that are not: 1.5 at position 1"),
        ((0.5, [0], 0.5 + 1j), "loss_probability: expected numbers"),
    ],
)
def test_causes_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        CommonCause(*arguments)


def test_the_name_is_said_where_there_is_one():
    with pytest.raises(ValueError, match="Reiter leaves, probability: expected"):
        CommonCause(-0.1, [0], 0.5, "Reiter leaves")


def test_own_probability_refuses():
    with pytest.raises(ValueError, match=r"all_cause: expected 0 to 1, got 2 that are not: -0.1 at position 1, nan at"):
        own_probability([0.5, -0.1, np.nan], [])
    with pytest.raises(ValueError, match=r"one probability per account, got the single number 0\.5"):
        own_probability(0.5, [])
    with pytest.raises(ValueError, match="cause 0, members: expected positions from 0 to 1, of 2 accounts, got 1"):
        own_probability([0.5, 0.5], [CommonCause(0.1, [2], 0.5)])
    with pytest.raises(ValueError, match="expected CommonCause, got tuple at position 0"):
        own_probability([0.5], [(0.1, [0], 0.5)])
