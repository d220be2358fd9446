"""What a first screen must say before its figures are believed: what is not certain in how the data was read."""

import pandas as pd

from kam_analysis.analysis.concentration import Concentration, Joined, joined, suggested_parents
from kam_analysis.ledger import Ledger
from kam_analysis.pages import style
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.words import headed, number_word

say = said_in(__file__)

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
    first, rules = near.iloc[int(amounts.argmax())], {each for some in near["rules"] for each in some.split(", ")}
    listed = ", ".join(f'"{each}"' for each in sorted(rules))
    ids = {"here": first["id"], "there": first["known_id"]}
    return [say("doubts.unmatched", share=style.share(share, 0), **ids, rules=listed)]


def _spellings(ledger: Ledger, now: Concentration) -> list[str]:
    """That customers in several spellings would change who the largest are."""
    if ledger.level != "parent":
        return []
    companies = ledger.master.members(now.accounts["account_id"].head(LOOKED_AT))
    accounts = ledger.identities(pd.Series(companies))
    found = joined(now, suggested_parents(accounts, now, ledger.master.refused))
    return [_may_be_one(found)] if found else []


def _may_be_one(found: list[Joined]) -> str:
    first, more = found[0], len(found) - 1
    place = say("doubts.largest") if first.rank == 1 else say("doubts.number", rank=first.rank)
    told = {"share": style.share(first.share, 0 if first.share > 0.1 else 1), "place": place}
    said = [say("doubts.may_be_one", accounts=number_word(first.accounts), who=first.account_name, **told)]
    if more:
        said.append(say("doubts.one_more") if more == 1 else say("doubts.more", number=headed(number_word(more))))
    return " ".join([*said, say("doubts.confirm")])
