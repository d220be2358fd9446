"""Every cell, tile and note of `04_coverage`, of a company small enough to be computed by hand and alike nowhere."""

import html
import io
import re

import openpyxl
import pytest
from drawn_for_tests import charts, held
from notebook_for_tests import explored
from words_for_tests import plain

import kam_analysis as kam
from kam_analysis.batch.spreadsheet import tables_workbook
from kam_analysis.pages import style
from kam_analysis.pages.coverage.tables_departure import handover_rows

SETTINGS = """name = "Nordic Valves"
currency = "EUR"
as_of = 2026-06-30
[tables.transactions]
file = "sales.csv"
[tables.accounts]
file = "accounts.csv"
[tables.managers]
file = "managers.csv"
[tables.contacts]
file = "contacts.csv"
[tables.contracts]
file = "contracts.csv"
[tables.interactions]
file = "talks.csv"
[tables.feedback]
file = "feedback.csv"
[tables.objectives]
file = "objectives.csv"
[tables.opportunities]
file = "offers.csv"
[assumptions.follow_rate]
value = 0.3
low = 0.1
high = 0.6
source = "our own guess"
[people]
individuals = true
"""
FILES = {
    "sales__csv": """account_id,date,revenue,cost,product_line,account_manager_id
A2,2024-06-05,100,80,Pumps,M1
A1,2024-09-10,40000,30000,Valves,M1
A1,2025-09-10,50000,36000,Valves,M1
A2,2024-10-10,21000,17000,Pumps,M1
A2,2025-10-10,11000,9000,Pumps,M1
A3,2024-11-10,22000,15500,Valves,M2
A3,2025-11-10,23000,16000,Valves,M2
A7,2024-12-01,3900,3000,Valves,M1
A7,2025-12-01,3950,3050,Valves,M1
A4,2025-12-10,7000,6500,Seals,M3
A5,2024-12-10,9000,8000,Seals,M2
A5,2025-08-05,1500,1400,Seals,M2
A6,2026-01-10,3000,2600,Pumps,M2
""",
    "accounts__csv": """account_id,account_name,account_manager_id,deputy_id,bond,industry,region,left_on
A1,Alder,M1,,person,Water,North,
A2,Birch,M1,M2,company,Food,South,
A3,Cedar,M2,M1,company,Food,South,
A4,Dogwood,,,,Paper,West,
A5,Elm,M2,M1,,Food,North,2026-02-01
A6,Fir,M2,,person,Water,North,
A7,Gorse,M1,,,Paper,South,
""",
    "managers__csv": """manager_id,manager_name,superior_id,level,hours_per_month,leaving_on,region,industry
M1,Ann Rye,S1,manager,120,2026-12-31,North,Water
M2,Bo Lund,S1,manager,100,,South,Food
M3,Cy Orr,S1,manager,90,,North,Paper
S1,Di Sup,E1,superior,,,,
E1,Ed Exe,,executive,,,,
""",
    "contacts__csv": """contact_id,account_id,contact_name,role,influence,strength,strength_wanted,interests,approach,owner_id
K1,A1,Ida Voss,Buyer,5,4,4,Uptime,By mail,M1
K2,A3,Jon Kerr,Plant manager,4,3,4,Price,On site,M2
K3,A3,Kim Lee,Engineer,3,2,3,,,M2
K4,A3,Lou Ray,Director,5,1,3,Energy use,Trade fair,M2
K6,A3,Nia Poe,Planner,1,2,2,,,M2
K7,A3,Ole Quist,Fitter,2,4,4,,,M2
K5,A6,Max Orb,Clerk,2,1,3,,Phone,M2
""",
    "contracts__csv": "account_id,ends_on,notice_days\nA1,2026-09-30,\nA3,2028-03-31,60\n",
    "talks__csv": """account_id,date,staff_id,hours,kind
A1,2026-05-04,M1,24,visit
A2,2026-05-06,M1,12,call
A3,2026-05-08,M2,18,visit
A6,2026-05-09,M2,6,call
A3,2025-03-03,S1,2,visit
A1,2026-06-01,M1,3,complaint
""",
    "feedback__csv": """account_id,date,said,theme,score
A1,2026-04-02,Late again.,delivery,4
A2,2026-03-02,Good people.,service,9
""",
    "objectives__csv": "account_id,horizon,objective,our_contribution\nA1,short,Fewer stops,Spare parts on site\n",
    "offers__csv": "amount,account_id,status,created,probability\n8000,A3,open,2026-04-01,0.5\n",
}
TABLES = {
    "managers_table": (
        "Portfolio by account manager", [0],
        [
            ["Account manager", "Customers", "Sales (€)", "Share", "Largest", "Hand-over alone (€)", "Margin at risk (€)"],
            ["Ann Rye", "3", "65.0k", "66.3%", "Alder, 77%", "9-11k", "10k (6-11k)"],
            ["Bo Lund", "2", "26.0k", "26.5%", "Cedar, 88%", "3.4-4.6k", "1.9k (1.7-3.2k)"],
        ],
    ),
    "calls_table": (
        "Ann Rye leaves on 31 December: who calls whom, the most money first", [],
        [
            ["Rank", "Customer", "At risk (€)", "Caller", "Call by", "Bound to"],
            ["1", "Alder", "33.1k", "Di Sup", "1 Jul 2026", "the person"],
            ["2", "Birch", "2.62k", "Ed Exe", "1 Jul 2026", "the company"],
            ["3", "Gorse", "1.61k", "Di Sup", "1 Jul 2026", ""],
        ],
    ),
    "plan_table": (
        "Ann Rye leaves on 31 December: who calls, and who takes over", [],
        [
            ["Customer", "At risk (€)", "Called by", "Call by", "Taken over by", "On"],
            ["Alder", "33.1k", "Di Sup", "1 Jul 2026", "Cy Orr", "5 Oct 2026"],
            ["Birch", "2.62k", "Ed Exe", "1 Jul 2026", "Bo Lund", "14 Jul 2026"],
            ["Gorse", "1.61k", "Di Sup", "1 Jul 2026", "Bo Lund", "15 Jul 2026"],
        ],
    ),
    "moves_table": (
        "Where the manager could change while no decision on the contract is near", [],
        [
            ["Key account", "Looked after by", "Contract ends", "Last day for notice", "Contacts", "Bound to", "Can move", "What is in the way"],
            ["Alder", "Ann Rye", "30 Sep 2026", "30 Sep 2026 (no notice period on file)", "1", "the person", "no", "last day for notice is near, no second contact, bound to the person"],
            ["Cedar", "Bo Lund", "31 Mar 2028", "31 Jan 2028", "4", "the company", "yes", ""],
            ["Birch", "Ann Rye", "no contract", "", "0", "the company", "no", "no second contact"],
            ["Fir", "Bo Lund", "no contract", "", "0", "the person", "no", "no second contact, bound to the person"],
        ],
    ),
    "one_contact_table": (
        "Money that depends on one contact", [0],
        [
            ["Customer", "The one contact", "Looked after by", "We earn there (€)", "Last day for notice", "Contact gone by then", "At risk (€)"],
            ["Alder", "Ida Voss", "Ann Rye", "14.0k", "30 Sep 2026 (no notice period on file)", "4%", "562"],
        ],
    ),
    "known_table": (
        "Whom we know at the key accounts (bold: one person or none)", [0, 2, 3, 4],
        [
            ["Key account", "Contacts", "We speak to", "Who decide", "of them known", "Weaker than wanted", "Relationship goal met"],
            ["Alder", "1", "1", "1", "1", "0", "—"],
            ["Cedar", "5", "4", "2", "1", "3", "56%"],
            ["Birch", "0", "0", "0", "0", "0", "—"],
            ["Dogwood", "0", "0", "0", "0", "0", "—"],
            ["Fir", "1", "0", "0", "0", "1", "—"],
        ],
    ),
    "strengths_table": (
        "People at the key accounts, by influence and by how well we know them", [],
        [
            ["Influence on the decision", "no contact", "brief", "several", "in depth"],
            ["5 of 5", "1", "", "", "1"],
            ["4 of 5", "", "", "1", ""],
            ["3 of 5", "", "1", "", ""],
            ["2 of 5", "1", "", "", "1"],
            ["1 of 5", "", "1", "", ""],
        ],
    ),
    "strangers_table": (
        "Decision-makers we have no contact with", [],
        [
            ["Customer", "Who", "Influence (1-5)", "Now", "Whose task"],
            ["Cedar", "Lou Ray, Director", "5", "no contact", "Bo Lund"],
        ],
    ),
    "executive_calls_table": (
        "When each key account is called next, and by whom", [],
        [
            ["Key account", "Next call by", "In", "Last executive call", "Complaints since", "Manager's last contact", "Why now"],
            ["Alder", "Di Sup", "Jul 2026", "never", "1", "1 Jun 2026", '<span class="kam-pill bad">overdue</span>'],
            ["Cedar", "Di Sup", "Jul 2026", "3 Mar 2025", "0", "8 May 2026", '<span class="kam-pill bad">overdue</span>'],
            ["Birch", "Di Sup", "Aug 2026", "never", "0", "6 May 2026", '<span class="kam-pill bad">overdue</span>'],
            ["Dogwood", "Di Sup", "Aug 2026", "never", "0", "", '<span class="kam-pill bad">overdue</span>'],
            ["Fir", "Di Sup", "Sep 2026", "never", "0", "9 May 2026", '<span class="kam-pill bad">overdue</span>'],
        ],
    ),
    "attention_table": (
        "Growing, holding or slipping over the last year", [],
        [
            ["Account manager", "Growing", "Holding", "Slipping", "New", "Kept", "Kept plus growth", "Hours a month on record, of those there are"],
            ["Ann Rye", "1 (62%)", "1 (6%)", "1 (32%)", "0", "85%", "100%", "3 of 120"],
            ["Bo Lund", "0 (0%)", "1 (71%)", "1 (29%)", "1", "76%", "79%", "2 of 100"],
        ],
    ),
    "slipping_table": (
        "Slipping: the largest", [],
        [
            ["Customer", "Looked after by", "Year before (€)", "Last twelve months (€)", "Kept", "Because"],
            ["Birch", "Ann Rye", "21.0k", "11.0k", "52%", "sales fell"],
            ["Elm", "Bo Lund", "9.00k", "1.50k", "17%", "sales fell"],
        ],
    ),
    "hours_by_manager_table": (
        "By manager", [],
        [
            ["Account manager", "Hours a month", "Hours better spent elsewhere", "Kept and won more a year (€)", "One more hour a month is worth a year (€)"],
            ["Bo Lund", "100", "12", "59.59", "4.52"],
            ["Ann Rye", "120", "0", "0", "0"],
        ],
    ),
    "hours_table": (
        "Where the hours would change most", [],
        [
            ["Customer", "Hours a month now", "Best", "Kept and won more a year (€)", "We earn there (€)", "Chance of leaving", "Could win (€)", "Manager", "Capped"],
            ["Alder", "63.5", "31.8", "0", "14.0k", "0%", "", "Ann Rye", "at half of today's hours"],
            ["Birch", "28.2", "14.1", "0", "2.00k", "0%", "", "Ann Rye", "at half of today's hours"],
            ["Gorse", "28.2", "14.1", "0", "900", "0%", "", "Ann Rye", "at half of today's hours"],
            ["Cedar", "75.0", "87.5", "59.59", "7.00k", "0%", "1.22k", "Bo Lund", ""],
            ["Fir", "25.0", "12.5", "0", "400", "0%", "", "Bo Lund", "at half of today's hours"],
        ],
    ),
    "practice_table": (
        "Key-account basics (bold: three or more missing)", [0, 2, 3, 4],
        [
            ["Key account", "Plan with objectives", "Second contact", "Executive call this year", "Growth goal in an offer", "Deputy", "Missing, of 5"],
            ["Alder", "✓", "missing", "missing", "missing", "missing", "4"],
            ["Cedar", "missing", "✓", "missing", "✓", "✓", "2"],
            ["Birch", "missing", "missing", "missing", "missing", "✓", "4"],
            ["Dogwood", "missing", "missing", "missing", "missing", "missing", "5"],
            ["Fir", "missing", "missing", "missing", "missing", "missing", "5"],
        ],
    ),
    "heard_table": (
        "Latest from key accounts, and the lowest scores", [],
        [
            ["Customer", "In their words", "Score", "On", "Sales over the year"],
            ["Alder", "Late again.", "4", "2 Apr 2026", "+25.0%"],
            ["Birch", "Good people.", "9", "2 Mar 2026", "-47.6%"],
        ],
    ),
    "voices_table": (
        "What customers speak of", [],
        [
            ["Theme", "Times", "Customers", "Mean score (0-10)", "Scored 6 or less", "of these customers bought a tenth less, or left", "from former customers", "Last"],
            ["delivery", "1", "1", "4.0", "100%", "0% of 1", "0", "2 Apr 2026"],
            ["service", "1", "1", "9.0", "0%", "100% of 1", "0", "2 Mar 2026"],
        ],
    ),
    "short_table": (
        "In short", [],
        [
            ["Account manager", "Share of sales", "Hand-over alone (€)"],
            ["Ann Rye", "66.3%", "9-11k"],
            ["Bo Lund", "26.5%", "3.4-4.6k"],
        ],
    ),
}  # fmt: skip
NOTES = {
    "managers_table": ["Sales are as concentrated as 3 equal customers, and as 1.7 managers with equal sales. One customer (€7k) has no account manager: Dogwood. 3 customers with a manager have no deputy."],
    "one_contact_table": ["At risk is what we earn there times the chance that the contact is gone by the last day for notice, or within a year where there is none ahead. Bold: the last day for notice comes within half a year. At Fir people are on record and nobody speaks to them."],
    "attention_table": ["Customers, with their part of last year's sales. Growing: sales up by 5% or a further product line. Holding: at least 95% of sales kept, or offers opened for as much as was lost. Slipping: neither. The thresholds are the workbook's own."],
    "hours_by_manager_table": ["Expected margin kept and won is €59.59 a year higher (€38-87 as hours bring less or more and customers are less or likelier to leave, each within its range). 1% more hours lowers the chance of leaving, and raises what offers bring, by 0.31% (0.2 to 0.45; the workbook's own value and range, a little below the mean of 0.34 for personal selling, which is not corrected for bias (Albers, Mantrala and Sridhar, Journal of Marketing Research 2010)). That keeping follows it as selling does is assumed. Hours at most halve or double, a key account gets at least 4 a month, and nothing is taken from who leaves with a chance of 25% or more. Contracts that can be given notice soon are not considered. As arithmetic it is exact: under these rules no other split of these hours brings more. It rests on 5 of 220 hours a month on record, whose pattern stands for the others."],
    "voices_table": ["Of all 5 customers 40% bought a tenth less, or left. With small numbers a difference may be chance."],
}  # fmt: skip
TILES = [
    ("Largest manager portfolio", "66%", "of sales with Ann Rye, 3 customers"),
    ("Ann Rye leaves on 31 December", "€9-11k", "of a year's sales in the hand-over, €37k (€23-41k) if customers follow"),
    ("Single-contact customers", "1 of 3", "customers with contacts on record, €50k of sales"),
    ("Key accounts with no executive contact in 12 months", "5 of 5", "each is due one call a year"),
]  # fmt: skip
HANDOVER = [
    ["Customer", "Goes to", "Because", "Loss avoided (€)", "Next best", "On"],
    ["Alder", "Cy Orr", "same region", "1.03k", "Bo Lund", "5 Oct 2026"],
    ["Birch", "Bo Lund", "knows the industry, same region, is the deputy", "678", "Cy Orr", "14 Jul 2026"],
    ["Gorse", "Bo Lund", "same region", "81.11", "Cy Orr", "15 Jul 2026"],
]
WORDS = {
    "actions": ["Call Ann Rye's 3 customers, beginning with Alder on 1 Jul 2026. Di Sup · by 31 Dec 2026 · €37k of sales at stake", "Agree who takes over Ann Rye's 3 customers: the right successors avoid €1.79k of lost sales. Di Sup · by 14 Jul 2026 · €9-11k of sales at stake", "Find a second contact at Alder beside Ida Voss. Di Sup · by 29 Aug 2026 · €14k of margin a year at stake", "Get to know Lou Ray at Cedar: we have no contact with 1 influential person. Bo Lund · by 29 Aug 2026", "Make the 5 overdue executive calls, beginning with Alder. They are in calls.ics. Di Sup · by July 2026", "Give Dogwood a manager, or decide that it needs none. An executive · by 29 Aug 2026 · €7k of sales at stake", "Move 12 hours a month to other accounts of the same managers. €59.59 of margin a year to be won", "Close the gaps at Alder, Birch, Dogwood and 1 more: 3 or more of 5 basics are missing there.", "Ask Cedar, Dogwood and Fir how we are doing: no word from them in two years."] ,
    "caveats": ["nobody's departure is predicted: the same question is asked of each manager", "what a change of manager costs was measured at one other company (13.2 to 17.6% of the sales concerned)", "a contact counts as spoken to from a brief relationship on, as your list says; nobody checked the list"] ,
    "cost_notes": ["Ann Rye looks after 3 customers with €65k of sales and leaves on 31 December. A change of manager cost another company 13.2% to 17.6% of such sales within a year: €9-11k here. If 30% of customers follow, €27k more is lost. Together, that is €10k of margin (€6-11k). Last days for notice within half a year: Alder (30 Sep 2026).", "How many follow is an assumption of 10% to 60% (our own guess), which makes €14-30k. Customers bound to the person take the upper end, those bound to the company the lower.", "Of these sales €65k are lines that the customers bought before, €0 new ones. After a change the former fall, while the latter can rise, and with them the total (Schmitz and others, Journal of Marketing 2020).", "Your own past hand-overs do not show it: accounts that changed hands with 6 complete months on either side: 0 of 5 needed."] ,
    "silent_line": ["No word in two years from 3 of 5 key accounts: Cedar, Dogwood, Fir."] ,
}  # fmt: skip
RESULTS = {
    "managers": [
         {"account_manager_id": "M1", "manager_name": "Ann Rye", "accounts": 3, "revenue": 64950.0, "revenue_share": 0.663093415007657, "margin": 16900.0, "largest_account_id": "A1", "largest_share": 0.7698229407236336, "without_deputy": 2, "hours_per_month": 120.0, "hours_recorded": 3.25, "grown": 1, "protected": 1, "neither": 1, "kept_share": 0.8459167950693375, "notices_near": 1, "transition": 10002.3, "transition_low": 8573.4, "transition_high": 11431.2, "further": 27313.11, "further_low": 13954.77, "further_high": 30176.82, "at_risk_margin": 10106.62, "at_risk_margin_low": 6128.12, "at_risk_margin_high": 10835.36},
         {"account_manager_id": "M2", "manager_name": "Bo Lund", "accounts": 2, "revenue": 26000.0, "revenue_share": 0.26544155181214907, "margin": 7400.0, "largest_account_id": "A3", "largest_share": 0.8846153846153846, "without_deputy": 1, "hours_per_month": 100.0, "hours_recorded": 2.0, "grown": 0, "protected": 1, "neither": 1, "kept_share": 0.7580645161290323, "notices_near": 0, "transition": 4004.0, "transition_low": 3432.0, "transition_high": 4576.0, "further": 3468.6, "further_low": 2707.2, "further_high": 7360.2, "at_risk_margin": 1934.8400000000001, "at_risk_margin_low": 1688.56, "at_risk_margin_high": 3230.5599999999995},
    ],
    "calls": [
         {"occasion": "if Ann Rye leaves", "account_id": "A1", "account_name": "Alder", "at_risk": 33080.0, "caller_id": "S1", "caller": "Di Sup", "day": "2026-07-01", "unit": "EUR", "reason": "in order of money at risk"},
         {"occasion": "if Ann Rye leaves", "account_id": "A2", "account_name": "Birch", "at_risk": 2624.6, "caller_id": "E1", "caller": "Ed Exe", "day": "2026-07-01", "unit": "EUR", "reason": "in order of money at risk"},
         {"occasion": "if Ann Rye leaves", "account_id": "A7", "account_name": "Gorse", "at_risk": 1610.81, "caller_id": "S1", "caller": "Di Sup", "day": "2026-07-01", "unit": "EUR", "reason": "in order of money at risk"},
         {"occasion": "yearly call", "account_id": "A1", "account_name": "Alder", "at_risk": None, "caller_id": "S1", "caller": "Di Sup", "day": "2026-07-01", "unit": "EUR", "reason": "overdue"},
         {"occasion": "yearly call", "account_id": "A3", "account_name": "Cedar", "at_risk": None, "caller_id": "S1", "caller": "Di Sup", "day": "2026-07-01", "unit": "EUR", "reason": "overdue"},
         {"occasion": "yearly call", "account_id": "A2", "account_name": "Birch", "at_risk": None, "caller_id": "S1", "caller": "Di Sup", "day": "2026-08-01", "unit": "EUR", "reason": "overdue"},
         {"occasion": "yearly call", "account_id": "A4", "account_name": "Dogwood", "at_risk": None, "caller_id": "S1", "caller": "Di Sup", "day": "2026-08-01", "unit": "EUR", "reason": "overdue"},
         {"occasion": "yearly call", "account_id": "A6", "account_name": "Fir", "at_risk": None, "caller_id": "S1", "caller": "Di Sup", "day": "2026-09-01", "unit": "EUR", "reason": "overdue"},
    ],
    "handover": [
         {"account_id": "A1", "account_name": "Alder", "to": "Cy Orr", "reasons": "region", "saved": 1026.6666666666665, "day": "2026-10-05", "late_reason": None, "revenue": 50000.0, "loss": 7700.0, "to_id": "M3", "fit": 0.3333333333333333, "industry_fit": 0.0, "region_fit": 1.0, "contact_fit": 0.0, "runner_up_id": "M2", "runner_up_saved": 0.0, "alongside_id": None},
         {"account_id": "A2", "account_name": "Birch", "to": "Bo Lund", "reasons": "industry, region, deputy", "saved": 677.6, "day": "2026-07-14", "late_reason": None, "revenue": 11000.0, "loss": 1694.0, "to_id": "M2", "fit": 1.0, "industry_fit": 1.0, "region_fit": 1.0, "contact_fit": 1.0, "runner_up_id": "M3", "runner_up_saved": 0.0, "alongside_id": None},
         {"account_id": "A7", "account_name": "Gorse", "to": "Bo Lund", "reasons": "region", "saved": 81.10666666666665, "day": "2026-07-15", "late_reason": None, "revenue": 3950.0, "loss": 608.3, "to_id": "M2", "fit": 0.3333333333333333, "industry_fit": 0.0, "region_fit": 1.0, "contact_fit": 0.0, "runner_up_id": "M3", "runner_up_saved": 81.10666666666665, "alongside_id": None},
    ],
}  # fmt: skip
KINDS = {"managers": {"account_manager_id": "text", "manager_name": "text", "accounts": "count", "revenue": "money", "revenue_share": "share", "margin": "money", "largest_account_id": "text", "largest_share": "share", "without_deputy": "count", "hours_per_month": "number", "hours_recorded": "number", "grown": "count", "protected": "count", "neither": "count", "kept_share": "share", "notices_near": "count", "transition": "money", "transition_low": "money", "transition_high": "money", "further": "money", "further_low": "money", "further_high": "money", "at_risk_margin": "money", "at_risk_margin_low": "money", "at_risk_margin_high": "money"}, "calls": {"occasion": "text", "account_id": "text", "account_name": "text", "at_risk": "money", "caller_id": "text", "caller": "text", "day": "date", "unit": "text", "reason": "text"}, "handover": {"account_id": "text", "account_name": "text", "to": "text", "reasons": "text", "saved": "money", "day": "date", "late_reason": "text", "revenue": "money", "loss": "money", "to_id": "text", "fit": "share", "industry_fit": "share", "region_fit": "share", "contact_fit": "share", "runner_up_id": "text", "runner_up_saved": "money", "alongside_id": "text"}}  # fmt: skip
CHARTS = {
    "contacts_chart": ("Cedar: of 2 who decide we know 1",
        [["Contact", "Role", "Influence (1-5)", "Relationship", "Wanted"], ["Lou Ray", "Director", "5", "no contact", "several"], ["Jon Kerr", "Plant manager", "4", "several", "in depth"], ["Kim Lee", "Engineer", "3", "brief", "several"], ["Ole Quist", "Fitter", "2", "in depth", "in depth"], ["Nia Poe", "Planner", "1", "brief", "brief"]],
    ),
    "departures_chart": ("Ann Rye's hand-over would cost most: €9-11k of a year's sales",
        [["Account manager", "Share of sales", "Hand-over alone", "More if customers follow"], ["Ann Rye", "66.3%", "€9-11k", "€14-30k"], ["Bo Lund", "26.5%", "€3.4-4.6k", "€2.7-7.4k"]],
    ),
    "hours_chart": ("Better-spent hours would keep and win €59.59 more margin a year",
        [["Customer", "Manager", "Hours a month now", "Best", "Kept and won more a year"], ["Cedar", "Bo Lund", "75.0", "87.5", "€59.59"], ["Fir", "Bo Lund", "25.0", "12.5", "€0"], ["Gorse", "Ann Rye", "28.2", "14.1", "€0"], ["Birch", "Ann Rye", "28.2", "14.1", "€0"], ["Alder", "Ann Rye", "63.5", "31.8", "€0"]],
    ),
    "successors_chart": ("Cy Orr takes over the largest part of Ann Rye's sales: €50k",
        [["Customer", "Goes to", "Loss by the change alone", "Loss avoided", "Next best"], ["Alder", "Cy Orr", "€7.7k", "€1.03k", "Bo Lund"], ["Birch", "Bo Lund", "€1.69k", "€678", "Cy Orr"], ["Gorse", "Bo Lund", "€608", "€81.11", "Cy Orr"]],
    ),
}  # fmt: skip
ANSWER = (
    "Ann Rye, who looks after 66% of sales, leaves on 31 December. That puts €9-11k of sales at risk, €37k if customers"
    " follow."
)
BELOW = ["Accounts without it", "4", "4", "5", "4", "3", "20"]


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nordic")
    for name, text in FILES.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    (folder / "kam.toml").write_text(SETTINGS, encoding="utf-8")
    return folder / "kam.toml"


