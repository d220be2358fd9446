"""People under the names that the settings allow, in every table and frame that leaves the ledger.

With names in full nothing is changed. Otherwise no id and no name of a person gets further than here: a report that
does not ask for them cannot show them. What is checked, and what `kam check` says to whoever keeps the data, has them.
"""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

import pandas as pd

from kam_analysis.errors import Problem
from kam_analysis.ledger.settings.settings import TABLES, Settings, TableSource

# Texts about a person, or in which people are named.
FREE_TEXTS = ("interests", "approach")
_OURS, _PEOPLE = "managers", ("managers", "contacts")
_PERSONS, _NAMES = ("manager_id", "contact_id"), ("contact_name", "by")
_LEVELS = {"superior": "Head of team", "executive": "Executive"}
_MANAGER = "Account manager"


class People:
    """How people are told. `settings` say how they are named; `managers` is the company's own table, None where there is
    none: then the ids that name `others`, on accounts and sales, are all that is known of them, and are their names."""

    def __init__(self, settings: Settings, managers: pd.DataFrame | None, others: pd.Series | None = None) -> None:
        self._settings, self.full = settings, settings.names == "full"
        self._managers, self._codes = managers, dict[str, str]()
        if self.full:
            self._named: dict[str, str] = {}
        elif managers is not None:
            self._named = _told_apart(self._names_of(managers))
        else:
            ids = pd.Series(dtype="str") if others is None else others.drop_duplicates().sort_values(ignore_index=True)
            self._named = self._codes = _told_apart(self._names_of(pd.DataFrame({"manager_id": ids})))

    def code(self, ids: pd.Series) -> pd.Series:
        """Ids of our own people as frames have them; the same person has the same one in every run."""
        if self.full:
            return ids
        made = {each: self._code(each) for each in ids.dropna().unique()}
        return ids.map(made).astype(ids.dtype)

    def code_of(self, person_id: str) -> str:
        """The same for one id."""
        return person_id if self.full or not person_id else self._code(person_id)

    def known(self, said: str) -> str:
        """The id that frames have, for an id as the company writes it or as frames have it."""
        ours = () if self._managers is None else self._managers["manager_id"].astype(str)
        return self.code_of(said) if said in {*ours, *self._codes} else said

    def told(self, frame: pd.DataFrame, table: str) -> pd.DataFrame:
        """A small table's frame with people as the settings allow; texts about persons are left out."""
        if self.full:
            return frame
        ids = [each.name for each in TABLES[table].columns if each.refers_to == _OURS or each.name in _PERSONS]
        found = {name: self.code(frame[name]) for name in ids if name in frame}
        if table == _OURS:
            found["manager_name"] = frame["manager_id"].map(self._named).astype("str")
        found |= {name: frame[name].map(self._short).astype("str") for name in _NAMES if name in frame}
        if "owner" in frame:
            called = self._called()
            found["owner"] = frame["owner"].map(lambda said: called.get(said) or self._short(said)).astype("str")
        return frame.assign(**found).drop(columns=list(FREE_TEXTS), errors="ignore")

    def without(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """What was noticed, as a page may show it: examples that are people's ids are left out."""
        if self.full:
            return tuple(problems)
        tables = {source.file or source.table or name for name, source in self._of_people()}
        columns = {
            source.columns.get(column.name, column.name)
            for name, source in self._settings.tables.items()
            for column in TABLES[name].columns
            if column.refers_to in _PEOPLE or column.name in (*_PERSONS, *_NAMES, "owner")
        }
        return tuple(
            replace(each, examples=()) if each.table in tables or each.column in columns else each for each in problems
        )

    def _of_people(self) -> list[tuple[str, TableSource]]:
        return [(name, source) for name, source in self._settings.tables.items() if name in _PEOPLE]

    def _code(self, person_id: str) -> str:
        """Not to be resolved at sight; it is no secret from whoever has the company's own list of people."""
        if person_id in self._codes:
            return self._codes[person_id]
        return "p" + sha256(f"{self._settings.name}/{person_id}".encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def _names_of(self, managers: pd.DataFrame) -> dict[str, str]:
        """What each of ours is called, by id."""
        ids = managers["manager_id"].astype(str)
        if self._settings.names == "initials":
            names = managers["manager_name"].fillna(managers["manager_id"]) if "manager_name" in managers else ids
            return {one: str(initials(name)) for one, name in zip(ids, names, strict=True)}
        levels = managers["level"] if "level" in managers else pd.Series("", managers.index)
        roles = levels.map(_LEVELS).fillna(_MANAGER)
        # By a fingerprint, so that the letters are in no order that anybody knows, and stay from run to run.
        order = ids.map(lambda one: sha256(one.encode("utf-8", "surrogatepass")).hexdigest())
        rows = pd.DataFrame({"id": ids, "role": roles, "order": order}).sort_values("order")
        at = rows.groupby("role").cumcount()
        return {one: f"{role} {_letters(place)}" for one, role, place in zip(rows["id"], rows["role"], at, strict=True)}

    def _called(self) -> dict[str, str]:
        """Ours by id and by full name, as a task names its owner."""
        if self._managers is None or "manager_name" not in self._managers:
            return self._named
        rows = self._managers.dropna(subset="manager_name")
        ids, names = rows["manager_id"].astype(str), rows["manager_name"].astype(str)
        return {**self._named, **{name: self._named[one] for one, name in zip(ids, names, strict=True)}}

    def _short(self, name: object) -> object:
        return initials(name) if self._settings.names == "initials" else None


def _told_apart(names: dict[str, str]) -> dict[str, str]:
    """Two who are called alike are counted: J. R., J. R. 2."""
    seen: dict[str, int] = {}
    found = {}
    for one, name in sorted(names.items()):
        seen[name] = seen.get(name, 0) + 1
        found[one] = name if seen[name] == 1 else f"{name} {seen[name]}"
    return found


def initials(name: object) -> object:
    """Jonas Reiter as J. R.; what is no name stays as it is.

    >>> initials("Jonas Reiter")
    'J. R.'
    """
    return " ".join(f"{part[0]}." for part in name.split()) if isinstance(name, str) else name


def _letters(at: int) -> str:
    """0 as A, 25 as Z, 26 as AA."""
    return (_letters(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)
