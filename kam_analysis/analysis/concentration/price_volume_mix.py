"""What is behind growth: prices, quantities, the mix of articles, or customers and articles that came and went?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration.movement import Bridge, Ints
from kam_analysis.analysis.frames import takes_frames

# In the order in which they lead from one year to the other.
EFFECTS = ("new", "lost", "price", "volume", "mix", "new_items", "lost_items", "not_split")
_AMOUNTS = ("before", "now", *EFFECTS)


@dataclass(frozen=True)
class PriceVolumeMix:
    """From the earlier year's sales to the later one's, by what changed; `opening` plus all effects is `closing`.

    `new` and `lost` are the bridge's own. Of customers of both years: `price`, `volume` and `mix` of articles that
    they bought in both, `new_items` and `lost_items` of those bought in one alone, `not_split` what has no usable price.
    `split` is the part (0-1) of these customers' sales of the earlier year that price, volume and mix rest on; NaN
    without any. `accounts`: account_id, account_name, kind, before, now, change and the effects, a row per account of
    the bridge. `items`: the item's own columns, before, now, change and the effects, a row per item. Both add up to
    the whole in minor units, and stand with the largest change first.
    """

    opening: float
    new: float
    lost: float
    price: float
    volume: float
    mix: float
    new_items: float
    lost_items: float
    not_split: float
    closing: float
    split: float
    accounts: pd.DataFrame
    items: pd.DataFrame


@takes_frames
def price_volume_mix(items: pd.DataFrame, moved: Bridge, digits: int = 2) -> PriceVolumeMix:
    """Did sales change because of prices, of quantities, of what was bought, or of who bought?

    `items`: account_id, product and product_line (or one of them), and of the earlier year (`_before`) and the later
    one revenue, quantity, unpriced (revenue without a quantity), net of what came back, one row per account and item.
    `moved`: the bridge of the same sales, money to `digits` places. For an item that a customer of both years bought
    in both, with p its price (revenue by quantity), q its quantity and Q the quantity of all such items of the same
    customer and product line:

    price = (p_now - p_before) q_now; volume = p_before q_before (Q_now / Q_before - 1); mix is the rest of
    p_before (q_now - q_before), so what a shift to dearer or cheaper items of the line brings. Quantities are only
    ever added within one customer and line. A price is usable where revenue and quantity are above zero in both years.
    An item without a name or a usable price, what has no quantity, and credit notes for what was not bought are
    `not_split`, and so is what rounding per item leaves of an account. Standard selling-price, quantity and mix
    variances (Horngren, Datar & Rajan, Cost Accounting) with the year before in the budget's place, taken customer by
    customer.

    Two pumps at 10 and one at 40 before, then three at 11 and three at 40: 3 for the price, 60 for twice as many pieces
    as before, and 30 because more of them are the large one.

    >>> from kam_analysis.analysis.concentration import bridge
    >>> year = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "revenue": [60.0]})
    >>> bought = pd.DataFrame({"account_id": ["a", "a"], "product": ["small", "large"],
    ...     "revenue_before": [20.0, 40.0], "quantity_before": [2.0, 1.0], "unpriced_before": [0.0, 0.0],
    ...     "revenue": [33.0, 120.0], "quantity": [3.0, 3.0], "unpriced": [0.0, 0.0]})
    >>> found = price_volume_mix(bought, bridge(year.assign(revenue=153.0), year, "revenue"))
    >>> found.opening, found.price, found.volume, found.mix, found.closing
    (60.0, 3.0, 60.0, 30.0, 153.0)
    """
    names = [name for name in ("product", "product_line") if name in items]
    unit = 10**digits
    pairs = _with_rest(_effects(items, moved, names, unit), moved, unit)
    accounts = pairs.groupby("account_id")[[*_AMOUNTS]].sum()
    told = moved.accounts[["account_id", "account_name", "kind"]]
    by_account = told.assign(**{name: accounts[name].reindex(told["account_id"]).fillna(0).array for name in _AMOUNTS})
    by_item = pairs.groupby(names, dropna=False, as_index=False)[[*_AMOUNTS]].sum()
    total = pairs[[*_AMOUNTS]].sum()
    theirs = pairs.loc[pairs["kept"], ["before", "priced"]].sum()
    return PriceVolumeMix(
        moved.opening,
        **{name: int(total[name]) / unit for name in EFFECTS},
        closing=moved.closing,
        split=float(theirs["priced"] / theirs["before"]) if theirs["before"] else float("nan"),
        accounts=_in_money(by_account, unit),
        items=_in_money(by_item, unit),
    )


def _effects(items: pd.DataFrame, moved: Bridge, names: list[str], unit: int) -> pd.DataFrame:
    """A row per account of the bridge and item, in minor units: what was sold before and now, each effect, `kept`
    (bought in both years) and `priced` (of the sales before, what price, volume and mix rest on)."""
    kinds = moved.accounts.set_index("account_id")["kind"]
    rows = items[items["account_id"].isin(kinds.index)].reset_index(drop=True)
    kind = rows["account_id"].map(kinds)
    new, lost = (kind == "new").to_numpy(), (kind == "lost").to_numpy()
    before, now, loose_before, loose = (
        _units(rows[name], unit) for name in ("revenue_before", "revenue", "unpriced_before", "unpriced")
    )
    had, has = (rows[name].to_numpy(dtype=float) for name in ("quantity_before", "quantity"))
    kept, named = ~new & ~lost, rows[names[0]].notna().to_numpy()
    nothing = [(money == 0) & (pieces == 0) for money, pieces in ((before, had), (now, has))]
    sold = before - loose_before, now - loose
    usable = kept & named & (sold[0] > 0) & (sold[1] > 0) & (had > 0) & (has > 0)
    came, went = kept & named & nothing[0] & (now > 0), kept & named & nothing[1] & (before > 0)
    at_old_prices, at_old_mix = _at_last_years(rows, names, sold[0], usable=usable)
    found = {
        "before": np.where(new, 0, before),
        "now": np.where(lost, 0, now),
        "new": np.where(new, now, 0),
        "lost": np.where(lost, -before, 0),
        "price": np.where(usable, sold[1] - at_old_prices, 0),
        "volume": np.where(usable, at_old_mix - sold[0], 0),
        "mix": np.where(usable, at_old_prices - at_old_mix, 0),
        "new_items": np.where(came, now, 0),
        "lost_items": np.where(went, -before, 0),
        "not_split": np.where(usable, loose - loose_before, np.where(kept & ~came & ~went, now - before, 0)),
        "kept": kept,
        "priced": np.where(usable, sold[0], 0),
    }
    return rows[["account_id", *names]].assign(**found)


def _at_last_years(rows: pd.DataFrame, names: list[str], sold: Ints, *, usable: np.ndarray) -> tuple[Ints, Ints]:
    """What this year's quantities would have brought at last year's prices, and at last year's mix as well."""
    pieces = rows.loc[usable, ["account_id", *names[1:], "quantity_before", "quantity"]]
    in_all = pieces.groupby(["account_id", *names[1:]], dropna=False)[["quantity_before", "quantity"]].transform("sum")
    both = []
    for each in (pieces, in_all):
        at = np.zeros(len(rows))
        at[usable] = sold[usable] * (each["quantity"] / each["quantity_before"]).to_numpy()
        both.append(np.rint(at).astype(np.int64))
    return both[0], both[1]


