"""Who depends on whom: what we would lose with an account, what it would lose with us, and how easily it could go?"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.segments.joining import of_accounts

Floats = npt.NDArray[np.float64]

# The part of all sales or margin from which an account is key; the default of the settings. An account at
# it is a full dependence: its loss is one that the company's own rule calls significant.
FULL_DEPENDENCE = 0.10
# Both sides are estimates to about a tenth; a difference within two tenths is not told from none.
EVEN = 0.20
# Of the three kinds of exit barrier only relational ones go with share of wallet, cross-buying and actual
# switching alike (Blut et al. 2016). That they weigh as much as the other two together is our own choice.
BARRIER_WEIGHTS = {"procedural": 0.25, "financial": 0.25, "relational": 0.50}
# Below the middle of the scale more speaks for going than against it; two fifths leave room for a judgement.
WEAK = 0.40
# An account of one part in a hundred matters, though it is not key.
VALUABLE = 0.01

READINGS = ("it depends on us", "balanced", "we depend on it", "not assessed")


@takes_frames
def balance(frame: pd.DataFrame, full: float = FULL_DEPENDENCE, even: float = EVEN) -> pd.DataFrame:
    """Which accounts do we depend on more than they on us?

    `frame`: one row per account: account_id; share (of our margin, else of our revenue, 0-1; a negative
    one counts as none); and where known wallet_share (our part of what it spends on what we sell, 0-1;
    more counts as all) and exit_barrier (0-1, `strength` of `barriers`).

    Returns account_id, our_dependence (share by `full`, at most 1), their_dependence (mean of those of
    the two that are known), relative_power (theirs less ours: -1, we depend wholly, to 1), interdependence
    (their sum, 0-2) and reading (one of READINGS: "balanced" within `even`, inclusive), in the frame's
    order. NaN and "not assessed" where a side is not known. Balanced and high is the aim.

    Raises `ValueError` for `full` outside (0, 1] and `even` outside [0, 1). Power as the other side's
    dependence: Emerson 1962; difference and sum: Caniels & Gelderman 2007.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "share": [0.18, 0.01],
    ...                      "wallet_share": [0.62, 0.7], "exit_barrier": [0.38, None]})
    >>> found = balance(rows)
    >>> found[["our_dependence", "their_dependence", "relative_power", "interdependence"]].round(2).values.tolist()
    [[1.0, 0.5, -0.5, 1.5], [0.1, 0.7, 0.6, 0.8]]
    >>> found["reading"].tolist()
    ['we depend on it', 'it depends on us']
    """
    if not 0 < full <= 1:
        raise ValueError(f"full: expected above 0 and at most 1, got {full:g}")
    if not 0 <= even < 1:
        raise ValueError(f"even: expected at least 0 and below 1, got {even:g}")
    ours = np.clip(_numbers(frame, "share") / full, 0, 1)
    theirs = _mean([np.clip(_numbers(frame, name), 0, 1) for name in ("wallet_share", "exit_barrier")])
    relative = theirs - ours
    # 0.7 - 0.5 is two tenths, whatever the float says.
    conditions = [np.isnan(relative), relative > even + 1e-12, relative < -even - 1e-12]
    reading = np.select(conditions, [READINGS[3], READINGS[0], READINGS[2]], READINGS[1])
    return pd.DataFrame(
        {
            "account_id": frame["account_id"].to_numpy(),
            "our_dependence": ours,
            "their_dependence": theirs,
            "relative_power": relative,
            "interdependence": theirs + ours,
            "reading": pd.array(reading, dtype="str"),
        }
    )


@takes_frames
def barriers(traits: pd.DataFrame, weights: dict[str, float] = BARRIER_WEIGHTS) -> pd.DataFrame:
    """What keeps each account from leaving, and what is the evidence?

    `traits`: account_id and what there is of barrier_procedural (learning anew, approvals), barrier_financial
    (lost rebates, fees), barrier_relational (people, trust), each 0-1, and barrier_note.

    Returns account_id, procedural, financial, relational, strength (0-1, the mean of those known by
    `weights`; NaN where none is) and note ("" where there is none), in the frame's order. Raises
    `ValueError` for weights that are not the three kinds, negative or all zero.

    >>> rows = pd.DataFrame({"account_id": ["a"], "barrier_procedural": [0.5], "barrier_financial": [0.4],
    ...                      "barrier_relational": [0.3]})
    >>> barriers(rows)["strength"].round(3).tolist()
    [0.375]
    """
    if set(weights) != set(BARRIER_WEIGHTS):
        raise ValueError(f"weights: expected {', '.join(BARRIER_WEIGHTS)}, got {', '.join(weights) or 'none'}")
    if min(weights.values()) < 0 or not sum(weights.values()) > 0:
        raise ValueError(f"weights: expected at least 0 and one above it, got {weights}")
    found = {kind: _numbers(traits, f"barrier_{kind}") for kind in BARRIER_WEIGHTS}
    strength = _mean(list(found.values()), [weights[kind] for kind in found])
    note = traits["barrier_note"] if "barrier_note" in traits else pd.Series("", traits.index)
    told = note.astype(object).fillna("").astype(str).str.strip().to_numpy()
    ids = traits["account_id"].to_numpy()
    return pd.DataFrame({"account_id": ids, **found, "strength": strength, "note": pd.array(told, dtype="str")})


@takes_frames
def easy_to_leave(
    found: pd.DataFrame, book: Concentration, weak: float = WEAK, least: float = VALUABLE
) -> pd.DataFrame:
    """Which valuable accounts could leave easily?

    `found`: the result of `barriers`. Returns account_id, account_name, amount, share, strength and note
    of the accounts with at least `least` of the book whose barriers are below `weak`, largest first.
    Accounts without a known barrier are not among them: nothing is known of how easily they could go.
    """
    valuable = book.accounts.loc[book.accounts["share"] >= least, ["account_id", "account_name", "amount", "share"]]
    joined = valuable.merge(found[["account_id", "strength", "note"]], on="account_id", how="inner")
    return joined[joined["strength"] < weak].reset_index(drop=True)


@takes_frames
def price_and_margin(
    prices: pd.DataFrame | None,
    now: pd.DataFrame,
    before: pd.DataFrame | None = None,
    lines: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What do invoices tell of the balance: who pays less than others, whose margin drifts, who buys how broadly?

    `prices`: account_id, price_index (paid by what others pay for the same; 0.9 is a tenth cheaper),
    compared (part of its sales that could be compared, 0-1); None without products. `now` and `before`:
    account_id, revenue and, where there is a cost, margin (money), of a period and the one a year before.
    `lines`: account_id, product_line and a measure, of the same period as `now`.

    Returns one row per account of `now`, in its order: account_id, price_index, compared, margin_share,
    margin_share_before (margin by revenue; NaN where revenue is not above zero), margin_change (-0.04 is four
    points down), lines (product lines with a purchase above zero), lines_of (those that any account buys).
    What cannot be known is NaN.

    >>> year = pd.DataFrame({"account_id": ["a"], "revenue": [100.0], "margin": [19.0]})
    >>> earlier = pd.DataFrame({"account_id": ["a"], "revenue": [80.0], "margin": [18.4]})
    >>> price_and_margin(None, year, earlier)[["margin_share", "margin_share_before", "margin_change"]].round(2).values
    array([[ 0.19,  0.23, -0.04]])
    """
    ids = now["account_id"]
    found = pd.DataFrame({"account_id": ids.to_numpy()})
    paid = None if prices is None else of_accounts(prices, ids)
    for name in ("price_index", "compared"):
        found[name] = np.nan if paid is None else paid[name].to_numpy(np.float64)
    found["margin_share"] = _margin(now)
    found["margin_share_before"] = np.nan if before is None else _margin(of_accounts(before, ids))
    found["margin_change"] = found["margin_share"] - found["margin_share_before"]
    found["lines"], found["lines_of"] = _breadth(lines, ids)
    return found


