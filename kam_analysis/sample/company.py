"""The whole sample company before it is written: sizes, sales, customers, cells."""

from dataclasses import dataclass

import numpy as np

from kam_analysis.sample.cells import Cells, cells
from kam_analysis.sample.chance import Integers
from kam_analysis.sample.months import Months
from kam_analysis.sample.places import CITIES, City
from kam_analysis.sample.profiles import Profiles, profiles
from kam_analysis.sample.slots import SLOTS
from kam_analysis.sample.totals import Size, Totals, account_totals

# Rows that the mess adds: two invoices on mistyped ids with their credits, six exact duplicates.
MISTYPED_ROWS, DUPLICATES = 4, 6
# Nobody writes down who works at a million small customers: people are known at the largest.
_MOST_KNOWN = 20_000


@dataclass(frozen=True)
class Company:
    """What every table is made from."""

    size: Size
    totals: Totals
    who: Profiles
    cells: Cells

    @property
    def last_year(self) -> Integers:
        """Cents by entity in the last twelve months."""
        return self.totals.cents[:, 2]

    @property
    def customers(self) -> Integers:
        """The entities of the customer master that are in the shares."""
        return np.flatnonzero(self.totals.in_shares)

    @property
    def known(self) -> list[int]:
        """The customers at which contacts and talks are noted."""
        return self.customers[:_MOST_KNOWN].tolist()

    def with_role(self, *roles: str) -> list[int]:
        """The customers that play one of these parts in the story, by number."""
        return self.customers[np.isin(self.totals.roles[self.customers], roles)].tolist()

    def city(self, entity: int) -> City:
        """Where the entity sits."""
        return CITIES[int(self.who.city[entity])]

    def invoiced(self, year: int) -> int:
        """Cents of every row of a calendar year, intercompany and all, as an accountant would add them."""
        inside = np.array([slot.first.year == year for slot in SLOTS])
        return int(self.cells.revenue[inside[self.cells.slot]].sum())


def build(size: Size) -> Company:
    """Draw the company of a size; the same size and seed give the same company."""
    months = Months(account_totals(size), size)
    who = profiles(months.totals, size)
    rows = size.rows - MISTYPED_ROWS - DUPLICATES
    return Company(size, months.totals, who, cells(months, who, size, rows))
