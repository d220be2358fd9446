"""Who may take over accounts, and who is the superior who stands beside it?"""

from collections.abc import Container, Iterable, Mapping
from datetime import date

import pandas as pd

from kam_analysis.analysis.frames import takes_frames
from kam_analysis.errors import nearest

MANAGER, SUPERIOR, EXECUTIVE = "manager", "superior", "executive"


def holders(traits: pd.DataFrame) -> pd.Series:
    """The manager of each account (index: account_id); empty where no account says."""
    if "account_manager_id" not in traits:
        return pd.Series(dtype="object", index=pd.Index([], dtype="object"))
    return traits.set_index("account_id")["account_manager_id"]


def trait_of_manager(managers: pd.DataFrame, column: str) -> pd.Series:
    """What is known of each manager (index: manager_id) in a column that may not be there."""
    if column not in managers:
        return pd.Series(index=pd.Index(managers["manager_id"]), dtype="object")
    return managers.set_index("manager_id")[column]


@takes_frames
def may_take(managers: pd.DataFrame, traits: pd.DataFrame, as_of: date, leaving: str | None = None) -> list[str]:
    """Who may take over accounts, in the order of ids?

    `managers`: manager_id, and as available level and leaving_on; may be empty. `traits`: account_id and
    account_manager_id. Those of level "manager", and those without a level who hold accounts; not `leaving`,
    and nobody who leaves within a year after `as_of` or has left. Empty where nobody is left. Raises
    `ValueError` where `leaving` is neither among the managers nor holds an account, with the nearest known.

    >>> managers = pd.DataFrame({"manager_id": ["M1", "M2", "S1"], "level": ["manager", "manager", "superior"]})
    >>> traits = pd.DataFrame({"account_id": ["a", "b"], "account_manager_id": ["M1", "M3"]})
    >>> may_take(managers, traits, pd.Timestamp(2026, 9, 18), leaving="M1")
    ['M2', 'M3']
    """
    holding = set(holders(traits).dropna().unique())
    levels = trait_of_manager(managers, "level").dropna()
    gone = pd.to_datetime(trait_of_manager(managers, "leaving_on").dropna())
    out = set(gone.index[gone <= pd.Timestamp(as_of) + pd.DateOffset(years=1)])
    everybody = holding | set(managers["manager_id"])
    if leaving is not None:
        known_manager(leaving, everybody, "leaving")
        out.add(leaving)
    others = set(levels.index[levels != MANAGER]) | (set(managers["manager_id"]) - set(levels.index) - holding)
    return sorted(everybody - others - out)


def known_manager(manager_id: str, known: Iterable[str], where: str) -> None:
    """Raises `ValueError` for a manager who is not known, with the nearest who is."""
    ids = {str(each) for each in known}
    if manager_id not in ids:
        raise ValueError(f'{where}: no account manager "{manager_id}"; {nearest(str(manager_id), ids)}')


def superiors_who_stay(managers: pd.DataFrame, of: Iterable[str]) -> dict[str, str | None]:
    """The first superior up the line who is not leaving, of each of these; None where none is known.

    `managers`: manager_id, and as available superior_id and leaving_on. Raises `ValueError` where a line
    comes back to somebody who is in it already, such as a manager who is his own superior.

    >>> managers = pd.DataFrame({"manager_id": ["M1", "S1"], "superior_id": ["S1", "E1"],
    ...                          "leaving_on": [None, "2026-12-31"]})
    >>> superiors_who_stay(managers, ["M1", "E1"])
    {'M1': 'E1', 'E1': None}
    """
    above = {str(each): str(one) for each, one in trait_of_manager(managers, "superior_id").dropna().items()}
    leaves = set(trait_of_manager(managers, "leaving_on").dropna().index)
    return {each: _up_the_line(each, above, leaves) for each in of}


def _up_the_line(manager_id: str, above: Mapping[str, str], leaves: Container[str]) -> str | None:
    line = [manager_id]
    while line[-1] in above:
        superior = above[line[-1]]
        if superior in line:
            said = " is under ".join([*line, superior])
            raise ValueError(
                f"managers, column superior_id: expected a line that ends, got {said}; correct one of them"
            )
        if superior not in leaves:
            return superior
        line.append(superior)
    return None
