"""Whom could a common cause take: the customers of an industry, the accounts of a manager who may leave?"""

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


@takes_frames
def departures(
    account_ids: Sequence[str], traits: pd.DataFrame, managers: pd.DataFrame, loss_probability: float
) -> tuple[CommonCause, ...]:
    """The departures that the company itself gives a probability for, one cause per manager.

    `traits`: account_id, account_manager_id. `managers`: manager_id and where known manager_name and
    departure_probability (0-1); nobody's departure is predicted, so a manager without one is no cause.
    `loss_probability`: that an account is lost once its manager has gone. By manager_id.

    >>> traits = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M2"]})
    >>> managers = pd.DataFrame({"manager_id": ["M1", "M2"], "departure_probability": [0.9, None]})
    >>> [(each.name, each.probability, each.members) for each in departures(["a", "b"], traits, managers, 0.3)]
    [('M1', 0.9, (0,))]
    """
    if "departure_probability" not in managers or "account_manager_id" not in traits:
        return ()
    named = managers["manager_name"] if "manager_name" in managers else managers["manager_id"]
    told = managers.assign(shown=named.fillna(managers["manager_id"]))
    told = told[told["departure_probability"].notna()].sort_values("manager_id")
    found = [
        common_cause(
            account_ids,
            traits,
            {"account_manager_id": row["manager_id"]},
            float(row["departure_probability"]),
            loss_probability,
            str(row["shown"]),
        )
        for row in told.to_dict("records")
    ]
    return tuple(each for each in found if each is not None)
