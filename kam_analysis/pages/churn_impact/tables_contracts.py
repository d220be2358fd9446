"""The tables of contracts: what is bound and what is not, and what can be given notice when."""

from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis.coverage import RENEWAL_DAYS
from kam_analysis.analysis.losses import Contracted
from kam_analysis.pages import notices, style
from kam_analysis.pages.table import Column, Table

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

_LISTED = 12
_NAMED = 3
_PARTS = {
    "under_contract": "Under contract, by its value",
    "without_value": "Under a contract without a value on file",
    "at_will": "At will",
}
_WHEN = {"any day": "any day", "too late": notices.PASSED}


def parts(found: "Found") -> Table | None:
    """Sales and margin under contract, under contracts of which no value is on file, and at will."""
    signed = found.contracted
    if signed is None:
        return None
    kept = signed.accounts
    rows = pd.DataFrame(
        [
            {
                "part": part,
                "accounts": int((kept[f"revenue_{part}"] > 0).sum()),
                "revenue": signed.total(part, "revenue"),
                "exposure": signed.total(part),
            }
            for part in _PARTS
        ]
    )
    # Of all sales, as in every table of the page: those at customers without margin are in no line of this one.
    for name, whole in (("revenue", found.exposed.revenue), ("exposure", found.exposed.total)):
        rows[f"{name}_share"] = rows[name] / whole if whole else 0.0
    shown = rows[(rows["accounts"] > 0) | (rows["exposure"] != 0)].reset_index(drop=True)
    margin = found.exposed.has_margin
    columns = [
        Column("part", "What binds them", written=lambda row: _PARTS.get(row["part"], row["part"])),
        Column("accounts", "Customers", "count"),
        Column("revenue", "Sales", "money"),
        Column("revenue_share", "Share of sales", "share", places=0),
        Column("exposure", found.earned.capitalize(), "money", on_page=margin),
        Column("exposure_share", f"Share of {found.earned}", "share", places=0, on_page=margin),
    ]
    footer = {"part": "Together"} | {name: shown[name].sum() for name in ("revenue", "exposure")}
    caption = "What contracts bind"
    return Table(caption, columns, shown, unit=found.about.unit, footer=footer, notes=[_said(found, signed)])


def _said(found: "Found", signed: Contracted) -> str:
    accounts, unit = signed.accounts, found.about.unit
    said = (
        "A customer with a contract and further sales is in two lines. Contracts bind what their yearly value says, never"
        f" more than the customer's sales of twelve months, and {found.earned} in proportion, which is our assumption."
    )
    over = accounts[accounts["capped"]]
    if len(over):
        beyond = float((over["contract_value"] - over["revenue_under_contract"]).sum())
        more = f" and {len(over) - _NAMED} more" if len(over) > _NAMED else ""
        names = ", ".join(over["account_name"].head(_NAMED))
        said += f" Cut to their sales: {names}{more} ({style.money(beyond, unit)} less in all)."
    told = sum(signed.total(part, "revenue") for part in _PARTS)
    if abs(left := found.exposed.revenue - told) >= 1:
        said += f" In no line are {style.money(left, unit)} of sales that bring no {found.earned}."
    unknown = accounts.loc[accounts["revenue_without_value"] > 0, "account_name"]
    if len(unknown):
        said += f" How much of their sales a contract binds is not on file for {', '.join(unknown.head(_NAMED))}"
        said += f" and {len(unknown) - _NAMED} more." if len(unknown) > _NAMED else "."
    return said


def contracts(found: "Found") -> Table | None:
    """Every contract that runs, the one that can be given notice first before the others, and what goes with it."""
    signed = found.contracted
    if signed is None:
        return None
    day = pd.Timestamp(found.about.as_of)
    columns = [
        Column("account_id", "Customer's id", on_page=False),
        Column("account_name", "Customer"),
        Column("contract_id", "Contract", on_page=False),
        *notices.columns(found.about.as_of),
        Column("when", "Notice is possible", on_page=False),
        Column("annual_value", "Value a year", "money"),
        Column("revenue_bound", "Sales that go with it", "money"),
        Column(
            "exposure_bound",
            f"{found.earned.capitalize()} that goes with it",
            "money",
            on_page=found.exposed.has_margin,
        ),
    ]
    rows, near = signed.contracts, day + pd.Timedelta(days=RENEWAL_DAYS)
    soon = [at for at, last in enumerate(rows["notice_by"].head(_LISTED)) if day <= last <= near]
    said = "Bold: the last day for notice comes within half a year."
    if (rows["when"] == "too late").any():
        said += " Too late this time: the contract runs on, and the next day for notice is not on file."
    if (rows["notice_by"] == rows["ends_on"]).any():
        said += " Without a notice period on file the end of the contract stands for the last day."
    if len(rows) > _LISTED:
        said += f" {style.counted(len(rows) - _LISTED, 'later one')} in tables.xlsx."
    caption = "Which contract can be given notice when"
    return Table(caption, columns, rows, unit=found.about.unit, shown=_LISTED, strong=soon, notes=[said])


def months(found: "Found") -> Table | None:
    """By month, what can be given notice by then, and the part that is of everything."""
    signed = found.contracted
    if signed is None:
        return None
    columns = [
        Column("when", "When", on_page=False),
        Column("month", "By the end of", "date", written=lambda row: when(row["when"], row["month"])),
        Column("contracts", "Contracts", "count"),
        Column("exposure", found.earned.capitalize(), "money"),
        Column("cumulative", "Can be given notice by then", "money"),
        Column("share", f"Share of {found.earned}", "share", places=0),
    ]
    return Table("What can be given notice by when", columns, signed.months, unit=found.about.unit)


def when(kind: str, month: pd.Timestamp) -> str:
    """A row of months in words: any day, October 2026, too late this time."""
    return _WHEN[kind] if pd.isna(month) else f"{month:%B %Y}"
