"""The five figures that leadership watches: another page's value, its change, and whether that is more than usual."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kam_analysis.ledger.settings.period import months_back
from kam_analysis.pages import style
from kam_analysis.pages.history import History
from kam_analysis.pages.leadership_brief.other_pages import DEPENDENCE, KEYS, LOSSES, PEOPLE, Pages
from kam_analysis.pages.results import Figure
from kam_analysis.pages.words import headed, said_in

say = said_in(__file__)

_MOST = 5
_TWO_YEARS = 24  # months
# Fewer earlier reports than this say nothing of what is usual.
_FEWEST = 4
# Without a range, a change of so much of the value is told; our own choice.
_FAR = 0.1
WITHIN, ABOVE, BELOW = say("figures.within"), say("figures.above"), say("figures.below")
# The first five that are assessed; those of the sales themselves where no other table is there.
_WATCHED = (
    (DEPENDENCE, "revenue_in_shares"),
    (DEPENDENCE, "top_5_share"),
    (LOSSES, "worst_case_top_1"),
    (LOSSES, "bad_year_loss"),
    (PEOPLE, "executive_calls_overdue"),
    (KEYS, "key_accounts"),
    (DEPENDENCE, "kept_share"),
    (DEPENDENCE, "top_1_share"),
    (DEPENDENCE, "effective_accounts"),
)
# More of these is good for us, more of those bad; more key accounts are neither.
_GOOD = ("revenue_in_shares", "kept_share", "effective_accounts")
_BAD = ("top_5_share", "top_1_share", "worst_case_top_1", "bad_year_loss", "executive_calls_overdue")
# Of these, 01 tells the course over two years.
_COURSE = {
    "revenue_in_shares": "total",
    "top_5_share": "top_5_share",
    "top_1_share": "top_1_share",
    "effective_accounts": "effective_accounts",
}


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One of the five: `figure` as `report` publishes it under `name`, `before` as of the earlier day (None: unknown).

    `low` and `high` are the ends of what it was in two years, None where too little is known; `course` is all of that.
    """

    report: str
    name: str
    label: str
    figure: Figure
    before: float | None = None
    low: float | None = None
    high: float | None = None
    course: Sequence[float] = ()

    @property
    def value(self) -> float:
        """The value today."""
        assert self.figure.value is not None
        return self.figure.value

    @property
    def reading(self) -> str:
        """Where it stands against its own range; empty where that is not known."""
        if self.low is None or self.high is None:
            return ""
        return BELOW if self.value < self.low else ABOVE if self.value > self.high else WITHIN

    @property
    def written(self) -> str:
        """The value as pages write it."""
        return written(self.value, self.figure.unit)

    @property
    def change(self) -> str:
        """The change since the earlier day, with its sign; empty where that is not known."""
        if self.before is None:
            return ""
        if self.figure.unit == "share":
            return style.points(self.value - self.before)
        if self.figure.unit in ("accounts", "count"):
            return style.change(self.value - self.before)
        if not self.before > 0:
            return ""
        part = self.value / self.before - 1
        return "unchanged" if abs(part) < 0.0005 else f"{'+' if part > 0 else ''}{style.share(part)}"


def written(value: float, unit: str) -> str:
    """A figure's value as pages write it, by its unit."""
    if unit == "share":
        return style.share(value)
    if unit in ("accounts", "count"):
        return style.count(value)
    return style.money(value, "" if unit == "amount" else unit)


def watched(now: Pages, before: Pages | None, history: History) -> list[Watched]:
    """The first five that are assessed today."""
    found: list[Watched] = []
    labels = _labels(now)
    customers = now.figure(DEPENDENCE, "accounts")
    few = customers is not None and (customers.value or 0) <= _MOST
    for report, name in _WATCHED:
        if few and name == "top_5_share":  # of so few that is always all
            continue
        figure = now.figure(report, name)
        if figure is None or len(found) == _MOST:
            continue
        earlier = before.figure(report, name) if before is not None and _alike(now, before, report) else None
        range_ = _range(now, history, report=report, name=name)
        found.append(
            Watched(
                report=report,
                name=name,
                label=labels[name],
                figure=figure,
                before=earlier.value if earlier is not None else None,
                low=min(range_, default=None),
                high=max(range_, default=None),
                course=(*range_, float(figure.value or 0)) if range_ else (),
            )
        )
    return found


def _alike(now: Pages, before: Pages, report: str) -> bool:
    """Whether a page's periods on both days are as long: all data to a later day is more, and no change.

    03 and 04 are always of twelve months.
    """
    if report in (LOSSES, PEOPLE):
        return True
    of = [each.results[report].provenance for each in (now, before) if report in each.results]
    days = [date.fromisoformat(each["last_day"]) - date.fromisoformat(each["first_day"]) for each in of]
    return len(days) == 2 and abs(days[0] - days[1]) <= timedelta(days=1)


def _labels(now: Pages) -> dict[str, str]:
    """What each figure is called, by its name."""
    found, losses = now.dependence, now.losses
    measure, days, earned = "Sales", "", "Sales" if losses is None else headed(losses.earned)
    if found is not None:
        year = found.about.provenance["parameters"]["period"] == "last_12_months"
        days = say("figures.of_twelve_months") if year else say("figures.of_period", period=found.about.period.label)
        measure = headed(found.about.measure_words)
    return {
        "revenue_in_shares": say("figures.sales", measure=measure, days=days),
        "top_5_share": say("figures.five"),
        "worst_case_top_1": say("figures.largest_goes", earned=earned),
        "bad_year_loss": say("figures.bad_year", earned=earned),
        "executive_calls_overdue": say("figures.not_called"),
        "key_accounts": say("figures.key_accounts"),
        "kept_share": say("figures.kept"),
        "top_1_share": say("figures.largest"),
        "effective_accounts": say("figures.effective"),
    }


def tone(watched: Watched) -> str:
    """Whether a change is good or bad for us; empty where it is neither, or nothing changed that a reader sees."""
    if watched.before is None or not any(sign in "123456789" for sign in watched.change):
        return ""
    more = watched.value > watched.before
    if watched.name in _GOOD:
        return "good" if more else "bad"
    return ("bad" if more else "good") if watched.name in _BAD else ""


def _range(now: Pages, history: History, *, report: str, name: str) -> list[float]:
    """What it was in two years: by 01's course of twelve months at a time, else as earlier reports printed it."""
    found, result = now.dependence, now.results[report]
    parameters = result.provenance["parameters"]
    if name in _COURSE and found is not None and parameters["period"] == "last_12_months":
        course = found.trend[_COURSE[name]].dropna().tail(_TWO_YEARS).tolist() if len(found.trend) else []
        return course if len(course) >= _FEWEST else []
    since: date = months_back(now.as_of, _TWO_YEARS)
    course = history.course(report, name, since=since, until=now.as_of, parameters=parameters)
    return course if len(course) >= _FEWEST else []


def outside(found: list[Watched]) -> Iterator[Watched]:
    """Those that moved out of their own range."""
    return (each for each in found if each.reading in (ABOVE, BELOW))


def far(found: list[Watched]) -> Iterator[Watched]:
    """Those whose range is not known and which moved by a tenth or more."""
    for each in found:
        if not each.reading and each.before and abs(each.value / each.before - 1) >= _FAR:
            yield each
