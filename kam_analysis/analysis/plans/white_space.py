"""What does an account not buy from us that accounts like it do, and how much would that be?"""

import numpy as np
import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.plans.look_alikes import FEWEST

LEVEL = 0.8
_ROUNDING = 1e-9  # a tenth of 20 is 1.9999999999999996 in floats


@takes_frames
def white_space(by_line: pd.DataFrame, account_id: str, alike: pd.DataFrame) -> pd.DataFrame:
    """The lines that an account does not buy, those that most accounts like it buy first.

    `by_line` as of `sales_by_line`, `alike` (account_id) as of `look_alikes`. Columns: product_line; buyers and alike
    (how many accounts like it buy the line, of how many); share (buyers / alike, 0-1); potential with potential_low
    and potential_high (in `by_line`'s unit a year), level.

    The potential is what the line would be if it were as large, beside the account's present sales, as it is at those
    who buy it: the median of their ratios, and the two between which the next one lies with chance `level` (0-1),
    whatever their distribution: of n exchangeable ratios the next is between the i-th and the j-th with chance
    (j - i) / (n + 1) (order statistics; Wilks 1941). Fewer than `FEWEST` buyers: the potential is missing. Lines that
    nobody like it buys are left out; fewer than `FEWEST` accounts like it: no rows.

    >>> sold = pd.DataFrame({"Pumps": [10.0] * 6, "Seals": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]}, index=list("abcdef"))
    >>> found = white_space(sold, "a", pd.DataFrame({"account_id": list("bcdef")}))
    >>> found[["product_line", "buyers", "potential", "potential_low", "potential_high"]].values.tolist()
    [['Seals', 5, 3.0, 1.0, 5.0]]
    >>> float(round(found.loc[0, "level"], 2))  # between the first and the fifth of five: 4 / 6
    0.67
    """
    own = by_line.loc[account_id].to_dict()
    theirs = by_line.loc[alike["account_id"]]
    bought_lines = [line for line, amount in own.items() if amount > 0]
    rows = []
    if len(theirs) >= FEWEST:
        present = theirs[bought_lines].sum(axis="columns")
        for line in [each for each in by_line if own[each] <= 0 and (theirs[each] > 0).any()]:
            bought = theirs[line].gt(0)
            ratios = theirs[line][bought & (present > 0)] / present[bought & (present > 0)]
            rows.append(
                {"product_line": line, "buyers": int(bought.sum()), "alike": len(theirs), "share": float(bought.mean())}
                | _potential(ratios.to_numpy(), present=float(sum(own.values())))
            )
    columns = ["product_line", "buyers", "alike", "share", "potential", "potential_low", "potential_high", "level"]
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values(["share", "product_line"], ascending=[False, True], ignore_index=True)


def _potential(ratios: np.ndarray, *, present: float) -> dict[str, float]:
    n = len(ratios)
    if n < FEWEST:
        return {}
    # The innermost two that still hold `LEVEL`; with few buyers even the outermost hold less, and that is said.
    low = max(int((1 - LEVEL) / 2 * (n + 1) + _ROUNDING), 1)
    high = n + 1 - low
    ordered = np.sort(ratios) * present
    return {
        "potential": float(np.median(ordered)),
        "potential_low": float(ordered[low - 1]),
        "potential_high": float(ordered[high - 1]),
        "level": (high - low) / (n + 1),
    }
