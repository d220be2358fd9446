"""Our people, the people at the accounts, and what passed between them."""

from collections.abc import Iterator
from datetime import date, timedelta

from kam_analysis.sample.accounts import Row
from kam_analysis.sample.company import Company
from kam_analysis.sample.dice import Dice
from kam_analysis.sample.profiles import MANAGERS
from kam_analysis.sample.slots import LAST, SLOTS
from kam_analysis.sample.story import NAMED, named

_MANAGER_COLUMNS = (
    "manager_id",
    "manager_name",
    "superior_id",
    "level",
    "region",
    "industry",
    "hours_per_month",
    "hired_on",
    "leaving_on",
    "announced_on",
    "joins",
    "departure_probability",
)
# Reiter has given notice and it has been announced: he goes to the competitor Vantor (see decisions and feedback).
_OUR_PEOPLE = (
    (
        "M01",
        "Jonas Reiter",
        "S01",
        "manager",
        "DACH",
        "Water",
        120,
        "2008-04-01",
        "2026-12-31",
        "2026-09-15",
        "Vantor",
        "0.9",
    ),
    ("M02", "Sabine Krüger", "S01", "manager", "DACH", "Chemicals", 120, "2012-09-03", "", "", "", ""),
    ("M03", "Annika Sandström", "S02", "manager", "Nordics", "Pulp & Paper", 110, "2015-01-12", "", "", "", ""),
    (
        "M04",
        "Pauline Marchetti",
        "S02",
        "manager",
        "Benelux & France",
        "Food & Dairy",
        120,
        "2017-05-02",
        "",
        "",
        "",
        "",
    ),
    ("M05", "Declan Byrne", "S02", "manager", "UK & Ireland", "Energy", 125, "2010-11-15", "", "", "", ""),
    ("M06", "Tomasz Wilk", "S01", "manager", "Central East", "Machinery", 100, "2021-03-01", "", "", "", ""),
    ("S01", "Henrik Dahl", "E02", "superior", "", "", 40, "2006-02-01", "", "", "", ""),
    ("S02", "Claire Fontaine", "E02", "superior", "", "", 40, "2013-08-19", "", "", "", ""),
    ("E01", "Margareta Lindmark", "", "executive", "", "", 12, "1999-06-01", "", "", "", ""),
    ("E02", "Viktor Hahn", "E01", "executive", "", "", 16, "2016-10-01", "", "", "", ""),
)
# Who we know at the largest accounts: name, role, influence, strength, strength wanted, interests, approach.
_KNOWN: dict[str, tuple[tuple[str, str, int, int, int, str, str], ...]] = {
    "Aldermoor": (
        ("Ingrid Vass", "Group purchasing director", 5, 4, 4, "Cost per site, fewer suppliers", "Figures first; short calls on Thursdays"),
    ),
    "Tressel": (
        ("Dr. Matthias Kolb", "Head of maintenance", 4, 3, 4, "Pump uptime", "Meets on site only"),
        ("Petra Lohmann", "Purchasing manager", 5, 2, 3, "Price and delivery time", "Wants offers in writing"),
        ("Sven Harder", "Project engineer", 3, 2, 3, "New acid line", "Technical talk"),
    ),
    "Pellworth": (
        ("Alice Trewin", "Fleet procurement lead", 5, 3, 4, "One pump type for all hulls", "Visits the yard with us"),
        ("Robert Keane", "Chief engineer", 4, 3, 3, "Spares at every port", "Phone in the morning"),
        ("Maud Ferris", "Newbuild manager", 4, 2, 4, "Class approval", "Likes drawings"),
    ),
    "Oakhurst": (
        ("Lars Nyqvist", "Mill manager", 5, 4, 4, "Planned stops", "Yearly mill walk"),
        ("Karin Blom", "Maintenance planner", 3, 4, 4, "Spares lists", "Weekly call"),
        ("Per Åstrand", "Purchasing manager", 4, 3, 3, "Fixed prices for a year", "By mail"),
    ),
    "Hollin": (
        ("Moira Sinclair", "Operations director", 5, 4, 4, "Outage days", "Quarterly review in Aberdeen"),
        ("Euan Drummond", "Maintenance manager", 4, 4, 4, "Crews that know the site", "Through our service leader"),
        ("Fiona Baird", "Category manager", 4, 3, 3, "Contract terms", "Through our contract desk"),
        ("Callum Reid", "Safety engineer", 3, 3, 3, "Permits", "Through our service leader"),
    ),
}  # fmt: skip
_ROLES = ("Purchasing manager", "Maintenance manager", "Technical director", "Plant manager", "Quality manager")
_CARES = ("Delivery dates", "Price", "Spare parts on stock", "Energy use", "Fewer suppliers", "Documentation", "Uptime")
_APPROACH = ("Phone", "By mail", "Visit twice a year", "Through the plant", "Trade fair")
_FIRST = {
    "DACH": "Anke Bernd Christa Dirk Elke Frank Gudrun Holger Ines Jörg Katrin Ludger",
    "Nordics": "Aino Bo Elin Gustav Helle Ivar Kaisa Lotta Mikael Nils Oili Signe",
    "Benelux & France": "Agnès Bart Camille Didier Els Fabrice Griet Hugo Inès Joris Laure Marc",
    "UK & Ireland": "Aoife Brian Clare Derek Eileen Fergus Gemma Hugh Isla Janet Keith Lorna",
    "Central East": "Agata Bogdan Celina Dawid Ewa Filip Grażyna Henryk Irena Jan Kamila Lech",
}
_LAST = {
    "DACH": "Abel Böhm Conrad Diehl Ehlers Fuchs Graf Haas Iversen Junge Kern Lorenz Mohr",
    "Nordics": "Ahlin Berg Carlsen Dahlin Ek Forsman Grönroos Holm Isaksen Juhl Koskela Lind Moen",
    "Benelux & France": "Arnaud Bakker Collin Dubois Evers Fabre Girard Hendrix Jacquet Klaassen Leroy Maes Noël",
    "UK & Ireland": "Aldous Barrow Connolly Doyle Emery Fenton Gough Hale Irwin Keogh Larkin Moss Nolan",
    "Central East": "Adamczyk Borowy Chmiel Dudek Fiala Gajda Hruska Jarosz Kosik Lasota Malek Novotny Olszak",
}
# Contacts per account where the story or the rule for Reiter's twelve says so; four of those depend on one.
_REITER_CONTACTS = (2, 1, 2, 2, 1, 2, 2, 1, 2, 2, 1, 2)
_HISTORY = date(2024, 9, 16)
_KINDS = ("call",) * 8 + ("visit",) * 4 + ("mail",) * 3 + ("complaint",)


