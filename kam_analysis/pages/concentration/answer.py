"""The first screen: the finding in one sentence, four numbers, and how the total stands."""

from collections.abc import Sequence

from kam_analysis.analysis.concentration import Concentration, Group, Mover
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.words import DISCLOSED, equal, named, number_word


def answer(
    now: Concentration, before: Concentration | None, found: Sequence[Group], mover: Mover | None, measure: str
) -> str:
    """The finding in one sentence."""
    clauses = [_largest(now, found, measure)]
    if now.n > 5:
        clauses.append(f"five customers make {style.share(now.top(5), 0)}{_moved(now, before, mover)}")
    if now.n > 1:
        clauses.append(f"{style.count(now.accounts_for(0.8))} of {style.count(now.n)} make 80{style.GAP}%")
    return "; ".join(clauses) + "."


def _largest(now: Concentration, found: Sequence[Group], measure: str) -> str:
    first = now.accounts.iloc[0]
    who = named(first["account_id"], first["account_name"])
    if now.n == 1:
        return f"All {measure} come from one customer: {who}"
    said = f"{who} is {style.share(float(first['share']), 0 if first['share'] > 0.1 else 1)} of {measure}"
    group = next((each for each in found if each.account_id == first["account_id"]), None)
    if group and group.share >= DISCLOSED > group.largest_entity_share:
        return f"{said}, though none of its {number_word(group.entities)} companies reaches 10{style.GAP}%"
    return said


def _moved(now: Concentration, before: Concentration | None, mover: Mover | None) -> str:
    if before is None or not before.n:
        return ""
    change = now.top(5) - before.top(5)
    if abs(change) < 0.005:
        return ", as a year before"
    through = f" through {named(mover.account_id, mover.account_name)}" if mover else ""
    return f", {'up' if change > 0 else 'down'} {abs(change) * 100:.0f} point{'' if round(abs(change) * 100) == 1 else 's'}{through}"


def key_figures(now: Concentration, before: Concentration | None, measure: str) -> list[KeyFigure]:
    """The four numbers of the first screen, each with its change on the twelve months before."""
    first = now.accounts.iloc[0]
    name = named(first["account_id"], first["account_name"])
    needed = now.accounts_for(0.8)
    one = five = fewer = then = ""
    if before is not None and before.n:
        year = "on the year before"
        then_share = before.share_of(str(first["account_id"]))
        one = f", {style.points(now.top(1) - then_share)} {year}"
        five = f"{style.points(now.top(5) - before.top(5))} {year}"
        fewer = f"{style.decimal(before.effective_accounts, 0)} a year before"
        then = f"{style.count(before.accounts_for(0.8))} of {style.count(before.n)} a year before"
    return [
        KeyFigure("Largest customer", style.share(now.top(1)), name + one),
        KeyFigure("Five largest together" if now.n >= 5 else "All customers together", style.share(now.top(5)), five),
        KeyFigure("As concentrated as", equal(now.effective_accounts), fewer),
        KeyFigure(f"Make 80{style.GAP}% of {measure}", f"{style.count(needed)} of {style.count(now.n)}", then),
    ]