@pytest.fixture(scope="module")
def found(settings):
    return kam.coverage(kam.open_ledger(settings))


@pytest.fixture(scope="module")
def document(found):
    return found.result().document()


def cells(table):
    """What a page shows of a table, its heads first."""
    page = plain(html.unescape(table.html().html))
    head, _, body = page.partition("</thead>")
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body.split("</tbody>")[0])
    return [re.findall(r"<th [^>]*>(.*?)</th>", head), *(re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows)]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_the_page_has_these_cells(found, name):
    table = getattr(found, name)()
    caption, strong, expected = TABLES[name]
    assert plain(table.caption) == caption
    assert list(table.strong) == strong
    assert cells(table) == expected
    assert [plain(note) for note in table.notes] == NOTES.get(name, [])


def test_who_takes_over_has_these_cells(found):
    assert cells(handover_rows(found)) == HANDOVER


def test_the_basics_are_counted_below_them(found):
    footer = found.practice_table().html().html.split("<tfoot>")[1]
    assert re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", footer) == BELOW


@pytest.mark.parametrize("name", WORDS)
def test_what_is_said_is_said_so(found, name):
    told = html.unescape(getattr(found, name)().html)
    said = re.findall(r"<(?:li|p)[^>]*>(.*?)</(?:li|p)>", told)
    assert [plain(re.sub("<[^>]+>", "", each)) for each in said] == WORDS[name]


