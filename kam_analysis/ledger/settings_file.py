"""Reads a `kam.toml`: what each section means, and `Settings` of it all."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from kam_analysis.errors import SettingsError, nearest
from kam_analysis.ledger.schema import TABLES
from kam_analysis.ledger.secrets import Secret, resolve
from kam_analysis.ledger.sections import Sections, fits, named
from kam_analysis.ledger.settings import (
    ASSUMPTIONS,
    BUILT_IN_MEASURES,
    CRITERIA,
    SHARES,
    Assumption,
    Cause,
    Measure,
    Settings,
    Significance,
    TableSource,
)


def load_settings(path: str | Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check one settings file.

    Raises `SettingsError` that carries every problem found: unreadable TOML, unknown keys (with
    the nearest known one), wrong types, values out of range, environment variables not set, a
    password written into the file.
    """
    path = Path(path)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = "is a folder" if path.is_dir() else (error.strerror or "cannot be read").lower()
        raise SettingsError(
            f"settings {path.name}: {reason}; give the path of a kam.toml, or make one with: kam init EXPORT"
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(
            f"settings {path.name}: expected UTF-8 text, got other bytes; save the file as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"settings {path.name}: not valid TOML: {error}; mend that line") from None
    return _Reader(document, path, os.environ if environ is None else environ).settings()


class _Reader(Sections):
    """What each section of a `kam.toml` means."""

    def __init__(self, document: dict[str, Any], path: Path, environ: Mapping[str, str]) -> None:
        super().__init__(path.name)
        self.document, self.path, self.environ = document, path, environ

    def settings(self) -> Settings:
        self.top = self.section(self.document, "", _TOP)
        connection = self.section(self.top.get("connection", {}), "connection", {"url": str})
        significance = self.section(
            self.top.get("significance", {}),
            "significance",
            {"share": float, "from": float, "always": list, "presence": float},
        )
        self.in_range(significance, "significance", ("share", "from", "presence"))
        for key in ("share", "presence"):
            if significance.get(key) == 0:
                self.complain(
                    f"significance.{key}", "expected above 0, got 0: everybody would be key", "write 10 % as 0.10"
                )
        fiscal = self.section(self.top.get("fiscal", {}), "fiscal", {"year_starts": int})
        if not 1 <= fiscal.get("year_starts", 1) <= 12:
            self.complain(
                "fiscal.year_starts",
                f"expected a month 1-12, got {fiscal['year_starts']}",
                "give the month in which the fiscal year starts",
            )
            fiscal = {}
        exclude = self.section(self.top.get("exclude", {}), "exclude", {"accounts": list, "products": list})
        people = self.section(self.top.get("people", {}), "people", {"names": str})
        if people.get("names", "full") not in ("full", "initials", "none"):
            self.complain(
                "people.names",
                f'expected "full", "initials" or "none", got "{people["names"]}"',
                "choose one of the three",
            )
        measures = self.measures()
        plain = {key: self.top[key] for key in ("name", "period", "parents") if key in self.top}
        result = {
            "path": self.path,
            "data_dir": self.data_dir(),
            "url": self.url(connection),
            "tables": self.tables(),
            "currency": self.currency(),
            "as_of": self.top.get("as_of"),
            "measure": self.measure(measures),
            "year_starts": fiscal.get("year_starts", 1),
            "control": self.control(),
            "excluded_accounts": self.ids(exclude, "accounts"),
            "excluded_products": self.ids(exclude, "products"),
            "rates": self.rates(),
            "measures": measures,
            "significance": Significance(
                float(significance.get("share", 0.10)),
                float(significance.get("from", 0.05)),
                tuple(map(str, significance.get("always", ()))),
                float(significance.get("presence", 0.5)),
            ),
            "criteria": self.criteria(),
            "causes": self.causes(),
            "assumptions": self.assumptions(),
            "names": people.get("names", "full"),
        }
        if self.problems:
            raise SettingsError(problems=self.problems)
        return Settings(**plain, **result)

    def data_dir(self) -> Path:
        text = self.top.get("data_dir", ".")
        variable = _variable(text)
        if variable is not None:
            if not self.environ.get(variable):
                self.complain(
                    "data_dir",
                    f"environment variable {variable} is not set",
                    f"set {variable} to the folder of the data",
                )
                return Path()
            text = self.environ[variable]
        return (self.path.parent / Path(text).expanduser()).resolve()

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
            self.complain(
                "tables.transactions",
                "is missing",
                "say where the transactions are: [tables.transactions] with file, table or query",
            )
        result = {}
        for name, body in found.items():
            section = self.section(body, f"tables.{name}", _TABLE)
            chosen = [way for way in ("file", "table", "query") if way in body]
            if len(chosen) != 1:
                got = " and ".join(chosen) or "none"
                self.complain(
                    f"tables.{name}", f"expected exactly one of file, table, query, got {got}", "keep one of them"
                )
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
        words = section.pop("total_rows", ())
        rows = self.sales_rows(name, section)
        source = TableSource(name, columns=columns, total_rows=tuple(map(str, words)), **rows, **section)
        if source.decimal not in (".", ",") or source.thousands == source.decimal:
            self.complain(
                f"tables.{name}.decimal",
                f'decimal "{source.decimal}" and thousands "{source.thousands}" cannot be told apart',
                'use "." or "," for decimal and another sign for thousands',
            )
        for key in ("skip_rows", "header_row"):
            if section.get(key, 1) < (0 if key == "skip_rows" else 1):
                self.complain(
                    f"tables.{name}.{key}", f"got {section[key]}", "give a number of rows that is not negative"
                )
        return source

    def sales_rows(self, name: str, section: dict[str, Any]) -> dict[str, Any]:
        """Which rows of the transactions are sales: `keep`, `drop` and `subtract`, taken out of the section."""
        given = {key: section.pop(key) for key in ("keep", "drop", "subtract") if key in section}
        for key in given if name != "transactions" else ():
            self.complain(f"tables.{name}.{key}", "is for transactions only", "take it out")
        if section.get("undated", "leave_out") != "leave_out" or ("undated" in section and name != "transactions"):
            got = f'expected "leave_out", for transactions only, got "{section["undated"]}"'
            self.complain(f"tables.{name}.undated", got, "take it out: rows without a date are then an error")
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
        found = self.top.get("measures", {})
        return [
            body["column"] for body in found.values() if isinstance(body, dict) and isinstance(body.get("column"), str)
        ]

    def currency(self) -> str:
        text: str = self.top.get("currency", "")
        if text and not re.fullmatch(r"[A-Z]{3}", text):
            self.complain(
                "currency",
                f'expected an ISO 4217 code such as "EUR", got "{text}"',
                "write three capital letters, or leave it out",
            )
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
            self.complain("measure", f'"{chosen}" is not a measure', nearest(chosen, known))
        return chosen

    def control(self) -> dict[str, dict[str, Decimal]]:
        result: dict[str, dict[str, Decimal]] = {}
        for measure, years in self.section(
            self.top.get("control", {}), "control", {"revenue": dict, "margin": dict}
        ).items():
            for year, total in years.items():
                if not re.fullmatch(r"\d{4}", year) or not fits(total, float):
                    self.complain(
                        f"control.{measure}.{year}",
                        "expected a fiscal year = total",
                        f"write it like control.{measure} = {{ 2025 = 1234567.89 }}",
                    )
                else:
                    result.setdefault(measure, {})[year] = Decimal(str(total))
        return result

    def ids(self, section: dict[str, Any], key: str) -> tuple[str, ...]:
        values = section.get(key, [])
        if any(not isinstance(value, str) for value in values):
            self.complain(f"exclude.{key}", "expected texts, got a number", f'put every id in quotes: {key} = ["9999"]')
        return tuple(str(value) for value in values)

    def rates(self) -> dict[str, Decimal]:
        result = {}
        for code, rate in self.top.get("rates", {}).items():
            if not fits(rate, float) or rate <= 0:
                self.complain(
                    f"rates.{code}",
                    f"expected a positive number, got {named(rate)}",
                    "give units of the reporting currency per unit",
                )
            else:
                result[code] = Decimal(str(rate))
        return result

    def criteria(self) -> dict[str, float]:
        result = {}
        for name, weight in self.top.get("criteria", {}).items():
            if name not in CRITERIA:
                self.complain(f"criteria.{name}", "is no criterion", nearest(name, CRITERIA))
            elif not fits(weight, float) or weight < 0:
                self.complain(
                    f"criteria.{name}", f"expected a weight at or above 0, got {named(weight)}", "correct the weight"
                )
            else:
                result[name] = float(weight)
        if len(result) == len(CRITERIA) and not any(result.values()):
            self.complain("criteria", "expected at least one weight above 0, got none", "raise one of them")
        return result

    def causes(self) -> dict[str, Cause]:
        known = {"where": dict, "probability": float, "loss_probability": float, "source": str}
        found = self.named_sections(self.top, "causes", known, tuple(known))
        for name, body in found.items():
            self.in_range(body, f"causes.{name}", ("probability", "loss_probability"))
        return {
            name: Cause(
                name,
                {k: str(v) for k, v in body["where"].items()},
                float(body["probability"]),
                float(body["loss_probability"]),
                body["source"],
            )
            for name, body in found.items()
        }

    def assumptions(self) -> dict[str, Assumption]:
        known = {"value": float, "low": float, "high": float, "source": str}
        found = self.named_sections(self.top, "assumptions", known, tuple(known))
        for name in set(found) - set(ASSUMPTIONS):
            self.complain(f"assumptions.{name}", "is not an assumption of the workbook", nearest(name, ASSUMPTIONS))
        for name in set(found) & set(SHARES):
            self.in_range(found[name], f"assumptions.{name}", ("value", "low", "high"))
        for name, body in found.items():
            if not body["low"] <= body["value"] <= body["high"]:
                self.complain(
                    f"assumptions.{name}",
                    f"expected low <= value <= high, got {body['low']}, {body['value']}, {body['high']}",
                    "put the value inside its range",
                )
        return {
            name: Assumption(name, float(b["value"]), float(b["low"]), float(b["high"]), b["source"])
            for name, b in found.items()
        }


_TOP = {
    "name": str, "currency": str, "as_of": date, "period": str, "measure": str, "parents": bool, "data_dir": str,
    "connection": dict, "tables": dict, "fiscal": dict, "control": dict, "exclude": dict, "rates": dict, "measures": dict,
    "significance": dict, "criteria": dict, "causes": dict, "assumptions": dict, "people": dict,
}  # fmt: skip
_TABLE = {
    "file": str, "table": str, "query": str, "columns": dict, "delimiter": str, "decimal": str, "thousands": str,
    "date_format": str, "encoding": str, "skip_rows": int, "sheet": str, "header_row": int, "total_rows": list,
    "keep": dict, "drop": dict, "subtract": dict, "undated": str,
}  # fmt: skip


def _variable(text: str) -> str | None:
    return text.removeprefix("env:") if text.startswith("env:") else None
