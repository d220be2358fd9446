"""Who looks after each account, as far as a page may say it of what is to be done."""

from kam_analysis.ledger import Ledger
from kam_analysis.pages.coverage.departures import Departures
from kam_analysis.pages.own_people import OurPeople


def owners(ledger: Ledger, departing: Departures) -> dict[str, str]:
    """By account_id, the name of its account manager; of one whose departure is announced, of whom they report to.

    Nobody while a departure is known that is not announced: to pass over one manager among all others would tell.
    """
    rows, traits = departing.managers, ledger.traits()
    if ((rows["chance"] > 0) & ~rows["announced"]).any() or "account_manager_id" not in traits:
        return {}
    staff, leaving = OurPeople(ledger.staff(), ledger.as_of), set(rows.loc[rows["chance"] > 0, "account_manager_id"])
    found = {}
    for row in traits[["account_id", "account_manager_id"]].dropna().astype(str).to_dict("records"):
        manager, above = row["account_manager_id"], staff.above(row["account_manager_id"])
        person = (above[0] if above else None) if manager in leaving else staff.person(manager)
        if person is not None:
            found[str(row["account_id"])] = person.name
    return found
