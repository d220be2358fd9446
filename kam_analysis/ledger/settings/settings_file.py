"""Reads a `kam.toml`: what each section means, and `Settings` of it all."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from kam_analysis.errors import SettingsError, nearest
from kam_analysis.ledger.settings.addresses import is_address
from kam_analysis.ledger.settings.ids import LOOKED_PAST, looked_past, plain_id
from kam_analysis.ledger.settings.period import FIRST_DAY, LAST_DAY, usable
from kam_analysis.ledger.settings.secrets import Secret, may_hold_password, resolve, variable_of
from kam_analysis.ledger.settings.sections import fits, layout_faults, named
from kam_analysis.ledger.settings.settings import BUILT_IN_MEASURES, TABLES, Measure, Settings, TableSource
from kam_analysis.ledger.settings.settings_figures import Figures
from kam_analysis.ledger.settings.settings_text import BACKSLASHES, read_document

_MOST_ROWS = 1_048_576  # of a worksheet; no report has a longer title
_MOST_MONTHS = 1_200


def load_settings(path: str | Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check one settings file.

    Raises `SettingsError` that carries every problem found: unreadable TOML, unknown keys (with
    the nearest known one), wrong types, values out of range, environment variables not set, a
    password written into the file.
    """
    path = Path(path)
    return _Reader(read_document(path), path, os.environ if environ is None else environ).settings()


