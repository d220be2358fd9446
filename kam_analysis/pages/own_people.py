"""Our own people as pages need them for what is to be done: who they are, who they report to, until when they are here."""

from datetime import date
from typing import Any

import pandas as pd

from kam_analysis.analysis.plans import Person
from kam_analysis.pages.known_values import day_of, known_rows, text_of


class OurPeople:
    """Our own people, by id and by name."""

    def __init__(self, staff: pd.DataFrame, as_of: date) -> None:
        self._as_of = as_of
        rows = known_rows(staff)
        self._rows = {str(row["manager_id"]): row for row in rows}
        self._by_name = {str(row["manager_name"]): row for row in rows if text_of(row, "manager_name")}

    def person(self, manager_id: str) -> Person | None:
        """Somebody by their id; None for nobody."""
        if not manager_id:
            return None
        row = self._rows.get(manager_id, {})
        leaves, announced = day_of(row, "leaving_on"), day_of(row, "announced_on")
        return Person(
            person_id=manager_id,
            name=text_of(row, "manager_name") or manager_id,
            leaves=None if leaves is None or leaves.year == date.max.year else leaves,
            joins=text_of(row, "joins"),
            told=announced is not None and announced <= self._as_of,
        )

    def called(self, name: str) -> Person | None:
        """Somebody by their name or id, as a task names its owner."""
        row = self._by_name.get(name) or self._rows.get(name)
        return self.person(str(row["manager_id"])) if row else None

    def above(self, manager_id: str) -> list[Person]:
        """Who the manager reports to, and whom these report to."""
        found: list[str] = []
        at = text_of(self._rows.get(manager_id, {}), "superior_id")
        while at and at not in found and at != manager_id:
            found.append(at)
            at = text_of(self._rows.get(at, {}), "superior_id")
        return [each for each in map(self.person, found) if each is not None]

    def sponsor(self, above: list[Person], day: date) -> Person | None:
        """The nearest executive above who is here on that day, else any executive."""
        executives = [self.person(key) for key, row in sorted(self._rows.items()) if _executive(row)]
        nearest = [each for each in above if _executive(self._rows.get(each.person_id, {}))]
        return next((each for each in [*nearest, *executives] if each and each.here_on(day)), None)


def _executive(row: dict[Any, Any]) -> bool:
    return text_of(row, "level") == "executive"
