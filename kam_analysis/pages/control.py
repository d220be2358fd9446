"""What every first screen says of its total: how much was sold, and how that stands against finance's own."""

from collections.abc import Sequence

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.frames.reconciliation import Control
from kam_analysis.pages import style
from kam_analysis.pages.words import measure_name, unit_of


def control_line(
    ledger: Ledger,
    now: Concentration,
    before: Concentration | None,
    controls: Sequence[Control],
    days: str = "",
    measure: str = "",
) -> str:
    """What was sold, how fresh the data is, and how it stands against finance's own total.

    `days` and `measure` of `now` in words, where they are not the ledger's own.
    """
    sold = style.money(now.total, unit_of(ledger, measure or ledger.measure))
    said = f"{sold} of {measure_name(measure or ledger.measure)}, {days or ledger.period.label}"
    if before is not None and before.total > 0:
        said += f" ({style.change((now.total / before.total - 1) * 100, 1)}% on the year before)"
    whole = [each for each in controls if not each.partly and each.measure == (measure or ledger.measure)]
    if whole:
        last = whole[-1]
        where = "above" if last.difference > 0 else "below"
        amount = style.money(abs(last.difference), ledger.currency)
        part = f" ({style.share(abs(last.difference) / last.finance)})" if last.finance else ""
        same = last.of_months and last.year == (days or ledger.period.label)
        when = "the same months" if same else f"the {last.year}" if last.of_months else last.year
        off = f" are {amount}{part} {where}" if abs(last.difference) >= 0.005 else " equal"
        said += f". Invoices for {when}{off} finance's total"
    elif not ledger.settings.control:
        said += ". Not reconciled with finance: no control total was provided"
    return said + "."
