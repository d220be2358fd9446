"""Where does an account stand in its life with us, measured by its own rhythm of buying?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.frames import takes_frames

STAGES = ("new", "growing", "steady", "shrinking", "quiet", "lost", "not assessed")


@dataclass(frozen=True)
class Cuts:
    """Where one stage ends and the next begins; every cut is a parameter with its reason.

    quiet_times, lost_times: silence by the account's own longest gap. The next gap is longer than the
        longest of n like it in 1 of n + 1 cases; of an account that buys at random it is longer than m
        times that in 1 of C(n + m, n) (the largest of n exponentials): at 4 times in 1 of 35 for three
        gaps, 1 of 1,001 for ten. In a real wholesaler's year 19 of 20 accounts with four to nine purchase
        days came back from a silence of up to 1.5 times, 4 of 10 from beyond 4.
    quiet_days: silence below a quarter of a year is none: in three real sets nearly all came back from
        it, whatever the multiple.
    lost_days: none is lost within a year, which every seasonal buyer needs to show itself again.
    rhythm_days, rhythm_purchases: a rhythm is known from so many purchase days (three gaps) over at
        least so many days: part deliveries of one order are no rhythm.
    unknown_quiet_days: silence from which an account without a known rhythm is quiet; the customary 12
        months, which is no proof of a loss: of nine such accounts of a public set eight ordered again.
    unknown_lost_days: silence from which it is lost: three years, longer than a 14-month project rhythm
        missed twice.
    new_days: an account is new for its first year; only then is there a year to compare with.
    start_days: accounts seen first within the data's first quarter may be old ones.
    left_days: final invoices and returns come within a quarter of leaving; what buys later is back.
    change: a year's change below a tenth is steady, as with the alerts of falls.
    change_times: and it must exceed so many standard deviations of what buying at random as often as it
        does changes, sqrt(2 / purchases per year).
    """

    quiet_times: float = 1.5
    lost_times: float = 4.0
    quiet_days: int = 90
    lost_days: int = 365
    rhythm_days: int = 365
    rhythm_purchases: int = 4
    unknown_quiet_days: int = 365
    unknown_lost_days: int = 1095
    new_days: int = 365
    start_days: int = 90
    left_days: int = 90
    change: float = 0.10
    change_times: float = 1.0

    def __post_init__(self) -> None:
        pairs = (
            ("quiet_times", "lost_times"),
            ("quiet_days", "lost_days"),
            ("unknown_quiet_days", "unknown_lost_days"),
        )
        for first, second in pairs:
            if not 0 < getattr(self, first) < getattr(self, second):
                raise ValueError(
                    f"{first}, {second}: expected 0 < {first} < {second}, "
                    f"got {getattr(self, first):g} and {getattr(self, second):g}"
                )


DEFAULT_CUTS = Cuts()


@takes_frames
def lifecycle(frame: pd.DataFrame, cuts: Cuts = DEFAULT_CUTS, reasons: bool = True) -> pd.DataFrame:
    """Which accounts are new, growing, steady, shrinking, quiet or lost, each by its own rhythm?

    `frame`: one row per account: account_id, first_day and last_day (of purchases), purchase_days
    (number of them), mean_gap, longest_gap and silence (days); now and before (amounts of the last twelve
    months and of the twelve before; missing where the data does not reach back), left_on; customer_since
    where known. The frame holds all accounts: its earliest day is taken for the data's first.

    Returns account_id, stage (exactly one of STAGES) and, with `reasons`, why (one sentence with the figures), in
    the frame's order. The first that holds:

    lost: left_on has come and nothing was bought more than `left_days` after it; or silent for at least
    `lost_times` its longest gap and `lost_days` (`unknown_lost_days` without a known rhythm).
    quiet: silent for at least `quiet_times` its longest gap and `quiet_days` (`unknown_quiet_days`
    without a known rhythm), or without any purchase.
    new: first bought less than `new_days` ago. growing, shrinking: the year's change is beyond `change`
    and beyond chance. not assessed: there is no year before to compare with. steady: all others, among them those that
    order less than once a year.

    >>> day = pd.Timestamp
    >>> frame = pd.DataFrame({"account_id": ["weekly", "every 14 months"], "first_day": day(2023, 1, 2),
    ...     "last_day": [day(2025, 12, 29), day(2024, 5, 1)], "purchase_days": [157, 4],
    ...     "mean_gap": [7.0, 162.0], "longest_gap": [14.0, 425.0], "silence": [2, 609],
    ...     "now": [130.0, 0.0], "before": [100.0, 80.0], "left_on": pd.NaT})
    >>> found = lifecycle(frame)
    >>> found["stage"].tolist()
    ['growing', 'steady']
    >>> found["why"].tolist()[1]
    'orders less than once a year; silent for 609 days, its longest gap is 425'
    """
    rows = _rows(frame)
    stage = np.select(
        [_left(rows, cuts), _silent(rows, cuts, "lost"), _silent(rows, cuts, "quiet"), _new(rows, cuts)],
        ["left", "lost", "quiet", "new"],
        _moved(rows, cuts),
    )
    told = pd.Series(stage, dtype="str").replace({"left": "lost", "rare": "steady", "alone": "not assessed"})
    found = pd.DataFrame({"account_id": frame["account_id"].to_numpy(), "stage": told})
    if not reasons:
        return found
    why = [_WHY[name](row) for name, row in zip(stage, rows.itertuples(index=False), strict=True)]
    return found.assign(why=pd.array(why, dtype="str"))


def stages_in_words(cuts: Cuts = DEFAULT_CUTS) -> dict[str, str]:
    """Where each stage begins, with the cuts: what a page prints beside the counts. The first that holds counts:
    lost, quiet, new, then the others."""
    change = f"sales {{}} by {cuts.change:.0%} or more on the year before, and by more than chance"
    silent = "silent for {:g} times its longest gap and {} days ({} days where no rhythm is known)"
    return {
        "new": f"first bought within {cuts.new_days} days",
        "growing": change.format("up"),
        "steady": "all others, those that order less than once a year among them",
        "shrinking": change.format("down"),
        "quiet": silent.format(cuts.quiet_times, cuts.quiet_days, cuts.unknown_quiet_days),
        "lost": f"has left, or {silent.format(cuts.lost_times, cuts.lost_days, cuts.unknown_lost_days)}",
        "not assessed": "the year before is not in the data",
    }


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns by position; numbers as floats, and what follows from them."""
    numbers = ("purchase_days", "mean_gap", "longest_gap", "silence", "now", "before")
    days = ("first_day", "last_day", "left_on", "customer_since")
    rows = pd.DataFrame(index=range(len(frame)))
    for name in numbers:
        rows[name] = pd.to_numeric(frame[name]).to_numpy(np.float64, na_value=np.nan) if name in frame else np.nan
    for name in days:
        rows[name] = pd.to_datetime(frame[name]).to_numpy("datetime64[s]") if name in frame else pd.NaT
        rows[name] = rows[name].astype("datetime64[s]")
    rows["change"] = (rows["now"] / rows["before"] - 1).where(rows["before"] > 0)
    rows["tenure"] = (rows["last_day"] - rows["first_day"]).dt.days + rows["silence"]
    return rows


