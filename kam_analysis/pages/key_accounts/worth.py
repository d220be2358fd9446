"""What each account is worth, how robust its place is, and who is served by that."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kam_analysis.analysis import segments
from kam_analysis.ledger import Ledger
from kam_analysis.pages.key_accounts.known import Known
from kam_analysis.pages.key_accounts.parameters import LIMIT, SEED, Asked, weighed

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found


class Worth(NamedTuple):
    """The fields of `Found` that say what each account is worth."""

    criteria: pd.DataFrame
    left_out: Mapping[str, str]
    scores: pd.DataFrame
    changes: pd.DataFrame


def worth(ledger: Ledger, known: Known, *, shares: pd.DataFrame, asked: Asked) -> Worth:
    """Every account with sales by every criterion that the data gives, and by all of them together."""
    raw = segments.raw_criteria(
        known.book,
        margin=known.margin,
        served=shares[shares["activity"] == segments.PRESENCE],
        habits=known.habits,
        statistics=known.months,
        traits=known.traits,
        as_of=ledger.as_of,
        cost_per_order=ledger.settings.assumed("cost_per_order"),
    )
    criteria, weights = segments.scaled(raw), weighed(ledger.as_written.criteria, asked.weights)
    scores = scores_by(criteria, weights, names=known.book.accounts["account_name"])
    rng = np.random.default_rng(SEED)
    matter = segments.acceptability(points(criteria), asked.limit, draws=asked.draws, rng=rng)
    scores = with_firmness(scores, matter)
    changes = segments.changes_place(criteria, weights, k=asked.limit)
    left_out = segments.not_assessed(raw)
    return Worth(criteria=criteria, left_out=left_out, scores=scores, changes=changes)


def points(criteria: pd.DataFrame) -> np.ndarray:
    """The criteria alone, accounts by criteria, as `segments.acceptability` takes them."""
    return criteria.drop(columns="account_id").to_numpy(float)


def scores_by(criteria: pd.DataFrame, weights: Mapping[str, float], *, names: pd.Series) -> pd.DataFrame:
    """What each account is worth by these weights; `names` in the order of `criteria`."""
    scores = segments.value_scores(criteria, weights)
    scores.insert(1, "account_name", names.array)
    return scores


def with_firmness(scores: pd.DataFrame, matter: segments.Acceptability) -> pd.DataFrame:
    """The scores with how often each account is among the best, whatever the weights; both in the order of `criteria`."""
    return scores.assign(top=matter.top, error=matter.error, badge=segments.firm(matter))


def usually_served(found: "Found") -> frozenset[str]:
    """The accounts that are served by the threshold and weights of the settings, as many as usual."""
    keys = segments.key_accounts(segments.at_threshold(found.shares, found.written_share))
    scores = segments.value_scores(found.criteria, found.written_weights)
    return frozenset(segments.cut(keys, scores, limit=LIMIT).inside["account_id"])