class _Reader(Figures):
    """What each section of a `kam.toml` means."""

    def __init__(self, document: dict[str, Any], path: Path, environ: Mapping[str, str]) -> None:
        super().__init__(path.name)
        self.document, self.path, self.environ = document, path, environ
        self.data_at = ""

    def settings(self) -> Settings:
        self.top = self.section(self.document, "", _TOP)
        connection = self.section(self.top.get("connection", {}), "connection", {"url": str})
        fiscal = self.section(self.top.get("fiscal", {}), "fiscal", {"year_starts": int})
        if not 1 <= fiscal.get("year_starts", 1) <= 12:
            rule = f"expected a month 1-12, got {named(fiscal.pop('year_starts'))}"
            self.complain("fiscal.year_starts", rule, "give the month in which the fiscal year starts")
        exclude = self.section(self.top.get("exclude", {}), "exclude", {"accounts": list, "products": list})
        people = self.people()
        measures = self.measures()
        plain = {key: self.top[key] for key in ("name", "period", "parents") if key in self.top}
        result = {
            "path": self.path,
            "data_dir": self.data_dir(),
            "data_at": self.data_at,
            "url": self.url(connection),
            "tables": {name: replace(source, normalise=self.normalise) for name, source in self.tables().items()},
            "currency": self.currency(),
            "as_of": self.as_of(),
            "measure": self.measure(measures),
            "year_starts": fiscal.get("year_starts", 1),
            "control": self.control(),
            "excluded_accounts": self.ids(exclude, "accounts"),
            "excluded_products": self.ids(exclude, "products"),
            "rates": self.rates(),
            "measures": measures,
            "significance": self.significance(),
            "criteria": self.criteria(),
            "causes": self.causes(),
            "assumptions": self.assumptions(),
            **people,
            "alerts": self.alerts(),
            "history_dir": self.history_dir(),
        }
        if self.problems:
            raise SettingsError(problems=self.problems)
        return Settings(**plain, **result)

    def people(self) -> dict[str, Any]:
        """`[people]`: what is shown and kept of people, by the names of `Settings`."""
        known = {"names": str, "individuals": bool, "keep_months": int}
        found = self.section(self.top.get("people", {}), "people", known)
        if found.get("names", "full") not in ("full", "initials", "none"):
            got = f'expected "full", "initials" or "none", got {named(found.pop("names"))}'
            self.complain("people.names", got, "choose one of the three")
        if not 1 <= found.get("keep_months", 1) <= _MOST_MONTHS:
            got = f"expected 1 to {_MOST_MONTHS} months, got {named(found.pop('keep_months'))}"
            self.complain("people.keep_months", got, "give the months for which interactions and feedback may be kept")
        return found

    def as_of(self) -> date | None:
        found: date | None = self.top.get("as_of")
        if found is not None and not usable(found):
            self.complain("as_of", f"expected a day from {FIRST_DAY} to {LAST_DAY}, got {found}", "correct it")
        return found

    def history_dir(self) -> Path | None:
        """Where runs keep their figures; from the settings' own folder on."""
        text = self.section(self.top.get("history", {}), "history", {"folder": str}).get("folder", "")
        if not text:
            return None
        with suppress(OSError, RuntimeError, ValueError):  # too long, no such home, a NUL
            if text.isprintable() and "://" not in text:
                return (self.path.parent / Path(text).expanduser()).resolve()
        remedy = BACKSLASHES if not text.isprintable() else "give the path of a folder"
        self.complain("history.folder", "expected a folder, got something else", remedy)
        return None

    def data_dir(self) -> Path:
        """The folder of the data, or `data_at`; what a variable holds is never repeated, for it may be a database's URL."""
        text, remedy = self.top.get("data_dir", "."), "give the path of the folder that holds the data"
        try:
            if (variable := variable_of(text)) is not None:
                text, remedy = self.environ.get(variable, ""), f"set {variable} to the folder of the data"
                if not text:
                    self.complain("data_dir", f"environment variable {variable} is not set", remedy)
                    return Path()
            if not text.isprintable():
                remedy = BACKSLASHES if variable is None else remedy
            elif is_address(text) and not may_hold_password(text):
                self.data_at = text
                return Path(text)
            elif "://" not in text:
                return (self.path.parent / Path(text).expanduser()).resolve()
        except SettingsError as error:
            self.complain("data_dir", *str(error).split("; ", 1))
            return Path()
        except (OSError, RuntimeError, ValueError):  # too long, no such home, a NUL
            pass
        self.complain("data_dir", "expected a folder, got something else", remedy)
        return Path()

    def url(self, connection: dict[str, Any]) -> Secret:
        text = connection.get("url", "duckdb://")
        try:
            return resolve(text, self.environ)
        except SettingsError as error:
            self.complain("connection.url", *str(error).split("; ", 1))
            return Secret("duckdb://")

    def tables(self) -> dict[str, TableSource]:
        found = self.section(self.top.get("tables", {}), "tables", dict.fromkeys(TABLES, dict))
        if "transactions" not in self.top.get("tables", {}):
            remedy = "say where the transactions are: [tables.transactions] with file, table or query"
            self.complain("tables.transactions", "is missing", remedy)
        result = {}
        for name, body in found.items():
            section = self.section(body, f"tables.{name}", _TABLE)
            chosen = [way for way in ("file", "table", "query", "from_sales") if body.get(way)]
            if "from_sales" in chosen and name != "accounts":
                self.complain(f"tables.{name}.from_sales", "is for accounts only", "name a file, table or query")
            if len(chosen) != 1:
                rule = f"expected exactly one of file, table, query, got {' and '.join(chosen) or 'none'}"
                self.complain(f"tables.{name}", rule, "keep one of them")
            result[name] = self.table_source(name, section)
        return result

    def table_source(self, name: str, section: dict[str, Any]) -> TableSource:
        known = (*TABLES[name].names, *self.measure_columns()) if name == "transactions" else TABLES[name].names
        columns = {}
        for ours, theirs in section.pop("columns", {}).items():
            at = f"tables.{name}.columns.{ours}"
            if ours not in known:
                self.complain(at, f"is not a column of {name}", nearest(ours, known))
            elif not isinstance(theirs, str):
                self.complain(at, f"expected the name of your column, got {named(theirs)}", "put it in quotes")
            else:
                columns[ours] = theirs
        if not section.get("file", "").isprintable():
            self.complain(f"tables.{name}.file", "has a line break or tab in it", BACKSLASHES)
        for key in ("total_rows", "fill_down", "sheets"):
            section[key] = self.texts(section, f"tables.{name}", key, "put each word in quotes")
        if "blank_ids" in section:
            blank = self.texts(section, f"tables.{name}", "blank_ids", "put each id in quotes")
            section["blank_ids"] = tuple(plain_id(each).lower() for each in blank)
        rows = self.sales_rows(name, section)
        source = TableSource(name, columns=columns, **rows, **section)
        for key, rule, remedy in layout_faults(source):
            self.complain(f"tables.{name}.{key}", rule, remedy)
        if source.decimal not in (".", ",") or source.thousands == source.decimal:
            rule = f"decimal {named(source.decimal)} and thousands {named(source.thousands)} cannot be told apart"
            self.complain(f"tables.{name}.decimal", rule, 'use "." or "," for decimal and another sign for thousands')
        for key, lowest in (("skip_rows", 0), ("header_row", 1)):
            if not lowest <= section.get(key, 1) <= _MOST_ROWS:
                rule = f"expected a number of rows from {lowest} to {_MOST_ROWS:,}, got {named(section[key])}"
                self.complain(f"tables.{name}.{key}", rule, "correct it")
        for key in ("delimiter", "thousands"):
            if len(section.get(key, "")) > 1:
                rule = f"expected one sign, got {named(section[key])}"
                self.complain(f"tables.{name}.{key}", rule, f'write a single sign, such as {key} = ";"')
        if not 1e-6 <= source.amount_unit <= 1e12:
            rule = f"expected a number from 0.000001 to 1,000,000,000,000, got {named(source.amount_unit)}"
            remedy = "write 1000 where amounts are in thousands, 0.01 for cents"
            self.complain(f"tables.{name}.amount_unit", rule, remedy)
        for letters, factor in source.suffixes.items():
            if not fits(factor, float) or not 0 < factor <= 1e12 or not letters.isalpha():
                remedy = "write what the letters behind an amount stand for: suffixes = { K = 1000, M = 1000000 }"
                rule = f"expected letters and a number above 0, got {named(factor)}"
                self.complain(f"tables.{name}.suffixes.{letters}", rule, remedy)
        return source

    def sales_rows(self, name: str, section: dict[str, Any]) -> dict[str, Any]:
        """Which rows of the transactions are sales: `keep`, `drop` and `subtract`, taken out of the section."""
        given = {key: section.pop(key) for key in ("keep", "drop", "subtract") if key in section}
        for key in given if name != "transactions" else ():
            self.complain(f"tables.{name}.{key}", "is for transactions only", "take it out")
        if section.get("undated", "leave_out") != "leave_out" or ("undated" in section and name != "transactions"):
            got = f'expected "leave_out", for transactions only, got "{section["undated"]}"'
            self.complain(f"tables.{name}.undated", got, "take it out: rows without a date are then an error")
        for own in {"once_per_order", "amount_unit"} & set(section) if name != "transactions" else ():
            self.complain(f"tables.{name}.{own}", "is for transactions only", "take it out")
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for key, columns in given.items():
            for theirs, values in columns.items():
                at = f"tables.{name}.{key}.{theirs}"
                if not isinstance(values, list) or not values or not all(isinstance(v, str | int) for v in values):
                    remedy = f'write it like {theirs} = ["Cancelled", "Void"]'
                    self.complain(at, f"expected a list of the column's values, got {named(values)}", remedy)
                    continue
                texts = tuple(str(value).lower() if isinstance(value, bool) else str(value).strip() for value in values)
                found.setdefault(key, {})[theirs] = texts
        for theirs, texts in found.get("drop", {}).items():
            for other in ("keep", "subtract"):
                if both := sorted(set(texts) & set(found.get(other, {}).get(theirs, ()))):
                    at = f"tables.{name}.{other}.{theirs}"
                    self.complain(at, f'"{both[0]}" is in drop and in {other}', "name it in one of them")
        return found

    def measure_columns(self) -> list[str]:
        tables = (each for each in self.top.get("measures", {}).values() if isinstance(each, dict))
        return [each["column"] for each in tables if isinstance(each.get("column"), str)]

    def currency(self) -> str:
        text: str = self.top.get("currency", "")
        if text and not re.fullmatch(r"[A-Z]{3}", text):
            rule = f'expected an ISO 4217 code such as "EUR", got {named(text)}'
            self.complain("currency", rule, "write three capital letters, or leave it out")
            return ""
        return text

    def measures(self) -> dict[str, Measure]:
        found = self.named_sections(self.top, "measures", {"column": str, "unit": str}, ("column",))
        for name in found:
            if name in BUILT_IN_MEASURES:
                self.complain(f"measures.{name}", "is a measure of the workbook already", "choose another name")
        return {name: Measure(name, body["column"], body.get("unit", name)) for name, body in found.items()}

    def measure(self, measures: Mapping[str, Measure]) -> str:
        chosen: str = self.top.get("measure", "revenue")
        known = (*BUILT_IN_MEASURES, *measures)
        if chosen not in known:
            self.complain("measure", f"{named(chosen)} is not a measure", nearest(chosen, known))
        return chosen

    def ids(self, section: dict[str, Any], key: str) -> tuple[str, ...]:
        found = self.texts(section, "exclude", key, f'put every id in quotes: {key} = ["9999"]')
        # Products are texts: trimmed like the data's own, and nothing else.
        if key == "accounts":
            return tuple(plain_id(looked_past(plain_id(each), self.normalise)) for each in found)
        return tuple(each.strip() for each in found)

    @cached_property
    def normalise(self) -> tuple[str, ...]:
        """What is looked past in account ids, by name."""
        found = self.top.get("normalise", [])
        for name in found:
            if name not in LOOKED_PAST:
                self.complain("normalise", f"{named(name)} is nothing to look past", nearest(str(name), LOOKED_PAST))
        return tuple(name for name in LOOKED_PAST if name in found)


_TOP = {
    "name": str, "currency": str, "as_of": date, "period": str, "measure": str, "parents": bool, "normalise": list, "data_dir": str,
    "connection": dict, "tables": dict, "fiscal": dict, "control": dict, "exclude": dict, "rates": dict, "measures": dict,
    "significance": dict, "criteria": dict, "causes": dict, "assumptions": dict, "people": dict, "alerts": dict, "history": dict,
}  # fmt: skip
_TABLE = {
    "file": str, "table": str, "query": str, "columns": dict, "delimiter": str, "decimal": str, "thousands": str,
    "date_format": str, "time_zone": str, "encoding": str, "skip_rows": int, "sheet": str, "sheets": list, "from_sales": bool, "header_row": int,
    "total_rows": list,
    "suffixes": dict, "fill_down": list, "heading_rows": str, "columns_across": dict, "date_parts": dict, "revenue_from": dict,
    "discount_unit": str, "sum_rows": bool, "grain": str, "keep": dict, "drop": dict, "subtract": dict, "undated": str,
    "blank_ids": list, "once_per_order": bool, "amount_unit": float,
}  # fmt: skip
