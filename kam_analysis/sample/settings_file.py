"""The sample's `kam.toml`, commented as a sales-ops user would write it."""

from kam_analysis.ledger.settings.settings import TABLES
from kam_analysis.sample.company import Company
from kam_analysis.sample.story import IBERIA, ONE_TIME

FIRST_LINE = "# Lindmark Flow Controls, the sample company (synthetic; made by: kam sample)"
ZLOTY = "0.235"
# Year-end rebates that finance booked outside the invoices, as a part of the year's invoices.
_REBATES = {2024: 0.0117, 2025: 0.0124}


def finance_total(company: Company, year: int) -> int:
    """Finance's revenue of a calendar year in cents: every invoice less the year-end rebates."""
    invoiced = company.invoiced(year)
    return invoiced - round(invoiced * _REBATES[year])


def settings_text(company: Company, transactions: str) -> str:
    """The settings file for tables beside it; `transactions` is the file or glob of the largest."""
    totals = ", ".join(f"{year} = {_amount(finance_total(company, year))}" for year in _REBATES)
    small = "\n\n".join(
        f'[tables.{name}]\nfile = "{name}.csv"' for name in TABLES if name not in ("transactions", "parents")
    )
    return _TEMPLATE.format(
        first=FIRST_LINE,
        transactions=transactions,
        small=small,
        totals=totals,
        iberia=IBERIA,
        one_time=ONE_TIME,
        zloty=ZLOTY,
    )


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


_TEMPLATE = """{first}
# Where our data is and how it is to be read. Every key is explained in README.md of the workbook.

name = "Lindmark Flow Controls"
currency = "EUR"                # what reports are told in
period = "last_12_months"       # up to the last invoice in the export; set as_of = 2026-08-31 to look from a month's end
measure = "revenue"
parents = true                  # Aldermoor's seven companies are one customer

# Invoice lines from the ERP, credit notes with their minus sign. The columns have our names already.
[tables.transactions]
file = "{transactions}"

{small}

[fiscal]
year_starts = 1

# Finance's own totals. They are for the company alone, so sales to Lindmark Iberia are inside; the
# year-end rebates (about 1 % of sales) are booked outside the invoices, so the invoices come out higher.
[control]
revenue = {{ {totals} }}

# Not customers: our own subsidiary, and the account on which the ERP books whoever buys once.
[exclude]
accounts = ["{iberia}", "{one_time}"]

# Poland is invoiced in zlotys. EUR per PLN, controlling's planning rate.
[rates]
PLN = {zloty}

# A slump in shipbuilding would hit all our marine customers in the same year.
[causes.marine_downturn]
where = {{ industry = "Marine" }}
probability = 0.08
loss_probability = 0.15
source = "head of sales' estimate, September 2026: one weak shipbuilding cycle in twelve years"

# What our data cannot tell.
[assumptions.follow_rate]       # part of a manager's customers' sales that follows to a competitor
value = 0.3
low = 0.1
high = 0.6
source = "sales director's estimate, September 2026; no published rate exists"

[assumptions.sales_cycle_months]
value = 5.5
low = 4
high = 7.5
source = "CRM, opportunities won since January 2025: median and quartiles, rounded"

[assumptions.ramp_months]       # from the first order to full sales of a new customer
value = 6
low = 3
high = 12
source = "sales director's estimate, September 2026"

[assumptions.fixed_cost_share]  # part of all margin that pays for what stays when an account goes
value = 0.82
low = 0.78
high = 0.86
source = "controlling, 2025: overheads by gross margin"

[assumptions.fixed_cost_cut]    # part of the fixed costs that a lost customer paid for, which can be cut
value = 0.25
low = 0.1
high = 0.4
source = "controlling, September 2026: temporary staff and one assembly line"

[assumptions.fixed_cost_cut_months]
value = 6
low = 4
high = 9
source = "controlling, September 2026: notice periods of staff and leases"

[assumptions.renewal_concession]  # part of the price that is given up so that a framework contract is renewed
value = 0.03
low = 0.02
high = 0.05
source = "sales director, September 2026: the framework renewals of 2024 and 2025"

[assumptions.keeping_cost]      # EUR a year for a second senior contact and a deputy at one account
value = 60000
low = 40000
high = 90000
source = "key-account budget 2027, draft"

[assumptions.cost_per_hour]     # EUR for an hour of an account manager, travel included
value = 85
low = 65
high = 110
source = "controlling, 2025: cost of sales staff by hours with customers"

# People. What grew, held or slipped and where hours go is told for each account manager: agreed with the works council in
# 2025. Without that agreement leave it out: 04_coverage then tells it per team. docs/people.md of the workbook says more.
[people]
individuals = true

# What every run looks at; what is new since the run of the date before is said, and in alerts.json.
[alerts]
fall = 0.20                     # six months this much below the year before, and more than usual for that customer
share = 0.15                    # a customer with more than this of all sales
notice_days = 60                # a last day for notice that is as near as this
calls = true                    # yearly executive calls that are overdue
"""