def test_the_first_screen_has_these_tiles(found):
    tiles = found.result().shown
    assert [(plain(each.label), plain(each.value), plain(each.note)) for each in tiles] == TILES
    assert plain(found.answer) == ANSWER


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_this_title_and_these_figures_behind_it(found, name):
    meta = getattr(found, name)().layout.meta
    title, (columns, *rows) = CHARTS[name]
    assert plain(meta["title"]) == title
    assert meta["table"]["columns"] == columns
    assert [[plain(cell) for cell in row] for row in meta["table"]["rows"]] == rows


def test_the_charts_draw_what_they_drew(found, document):
    held("04_coverage", charts(found), document["columns"])
    assert repr(found).splitlines()[0] == found.answer


def test_the_figures_that_others_read_are_these(document):
    assert document["figures"] == {
        "managers": {"value": 2, "unit": "count"},
        "largest_manager_share": {"value": pytest.approx(64950 / 97950), "unit": "share"},
        "accounts_on_one_contact": {"value": 1, "unit": "accounts"},
        "executive_calls_overdue": {"value": 5, "unit": "accounts"},
        "departure_cost_largest": {
            "value": pytest.approx(64950 * 0.154),
            "low": pytest.approx(64950 * 0.132),
            "high": pytest.approx(64950 * 0.176),
            "unit": "EUR",
        },
    }