def _with_rest(pairs: pd.DataFrame, moved: Bridge, unit: int) -> pd.DataFrame:
    """With a row, under no item, for each account whose items do not add up to what it bought by the bridge."""
    sums = pairs.groupby("account_id")[["before", "now"]].sum()
    accounts = moved.accounts.set_index("account_id")
    theirs = sums.reindex(accounts.index, fill_value=0)
    rest = {name: _units(accounts[name], unit) - theirs[name].to_numpy() for name in ("before", "now")}
    off = (rest["before"] != 0) | (rest["now"] != 0)
    if not off.any():
        return pairs
    effect = accounts["kind"].where(accounts["kind"].isin(["new", "lost"]), "not_split")
    change = rest["now"] - rest["before"]
    kept = (effect == "not_split").to_numpy()
    rows = pd.DataFrame({name: np.where(effect == name, change, 0) for name in EFFECTS}).assign(
        **rest, account_id=accounts.index, kept=kept, priced=0
    )
    return pd.concat([pairs, rows[off]], ignore_index=True)


def _in_money(frame: pd.DataFrame, unit: int) -> pd.DataFrame:
    """Minor units as money, with the change, the largest first."""
    amounts = frame[[*_AMOUNTS]].astype(np.int64)
    keys = [name for name in frame if name not in _AMOUNTS]
    change = amounts["now"] - amounts["before"]
    money = (amounts / unit).assign(change=change / unit)[["before", "now", "change", *EFFECTS]]
    order = pd.DataFrame({"size": -change.abs(), "key": frame[keys[0]].astype("str")})
    found = pd.concat([frame[keys], money], axis=1)
    return found.loc[order.sort_values(["size", "key"]).index].reset_index(drop=True)


def _units(money: pd.Series, unit: int) -> Ints:
    return np.rint(money.to_numpy(dtype=float) * unit).astype(np.int64)
