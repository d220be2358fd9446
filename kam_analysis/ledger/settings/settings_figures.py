"""The numbers in a settings file: each finite, within what it can mean, or a problem."""

import re
from decimal import Decimal
from typing import Any

from kam_analysis.errors import nearest
from kam_analysis.ledger.settings.period import FIRST_DAY, LAST_DAY
from kam_analysis.ledger.settings.sections import Sections, fits, named
from kam_analysis.ledger.settings.settings import (
    ASSUMPTIONS,
    CRITERIA,
    SHARES,
    AlertLimits,
    Assumption,
    Cause,
    Significance,
)

# Between the dearest and the cheapest currency lie less than ten million: beyond it a rate is a slip of the pen.
LOWEST_RATE, HIGHEST_RATE = Decimal("0.000001"), Decimal(1_000_000)
_RATE_PLACES = 9  # that sums are converted with
_MOST_DAYS = 3_650  # no contract is looked at ten years ahead
_YEAR_OR_MONTH = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_LOST = Decimal("0.0001")  # the part of a rate that rounding to these places may take


class Figures(Sections):
    """What the sections of numbers mean; `top` is the document's first level."""

    top: dict[str, Any]

    def significance(self) -> Significance:
        """From which share on an account is key."""
        known = {"share": float, "from": float, "always": list, "presence": float}
        found = self.section(self.top.get("significance", {}), "significance", known)
        self.in_range(found, "significance", ("share", "from", "presence"))
        for key in ("share", "presence"):
            if found.get(key) == 0:
                rule = "expected above 0, got 0: everybody would be key"
                self.complain(f"significance.{key}", rule, "write 10% as 0.10")
        return Significance(
            float(found.get("share", 0.10)),
            float(found.get("from", 0.05)),
            self.texts(found, "significance", "always", "put each in quotes"),
            float(found.get("presence", 0.5)),
        )

    def alerts(self) -> AlertLimits | None:
        """What is an alert; None where the settings do not say."""
        known = {"fall": float, "share": float, "notice_days": int, "calls": bool}
        found = self.section(self.top.get("alerts", {}), "alerts", known)
        self.in_range(found, "alerts", ("fall", "share"))
        if not 0 <= found.get("notice_days", 0) <= _MOST_DAYS:
            rule = f"expected 0 to {_MOST_DAYS:,} days, got {named(found['notice_days'])}"
            self.complain("alerts.notice_days", rule, "give how many days before the last day for notice")
        return AlertLimits(**found) if found else None

    def texts(self, section: dict[str, Any], where: str, key: str, remedy: str) -> tuple[str, ...]:
        """A list of texts."""
        values = section.get(key, [])
        if wrong := [value for value in values if not isinstance(value, str)]:
            self.complain(f"{where}.{key}", f"expected texts, got {named(wrong[0])}", remedy)
        return tuple(value for value in values if isinstance(value, str))

    def control(self) -> dict[str, dict[str, Decimal]]:
        """Finance's own totals by measure, then by fiscal year ("2025") or calendar month ("2025-01")."""
        result: dict[str, dict[str, Decimal]] = {}
        known = {"revenue": dict, "margin": dict}
        for measure, years in self.section(self.top.get("control", {}), "control", known).items():
            for year, total in years.items():
                at = f"control.{measure}.{year}"
                if not _YEAR_OR_MONTH.fullmatch(year) or not FIRST_DAY.year < int(year[:4]) <= LAST_DAY.year:
                    rule = f"expected a fiscal year from {FIRST_DAY.year + 1} to {LAST_DAY.year}, or a month such as 2025-01"
                    remedy = f"write it like control.{measure} = {{ 2025 = 1234567.89, 2026-01 = 123456.78 }}"
                    self.complain(at, rule, remedy)
                elif not fits(total, float):
                    self.complain(at, f"expected a total, got {named(total)}", "give finance's total of that time")
                else:
                    result.setdefault(measure, {})[year] = Decimal(str(total))
        return result

    def rates(self) -> dict[str, Decimal]:
        """Units of the reporting currency per unit of each other one."""
        result = {}
        for code, given in self.top.get("rates", {}).items():
            rate = Decimal(str(given)) if fits(given, float) else None
            if rate is None or not LOWEST_RATE <= rate <= HIGHEST_RATE:
                rule = f"expected a positive number from {LOWEST_RATE} to {HIGHEST_RATE:,}, got {named(given)}"
                self.complain(f"rates.{code}", rule, "give units of the reporting currency per unit")
            elif abs(rate - round(rate, _RATE_PLACES)) > rate * _LOST:
                rule = f"expected at most {_RATE_PLACES} places after the point, got {named(given)}"
                self.complain(f"rates.{code}", rule, "round it, or convert the amounts in a query")
            else:
                result[code] = rate
        return result

    def criteria(self) -> dict[str, float]:
        """The weights of the value score."""
        result = {}
        for name, weight in self.top.get("criteria", {}).items():
            if name not in CRITERIA:
                self.complain(f"criteria.{name}", "is no criterion", nearest(name, CRITERIA))
            elif not fits(weight, float) or weight < 0:
                rule = f"expected a weight at or above 0, got {named(weight)}"
                self.complain(f"criteria.{name}", rule, "correct the weight")
            else:
                result[name] = float(weight)
        if len(result) == len(CRITERIA) and not any(result.values()):
            self.complain("criteria", "expected at least one weight above 0, got none", "raise one of them")
        return result

    def causes(self) -> dict[str, Cause]:
        """What could take several accounts at once."""
        known = {"where": dict, "probability": float, "loss_probability": float, "source": str}
        found = self.named_sections(self.top, "causes", known, tuple(known))
        for name, body in found.items():
            self.in_range(body, f"causes.{name}", ("probability", "loss_probability"))
            self.selects(body["where"], f"causes.{name}.where")
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

    def selects(self, where: dict[str, Any], at: str) -> None:
        """Columns and their values: text, a number or a truth value, nothing nested."""
        for key, value in where.items():
            if not isinstance(value, str | bool) and not fits(value, float):
                self.complain(f"{at}.{key}", f"expected a value, got {named(value)}", "write the column's value")

    def assumptions(self) -> dict[str, Assumption]:
        """What the data cannot give."""
        known = {"value": float, "low": float, "high": float, "source": str}
        found = self.named_sections(self.top, "assumptions", known, tuple(known))
        for name in set(found) - set(ASSUMPTIONS):
            self.complain(f"assumptions.{name}", "is not an assumption of the workbook", nearest(name, ASSUMPTIONS))
        for name in set(found) & set(SHARES):
            self.in_range(found[name], f"assumptions.{name}", ("value", "low", "high"))
        if (odds := found.get("own_estimate_odds")) and odds["low"] <= 0:
            rule = f"expected above 0, got {odds['low']}: odds are multiplied by it"
            self.complain("assumptions.own_estimate_odds", rule, "1 leaves your estimates as they are")
        for name, body in found.items():
            if not body["low"] <= body["value"] <= body["high"]:
                rule = f"expected low <= value <= high, got {body['low']}, {body['value']}, {body['high']}"
                self.complain(f"assumptions.{name}", rule, "put the value inside its range")
        return {
            name: Assumption(name, float(b["value"]), float(b["low"]), float(b["high"]), b["source"])
            for name, b in found.items()
        }
