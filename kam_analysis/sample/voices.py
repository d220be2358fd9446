"""What customers said, what they want, and what leadership decided."""

from datetime import date

from kam_analysis.sample.accounts import Row
from kam_analysis.sample.company import Company
from kam_analysis.sample.dice import Dice
from kam_analysis.sample.slots import LAST
from kam_analysis.sample.story import NAMED, named

# Customer, day, words, who, theme, score.
_SAID = (
    ("Aldermoor", "2026-03-12", "Your prices are fair now; what I miss is somebody at your side who can decide when Jonas is away.", "Ingrid Vass", "coverage", 7),
    ("Aldermoor", "2026-09-03", "Jonas told me that he is going to Vantor at the end of the year. We will look at both offers.", "Ingrid Vass", "renewal", 6),
    ("Aldermoor", "2025-06-18", "The volume prices made the difference for our southern sites.", "Ingrid Vass", "price", 8),
    ("Tressel", "2026-02-19", "Brenntal Pumpen offers nine per cent less and delivers in four weeks.", "Petra Lohmann", "price", 4),
    ("Tressel", "2026-05-07", "Two pumps failed in the acid line and your answer took eight days.", "Dr. Matthias Kolb", "quality", 3),
    ("Tressel", "2026-07-02", "If the lead times stay, the next framework goes elsewhere.", "Petra Lohmann", "delivery", 3),
    ("Pellworth", "2026-04-14", "We want one pump type for all eight hulls, and it should be yours.", "Alice Trewin", "growth", 9),
    ("Pellworth", "2025-11-20", "Spares were in Southampton before the ship was.", "Robert Keane", "service", 9),
    ("Oakhurst", "2026-06-11", "The mill stands still all July for the new drying section; orders come back in August.", "Lars Nyqvist", "shutdown", 9),
    ("Oakhurst", "2026-08-25", "We are running again. Your crew was the first on the floor.", "Karin Blom", "service", 10),
    ("Hollin", "2026-01-27", "We would not change the crews on site for any price.", "Moira Sinclair", "service", 9),
    ("Hollin", "2026-06-30", "Whoever visits us from sales: the service contract is with the company.", "Fiona Baird", "coverage", 8),
    ("Corvane", "2026-02-05", "The skids carry our recipes; changing them would cost us a season.", "", "product", 8),
    ("Bexley", "2026-03-03", "Every third delivery needs a credit note, and still we order from you.", "", "quality", 5),
    ("Bexley", "2025-12-09", "We have always bought here.", "", "loyalty", 6),
    ("Fennick", "2026-05-12", "The nicest supplier we have.", "", "service", 10),
    ("Kelso", "2025-02-11", "Next pumps when the next shaft is sunk.", "", "rhythm", 7),
    ("Quarrix", "2024-09-24", "The owner closes the refinery in November. It is not about you.", "", "closure", 7),
    ("Dunmere", "2026-01-15", "Seals to our drawing in a week: nobody else does that.", "", "product", 9),
    ("Strand", "2026-04-28", "Your spares catalogue in our dock system saves us a clerk.", "", "service", 8),
)  # fmt: skip
_PHRASES = (
    ("Delivery was late twice this quarter.", "delivery", (3, 6)),
    ("The documentation came complete and on time.", "documentation", (7, 9)),
    ("Prices rose faster than we can pass on.", "price", (4, 6)),
    ("The seals last longer than before.", "product", (8, 10)),
    ("We had to call three times for an answer.", "coverage", (3, 5)),
    ("Good advice on the new line.", "service", (8, 10)),
)
# Customer, horizon, the goal, whose, target and unit, what we do for it, what came of it, due, status.
_GOALS = (
    ("Aldermoor", "short", "Ten per cent less cost per site by the end of 2026", "theirs", "", "", "Volume prices; one valve list for all sites", "Seven of 22 sites on the list", "2026-12-31", "on the way"),
    ("Aldermoor", "long", "Halve unplanned stops at pumping stations by 2029", "theirs", "", "", "Condition monitoring on large pumps", "", "2029-06-30", "open"),
    ("Aldermoor", "long", "Fewer than ten strategic suppliers", "theirs", "", "", "One framework for seven companies", "Framework since 2024", "2027-12-31", "on the way"),
    ("Aldermoor", "short", "A framework that no one manager holds: a known contact at each of the three largest companies", "ours", 3, "contacts", "Introductions by Henrik Dahl", "None yet; all is with Ingrid Vass", "2026-11-30", "open"),
    ("Aldermoor", "long", "Margin back at 22% of sales", "ours", 22, "% margin", "A floor for the new framework, margin by site", "19%", "2027-12-31", "open"),
    ("Tressel", "short", "Acid line stable by the end of the year", "theirs", "", "", "Replacement pumps and an engineer on site", "Two of five replaced", "2026-12-18", "late"),
    ("Tressel", "long", "Delivery within four weeks", "theirs", "", "", "Stock at Ludwigshafen, under discussion", "", "2027-06-30", "open"),
    ("Tressel", "short", "Keep the pump contract beyond December", "ours", 3420000, "EUR a year", "Lead times, an engineer on site", "", "2026-11-01", "open"),
    ("Pellworth", "short", "Eight hulls with one pump type by 2027", "theirs", "", "", "Class approval, drawings, spares plan", "Approval granted", "2027-04-30", "on the way"),
    ("Pellworth", "long", "Spares at every port", "theirs", "", "", "Stock at four ports", "Two ports", "2028-12-31", "on the way"),
    ("Pellworth", "short", "All eight hulls", "ours", 1400000, "EUR a year", "Fleet offer", "Offer made in June", "2026-12-15", "on the way"),
    ("Oakhurst", "short", "Start-up after the July stop without delay", "theirs", "", "", "Crew on site in the start-up week", "Started on the day", "2026-08-07", "done"),
    ("Oakhurst", "long", "A third less water per tonne by 2030", "theirs", "", "", "Valve study with the mill", "Study begun", "2030-12-31", "on the way"),
    ("Hollin", "short", "Outage below twelve days", "theirs", "", "", "Two crews on call", "Eleven days in 2026", "2026-09-30", "done"),
    ("Hollin", "long", "One service partner for all stations", "theirs", "", "", "Service contract to 2028", "Four of six stations", "2028-06-30", "on the way"),
    ("Hollin", "short", "Valve exchange in the 2027 outage", "ours", 510000, "EUR a year", "Verbal yes in August", "Order expected", "2026-10-15", "on the way"),
    ("Corvane", "short", "Second filling line in spring", "theirs", "", "", "Two dosing skids", "Ordered", "2027-03-31", "on the way"),
    ("Dunmere", "short", "No seal failures in the brewing season", "theirs", "", "", "Seals to drawing, stock of 400", "None since May", "2026-10-31", "on the way"),
    ("Strand", "long", "Dock time down by a week", "theirs", "", "", "Spares catalogue and kits by ship type", "Three of nine ship types", "2027-12-31", "on the way"),
    ("Ostermann", "short", "All plants on the new plant standard", "theirs", "", "", "Valves named in the standard", "Five of eight plants", "2027-03-31", "on the way"),
    ("Brightwater", "long", "Win the 2027 concession", "theirs", "", "", "Life-cycle costs for the tender", "", "2027-10-31", "open"),
    ("Vianova", "short", "Dosing within half a per cent", "theirs", "", "", "Recalibration of both skids", "Done in June", "2026-06-30", "done"),
    ("Delphin", "short", "Four refits this winter", "theirs", "", "", "Crew of six from November", "", "2027-02-28", "open"),
    ("Norrvik", "long", "One valve type in three mills", "theirs", "", "", "Exchange programme", "First mill done", "2028-06-30", "on the way"),
    ("Silvergate", "short", "Validation of line four", "theirs", "", "", "Documents to their template", "Delivered", "2026-09-30", "on the way"),
    ("Bexley", "short", "Lower stock", "theirs", "", "", "Weekly call-offs", "More credit notes", "2026-06-30", "late"),
)  # fmt: skip
# Customer, day of writing, their market, what matters to them, how we mean to win: the account manager's own words.
_NOTES = (
    ("Aldermoor", "2025-08-20", "The regulator sets water prices for five years in 2027; capital spending is brought forward before that.", "Cost per site, fewer suppliers, no stops in summer.", "Be the one framework for all seven companies, and earn it by service and not by price alone."),
    ("Tressel", "2026-05-22", "Acids are in oversupply since 2025; two sites are up for review.", "Uptime of the acid line, delivery within four weeks.", "Win back trust on the acid line before any talk about price."),
    ("Pellworth", "2026-07-06", "Offshore wind service vessels: order books full to 2029.", "One pump type for all hulls, spares at every port.", "Be designed into the hull class, then follow with spares."),
    ("Oakhurst", "2026-08-28", "Paper shrinks, packaging grows; the new drying section is for board.", "Planned stops, less water per tonne.", "Stay the crew on the floor; bring the valve study to the board line."),
    ("Hollin", "2026-06-30", "Stations run to 2032 under the capacity market.", "Outage days and safety.", "Renew the service contract early, add the valve exchange."),
    ("Corvane", "2026-03-16", "Own brands of retailers press on prices; exports of powder grow.", "A second filling line in spring.", "Skids with their recipes inside; then service."),
    ("Ostermann", "2024-11-12", "Two plants were sold in 2024.", "One plant standard.", "Be named in the standard."),
)  # fmt: skip
# Of the three of the last period, two are done and one is late: its owner leaves at the end of the year.
_DECISIONS = (
    ("D-01", "2026-03-17", "decision", "Raise list prices by 3 % from April, key accounts by talk", "Viktor Hahn", "2026-04-01", "done", "Held at 2.4% on average", ""),
    ("D-02", "2026-06-16", "action", "Pellworth: fleet offer for eight hulls", "Declan Byrne", "2026-07-31", "done", "Offer sent on 28 July", "Pellworth"),
    ("D-03", "2026-06-16", "action", "Oakhurst: confirm in writing that the July stop is a planned shutdown", "Annika Sandström", "2026-07-10", "done", "Letter of 2 July", "Oakhurst"),
    ("D-04", "2026-06-16", "action", "Tressel: engineer on site until the acid line runs", "Jonas Reiter", "2026-08-31", "open", "", "Tressel"),
    ("D-05", "2026-09-08", "action", "Aldermoor: meet the technical director with an executive of ours before the renewal", "Viktor Hahn", "2026-10-16", "open", "", "Aldermoor"),
    ("D-06", "2026-09-08", "action", "Aldermoor: margin by site, and a floor for the new framework", "Henrik Dahl", "2026-10-30", "open", "", "Aldermoor"),
    ("D-07", "2026-09-08", "action", "Aldermoor: offer condition monitoring for the 40 largest pumps", "Sabine Krüger", "2026-11-20", "open", "", "Aldermoor"),
    ("D-08", "2026-09-08", "action", "Aldermoor: second contact in each of the three largest companies", "Henrik Dahl", "2026-11-30", "open", "", "Aldermoor"),
    ("D-09", "2026-09-08", "action", "Aldermoor: renewal offer ready ten days before notice ends", "Henrik Dahl", "2026-10-09", "open", "", "Aldermoor"),
    ("D-10", "2026-09-15", "action", "Plan the hand-over of J. Reiter's accounts; he leaves for Vantor on 31 December", "Henrik Dahl", "2026-10-02", "open", "", ""),
)  # fmt: skip


