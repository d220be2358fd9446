"""The periods that a reader may choose: those that settings can name."""

from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import LAST_12_MONTHS, fiscal_year, spoken

_MOST_YEARS = 10


def periods(ledger: Ledger) -> dict[str, str]:
    """Each period as the settings write it, in words: the last twelve months, fiscal years, all data.

    Years that the data reaches into, the latest first; what the ledger was opened with is among them.
    """
    found = {LAST_12_MONTHS: "Last 12 months"}
    latest = ledger.year_to_date().last.year + (ledger.year_to_date().first.year < ledger.as_of.year)
    for year in range(latest, latest - _MOST_YEARS, -1):
        days = fiscal_year(year, ledger.settings.year_starts)
        if days.first <= ledger.as_of and days.last >= ledger.overview.first:
            label = days.label[:1].upper() + days.label[1:]
            found[str(year)] = label + (f" to {spoken(ledger.as_of)}" if days.last > ledger.as_of else "")
    found["all"] = f"All data, from {spoken(ledger.overview.first)}"
    return found | ({} if ledger.period_as_written in found else {ledger.period_as_written: ledger.period.label})
