"""Whom could a common cause take: the customers of an industry, of a country?"""

from collections.abc import Mapping, Sequence

import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.losses.causes import CommonCause


@takes_frames
def common_cause(
    account_ids: Sequence[str],
    traits: pd.DataFrame,
    where: Mapping[str, str],
    probability: float,
    loss_probability: float,
    name: str = "",
) -> CommonCause | None:
    """The cause that could take every account of which `traits` says what `where` asks.

    `account_ids`: in exposure's order. `traits`: account_id (unique) and the columns of `where`; upper and
    lower case are one. None where no account is such. Raises `ValueError` for a column that is not there, and
    for probabilities outside 0-1.

    >>> traits = pd.DataFrame({"account_id": ["a", "b", "c"], "industry": ["Marine", "Water", "marine"]})
    >>> common_cause(["c", "b", "a"], traits, {"industry": "Marine"}, 0.1, 0.5).members
    (0, 2)
    """
    absent = [column for column in where if column not in traits]
    if absent:
        known = ", ".join(column for column in traits.columns if column != "account_id")
        raise ValueError(f"{name or 'a common cause'}: no column {', '.join(absent)} in accounts; there are {known}")
    wanted = pd.Series(True, traits.index)
    for column, value in where.items():
        wanted &= traits[column].astype("str").str.casefold().eq(str(value).casefold()).fillna(False)
    struck = set(traits.loc[wanted, "account_id"])
    members = [at for at, each in enumerate(account_ids) if each in struck]
    return CommonCause(probability, members, loss_probability, name) if members else None