def feedback(company: Company) -> list[Row]:
    """The story's voices and a few from the tail, by date."""
    rows: list[Row] = [
        {"account_id": _account(known_as), "date": day, "said": said, "by": by, "theme": theme, "score": score}
        for known_as, day, said, by, theme, score in _SAID
    ]
    dice = Dice(company.size.seed, "feedback")
    tail = [company.totals.account_ids[entity] for entity in company.with_role("middle", "left", "small")[:100]]
    for _ in range(40):
        said, theme, (low, high) = dice.one_of(_PHRASES)
        day = dice.weekday(date(2024, 10, 1), LAST).isoformat()
        rows.append(
            {
                "account_id": dice.one_of(tail),
                "date": day,
                "said": said,
                "by": "",
                "theme": theme,
                "score": dice.whole(low, high),
            }
        )
    return sorted(rows, key=lambda row: (str(row["date"]), str(row["account_id"]), str(row["said"])))


def objectives() -> list[Row]:
    """Goals at the key accounts, theirs and ours."""
    names = ("horizon", "objective", "whose", "target", "unit", "our_contribution", "delivered", "due", "status")
    return [{"account_id": _account(known_as), **dict(zip(names, rest, strict=True))} for known_as, *rest in _GOALS]


def account_notes() -> list[Row]:
    """What account managers wrote of their customers' business; one of them long ago."""
    names = ("written", "market", "priorities", "our_strategy")
    return [{"account_id": _account(known_as), **dict(zip(names, rest, strict=True))} for known_as, *rest in _NOTES]


def decisions() -> list[Row]:
    """What was decided in the last three periods, and what is to be done."""
    names = ("decision_id", "date", "kind", "decision", "owner", "due", "status", "result")
    return [
        {"account_id": _account(known_as) if known_as else "", **dict(zip(names, rest, strict=True))}
        for *rest, known_as in _DECISIONS
    ]


def _account(known_as: str) -> str:
    return NAMED[named(known_as)[0]].account_id
