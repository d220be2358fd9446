"""What each chance of leaving rests on, how often such figures were right, and what a bad year costs."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from kam_analysis.analysis import churn
from kam_analysis.analysis.segments import stages_in_words
from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.tables import Row
from kam_analysis.pages.html import Html, bullets, paragraph
from kam_analysis.pages.table import Table, columns_in
from kam_analysis.pages.words import headed, listed, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.churn_impact.found import Found

say, declared = said_in(__file__), columns_in(__file__)

LISTED, _LARGEST, _DRIVERS = 10_000, 12, 5
_YOURS, _SEVERAL = say("bases.yours"), say("bases.several")
# Shares closer than this are one on the page.
_SAME = 5e-4
# Fewer customers than this are no difference in a number of them.
_LEAST_MORE = 0.05
_LEAST_WHOLE = 0.01  # smaller chances are written to a tenth of a point
LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)


def bases(found: "Found") -> Table | None:
    """How much of what there is to lose rests on which kind of figure."""
    rows = found.accounts
    if rows.empty:
        return None
    rows = rows.assign(basis=rows.apply(_basis, axis=1))
    counted = rows.groupby("basis", sort=False).agg(
        accounts=("exposure", "size"), share=("share", "sum"), low=("probability", "min"), high=("probability", "max")
    )
    columns = declared("bases", of={"earned": found.earned}, written={"low": _span})
    ordered, raised = (
        counted.sort_values("share", ascending=False).reset_index(),
        int((rows["basis"] == _SEVERAL).sum()),
    )
    said = [say("bases.raised", customers=style.counted(raised, "customer"))] if raised else []
    notes = [_expected_leavers(found), *said, *_own_range(found), *_never_tried(found)]
    return Table(say("bases.caption"), columns, ordered, notes=notes)


def _expected_leavers(found: "Found") -> str:
    """How many leave, of all that are still customers, with what is not known about all chances together.

    The range is that of the chances as estimated; what could take several at once comes on top.
    """
    each, rows = found.may_leave.leavers, found.common.raised(found.chances, without=found.overrides.without)
    there = rows[rows["basis"] != "lost"]
    estimated, likely = (float(there[name].sum()) for name in ("estimate", "probability"))
    told = {"customers": style.counted(each.accounts, "customer"), "expected": style.decimal(estimated)}
    if found.overrides.chance_factor == 1:
        ends = {"low": f"{each.low:.0f}", "high": f"{each.high:.0f}", "level": f"{each.level * 100:.0f}"}
        said = say("bases.leavers_range", **told, **ends)
    else:
        said = say("bases.leavers", **told)
    if likely - estimated < _LEAST_MORE:
        return said
    return f"{said} {say('bases.with_several', expected=style.decimal(likely))}"


def _own_range(found: "Found") -> list[str]:
    """How far the reader's own estimates may be off: nothing on file tells it, so that is assumed."""
    odds = found.assumed.get("own_estimate_odds")
    if odds is None or not (found.accounts["basis"] == "your figure").any():
        return []
    return [say("bases.own_range", low=f"{odds.low:g}", high=f"{odds.high:g}", source=odds.source)]


def _never_tried(found: "Found") -> list[str]:
    """What else could tell who leaves, and was never tried: too few customers show it."""
    told = found.may_leave.told
    names = [each.name for each in churn.FEATURES if told is not None and each.column in told.unknown]
    return [say("bases.not_judged", names=listed(names))] if names else []


def _basis(row: Row) -> str:
    """What the chance that counts rests on: an estimate of 16% is not what 54% rests on."""
    if row["by_causes"] > row["estimate"]:
        return _SEVERAL
    if not isinstance(row["basis"], str):
        return style.NOT_ASSESSED
    return _YOURS if row["basis"] == "your figure" else row["basis"]


def rests_on(found: "Found", account_id: str) -> str:
    """What one account's chance of leaving rests on, and why, as the table has it; empty for who is not in it."""
    row: Row
    for row in found.accounts[found.accounts["account_id"] == account_id].to_dict("records"):  # type: ignore[assignment]
        return _basis_and_why(row)
    return ""


def _span(row: Row) -> str:
    if math.isnan(row["low"]):
        return style.NOT_ASSESSED
    near = row["high"] - row["low"] < _SAME
    return style.share(row["low"]) if near else f"{style.share(row['low'], 0)} to {style.share(row['high'], 0)}"


