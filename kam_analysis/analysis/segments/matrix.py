"""Where does each account stand: worth having, and are we strong there? The portfolio matrix."""

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.analysis.frames import takes_frames

# Both axes are cut in the middle of their scale; the upper half begins on the line.
CUT = 0.5
# What each quadrant asks for, after McDonald's directional policy matrix.
ACTIONS = {
    "Star": "invest",
    "Strategic": "invest selectively",
    "Status": "maintain",
    "Streamline": "serve at lower cost",
}
# Fewer signals than this are an anecdote, no measure of strength.
FEWEST_SIGNALS = 2
# A price a tenth above or below what others pay is as far as the scale goes. The house's own choice.
_PRICE_RANGE = 0.10
# Prices of less than half of what an account buys say little about the account.
_COMPARED = 0.5
_TIE = 1e-12


def matrix(attractiveness: pd.Series, strength: pd.Series, border: float = 0.05) -> pd.DataFrame:
    """Where do we invest, where do we maintain, and where do we serve at lower cost?

    `attractiveness` and `strength`: 0-1 by account_id (their index), as `value_scores` and
    `relative_strength` give. Both are cut at 0.5, inclusive: Star (both high), Strategic (attractive, we
    are weak), Status (not attractive, we are strong), Streamline (neither). Returns account_id,
    attractiveness, strength, quadrant, action and borderline (within `border` of a cut, inclusive), in
    the order of `attractiveness`; accounts that miss either are left out.

    Raises `ValueError` for values outside 0-1, a border outside 0-0.5 and an account that is there twice.

    >>> at = pd.Series({"a": 0.9, "b": 0.9, "c": 0.2, "d": 0.48})
    >>> matrix(at, pd.Series({"a": 0.8, "b": 0.1, "c": 0.5, "d": 0.0}))[["quadrant", "borderline"]].values.tolist()
    [['Star', False], ['Strategic', False], ['Status', True], ['Streamline', True]]
    """
    if not 0 <= border <= CUT:
        raise ValueError(f"border: expected 0 to {CUT}, got {border}")
    for name, values in (("attractiveness", attractiveness), ("strength", strength)):
        _check(name, values)
    both = pd.DataFrame({"attractiveness": attractiveness, "strength": strength.reindex(attractiveness.index)}).dropna()
    attractive, strong = (both[name].to_numpy() >= CUT - _TIE for name in both.columns)
    quadrant = np.select([attractive & strong, attractive, strong], ["Star", "Strategic", "Status"], "Streamline")
    near = (both - CUT).abs().min(axis=1) <= border + _TIE
    rows = both.assign(quadrant=quadrant, action=pd.Series(quadrant, both.index).map(ACTIONS), borderline=near)
    return rows.rename_axis("account_id").reset_index()


@takes_frames
def relative_strength(
    traits: pd.DataFrame, prices: pd.DataFrame | None = None, book: Concentration | None = None
) -> pd.Series | None:
    """How strong is our position with each account, from what the data tells?

    `traits`: account_id and what there is of satisfaction (0-10), annual_spend, barrier_relational (0-1),
    competitor (name, or missing), bond ("company" or "person"). `prices`: account_id, price_index,
    compared. `book`: our sales, for the share of its spend. Returns 0-1 by account_id, in the order of
    `traits`: the mean of the signals known for an account, NaN with fewer than two. None where the data
    holds fewer than two signals at all.

    The signals: satisfaction / 10; share of wallet, our sales of what it spends, 1 at most; the relational
    barrier; no competitor named; a bond with the company and not with one person; the price it pays, 0.5
    where as others, 1 where a tenth above, 0 where a tenth below. A column without a value is no signal.

    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "satisfaction": [8.0, 5.0], "competitor": [None, "Vantor"]})
    >>> relative_strength(rows).to_dict()
    {'a': 0.9, 'b': 0.25}
    """
    signals = _signals(traits.set_index("account_id"), prices, book)
    if len(signals.columns) < FEWEST_SIGNALS:
        return None
    return signals.mean(axis=1).where(signals.notna().sum(axis=1) >= FEWEST_SIGNALS)


def _signals(traits: pd.DataFrame, prices: pd.DataFrame | None, book: Concentration | None) -> pd.DataFrame:
    """A column per signal that any account has, 0-1, NaN where not known; accounts as rows."""
    found = pd.DataFrame(index=traits.index)
    if "satisfaction" in traits:
        found["satisfaction"] = traits["satisfaction"].astype(np.float64) / 10
    if "annual_spend" in traits and book is not None:
        sales = book.accounts.set_index("account_id")["amount"].reindex(traits.index).fillna(0.0)
        found["wallet"] = (sales / traits["annual_spend"].where(traits["annual_spend"] > 0)).clip(upper=1)
    if "barrier_relational" in traits:
        found["barrier"] = traits["barrier_relational"].astype(np.float64)
    if "bond" in traits:
        found["bond"] = traits["bond"].map({"company": 1.0, "person": 0.0})
    if prices is not None and len(prices):
        compared = prices[prices["compared"] >= _COMPARED].set_index("account_id")
        known = compared["price_index"].reindex(traits.index)
        found["price"] = (0.5 + (known - 1) / (2 * _PRICE_RANGE)).clip(0, 1)
    if "competitor" in traits and traits["competitor"].notna().any():
        # Of an account about which nothing is known no missing competitor is good news.
        alone = traits["competitor"].isna().astype(np.float64)
        found["no_competitor"] = alone.where(found.notna().any(axis=1) | traits["competitor"].notna())
    return found.dropna(axis=1, how="all")


def _check(name: str, values: pd.Series) -> None:
    if not values.index.is_unique:
        raise ValueError(f"{name}: expected each account once, {values.index[values.index.duplicated()][0]} is not")
    wrong = values[(values < -_TIE) | (values > 1 + _TIE)]
    if len(wrong):
        raise ValueError(f"{name}: expected 0 to 1, got {wrong.iloc[0]:g} for {wrong.index[0]}")
