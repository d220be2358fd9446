"""The plan's first sentence, its key figures and the line below them."""

from typing import TYPE_CHECKING

from kam_analysis.analysis.plans import Limits
from kam_analysis.pages import style
from kam_analysis.pages.html import KeyFigure
from kam_analysis.pages.tile_marks import sparkline
from kam_analysis.pages.words import WORK_WORDS, said_in

if TYPE_CHECKING:
    from kam_analysis.pages.account_plan.found import Found

say = said_in(__file__)

_YEAR = 12  # months


def kind_of_work(found: "Found") -> str:
    """The recommended kind of work in the page's word, as 02 has it."""
    return WORK_WORDS.get(found.situation.work, style.NOT_ASSESSED)


def answer(found: "Found") -> str:
    """Who, what kind of work, the facts that press, and what is at stake; at most two dozen words."""
    of, facts = found.situation, pressing(found)
    if of.gone and of.sales <= 0:
        return say("answer.is_gone" if ":" in of.gone else "answer.gone", who=found.account_name, gone=of.gone)
    told = {"who": found.account_name, "work": kind_of_work(found)}
    said = say("answer.pressing", **told, facts=", ".join(facts)) if facts else say("answer.bare", **told)
    if of.at_stake > 0:
        money, earned = style.money(of.at_stake, found.unit), found.company.losses.earned
        return f"{said} {say('answer.at_stake', money=money, earned=earned)}"
    return f"{said} {say('answer.no_sales')}" if of.sales <= 0 else said


def pressing(found: "Found") -> list[str]:
    """The facts that press: the last day for notice when it is near, an announced departure, few contacts; else why."""
    of, facts = found.situation, []
    if of.notice_on is not None and of.notice_on >= of.as_of and (of.notice_on - of.as_of).days <= Limits().near_days:
        # Without a period of notice on file the end of the contract is all that is known.
        bare = of.notice_on == of.ends_on
        facts.append(say("facts.contract_ends" if bare else "facts.notice", day=style.day(of.notice_on)))
    if of.manager and of.manager.told and of.manager.leaves and of.manager.leaves > of.as_of:
        joins = of.manager.joins and of.manager.joins == of.competitor
        facts.append(say("facts.manager_leaves_for_competitor" if joins else "facts.manager_leaves"))
    if of.live is not None and of.live < Limits().least_live:
        facts.append(say("facts.one_contact" if of.live == 1 else "facts.no_contact"))
    if not facts and of.why and of.work != "review":
        facts.append(of.why.split(";")[0].strip())
    return facts


def key_figures(found: "Found") -> list[KeyFigure]:
    """Four numbers: sales with their course, margin, chance of leaving, what else it could buy."""
    of = found.situation
    sold = say("tiles.sales_note", share=style.share(share_of(found) or 0.0))
    tiles = [KeyFigure(say("tiles.sales"), style.money(of.sales, found.unit), sold, mark=sparkline(_course(found)))]
    margin = margin_of(found)
    if margin is not None:
        tiles.append(_margin(found, margin))
    if of.chance is not None:
        tiles.append(KeyFigure(say("tiles.chance"), style.share(of.chance, 0), say("tiles.within_a_year")))
    headroom = headroom_of(found)
    if headroom is not None:
        wallet = found.row(found.company.keys.power).get("wallet_share")
        note = say("tiles.of_spend") if wallet is None else say("tiles.wallet", share=style.share(float(wallet), 0))
        tiles.append(KeyFigure(say("tiles.from_others"), style.money(headroom, found.unit), note))
    return tiles


def _margin(found: "Found", margin: float) -> KeyFigure:
    of, note, tone = found.situation, "", ""
    if of.margin_share is not None:
        share = style.share(of.margin_share)
        note = say("tiles.margin_note", share=share)
        if of.margin_points is not None:
            change = style.points(of.margin_points)
            note = say("tiles.margin_moved", share=share, change=change)
            tone = "" if change == style.points(0.0) else "good" if of.margin_points > 0 else "bad"
    return KeyFigure(say("tiles.margin"), style.money(margin, found.unit), note, tone=tone)


def _course(found: "Found") -> list[float]:
    """Sales of twelve months at a time, to each month that is over."""
    months = found.months
    if months is None:
        return []
    sold = months.loc[months["complete"].astype(bool), "revenue"].rolling(_YEAR).sum().dropna()
    return [float(each) for each in sold]


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
    said = [found.meant] if found.meant else []
    if found.is_key:
        said.append(say("facts.key", why=found.company.keys.why_key(found.account_id)))
    else:
        said.append(say("facts.not_key"))
    return " ".join(said)