def accounts(found: "Found") -> Table | Html | None:
    """The customers that drive the bad year: what we earn there, how likely each leaves, and why we think so."""
    rows = found.accounts
    if rows.empty:
        return None
    if rows["probability"].isna().all():
        # One reason for all of them is a sentence, not a table.
        return paragraph(say("drivers.not_assessed", reason=rows["why"].iloc[0]), "note")
    order = "exposure" if found.bad_year is None else "contribution"
    every = all_accounts(found)
    return replace(every, rows=every.rows.sort_values([order, "exposure"], ascending=False).head(_DRIVERS))


def all_accounts(found: "Found") -> Table:
    """The same of all customers, those with most to lose first."""
    columns = declared(
        "all_accounts", heading={"exposure": we_earn(found)}, written={"probability": _chance, "basis": _basis_and_why}
    )
    caption = say("drivers.largest" if found.bad_year is None else "drivers.caption")
    return Table(caption, columns, found.accounts.head(LISTED), found.about.unit)


def we_earn(found: "Found") -> str:
    """The head of what a customer brings."""
    return say("drivers.margin" if found.exposed.has_margin else "drivers.sales")


def perhaps_gone(found: "Found") -> Table | None:
    """Who has been silent for so long that it is likelier gone than not, the largest first."""
    rows = found.perhaps_gone
    if rows.empty:
        return None
    columns = declared("perhaps_gone")
    more, notes = len(rows) - _LARGEST, [say("perhaps_gone.said")]
    if more > 0:
        notes.append(say("perhaps_gone.more", customers=style.counted(more, "smaller customer")))
    return Table(say("perhaps_gone.caption"), columns, rows, found.about.unit, shown=_LARGEST, notes=notes)


def _why(row: Row) -> str:
    """What stands behind an own figure is the reader's; that what could take several at once is likelier is not."""
    return "" if row["basis"] == "your figure" and not row["by_causes"] > row["estimate"] else str(row["why"])


def _basis_and_why(row: Row) -> str:
    basis, why = _basis(row), _why(row)
    if basis == _SEVERAL:  # the reason names what it is
        return why
    return f"{basis}: {why}" if why else basis


def _chance(row: Row) -> str:
    said = style.share(row["probability"], 0 if row["probability"] >= _LEAST_WHOLE else 1)
    if math.isnan(row["low"]) or row["high"] - row["low"] < _SAME:
        return said
    return f"{said} ({style.share(row['low'], 0)} to {style.share(row['high'], 0)})"


def definitions(found: "Found") -> Html:
    """What counts as quiet, as lost, as lost in part."""
    by_rhythm = found.may_leave.told is not None
    quiet = say("method.quiet", rule=stages_in_words()["quiet"])
    return bullets(map(headed, [quiet, *churn.definitions(found.may_leave.rules, by_rhythm=by_rhythm)]))


def method(found: "Found") -> Html:
    """How the bad year was worked out, and how far that may be off."""
    if found.year is None:
        return Html("")
    unit, paths = found.about.unit, found.margin_by_month
    said = [say("method.bad_year", method=found.year.method, error=style.money(found.year.error_bound, unit))]
    if paths is not None:
        drawn = {"courses": style.count(paths.scenarios), "seed": paths.seed, "months": paths.months}
        said.append(say("method.by_month", **drawn, error=style.money(float(paths.error[-1]), unit)))
    return paragraph(" ".join(said), "note")


def causes(found: "Found") -> Table | None:
    """What could take several customers at once, with its chance and what it then takes."""
    if found.bad_year is None or not found.causes:
        return None
    rows = [
        {"name": each.name, "probability": each.probability, "accounts": len(each.members)}
        | {"loss_low": min(each.losses), "loss_high": max(each.losses), "part": float(max(each.parts)) or None}
        for each in found.causes
    ]
    return Table(say("causes.caption"), declared("causes", written={"loss_low": _takes}), pd.DataFrame(rows))


def _takes(row: Row) -> str:
    low, high = style.share(row["loss_low"], 0), style.share(row["loss_high"], 0)
    return low if row["loss_low"] == row["loss_high"] else f"{low} to {high}"


def levels(found: "Found") -> Table | None:
    """The loss of a year at several levels, with what could take several at once and each on its own."""
    if found.bad_year is None:
        return None
    joint, alone = found.bad_year.joint, found.bad_year.alone
    rows = [
        {"level": level, "joint": joint.quantile(level), "alone": alone.quantile(level)}
        | {"average": joint.expected_shortfall(level)}
        for level in LEVELS
    ]
    columns = declared("levels", written={"level": lambda row: f"1 year in {round(1 / (1 - row['level']))}"})
    return Table(say("levels.caption"), columns, pd.DataFrame(rows), found.about.unit)