def _left(rows: pd.DataFrame, cuts: Cuts) -> pd.Series:
    as_of = rows["last_day"] + pd.to_timedelta(rows["silence"], unit="D").astype("timedelta64[s]")
    # Without a purchase of its own an account shares the others' as-of date.
    come = rows["left_on"] <= as_of.fillna(as_of.max())
    bought = (rows["last_day"] - rows["left_on"]).dt.days > cuts.left_days
    return come & ~bought


def _silent(rows: pd.DataFrame, cuts: Cuts, stage: str) -> pd.Series:
    """Silent for far longer than its own rhythm, by the cuts of this stage."""
    times, days = (cuts.lost_times, cuts.lost_days) if stage == "lost" else (cuts.quiet_times, cuts.quiet_days)
    unknown = cuts.unknown_lost_days if stage == "lost" else cuts.unknown_quiet_days
    # Whether the purchases show a rhythm.
    seen = (rows["last_day"] - rows["first_day"]).dt.days
    least = np.where((rows["purchase_days"] >= cuts.rhythm_purchases) & (seen >= cuts.rhythm_days), days, unknown)
    # One purchase has no gap: its days decide alone.
    needed = np.fmax(times * rows["longest_gap"].fillna(0), least)
    return (rows["silence"] >= needed) | ((stage == "quiet") & rows["last_day"].isna())


def _new(rows: pd.DataFrame, cuts: Cuts) -> pd.Series:
    start = rows["first_day"].min() + pd.Timedelta(days=cuts.start_days)
    as_of = rows["last_day"] + pd.to_timedelta(rows["silence"], unit="D").astype("timedelta64[s]")
    longer = (as_of - rows["customer_since"]).dt.days >= cuts.new_days
    return (rows["tenure"] < cuts.new_days) & (rows["first_day"] >= start) & ~longer


def _moved(rows: pd.DataFrame, cuts: Cuts) -> npt.NDArray[np.str_]:
    """growing, shrinking or steady; "rare" is steady and "alone" not assessed for want of a year that compares."""
    per_year = 365 / rows["mean_gap"].where(rows["mean_gap"] > 0)
    # Totals by year tell no purchase days, so no chance: a year's change is as it is.
    chance = (cuts.change_times * np.sqrt(2 / per_year.fillna(1))).where(rows["purchase_days"].notna(), 0)
    enough = np.fmax(cuts.change, chance)
    # A float's residue is no change: 1.1 / 1 - 1 is a tenth.
    beyond = rows["change"].abs() >= enough - 1e-12
    back = (rows["before"] <= 0) & (rows["now"] > 0)
    alone = rows["before"].isna() | rows["now"].isna()
    return np.select(
        [rows["longest_gap"] >= 365, alone, back | (beyond & (rows["change"] > 0)), beyond],
        ["rare", "alone", "growing", "shrinking"],
        "steady",
    )


def _silence(row: Any) -> str:
    if np.isnan(row.purchase_days):
        return f"bought nothing for {row.silence:.0f} days or more"
    if np.isnan(row.longest_gap):
        return f"silent for {row.silence:.0f} days since its only purchase"
    return f"silent for {row.silence:.0f} days, its longest gap is {row.longest_gap:.0f}"


def _change(row: Any) -> str:
    if np.isnan(row.change):
        return "sales this year, none in the year before" if row.now > 0 else "no sales in either year"
    if abs(row.change) < 0.005:
        return "sales unchanged"
    return f"sales {'down' if row.change < 0 else 'up'} {100 * abs(row.change):.0f}% on the year before"


_WHY: dict[str, Callable[[Any], str]] = {
    "left": lambda row: f"left on {row.left_on:%Y-%m-%d}",
    "lost": _silence,
    "quiet": lambda row: "no purchase in the data" if pd.isna(row.last_day) else _silence(row),
    "new": lambda row: f"first bought {'on' if row.purchase_days > 0 else 'in the time to'} {row.first_day:%Y-%m-%d}",
    "growing": _change,
    "shrinking": _change,
    "steady": _change,
    "rare": lambda row: f"orders less than once a year; {_silence(row)}",
    "alone": lambda row: "the year before is not in the data",
}
