"""The accounts that Lindmark Flow Controls' story is told with, and their facts.

Shares are percentages of the sales in the shares over one window: `share` of the twelve months to
2026-09-18, `before` of the twelve months before, `earlier` of what is left of the three years.
Margins follow the same order. `lines` and `regions` say how the account's purchases divide.
"""

from dataclasses import dataclass
from datetime import date

DEFAULT_SEED = 20260918
CUSTOMERS = 284
TRANSACTIONS = 25_000
# Sales in the shares by window, in cents. The last is "about 84 M EUR"; the first is adjusted so that
# sales need 19 months to be back where they were when Quarrix closed.
SALES = (7_830_000_000, 7_950_000_000, 8_403_751_246)
MARGINS = (0.292, 0.287, 0.280)
MONTHS_TO_RECOVER = 19
CLOSED_ON = date(2024, 11, 30)

PRODUCT_LINES = ("Valves", "Pumps", "Seals", "Skids", "Spares", "Service")
REGIONS = ("DACH", "Nordics", "Benelux & France", "UK & Ireland", "Central East")

# Two accounts that the settings exclude. Lindmark Iberia is 6 % of the raw export's last twelve months.
IBERIA = "0090001"
IBERIA_SHARE = 0.06
ONE_TIME = "0099999"
ONE_TIME_SHARE = 0.011
NO_ACCOUNT_SHARE = 0.002
# An invoice booked on a mistyped id and taken back in full; the second lost its zeros in a spreadsheet.
MISTYPED = ("0010020", "10300")

# One line buyers: the part of a product line that one account makes in the last twelve months.
LINE_SHARE = {"Corvane": ("Skids", 0.41), "Dunmere": ("Seals", 0.40)}


@dataclass(frozen=True)
class Named:
    """One legal entity of the story; `known_as` is how the story calls the customer."""

    account_id: str
    known_as: str
    name: str
    share: float
    before: float
    earlier: float
    margins: tuple[float, float, float]
    lines: dict[str, float]
    regions: dict[str, float]
    city: str
    industry: str
    manager: str
    deputy: str = ""
    is_key: bool = False
    since: str = ""
    wallet: float = 0.5
    satisfaction: float = 7.5
    complexity: int = 2
    competitor: str = ""
    bond: str = ""
    barriers: tuple[float, float, float] | None = None
    barrier_note: str = ""
    parent: str = ""
    left_on: str = ""
    left_reason: str = ""
    churn: float | None = None


_ALDERMOOR = {"Valves": 0.55, "Pumps": 0.35, "Spares": 0.10}
_FALLING = (0.235, 0.23, 0.19)
_ROOT = "0010100"


def _aldermoor(account_id: str, name: str, part: float, region: str, city: str, since: str) -> Named:
    # Seven parts of 18.1; before, of 16.1: it grew by the framework's volume prices, and paid for it in margin.
    parent = "" if account_id == _ROOT else _ROOT
    return Named(
        account_id, "Aldermoor", name, part, part / 18.1 * 16.1, part / 18.1 * 15.7, _FALLING, _ALDERMOOR, {region: 1.0},
        city, "Water", "M01", is_key=True, since=since, wallet=0.62, satisfaction=6.8, complexity=4, competitor="Vantor",
        bond="person", barriers=(0.5, 0.4, 0.3), barrier_note="Framework prices; valves approved plant by plant",
        parent=parent, churn=0.16,
    )  # fmt: skip


