"""The visual language: colours, type, and how numbers are written.

One accent says "look here"; everything else is grey. The colours are those of the pages (templates/tokens.css),
where each has its counterpart in the dark. Blue and red are told apart by colour-blind readers, and bars without
focus stand out from the paper by 3:1, as WCAG asks of graphics.
"""

import math
import re
from datetime import date
from functools import cache

import plotly.graph_objects as go
import plotly.io as pio

from kam_analysis.ledger.settings.period import spoken

ACCENT = "#1F5FBF"
WARNING = "#B42318"
INK = "#14213D"
MUTED = "#52606D"
REST = "#8296AB"
LINE = "#DDE3EA"
PAPER = "#FFFFFF"
FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_MORE_COLOURS = ("#009E73", "#E69F00", "#56B4E9", "#CC79A7")  # of the same two authors
_HOUSE, _PLOTLYS = "kam", "plotly"  # names of templates: ours, and the one that plotly begins with

# A space that does not break, between a number and its unit.
GAP = "\u00a0"
_MINUS = "\u2212"
DASH = "\u2013"  # between the ends of a range
NOT_ASSESSED = "not assessed"


@cache
def template() -> go.layout.Template:
    """The plotly template of every figure."""
    axis = {
        "gridcolor": LINE,
        "linecolor": REST,
        "zerolinecolor": REST,
        "ticks": "",
        "ticklabelstandoff": 6,  # where two axes begin, their labels must not meet
        "ticklabeloverflow": "allow",  # nothing overflows; to look for it takes a browser as long as drawing
        "fixedrange": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": INK},
            "title": {
                "x": 0,
                "xref": "container",
                "xanchor": "left",
                "y": 1,
                "yref": "container",
                "yanchor": "top",
                "pad": {"t": 6, "l": 2},
                "font": {"size": 16},
                "subtitle": {"font": {"size": 12, "color": MUTED}},
            },
            "paper_bgcolor": PAPER,
            "plot_bgcolor": PAPER,
            "colorway": [ACCENT, MUTED, WARNING, REST],
            "margin": {"l": 8, "r": 16, "t": 72, "b": 48},
            "showlegend": False,
            "hoverlabel": {"bgcolor": PAPER, "bordercolor": REST, "font": {"color": INK, "family": FONT}},
            # Room where the labels stand, and nowhere else: a label at the top of a lower panel would take it from
            # the top of the drawing, and all would be drawn a second time.
            "xaxis": {**axis, "automargin": "height"},
            "yaxis": {**axis, "automargin": "width"},
            "separators": ".,",
        }
    )


def by_default() -> None:
    """The template of every figure that is made from now on, unless a user has chosen another.

    Our own charts write names on their lines, know four colours and have no titles on their axes. Where others have
    several series, a legend above the drawing names them, and whatever is written beside an axis gets its room.
    """
    if pio.templates.default in (_PLOTLYS, _HOUSE):
        house = go.layout.Template(template())
        legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "title": {"side": "top"}}
        house.layout.update(showlegend=None, legend=legend, colorway=[*house.layout.colorway, *_MORE_COLOURS])
        for axis in (house.layout.xaxis, house.layout.yaxis):
            axis.update(automargin=True, title={"standoff": 12, "font": {"size": 13}})
        pio.templates[_HOUSE] = house
        pio.templates.default = _HOUSE


def share(value: float, places: int = 1) -> str:
    """A share (0-1) as a percentage: 18.1%. Full precision where one place would say 0 or 100 falsely."""
    if not math.isfinite(value):
        return NOT_ASSESSED
    # What a float's rounding has left over or taken away is nobody's share.
    percent = round(value * 100, 9)
    if 0 < abs(percent) < 0.05:
        return "under 0.1%"
    text = f"{percent:,.{places}f}"
    if text == f"{100:.{places}f}" and percent < 100:
        text = f"over {99.9}"
    return f"{_signed(text)}%"


def points(change: float) -> str:
    """A change of a share in percentage points: +2.0 points."""
    value = change * 100
    if abs(value) < 0.05:
        return "unchanged"
    return f"{'+' if value > 0 else _MINUS}{abs(value):.1f}{GAP}points"


def count(value: float) -> str:
    """A whole number with thousands marks."""
    return _signed(f"{value:,.0f}") if math.isfinite(value) else NOT_ASSESSED


