"""What could take several customers at once: the settings' causes, and the departures that have a probability."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from kam_analysis.analysis.losses import CommonCause, common_cause, departures
from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger import Ledger
from kam_analysis.pages.words import managers


@dataclass(frozen=True)
class CommonCauses:
    """Each cause with the customers that it could take, found once.

    `slumps` by their key in the settings, `departures` by manager_id; members by position in exposure's order.
    `names`: all that is known by these keys, in the page's words, also what could take nobody.
    """

    slumps: Mapping[str, CommonCause]
    departures: Mapping[str, CommonCause]
    names: Mapping[str, str]

    @property
    def keys(self) -> set[str]:
        """Of all that could take somebody; a key of the settings may be a manager's id too: then both are meant."""
        return {*self.departures, *self.slumps}

    def counted(self, follow: float, *, without: Collection[str] = (), leaving: bool = True) -> list[CommonCause]:
        """Those that count: but for `without`, by their keys, and without any departure unless `leaving`.

        `follow`: the part lost when a manager leaves, 0-1.
        """
        gone = [replace(each, loss_probability=follow) for key, each in self.departures.items() if key not in without]
        return [*(each for key, each in self.slumps.items() if key not in without), *(gone if leaving else ())]


def common_causes(ledger: Ledger, account_ids: Sequence[str], *, traits: pd.DataFrame) -> CommonCauses:
    """The causes and departures that could take any of these accounts, those of the settings first.

    Raises `DataError` where a cause asks for a column that the accounts do not have.
    """
    leaving, slumps = _departing(ledger), {}
    for key, given in ledger.settings.causes.items():
        try:
            slumps[key] = common_cause(
                account_ids,
                traits,
                where=given.where,
                probability=given.probability,
                loss_probability=given.loss_probability,
                name=_spoken(key),
            )
        except ValueError as error:
            remedy = "correct `where` in its section [causes], or name the column in [tables.accounts]"
            raise DataError(problems=[Problem("causes", "", rule=str(error), remedy=remedy)]) from None
    gone = {}
    for key in leaving["manager_id"]:
        who = leaving[leaving["manager_id"] == key]
        for cause in departures(account_ids, traits, managers=who, loss_probability=1.0):
            gone[key] = cause
    found = {key: cause for key, cause in slumps.items() if cause is not None}
    return CommonCauses(found, gone, names=known_causes(ledger))


def known_causes(ledger: Ledger) -> dict[str, str]:
    """Every cause by its key, in the page's words: a marine downturn, Jonas Reiter."""
    leaving = _departing(ledger)
    names = leaving["manager_id"]
    if "manager_name" in leaving:
        names = leaving["manager_name"].fillna(names)
    return dict(zip(leaving["manager_id"], names.astype(str), strict=True)) | {
        key: _spoken(key) for key in ledger.settings.causes
    }


def _spoken(key: str) -> str:
    """A key of the settings as a page names it: marine_downturn is a marine downturn."""
    return key.replace("_", " ")


def _departing(ledger: Ledger) -> pd.DataFrame:
    """The managers whose departure has a probability, by manager_id."""
    known = managers(ledger)
    if "departure_probability" not in known:
        return pd.DataFrame({"manager_id": pd.Series([], dtype="str")})
    return known[known["departure_probability"].notna()].sort_values("manager_id")
