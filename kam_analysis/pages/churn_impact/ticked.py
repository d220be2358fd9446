"""What goes with the customers that a reader ticks: figures that a published page adds up by itself.

The page's script (templates/ticked.js) computes what `recovery.case_table` computes, from the figures that lie beside the
two tables. Where no script runs they stand as they are: every customer for itself, and what is left without the first.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.analysis import recovery
from kam_analysis.explorer.report_line import report_line
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.overrides import Overrides, changed_parameters
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.table import Table, columns_in
from kam_analysis.pages.words import listed, said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say, declared = said_in(__file__), columns_in(__file__)

REPORT = "03_churn_impact"
# As many of the largest as one looks through; further ones of the report's own case are among them.
TICKED = 25
# Lines that stand for themselves, the largest; the others together.
_LINES = 8
_MARK = "KAMTICKED"  # stands where the accounts do in a report's command


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """The command of a report on lost accounts: `before`, then `each` of them by account_id with ", " between, `after`."""

    before: str
    after: str
    each: Mapping[str, str]

    @classmethod
    def of(cls, ledger: Ledger, asked: Overrides, account_ids: Sequence[str]) -> "ReportLine":
        """In the quotes of this system, with all else as this report was asked for but for managers who leave."""
        given = changed_parameters(ledger, replace(asked, leaving={}))

        def line(account_id: str) -> str:
            # Always two: what Windows quotes depends on the space between them.
            return report_line(ledger, REPORT, {**given, "lost_accounts": [account_id, _MARK]}, by_name=True)

        first, between, last = line(_MARK).split(_MARK)
        quote = between.partition(", ")[0]
        before, after = first.removesuffix(quote), last.removeprefix(quote)
        end = f", {quote}{_MARK}{quote}{after}"
        each = {id_: line(id_).removeprefix(before).removesuffix(end) for id_ in account_ids}
        return cls(before=before, after=after, each=each)

    def parts(self, account_ids: Sequence[str]) -> dict[str, Any]:
        """What the page's script puts it together from."""
        return {"before": self.before, "after": self.after, "each": [self.each[id_] for id_ in account_ids]}

    def of_accounts(self, account_ids: Sequence[str]) -> str:
        """The whole command, as the page's script puts it together."""
        return f"{self.before}{', '.join(self.each[id_] for id_ in account_ids)}{self.after}"


def rows_to_tick(found: "Found") -> pd.DataFrame:
    """The customers that can be ticked: `Exposures.known`, the largest first, with all of the report's own case."""
    known, lost = found.exposed.known, found.overrides.lost_accounts
    return known[(known.index < min(TICKED, len(found.exposed.accounts))) | known["account_id"].isin(list(lost))]


def report_line_of(found: "Found", ledger: Ledger) -> ReportLine:
    """The command of a report on any of the customers that can be ticked."""
    return ReportLine.of(ledger, found.overrides, rows_to_tick(found)["account_id"].tolist())


def lost_together(found: "Found") -> Html | None:
    """The customers to tick, and what is left without those that are ticked; None where there is nothing to lose."""
    if not found.worst:
        return None
    rows = rows_to_tick(found)
    start = [id_ for id_ in rows["account_id"] if found.case is not None and id_ in found.case.account_ids]
    parts = _parts(found, recovery.lose_named(found.exposed, start))
    sides = f"<div>{_customers(found, rows).html().html}</div><div>{_left(found, parts, start=start).html}</div>"
    figures = json.dumps(_figures(found, rows, parts=parts, start=start), ensure_ascii=False)
    return Html(f'<div class="kam-ticked" data-figures="{escape(figures)}">{sides}</div>')


def _customers(found: "Found", rows: pd.DataFrame) -> Table:
    """Every customer alone, with what is left of the result without it."""
    known = {each: recovery.lose_named(found.exposed, [each]) for each in rows["account_id"]}
    covers = {each: recovery.cover(found.exposed, loss, found.fixed) for each, loss in known.items()}
    rows = rows.assign(result=[each.result_after.value if each else float("nan") for each in covers.values()])
    columns = declared("customers", on_page={"exposure": found.exposed.has_margin, "result": found.fixed is not None})
    caption = say("ticked.customers", number=style.count(len(rows)))
    return Table(caption, columns, rows, unit=found.about.unit)


