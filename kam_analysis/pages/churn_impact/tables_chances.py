"""What each chance of leaving rests on, and how often such figures were right."""

import math

from kam_analysis.analysis.segments import stages_in_words
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.findings import Evidence, by_account
from kam_analysis.pages.html import Html, bullets, paragraph, table, together

_LARGEST = 12


def bases_table(found: Evidence) -> Html:
    """How much of what there is to lose rests on which kind of figure."""
    rows = by_account(found)
    grouped = rows.groupby(rows["basis"].fillna(style.NOT_ASSESSED), sort=False)
    counted = grouped.agg(accounts=("exposure", "size"), exposure=("exposure", "sum"), low=("probability", "min"), high=("probability", "max"))  # fmt: skip
    counted = counted.sort_values("exposure", ascending=False)
    shown = [
        {
            "basis": str(basis), "accounts": style.count(row["accounts"]), "share": style.share(row["exposure"] / found.exposed.total, 0),
            "chance": _span(row["low"], row["high"]),
        }
        for basis, row in counted.iterrows()
    ]  # fmt: skip
    columns = {"basis": "Rests on|", "accounts": "Customers", "share": f"Of all {found.earned}", "chance": "Chance of leaving"}  # fmt: skip
    return table(columns, shown, "What the chances of leaving within a year rest on")


def _span(low: float, high: float) -> str:
    if math.isnan(low):
        return style.NOT_ASSESSED
    return style.share(low) if high - low < 5e-4 else f"{style.share(low, 0)} to {style.share(high, 0)}"


def accounts_table(found: Evidence, unit: str) -> Html:
    """The customers that carry the bad year: what we earn there, how likely it goes, and why we think so."""
    rows = by_account(found)
    if rows["probability"].isna().all():
        # One reason for all of them is a sentence, not a table.
        return paragraph(f"Not assessed: {rows['why'].iloc[0]}." if len(rows) else "", "note")
    order = "contribution" if found.year is not None else "exposure"
    largest = rows.sort_values([order, "exposure"], ascending=False).head(_LARGEST)
    shown = [
        {
            "name": row["account_name"], "exposure": style.money(row["exposure"]), "chance": _chance(row), "basis": row["basis"],
            "why": "" if row["basis"] == "your figure" else row["why"], "part": style.share(row["contribution"]),
        }
        for row in largest.to_dict("records")
    ]  # fmt: skip
    columns = {"name": "Customer|", "exposure": f"What we earn there{f' ({unit})' if unit else ''}", "chance": "Chance of leaving"}  # fmt: skip
    columns |= {"part": "Share of the bad-year loss"} if found.year is not None else {}
    columns |= {"basis": "Rests on|"} | ({"why": "Because|"} if any(row["why"] for row in shown) else {})
    title = "Who carries the bad year" if found.year is not None else "The largest customers"
    return table(columns, shown, title)


def _chance(row: dict) -> str:
    said = style.share(row["probability"])
    if math.isnan(row["low"]) or row["high"] - row["low"] < 5e-4:
        return said
    return f"{said} ({style.share(row['low'], 0)} to {style.share(row['high'], 0)})"


def right_table(found: Evidence) -> Html:
    """How often we were right: every test of the past, and the scores against simpler ways of telling."""
    tested = found.backtest
    if tested.reason:
        return paragraph(f"How often we were right cannot be told yet: {tested.reason}.", "note")
    columns = {"day": "Told on|", "accounts": "Customers", "expected": "Expected to leave", "lost": "Left", "predicted": "Sales expected to be lost", "money": "Sales lost", "inside": "Inside|"}  # fmt: skip
    rows = [
        {
            "day": style.day(row["day"].date()), "accounts": style.count(row["accounts"]),
            "expected": f"{style.decimal(row['expected'])} ({row['low']:.0f} to {row['high']:.0f})", "lost": style.count(row["lost"]),
            "predicted": f"{style.money(row['amount_low'])} to {style.money(row['amount_high'])}", "money": style.money(row["amount_lost"]),
            "inside": "yes" if row["inside"] else "no",
        }
        for row in tested.tests.to_dict("records")
    ]  # fmt: skip
    n = len(tested.tests)
    said = f"Inside the predicted range in {tested.inside} of {style.counted(n, 'test')}{': proves little' if n < 10 else ''}; the range should hold in {tested.level * 100:.0f} of 100."
    return together(table(columns, rows, "How often we were right"), paragraph(said, "note"))


def scores_table(found: Evidence) -> Html:
    """Brier score and log loss against simpler ways of telling, and whether chances came true as often as they said."""
    if found.backtest.reason:
        return Html("")
    scores = found.backtest.scores
    names = {"ours": "This page", "average": "Company average alone", "recency": "Silence alone"}
    rows = [{"name": words, "brier": style.decimal(float(scores[each]["brier"]), 4), "log": style.decimal(float(scores[each]["log_loss"]), 4)} for each, words in names.items()]  # fmt: skip
    columns = {"name": "Way of telling|", "brier": "Brier score", "log": "Log loss"}
    return together(table(columns, rows, "Scores of the tests: smaller is better"), _calibrated(found))


def _calibrated(found: Evidence) -> Html:
    rows = [
        {"accounts": style.count(row["accounts"]), "expected": style.share(row["expected"]), "observed": f"{style.share(row['observed'])} ({style.share(row['low'], 0)} to {style.share(row['high'], 0)})"}
        for row in found.backtest.table.to_dict("records")
    ]  # fmt: skip
    columns = {"accounts": "Customers", "expected": "Expected to leave", "observed": "Left"}
    return table(columns, rows, "Did chances come true as often as they said?") if rows else Html("")


def definitions_list(found: Evidence) -> Html:
    """What counts as quiet, as lost, as lost in part."""
    said = [f"Quiet: {stages_in_words()['quiet']}; it is not lost", *found.definitions]
    if found.tested and found.tested[0] != found.definitions[0]:
        # Short data cannot wait a year after each test, so a test counts losses in another way than the average.
        said.append(f"In the tests of how often we were right: {found.tested[0]}")
    return bullets([f"{each[:1].upper()}{each[1:]}" for each in said])
