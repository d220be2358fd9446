"""What the value score is made of, how robust the list is, and the stages of all accounts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kam_analysis.analysis.segments import CRITERIA, FIRM, STAGES, stages_in_words
from kam_analysis.pages import style
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.key_accounts.parameters import SEED
from kam_analysis.pages.key_accounts.reasons import robust
from kam_analysis.pages.key_accounts.tables import IDENTITY, customer, identity
from kam_analysis.pages.table import Column, Table, rows
from kam_analysis.pages.words import headed

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

# More would only make the files heavy; the largest company's list is longer.
_MOST_PUBLISHED = 10_000


def criteria_table(found: "Found") -> Table:
    """Every criterion with its direction, unit and method, what it weighs, and what is not assessed."""
    columns = [
        Column("name", "Criterion"),
        Column("better", "Better if"),
        Column("method", "How it is measured"),
        Column("weight", "Weight", "share"),
    ]
    given = {each.name: found.weighed.get(each.name, 1.0) for each in CRITERIA}
    records = [
        {
            "name": each.label,
            "better": each.direction,
            "method": f"not assessed: {found.left_out[each.name]}"
            if each.name in found.left_out
            else f"{each.method} ({(found.about.unit or 'amount') if each.unit == 'amount' else each.unit})",
            "weight": given[each.name] / sum(given.values()),
        }
        for each in CRITERIA
    ]
    note = (
        "Each is scaled between our customers: 0 is the 5th percentile, 1 the 95th. Weights are equal unless [criteria] in "
        "the settings says otherwise. What is not assessed for a customer leaves its weight to the others."
    )
    return Table("What counts as value", columns, rows(records, columns), notes=[note])


def parts_table(found: "Found") -> Table:
    """How each key account stands on each criterion: what its score is made of."""
    assessed = [Column(each.name, each.label, "number") for each in CRITERIA if each.name in found.criteria]
    records = [
        identity(found, each) | {column.name: found.of(found.criteria, each, column.name) for column in assessed}
        for each in found.ordered
        if assessed
    ]
    columns = [customer(found), *assessed]
    caption = "How the key accounts stand on each criterion (0-1)"
    return Table(caption, columns, rows(records, [IDENTITY, *columns]), missing=style.NOT_ASSESSED)


def firmness_table(found: "Found") -> Table:
    """In what part of all weightings each key account is among the best, with the simulation's error."""
    columns = [
        customer(found),
        Column("score", "Value (0-1)", "number"),
        Column("assessed_weight", "Rests on", "share", 0),
        Column("top", f"Among the best {found.limit}", "share", written=_with_error),
        Column("badge", "Robust?", written=lambda row: robust(found, row["account_id"])),
    ]
    names = ("score", "assessed_weight", "top", "error", "badge")
    told = [
        identity(found, each) | {name: found.of(found.scores, each, name) for name in names} for each in found.ordered
    ]
    records = [each for each in told if each["top"] is not None and each["score"] is not None]
    note = (
        f"In how many of {found.draws:,} weightings, drawn evenly from all possible ones, the customer is among the best "
        f"{found.limit} by value. Robust from {style.share(FIRM, 0)} on. After ±: the simulation error in points (seed {SEED}). "
        '"Rests on": the part of the weight for which there is data on this customer.'
    )
    frame = rows(records, [IDENTITY, *columns, Column("error", "")])
    return Table("Robust or borderline", columns, frame, notes=[note])


def _with_error(row: Any) -> str:
    return f"{style.share(row['top'], 0)} ± {100 * row['error']:.1f}"


def changes_table(found: "Found") -> Table | Html:
    """Which key accounts change place among the best when one weight moves by ten points."""
    labels, keys = {each.name: each.label for each in CRITERIA}, set(found.keys["account_id"])
    columns = [Column("what", "Weight"), Column("entered", "Comes in"), Column("left", "Goes out")]
    records = [
        {
            "what": f"{labels[row['criterion']]} {style.change(100 * row['step'])} points",
            "entered": _told(found, row["entered"], keys=keys),
            "left": _told(found, row["left"], keys=keys),
        }
        for row in found.changes.to_dict("records")
        if keys.intersection([*row["entered"], *row["left"]])
    ]
    if keys and not records:
        said = f"No key account enters or leaves the best {found.limit} when one weight moves by ten points."
        return paragraph(said)
    return Table(f"Who changes place among the best {found.limit}", columns, rows(records, columns))


def _told(found: "Found", ids: Sequence[str], *, keys: set[str]) -> str:
    """Key accounts by name; of the others the best by name."""
    names = [found.name(each) for each in ids if each in keys]
    others = [found.name(each) for each in ids if each not in keys]
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        names.append(f"{others[0]}{more} (not key)")
    return ", ".join(names) or "nobody"


def stages_table(found: "Found") -> Table:
    """How many accounts are in each stage, what they bought in the period, and where each stage begins."""
    columns = [
        Column("stage", "Stage"),
        Column("n", "Customers", "count"),
        Column("amount", headed(found.about.measure_words), "money"),
        Column("means", "Means"),
    ]
    amounts = found.standing["account_id"].map(found.book.accounts.set_index("account_id")["amount"]).fillna(0.0)
    sums = amounts.groupby(found.standing["stage"]).agg(["size", "sum"]).reindex(list(STAGES), fill_value=0)
    words = stages_in_words()
    records = [
        {"stage": stage, "n": n, "amount": amount, "means": words[stage]}
        for stage, n, amount in zip(sums.index, sums["size"], sums["sum"], strict=True)
        if n or stage != "not assessed"  # two years of data assess everybody
    ]
    caption = "Every customer that ever bought, by stage"
    return Table(caption, columns, rows(records, columns), unit=found.about.unit)


def lifecycle_table(found: "Found") -> Table:
    """The stage of each customer that ever bought, for `tables.xlsx`."""
    columns = [IDENTITY, customer(found), Column("stage", "Stage"), Column("why", "Why")]
    stages = found.standing[["account_id", "account_name", "stage", "why"]].head(_MOST_PUBLISHED)
    return Table("The stage of every customer", columns, stages)
