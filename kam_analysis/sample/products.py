"""The articles of Lindmark Flow Controls with their list prices, and which article fits an amount."""

import numpy as np

from kam_analysis.sample.chance import Floats, Integers
from kam_analysis.sample.story import PRODUCT_LINES

_SIZES = (("DN25", 0.45), ("DN50", 0.7), ("DN80", 1.0), ("DN100", 1.35), ("DN150", 2.0), ("DN200", 2.9), ("DN300", 4.6))
_POWERS = (("1.5 kW", 0.5), ("4 kW", 0.8), ("7.5 kW", 1.15), ("15 kW", 1.8), ("30 kW", 2.9), ("55 kW", 4.6))
_KITS = (("25", 0.35), ("50", 0.6), ("80", 1.0), ("100", 1.5), ("150", 2.3), ("200", 3.4))
_SKID_SIZES = (("S", 0.6), ("M", 1.0), ("L", 1.6), ("XL", 2.5))
_SPARE_SIZES = (("A", 0.55), ("B", 0.8), ("C", 1.2), ("D", 1.8), ("E", 2.7))
_STAYS = (("half day", 0.55), ("1 day", 1.0), ("2 days", 1.9), ("week", 4.4))

# By product line: kinds of article with the list price in EUR of the middle size, and the sizes.
_RANGE: dict[str, tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]] = {
    "Valves": ((("Gate valve", 420), ("Butterfly valve", 310), ("Check valve", 265), ("Control valve", 1_850)), _SIZES),
    "Pumps": ((("Centrifugal pump", 2_900), ("Vertical pump", 1_700), ("Screw pump", 5_200)), _POWERS),
    "Seals": ((("Gasket set", 38), ("Mechanical seal", 290), ("Cartridge seal", 760)), _KITS),
    "Skids": ((("Skid control unit", 4_900), ("Metering skid", 46_000), ("Dosing skid", 28_000)), _SKID_SIZES),
    "Spares": ((("Actuator spare kit", 240), ("Impeller", 520), ("Bearing kit", 145)), _SPARE_SIZES),
    "Service": ((("Commissioning", 1_250), ("Overhaul on site", 1_600), ("Calibration", 680)), _STAYS),
}
# The most pieces that one invoice line usually has, in the order of PRODUCT_LINES.
_PIECES = np.array([28.0, 6.0, 60.0, 2.0, 30.0, 6.0])


def _articles(line: str) -> list[tuple[int, str]]:
    kinds, sizes = _RANGE[line]
    return sorted((round(price * factor) * 100, f"{kind} {size}") for kind, price in kinds for size, factor in sizes)


_BY_LINE = [_articles(line) for line in PRODUCT_LINES]
ARTICLES = tuple(name for articles in _BY_LINE for _, name in articles)
_FIRST = np.cumsum([0, *map(len, _BY_LINE)])


def choose_articles(line: Integers, cents: Integers, draws: Floats) -> tuple[Integers, Integers]:
    """For each invoice line the number of its article in ARTICLES and its quantity (at least 1).

    The quantity is drawn first, then the article whose list price comes nearest; so the price per
    piece stays near the list. Amounts below the cheapest article become one piece of it.
    """
    article, quantity = np.zeros(len(line), dtype=np.int64), np.ones(len(line), dtype=np.int64)
    for number, articles in enumerate(_BY_LINE):
        here = np.flatnonzero(line == number)
        prices = np.array([price for price, _ in articles], dtype=float)
        pieces = 1.0 + (_PIECES[number] - 1.0) * draws[here] * draws[here]
        nearest = np.searchsorted((prices[1:] + prices[:-1]) / 2, cents[here] / pieces)
        article[here] = _FIRST[number] + nearest
        quantity[here] = np.maximum(1, np.rint(cents[here] / prices[nearest])).astype(np.int64)
    return article, quantity
