"""What could take several customers at once: the settings' causes, and the departures that have a probability."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from kam_analysis.analysis.losses import CommonCause, common_cause, departures
from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger import Ledger
from kam_analysis.pages.words import managers


@dataclass(frozen=True)
class Several:
    """Each cause with the customers that it could take, found once.

    `slumps` by their key in the settings, `departures` by manager_id; members by position in exposure's order.
    """

    slumps: Mapping[str, CommonCause]
    departures: Mapping[str, CommonCause]

    @property
    def all(self) -> dict[str, CommonCause]:
        """All of them; where a key of the settings is a manager's id too, both are meant by it."""
        return {**self.departures, **self.slumps}

    def causes(self, follow: float, without: Collection[str] = (), leaving: bool = True) -> list[CommonCause]:
        """Those that count: but for `without`, by their keys, and without any departure unless `leaving`.

        `follow`: the part lost when a manager leaves, 0-1.
        """
        gone = [replace(each, loss_probability=follow) for key, each in self.departures.items() if key not in without]
        return [*(each for key, each in self.slumps.items() if key not in without), *(gone if leaving else ())]


def what_could_take_several(ledger: Ledger, account_ids: Sequence[str], traits: pd.DataFrame) -> Several:
    """The causes and departures that could take any of these accounts, those of the settings first.

    Raises `DataError` where a cause asks for a column that the accounts do not have.
    """
    try:
        slumps = {
            key: common_cause(account_ids, traits, cause.where, cause.probability, cause.loss_probability, spoken(key))
            for key, cause in ledger.settings.causes.items()
        }
    except ValueError as error:
        remedy = "correct `where` in its section [causes], or name the column in [tables.accounts]"
        raise DataError(problems=[Problem("causes", "", str(error), remedy)]) from None
    leaving = _who_may_leave(ledger)
    gone = {
        key: cause for key in leaving["manager_id"] for cause in
        departures(account_ids, traits, leaving[leaving["manager_id"] == key], 1.0)
    }  # fmt: skip
    return Several({key: cause for key, cause in slumps.items() if cause is not None}, gone)


def known_causes(ledger: Ledger) -> dict[str, str]:
    """Every cause by its key, in the page's words: a marine downturn, Jonas Reiter."""
    leaving = _who_may_leave(ledger)
    names = leaving["manager_name"].fillna(leaving["manager_id"]) if "manager_name" in leaving else leaving["manager_id"]  # fmt: skip
    gone = dict(zip(leaving["manager_id"], names.astype(str), strict=True))
    return gone | {key: spoken(key) for key in ledger.settings.causes}


def spoken(name: str) -> str:
    """A key of the settings as a page names it: marine_downturn is a marine downturn."""
    return name.replace("_", " ")


def _who_may_leave(ledger: Ledger) -> pd.DataFrame:
    """The managers whose departure has a probability, by manager_id."""
    known = managers(ledger)
    if "departure_probability" not in known:
        return pd.DataFrame({"manager_id": pd.Series([], dtype="str")})
    return known[known["departure_probability"].notna()].sort_values("manager_id")
