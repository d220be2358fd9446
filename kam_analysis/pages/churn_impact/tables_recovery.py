"""How we come through: what new business makes up for, what keeping them may cost."""

from kam_analysis.analysis.recovery import pipeline_needed
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.findings import Evidence
from kam_analysis.pages.html import Html, paragraph, table, together

_PACES = {"new_customers": "new customers alone", "net": "all, after usual losses"}
_SHORT = 40
_CASES = 3
# What takes longer is no plan.
_NEVER = 99


def recovery_rows(found: Evidence, unit: str) -> Html:
    """The sales of each worst case: how much is made up for after 12, 24 and 36 months, at two paces."""
    ways = found.ways[found.ways["measure"] == "revenue"] if len(found.ways) else found.ways
    if not len(ways):
        return paragraph("How long a loss takes to replace needs two years of sales.", "note")
    cases = [*found.cases[:_CASES], *([found.named] if found.named else [])]
    ways = ways[ways["label"].isin([case.label for case in cases])].drop_duplicates(["label", "pace"])
    marks = [at for at in (12, 24, 36) if f"share_{at}" in ways]
    columns = {"label": "Lost together|", "pace": "New business|", "year": f"A year{f' ({unit})' if unit else ''}", "years": "Years of it"}  # fmt: skip
    columns |= {f"at_{at}": f"After {at} months" for at in marks} | {"gap": "Sales missing until then"}
    rows = [
        {
            "label": style.shortened(found.shown(row["label"]), _SHORT), "pace": _PACES[row["pace"]], "year": style.money(row["pace_a_year"]),
            "years": style.decimal(row["years_of_pace"]) if row["years_of_pace"] < _NEVER else "never",
            "gap": f"{style.money(row['gap'])} ({style.money(row['gap_low'])} to {style.money(row['gap_high'])})",
        }
        | {f"at_{at}": _part(row, at) for at in marks}
        for row in ways.to_dict("records")
    ]  # fmt: skip
    return together(table(columns, rows, "How much of the lost sales new business makes up for"), _said(found, unit))


def _part(row: dict, at: int) -> str:
    low, high = row[f"share_{at}_low"], row[f"share_{at}_high"]
    return f"{style.share(row[f'share_{at}'], 0)} ({low * 100:.0f}\N{EN DASH}{high * 100:.0f})"


def _said(found: Evidence, unit: str) -> Html:
    cycle, ramp = (found.assumptions[name] for name in ("sales_cycle_months", "ramp_months"))
    said = (
        f"First order after {style.decimal(cycle.value)} months ({cycle.low:g} to {cycle.high:g}; {cycle.source}), full size {style.decimal(ramp.value)} months later "
        f"({ramp.low:g} to {ramp.high:g}; {ramp.source}). The ranges move pace, cycle and ramp to their good or bad ends together: they are no confidence interval."
    )
    way, business = found.way, found.business.get("revenue")
    if way is not None and business is not None and business.largest_growth.account_name:
        grown = business.largest_growth
        said += f" Growth of known customers did {'' if way.growth_covers_losses else 'not '}pay for usual losses last year; the most of it came from {grown.account_name} ({style.money(grown.change, unit)})."
    needed = pipeline_needed(found.cases[0].revenue, found.selling) if found.selling and found.cases else None
    if needed is not None and found.selling is not None and found.selling.win_rate is not None:
        rate = found.selling.win_rate
        said += (
            f" At a win rate of {style.share(rate.value, 0)} ({style.share(rate.low, 0)} to {style.share(rate.high, 0)}) replacing {found.cases[0].label} takes offers of "
            f"{style.money(needed.amount.value, unit)} ({style.money(needed.amount.low)} to {style.money(needed.amount.high)})."
        )
    return paragraph(said, "note")


def keeping_table(found: Evidence, unit: str) -> Html:
    """Per key account, what keeping it may cost at most, and by how much a measure must lower the chance of leaving."""
    if not len(found.keep):
        return Html("")
    cost = found.assumptions.get("keeping_cost")
    columns = {"name": "Key account|", "exposure": f"What we earn there{f' ({unit})' if unit else ''}", "chance": "Chance of leaving", "lost": "Missing if it goes, until replaced", "worth": "Keeping it is worth a year, at most"}  # fmt: skip
    if cost is not None:
        columns["effect"] = f"{style.money(cost.value, unit)} a year pays if it lowers the chance by"
    rows = [
        {
            "name": row["account_name"], "exposure": style.money(row["exposure"]), "chance": style.share(row["probability"]),
            "lost": style.money(row["loss_if_lost"]), "worth": style.money(row["at_most_a_year"]), "effect": _effect(found, str(row["account_id"])),
        }
        for row in found.keep.to_dict("records")
    ]  # fmt: skip
    said = f"Missing: {found.earned} until new customers replace it, at most over {found.plan_months} months, not discounted."
    if cost is not None:
        said += f" Cost of a measure: {style.money(cost.value, unit)} ({style.money(cost.low)} to {style.money(cost.high)}; {cost.source})."
    return together(table(columns, rows, "Prevention against aftermath"), paragraph(said, "note"))


def _effect(found: Evidence, account_id: str) -> str:
    effect = found.effects.get(account_id)
    if effect is None:
        return ""
    if effect.can_pay is False:
        return "cannot pay"
    return f"{effect.needed * 100:.1f}{style.GAP}points"
