"""Every worst case in one row: what goes, what of the budget, what stays, who carries the fixed costs?"""

from collections.abc import Iterable

import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.recovery.aftermath import lines_gone, receivables_out, remains
from kam_analysis.analysis.recovery.budget import BudgetYear
from kam_analysis.analysis.recovery.exposure import Exposures
from kam_analysis.analysis.recovery.fixed_costs import cover
from kam_analysis.analysis.recovery.ranges import Assumed
from kam_analysis.analysis.recovery.worst_cases import Loss


@takes_frames
def case_table(
    found: Exposures,
    losses: Iterable[Loss],
    traits: pd.DataFrame | None = None,
    lines: pd.DataFrame | None = None,
    budget: BudgetYear | None = None,
    fixed: float | Assumed | None = None,
) -> pd.DataFrame:
    """What would each worst case do to us, side by side?

    `traits`: account_id, receivables; `lines`: account_id, product_line and a measure; `fixed`: fixed costs a
    year. What is not given, or rests on a margin that there is not, is NaN.

    Returns one row per loss, in its order: label, kind, accounts; revenue, margin, exposure (money a year) and
    revenue_share, exposure_share (0-1); set_aside, set_aside_amount; revenue_of_budget, margin_of_budget (lost
    by budgeted: accounts are taken to be in the budget as they bought); receivables; worst_line,
    worst_line_share (the product line of which most goes; "" without lines); accounts_left, revenue_left,
    exposure_left, top_1_share_left, effective_accounts_left, largest_left, largest_left_share;
    fixed_costs_stranded, result_after (with _low and _high), break_even_after.
    """
    rows = []
    for loss in losses:
        goes = _goes(found, loss) | _budgeted(found, loss, budget) | _beside(loss, traits, lines)
        rows.append(goes | _stays(found, loss) | _covered(found, loss, fixed))
    return pd.DataFrame(rows)


def _goes(found: Exposures, loss: Loss) -> dict[str, object]:
    return {
        "label": loss.label,
        "kind": loss.kind,
        "accounts": loss.accounts,
        "revenue": loss.revenue,
        "margin": loss.exposure if found.has_margin else float("nan"),
        "exposure": loss.exposure,
        "revenue_share": loss.revenue_share,
        "exposure_share": loss.exposure_share,
        "set_aside": loss.set_aside,
        "set_aside_amount": loss.set_aside_amount,
    }


def _budgeted(found: Exposures, loss: Loss, budget: BudgetYear | None) -> dict[str, object]:
    planned = (budget.revenue, budget.margin) if budget else (float("nan"),) * 2
    lost = (loss.revenue, loss.exposure if found.has_margin else float("nan"))
    names = ("revenue_of_budget", "margin_of_budget")
    return {name: a / b if b > 0 else float("nan") for name, a, b in zip(names, lost, planned, strict=True)}


def _beside(loss: Loss, traits: pd.DataFrame | None, lines: pd.DataFrame | None) -> dict[str, object]:
    gone = lines_gone(lines, loss) if lines is not None else pd.DataFrame()
    return {
        "receivables": receivables_out(traits, loss),
        "worst_line": gone["product_line"].iloc[0] if len(gone) else "",
        "worst_line_share": gone["share_gone"].iloc[0] if len(gone) else float("nan"),
    }


def _stays(found: Exposures, loss: Loss) -> dict[str, object]:
    left = remains(found, loss)
    return {
        "accounts_left": left.accounts,
        "revenue_left": left.revenue,
        "exposure_left": left.exposure,
        "top_1_share_left": left.top_1_share,
        "effective_accounts_left": left.effective_accounts,
        "largest_left": left.largest_name,
        "largest_left_share": left.largest_share,
    }


def _covered(found: Exposures, loss: Loss, fixed: float | Assumed | None) -> dict[str, object]:
    names = ("fixed_costs_stranded", "result_after", "result_after_low", "result_after_high", "break_even_after")
    found_cover = cover(found, loss, fixed)
    if found_cover is None:
        return dict.fromkeys(names, float("nan"))
    after, even = found_cover.result_after, found_cover.break_even_after
    values = (found_cover.stranded.value, after.value, after.low, after.high, even.value if even else float("nan"))
    return dict(zip(names, values, strict=True))
