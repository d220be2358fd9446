"""The page's own use of the distribution, held against all outcomes written down one by one."""

from itertools import product

import numpy as np
import pytest

from kam_analysis.analysis.losses import CommonCause, bad_year
from kam_analysis.analysis.losses.grid import grid

NOT = float("nan")


def by_enumeration(exposure, own, causes):
    """Probability of each total: every account's own strike, every cause, and whom it takes."""
    found = {}
    takes = [(at, member) for at, cause in enumerate(causes) for member in cause.members]
    for strikes in product((0, 1), repeat=len(own) + len(causes) + len(takes)):
        mine, struck, taken = (
            strikes[: len(own)],
            strikes[len(own) : len(own) + len(causes)],
            strikes[len(own) + len(causes) :],
        )
        chance = np.prod([p if s else 1 - p for p, s in zip(own, mine, strict=True)])
        chance *= np.prod([c.probability if s else 1 - c.probability for c, s in zip(causes, struck, strict=True)])
        lost = list(mine)
        for (cause, member), takes_it in zip(takes, taken, strict=True):
            loss = causes[cause].losses[causes[cause].members.index(member)]
            chance *= loss if takes_it else 1 - loss
            lost[member] |= struck[cause] & takes_it
        total = float(np.dot(lost, exposure))
        found[total] = found.get(total, 0.0) + chance
    return found


def test_accounts_that_are_not_assessed_are_left_out_and_causes_keep_their_members():
    cause = CommonCause(0.5, [0, 1, 3], [0.4, 0.3, 0.2])
    found = bad_year([3.0, 5.0, 7.0, 2.0], [0.3, NOT, 0.1, 0.2], [cause])
    own = [1 - 0.7 / (1 - 0.5 * 0.4), 0.1, 1 - 0.8 / (1 - 0.5 * 0.2)]
    wanted = by_enumeration([3.0, 7.0, 2.0], own, [CommonCause(0.5, [0, 2], [0.4, 0.2])])
    for x in (-0.5, 0, 2, 3, 5, 7, 9, 10, 11.5):
        assert found.joint.probability_above(x) == pytest.approx(sum(p for total, p in wanted.items() if total > x))
    assert found.exposure_left_out == 5.0
    assert found.own == pytest.approx(own)
    assert [(each.members, each.losses.tolist()) for each in found.causes] == [((0, 2), [0.4, 0.2])]
    assert np.isnan(found.contributions(0.9)[1])
    assert np.nansum(found.contributions(0.9)) == pytest.approx(1)


def test_causes_change_what_happens_together_and_not_the_mean():
    found = bad_year([10.0] * 8, [0.2] * 8, [CommonCause(0.15, range(8), 0.9)])
    assert found.joint.mean == pytest.approx(found.alone.mean) == pytest.approx(16.0)
    assert found.joint.expected_shortfall(0.95) > found.alone.expected_shortfall(0.95)
    assert not found.floored.size


def test_a_cause_beyond_the_figure_is_named_by_the_position_among_all():
    found = bad_year([1.0, 1.0, 1.0], [NOT, 0.5, 0.1], [CommonCause(0.9, [1, 2], 0.3)])
    assert found.floored.tolist() == [2]
    # 0.5 of its own figure; 0.27 by the cause alone, beyond 0.1: the same on both sides.
    assert found.joint.mean == pytest.approx(found.alone.mean) == pytest.approx(0.5 + 0.27)


def test_nothing_assessed_is_no_distribution():
    assert bad_year([1.0, 2.0], [NOT, NOT]) is None


def test_lengths_that_differ_are_said():
    with pytest.raises(ValueError, match="expected one per account, 2, got 1"):
        bad_year([1.0, 2.0], [0.1])


@pytest.mark.parametrize("states", [2, 4, 16])
def test_a_few_causes_that_overlap_cost_no_precision(states):
    loss = np.random.default_rng(3).lognormal(10, 1, 40)
    probability = np.full(40, 0.2)
    assert grid(loss, probability, states).step == grid(loss, probability).step <= loss.sum() / 2**14
    # Many do, down to a number of steps that is still fine enough to be said with its bound.
    assert loss.sum() / grid(loss, probability, 2**12).step == pytest.approx(2**11)
