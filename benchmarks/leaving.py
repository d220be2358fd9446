"""Who leaves within a year: the company's own rhythm model beside others, on simulated companies whose truth is known.

Aim: log loss and Brier on the hold-out at most those of BG/NBD and of a logit on silence over rhythm and frequency, at
each length of data, pooled over 20 companies a kind; a fit with the choice of k within 2 s for 10,000 accounts.

Kinds: regular (gaps vary by half), irregular (by all of it), contracts (leave at a yearly date that nobody told us),
sinking (buys ever more rarely in its last year). An account leaves when its last purchase is made; asked is whether that
lies before the end of the year ahead. Counted are accounts not yet called lost. `ours` is told as pages tell it: calibrated
on past days where the data has them.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis import churn
from kam_analysis.analysis.churn import alive, rhythm
from kam_analysis.analysis.churn.rules import back, snapshot_days
from kam_analysis.analysis.segments import lifecycle

Floats = npt.NDArray[np.float64]
LENGTHS, COMPANIES, ACCOUNTS = (24, 36, 60), 20, 240
KINDS = ("regular", "irregular", "contracts", "sinking")
AS_OF = pd.Timestamp(2025, 12, 31)
YEAR = 365.25


def company(kind: str, length: int, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Purchases of the last `length` months (account_id, date, revenue) and the day of each account's last one ever."""
    rng = np.random.default_rng([seed, length, KINDS.index(kind)])
    # Customers came over the last eight years; who had left before the data begins is not in it.
    pace, yearly = rng.lognormal(np.log(35), 0.7, ACCOUNTS), rng.beta(1.5, 5.5, ACCOUNTS)
    came = rng.uniform(-8 * YEAR, 0, ACCOUNTS)
    stays = rng.exponential(YEAR / -np.log1p(-yearly))
    if kind == "contracts":
        stays = np.ceil(stays / YEAR) * YEAR
    shape, rows, last = 1.0 if kind == "irregular" else 4.0, [], {}
    for at in range(ACCOUNTS):
        days = came[at] + np.cumsum(rng.gamma(shape, pace[at] / shape, int(12 * YEAR / pace[at]) + 30)) - pace[at]
        if kind == "sinking":
            days = _sinking(days, came[at] + stays[at])
        bought = np.unique(np.floor(days[(days < came[at] + stays[at])]))
        seen = bought[(bought > -length * YEAR / 12) & (bought <= 0)]
        if len(seen):
            name = f"A{at:04d}"
            rows.append(pd.DataFrame({"account_id": name, "date": AS_OF + pd.to_timedelta(seen, "D")}))
            last[name] = bought.max()
    found = pd.concat(rows, ignore_index=True)
    return found.assign(revenue=rng.lognormal(7, 1, len(found)).round(2)), pd.Series(last)


def _sinking(days: Floats, end: float) -> Floats:
    """In the last year every gap is longer than the one before: at the end three times as long."""
    before = days[days < end - YEAR]
    gaps = np.diff(days[days >= end - YEAR])
    start = before[-1] if len(before) else days[0]
    slower = start + np.cumsum(gaps * np.linspace(1, 3, len(gaps))) if len(gaps) else days[:0]
    return np.concatenate([before, slower])


def looked_at(rows: pd.DataFrame, day: pd.Timestamp, rules: churn.Rules) -> pd.DataFrame:
    """One snapshot, with what `Ledger.habits` and `Ledger.month_statistics` give."""
    known = rows[rows["date"] <= day].sort_values(["account_id", "date"])
    gap = known.groupby("account_id")["date"].diff().dt.days
    grouped = known.assign(gap=gap, log=np.log(gap)).groupby("account_id")
    frame = grouped["date"].agg(first_day="min", last_day="max", purchase_days="size")
    frame = frame.assign(mean_gap=grouped["gap"].mean(), longest_gap=grouped["gap"].max())
    frame["typical_gap"] = np.exp(grouped["log"].mean())
    frame["silence"] = (day - frame["last_day"]).dt.days.astype("float64")
    year = known[known["date"] > pd.Timestamp(back(day.date(), 12))]
    half = year[year["date"] > pd.Timestamp(back(day.date(), 6))]
    now, recent = (
        each.groupby("account_id")["revenue"].sum().reindex(frame.index).fillna(0.0) for each in (year, half)
    )
    frame = frame.assign(sold=now, credited=0.0, products=1, left_on=pd.NaT, now=now, before=np.nan).reset_index()
    frame["left_on"] = frame["left_on"].astype("datetime64[us]")
    months = ((day - frame["first_day"]).dt.days / (YEAR / 12)).clip(upper=12).round()
    told = frame[["account_id"]].assign(months=months, amount=now.to_numpy(), recent=recent.to_numpy())
    amounts = frame[["account_id"]].assign(revenue=now.to_numpy())
    return churn.snapshot(day.date(), frame, lifecycle(frame), told, amounts, rules=rules)


