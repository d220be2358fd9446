"""What a first screen must say before its figures are believed: what is not certain in how the data was read."""

import pandas as pd

from kam_analysis.analysis.concentration import Concentration, Joined, joined, suggested_parents
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.words import number_word

# A customer in many small accounts can be one of the largest; of a million, the smallest cannot.
LOOKED_AT = 20_000
# The part of sales from which what is not matched is said first.
MATTERS = 0.01


def doubts(ledger: Ledger, now: Concentration) -> list[str]:
    """Sentences for the first screen; none where nothing would change who the largest customers are."""
    return [*unmatched(ledger, now), *_spellings(ledger, now)]


def unmatched(ledger: Ledger, now: Concentration) -> list[str]:
    """That the customer list knows a part of the sales under ids written otherwise only; none below a hundredth."""
    near = ledger.nearly_known
    amounts = now.accounts.set_index("account_id")["amount"].reindex(near["id"]).fillna(0.0).to_numpy()
    share = float(amounts.sum()) / now.total if now.total > 0 else 0.0
    if share < MATTERS:
        return []
    first, rules = (
        near.iloc[int(amounts.argmax())],
        sorted({each for rules in near["rules"] for each in rules.split(", ")}),
    )
    listed = ", ".join(f'"{each}"' for each in rules)
    return [
        f"{style.share(share, 0)} of sales come from customers whose ids are written differently in the customer list "
        f"({first['id']} here, {first['known_id']} there), so their names, groups and account managers are missing. If they "
        f"are the same customers, add normalise = [{listed}] to the settings."
    ]


def _spellings(ledger: Ledger, now: Concentration) -> list[str]:
    """That customers in several spellings would change who the largest are."""
    if ledger.level != "parent":
        return []
    companies = ledger.master.members(now.accounts["account_id"].head(LOOKED_AT))
    accounts = ledger.identities(pd.Series(companies))
    found = joined(now, suggested_parents(accounts, now, ledger.master.refused))
    return [_may_be_one(found)] if found else []


def _may_be_one(found: list[Joined]) -> str:
    first = found[0]
    place = "then the largest customer" if first.rank == 1 else f"then number {first.rank} of all customers"
    said = f"Not confirmed: {number_word(first.accounts)} accounts may all be {first.account_name}"
    said += f", together {style.share(first.share, 0 if first.share > 0.1 else 1)} and {place}"
    more = f"; {number_word(len(found) - 1)} more of the five largest would change" if len(found) > 1 else ""
    return f'{said}{more}. Confirm or refuse this in the sheet "01 parents to confirm" of tables.xlsx.'
