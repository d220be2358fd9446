"""What does each account manager look after, and does the company depend on few of them?"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration import concentrate, effective_number, top_share
from kam_analysis.analysis.coverage.holding import holding, trait
from kam_analysis.analysis.coverage.last_months import in_last_months, recorded
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.refused import refuse_rows

MONTHS_A_YEAR = 12
_UNHELD = ["account_id", "account_name", "revenue"]


@dataclass(frozen=True)
class OnFew:
    """How the company depends on few managers, beside how it depends on few accounts.

    `accounts`: with revenue above zero; `managers`: who hold one of them. `effective_accounts`: as concentrated
    as this many equal customers; `effective_managers`: as this many managers with equal sales, over the accounts
    that have one. `largest_account_share`, `largest_manager_share` and `unheld_share` (accounts without a manager)
    are of all sales, 0-1. What is of managers is NaN where no table names them.
    """

    accounts: int
    managers: int
    effective_accounts: float
    effective_managers: float
    largest_account_share: float
    largest_manager_share: float
    unheld_share: float


@takes_frames
def manager_table(
    accounts: pd.DataFrame,
    traits: pd.DataFrame,
    managers: pd.DataFrame | None,
    interactions: pd.DataFrame | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """What does each manager look after? One row per person with an account that bought, largest revenue first.

    `accounts`: account_id, account_name, revenue, and margin where there is a cost, of twelve months. `traits`:
    account_id, and where known account_manager_id and deputy_id. `managers`: manager_id, and where known
    manager_name, level, hours_per_month, leaving_on; may be empty. `interactions`: account_id, date, staff_id,
    hours; needs `as_of`.

    account_manager_id; manager_name (the id where there is none); level; accounts (number, those at or below
    zero among them); revenue and margin, sums of those above zero, with revenue_share and margin_share of all
    such sums (0-1); effective_accounts (1/HHI of their accounts: 1 up to their number); largest_account_id,
    largest_account_name and largest_share (of their revenue, 0-1; missing where none is above zero);
    without_deputy (number, NA where no deputies are kept); hours_per_month (capacity); hours_recorded (their own
    a month over the twelve months to `as_of` at all accounts that are theirs today, bought or not; NaN where
    nobody's hours are in these months); leaving_on. Ties by account_manager_id. Empty where nobody is named.

    Raises `ValueError` for accounts that stand twice or have no revenue, negative hours, and hours without `as_of`.

    >>> sold = pd.DataFrame({"account_id": list("abc"), "account_name": list("ABC"), "revenue": [50.0, 50.0, 100.0]})
    >>> known = pd.DataFrame({"account_id": list("abc"), "account_manager_id": ["M1", "M1", None]})
    >>> found = manager_table(sold, known, None)
    >>> found[["manager_name", "accounts", "revenue_share", "effective_accounts", "largest_share"]].values.tolist()
    [['M1', 2, 0.5, 2.0, 0.5]]
    """
    rows = holding(accounts, traits)
    totals = {measure: _above(rows[measure]) for measure in ("revenue", "margin")}
    held = rows[rows["account_manager_id"].notna()]
    lines = [_line(who, theirs, totals) for who, theirs in held.groupby("account_manager_id", sort=True)]
    found = pd.DataFrame(lines, columns=[*_LINE]).astype(_LINE)
    # Stable, and the managers come by id.
    found = found.sort_values("revenue", ascending=False, kind="stable", ignore_index=True)
    return _with_person(found, managers, _hours(interactions, traits, as_of))


@takes_frames
def unheld(accounts: pd.DataFrame, traits: pd.DataFrame) -> pd.DataFrame:
    """Which accounts that bought have no manager? account_id, account_name, revenue; the largest first.

    Frames and errors as in `manager_table`. Empty where no table names managers: then nobody is known to miss one.

    >>> sold = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1.0, 2.0]})
    >>> unheld(sold, pd.DataFrame({"account_id": ["a"], "account_manager_id": ["M1"]})).values.tolist()
    [['b', 'B', 2.0]]
    """
    rows = holding(accounts, traits)
    nobody = rows["account_manager_id"].isna() & ("account_manager_id" in traits)
    return rows.loc[nobody, _UNHELD].reset_index(drop=True)


@takes_frames
def without_deputy(accounts: pd.DataFrame, traits: pd.DataFrame) -> pd.DataFrame:
    """Which accounts have a manager and nobody who stands in? The largest first.

    account_id, account_name, account_manager_id, revenue. A deputy who is the manager is none. Frames and errors
    as in `manager_table`; empty where no deputies are kept.

    >>> sold = pd.DataFrame({"account_id": ["a", "b"], "account_name": ["A", "B"], "revenue": [1.0, 2.0]})
    >>> known = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M2"], "deputy_id": ["M1", "M1"]})
    >>> without_deputy(sold, known).values.tolist()
    [['a', 'A', 'M1', 1.0]]
    """
    rows = holding(accounts, traits)
    alone = rows["account_manager_id"].notna() & ~rows["has_deputy"].fillna(True).astype(bool)
    return rows.loc[alone, ["account_id", "account_name", "account_manager_id", "revenue"]].reset_index(drop=True)


@takes_frames
def on_few(accounts: pd.DataFrame, traits: pd.DataFrame) -> OnFew:
    """Does the company depend on fewer managers than accounts?

    Frames and errors as in `manager_table`; accounts at or below zero have no share. An account without a manager
    depends on nobody: it is left out of `effective_managers` and counted in `unheld_share`. 1/HHI as in
    `analysis.concentration`.

    >>> sold = pd.DataFrame({"account_id": list("abcd"), "account_name": list("ABCD"), "revenue": [25.0] * 4})
    >>> known = pd.DataFrame({"account_id": list("abc"), "account_manager_id": ["M1", "M1", "M2"]})
    >>> found = on_few(sold, known)
    >>> found.effective_accounts, found.managers, round(found.effective_managers, 2), found.unheld_share
    (4.0, 2, 1.8, 0.25)
    """
    rows = holding(accounts, traits)
    book = concentrate(rows, "revenue")
    rows = rows[rows["revenue"] > 0]
    sums = rows.groupby("account_manager_id")["revenue"].sum().to_numpy(np.float64)
    nobody = float(rows.loc[rows["account_manager_id"].isna(), "revenue"].sum())
    known = "account_manager_id" in traits and book.total > 0
    return OnFew(
        book.n,
        len(sums),
        book.effective_accounts,
        effective_number(sums),
        top_share(book.amounts, 1),
        float(sums.max()) / book.total if sums.size else float("nan"),
        nobody / book.total if known else float("nan"),
    )


# What `_line` tells, and of which kind: an empty table has them too.
_LINE = {
    "account_manager_id": "object", "accounts": "int64", "revenue": "float64", "revenue_share": "float64",
    "margin": "float64", "margin_share": "float64", "effective_accounts": "float64", "largest_account_id": "object",
    "largest_account_name": "object", "largest_share": "float64", "without_deputy": "Int64",
}  # fmt: skip


def _line(who: object, theirs: pd.DataFrame, totals: dict[str, float]) -> dict[str, object]:
    """`theirs` of `holding`, the largest first."""
    revenue, margin = _above(theirs["revenue"]), _above(theirs["margin"])
    largest = theirs.iloc[0] if revenue > 0 else None
    return {
        "account_manager_id": who,
        "accounts": len(theirs),
        "revenue": revenue,
        "revenue_share": revenue / totals["revenue"] if totals["revenue"] else np.nan,
        "margin": margin,
        "margin_share": margin / totals["margin"] if totals["margin"] else np.nan,
        "effective_accounts": effective_number(theirs["revenue"].to_numpy(np.float64)),
        "largest_account_id": pd.NA if largest is None else largest["account_id"],
        "largest_account_name": pd.NA if largest is None else largest["account_name"],
        "largest_share": np.nan if largest is None else largest["revenue"] / revenue,
        "without_deputy": (~theirs["has_deputy"]).sum() if theirs["has_deputy"].notna().all() else pd.NA,
    }


def _above(amounts: pd.Series) -> float:
    """The sum of what is above zero; NaN where nothing is known."""
    return float(amounts[amounts.isna() | (amounts > 0)].sum()) if amounts.notna().any() else float("nan")


def _with_person(found: pd.DataFrame, managers: pd.DataFrame | None, hours: pd.Series | None) -> pd.DataFrame:
    """What is known of the managers themselves, in the table's order of columns."""
    ids = found["account_manager_id"]
    known = pd.DataFrame({"manager_id": []}) if managers is None else managers
    person = known.set_index("manager_id").reindex(ids)
    nothing = pd.Series(pd.NA, person.index, dtype="object")

    def told(column: str) -> pd.Series:
        return person.get(column, nothing).set_axis(found.index)

    found.insert(1, "manager_name", told("manager_name").fillna(ids))
    found.insert(2, "level", told("level"))
    found["hours_per_month"] = pd.to_numeric(told("hours_per_month")).astype("float64")
    # Who wrote nothing down while others did has spent none that is known of.
    found["hours_recorded"] = np.nan if hours is None else ids.map(hours).fillna(0.0).astype("float64")
    found["leaving_on"] = pd.to_datetime(told("leaving_on"))
    return found


def _hours(interactions: pd.DataFrame | None, traits: pd.DataFrame, as_of: date | None) -> pd.Series | None:
    """Hours a month by manager at their own accounts; None where nobody wrote any down."""
    if not recorded(interactions, "hours"):
        return None
    if as_of is None:
        raise ValueError("as_of: expected a day, for hours are told of the twelve months before it; got none")
    refuse_rows("interactions, hours", "0 or more", interactions["account_id"], interactions["hours"] < 0)
    recent = interactions[in_last_months(interactions["date"], as_of) & interactions["hours"].notna()]
    if recent.empty:
        return None
    manager = trait(traits, "account_manager_id", recent["account_id"])
    own = recent[(manager == recent["staff_id"]).fillna(False).astype(bool)]
    return own.groupby("staff_id")["hours"].sum() / MONTHS_A_YEAR
