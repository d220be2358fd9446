"""The brief's tables: what changed, what to decide, what is overdue, what is at stake, and what the figures did."""

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from kam_analysis.pages import notices, style
from kam_analysis.pages.cells import chance, of
from kam_analysis.pages.html import Html, bullets, paragraph, together
from kam_analysis.pages.leadership_brief.answer import key_figures
from kam_analysis.pages.leadership_brief.asks import Ask, decided_by
from kam_analysis.pages.leadership_brief.changes import BUSINESS
from kam_analysis.pages.leadership_brief.five_figures import written
from kam_analysis.pages.table import Table, columns_in, rows
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.leadership_brief.found import Found

say, declared = said_in(__file__), columns_in(__file__)

_SHOWN_CHANGES, _SHOWN_DECISIONS, _SHOWN_STEPS = 5, 4, 3
_LONGEST_CAPTION = 90
_LONGEST = 52
NOTHING_TO_DECIDE = say("asks.none")


def asks_table(found: "Found") -> Table:
    """What to decide: the options, who, by when, and what not deciding costs."""
    columns = declared(
        "asks",
        written={
            "what": lambda row: f"{row['what']}. {_sentence(row['why'])}",
            "options": lambda row: " ".join(map(_numbered, enumerate(row["options"], 1))),
            "due": lambda row: row["by"],
            "cost": lambda row: row["cost_said"],
        },
    )
    made = [
        vars(each)
        | {"due": None if each.due is None else pd.Timestamp(each.due), "by": decided_by(each)}
        | {"cost_said": _cost(each, found.unit), "account_ids": list(each.account_ids)}
        for each in found.asks
    ]
    frame = pd.DataFrame(made, columns=[*(each.name for each in columns), "by"], dtype=object)
    notes = [say("asks.once")] if len(made) > 1 else []
    return Table(say("asks.to_decide"), columns, frame, unit=found.unit, notes=notes, nothing=NOTHING_TO_DECIDE)


def _numbered(option: tuple[int, str]) -> str:
    number, text = option
    return f"{number}) {_sentence(text)}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".") if text else ""


def _cost(ask: Ask, unit: str) -> str:
    return ask.cost_of if ask.cost is None else say("asks.amount", money=style.money(ask.cost, unit), what=ask.cost_of)


def asks_list(found: "Found") -> Html:
    """The same as a reader takes it in: what, why, who and by when, the cost of not deciding, and the options."""
    if not found.asks:
        return paragraph(NOTHING_TO_DECIDE)
    made = []
    for number, each in enumerate(found.asks, 1):
        told = {"who": each.owner, "cost": _cost(each, found.unit)}
        line = say("asks.decides", **told, day=decided_by(each)) if each.due else say("asks.who_decides", **told)
        head = f'<p class="kam-ask-what">{number}. {escape(each.what)}</p><p>{escape(_sentence(each.why))}<br>{escape(line)}</p>'
        made.append(Html(f'<div class="kam-ask">{head}{bullets(map(_sentence, each.options)).html}</div>'))
    return together(*made, paragraph(say("asks.once") if len(made) > 1 else "", "note"))


def changes_table(found: "Found") -> Table:
    """What changed since the last report, of which kind it is, and which page says it."""
    columns = declared("changes")
    frame = rows([vars(each) for each in found.changes], columns)
    return Table(_changes_head(found), columns, frame, shown=_SHOWN_CHANGES, nothing=_unchanged(found))


def _changes_head(found: "Found") -> str:
    return say("changes.what") if found.before is None else say("changes.since", day=style.day(found.since))


def _unchanged(found: "Found") -> str:
    if found.before is None:
        return say("changes.not_known", why=found.why_not_before or say("changes.no_earlier_day"))
    known = any(each.reading for each in found.figures)
    return say("changes.none" if known else "changes.none_known", day=style.day(found.since))


def changes(found: "Found") -> Html:
    """What changed as a list, the business first; anything else with its kind in front."""
    shown = found.changes[:_SHOWN_CHANGES]
    if not shown:
        return paragraph(_unchanged(found))
    said = [
        each.what if each.kind == BUSINESS else say("changes.of_kind", kind=each.kind, what=each.what) for each in shown
    ]
    more = len(found.changes) - len(shown)
    parts = [paragraph(_changes_head(found) + ":", "note"), bullets(map(_sentence, said))]
    if more:
        parts.append(paragraph(say("changes.more", changes=style.counted(more, "more change")), "note"))
    if all(each.kind == BUSINESS for each in found.changes):
        kept = say("changes.as_reported" if found.compared else "changes.computed", day=style.day(found.since))
        parts.append(paragraph(kept, "note"))
    return together(*parts)


def decisions_table(found: "Found") -> Table:
    """What is overdue, what falls due, and what became of the last period's decisions."""
    columns = declared("decisions", tones={"state": {"overdue": "bad", "due soon": "warn", "done": "good", "open": ""}})
    frame = found.decisions[[each.name for each in columns]]
    more = len(frame) - _SHOWN_DECISIONS
    notes = [say("decisions.more", lines=style.counted(more, "more line"))] if more > 0 else []
    nothing = say("decisions.none" if found.has_decisions else "decisions.no_table")
    caption = say("decisions.caption")
    return Table(caption, columns, frame, shown=_SHOWN_DECISIONS, notes=notes, nothing=nothing)


