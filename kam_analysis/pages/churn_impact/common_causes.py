"""What could take several customers at once: the settings' causes, and the departures that have a chance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from kam_analysis.analysis.losses import CommonCause, common_cause, kept_by_causes
from kam_analysis.errors import DataError, Problem
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.coverage.departures import UNNAMED, Departures, who_may_go
from kam_analysis.pages.words import said_in

say = said_in(__file__)

# A difference below this is what rounding leaves.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class CommonCauses:
    """Each cause with the customers that it could take, found once.

    `slumps` by their key in the settings, `departures` by manager_id; members by position in the order of
    `account_ids`. `ends`: the departures by the end of the range of those who follow, "_low" and "_high". `names`: all
    that is known by these keys, in the page's words, also what could take nobody.
    """

    slumps: Mapping[str, CommonCause]
    departures: Mapping[str, CommonCause]
    names: Mapping[str, str]
    account_ids: Sequence[str] = ()
    ends: Mapping[str, Mapping[str, CommonCause]] = field(default_factory=dict)

    @property
    def keys(self) -> set[str]:
        """Of all that could take somebody; a key of the settings may be a manager's id too: then both are meant."""
        return {*self.departures, *self.slumps}

    def counted(self, *, without: Collection[str] = (), leaving: bool = True, end: str = "") -> list[CommonCause]:
        """Those that count: but for `without`, by their keys, and without any departure unless `leaving`.

        `end`: of the range of customers who follow a manager, "_low", "_high" or "" for the value itself.
        """
        departures = self.ends.get(end, self.departures)
        gone = [each for key, each in departures.items() if key not in without]
        return [*(each for key, each in self.slumps.items() if key not in without), *(gone if leaving else ())]

    def at(self, departing: Departures) -> "CommonCauses":
        """The same with the rates of `departing`."""
        ends = {end: departing.causes(self.account_ids, end=end) for end in ("_low", "_high")}
        return replace(self, departures=departing.causes(self.account_ids), ends=ends)

    def raised(self, chances: pd.DataFrame, *, without: Collection[str] = ()) -> pd.DataFrame:
        """Each chance of leaving for whatever reason: not below what these causes bring by themselves.

        `chances`: account_id, probability, low, high, basis, why, of which `estimate` (the probability given) is kept.
        Adds `by_causes`, what the causes alone bring (0-1). Where that is the higher one it is the probability, with
        the range of customers who follow, and `why` says so. What is not assessed stays so.
        """
        place = {id_: at for at, id_ in enumerate(self.account_ids)}
        at = np.array([place.get(id_, -1) for id_ in chances["account_id"]], dtype=np.int64)
        alone = {
            # The last one is for accounts that are not among these.
            end: np.append(1 - kept_by_causes(len(place), self.counted(without=without, end=end)), 0.0)[at]
            for end in ("_low", "", "_high")
        }
        given = chances["probability"].to_numpy("float64")
        floored = alone[""] > given + _ROUNDING
        spread = floored & (alone["_high"] > alone["_low"] + _ROUNDING)
        found = chances.assign(estimate=given, by_causes=alone[""], probability=np.where(floored, alone[""], given))
        for name, end in (("low", "_low"), ("high", "_high")):
            before = chances[name].to_numpy("float64")
            ranged = np.fmax(np.where(np.isnan(before), given, before), alone[end])
            found[name] = np.where(spread | (floored & ~np.isnan(before)), ranged, before)
        # Looked up in sets: a slump may take a hundred thousand of a million accounts.
        taking = [(each.name, frozenset(each.members)) for each in self.counted(without=without)]
        named = [[name for name, theirs in taking if where in theirs] for where in at[floored].tolist()]
        rows = zip(named, given[floored], chances["basis"][floored], alone[""][floored], strict=True)
        found.loc[floored, "why"] = [self._reason(*row) for row in rows]
        return found

    def _reason(self, taking: Sequence[str], estimate: float, basis: str, brought: float) -> str:
        """What of this makes an account likelier to leave, in words; a departure that is not announced has no name."""
        gone = {each.name for each in self.departures.values()}
        named = [say("drivers.leaving", who=name) if name in gone else name for name in taking]
        if any(name in gone and name.startswith(UNNAMED) for name in taking):
            named = [say("bases.several")]
        return say(
            "drivers.reason" if len(named) == 1 else "drivers.reason_several",
            causes=" and ".join(named),
            chance=style.share(brought, 0),
            basis=say("bases.yours") if basis == "your figure" else basis,
            estimate=style.share(estimate, 0),
        )


def common_causes(
    ledger: Ledger, account_ids: Sequence[str], *, traits: pd.DataFrame, departing: Departures
) -> CommonCauses:
    """The causes and departures that could take any of these accounts, those of the settings first.

    Raises `DataError` where a cause asks for a column that the accounts do not have.
    """
    slumps = {}
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
            raise DataError(problems=[Problem("causes", "", str(error), say("wrong.where_remedy"))]) from None
    found = {key: cause for key, cause in slumps.items() if cause is not None}
    return CommonCauses(found, {}, names=known_causes(ledger), account_ids=tuple(account_ids)).at(departing)


def known_causes(ledger: Ledger) -> dict[str, str]:
    """Every cause by its key, in the page's words: a marine downturn, Jonas Reiter."""
    going = who_may_go(ledger)
    named = dict(zip(going["manager_id"].astype(str), going["told"], strict=True))
    return named | {key: _spoken(key) for key in ledger.settings.causes}


def _spoken(key: str) -> str:
    """A key of the settings as a page names it: marine_downturn is a marine downturn."""
    return key.replace("_", " ")