def managers() -> list[Row]:
    """Six account managers, two superiors, two executives."""
    return [dict(zip(_MANAGER_COLUMNS, row, strict=True)) for row in _OUR_PEOPLE]


def contacts(company: Company) -> list[Row]:
    """The people we know; at many small accounts nobody is noted, beyond the 20,000 largest nowhere."""
    dice = Dice(company.size.seed, "contacts")
    reiter = iter(_REITER_CONTACTS)
    rows: list[Row] = []
    for entity in company.known:
        for known in _people_at(company, entity, dice, reiter):
            row: Row = dict(
                zip(
                    ("contact_name", "role", "influence", "strength", "strength_wanted", "interests", "approach"),
                    known,
                    strict=True,
                )
            )
            owner = MANAGERS[int(company.who.manager[entity])]
            rows.append(
                {
                    "contact_id": f"C{len(rows) + 1:05d}",
                    "account_id": company.totals.account_ids[entity],
                    "owner_id": owner,
                }
                | row
            )
    return rows


def _people_at(
    company: Company, entity: int, dice: Dice, reiter: Iterator[int]
) -> tuple[tuple[str, str, int, int, int, str, str], ...]:
    role = str(company.totals.roles[entity])
    if entity < len(NAMED):
        told = NAMED[entity]
        if told.known_as in _KNOWN:
            return _KNOWN[told.known_as] if entity == named(told.known_as)[0] else ()
        count, live = 2 + (told.share >= 2.0), True
    elif role == "Reiter":
        count, live = next(reiter), True
    else:
        count, live = dice.whole(1, 3) if role == "middle" else dice.one_of((0, 0, 1, 1, 2)), False
    return tuple(_person(company.city(entity).region, place, live, dice) for place in range(count))


def _person(region: str, place: int, live: bool, dice: Dice) -> tuple[str, str, int, int, int, str, str]:
    name = f"{dice.one_of(_FIRST[region].split())} {dice.one_of(_LAST[region].split())}"
    strength = dice.whole(2, 4) if live else dice.whole(0, 3)
    role = _ROLES[(place * 2 + dice.whole(0, 1)) % len(_ROLES)]
    return (
        name,
        role,
        dice.whole(2, 5),
        strength,
        max(strength, dice.whole(2, 4)),
        dice.one_of(_CARES),
        dice.one_of(_APPROACH),
    )


