"""The tables of contracts: what is bound and what is not, and what can be given notice when."""

from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.coverage import RENEWAL_DAYS
from kam_analysis.analysis.losses import Contracted
from kam_analysis.pages import notices, style
from kam_analysis.pages.churn_impact.tables import NAMED
from kam_analysis.pages.table import Table, columns_in
from kam_analysis.pages.words import headed, listed, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_LISTED = 12
_PARTS = words_in(__file__, "bound")
_WHEN = {"any day": "any day", "too late": notices.PASSED}


def parts(found: "Found") -> Table | None:
    """Sales and margin under contract, under contracts of which no value is on file, and at will."""
    signed = found.contracted
    if signed is None:
        return None
    rows = pd.DataFrame(
        [
            {"part": part, "accounts": int((signed.accounts[f"revenue_{part}"] > 0).sum())}
            | {"revenue": signed.total(part, "revenue"), "exposure": signed.total(part)}
            for part in _PARTS
        ]
    )
    # Of all sales, as in every table of the page: those at customers without margin are in no line of this one.
    for name, whole in (("revenue", found.exposed.revenue), ("exposure", found.exposed.total)):
        rows[f"{name}_share"] = rows[name] / whole if whole else 0.0
    shown = rows[(rows["accounts"] > 0) | (rows["exposure"] != 0)].reset_index(drop=True)
    margin = found.exposed.has_margin
    columns = declared(
        "bound",
        of={"earned": found.earned},
        written={"part": lambda row: _PARTS.get(row["part"], row["part"])},
        heading={"exposure": headed(found.earned)},
        on_page={"exposure": margin, "exposure_share": margin},
    )
    footer = {"part": "Together"} | {name: shown[name].sum() for name in ("revenue", "exposure")}
    notes = [_said(found, signed)]
    return Table(say("contracts.bound"), columns, shown, found.about.unit, footer=footer, notes=notes)


def _said(found: "Found", signed: Contracted) -> str:
    accounts, said = signed.accounts, [say("contracts.bound_said", earned=found.earned)]
    over = accounts[accounts["capped"]]
    if len(over):
        beyond = float((over["contract_value"] - over["revenue_under_contract"]).sum())
        names, amount = listed(over["account_name"], NAMED), style.money(beyond, found.about.unit)
        said.append(say("contracts.capped", names=names, amount=amount))
    left = found.exposed.revenue - sum(signed.total(part, "revenue") for part in _PARTS)
    if abs(left) >= 1:
        said.append(say("contracts.in_no_line", amount=style.money(left, found.about.unit), earned=found.earned))
    unknown = accounts.loc[accounts["revenue_without_value"] > 0, "account_name"]
    if len(unknown):
        said.append(say("contracts.no_value", names=listed(unknown, NAMED)))
    return " ".join(said)


def contracts(found: "Found") -> Table | None:
    """Every contract that runs, the one that can be given notice first before the others, and what goes with it."""
    signed = found.contracted
    if signed is None:
        return None
    day, earned = pd.Timestamp(found.about.as_of), say("contracts.earned", Earned=headed(found.earned))
    columns = declared(
        "contracts",
        made={"notice": notices.columns(found.about.as_of)},
        heading={"exposure_bound": earned},
        on_page={"exposure_bound": found.exposed.has_margin},
    )
    rows, near = signed.contracts, day + pd.Timedelta(days=RENEWAL_DAYS)
    soon = [at for at, last in enumerate(rows["notice_by"].head(_LISTED)) if day <= last <= near]
    said = [say("contracts.near")]
    if (rows["when"] == "too late").any():
        said.append(say("contracts.too_late"))
    if (rows["notice_by"] == rows["ends_on"]).any():
        said.append(say("contracts.no_period"))
    if len(rows) > _LISTED:
        said.append(say("contracts.later", contracts=style.counted(len(rows) - _LISTED, "later one")))
    caption, notes = say("contracts.caption"), [" ".join(said)]
    return Table(caption, columns, rows, found.about.unit, shown=_LISTED, strong=soon, notes=notes)


def months(found: "Found") -> Table | None:
    """By month, what can be given notice by then, and the part that is of everything."""
    signed = found.contracted
    if signed is None:
        return None
    columns = declared(
        "notice",
        of={"earned": found.earned},
        written={"month": lambda row: when(row["when"], row["month"])},
        heading={"exposure": headed(found.earned)},
    )
    return Table(say("contracts.by_month"), columns, signed.months, found.about.unit)


def when(kind: str, month: pd.Timestamp) -> str:
    """A row of months in words: any day, October 2026, too late this time."""
    return _WHEN[kind] if pd.isna(month) else f"{month:%B %Y}"
