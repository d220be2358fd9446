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
# Customer, horizon, their goal, what we do for it, what came of it, due, status.
_GOALS = (
    ("Aldermoor", "short", "Ten per cent less cost per site by the end of 2026", "Volume prices; one valve list for all sites", "Seven of 22 sites on the list", "2026-12-31", "on the way"),
    ("Aldermoor", "long", "Halve unplanned stops at pumping stations by 2029", "Condition monitoring on large pumps, not offered yet", "", "2029-06-30", "open"),
    ("Aldermoor", "long", "Fewer than ten strategic suppliers", "One framework for seven companies", "Framework since 2024", "2027-12-31", "on the way"),
    ("Tressel", "short", "Acid line stable by the end of the year", "Replacement pumps and an engineer on site", "Two of five replaced", "2026-12-18", "late"),
    ("Tressel", "long", "Delivery within four weeks", "Stock at Ludwigshafen, under discussion", "", "2027-06-30", "open"),
    ("Pellworth", "short", "Eight hulls with one pump type by 2027", "Class approval, drawings, spares plan", "Approval granted", "2027-04-30", "on the way"),
    ("Pellworth", "long", "Spares at every port", "Stock at four ports", "Two ports", "2028-12-31", "on the way"),
    ("Oakhurst", "short", "Start-up after the July stop without delay", "Crew on site in the start-up week", "Started on the day", "2026-08-07", "done"),
    ("Oakhurst", "long", "A third less water per tonne by 2030", "Valve study with the mill", "Study begun", "2030-12-31", "on the way"),
    ("Hollin", "short", "Outage below twelve days", "Two crews on call", "Eleven days in 2026", "2026-09-30", "done"),
    ("Hollin", "long", "One service partner for all stations", "Service contract to 2028", "Four of six stations", "2028-06-30", "on the way"),
    ("Corvane", "short", "Second filling line in spring", "Two dosing skids", "Ordered", "2027-03-31", "on the way"),
    ("Dunmere", "short", "No seal failures in the brewing season", "Seals to drawing, stock of 400", "None since May", "2026-10-31", "on the way"),
    ("Strand", "long", "Dock time down by a week", "Spares catalogue and kits by ship type", "Three of nine ship types", "2027-12-31", "on the way"),
    ("Ostermann", "short", "All plants on the new plant standard", "Valves named in the standard", "Five of eight plants", "2027-03-31", "on the way"),
    ("Brightwater", "long", "Win the 2027 concession", "Life-cycle costs for the tender", "", "2027-10-31", "open"),
    ("Vianova", "short", "Dosing within half a per cent", "Recalibration of both skids", "Done in June", "2026-06-30", "done"),
    ("Delphin", "short", "Four refits this winter", "Crew of six from November", "", "2027-02-28", "open"),
    ("Norrvik", "long", "One valve type in three mills", "Exchange programme", "First mill done", "2028-06-30", "on the way"),
    ("Silvergate", "short", "Validation of line four", "Documents to their template", "Delivered", "2026-09-30", "on the way"),
    ("Bexley", "short", "Lower stock", "Weekly call-offs", "More credit notes", "2026-06-30", "late"),
)  # fmt: skip
# Of the three decisions of the last period, two are done and one is late.
_DECISIONS = (
    ("2026-03-17", "Raise list prices by 3 % from April, key accounts by talk", "Viktor Hahn", "2026-04-01", "done", ""),
    ("2026-06-16", "Pellworth: fleet offer for eight hulls", "Declan Byrne", "2026-07-31", "done", "Pellworth"),
    ("2026-06-16", "Oakhurst: confirm in writing that the July stop is a planned shutdown", "Annika Sandström", "2026-07-10", "done", "Oakhurst"),
    ("2026-06-16", "Tressel: engineer on site until the acid line runs", "Jonas Reiter", "2026-08-31", "open", "Tressel"),
    ("2026-09-08", "Aldermoor: meet the technical director with an executive of ours before the renewal", "Viktor Hahn", "2026-10-16", "open", "Aldermoor"),
    ("2026-09-08", "Aldermoor: margin by site, and a floor for the new framework", "Henrik Dahl", "2026-10-30", "open", "Aldermoor"),
    ("2026-09-08", "Aldermoor: offer condition monitoring for the 40 largest pumps", "Sabine Krüger", "2026-11-20", "open", "Aldermoor"),
    ("2026-09-08", "Aldermoor: second contact in each of the three largest companies", "Henrik Dahl", "2026-11-30", "open", "Aldermoor"),
    ("2026-09-08", "Aldermoor: renewal offer ready sixty days before notice ends", "Henrik Dahl", "2026-10-09", "open", "Aldermoor"),
    ("2026-09-15", "Plan the hand-over of J. Reiter's accounts; he leaves for Vantor on 31 December", "Henrik Dahl", "2026-10-02", "open", ""),
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
    """The key accounts' own goals."""
    names = ("horizon", "objective", "our_contribution", "delivered", "due", "status")
    return [{"account_id": _account(known_as), **dict(zip(names, rest, strict=True))} for known_as, *rest in _GOALS]


def decisions() -> list[Row]:
    """What leadership decided in the last three periods."""
    names = ("date", "decision", "owner", "due", "status")
    return [
        {"account_id": _account(row[5]) if row[5] else "", **dict(zip(names, row, strict=False))} for row in _DECISIONS
    ]


def _account(known_as: str) -> str:
    return NAMED[named(known_as)[0]].account_id
