"""What to do about the worst case."""

from collections.abc import Iterator

from kam_analysis.pages import style
from kam_analysis.pages.churn_impact.answer import BAD
from kam_analysis.pages.churn_impact.evidence import Evidence
from kam_analysis.pages.churn_impact.result import by_account
from kam_analysis.pages.html import Html, bullets
from kam_analysis.pages.words import number_word

_NAMED = 3


def next_steps(found: Evidence, unit: str) -> Html:
    """What the figures call for, the most money first."""
    return bullets(list(_steps(found, unit)) or ["Give your own chances of leaving for the largest accounts, and ask again."])  # fmt: skip


def _steps(found: Evidence, unit: str) -> Iterator[str]:
    if found.first is not None:
        plan = (
            ""
            if found.budget is None
            else f" ({style.share(found.first.revenue / found.budget.revenue, 0)} of budgeted sales)"
        )
        yield f"Put the loss of {found.first.label} into the sales plan as the worst case: {style.money(found.first.exposure, unit)} of {found.earned} a year{plan}."
    if found.absorb is not None and found.first is not None and found.first.exposure > found.absorb.margin.value:
        yield f"Decide what is cut first: losing {found.first.label} alone takes us below break-even."
    elif found.absorb is not None and found.absorb.largest < len(found.cases):
        yield f"Decide what is cut first: the {number_word(found.absorb.largest + 1)} largest together take us below break-even."
    for row in found.keep.head(_NAMED).to_dict("records"):
        effect = found.effects.get(str(row["account_id"]))
        if effect is not None and effect.can_pay:
            yield f"Keep {row['account_name']}: {style.money(effect.cost, unit)} a year pays if it lowers the chance of leaving by at least {effect.needed * 100:.1f} points of {style.share(effect.probability, 0)}."
    yield from _doubts(found)


def _doubts(found: Evidence) -> Iterator[str]:
    if found.year is None:
        return
    rows = by_account(found)
    large = rows[(rows["basis"] != "your figure") & (rows["contribution"] >= 0.02)].head(_NAMED)
    if len(large):
        yield f"Give your own chance of leaving for {', '.join(large['account_name'])}: they carry the bad year, and an average stands in for them."
    if found.staying is None or not found.causes:
        return
    joint, staying = found.year.joint.quantile(BAD), found.staying.joint.quantile(BAD)
    leaving = [each.name for each in found.causes if each.name not in found.slumps]
    if leaving and joint > 1.05 * staying:
        yield f"Prepare the hand-over before {' or '.join(leaving)} leaves: the departure makes a bad year {style.share(joint / staying - 1, 0)} dearer."
    elif joint > 1.05 * found.year.alone.quantile(BAD):
        yield f"Look at what could take several at once ({', '.join(each.name for each in found.causes)}): it makes a bad year dearer."
