"""What we may lose: computed, beside a dense simulation; and margin month by month, beside a draw per month.

Aims: 10,000 accounts with 200 managers' causes at least 50 times faster than 100,000 simulated scenarios, at
an error below theirs and below 0.1 % of exposure; 100,000 independent accounts in at most a second's work;
10,000 accounts by 10,000 scenarios by 36 months at least 10 times faster than a draw per account and month,
under 1 GB; one changed assumption on 300 accounts in under a tenth of a second's work.

The books are skewed as real ones are (lognormal, sigma 2: the best fifth brings seven eighths). Seconds
of work are the process's own, so that another program on the machine does not count.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.timing import alternate, show
from kam_analysis.analysis.losses import CommonCause, LossDistribution, loss_distribution, time_paths

Floats = npt.NDArray[np.float64]
ACCOUNTS, MANAGERS, SCENARIOS, PATHS, MONTHS = 10_000, 200, 100_000, 10_000, 36
LEVEL = 0.95


def book(n: int, managers: int, seed: int = 20260) -> tuple[Floats, Floats, list[CommonCause]]:
    rng = np.random.default_rng(seed)
    manager = rng.integers(0, max(managers, 1), n)
    causes = [CommonCause(0.1, np.flatnonzero(manager == at).tolist(), 0.3) for at in range(managers)]
    return rng.lognormal(8, 2, n), rng.beta(2, 30, n), causes


def simulated(exposure: Floats, probability: Floats, causes: Sequence[CommonCause], scenarios: int) -> Floats:
    """Everything drawn: whether each account's own cause strikes, each manager leaves, and takes each member."""
    rng = np.random.default_rng(1)
    manager, taken = np.zeros(exposure.size, dtype=np.int64), np.zeros(exposure.size)
    for at, cause in enumerate(causes):
        manager[list(cause.members)], taken[list(cause.members)] = at, cause.losses
    leaving = np.array([cause.probability for cause in causes])
    found, at_once = np.empty(scenarios), 500
    for begun in range(0, scenarios, at_once):
        lost = rng.random((at_once, exposure.size)) < probability
        struck = rng.random((at_once, leaving.size)) < leaving
        lost |= struck[:, manager] & (rng.random((at_once, exposure.size)) < taken)
        found[begun : begun + at_once] = lost @ exposure
    return found


def standard_errors(losses: Floats, q: float) -> tuple[float, float]:
    """Of the simulation's quantile (by its neighbours in rank) and expected shortfall."""
    ordered, n = np.sort(losses), losses.size
    away = np.sqrt(n * q * (1 - q))
    low, at, high = ordered[[int(n * q - away), int(n * q), int(n * q + away)]]
    beyond = np.maximum(ordered - at, 0)
    return float(high - low) / 2, float(beyond.std() / (1 - q) / np.sqrt(n))


def draw_per_month(exposure: Floats, probability: Floats, scenarios: int) -> Floats:
    """Monthly margin with a draw for every account in every month, as many scenarios at once as memory allows."""
    rng, hazard = np.random.default_rng(1), 1 - (1 - probability) ** (1 / 12)
    found, at_once = np.empty((scenarios, MONTHS)), 100
    for begun in range(0, scenarios, at_once):
        stays = np.ones((at_once, exposure.size), dtype=bool)
        for month in range(MONTHS):
            stays &= rng.random(stays.shape) >= hazard
            found[begun : begun + at_once, month] = stays @ exposure / 12
    return found


def work(run: Callable[[], object], runs: int = 5, warm_up: int = 1) -> float:
    """Seconds of the process's own work, the median of some runs."""
    seconds = []
    for _ in range(warm_up + runs):
        began = time.process_time()
        run()
        seconds.append(time.process_time() - began)
    return float(np.median(seconds[warm_up:]))


def most_memory(run: Callable[[], object]) -> float:
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak


