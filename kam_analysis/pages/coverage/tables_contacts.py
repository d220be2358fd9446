"""Whom we know, what hangs on one person, who is due for a call from above, what customers say."""

import pandas as pd

from kam_analysis.pages import cells, style
from kam_analysis.pages.coverage.charts_contacts import STRENGTHS
from kam_analysis.pages.coverage.evidence import Evidence
from kam_analysis.pages.html import Html, paragraph, table, together

_LISTED = 12
_LIGHTS = {"red": "within 90 days", "amber": "within 180 days", "": ""}
_SET_BY = {
    "overdue": "overdue",
    "renewal": "before the contract ends",
    "complaint": "complaint since the last call",
    "yearly": "a year after the last",
}


def relations_tables(found: Evidence, unit: str) -> tuple[Html, ...]:
    """What hangs on one contact, whom we know at key accounts, and who decides and is known to nobody."""
    return one_contact_table(found, unit), known_table(found), strengths_table(found), strangers_table(found)


def one_contact_table(found: Evidence, unit: str) -> Html:
    """The accounts with a single live contact, by the money that hangs on that person before the contract ends."""
    rows = [
        {
            "name": row["account_name"], "contact": _contact(row, role=False), "manager": found.manager(row["account_manager_id"]),
            "exposure": style.money(row["exposure"]), "ends": style.day(row["ends_on"].date()) if row["has_contract"] else "no contract",
            "months": style.decimal(row["months"], 0), "chance": style.share(row["chance"], 0), "risk": style.money(row["at_risk"]), "light": _LIGHTS[row["light"]],
        }
        for row in found.relations.one_contact.head(_LISTED).to_dict("records")
    ]  # fmt: skip
    if not rows:
        return Html("")
    columns = {
        "name": "Customer|", "contact": "The one contact|", "manager": "Looked after by|", "exposure": f"What we earn there a year{cells.of(unit)}",
        "ends": "Contract ends", "months": "Months until then", "chance": "Chance that the contact is gone by then", "risk": f"Hangs on that{cells.of(unit)}",
    }  # fmt: skip
    strong = [at for at, row in enumerate(rows) if row["light"]]
    said = "What we earn there times the chance that the one contact is gone before the contract ends; without a contract, within a year. Bold: the contract ends within half a year."
    more = len(found.relations.one_contact) - len(rows)
    said += f" {style.counted(more, 'smaller one')} not shown." if more > 0 else ""
    nobody = found.relations.no_contact
    if len(nobody):
        first = ", ".join(nobody["account_name"].head(3))
        said += f" At {style.counted(len(nobody), 'more customer')} people are on record and nobody speaks to them (first {first})."
    return together(table(columns, rows, "Money that hangs on one contact", strong=strong), paragraph(said, "note"))


def known_table(found: Evidence) -> Html:
    """Per key account, how many people we speak to, and how many of those who decide."""
    rows = [
        {
            "name": row["account_name"], "contacts": cells.whole(row["contacts"]), "live": cells.whole(row["live"]), "decide": cells.whole(row["influencers"]),
            "known": cells.whole(row["influencers_known"]), "coverage": cells.share(row["coverage"]), "below": cells.whole(row["below_wanted"]),
        }
        for row in found.relations.known.to_dict("records")
    ]  # fmt: skip
    columns = {"name": "Key account|", "contacts": "Contacts", "live": "We speak to", "decide": "Who decide", "known": "of them known", "below": "Weaker than wanted", "coverage": "Reached, of what is wanted"}  # fmt: skip
    if not rows:
        return Html("")
    few = [at for at, row in enumerate(found.relations.known.to_dict("records")) if row["live"] <= 1]
    return table(columns, rows, "Whom we know at the key accounts (bold: one person or none)", strong=few)


def strengths_table(found: Evidence) -> Html:
    """How many people at the key accounts there are of each influence, by how well we know them."""
    grid = found.relations.grid
    if not len(grid):
        return Html("")
    columns = {"influence": "Influence on the decision|"} | {str(at): words for at, words in enumerate(STRENGTHS)}
    rows = [
        {"influence": f"{level} of 5"} | {str(at): cells.whole(n) if n else "" for at, n in zip(grid.columns, counts, strict=True)}
        for level, counts in zip(grid.index, grid.to_numpy().tolist(), strict=True)
    ]  # fmt: skip
    return table(columns, rows, "People at the key accounts, by influence and by how well we know them")


