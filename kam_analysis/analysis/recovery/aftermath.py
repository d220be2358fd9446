"""What is left after a loss: how concentrated, who is the largest then, which product lines are gone?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration import effective_number, top_share
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.recovery.exposure import Exposures
from kam_analysis.analysis.recovery.worst_cases import Loss
from kam_analysis.analysis.segments import balance

KNOWN_OF_POWER = ["account_id", "wallet_share", "exit_barrier"]


@dataclass(frozen=True)
class Remains:
    """The business without the accounts that are lost.

    `accounts` with revenue above zero and their `revenue`, those set aside for their margin among them, and the
    `exposure` of those that stay. Of their revenue: `top_1_share` (0-1) and `effective_accounts` (as concentrated as this
    many equal customers). The largest of them by exposure with its share of what is left. NaN, and "" for a
    name, where nothing is left.
    """

    accounts: int
    revenue: float
    exposure: float
    top_1_share: float
    effective_accounts: float
    largest_id: str
    largest_name: str
    largest_share: float


def remains(found: Exposures, loss: Loss) -> Remains:
    """What is the business that is left, and on whom does it depend?

    >>> from kam_analysis.analysis.recovery import exposures, lose_largest
    >>> rows = pd.DataFrame({"account_id": list("abc"), "account_name": list("ABC"), "revenue": [60.0, 30.0, 10.0]})
    >>> left = remains(exposures(rows), lose_largest(exposures(rows), 1))
    >>> left.accounts, left.revenue, left.top_1_share, left.largest_name, left.largest_share
    (2, 40.0, 0.75, 'B', 0.75)
    >>> round(left.effective_accounts, 3)
    1.6
    """
    left = _left(found.known, loss)
    revenue = left["revenue"].to_numpy(np.float64)
    earning = left[left["exposure"] > 0]
    exposure = float(earning["exposure"].sum())
    first = earning.iloc[0] if len(earning) else None
    return Remains(
        int((revenue > 0).sum()),
        float(revenue[revenue > 0].sum()),
        exposure,
        top_share(revenue, 1),
        effective_number(revenue),
        "" if first is None else str(first["account_id"]),
        "" if first is None else str(first["account_name"]),
        float("nan") if first is None else float(first["exposure"]) / exposure,
    )


def _left(known: pd.DataFrame, loss: Loss) -> pd.DataFrame:
    """The accounts that stay, the largest first; of those handed over, what is not lost."""
    lost = loss.lost_of(known["account_id"])
    kept = {name: known[name].where(known[name] <= 0, known[name] * (1 - lost)) for name in ("revenue", "exposure")}
    left = known.assign(**kept)[lost < 1]
    return left.sort_values(["exposure", "account_id"], ascending=[False, True])


@takes_frames
def balance_after(found: Exposures, loss: Loss, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """On whom do we depend once these are gone? The balance of power with everybody's share of what is left.

    `known`: account_id and, where there are any, wallet_share and exit_barrier (0-1), as `segments.balance`
    reads them; without them their side is not assessed. Returns its columns, account_name and share after
    account_id, for the accounts above zero that stay, the largest first; empty where nothing is left.
    """
    left = _left(found.accounts, loss)
    amounts = left["exposure"].to_numpy(np.float64)
    rows = (
        left[["account_id", "account_name"]]
        .assign(share=amounts / amounts.sum() if amounts.size else amounts)
        .reset_index(drop=True)
    )
    if known is not None:
        there = [name for name in KNOWN_OF_POWER if name in known]
        rows = rows.merge(known[there], how="left", on="account_id")
    power = balance(rows).drop(columns="account_id")
    return pd.concat([rows[["account_id", "account_name", "share"]], power], axis=1)


@takes_frames
def lines_gone(lines: pd.DataFrame, loss: Loss) -> pd.DataFrame:
    """How much of each product line goes with them?

    `lines`: account_id, product_line and one measure (money), one row per pair; rows at or below zero have no
    part, rows without a line are left out. Returns product_line, amount (of all accounts), lost and
    share_gone (0-1), one row per line, the largest part gone first, ties by larger amount, then name.

    >>> from kam_analysis.analysis.recovery import Loss
    >>> lines = pd.DataFrame({"account_id": ["a", "b", "b"], "product_line": ["Skids", "Skids", "Seals"],
    ...                       "revenue": [30.0, 10.0, 5.0]})
    >>> lines_gone(lines, Loss("A", "named", ("a",), 30.0, 30.0, 0.67, 0.67)).values.tolist()
    [['Skids', 40.0, 30.0, 0.75], ['Seals', 5.0, 0.0, 0.0]]
    """
    measure = next(name for name in lines.columns if name not in ("account_id", "account_name", "product_line"))
    bought = lines.loc[(lines[measure] > 0) & lines["product_line"].notna(), ["account_id", "product_line", measure]]
    lost = bought[measure] * loss.lost_of(bought["account_id"])
    rows = bought.assign(amount=bought[measure], lost=lost).groupby("product_line")[["amount", "lost"]].sum()
    rows = rows.assign(share_gone=rows["lost"] / rows["amount"]).reset_index()
    order = ["share_gone", "amount", "product_line"]
    return rows.sort_values(order, ascending=[False, False, True], ignore_index=True)


@takes_frames
def receivables_out(traits: pd.DataFrame | None, loss: Loss) -> float:
    """What do those that leave still owe us? The sum where known; NaN where it is known of none of them.

    `traits`: account_id and receivables (money), where there is such a column.
    """
    if traits is None or "receivables" not in traits:
        return float("nan")
    owed = traits.loc[traits["account_id"].isin(loss.account_ids), "receivables"]
    return float(pd.to_numeric(owed).sum(min_count=1))
