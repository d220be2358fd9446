"""What a cause takes in part, held against all cases counted one by one and against plain simulation."""

from itertools import product

import numpy as np
import pytest

from kam_analysis.analysis.losses import CommonCause, bad_year, loss_distribution, time_paths

LOSS, OWN = [400.0, 210.0, 130.0, 60.0], [0.2, 0.1, 0.0, 0.3]
SLUMP = CommonCause(0.1, [0, 1], [0.5, 0.4], "slump")
LEAVES = CommonCause(0.7, [1, 2, 3], [0.3, 0.6, 0.0], "leaves", [0.2, 0.2, 0.1])
OTHER = CommonCause(0.4, [0, 2], [0.25, 0.1], "other", [0.15, 0.0])


def enumerated(loss, own, causes):
    """Chance by amount: every state of the causes, every set of accounts that are lost; shares of each amount."""
    chance, brought = {}, {}
    for states in product((0, 1), repeat=len(causes)):
        weight, kept, part = 1.0, 1 - np.array(own), np.zeros(len(loss))
        for struck, cause in zip(states, causes, strict=True):
            weight *= cause.probability if struck else 1 - cause.probability
            for member, taken, much in zip(cause.members, cause.losses, cause.parts, strict=True):
                kept[member] *= 1 - taken * struck
                part[member] += much * struck
        for lost in product((0, 1), repeat=len(loss)):
            here = weight * np.prod([1 - k if out else k for k, out in zip(kept, lost, strict=True)])
            each = np.array([size if out else size * much for size, out, much in zip(loss, lost, part, strict=True)])
            total = round(float(each.sum()), 6)
            chance[total] = chance.get(total, 0.0) + here
            brought[total] = brought.get(total, 0.0) + here * each
    return chance, brought


def quantile(chance, q):
    done = 0.0
    for total in sorted(chance):
        done += chance[total]
        if done >= q - 1e-12:
            return total
    raise AssertionError


@pytest.mark.parametrize("causes", [[LEAVES], [SLUMP, LEAVES], [LEAVES, SLUMP, OTHER], [OTHER, LEAVES]])
def test_every_amount_is_that_of_all_cases_counted(causes):
    found, (truth, brought) = loss_distribution(LOSS, OWN, causes=causes), enumerated(LOSS, OWN, causes)
    mean = sum(total * chance for total, chance in truth.items())
    spread = sum((total - mean) ** 2 * chance for total, chance in truth.items()) ** 0.5
    assert (found.mean, found.std) == pytest.approx((mean, spread))
    for q in (0.3, 0.5, 0.8, 0.9, 0.95, 0.99):
        # Amounts fall between the points of the grid, which says how far that may be off.
        assert found.quantile(q) == pytest.approx(quantile(truth, q), abs=found.error_bound + 1e-6), q
    for total in truth:
        above = sum(chance for other, chance in truth.items() if other > total)
        assert found.probability_above(total + found.error_bound) <= above + 1e-6
    cut = quantile(truth, 0.9)
    tail = sum(brought[total] for total in truth if total > cut)
    atom = (0.1 - sum(truth[total] for total in truth if total > cut)) / truth[cut]
    assert found.contributions(0.9) == pytest.approx((tail + atom * brought[cut]) / 0.1, abs=1.0)
    assert found.contributions(0.9).sum() == pytest.approx(found.expected_shortfall(0.9))


def test_alone_and_together_have_one_mean():
    year = bad_year(LOSS, [0.5, 0.4, 0.5, 0.3], [SLUMP, LEAVES])
    assert year.joint.mean == pytest.approx(year.alone.mean)
    assert year.joint.std > year.alone.std


def test_what_is_handed_over_comes_on_top_of_who_leaves():
    certain = CommonCause(1.0, [0, 1], 0.0, "leaves", 0.154)
    assert loss_distribution([100, 50], [0.0, 0.0], causes=[certain]).mean == pytest.approx(0.154 * 150)
    assert loss_distribution([100, 50], [1.0, 0.0], causes=[certain]).mean == pytest.approx(100 + 0.154 * 50)


def test_simulated_where_too_many_overlap():
    slumps = [CommonCause(0.02, [0, at % 3 + 1], 0.01, f"slump {at}") for at in range(12)]
    found, exact = (loss_distribution(LOSS, OWN, causes=[LEAVES, *each]) for each in (slumps, slumps[:2]))
    assert "simulated" in found.method
    # The slumps hardly ever come: what is left is the manager.
    assert found.probabilities @ found.losses == pytest.approx(found.mean, abs=4 * found.std / len(found.losses) ** 0.5)
    assert found.mean == pytest.approx(exact.mean, abs=2.0)
    assert found.contributions(0.9).sum() == pytest.approx(found.expected_shortfall(0.9), rel=1e-6)


def test_two_causes_that_take_a_part_of_one_account_are_refused():
    with pytest.raises(ValueError, match="second: an account of which another takes a part already"):
        loss_distribution([1.0], [0.1], causes=[LEAVES.__class__(0.5, [0], 0.1, "first", 0.2), CommonCause(0.5, [0], 0.1, "second", 0.2)])  # fmt: skip


def test_the_course_by_month_ends_at_what_a_year_costs():
    paths = time_paths(LOSS, OWN, causes=[SLUMP, LEAVES], months=12, scenarios=40_000)
    year = loss_distribution(LOSS, OWN, causes=[SLUMP, LEAVES])
    left = 12 * paths.mean[-1]
    # In the course an account may go after its hand-over: as the year counts it, but for the order of months.
    assert sum(LOSS) - left == pytest.approx(year.mean, abs=5 * 12 * paths.error[-1])
