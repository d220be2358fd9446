"""Who takes over, for a large company: the whole hand-over beside the time inside its solver, in the same run.

Aim: with 2,000 accounts and 60 managers in under twice what HiGHS takes in it: all accounts of the largest
manager, those of each manager in turn, and 2,000 accounts of 60 candidates given out anew. Seconds of work are the
process's own, so that another program on the machine does not count.
"""

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize

from benchmarks.timing import inside
from kam_analysis.analysis.handover import Handover, hand_over

ACCOUNTS, MANAGERS, TALKS, CONTACTS = 2_000, 60, 30_000, 6_000
AS_OF = date(2026, 9, 18)


def book(n: int = ACCOUNTS, managers: int = MANAGERS, seed: int = 20260) -> dict[str, Any]:
    """A company whose managers have a region and an industry each, and hours left for about a tenth more."""
    rng = np.random.default_rng(seed)
    ids, staff = np.array([f"{at:07d}" for at in range(n)]), np.array([f"M{at:03d}" for at in range(managers)])
    industries, regions = (np.array([f"{name} {at}" for at in range(9)]) for name in ("Industry", "Region"))
    who = rng.choice(managers, n, p=rng.dirichlet(np.full(managers, 3.0)))
    accounts = pd.DataFrame({"account_id": ids, "account_name": ids, "revenue": rng.lognormal(10, 2, n)})
    ends = pd.Timestamp(AS_OF) + pd.to_timedelta(rng.integers(1, 900, n), unit="D")
    traits = pd.DataFrame({"account_id": ids, "account_manager_id": staff[who], "ends_on": ends}).assign(
        industry=rng.choice(industries, n), region=rng.choice(regions, n), deputy_id=rng.choice(staff, n)
    )
    people = pd.DataFrame({"manager_id": staff, "level": "manager"})
    people = people.assign(industry=rng.choice(industries, managers), region=rng.choice(regions, managers))
    at = rng.integers(0, n, TALKS)
    days = pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(0, 1200, TALKS), unit="D")
    with_whom = np.where(rng.random(TALKS) < 0.8, who[at], rng.integers(0, managers, TALKS))
    talks = pd.DataFrame({"account_id": ids[at], "date": days, "staff_id": staff[with_whom]})
    owners = pd.DataFrame({"account_id": rng.choice(ids, CONTACTS), "owner_id": rng.choice(staff, CONTACTS)})
    hours = pd.Series(rng.gamma(1.2, 2, n), index=ids)
    spare = np.bincount(who, hours, managers).mean() * rng.uniform(0.06, 0.12, managers)
    return {
        "losses": accounts[["account_id"]].assign(transition=0.154 * accounts["revenue"]),
        "accounts": accounts, "traits": traits, "managers": people, "as_of": AS_OF,
        "interactions": talks, "contacts": owners, "hours": hours, "spare": pd.Series(spare, index=staff),
    }  # fmt: skip


def told(name: str, run: Callable[[], list[Handover]], runs: int) -> None:
    found = run()
    whole, solver = np.median([inside(optimize, ["linprog", "milp"], run) for _ in range(runs)], axis=0)
    saved, best = sum(each.saved for each in found), sum(each.best_saved for each in found)
    print(
        f"{name:<57} whole {1000 * whole:8.1f} ms, inside HiGHS {1000 * solver:8.1f} ms: {whole / solver:.2f} times; "
        f"saves {saved / best:.1%} of what is best without bounds, gap at most {max(each.gap for each in found):.1e}, "
        f"{sum(len(each.without) for each in found)} accounts without a successor",
        flush=True,
    )


def main(runs: int = 5) -> None:
    given = book()
    held = given["traits"]["account_manager_id"].value_counts()
    largest = held.index[0]
    anew = given | {"spare": given["spare"] * given["hours"].sum() / given["spare"].sum() * 1.15}
    roomy = given | {"spare": 5 * given["spare"]}
    print(f"{ACCOUNTS:,} accounts, {MANAGERS} managers (aim: under 2 times)")
    for name, case in {"hours are short": given, "room for all, nothing to search": roomy}.items():
        one, each = f"the largest manager's {held.iloc[0]}, {name}", f"each manager's in turn, {name}"
        told(one, lambda case=case: [hand_over(**case, leaving=largest)], 3 * runs)  # type: ignore[misc]
        told(each, lambda case=case: [hand_over(**case, leaving=who) for who in held.index], runs)  # type: ignore[misc]
    told(f"{ACCOUNTS:,} accounts given out anew", lambda: [hand_over(**anew)], max(runs // 3, 1))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