def bg_nbd(past: list[pd.DataFrame], days: churn.PastDays) -> Floats:
    today = past[-1]
    fitted = rhythm.fit_rhythm(rhythm.purchases(today), (1,), leaves_at_first=False)
    assert fitted is not None
    return alive.leaving(today, fitted).leave


def page(past: list[pd.DataFrame], days: churn.PastDays) -> Floats:
    """What pages show: the rhythm, with other signals where they won on past days."""
    found = churn.told(days)
    assert found is not None
    return found.own.leaving(past[-1]).leave


def own_rhythm(past: list[pd.DataFrame], days: churn.PastDays) -> Floats:
    found = churn.own_rhythm(days)
    assert found is not None
    return found.leaving(past[-1]).leave


def uncorrected(past: list[pd.DataFrame], days: churn.PastDays) -> Floats:
    return alive.leaving(past[-1], days.days[-1].rhythm).leave


def silence_logit(past: list[pd.DataFrame], days: churn.PastDays) -> Floats:
    """Silence over the mean gap, and purchases a year, learnt a year ago: gone is who is silent today for three mean gaps
    and a quarter of a year."""
    today = past[-1].set_index("account_id")
    then = next(each for each in past if each["day"].iloc[0] == pd.Timestamp(back(AS_OF.date(), 12)))
    then = then[~then["lost"]]
    now = today.loc[then["account_id"]]
    gap = (now["last_day"] - now["first_day"]).dt.days / (now["purchase_days"] - 1).clip(lower=1)
    gone = (now["silence"] > np.maximum(3 * gap, 90)).to_numpy()
    values, asked = _signals(then), _signals(past[-1])
    middle, wide = values.mean(axis=0), values.std(axis=0)
    from sklearn.linear_model import LogisticRegression

    found = LogisticRegression().fit((values - middle) / wide, gone)
    return np.asarray(found.predict_proba((asked - middle) / wide)[:, 1])


def _signals(rows: pd.DataFrame) -> Floats:
    known = (rows["last_day"] - rows["first_day"]).dt.days.to_numpy(np.float64)
    gap = np.maximum(known, 30) / np.maximum(rows["purchase_days"].to_numpy(np.float64) - 1, 1)
    return np.column_stack([np.log1p(rows["silence"].to_numpy(np.float64) / gap), np.log(gap)])


MODELS: dict[str, Callable[[list[pd.DataFrame], churn.PastDays], Floats]] = {
    "page": page,
    "own rhythm": own_rhythm,
    "uncorrected": uncorrected,
    "BG/NBD": bg_nbd,
    "silence logit": silence_logit,
}


def told(kind: str, length: int, seed: int) -> pd.DataFrame:
    """The chances of every model beside what came, of one company's accounts."""
    rows, last = company(kind, length, seed)
    first = rows["date"].min().date()
    rules = churn.rules_for(first, AS_OF.date())
    days = [*snapshot_days(first, AS_OF.date(), rules), back(AS_OF.date(), 12)]
    past = [looked_at(rows, pd.Timestamp(day), rules) for day in sorted(set(days))]
    known = churn.past_days(past, rules)
    gone = last.reindex(past[-1]["account_id"]).to_numpy() <= YEAR
    found = pd.DataFrame({name: model(past, known) for name, model in MODELS.items()})
    low, high = leavers(past[-1], known)
    found = found.assign(lost=gone, company=seed, kind=kind, months=length, low=low, high=high)
    return found[~past[-1]["lost"].to_numpy()]


