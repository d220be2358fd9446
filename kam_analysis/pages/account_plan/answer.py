"""The plan's first sentence, its key figures and the line below them."""

from typing import TYPE_CHECKING

from kam_analysis.analysis.plans import Limits
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

_WORDS = {"rescue": "rescue", "assessment": "investigate", "pursuit": "grow", "review": "maintain", "": "not assessed"}


def kind_of_work(found: "Found") -> str:
    """The recommended kind of work in the page's word, as 02 has it."""
    return _WORDS[found.situation.work]


def answer(found: "Found") -> str:
    """Who, what kind of work, the facts that press, and what is at stake; at most two dozen words."""
    of, facts = found.situation, pressing(found)
    if of.gone and of.sales <= 0:
        return f"{found.account_name} {of.gone}." if ":" not in of.gone else f"{found.account_name} is {of.gone}."
    said = f"{found.account_name}, {kind_of_work(found)}" + (": " + ", ".join(facts) if facts else "") + "."
    if of.at_stake > 0:
        said += f" {style.money(of.at_stake, found.unit)} of {found.company.losses.earned} at stake."
    elif of.sales <= 0:
        said += " No sales in the last twelve months."
    return said


def pressing(found: "Found") -> list[str]:
    """The facts that press: the last day for notice when it is near, an announced departure, few contacts; else why."""
    of, facts = found.situation, []
    if of.notice_on is not None and of.notice_on >= of.as_of and (of.notice_on - of.as_of).days <= Limits().near_days:
        # Without a period of notice on file the end of the contract is all that is known.
        bare = of.notice_on == of.ends_on
        facts.append(f"{'contract ends' if bare else 'notice possible until'} {style.day(of.notice_on)}")
    if of.manager and of.manager.told and of.manager.leaves and of.manager.leaves > of.as_of:
        where = " for a competitor" if of.manager.joins and of.manager.joins == of.competitor else ""
        facts.append(f"their manager leaves{where}")
    if of.live is not None and of.live < Limits().least_live:
        facts.append("one contact" if of.live == 1 else "no contact")
    if not facts and of.why and of.work != "review":
        facts.append(of.why.split(";")[0].strip())
    return facts


def key_figures(found: "Found") -> list[KeyFigure]:
    """Four numbers: sales, margin, chance of leaving, what else it could buy."""
    of = found.situation
    share = share_of(found)
    tiles = [KeyFigure("Sales", style.money(of.sales, found.unit), f"{style.share(share or 0.0)} of all sales")]
    margin = margin_of(found)
    if margin is not None:
        change = "" if of.margin_points is None else f", {style.points(of.margin_points)} in a year"
        note = "" if of.margin_share is None else f"{style.share(of.margin_share)} of sales{change}"
        tiles.append(KeyFigure("Margin", style.money(margin, found.unit), note))
    if of.chance is not None:
        basis, _ = found.company.losses.rests_on(found.account_id)
        tiles.append(KeyFigure("Chance that it leaves", style.share(of.chance, 0), basis))
    headroom = headroom_of(found)
    if headroom is not None:
        wallet = found.row(found.company.keys.power).get("wallet_share")
        note = f"we have {style.share(float(wallet), 0)} of its spend" if wallet is not None else "of its spend"
        tiles.append(KeyFigure("Bought from others", style.money(headroom, found.unit), note))
    return tiles


def figures(found: "Found") -> dict[str, float | None]:
    """The figures that are published, by their names; None where one is not known."""
    of = found.situation
    return {
        "revenue": of.sales,
        "margin": margin_of(found),
        "share": share_of(found),
        "churn_probability": of.chance,
        "loss_if_gone": of.at_stake or None,
        "headroom": headroom_of(found),
    }


def share_of(found: "Found") -> float | None:
    """The account's share of the twelve months' sales (0-1), whatever period and measure say who is key."""
    sold = found.company.people.known.sold["revenue"]
    total = float(sold[sold > 0].sum())
    return found.situation.sales / total if total > 0 and found.situation.sales > 0 else None


def margin_of(found: "Found") -> float | None:
    """The account's margin of twelve months, below zero too; None where no costs are known."""
    sold = found.company.people.known.sold
    return None if "margin" not in sold else float(found.row(sold).get("margin", 0.0))


def headroom_of(found: "Found") -> float | None:
    """What the account buys of what we sell, a year, from others; None where its spend is not known."""
    spend = found.row(found.company.keys.traits).get("annual_spend")
    return None if spend is None else max(float(spend) - found.situation.sales, 0.0)


def lead(found: "Found") -> str:
    """Why it is key, in a line."""
    keys = found.company.keys
    said = [found.meant] if found.meant else []
    if (keys.keys["account_id"] == found.account_id).any():
        said.append(f"Key account: {keys.why_key(found.account_id)}.")
    else:
        said.append("Not a key account.")
    return " ".join(said)
