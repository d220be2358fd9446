"""The worst cases side by side, and the customers of each manager and industry."""

from collections.abc import Iterable, Sequence

from kam_analysis.analysis.recovery import Loss
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.findings import BAD, Evidence
from kam_analysis.pages.html import Html, bullets, paragraph, table, together

_SHORT = 40
_NAMED = 3


def cases_table(found: Evidence, unit: str) -> Html:
    """What goes with each worst case, what of the budget, and what is left."""
    frame = found.table
    if frame.empty:
        return Html("")
    margin = found.exposed.has_margin
    columns = {"label": "Lost together|", "revenue": f"Sales{_of(unit)}", "share": "Of all sales"}
    columns |= {"margin": f"Margin{_of(unit)}", "margin_share": "Of all margin"} if margin else {}
    columns |= {"budget": "Of budgeted sales"} if frame["revenue_of_budget"].notna().any() else {}
    columns |= {"receivables": "Open invoices"} if frame["receivables"].notna().any() else {}
    columns |= {"line": "Hits most|"} if frame["worst_line"].ne("").any() else {}
    columns |= {"after": "Result after"} if frame["result_after"].notna().any() else {}
    columns |= {"left": "Left: equal customers"}
    rows = [_case(row, found) for row in frame.to_dict("records")]
    below = [at for at, row in enumerate(frame.to_dict("records")) if row["result_after"] < 0]
    return together(table(columns, rows, "What goes with them, a year", strong=below), *_notes(found))


def _of(unit: str) -> str:
    return f" ({unit})" if unit else ""


def _case(row: dict, found: Evidence) -> dict[str, str]:
    line = f"{style.share(row['worst_line_share'], 0)} of {row['worst_line']}" if row["worst_line"] else ""
    return {
        "label": style.shortened(found.shown(str(row["label"])), _SHORT),
        "revenue": style.money(row["revenue"]),
        "share": style.share(row["revenue_share"]),
        "margin": style.money(row["margin"]),
        "margin_share": style.share(row["exposure_share"]),
        "budget": style.share(row["revenue_of_budget"]),
        "receivables": style.money(row["receivables"]),
        "line": line,
        "after": style.money(row["result_after"]),
        "left": style.decimal(row["effective_accounts_left"], 0),
    }


def _notes(found: Evidence) -> list[Html]:
    notes = []
    if found.exposed.has_margin:
        notes.append("Margin is sales less the cost of what was sold: what varies with sales is off already.")
    if found.fixed is not None:
        given = found.assumptions["fixed_cost_share"]
        notes.append(
            f"Result after: all margin less fixed costs of {style.money(found.fixed.value)} "
            f"({style.money(found.fixed.low)} to {style.money(found.fixed.high)}; {given.source}), which stay when a customer goes; bold where it is below zero."
        )
    if found.budget is not None:
        when = "the coming twelve months" if found.budget.coming else "the last twelve budgeted months"
        notes.append(f"Budget: {when}, to {found.budget.last:%B %Y}.")
    return [paragraph(" ".join(notes), "note"), bullets([*_left(found), *_absorbed(found)])]


def _left(found: Evidence) -> list[str]:
    """Who is the largest then, and on whom we would depend."""
    first = found.table.iloc[0]
    if not first["largest_left"]:
        return []
    said = f"Without {first['label']} the largest is {first['largest_left']} with {style.share(first['largest_left_share'], 0)} of what is left."
    ours = found.power[found.power["reading"] == "we depend on it"] if len(found.power) else found.power
    if len(ours):
        names = ", ".join(ours["account_name"].head(_NAMED)) + (
            f" and {len(ours) - _NAMED} more" if len(ours) > _NAMED else ""
        )
        said += f" We would then depend on {names} more than they on us."
    return [said]


def _absorbed(found: Evidence) -> list[str]:
    """What can be lost before break-even, how likely more is, and what stays to be paid."""
    if found.absorb is None:
        return []
    first, room = found.table.iloc[0], found.absorb.margin
    said = [
        f"Fixed costs that {first['label']} pays for today: {style.money(first['fixed_costs_stranded'])}; without it break-even is at sales of {style.money(first['break_even_after'])}."
    ]
    if found.absorb.below_already:
        return [*said, "Fixed costs are not paid today."]
    chance = found.absorb.probability
    likely = (
        f"; the chance of losing more in a year is {style.share(chance.value, 0)} ({style.share(chance.low, 0)} to {style.share(chance.high, 0)})"
        if chance
        else ""
    )
    return [
        *said,
        f"Margin of {style.money(room.value)} ({style.money(room.low)} to {style.money(room.high)}) can be lost before break-even{likely}.",
    ]


