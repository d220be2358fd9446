"""The results document of `03_churn_impact`."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.answer import BAD, answer, key_figures
from kam_analysis.pages.churn_impact.evidence import Evidence
from kam_analysis.pages.churn_impact.parts import SEED
from kam_analysis.pages.control import control_line
from kam_analysis.pages.doubts import doubts
from kam_analysis.pages.html import Html, paragraph
from kam_analysis.pages.results import Figure, Result, provenance, worth_collecting
from kam_analysis.pages.words import unit_of

QUESTION = "What do we lose if one or more of them leave, and how would we come through?"
LISTED = 10_000
_WANTED = {
    ("transactions", "cost"): "cost per line, so that what is lost is margin and not sales",
    ("contracts", "ends_on"): "when contracts end, and earlier ones that ended",
    ("accounts", "left_on"): "the day on which a customer was confirmed as lost",
    ("accounts", "account_manager_id"): "who looks after each account",
    ("opportunities", "amount"): "offers won and lost, with their dates",
    ("budget", "revenue"): "the budget, so that a loss is held against the plan",
}


def money_unit(ledger: Ledger, found: Evidence) -> str:
    """The currency of everything on this page; empty where the settings name none."""
    return unit_of(ledger, found.exposed.measure)


def result(ledger: Ledger, found: Evidence) -> Result:
    """The results document of 03, with the first screen's answer and key figures."""
    unit = money_unit(ledger, found)
    return Result(
        QUESTION, answer(found, unit), _figures(found, unit or "amount"), {"accounts": _accounts(found), "worst_cases": _records(found.table)},
        provenance(ledger, **_asked(found)) | {"seed": SEED, "period": found.days},
        caveats=caveats(ledger, found), assumptions=[asdict(each) for each in found.assumptions.values()],
        worth_collecting=worth_collecting(ledger, _WANTED)[:3], shown=key_figures(found, unit),
        doubts=doubts(ledger, found.book),
        lead=control_line(ledger, found.book, None, ledger.controls(), found.days, "revenue"),
    )  # fmt: skip


def _asked(found: Evidence) -> dict[str, Any]:
    """This notebook's own parameters, as they were asked for."""
    otherwise = found.otherwise
    return {
        "horizon_months": found.horizon_months, "plan_months": found.plan_months,
        "lost_accounts": list(found.named.account_ids) if found.named else [], "chance_factor": otherwise.chance_factor,
        "without_causes": list(otherwise.without), "assumptions": dict(otherwise.assumptions),
    }  # fmt: skip


def _figures(found: Evidence, unit: str) -> dict[str, Figure]:
    months = found.way.by_net.months if found.way else None
    figures = {
        "exposure_total": Figure(found.exposed.total, unit),
        "worst_case_top_1": Figure(_case(found, 1), unit),
        "worst_case_top_3": Figure(_case(found, 3), unit),
        "months_to_replace_top_1": Figure(months, "months"),
    } | _own_figures(found, unit)
    if found.year is None:
        return figures | {name: Figure(None, unit) for name in ("expected_loss", "bad_year_loss", "bad_year_average")}
    joint = found.year.joint
    bad, error = joint.quantile(BAD), joint.error_bound
    return figures | {
        "expected_loss": Figure(joint.mean, unit),
        "bad_year_loss": Figure(bad, unit, max(bad - error, 0.0), bad + error, BAD),
        "bad_year_average": Figure(joint.expected_shortfall(BAD), unit, level=BAD),
    }


def _own_figures(found: Evidence, unit: str) -> dict[str, Figure]:
    if found.named is None:
        return {}
    months = found.named_way.by_net.months if found.named_way else None
    return {
        "own_case": Figure(found.named.exposure, unit),
        "own_case_revenue": Figure(found.named.revenue, unit),
        "months_to_replace_own_case": Figure(months, "months"),
    }


def _case(found: Evidence, k: int) -> float:
    """What the k largest take together; all of them where there are fewer."""
    return float(found.exposed.amounts[:k].sum())


def by_account(found: Evidence) -> pd.DataFrame:
    """What we earn with each customer, its chance of leaving, what that rests on, and its part of a bad year."""
    frame = found.exposed.accounts.merge(found.chances, on="account_id", how="left")
    part = np.full(len(frame), np.nan) if found.year is None else found.year.contributions(BAD)
    return frame.assign(contribution=part)


def _accounts(found: Evidence) -> list[dict[str, Any]]:
    shown = ["account_id", "account_name", "exposure", "revenue", "probability", "low", "high", "basis", "why", "contribution"]  # fmt: skip
    return _records(by_account(found)[shown].head(LISTED))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype(object)
    return rows.where(rows.notna(), None).to_dict("records")  # type: ignore[return-value]


def caveats(ledger: Ledger, found: Evidence) -> list[str]:
    """What a reader must know before trusting the figures."""
    unit, changed = money_unit(ledger, found), found.otherwise.said(found.assumptions)
    said = [changed] if changed else []
    if not found.exposed.has_margin:
        said.append("without a cost what is lost is sales, not what we earn")
    if len(found.exposed.set_aside):
        count = style.counted(len(found.exposed.set_aside), "customer")
        said.append(f"{count} at or below zero {found.earned} set aside ({style.money(found.exposed.set_aside_amount, unit)}): losing them costs nothing")  # fmt: skip
    if found.gone:
        names = ", ".join(found.gone[:3]) + (f" and {len(found.gone) - 3} more" if len(found.gone) > 3 else "")
        said.append(f"lost already and left out of what there is to lose: {names}")
    return [*said, *_about_chances(found, unit), *map(str, ledger.warnings)]


def _about_chances(found: Evidence, unit: str) -> list[str]:
    said = []
    if found.fitted.model is None:
        said.append(f"no chance of leaving was learnt from your history: {found.fitted.reason}")
    if found.year is None:
        return [
            *said,
            "bad-year loss not assessed: no account has a chance of leaving; give your own figures or an assumption",
        ]
    if found.year.exposure_left_out:
        said.append(
            f"customers with {style.money(found.year.exposure_left_out, unit)} of {found.earned} have no chance of leaving and are not in the bad-year loss"
        )
    if found.year.floored.size:
        names = found.exposed.accounts["account_name"].iloc[found.year.floored[:3]].tolist()
        more = f" and {found.year.floored.size - 3} more" if found.year.floored.size > 3 else ""
        said.append(
            f"what could take several at once is by itself likelier than the figure of {', '.join(names)}{more}: there the higher one counts"
        )
    return said


def method(found: Evidence, unit: str) -> Html:
    """How the bad year was worked out, and how far that may be off."""
    if found.year is None:
        return paragraph("", "note")
    joint = found.year.joint
    said = f"The bad-year loss: {joint.method}; off by {style.money(joint.error_bound, unit)} at most."
    if found.paths is not None:
        paths = found.paths
        said += f" The course by month is simulated: {paths.scenarios:,} courses, seed {paths.seed}, the mean after {paths.months} months off by about {style.money(float(paths.error[-1]), unit)} (one standard error)."
    return paragraph(said, "note")