def joint(runs: int) -> None:
    exposure, probability, causes = book(ACCOUNTS, MANAGERS)
    total, kept = exposure.sum(), list[Floats]()
    computed = list[tuple[float, float]]()

    def ours() -> None:
        computed.append(answer(loss_distribution(exposure, probability, 1.0, causes)))

    def theirs() -> None:
        kept.append(simulated(exposure, probability, causes, SCENARIOS))

    # Ours is warmed up alone: nobody waits for a simulation that is not counted.
    ours()
    print(f"{ACCOUNTS:,} accounts, {MANAGERS} managers; quantile and expected shortfall at {LEVEL:.0%}")
    show(alternate({"loss_distribution": ours, f"dense simulation, {SCENARIOS:,} scenarios": theirs}, runs, 0))
    found, losses = loss_distribution(exposure, probability, 1.0, causes), kept[-1]
    quantile, shortfall = standard_errors(losses, LEVEL)
    at = float(np.quantile(losses, LEVEL))
    beyond = at + float(np.maximum(losses - at, 0).mean()) / (1 - LEVEL)
    seconds = work(ours), work(theirs, 1, 0)
    print(f"seconds of work: {seconds[0]:.2f} and {seconds[1]:.1f}, {seconds[1] / seconds[0]:.0f} times")
    print(f"{'share of exposure, %':<42} {'quantile':>10} {'shortfall':>10}")
    for name, pair in {
        "computed": computed[-1],
        "computed: error bound": (found.error_bound, found.error_bound),
        "simulated": (at, beyond),
        "simulated: standard error": (quantile, shortfall),
    }.items():
        print(f"{name:<42} {pair[0] / total:>10.4%} {pair[1] / total:>10.4%}")
    print(f"contributions of all accounts: {work(lambda: found.contributions(LEVEL), 3):.2f} s of work")
    print(f"most memory at once: {most_memory(ours):,.0f} MB; {found.method}\n")


def answer(found: LossDistribution) -> tuple[float, float]:
    return found.quantile(LEVEL), found.expected_shortfall(LEVEL)


def alone() -> None:
    exposure, probability, _ = book(100_000, 0)
    found = loss_distribution(exposure, probability)
    seconds = work(lambda: answer(loss_distribution(exposure, probability)))
    print(
        f"100,000 independent accounts: {seconds:.2f} s of work, error bound {found.error_bound / exposure.sum():.4%}"
    )


def slider() -> None:
    for managers, industries in ((0, 0), (10, 0), (10, 1), (10, 3)):
        exposure, probability, causes = book(300, managers)
        crossing = [CommonCause(0.05, range(at, 300, 5), 0.3) for at in range(industries)]
        causes += [CommonCause(0.05, [*each.members, 4 + at], 0.3) for at, each in enumerate(crossing)]
        seconds = work(lambda e=exposure, p=probability, c=causes: answer(loss_distribution(e, p, 1.0, c)), 15)  # type: ignore[misc]
        print(f"300 accounts, {managers} managers, {industries} industries: {1000 * seconds:.0f} ms of work")


def paths(runs: int) -> None:
    exposure, probability, causes = book(ACCOUNTS, MANAGERS)

    def ours() -> object:
        return time_paths(exposure, probability, months=MONTHS, scenarios=PATHS)

    print(f"\n{ACCOUNTS:,} accounts, {PATHS:,} scenarios, {MONTHS} months")
    # A tenth of the scenarios of the other side, which is the same work in each: nobody waits for minutes.
    tenth = alternate({"tenth": lambda: draw_per_month(exposure, probability, PATHS // 10)}, runs, 0)["tenth"]
    seconds = alternate({"time_paths": ours}, runs)
    show(seconds | {"a draw per account and month (tenth x 10)": [10 * each for each in tenth]})
    print(f"most memory at once: {most_memory(ours):,.0f} MB")
    with_causes = work(lambda: time_paths(exposure, probability, causes=causes, scenarios=PATHS), 1)
    print(f"with {MANAGERS} managers' causes: {with_causes:.1f} s of work")


def main(runs: int = 3) -> None:
    joint(runs)
    alone()
    slider()
    paths(runs)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
