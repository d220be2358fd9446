"""How often a fall is called where there is none, and found where there is one: simulated accounts by their months.

Aim: at most 1.5 % false alarms whatever carries from one month into the next. A fall is of 28 or 50 % over two
quarters; accounts are lognormal, their months vary by 10 or 30 %.
"""

import sys

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.coverage import lasting
from kam_analysis.analysis.concentration import every_fall, with_carried

Floats = npt.NDArray[np.float64]


def month_statistics(amounts: Floats, recent: int = 6) -> pd.DataFrame:
    """What the ledger hands over, of accounts that bought from the first month on."""
    late, year = amounts[:, -recent:], amounts[:, -12:]
    change = amounts[:, 12:] - amounts[:, :-12]
    earlier, latest = change[:, :-recent], change[:, -recent:]
    before = amounts[:, :-12][:, -recent:]
    return pd.DataFrame(
        {
            "account_id": [f"{at:05d}" for at in range(len(amounts))],
            "account_name": "",
            "recent": late.sum(axis=1),
            "year_before": before.sum(axis=1),
            "worst_change": np.minimum(latest.min(axis=1, initial=0.0), 0.0),
            "months": min(amounts.shape[1], 12),
            "amount": year.sum(axis=1),
            "squares": (year**2).sum(axis=1),
            "recent_squares": (late**2).sum(axis=1),
            "recent_least": late.min(axis=1),
            "changes": earlier.shape[1],
            "changes_sum": earlier.sum(axis=1),
            "changes_squares": (earlier**2).sum(axis=1),
        }
    )


def by_month(amounts: Floats) -> pd.DataFrame:
    """The same as the ledger's months: account_id, month, revenue, complete."""
    number, length = amounts.shape
    ids = np.repeat([f"{at:05d}" for at in range(number)], length)
    months = np.tile(pd.date_range("2020-01-01", periods=length, freq="MS"), number)
    return pd.DataFrame({"account_id": ids, "month": months, "revenue": amounts.ravel(), "complete": True})


def rate(amounts: Floats, judged: slice = slice(None)) -> float:
    """The part of the judged accounts that is said to have fallen."""
    half, quarter = (with_carried(month_statistics(amounts, recent), by_month(amounts), "revenue") for recent in (6, 3))
    return float(every_fall(half, quarter)["fell"].to_numpy()[judged].mean())


def company(carried: float, variation: float, months: int, accounts: int, seed: int = 20260) -> Floats:
    rng = np.random.default_rng([seed, months])
    return rng.lognormal(8, 1, (accounts, 1)) * lasting(rng, (accounts, months), carried, variation)


def fallen(amounts: Floats, share: float) -> Floats:
    """Every tenth account lower by a share in the last six months."""
    found = amounts.copy()
    found[::10, -6:] *= 1 - share
    return found


def main(accounts: int = 5_000) -> None:
    print(f"{accounts} accounts each\n")
    print(f"{'months':>7}{'neighbours':>12}{'noise':>7}{'false alarms':>15}{'28 % found':>13}{'50 % found':>13}")
    for months in (24, 35, 60):
        for carried in (0.0, 0.5, 0.8):
            for noise in (0.1, 0.3):
                amounts = company(carried, noise, months, accounts)
                found = [rate(fallen(amounts, share), slice(None, None, 10)) for share in (0.28, 0.5)]
                cells = "".join(f"{each:>13.0%}" for each in found)
                print(f"{months:>7}{carried:>12}{noise:>7.0%}{rate(amounts):>15.1%}{cells}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
