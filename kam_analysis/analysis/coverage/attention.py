"""Does each account manager grow or protect what he has, or only administer it?"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kam_analysis.analysis.coverage.holding import trait
from kam_analysis.analysis.coverage.last_months import in_last_months, recorded
from kam_analysis.analysis.coverage.over_the_year import over_the_year
from kam_analysis.analysis.frames import takes_frames

VERDICTS = ("grown", "protected", "neither", "new")
# A difference below this is what rounding leaves, not sales that missed a threshold.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Attended:
    """From where on an account was grown, or protected: our own choice, for no source sets these figures.

    `grown`: sales are this many times those of the year before (1.05: more than a usual yearly rise in prices
    brings alone). `protected`: this part of them was kept (0-1). `line_share`: a line counts as new from this part
    of the account's sales, so that one odd order does not (0-1). Raises `ValueError` outside these ranges.
    """

    grown: float = 1.05
    protected: float = 0.95
    line_share: float = 0.1

    def __post_init__(self) -> None:
        if not self.grown >= 1:
            raise ValueError(f"grown: expected at least 1, got {self.grown:g}")
        for name in ("protected", "line_share"):
            if not 0 < getattr(self, name) <= 1:
                raise ValueError(f"{name}: expected above 0 and at most 1, got {getattr(self, name):g}")


ATTENDED = Attended()


@takes_frames
def attention(
    accounts: pd.DataFrame,
    before: pd.DataFrame | None,
    traits: pd.DataFrame,
    lines: pd.DataFrame | None = None,
    lines_before: pd.DataFrame | None = None,
    opportunities: pd.DataFrame | None = None,
    as_of: date | None = None,
    rules: Attended = ATTENDED,
) -> pd.DataFrame:
    """Was each account grown or protected over the year, or neither? One row per account that bought in either.

    `accounts`, `before`: account_id, account_name, revenue of the twelve months and of those before. `traits`:
    account_id, and where known account_manager_id (today's: who had the account before is not asked) and left_on
    (confirmed as lost by then). `lines`,
    `lines_before`: account_id, product_line, revenue of the same years. `opportunities`: amount (a year),
    account_id, created, and where known status, closed, probability (0-1); needs `as_of`.

    account_id, account_name, account_manager_id, revenue, before, change (money); kept (0-1, of what was bought
    before; NaN where nothing was); new_lines (names, the largest first) and new_line_revenue: lines of at least
    `line_share` of the account's sales of which it bought nothing, net, the year before; none for an account that
    bought nothing at all then; NaN without lines. opened (number) and pipeline (money): offers that are open and
    were created in the twelve months, and their amounts times their probability. Without a status an offer is
    open unless it has a day on which it closed; without a probability it adds to `opened`, not to `pipeline`
    (NaN where no offer of the account has one), for its worth is not known; without `created` there is neither.
    verdict and why, by the first that holds:

    - new: bought nothing before, and now does ("new")
    - grown: sales rose to `grown` times ("sales_up"), or `protected` was kept and a new line came ("new_line");
      a new line at an account that fell by more has not made up for what was lost
    - protected: `protected` was kept ("kept"), or would be if the pipeline came in as expected ("pipeline"): who
      opens offers where sales fell is managing; but offers too small to close the gap do not count, nor do any
      where nothing is bought any more
    - neither: sales fell ("fell"), nothing is bought any more, which was confirmed ("left") or not ("gone"), or
      nothing in either year ("nothing")

    Both are missing without a year before. It says what became of an account, not through whom; one that orders
    every 14 months is "gone" in one year and "new" in the next. The account with the most money in either year
    first, ties by account_id. Raises `ValueError` where an account stands twice or
    has no revenue, and for opportunities without `as_of`.

    >>> sold = pd.DataFrame({"account_id": list("abc"), "account_name": list("ABC"), "revenue": [110.0, 96.0, 50.0]})
    >>> known = pd.DataFrame({"account_id": list("abc"), "account_manager_id": ["M1", "M1", "M2"]})
    >>> found = attention(sold, sold.assign(revenue=100.0), known)
    >>> found[["account_id", "kept", "verdict", "why"]].values.tolist()
    [['a', 1.0, 'grown', 'sales_up'], ['b', 0.96, 'protected', 'kept'], ['c', 0.5, 'neither', 'fell']]
    """
    rows = over_the_year(accounts, before)
    rows = rows.assign(largest=rows[["revenue", "before"]].max(axis=1))
    rows = rows.sort_values(["largest", "account_id"], ascending=[False, True], ignore_index=True)
    rows.insert(2, "account_manager_id", trait(traits, "account_manager_id", rows["account_id"]))
    rows["change"] = rows["revenue"] - rows["before"]
    now, was = rows["revenue"].clip(lower=0), rows["before"].where(rows["before"] > 0)
    rows["kept"] = np.minimum(now, was) / was
    rows = _with_lines(rows, lines, lines_before, rules.line_share)
    rows = _with_offers(rows, opportunities, as_of)
    return _judged(rows.drop(columns="largest"), trait(traits, "left_on", rows["account_id"]).notna(), rules)


@takes_frames
def by_manager(rows: pd.DataFrame) -> pd.DataFrame:
    """Whose accounts were grown, protected, or neither? One row per manager, the most money before first.

    `rows` of `attention`. account_manager_id (missing, and last, for accounts without one, so that the rows add up
    to the company); accounts, grown, protected, neither, new (numbers); money_grown, money_protected and
    money_neither, what these accounts bought the year before, and money_new, what the new ones bought this year;
    kept_share (what all that bought before kept, growth not counted, 0-1: GRR) and kept_and_grown (growth counted,
    new accounts not, from 0 up: NRR), both NaN where nothing was bought before. Amounts at or below zero count as
    nothing. Without a year before all counts but `accounts` are 0. Ties by account_manager_id.

    >>> told = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M1"], "revenue": [150.0, 50.0],
    ...                      "before": [100.0, 100.0], "verdict": ["grown", "neither"]})
    >>> found = by_manager(told)
    >>> found[["grown", "neither", "money_neither", "kept_share", "kept_and_grown"]].iloc[0].tolist()
    [1.0, 1.0, 100.0, 0.75, 1.0]
    """
    now, before = rows["revenue"].clip(lower=0), rows["before"].clip(lower=0)
    told = pd.DataFrame({"account_manager_id": rows["account_manager_id"], "accounts": 1})
    for verdict in VERDICTS:
        told[verdict] = rows["verdict"].eq(verdict).astype("int64")
    for verdict in VERDICTS:
        money = now if verdict == "new" else before
        told[f"money_{verdict}"] = money.where(told[verdict] == 1, 0.0)
    told["opening"] = before.fillna(0.0)
    told["kept"] = now.where(now < before, before).fillna(0.0)
    told["both"] = now.where(before > 0, 0.0)
    sums = told.groupby("account_manager_id", dropna=False, sort=True).sum().reset_index()
    opening = sums["opening"].where(sums["opening"] > 0)
    sums["kept_share"], sums["kept_and_grown"] = sums["kept"] / opening, sums["both"] / opening
    # Stable, and the managers come by id.
    sums = sums.assign(nobody=sums["account_manager_id"].isna()).sort_values("opening", ascending=False, kind="stable")
    sums = sums.sort_values("nobody", kind="stable", ignore_index=True)
    return sums.drop(columns=["opening", "kept", "both", "nobody"])


def _with_lines(
    rows: pd.DataFrame, lines: pd.DataFrame | None, lines_before: pd.DataFrame | None, line_share: float
) -> pd.DataFrame:
    if not recorded(lines, "product_line") or not recorded(lines_before, "product_line"):
        return rows.assign(new_lines=pd.Series(np.nan, rows.index, dtype="object"), new_line_revenue=np.nan)
    by = ["account_id", "product_line"]
    later, earlier = (frame.groupby(by)["revenue"].sum() for frame in (lines, lines_before))
    bought = later.to_frame().assign(earlier=earlier.reindex(later.index, fill_value=0.0)).reset_index()
    known = rows.set_index("account_id")
    enough = bought["revenue"] >= line_share * bought["account_id"].map(known["revenue"].clip(lower=0)) - _ROUNDING
    customer = bought["account_id"].map(known["before"]) > 0
    new = bought[(bought["revenue"] > 0) & (bought["earlier"] <= 0) & enough & customer]
    by_account = new.sort_values(["revenue", "product_line"], ascending=[False, True]).groupby("account_id")
    names, money = by_account["product_line"].agg(", ".join), by_account["revenue"].sum()
    return rows.assign(
        new_lines=names.astype("object").reindex(rows["account_id"], fill_value="").to_numpy(),
        new_line_revenue=money.reindex(rows["account_id"], fill_value=0.0).to_numpy(),
    )


def _with_offers(rows: pd.DataFrame, opportunities: pd.DataFrame | None, as_of: date | None) -> pd.DataFrame:
    if not recorded(opportunities, "account_id", "created"):
        return rows.assign(opened=pd.array([pd.NA] * len(rows), dtype="Int64"), pipeline=np.nan)
    if as_of is None:
        raise ValueError("as_of: expected a day, for offers count that were opened in the twelve months before it")
    offers = opportunities[is_open(opportunities) & in_last_months(opportunities["created"], as_of)]
    chance = offers["probability"] if "probability" in offers else pd.Series(np.nan, offers.index)
    by_account = (offers["amount"] * chance).groupby(offers["account_id"])
    number, worth = by_account.size(), by_account.sum(min_count=1)
    opened = number.reindex(rows["account_id"], fill_value=0).to_numpy()
    pipeline = worth.reindex(rows["account_id"]).to_numpy(np.float64)
    return rows.assign(opened=pd.array(opened, dtype="Int64"), pipeline=np.where(opened == 0, 0.0, pipeline))


def is_open(opportunities: pd.DataFrame) -> pd.Series:
    """Which offers are still open? Without a status: those without a day on which they closed."""
    unclosed = opportunities["closed"].isna() if "closed" in opportunities else pd.Series(True, opportunities.index)
    if "status" not in opportunities:
        return unclosed
    return opportunities["status"].eq("open").fillna(False).astype(bool) | (opportunities["status"].isna() & unclosed)


def _judged(rows: pd.DataFrame, left: pd.Series, rules: Attended) -> pd.DataFrame:
    now, was = rows["revenue"].clip(lower=0), rows["before"].clip(lower=0)
    held = rows["kept"] >= rules.protected - _ROUNDING
    expected = now + rows["pipeline"].fillna(0.0)
    reasons = {
        ("new", "new"): (was <= 0) & (now > 0),
        ("neither", "nothing"): (was <= 0) & (now <= 0),
        ("grown", "sales_up"): now >= was * (rules.grown - _ROUNDING),
        ("grown", "new_line"): held & (rows["new_line_revenue"] > 0),
        ("protected", "kept"): held,
        ("neither", "left"): (was > 0) & (now <= 0) & left,
        ("neither", "gone"): (was > 0) & (now <= 0),
        ("protected", "pipeline"): expected >= was * (rules.protected - _ROUNDING),
        ("neither", "fell"): was > now,
    }
    first = np.select(list(reasons.values()), list(range(len(reasons))), -1)
    told = [*reasons, (None, None)]
    verdicts, why = zip(*(told[at] for at in first), strict=True) if len(rows) else ((), ())
    # Without a year before nothing above holds.
    return rows.assign(verdict=pd.Series(verdicts, rows.index, "object"), why=pd.Series(why, rows.index, "object"))