def _margin(frame: pd.DataFrame) -> Floats:
    revenue, margin = (_numbers(frame, name) for name in ("revenue", "margin"))
    return margin / np.where(revenue > 0, revenue, np.nan)


def _breadth(lines: pd.DataFrame | None, ids: pd.Series) -> tuple[Floats, float]:
    if lines is None:
        return np.full(len(ids), np.nan), float("nan")
    measure = next(name for name in lines.columns if name not in ("account_id", "account_name", "product_line"))
    bought = lines[(lines[measure] > 0) & lines["product_line"].notna()]
    counted = bought.groupby("account_id")["product_line"].nunique()
    return np.asarray(ids.map(counted).fillna(0), dtype=np.float64), float(bought["product_line"].nunique())


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame:
        return np.full(len(frame), np.nan)
    return pd.to_numeric(frame[name]).to_numpy(np.float64, na_value=np.nan)


def _mean(columns: list[Floats], weights: list[float] | None = None) -> Floats:
    """The mean of what is known, by weight; NaN where nothing with a weight is."""
    values = np.column_stack(columns)
    weight = np.where(np.isnan(values), 0.0, weights or [1.0] * len(columns))
    total = weight.sum(axis=1)
    return (np.nan_to_num(values) * weight).sum(axis=1) / np.where(total > 0, total, np.nan)
