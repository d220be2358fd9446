"""`alerts.json`: what passed a limit of `[alerts]` in the settings, and what of it is new since the run before."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

from kam_analysis.batch.alert_rules import RULES, Alert, asked_for, look
from kam_analysis.batch.jobs import Outcome
from kam_analysis.batch.publish import publish
from kam_analysis.batch.told import Results
from kam_analysis.bundled import sample_settings
from kam_analysis.errors import KamError, SettingsError, unwritten
from kam_analysis.ledger.settings.settings import AlertLimits
from kam_analysis.pages import style
from kam_analysis.pages.history import ALERTS_KIND

NAME = "alerts.json"
_LARGEST = 10_000_000  # bytes: no record comes near it


@dataclass(frozen=True)
class Alerts:
    """What passed its limit as of a day. `unseen` says why a rule could not be looked at; `carried` are the ids, by
    rule, that the run before had of those."""

    company: str
    as_of: str
    alerts: tuple[Alert, ...]
    unseen: Mapping[str, str]
    carried: Mapping[str, str]

    @property
    def new(self) -> tuple[str, ...]:
        """A sentence for each that was not so in the run of the date before."""
        return tuple(each.said for each in self.alerts if each.new)

    @property
    def to_tell(self) -> tuple[str, ...]:
        """A sentence for each that no earlier run has said."""
        return tuple(each.said for each in self.alerts if each.new and not each.told)

    def document(self) -> bytes:
        """The file; the same for the same data, settings and date, whatever was said before."""
        listed = [{key: value for key, value in asdict(each).items() if key != "told"} for each in self.alerts]
        for each in listed:
            each["report"], each["table"] = RULES[each["rule"]].report, RULES[each["rule"]].table
        said = {"company": self.company, "as_of": self.as_of, "alerts": listed, "not_looked_at": dict(self.unseen)}
        return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()

    def keep(self, folder: Path) -> str:
        """Remember what has been said, without a name or an id of anybody; why it could not be, or nothing."""
        seen = {**self.carried, **{each.id: each.rule for each in self.alerts}}
        record = {"kind": ALERTS_KIND, "company": self.company, "as_of": self.as_of, "seen": dict(sorted(seen.items()))}
        name = f"{self.as_of}_alerts_{sha256(self.company.encode()).hexdigest()[:12]}.json"
        try:
            publish(folder, name, (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            why, remedy = unwritten(error, "name another folder in the settings: [history] folder")
            return f"folder {folder.name}: these alerts cannot be remembered and will be said again ({why}); {remedy}"
        return ""


def limits_of(settings: Path | None) -> AlertLimits | None:
    """What `[alerts]` of the settings asks for, None where they have no such section, or are no settings at all."""
    from kam_analysis.ledger.settings.settings_file import load_settings

    with suppress(KamError):  # the check before the run tells what is wrong with them
        return load_settings(settings or sample_settings()).alerts
    return None


def require_limits(settings: Path | None) -> None:
    """Raise `SettingsError` where nothing could ever be an alert: a scheduler would wait for one in vain."""
    if limits_of(settings) is None:
        raise SettingsError(
            "--fail-on-alert: the settings have no section [alerts]; add one, such as: [alerts] notice_days = 60"
        )


@dataclass
class Watch:
    """Looks at the results of the reports that this run has done; `found` is None until then, and where the settings
    ask for nothing, for nothing of these reports, or no report says as of when it is."""

    settings: Path | None
    history: Path
    outcomes: Mapping[str, Outcome]
    found: Alerts | None = None

    def look(self, results: Results) -> Alerts | None:
        """What passed its limit, from the `results` as they are sent on ({report: result})."""
        limits = limits_of(self.settings)
        done = {name: each for name, each in results.items() if name in self.outcomes and self.outcomes[name].done}
        made = next((each["provenance"] for each in done.values() if each["provenance"].get("as_of")), None)
        # Notebooks of somebody's own alone: nothing was to be looked at.
        asked = limits is not None and any(each.report in self.outcomes for each in asked_for(limits).values())
        if limits is not None and asked and made is not None:
            company, as_of = str(made.get("company") or ""), str(made["as_of"])
            self.found = _since(self.history, company, as_of, *look(limits, done))
        return self.found

    def tell(self, say: Callable[[str], object], complain: Callable[[str], object]) -> tuple[str, ...]:
        """Say what no earlier run has said, and remember it; what was said."""
        if self.found is None:
            return ()
        for each in self.found.to_tell:
            say(f"alert: {each}")
        known = len(self.found.alerts) - len(self.found.to_tell)
        say(f"{style.counted(len(self.found.to_tell), 'new alert')}, {known} known: {NAME}")
        for rule, why in self.found.unseen.items():
            # A report that failed has been complained of, one that was left out was so on purpose.
            of = self.outcomes.get(RULES[rule].report)
            (complain if of is not None and of.done else say)(f"alerts, {rule}: not looked at: {why}")
        if unkept := self.found.keep(self.history):
            complain(unkept)
        return self.found.to_tell


def _since(folder: Path, company: str, as_of: str, found: list[Alert], unseen: Mapping[str, str]) -> Alerts:
    """What is new against the newest date before, and what a run of this date has said already."""
    records = {day: seen for day, seen in _records(folder, company) if day <= as_of}
    told = records.pop(as_of, {})
    before = records[max(records)] if records else {}
    alerts = (replace(each, new=each.id not in before, told=each.id in told) for each in found)
    carried = {identity: rule for identity, rule in {**before, **told}.items() if rule in unseen}
    return Alerts(company, as_of, tuple(alerts), unseen, carried)


def _records(folder: Path, company: str) -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted(folder.glob("*_alerts_*.json")):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            if path.stat().st_size > _LARGEST:
                continue
            found = json.loads(path.read_text(encoding="utf-8"))
            if (found["kind"], found["company"]) == (ALERTS_KIND, company):
                yield str(found["as_of"]), {str(each): str(rule) for each, rule in found["seen"].items()}