def interactions(company: Company, people: list[Row]) -> list[Row]:
    """Two years of calls, visits and complaints, by date."""
    dice = Dice(company.size.seed, "interactions")
    by_account: dict[str, list[str]] = {}
    for person in people:
        by_account.setdefault(str(person["account_id"]), []).append(str(person["contact_id"]))
    shares = 100.0 * company.last_year / company.last_year[company.customers].sum()
    served = (company.totals.last_slot == len(SLOTS) - 1) & (company.who.manager > 0)
    rows: list[Row] = []
    for entity in (entity for entity in company.known if served[entity]):
        manager = MANAGERS[int(company.who.manager[entity])]
        account = company.totals.account_ids[entity]
        rows += _talks(account, manager, by_account.get(account, []), float(shares[entity]), dice)
    rows += _complaints_of_bexley(by_account, dice)
    rows += _from_above(company, by_account)
    return sorted(rows, key=lambda row: (str(row["date"]), str(row["account_id"]), str(row["staff_id"])))


def _talks(account: str, manager: str, known: list[str], share: float, dice: Dice) -> list[Row]:
    """Everybody known at an active account was met in the last half-year; the larger it is, the more often."""
    lately = LAST - timedelta(days=170)
    rows = [_talk(account, manager, person, dice.weekday(lately, LAST), dice) for person in known if share > 0]
    for _ in range(dice.whole(0, 2) + int(min(share, 8.0) * 6)):
        person = dice.one_of(known) if known else ""
        rows.append(_talk(account, manager, person, dice.weekday(_HISTORY, LAST), dice))
    return rows


def _complaints_of_bexley(by_account: dict[str, list[str]], dice: Dice) -> list[Row]:
    (entity,) = named("Bexley")
    account, manager = NAMED[entity].account_id, NAMED[entity].manager
    days = [dice.weekday(date(2025, 10, 1), LAST) for _ in range(7)]
    return [_talk(account, manager, by_account[account][0], day, dice, "complaint") for day in days]


def _talk(account: str, staff: str, person: str, day: date, dice: Dice, kind: str = "") -> Row:
    kind = kind or dice.one_of(_KINDS)
    channel = {"call": "phone", "visit": "visit", "mail": "mail", "complaint": "mail"}[kind]
    hours = {
        "call": dice.number(0.2, 1.0),
        "visit": dice.number(2.0, 6.0),
        "mail": 0.2,
        "complaint": dice.number(0.5, 3.0),
    }[kind]
    direction = "in" if kind == "complaint" or dice.happens(0.35) else "out"
    return {
        "account_id": account,
        "date": day.isoformat(),
        "staff_id": staff,
        "contact_id": person,
        "channel": channel,
        "direction": direction,
        "hours": f"{hours:.1f}",
        "kind": kind,
    }


def _from_above(company: Company, by_account: dict[str, list[str]]) -> list[Row]:
    """Calls by superiors and executives: of the key accounts, three had one in the last twelve months."""
    days = {
        "Oakhurst": (date(2026, 2, 10), "E01"),
        "Hollin": (date(2026, 4, 21), "E02"),
        "Ostermann": (date(2026, 6, 9), "S01"),
    }
    days |= {
        "Aldermoor": (date(2025, 3, 6), "S01"),
        "Brightwater": (date(2025, 5, 20), "S02"),
        "Silvergate": (date(2024, 11, 12), "E02"),
    }
    days |= {"Fennick": (date(2026, 5, 12), "S01"), "Bexley": (date(2026, 3, 3), "E02")}
    dice = Dice(company.size.seed, "executive calls")
    calls = [(NAMED[named(known_as)[0]].account_id, *call) for known_as, call in days.items()]
    for entity in company.with_role("middle")[::3]:
        superior = "S02" if MANAGERS[int(company.who.manager[entity])] in ("M03", "M04", "M05") else "S01"
        calls.append((company.totals.account_ids[entity], dice.weekday(date(2025, 1, 7), LAST), superior))
    rows = []
    for account, day, staff in calls:
        person = by_account.get(account, [""])[0]
        rows.append(_talk(account, staff, person, day, dice, "visit") | {"direction": "out"})
    return rows