def _parts(found: "Found", loss: recovery.Loss) -> pd.DataFrame:
    """What is lost of sales, margin, result and each product line: name, today, lost, whole (what shares are of)."""
    exposed = found.exposed
    rows: list[tuple[str, float, float, float]] = [
        (say("ticked.sales"), exposed.revenue, loss.revenue, exposed.revenue)
    ]
    if exposed.has_margin:
        rows.append((say("ticked.margin"), exposed.earned, loss.exposure, exposed.total))
    if found.fixed is not None:
        rows.append((say("ticked.result"), exposed.earned - found.fixed.value, loss.exposure, float("nan")))
    frame = pd.DataFrame(rows, columns=["name", "today", "lost", "whole"])
    if found.lines is None:
        return frame
    gone = recovery.lines_gone(found.lines, loss).sort_values(["amount", "product_line"], ascending=[False, True])
    gone = gone.assign(name=_lines_named(gone["product_line"].astype(str).tolist()))
    lines = gone.groupby("name", sort=False)[["amount", "lost"]].sum().reset_index()
    return pd.concat(
        [frame, lines.assign(today=lines["amount"], whole=lines["amount"])[list(frame)]], ignore_index=True
    )


def _lines_named(lines: Sequence[str]) -> list[str]:
    """The largest by their names, the others together; one alone stands for itself."""
    if len(lines) <= _LINES + 1:
        return list(lines)
    return [*lines[:_LINES], *[say("ticked.other_lines")] * (len(lines) - _LINES)]


def _left(found: "Found", parts: pd.DataFrame, *, start: Sequence[str]) -> Html:
    rows = parts.assign(left=parts["today"] - parts["lost"], left_share=1 - parts["lost"] / parts["whole"])
    known = found.exposed.known
    names = known.loc[known["account_id"].isin(list(start)), "account_name"].tolist()
    table = Table(say("ticked_script.without", who=listed(names)), declared("left"), rows, unit=found.about.unit)
    said = paragraph(_beside_break_even(found, recovery.lose_named(found.exposed, start)), "note")
    return Html(f'{table.html().html}<div aria-live="polite">{said.html}</div>')


def _beside_break_even(found: "Found", loss: recovery.Loss) -> str:
    """The result against break-even, with the range of the fixed costs; empty where these are not known."""
    known, unit = recovery.cover(found.exposed, loss, found.fixed), found.about.unit
    if known is None:
        return ""
    after, even = known.result_after, known.break_even_after
    said = {
        "result": style.money(after.value, unit),
        "low": style.money(after.low, unit),
        "high": style.money(after.high, unit),
    }
    if even is None:
        return say("ticked_script.no_break_even", **said)
    said |= {"even": style.money(even.value, unit), "sales": style.money(found.exposed.revenue - loss.revenue, unit)}
    return say("ticked_script.below" if known.below_after else "ticked_script.above", **said)


def _figures(found: "Found", rows: pd.DataFrame, *, parts: pd.DataFrame, start: Sequence[str]) -> dict[str, Any]:
    """What the page's script adds up: per customer what it takes of each part, in the order of both tables."""
    money = style.money(1, found.about.unit).partition("1")
    fixed = found.fixed
    return {
        "start": [id_ in start for id_ in rows["account_id"]],
        "names": rows["account_name"].tolist(),
        "lost": [_lost(found, str(id_), parts["name"].tolist()) for id_ in rows["account_id"]],
        "today": parts["today"].tolist(),
        "whole": [None if pd.isna(each) else each for each in parts["whole"]],
        "fixed": None if fixed is None else [fixed.value, fixed.low, fixed.high],
        "money": [money[0], money[2]],
        "line": None if found.report_line is None else found.report_line.parts(rows["account_id"].tolist()),
        "words": words_in(__file__, "ticked_script"),
    }


def _lost(found: "Found", account_id: str, names: Sequence[str]) -> list[float]:
    """What one customer takes of each part."""
    parts = _parts(found, recovery.lose_named(found.exposed, [account_id])).set_index("name")
    return [float(each) for each in parts.loc[list(names), "lost"]]