NAMED = (
    _aldermoor(_ROOT, "Aldermoor Water Group plc", 2.0, "UK & Ireland", "Leeds", "2009-03-02"),
    _aldermoor("0010101", "Aldermoor Wasser GmbH", 6.9, "DACH", "Hamburg", "2009-03-02"),
    _aldermoor("0010102", "Aldermoor Water Services Ltd", 3.6, "UK & Ireland", "Bristol", "2010-06-14"),
    _aldermoor("0010103", "Aldermoor Eaux SAS", 2.7, "Benelux & France", "Lyon", "2013-01-21"),
    _aldermoor("0010104", "Aldermoor Vatten AB", 1.4, "Nordics", "Malmö", "2015-09-07"),
    _aldermoor("0010105", "Thamesbrook Utilities Ltd", 0.9, "UK & Ireland", "Reading", "2018-04-09"),
    _aldermoor("0010106", "Aldermoor Wassertechnik AG", 0.6, "DACH", "Zürich", "2016-11-28"),
    Named(
        "0010200", "Tressel", "Tressel Chemicals GmbH", 7.4, 9.5, 9.6, (0.305, 0.30, 0.2912),
        {"Pumps": 0.55, "Valves": 0.33, "Seals": 0.05, "Spares": 0.07}, {"DACH": 0.8, "Benelux & France": 0.2},
        "Ludwigshafen", "Chemicals", "M01", is_key=True, since="2007-05-14", wallet=0.45, satisfaction=5.2, complexity=3,
        competitor="Brenntal Pumpen", bond="person", barriers=(0.4, 0.2, 0.4), barrier_note="Pump skids share our flange sizes",
        churn=0.35,
    ),
    Named(
        "0010300", "Pellworth", "Pellworth Marine Ltd", 6.0, 2.0, 1.9, (0.30, 0.30, 0.30),
        {"Pumps": 0.60, "Valves": 0.25, "Spares": 0.15}, {"UK & Ireland": 0.7, "Nordics": 0.3}, "Southampton", "Marine",
        "M05", "M03", True, "2017-02-20", 0.28, 8.4, 3, "", "company", (0.3, 0.2, 0.5), "Class approval held by our pumps", churn=0.06,
    ),
    Named(
        "0010400", "Oakhurst", "Oakhurst Paper AB", 5.2, 5.2, 5.2, (0.31, 0.31, 0.31),
        {"Valves": 0.35, "Pumps": 0.30, "Spares": 0.20, "Seals": 0.15}, {"Nordics": 1.0}, "Sundsvall", "Pulp & Paper",
        "M03", "M05", True, "2005-08-22", 0.7, 8.8, 2, "", "company", (0.7, 0.4, 0.6),
        "Twenty years of spares on the shelf; our service crew knows the mill", churn=0.03,
    ),
    Named(
        "0010500", "Hollin", "Hollin Energy plc", 4.3, 4.3, 4.2, (0.32, 0.32, 0.325),
        {"Valves": 0.45, "Service": 0.35, "Pumps": 0.20},
        {"UK & Ireland": 0.5, "Nordics": 0.2, "Benelux & France": 0.2, "DACH": 0.1}, "Aberdeen", "Energy",
        "M05", "M02", True, "2011-10-03", 0.55, 8.1, 3, "", "company", (0.6, 0.5, 0.5), "Service contract with our crews on site", churn=0.04,
    ),
    Named(
        "0010600", "Corvane", "Corvane Dairy SA", 4.0, 3.9, 3.6, (0.27, 0.27, 0.275),
        {"Skids": 0.85, "Valves": 0.15}, {"Benelux & France": 1.0}, "Rennes", "Food & Dairy", "M04", "M02", False,
        "2016-06-06", 0.6, 7.9, 4, "", "company", (0.6, 0.5, 0.4), "Recipes live in our skid controls", churn=0.07,
    ),
    Named(
        "0010700", "Bexley", "Bexley Machinery Ltd", 3.0, 3.3, 3.4, (0.08, 0.05, -0.02),
        {"Valves": 0.60, "Pumps": 0.30, "Spares": 0.10}, {"UK & Ireland": 1.0}, "Coventry", "Machinery", "M05", "M03", True,
        "1998-01-12", 0.8, 6.0, 5, "", "person", (0.2, 0.1, 0.5), "Orders by habit", churn=0.10,
    ),
    Named(
        "0010800", "Strand", "Strand Shipyards A/S", 2.9, 2.9, 2.8, (0.34, 0.34, 0.34),
        {"Spares": 0.60, "Valves": 0.25, "Pumps": 0.15}, {"Nordics": 1.0}, "Odense", "Marine", "M03", "M05", False,
        "2012-03-19", 0.5, 7.7, 2, "", "company", (0.5, 0.3, 0.4), "Spares catalogue in their dock system", churn=0.08,
    ),
    Named(
        "0010900", "Dunmere", "Dunmere Brewing Ltd", 2.8, 2.7, 2.6, (0.33, 0.33, 0.33),
        {"Seals": 0.86, "Pumps": 0.14}, {"UK & Ireland": 1.0}, "Edinburgh", "Food & Dairy", "M05", "M03", False,
        "2014-07-28", 0.65, 8.0, 2, "", "company", (0.4, 0.2, 0.5), "Seal sizes made to their drawings", churn=0.06,
    ),
    Named(
        "0011000", "Ostermann", "Ostermann Chemie AG", 2.7, 2.8, 2.9, (0.30, 0.30, 0.295),
        {"Valves": 0.45, "Pumps": 0.40, "Spares": 0.15},
        {"DACH": 0.6, "Benelux & France": 0.2, "Central East": 0.1, "Nordics": 0.1}, "Leverkusen", "Chemicals", "M02", "M04",
        True, "2008-09-15", 0.4, 7.2, 3, "", "company", (0.5, 0.3, 0.3), "Plant standard names our valves", churn=0.07,
    ),
    Named(
        "0011100", "Brightwater", "Brightwater Utilities NV", 2.4, 2.5, 2.5, (0.29, 0.295, 0.295),
        {"Valves": 0.55, "Pumps": 0.30, "Spares": 0.15}, {"Benelux & France": 0.6, "DACH": 0.25, "UK & Ireland": 0.15},
        "Gent", "Water", "M04", "M02", True, "2010-02-08", 0.5, 7.4, 3, "", "company", (0.4, 0.3, 0.3), "Tender every four years", churn=0.09,
    ),
    Named(
        "0011200", "Vianova", "Vianova Foods BV", 2.1, 2.3, 2.2, (0.28, 0.285, 0.29),
        {"Skids": 0.55, "Valves": 0.27, "Pumps": 0.18}, {"Benelux & France": 0.75, "DACH": 0.25}, "Eindhoven", "Food & Dairy",
        "M04", "M02", True, "2015-05-18", 0.45, 7.6, 3, "", "company", (0.5, 0.4, 0.3), "Two dosing skids under warranty", churn=0.08,
    ),
    Named(
        "0011300", "Delphin", "Delphin Werft GmbH", 1.7, 1.8, 1.7, (0.33, 0.33, 0.335),
        {"Service": 0.70, "Spares": 0.20, "Valves": 0.10}, {"DACH": 0.7, "Nordics": 0.3}, "Rostock", "Marine", "M02", "M03",
        True, "2013-11-04", 0.6, 7.8, 3, "", "company", (0.4, 0.3, 0.5), "Our crew holds the yard passes", churn=0.09,
    ),
    Named(
        "0011400", "Norrvik", "Norrvik Pulp Oy", 1.4, 1.5, 1.4, (0.31, 0.31, 0.31),
        {"Valves": 0.50, "Pumps": 0.30, "Spares": 0.20}, {"Nordics": 0.6, "Central East": 0.2, "DACH": 0.2}, "Tampere",
        "Pulp & Paper", "M03", "M05", True, "2011-04-11", 0.35, 7.5, 2, "", "company", (0.4, 0.3, 0.3), "Mills standardised on our valves", churn=0.06,
    ),
    Named(
        "0011500", "Silvergate", "Silvergate Pharma Ltd", 1.2, 1.3, 1.3, (0.34, 0.34, 0.34),
        {"Valves": 0.60, "Pumps": 0.25, "Seals": 0.15}, {"UK & Ireland": 0.5, "DACH": 0.3, "Benelux & France": 0.2}, "Cork",
        "Pharma", "M05", "M04", True, "2014-10-20", 0.3, 8.2, 4, "", "company", (0.8, 0.4, 0.3), "Validated process; a change means a new validation", churn=0.04,
    ),
    Named(
        "0011600", "Fennick", "Fennick Labs GmbH", 0.9, 0.95, 0.9, (0.33, 0.33, 0.33),
        {"Valves": 0.50, "Seals": 0.30, "Pumps": 0.20}, {"DACH": 1.0}, "Jena", "Laboratories", "M02", "M04", False,
        "2018-02-05", 0.7, 9.6, 1, "", "person", (0.2, 0.1, 0.6), "They like us", churn=0.05,
    ),
    Named(
        "0011700", "Kelso", "Kelso Mining Ltd", 0.0, 0.78, 0.80, (0.30, 0.30, 0.30),
        {"Pumps": 0.75, "Valves": 0.25}, {"UK & Ireland": 1.0}, "Truro", "Mining", "M05", "M03", False, "2013-08-12",
        0.5, 7.0, 2, "", "company", (0.3, 0.3, 0.4), "Buys for each new shaft",
    ),
    Named(
        "0011800", "Quarrix", "Quarrix Refining BV", 0.0, 1.72, 7.55, (0.27, 0.27, 0.27),
        {"Valves": 0.50, "Pumps": 0.40, "Spares": 0.10}, {"Benelux & France": 1.0}, "Antwerpen", "Energy", "M04", "M02", False,
        "2006-03-13", 0.0, 7.1, 3, left_on="2024-11-30", left_reason="Refinery closed by its owner",
    ),
)  # fmt: skip

# Kelso Mining's two orders, fourteen months apart: the days of their deliveries.
KELSO_DELIVERIES = ((date(2023, 10, 16), date(2023, 10, 20)), (date(2024, 12, 12), date(2024, 12, 18)))
OAKHURST_SHUTDOWN = (2026, 7)
TRESSEL_FALL = 0.28
BEXLEY_CREDIT = 0.15

# Jonas Reiter's twelve small accounts: 3.5 % of sales, which with Aldermoor and Tressel makes 29 %.
REITER = "M01"
REITER_SMALL = (0.39, 0.37, 0.36, 0.34, 0.33, 0.31, 0.30, 0.28, 0.26, 0.23, 0.19, 0.14)


def named(known_as: str) -> tuple[int, ...]:
    """Where the legal entities of one customer of the story stand in NAMED."""
    return tuple(n for n, entity in enumerate(NAMED) if entity.known_as == known_as)