@pytest.mark.parametrize("name", RESULTS)
def test_what_is_published_has_these_rows(document, name):
    rows = document["tables"][name]
    assert len(rows) == len(RESULTS[name])
    for row, expected in zip(rows, RESULTS[name], strict=True):
        assert row == pytest.approx(expected, nan_ok=False) if _numbers(row) else row == expected


def _numbers(row):
    return all(isinstance(value, int | float) for value in row.values())


def test_the_kinds_of_what_is_published_are_declared(document):
    kinds = {
        name: {key: each["kind"] for key, each in columns.items()} for name, columns in document["columns"].items()
    }
    assert kinds == KINDS
    units = {
        each["unit"] for columns in document["columns"].values() for each in columns.values() if each["kind"] == "money"
    }
    assert units == {"EUR"}


def test_page_results_and_spreadsheet_agree(found, document):
    """A cell of the page is its published value as its kind is written, and the sheet has value and format of both."""
    book = openpyxl.load_workbook(io.BytesIO(tables_workbook({"04_coverage": document})))
    written = {"money": style.money, "share": style.share, "count": style.count}
    formats = {"money": "#,##0", "share": "0.0%", "count": "#,##0", "date": "yyyy-mm-dd"}
    for name, table in found.result().tables.items():
        rows, sheet = document["tables"][name], book[f"04 {name}"]
        assert [cell.value for cell in sheet[1]] == [key.replace("_", " ") for key in rows[0]]
        for column in table.columns:
            if column.on_page and column.published and column.written is None and column.kind in written:
                known = [row[column.name] for row in rows]
                assert [each[column.name] for each in table.written()] == [
                    "" if value is None else written[column.kind](value) for value in known
                ]
        for at, key in enumerate(rows[0], start=1):
            kind = document["columns"][name][key]["kind"]
            for line, row in enumerate(rows, start=2):
                cell = sheet.cell(line, at)
                if row[key] is not None and kind in formats:
                    assert cell.number_format == formats[kind]
                    same = str(cell.value)[:10] if kind == "date" else cell.value
                    assert same == (row[key] if kind == "date" else pytest.approx(row[key]))