def counted(n: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 customer, 3 customers."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def change(value: float, places: int = 0) -> str:
    """A change of a count: +3, unchanged."""
    if abs(value) < 0.5 * 10**-places:
        return "unchanged"
    return f"{'+' if value > 0 else _MINUS}{abs(value):,.{places}f}"


def decimal(value: float, places: int = 1) -> str:
    """A plain number."""
    return _signed(f"{value:,.{places}f}") if math.isfinite(value) else NOT_ASSESSED


_STEPS = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_CURRENCY = re.compile("[A-Z]{3}")


def money(value: float, unit: str = "") -> str:
    """An amount that a reader can hold, of three significant digits at most, as English writes it: the currency's
    sign where it has a common one, else its code, in front; any other unit behind.

    >>> money(12_400_000, "EUR"), money(-60_000, "USD"), money(60_000)
    ('€12.4m', '−$60k', '60.0k')
    """
    if not math.isfinite(value):
        return NOT_ASSESSED
    number, step = _scaled(abs(value))
    sign = _MINUS if value < 0 and float(number.replace(",", "")) else ""
    return sign + _with_unit(_short(number) if unit else number, step, unit)


def amounts(low: float, high: float, unit: str = "") -> str:
    """A range of money: what both ends have in common once, and no more digits than tell them apart.

    >>> amounts(3_220_000, 4_290_000, "EUR"), amounts(870_000, 1_200_000, "EUR"), amounts(8_570, 11_400)
    ('€3.2–4.3m', '€0.9–1.2m', '9–11k')
    """
    if low == high:
        return money(high, unit)
    written = _as_exact_as(low, high, low, high)
    if written is None or (low > 0 and float(written[0][0].replace(",", "")) == 0):
        return f"{money(low, unit)}{DASH}{money(high, unit)}"
    return _with_unit(DASH.join(written[0]), written[1], unit)


def estimate(value: float, low: float, high: float, unit: str = "") -> str:
    """An amount that is known within a range, with the digits that the range has.

    >>> estimate(15_320_000, 9_090_000, 16_200_000, "EUR"), estimate(3_470_000, 2_060_000, 3_710_000, "EUR")
    ('€15m', '€3.5m')
    """
    written = _as_exact_as(low, high, value)
    return money(value, unit) if written is None or value < 0 else _with_unit(written[0][0], written[1], unit)


def _as_exact_as(low: float, high: float, *amounts: float) -> tuple[list[str], str] | None:
    """Amounts down to the place that half of the range between the ends fills, and their step.

    Two digits of the larger end are always told, and below a thousand the whole units. None where the ends are no range.
    """
    if not 0 <= low < high < math.inf:
        return None
    last = min(math.floor(math.log10((high - low) / 2)), math.floor(math.log10(high)) - 1)
    if high < 1000:
        last = 0 if float(low).is_integer() and float(high).is_integer() else min(last, 0)
    most, *rounded = (round(each / 10.0**last) * 10.0**last for each in (high, *amounts))
    scale, step = _step(most)
    return [f"{each / scale:,.{max(round(math.log10(scale)) - last, 0)}f}" for each in rounded], step


def on_axis(amount: float, unit: str) -> str:
    """An amount beside an axis: €5m, €2.5k; without the unit where that is no currency, for the axis names it."""
    number, step = _scaled(abs(amount))
    mark = unit if _CURRENCY.fullmatch(unit) else ""
    return (_MINUS if amount < 0 else "") + _with_unit(_short(number), step, mark)


def sign(unit: str) -> str:
    """What a heading has for a unit: € for EUR; the code or the unit where there is no common sign."""
    return _SIGNS.get(unit, unit)


def _short(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _with_unit(number: str, step: str, unit: str) -> str:
    if _CURRENCY.fullmatch(unit):
        return f"{_SIGNS.get(unit, unit + GAP)}{number}{step}"
    return f"{number}{step}{GAP}{unit}" if unit else f"{number}{step}"


def _scaled(size: float) -> tuple[str, str]:
    scale, name = _step(size)
    if scale > 1:
        part = size / scale
        return f"{part:,.{max(0, 2 - int(math.log10(max(part, 1))))}f}", name
    return (f"{size:,.0f}" if size >= 100 or size == int(size) else f"{size:,.2f}"), ""


def _step(size: float) -> tuple[float, str]:
    # 999,950 is 1.00m, not 1,000k.
    return next((each for each in _STEPS if size >= each[0] * 0.9995), (1.0, ""))


def exact(value: float, digits: int = 2) -> str:
    """An amount to its minor unit, for reconciliations: 1,234,567.89."""
    return _signed(f"{value:,.{digits}f}") if math.isfinite(value) else NOT_ASSESSED


def day(value: date) -> str:
    """18 Sep 2026; what lasts to the calendar's last day has no end."""
    return "no end" if value >= date.max else spoken(value).replace(" ", GAP)


def _signed(text: str) -> str:
    zero = not any(sign in "123456789" for sign in text)
    return text.lstrip("-") if zero else text.replace("-", _MINUS)


def shortened(name: str, length: int = 26) -> str:
    """A name that fits beside a bar; the whole one is in the table behind the chart."""
    plain = " ".join(name.split())
    # To the last letter: customers of one group or family differ in little more.
    return plain if len(plain) <= length else plain[: length - 1].rstrip(" ,.-&") + "…"


def escaped(text: str) -> str:
    """Text for plotly, which reads a little HTML in labels: a name is shown, never obeyed."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
