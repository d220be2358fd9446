"""How likely is each account to leave, and what does the figure rest on?"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.churn.average import Average
from kam_analysis.analysis.churn.features import Values
from kam_analysis.analysis.churn.renewal import Renewals
from kam_analysis.analysis.churn.rhythm import bought_by_days
from kam_analysis.analysis.churn.told import Told
from kam_analysis.analysis.frames import takes_frames

BASES = (
    "lost", "your figure", "contract", "from your history", "from its own rhythm", "company average", "your assumption",
    "not assessed",
)  # fmt: skip


@takes_frames
def probabilities(
    today: pd.DataFrame,
    own: pd.DataFrame | None = None,
    contracts: Renewals | None = None,
    told: Told | None = None,
    average: Average | None = None,
    quiet: Average | None = None,
    months: int = 12,
    own_odds: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> pd.DataFrame:
    """How likely is each account to leave within a year, from all causes?

    `today`: of `snapshot` on the as-of date. The first that is there, per account: lost already (1);
    `own` (account_id, churn_probability 0-1 or missing): the company's figure, its odds times `own_odds` (value,
    low, high, at least 0); `contracts`
    of `renewals`: for accounts whose contracts end within the horizon; `told` of `told`: by each account's own rhythm,
    with other signals where these won; the company's `average`, for quiet accounts that of the `quiet` ones, for an
    average of accounts that buy says nothing of them; an `average` without accounts behind it is the settings' assumption, and
    stands for all. None of them: not assessed. `months`: for how long a rhythm is asked.

    Returns account_id, probability, low, high (0-1; NaN where not assessed, and where nothing gives a range), alive (the
    chance that it is still a customer today, 0-1; NaN where its rhythm is not known), basis (one of BASES) and why (a
    sentence), in the order of `today`. Raises `ValueError` for own figures outside 0-1.

    >>> today = pd.DataFrame({"account_id": ["a"], "quiet": [False], "lost": [False], "left_on": [pd.NaT], "silence": [0]})
    >>> own = pd.DataFrame({"account_id": ["a"], "churn_probability": [0.2]})  # odds of 1 to 4
    >>> probabilities(today, own, own_odds=(1, 0.5, 2))[["probability", "low", "high"]].round(3).values.tolist()
    [[0.2, 0.111, 0.333]]
    """
    found = pd.DataFrame({"account_id": today["account_id"].to_numpy()})
    found = found.assign(probability=np.nan, low=np.nan, high=np.nan, alive=np.nan, basis="not assessed", why=_NOTHING)
    _averages(found, today["quiet"].to_numpy(dtype=bool), average, quiet)
    if told is not None:
        _by_rhythm(found, today, told, months)
    if contracts is not None and contracts.average is not None:
        _contracted(found, contracts, contracts.average)
    if contracts is not None and len(contracts.too_late):
        late = found["account_id"].map(contracts.too_late.set_index("account_id")["ends_on"])
        said = [f"; too late for notice on the contract that ends on {end:%Y-%m-%d}" for end in late.dropna()]
        found.loc[late.notna(), "why"] += said
    if own is not None and "churn_probability" in own:
        _own(found, own, own_odds)
    gone = today["lost"].to_numpy(dtype=bool)
    found.loc[gone, ["probability", "low", "high"]] = 1.0
    found.loc[gone, "alive"] = 0.0
    found.loc[gone, "basis"] = "lost"
    found.loc[gone, "why"] = _gone(today[gone])
    return found


@takes_frames
def within_a_year(found: pd.DataFrame, horizon_months: int) -> pd.DataFrame:
    """The same chances for one year, where the horizon that they were learnt for is another.

    `found`: of `probabilities`. A chance p of `horizon_months` becomes 1 - (1 - p)^(12 / horizon_months), as if
    leaving were as likely in each month; the company's own figures and assumptions are a year's already.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "probability": [0.19, 0.19], "low": [0.0, None],
    ...                      "high": [0.36, None], "basis": ["company average", "your figure"]})
    >>> within_a_year(rows, 24)[["probability", "high"]].round(2).values.tolist()
    [[0.1, 0.2], [0.19, nan]]
    """
    learnt = found["basis"].isin(_LEARNT).to_numpy()
    figures = found.loc[learnt, ["probability", "low", "high"]].astype(np.float64)
    told = found.copy()
    told.loc[learnt, ["probability", "low", "high"]] = 1 - (1 - figures) ** (12 / horizon_months)
    return told


# A rhythm is asked for a year, whatever the horizon.
_LEARNT = ("contract", "company average")
_NOTHING = "no figure of your own, and too little history for an average"


def _rest(found: pd.DataFrame, whose: np.ndarray, what: Average, basis: str, why: str | list[str]) -> None:
    found.loc[whose, ["probability", "low", "high"]] = (what.value, what.low, what.high)
    found.loc[whose, "basis"] = basis
    found.loc[whose, "why"] = why


def _averages(found: pd.DataFrame, quiet: np.ndarray, average: Average | None, silent: Average | None) -> None:
    assumed = average is not None and not average.accounts
    for each, whose in ((average, ~quiet | assumed), (silent, quiet)):
        if each is not None:
            _rest(found, whose, each, "company average" if each.accounts else "your assumption", each.source)
    if average is not None and not assumed and silent is None:
        found.loc[quiet, "why"] = "quiet, and too few quiet customers were seen for an average of their own"


def _by_rhythm(found: pd.DataFrame, today: pd.DataFrame, told: Told, months: int) -> None:
    whose = bought_by_days(today)
    leaving = told.own.leaving(today[whose], months)
    low, high = leaving.interval()
    figures = np.column_stack([leaving.leave, low, high, leaving.alive])
    found.loc[whose, ["probability", "low", "high", "alive"]] = figures
    found.loc[whose, "basis"] = told.basis
    found.loc[whose, "why"] = told.own.reasons(today[whose])


def _contracted(found: pd.DataFrame, contracts: Renewals, average: Average) -> None:
    ending = contracts.ending.set_index("account_id").reindex(found["account_id"])
    whose = ending["ends_on"].notna().to_numpy()
    why = [
        f"{_until(*days)}; {average.source}"
        for days in ending.loc[whose, ["ends_on", "notice_by"]].itertuples(index=False)
    ]
    _rest(found, whose, average, "contract", why)


def _until(end: pd.Timestamp, notice: pd.Timestamp) -> str:
    ends = f"contract ends on {end:%Y-%m-%d}"
    return ends if notice == end else f"notice possible until {notice:%Y-%m-%d}, {ends}"


def at_odds(chance: npt.ArrayLike, times: npt.ArrayLike) -> Values:
    """Chances (0-1) whose odds are multiplied; what is certain stays so.

    >>> at_odds([0.2, 0.5, 0, 1], 2).round(3).tolist()
    [0.333, 0.667, 0.0, 1.0]
    """
    given, factor = np.asarray(chance, dtype=np.float64), np.asarray(times, dtype=np.float64)
    return given * factor / np.where(given == 1, factor, 1 - given + given * factor)


def _own(found: pd.DataFrame, own: pd.DataFrame, odds: tuple[float, float, float]) -> None:
    figures = pd.to_numeric(own.set_index("account_id")["churn_probability"])
    if len(bad := figures.index[(figures < 0) | (figures > 1)]):
        shown = ", ".join(map(str, bad[:3]))
        raise ValueError(f"churn_probability: expected 0-1, got others in {len(bad)} accounts ({shown}); correct them")
    figures = found["account_id"].map(figures)
    whose = figures.notna().to_numpy()
    open_ = odds[1] < odds[2]
    for name, times in zip(("probability", "low", "high"), odds, strict=True):
        found.loc[whose, name] = at_odds(figures[whose], times) if open_ or name == "probability" else np.nan
    said = "your own figure" + (f", its odds times {odds[0]:g}" if odds[0] != 1 else "")
    ranged = f"range: its odds times {odds[1]:g} to {odds[2]:g}" if open_ else "no range given"
    found.loc[whose, ["basis", "why"]] = ["your figure", f"{said}; {ranged}"]


def _gone(today: pd.DataFrame) -> list[str]:
    rows = zip(today["left_on"], today["silence"], strict=True)
    return [f"left on {day:%Y-%m-%d}" if pd.notna(day) else f"silent for {silence:.0f} days" for day, silence in rows]