def test_a_departure_costs_what_its_formulas_say(found):
    """By hand: of Ann Rye's sales Alder's 50,000 are bound to her, Birch's 11,000 to us, Gorse's 3,950 to nobody known."""
    ann = found.departures.set_index("account_manager_id").loc["M1"]
    assert (ann["accounts"], ann["revenue"], ann["margin"]) == (3, 64950, 14000 + 2000 + 900)
    assert ann["transition_low"] == pytest.approx(64950 * 0.132)
    assert ann["transition"] == pytest.approx(64950 * 0.154)
    assert ann["transition_high"] == pytest.approx(64950 * 0.176)
    stays = 1 - 0.154
    assert ann["further_person"] == pytest.approx(50000 * 0.6 * stays)
    assert ann["further_company"] == pytest.approx(11000 * 0.1 * stays)
    assert ann["further_unknown"] == pytest.approx(3950 * 0.3 * stays)
    assert ann["further_low"] == pytest.approx((50000 * 0.3 + 11000 * 0.1 + 3950 * 0.1) * stays)
    assert ann["further_high"] == pytest.approx((50000 * 0.6 + 11000 * 0.3 + 3950 * 0.6) * stays)
    gone = {"Alder": 0.6, "Birch": 0.1, "Gorse": 0.3}
    earned = {"Alder": 14000, "Birch": 2000, "Gorse": 900}
    lost = sum(earned[each] * (gone[each] + (1 - gone[each]) * 0.154) for each in gone)
    assert ann["at_risk_margin"] == pytest.approx(lost)


def test_whose_account_is_lost_already_is_nobodys_to_hand_over(found):
    """Elm left: it is none of Bo Lund's accounts, in no share, and misses nobody; Dogwood has nobody."""
    bo = found.departures.set_index("account_manager_id").loc["M2"]
    assert (bo["accounts"], bo["revenue"]) == (2, 26000)
    whole = 50000 + 11000 + 23000 + 7000 + 3000 + 3950
    assert bo["revenue_share"] == pytest.approx(26000 / whole)
    assert found.ownership.unheld["account_name"].tolist() == ["Dogwood"]
    assert "Elm" not in set(found.accounts["account_name"])


def test_every_cell_that_can_be_changed_runs_and_shows_rows(settings):
    """The cells for exploring are in no report: here they run one by one after all the others."""
    known = explored("04_coverage", settings=str(settings))
    assert [type(each).__name__ for each in known] == ["DataFrame"] * 6 + ["Explorer"]
    worth_a_call = known[0]
    assert worth_a_call.empty, "nothing at Bo Lund's accounts reaches the 20,000 that the cell begins with"
    assert all(len(each) for each in known[:-1] if each is not worth_a_call)
