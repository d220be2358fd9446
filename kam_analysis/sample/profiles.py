"""What kind of customer each entity is: where it sits, what it buys, who looks after it."""

from dataclasses import dataclass

import numpy as np

from kam_analysis.sample.chance import Floats, Integers, stream
from kam_analysis.sample.places import CITIES, CITY, IN_REGION, INDUSTRIES, Names
from kam_analysis.sample.slots import SLOT_WINDOW, SLOTS
from kam_analysis.sample.story import NAMED, PRODUCT_LINES, REGIONS, REITER
from kam_analysis.sample.totals import Size, Totals

# Ids of the account managers in the managers table; the empty one stands for "nobody".
MANAGERS = ("", "M01", "M02", "M03", "M04", "M05", "M06")
# Who looks after a region's tail, and who else; M06 holds Central East and part of DACH.
_BY_REGION = {
    "DACH": ("M02", "M06"),
    "Nordics": ("M03", "M03"),
    "Benelux & France": ("M04", "M04"),
    "UK & Ireland": ("M05", "M05"),
    "Central East": ("M06", "M06"),
}
_REGION_PARTS = (0.34, 0.18, 0.20, 0.18, 0.10)
_INDUSTRY_PARTS = (0.13, 0.15, 0.09, 0.11, 0.15, 0.14, 0.10, 0.05, 0.08)
# Product lines by industry, in the order of PRODUCT_LINES.
_BUYS = np.array(
    [
        (0.36, 0.20, 0.02, 0.14, 0.12, 0.16),
        (0.26, 0.16, 0.06, 0.26, 0.11, 0.15),
        (0.24, 0.22, 0.04, 0.08, 0.20, 0.22),
        (0.32, 0.16, 0.07, 0.10, 0.17, 0.18),
        (0.18, 0.10, 0.07, 0.42, 0.09, 0.14),
        (0.30, 0.18, 0.10, 0.10, 0.15, 0.17),
        (0.26, 0.12, 0.03, 0.22, 0.12, 0.25),
        (0.22, 0.36, 0.05, 0.07, 0.15, 0.15),
        (0.22, 0.10, 0.08, 0.36, 0.08, 0.16),
    ]
)
# No account of the tail may become key for a small line, however one-sided its taste.
_MOST_OF_LINE = np.array([0.7, 0.6, 0.25, 0.5, 0.4, 0.4])
_AVERAGE = np.array([0.34, 0.26, 0.06, 0.09, 0.14, 0.11])


@dataclass(frozen=True)
class Profiles:
    """By entity: name, city and industry by number, parts of lines and regions, manager now and before `handed_over`."""

    names: tuple[str, ...]
    city: Integers
    industry: Integers
    lines: Floats
    regions: Floats
    manager: Integers
    manager_before: Integers
    handed_over: Integers

    @property
    def in_zloty(self) -> np.ndarray:
        """Which entities are invoiced in zlotys: the Polish ones."""
        polish = np.array([city.country == "PL" for city in CITIES])
        return np.asarray(polish[self.city])


