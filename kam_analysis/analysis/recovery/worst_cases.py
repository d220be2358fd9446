"""What goes if we lose the largest, a named set, a manager's accounts, an industry?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.frames import takes_frames
from kam_analysis.analysis.recovery.exposure import Exposures
from kam_analysis.errors import nearest

# The largest one to five: beyond that a worst case is no longer one that a sales plan prepares for.
MOST = 5


@dataclass(frozen=True)
class Loss:
    """Accounts that are lost together, wholly and at once, and what goes with them a year.

    `kind` is "largest", "named", "departure" or the column that they share; `label` the names, or what they share.
    `account_ids` by exposure, the largest first. `revenue` counts those above zero; `exposure` is the margin
    (the revenue where there is no cost), net of variable cost already, so no saving stands against it but
    fixed costs that are cut. Shares are of all accounts, 0-1 (NaN where there is nothing). `set_aside` of the
    accounts bring nothing or less (`set_aside_amount`, at or below zero): their loss is no relief in `exposure`.
    `handed_over`: accounts that stay and are given to somebody else, of which `part_lost` (0-1) goes; what that comes
    to is in `revenue` and `exposure`.
    """

    label: str
    kind: str
    account_ids: tuple[str, ...]
    revenue: float
    exposure: float
    revenue_share: float
    exposure_share: float
    set_aside: int = 0
    set_aside_amount: float = 0.0
    handed_over: tuple[str, ...] = ()
    part_lost: float = 0.0

    @property
    def accounts(self) -> int:
        """How many accounts are lost."""
        return len(self.account_ids)

    def lost_of(self, account_ids: pd.Series) -> Floats:
        """The part of each of these accounts that is lost, 0-1."""
        part = np.where(account_ids.isin(self.handed_over), self.part_lost, 0.0)
        return np.where(account_ids.isin(self.account_ids), 1.0, part)


def lose_largest(found: Exposures, k: int) -> Loss:
    """What goes if the k largest by exposure leave? All of them where there are fewer.

    Ties go by account_id. Raises `ValueError` for k below 1.

    >>> from kam_analysis.analysis.recovery import exposures
    >>> rows = pd.DataFrame({"account_id": ["a", "b", "c"], "account_name": ["A", "B", "C"],
    ...                      "revenue": [100.0, 60.0, 40.0], "margin": [20.0, 30.0, 10.0]})
    >>> lost = lose_largest(exposures(rows), 2)
    >>> lost.label, lost.revenue, lost.exposure, lost.revenue_share, round(lost.exposure_share, 3)
    ('B, A', 160.0, 50.0, 0.8, 0.833)
    """
    if k < 1:
        raise ValueError(f"k: expected at least 1, got {k}")
    return _loss(found, found.accounts.head(k), "largest")


def worst_cases(found: Exposures, most: int = MOST) -> tuple[Loss, ...]:
    """The largest one, two ... `most`, as far as there are accounts. Raises `ValueError` for `most` below 1."""
    if most < 1:
        raise ValueError(f"most: expected at least 1, got {most}")
    return tuple(lose_largest(found, k) for k in range(1, min(most, len(found.accounts)) + 1))


def lose_named(found: Exposures, account_ids: Iterable[str], label: str = "") -> Loss:
    """What goes if exactly these leave?

    Ids in any order, a repeated one counts once; none gives a loss of nothing. Raises one `ValueError` that
    names every id without a purchase in the twelve months and the nearest that has one.
    """
    wanted = tuple(dict.fromkeys(account_ids))
    known = found.known
    ids = set(known["account_id"])
    unknown = [each for each in wanted if each not in ids]
    if unknown:
        raise ValueError("lost accounts: " + "; ".join(_unknown(each, known) for each in unknown))
    return _loss(found, known[known["account_id"].isin(wanted)], "named", label)


def lose_with_manager(
    found: Exposures, account_ids: Iterable[str], held: Iterable[str], part_lost: float, label: str = ""
) -> Loss:
    """What goes if a manager leaves and these accounts go along?

    `account_ids` as in `lose_named`. `held`: all accounts of the manager (those that did not buy bring nothing); of
    those that do not go along the hand-over takes `part_lost` of what they bring, 0-1. No account counts twice.
    Raises `ValueError` as `lose_named` does, and for a part outside 0-1.

    >>> from kam_analysis.analysis.recovery import exposures
    >>> rows = pd.DataFrame({"account_id": ["a", "b", "c"], "account_name": ["A", "B", "C"],
    ...                      "revenue": [100.0, 60.0, 40.0], "margin": [20.0, 30.0, 10.0]})
    >>> lost = lose_with_manager(exposures(rows), ["a"], ["a", "b"], 0.2)
    >>> lost.exposure, lost.revenue, lost.handed_over, lost.kind
    (26.0, 112.0, ('b',), 'departure')
    """
    if not 0 <= part_lost <= 1:
        raise ValueError(f"part_lost: expected 0-1, got {part_lost:g}")
    gone = lose_named(found, account_ids, label)
    stay = found.known[found.known["account_id"].isin(list(held)) & ~found.known["account_id"].isin(gone.account_ids)]
    revenue = gone.revenue + part_lost * float(stay["revenue"].clip(lower=0).sum())
    exposure = gone.exposure + part_lost * float(stay["exposure"].clip(lower=0).sum())
    return replace(
        gone,
        kind="departure",
        revenue=revenue,
        exposure=exposure,
        revenue_share=revenue / found.revenue if found.revenue else float("nan"),
        exposure_share=exposure / found.total if found.total else float("nan"),
        handed_over=tuple(stay["account_id"]),
        part_lost=part_lost,
    )


@takes_frames
def lose_each(
    found: Exposures, traits: pd.DataFrame, column: str, names: Mapping[str, str] | None = None
) -> tuple[Loss, ...]:
    """What goes with each manager, or each industry, for all alike: the largest exposure first?

    `traits`: account_id (unique) and the column, such as account_manager_id or industry; accounts without a
    value, or not in it, belong to nobody and are in no loss. `names`: what a value is called on the page.
    Ties go by label. Raises `ValueError` where the column is not there.

    >>> from kam_analysis.analysis.recovery import exposures
    >>> rows = pd.DataFrame({"account_id": ["a", "b", "c"], "account_name": ["A", "B", "C"],
    ...                      "revenue": [50.0, 30.0, 40.0]})
    >>> traits = pd.DataFrame({"account_id": ["a", "b", "c"], "industry": ["Marine", "Water", "Water"]})
    >>> [(each.label, each.accounts, each.exposure) for each in lose_each(exposures(rows), traits, "industry")]
    [('Water', 2, 70.0), ('Marine', 1, 50.0)]
    """
    known, called = found.known, names or {}
    values = _values(known, traits, column).to_numpy(dtype=object)
    cases = [
        _loss(found, rows, column, str(called.get(str(value), value)))
        for value, rows in known.groupby(values, sort=False)
    ]
    return tuple(sorted(cases, key=lambda case: (-case.exposure, case.label)))


@takes_frames
def lose_group(found: Exposures, traits: pd.DataFrame, column: str, value: str, label: str = "") -> Loss:
    """What goes with one manager or one industry? As `lose_each`; an unknown value is a `ValueError`."""
    known = found.known
    values = _values(known, traits, column)
    chosen = (values == value).fillna(False).to_numpy(dtype=bool)
    if not chosen.any():
        raise ValueError(
            f'{column}: no account of "{value}" bought; {nearest(value, set(values.dropna().astype(str)))}'
        )
    return _loss(found, known[chosen], column, label or value)


def _values(known: pd.DataFrame, traits: pd.DataFrame, column: str) -> pd.Series:
    if column not in traits:
        raise ValueError(f"{column}: not known of any account, so no loss by it")
    return known["account_id"].map(traits.set_index("account_id")[column])


def _loss(found: Exposures, rows: pd.DataFrame, kind: str, label: str = "") -> Loss:
    """`rows` of `Exposures.known`, in its order."""
    above = rows["exposure"] > 0
    revenue = float(rows.loc[rows["revenue"] > 0, "revenue"].sum())
    exposure = float(rows.loc[above, "exposure"].sum())
    return Loss(
        label or ", ".join(rows["account_name"].astype(str)),
        kind,
        tuple(rows["account_id"]),
        revenue,
        exposure,
        revenue / found.revenue if found.revenue else float("nan"),
        exposure / found.total if found.total else float("nan"),
        int((~above).sum()),
        float(rows.loc[~above, "exposure"].sum()),
    )


def _unknown(wanted: str, known: pd.DataFrame) -> str:
    """What is nearest to an unknown id: an id, or the id of the account that has it in its name."""
    named = known["account_name"].astype(str)
    inside = known[named.str.contains(str(wanted), case=False, regex=False)]
    if wanted and len(inside):
        first = inside.iloc[0]
        return f'"{wanted}" is no id of an account that bought; did you mean "{first["account_id"]}" ({first["account_name"]})?'
    return f'"{wanted}" is no id of an account that bought; {nearest(str(wanted), known["account_id"].astype(str))}'
