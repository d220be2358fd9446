"""The list of key accounts: why each is key, how firm that is, what it needs, whether the company lists it."""

from kam_analysis.view import style
from kam_analysis.view.blocks import Html, bullets, paragraph, table, together
from kam_analysis.view.findings.key_accounts import (
    WORK_WORDS,
    Evidence,
    activity_name,
    margin_share,
    moved,
    reasons,
    share_of,
)
from kam_analysis.view.findings.key_accounts.reasons import PRESENCE


def keys_table(found: Evidence, unit: str) -> Html:
    """A row per key account, largest sales first; bold where more than a review is due."""
    columns = {
        "name": "Customer|", "why": "Key for|", "sales": unit or "Sales", "share": "Share", "firm": "However weighed|",
        "work": "Kind of work|",
    }  # fmt: skip
    if found.listing:
        columns["listed"] = "On your list|"
    rows = [_row(found, each) for each in found.ordered]
    due = [at for at, row in enumerate(rows) if row["work"] != WORK_WORDS["review"]]
    return table(columns, rows, "The key accounts, largest sales first", strong=due) if rows else Html("")


def _row(found: Evidence, account_id: str) -> dict[str, str]:
    return {
        "name": found.name(account_id),
        "why": reasons(found, account_id),
        "sales": style.money(found.book.accounts.set_index("account_id")["amount"].get(account_id, 0.0)),
        "share": style.share(share_of(found, account_id)),
        "firm": str(found.of(found.scores, account_id, "badge") or style.NOT_ASSESSED),
        "work": WORK_WORDS[str(found.of(found.work, account_id, "work") or "review")],
        "listed": "yes" if found.listing and account_id in found.listing.agreed else "no",
    }


def work_table(found: Evidence) -> Html:
    """The rule that decided each key account's kind of work, with the figures that fired; of a review its figures."""
    columns = {"name": "Customer|", "work": "Kind of work|", "because": "Because|"}
    order = list(WORK_WORDS)
    ids = sorted(found.ordered, key=lambda each: order.index(found.of(found.work, each, "work") or "review"))
    rows = [
        {
            "name": found.name(each),
            "work": WORK_WORDS[found.of(found.work, each, "work") or "review"],
            "because": _because(found, each),
        }
        for each in ids
    ]
    return table(columns, rows, "What decided the kind of work") if rows else Html("")


def _because(found: Evidence, account_id: str) -> str:
    rule, figures = (found.of(found.work, account_id, name) or "" for name in ("rule", "figures"))
    if found.of(found.work, account_id, "work") == "review":
        return figures or rule
    return f"{rule[:1].upper()}{rule[1:]}: {figures}."


def moves(found: Evidence) -> Html:
    """Who became key, who no longer is, and who is on the company's list for nothing."""
    came, went = moved(found)
    said = [f"Became key since the year before: {found.name(each)} ({reasons(found, each)})." for each in came]
    said += [f"No longer key: {found.name(each)}." for each in went]
    if found.listing:
        said += [f"On your list, key for nothing: {_habit(found, each)}." for each in found.listing.habit]
    if found.keys_before is not None and not came and not went:
        said.append("The same customers were key the year before.")
    return bullets(said)


def _habit(found: Evidence, account_id: str) -> str:
    rows = found.rows[(found.rows["account_id"] == account_id) & (found.rows["activity"] != PRESENCE)]
    best = rows.sort_values("share", ascending=False).head(1).to_dict("records")
    top = (
        f"{style.share(best[0]['share'])} of {activity_name(str(best[0]['activity']))} is the most it reaches"
        if best
        else ""
    )
    margin = margin_share(found, account_id)
    earned = f"its margin is {style.share(margin)}" if margin is not None else ""
    return f"{found.name(account_id)} ({'; '.join(part for part in (top, earned) if part)})"


def outside_table(found: Evidence) -> Html:
    """Who is just outside, and by how much."""
    rows = [
        {
            "name": found.name(row["account_id"]),
            "key": "key, beyond the number that can be served" if row["key"] else "not key",
            "most": f"{style.share(row['largest_share'])} of {activity_name(row['activity'])}"
            if row["activity"]
            else "",
            "score": style.decimal(row["score"], 2),
        }
        for row in found.cut.just_outside.to_dict("records")
    ]
    if not rows:
        return Html("")
    columns = {"name": "Customer|", "key": "Now|", "most": "The most it reaches|", "score": "Value score"}
    room = found.limit - len(found.keys)
    said = (
        f"{found.limit} can be served: room for {room} more."
        if room > 0
        else f"{found.limit} can be served; the list is full."
    )
    return together(paragraph(said), table(columns, rows, "Just outside"))
