"""What every first screen says of its total: how much was sold, and how that stands against finance's own."""

from collections.abc import Sequence

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.frames.reconciliation import Control
from kam_analysis.pages import style
from kam_analysis.pages.sentences import said_in
from kam_analysis.pages.words import measure_name, unit_of

say = said_in(__file__)


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
    of, label = measure or ledger.measure, days or ledger.period.label
    told = {"money": style.money(now.total, unit_of(ledger, of)), "measure": measure_name(of), "days": label}
    said = say("first_screen.sold", **told)
    if before is not None and before.total > 0:
        said = say("first_screen.sold_change", **told, change=style.change((now.total / before.total - 1) * 100, 1))
    whole = [each for each in controls if not each.partly and each.measure == of]
    if whole:
        return f"{said} {_against(whole[-1], label, ledger.currency)}"
    return said if ledger.settings.control else f"{said} {say('first_screen.no_control')}"


def _against(last: Control, days: str, currency: str) -> str:
    when = f"the {last.year}" if last.of_months else last.year
    if last.of_months and last.year == days:
        when = say("first_screen.same_months")
    if abs(last.difference) < 0.005:
        return say("first_screen.control_equal", when=when)
    part = f" ({style.share(abs(last.difference) / last.finance)})" if last.finance else ""
    amount = style.money(abs(last.difference), currency) + part
    above = last.difference > 0
    return say("first_screen.control_above" if above else "first_screen.control_below", when=when, amount=amount)