def profiles(totals: Totals, size: Size) -> Profiles:
    """The story's entities as told, the tail drawn, the three outside entities last."""
    count = len(totals.customer) - len(NAMED) - 3
    rng = stream(size.seed, "profiles")
    roles = totals.roles[len(NAMED) : -3]
    region = _draw(rng.random(count), _REGION_PARTS)
    region[roles == "Reiter"] = REGIONS.index("DACH")
    city = _cities(region, rng.random(count))
    industry = _draw(rng.random(count), _INDUSTRY_PARTS)
    lines = _tail_lines(industry, rng.random((count, len(PRODUCT_LINES))))
    regions = _tail_regions(
        region, rng.random((2, count)), np.array([CITIES[n].country == "PL" for n in city.tolist()])
    )
    manager, before, handed = _tail_managers(region, roles, rng.random((4, count)))
    issuer = Names()
    names = [entity.name for entity in NAMED] + [
        issuer.next(CITIES[c], i) for c, i in zip(city.tolist(), industry.tolist(), strict=True)
    ]
    story_manager = [MANAGERS.index(entity.manager) for entity in NAMED]
    return Profiles(
        (*names, "Lindmark Iberia SL", "One-time customers", ""),
        np.concatenate([[CITIES.index(CITY[entity.city]) for entity in NAMED], city, [0, 0, 0]]),
        np.concatenate([[_industry(entity.industry) for entity in NAMED], industry, [-1, -1, -1]]),
        np.vstack([_story_parts("lines", PRODUCT_LINES), lines, [_AVERAGE] * 3]),
        np.vstack([_story_parts("regions", REGIONS), regions, [[0, 0, 1.0, 0, 0]], [_REGION_PARTS] * 2]),
        np.concatenate([story_manager, manager, [0, 0, 0]]),
        np.concatenate([story_manager, before, [0, 0, 0]]),
        np.concatenate([np.zeros(len(NAMED), dtype=np.int64), handed, [0, 0, 0]]),
    )


def _draw(draws: Floats, parts: tuple[float, ...]) -> Integers:
    return np.searchsorted(np.cumsum(parts)[:-1], draws, side="right").astype(np.int64)


def _industry(name: str) -> int:
    return INDUSTRIES.index(name) if name in INDUSTRIES else -1


def _story_parts(field: str, names: tuple[str, ...]) -> Floats:
    return np.array([[getattr(entity, field).get(name, 0.0) for name in names] for entity in NAMED])


def _cities(region: Integers, draws: Floats) -> Integers:
    result = np.zeros(len(region), dtype=np.int64)
    for number, name in enumerate(REGIONS):
        here = region == number
        choices = np.array(IN_REGION[name])
        result[here] = choices[(draws[here] * len(choices)).astype(np.int64)]
    return result


def _tail_lines(industry: Integers, draws: Floats) -> Floats:
    taste = _BUYS[industry] * (0.3 + 2.8 * draws * draws)
    taste = np.minimum(taste / taste.sum(axis=1, keepdims=True), _MOST_OF_LINE)
    return np.asarray(taste / taste.sum(axis=1, keepdims=True))


def _tail_regions(region: Integers, draws: Floats, polish: np.ndarray) -> Floats:
    """One region, or two for one account in six: never enough to count as a national account."""
    parts = np.zeros((len(region), len(REGIONS)))
    row = np.arange(len(region))
    other = (region + 1 + (draws[1] * (len(REGIONS) - 1)).astype(np.int64)) % len(REGIONS)
    second = np.where((draws[0] < 1 / 6) & ~polish, 0.3, 0.0)
    parts[row, other] = second
    parts[row, region] = 1.0 - second
    return parts


def _tail_managers(region: Integers, roles: np.ndarray, draws: Floats) -> tuple[Integers, Integers, Integers]:
    """Manager now, manager before, and the slot of the hand-over; one small account in twenty has nobody."""
    first = np.array([MANAGERS.index(_BY_REGION[name][0]) for name in REGIONS])[region]
    second = np.array([MANAGERS.index(_BY_REGION[name][1]) for name in REGIONS])[region]
    manager = np.where(draws[0] < 0.65, first, second)
    manager[(roles == "small") & (draws[1] < 0.05)] = 0
    manager[roles == "Reiter"] = MANAGERS.index(REITER)
    others = 2 + (draws[2] * (len(MANAGERS) - 2)).astype(np.int64)
    changed = (draws[3] < 0.12) & (manager > 0)
    start = int(np.flatnonzero(SLOT_WINDOW == 1)[0])
    handed = start + (draws[2] * (len(SLOTS) - start - 4)).astype(np.int64)
    return manager, np.where(changed, others, manager), np.where(changed, handed, 0)