def strangers_table(found: Evidence) -> Html:
    """People with influence at key accounts whom nobody knows, what they care about, how to approach them."""
    rows = [
        {
            "name": row["account_name"], "contact": _contact(row), "influence": f"{row['influence']:g}", "now": STRENGTHS[round(row["strength"])],
            "interests": cells.text(row["interests"]), "approach": cells.text(row["approach"]), "owner": found.manager(row["owner_id"]),
        }
        for row in found.relations.strangers.head(_LISTED).to_dict("records")
    ]  # fmt: skip
    columns = {"name": "Customer|", "contact": "Who|", "influence": "Influence (1-5)", "now": "Now|", "interests": "Cares about|", "approach": "How to approach|", "owner": "Whose task|"}  # fmt: skip
    return table(columns, rows, "They decide, and nobody knows them") if rows else Html("")


def calls_from_above_table(found: Evidence) -> Html:
    """The yearly call from the manager's superior: when the last was, by whom the next, in which month."""
    if not len(found.relations.due):
        return Html("")
    touches = found.relations.touches.set_index("account_id") if len(found.relations.touches) else None
    rows = []
    for row in found.relations.due.to_dict("records"):
        touch = {} if touches is None or row["account_id"] not in touches.index else touches.loc[row["account_id"]]
        rows.append(
            {
                "name": row["account_name"], "last": cells.day(row["last"], "never"),
                "manager": cells.day(touch.get("by_manager")), "complaints": cells.whole(_sum(touch)), "caller": found.manager(row["caller_id"]) or "a superior",
                "month": f"{row['month']:%b %Y}", "why": _SET_BY[row["reason"]],
            }
        )  # fmt: skip
    columns = {"name": "Key account|", "caller": "Next call by|", "month": "In", "last": "Last call from above", "complaints": "Complaints since", "manager": "Manager's last contact", "why": "Because|"}  # fmt: skip
    strong = [at for at, late in enumerate(found.relations.due["overdue"]) if late]
    return table(columns, rows, "The yearly call from the manager's superior (bold: overdue)", strong=strong)


def voices_table(found: Evidence) -> Html:
    """What customers speak of, and whether those who do buy less."""
    rows = [
        {
            "theme": row["theme"] if isinstance(row["theme"], str) else "no theme", "said": style.count(row["said"]), "customers": style.count(row["customers"]),
            "score": style.decimal(row["score"]) if row["scored"] else "", "low": style.share(row["low"], 0) if row["scored"] else "",
            "fell": _of_few(row["fell"], row["fell_of"]), "former": cells.whole(row["of_former"]), "last": cells.day(row["last"]),
        }
        for row in found.relations.voices.head(_LISTED).to_dict("records")
    ]  # fmt: skip
    if not rows:
        return Html("")
    first = found.relations.voices.iloc[0]
    columns = {"theme": "Theme|", "said": "Times", "customers": "Customers", "score": "Mean score (0-10)", "low": "Scored 6 or less", "fell": "of these customers bought a tenth less, or left", "former": "from former customers", "last": "Last"}  # fmt: skip
    said = "" if not first["all_fell_of"] else f"Of all {first['all_fell_of']:,} customers {style.share(first['all_fell'], 0)} bought a tenth less, or left. Small numbers: a difference may be chance, and whoever complains still cares."  # fmt: skip
    return together(table(columns, rows, "What customers speak of"), paragraph(said, "note"))


def heard_table(found: Evidence) -> Html:
    """In their words: key accounts, and the lowest scores, with what became of them."""
    rows = [
        {
            "name": row["account_name"], "date": cells.day(row["date"]), "said": cells.text(row["said"]), "score": f"{row['score']:g}" if pd.notna(row["score"]) else "",
            "since": "left" if row["left"] is True else style.points(row["change"]).replace("points", "%") if pd.notna(row["change"]) else "",
        }
        for row in found.relations.heard.to_dict("records")
    ]  # fmt: skip
    columns = {
        "name": "Customer|",
        "said": "In their words|",
        "score": "Score",
        "date": "On",
        "since": "Sales over the year",
    }
    return table(columns, rows, "Latest from key accounts, and the lowest scores") if rows else Html("")


def silent_line(found: Evidence) -> Html:
    """The key accounts that nobody asked in two years."""
    silent = found.relations.silent
    if not len(silent):
        return Html("")
    return paragraph(f"No word in two years from {len(silent)} of {len(found.key_ids)} key accounts: {', '.join(silent['account_name'])}.", "note")  # fmt: skip


def _contact(row: dict, role: bool = True) -> str:
    name = row["contact_name"] if isinstance(row["contact_name"], str) else f"Contact {row['contact_id']}"
    return f"{name}, {row['role']}" if role and isinstance(row["role"], str) else name


def _sum(touch: object) -> float | None:
    found = [touch[name] for name in ("complaints", "escalations") if name in touch and pd.notna(touch[name])]  # type: ignore[index, operator]
    return float(sum(found)) if found else None


def _of_few(share: float, n: int) -> str:
    return f"{style.share(share, 0)} of {n}" if n else ""