def leavers(today: pd.DataFrame, days: churn.PastDays) -> tuple[float, float]:
    """Between which numbers nine companies in ten should lie, as pages say it."""
    found = churn.told(days)
    each = churn.leavers(churn.probabilities(today, told=found), today, np.random.default_rng(1), found, draws=1000)
    return each.low, each.high


def ranges(found: pd.DataFrame) -> pd.DataFrame:
    """In how many companies the number that left lay in its 90 % range, and how wide that is beside it."""
    each = found.groupby(["months", "kind", "company"], sort=False).agg(
        left=("lost", "sum"), low=("low", "first"), high=("high", "first")
    )
    each = each.assign(
        held=each["left"].between(each["low"], each["high"]), width=(each["high"] - each["low"]) / each["left"]
    )
    return each.groupby("months").agg(
        companies=("held", "size"), held=("held", "mean"), median_width=("width", "median")
    )


def table(found: pd.DataFrame) -> pd.DataFrame:
    """Log loss, Brier score and leavers said of those that left, by months and kind, pooled over companies."""
    lines = []
    for group, rows in [*found.groupby(["months", "kind"], sort=False), *found.groupby("months", sort=False)]:
        lost = rows["lost"].to_numpy(dtype=bool)
        for name in MODELS:
            chance = rows[name].to_numpy(np.float64)
            lines.append(
                {
                    "months": group[0] if isinstance(group, tuple) else group,
                    "kind": group[1] if isinstance(group, tuple) else "all",
                    "model": name, "log_loss": churn.log_loss(chance, lost), "brier": churn.brier(chance, lost),
                    "said": chance.sum() / lost.sum(),
                }
            )  # fmt: skip
    wide = pd.DataFrame(lines).pivot(index=["months", "kind"], columns="model", values=["log_loss", "brier", "said"])
    return wide.loc[:, [(score, name) for score in ("log_loss", "brier", "said") for name in MODELS]]


def fit_time(accounts: int = 10_000) -> None:
    """Seconds of a fit with the choice of k, and of the chances with their ranges."""
    rng = np.random.default_rng(1)
    pace, age = rng.gamma(0.9, 1 / 30, accounts), rng.uniform(100, 1000, accounts)
    alive_for = rng.exponential(700, accounts)
    repeats = rng.poisson(pace * np.minimum(age, alive_for) / 3).astype(np.float64)
    recency = np.where(repeats > 0, np.minimum(age, alive_for) * rng.beta(np.maximum(repeats, 1), 1), 0.0).round()
    repeats = np.where(recency < np.maximum(repeats, 1), 0, repeats)
    recency = np.where(repeats > 0, recency, 0.0)
    logs = np.where(repeats > 0, repeats * np.log(0.9 * np.maximum(recency, 1) / np.maximum(repeats, 1)), 0.0)
    given = rhythm.Purchases(repeats, recency, np.maximum(age, recency), logs)
    began = time.perf_counter()
    fitted = rhythm.fit_rhythm(given)
    between = time.perf_counter()
    assert fitted is not None
    alive.chances(fitted.logs, fitted.steps, given, YEAR)
    seconds = between - began, time.perf_counter() - between
    print(
        f"{accounts:,} accounts: fit with the choice of k {seconds[0]:.2f} s (k = {fitted.steps}), chances {seconds[1]:.2f} s"
    )


def main(companies: int = COMPANIES) -> None:
    fit_time()
    found = pd.concat(
        [told(kind, length, seed) for length in LENGTHS for kind in KINDS for seed in range(companies)],
        ignore_index=True,
    )
    print(
        f"{companies} companies a kind and length, {ACCOUNTS} accounts each; said: leavers expected over those that left"
    )
    with pd.option_context("display.width", 250, "display.max_columns", 30):
        print(table(found).round(3).to_string())
        print("90 % range of the number of leavers: held in a share of companies; its width over the number, median")
        print(ranges(found).round(2).to_string())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES)
