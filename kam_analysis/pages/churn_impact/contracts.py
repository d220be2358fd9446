"""What is under contract and what at will, of what there is to lose; and how it is said."""

from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.losses import Contracted, contracted
from kam_analysis.analysis.recovery import Exposures
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import months_back

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found


def under_contract(ledger: Ledger, exposed: Exposures) -> Contracted | None:
    """`losses.contracted` of the customers that there are to lose; None where none of them has a contract that runs."""
    if not ledger.has("contracts"):
        return None
    found = contracted(exposed.accounts, ledger.contracts(), ledger.as_of, ledger.digits(exposed.measure))
    return found if len(found.contracts) else None


def within_a_year(found: "Found") -> float:
    """What can be given notice within twelve months, that at will included: money a year."""
    assert found.contracted is not None
    rows = found.contracted.contracts
    end = pd.Timestamp(months_back(found.about.as_of, -12))
    soon = (rows["when"] != "too late") & ~(rows["notice_by"] > end)
    return found.contracted.total("at_will") + float(rows.loc[soon, "exposure_bound"].sum())
