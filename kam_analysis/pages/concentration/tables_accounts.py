"""The largest customers."""

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, table


def accounts_table(now: Concentration, before: Concentration | None, unit_name: str, rows: int = 15) -> Html:
    """The largest accounts, with what they were a year before."""
    columns = {
        "rank": "Rank",
        "name": "Customer|",
        "amount": unit_name or "Amount",
        "share": "Share",
        "together": "Together",
        "abc": "Class",
    }
    if before is not None:
        columns["change"] = "Share, on the year before"
    found = [
        {
            "rank": rank,
            "name": row["account_name"],
            "amount": style.money(row["amount"]),
            "share": style.share(row["share"]),
            "together": style.share(row["cumulative"]),
            "abc": row["abc"],
            "change": "" if before is None else style.points(row["share"] - before.share_of(row["account_id"])),
        }
        for rank, row in enumerate(now.accounts.head(rows).to_dict("records"), start=1)
    ]
    return table(columns, found, f"The {len(found)} largest customers" if len(found) > 1 else "The largest customer")