def risks_table(found: "Found") -> Table:
    """The three customers that carry most of a bad year."""
    columns = declared(
        "risks",
        heading={"exposure": f"{found.earned.capitalize()} a year"},
        written={"probability": lambda row: chance(row["probability"]), "notice_by": lambda row: _notice(found, row)},
    )
    return Table(say("stake.risks"), columns, found.risks, unit=found.unit, nothing=say("stake.no_risk"))


def _notice(found: "Found", row: Any) -> str:
    if pd.isna(row.get("notice_by")):
        return ""
    return notices.last_day({"ends_on": row["notice_by"], **row}, found.about.as_of).split(" (")[0]


def chart_note(found: "Found") -> Html:
    """What the chart's bars are."""
    if found.risks["probability"].isna().all():
        return Html("")
    return paragraph(say("stake.note", earned=found.earned), "note")


def opportunities_table(found: "Found") -> Table:
    """What could be won most."""
    columns = declared("opportunities")
    nothing = say("stake.no_opportunity")
    return Table(say("stake.opportunities"), columns, found.opportunities, unit=found.unit, nothing=nothing)


def figures_table(found: "Found") -> Table:
    """The five figures: today, before, and the range of two years."""
    columns = declared(
        "figures",
        written={
            "value": lambda row: written(row["value"], row["unit"]),
            "before": lambda row: _or_nothing(row["before"], row["unit"]),
            "low": lambda row: _or_nothing(row["low"], row["unit"]),
            "high": lambda row: _or_nothing(row["high"], row["unit"]),
        },
    )
    of_each = ("value", "written", "change")
    made = [
        vars(each)
        | {name: getattr(each, name) for name in of_each}
        | {"unit": each.figure.unit, "reading": each.reading or say("figures.no_range")}
        | {"beside": tile.note, "tone": tile.tone}
        for each, tile in zip(found.figures, key_figures(found), strict=True)
    ]
    caption = say("figures.caption")
    if found.before is not None:
        caption = say("figures.caption_since", day=style.day(found.since))
    return Table(caption, columns, rows(made, columns))


def courses_table(found: "Found") -> Table:
    """What the five figures were in two years, oldest first: the index draws it again."""
    columns = declared("courses")
    made = [
        {"label": each.label, "number": number, "value": value}
        for each in found.figures
        for number, value in enumerate(each.course, start=1)
    ]
    return Table(say("figures.courses"), columns, rows(made, columns))


def _or_nothing(value: float | None, unit: str) -> str:
    return "" if value is None or pd.isna(value) else written(float(value), unit)


def losses_table(found: "Found") -> Table:
    """03's first worst cases against budget and break-even."""
    columns = declared(
        "losses",
        written={"label": lambda row: style.shortened(str(row["label"]), _LONGEST), "result_after": _result},
        heading={"exposure": f"{found.earned.capitalize()} a year", "result_after": f"Result after{of(found.unit)}"},
    )
    of_cases = found.against_plan
    below = [at for at, after in enumerate(of_cases["result_after"]) if after < 0]
    notes = [say("plan.result_note")] if below else []
    missing = {say("plan.a_budget"): "revenue_of_budget", say("plan.fixed_costs"): "result_after"}
    unknown = [name for name, column in missing.items() if of_cases[column].isna().all()]
    if unknown and len(of_cases):
        notes.append(say("plan.not_held", what=" or ".join(unknown)))
    caption, nothing = say("plan.losses"), say("plan.nothing_to_lose")
    return Table(caption, columns, of_cases, unit=found.unit, strong=below, notes=notes, nothing=nothing)


def _result(row: Any) -> str:
    if pd.isna(row["result_after"]):
        return ""
    low, high = style.money(row["result_after_low"]), style.money(row["result_after_high"])
    return f"{style.money(row['result_after'])} ({low} to {high})"


def contingency_table(found: "Found") -> Table | None:
    """The first steps of 03's contingency plan; it has all of them, with its signs and the budget by month."""
    plan = None if found.now.losses is None else found.now.losses.steps_table()
    if plan is None:
        return None
    more = len(plan.rows) - _SHOWN_STEPS
    notes = [say("plan.more_steps", steps=style.counted(more, "more step"))] if more > 0 else []
    caption = style.shortened(plan.caption, _LONGEST_CAPTION)
    return replace(plan, caption=caption, shown=_SHOWN_STEPS, notes=notes)


def forecast_table(found: "Found") -> Table:
    """Whether 01's forecast of a year ago held."""
    columns = declared("forecast")
    then, now = found.year_ago, found.now.dependence
    made: list[dict[str, Any]] = []
    if then is not None and now is not None:
        # This year's as the forecast has years: twelve months, whatever the page's period.
        came = {} if now.forecast is None else now.forecast.figures.set_index("name")["value"].to_dict()
        for row in then.forecast.figures.to_dict("records"):
            if row["name"] in ("largest customer", "five largest") and row["name"] in came:
                value = came[row["name"]]
                made.append(
                    {"name": row["name"], "low": row["low"], "high": row["high"], "came": value}
                    | {"held": row["low"] <= value <= row["high"]}
                )
    return Table(say("plan.forecast"), columns, rows(made, columns), nothing=say("plan.no_forecast"))


def voice_said(found: "Found") -> Html:
    """One customer's own words."""
    if found.voice.empty:
        return Html("")
    row = found.voice.iloc[0]
    score = "" if pd.isna(row["score"]) else say("plan.score", score=style.decimal(float(row["score"]), 0))
    day = style.day(row["date"].date())
    return paragraph(say("plan.voice", who=row["account_name"], day=day, score=score, said=row["said"]))