def groups_table(losses: Sequence[Loss], title: str, head: str, found: Evidence, unit: str, most: int = 12) -> Html:
    """What hangs on each manager or industry, for all alike; and what part of it a manager's departure may cost."""
    if not losses:
        return Html("")
    by_manager = head == "Manager"
    columns = {"label": f"{head}|", "accounts": "Customers", "revenue": f"Sales{_of(unit)}", "share": "Of all sales"}
    columns |= {"exposure": f"Margin{_of(unit)}"} if found.exposed.has_margin else {}
    columns |= {"gone": f"If X left: {found.earned} lost a year"} if by_manager else {}
    rows = [_group(each, found) for each in losses[:most]]
    note = ""
    if by_manager and (follow := found.assumptions.get("follow_rate")):
        note = f"For each manager alike; nobody's departure is predicted. Part lost: {style.share(follow.value, 0)} ({style.share(follow.low, 0)} to {style.share(follow.high, 0)}; {follow.source})."
    return together(table(columns, rows, title), paragraph(note, "note"))


def _group(loss: Loss, found: Evidence) -> dict[str, str]:
    follow = found.assumptions.get("follow_rate")
    ends = (follow.low, follow.high) if follow else (float("nan"), float("nan"))
    return {
        "label": loss.label,
        "accounts": style.count(loss.accounts),
        "revenue": style.money(loss.revenue),
        "share": style.share(loss.revenue_share),
        "exposure": style.money(loss.exposure),
        "gone": f"{style.money(loss.exposure * ends[0])} to {style.money(loss.exposure * ends[1])}",
    }


def causes_table(found: Evidence, unit: str) -> Html:
    """A bad year with what could take several at once, and with every customer on its own."""
    if found.year is None or not found.causes:
        return Html("")
    sides = {
        "joint": ("With what could take several", found.year.joint),
        "alone": ("The same, each on its own", found.year.alone),
    }
    if found.staying is not None:
        sides["stays"] = ("If no manager leaves", found.staying.joint)
    figures = {
        "Expected in a usual year": [each.mean for _, each in sides.values()],
        "Bad-year loss (1 year in 20)": [each.quantile(BAD) for _, each in sides.values()],
        "Average of the worst 1 year in 20": [each.expected_shortfall(BAD) for _, each in sides.values()],
    }
    rows = [
        {"name": name} | {side: style.money(each, unit) for side, each in zip(sides, amounts, strict=True)}
        for name, amounts in figures.items()
    ]
    columns = {"name": "|"} | {side: words for side, (words, _) in sides.items()}
    listed = [
        {"name": each.name, "chance": style.share(each.probability, 0), "accounts": style.count(len(each.members)), "takes": _takes(each.losses)}
        for each in found.causes
    ]  # fmt: skip
    heads = {"name": "What could take several|", "chance": "Chance a year", "accounts": "Customers", "takes": "Then takes each with"}  # fmt: skip
    said = "Each on its own: every customer is as likely to leave as beside it, and only what happens together differs."
    return together(table(columns, rows, "A bad year"), table(heads, listed, "From your settings and the managers' table"), paragraph(said, "note"))  # fmt: skip


def _takes(losses: Iterable[float]) -> str:
    each = list(losses)
    low, high = min(each), max(each)
    return style.share(low, 0) if low == high else f"{style.share(low, 0)} to {style.share(high, 0)}"


def bad_year_levels(found: Evidence, unit: str) -> Html:
    """The loss of a year at several levels, with what could take several at once and each on its own."""
    if found.year is None:
        return Html("")
    joint, alone = found.year.joint, found.year.alone
    rows = [
        {"level": f"1 year in {round(1 / (1 - level))}", "joint": style.money(joint.quantile(level), unit), "alone": style.money(alone.quantile(level), unit), "worst": style.money(joint.expected_shortfall(level), unit)}
        for level in (0.5, 0.8, 0.9, 0.95, 0.99)
    ]  # fmt: skip
    columns = {"level": "How often|", "joint": "Loss of more than", "alone": "Each on its own", "worst": "Average of such years"}  # fmt: skip
    return table(columns, rows, "How much a year may cost")
