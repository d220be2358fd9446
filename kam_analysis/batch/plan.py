"""What a run has to do: which notebook with which parameters, and where its files belong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kam_analysis.batch.jobs import Job
from kam_analysis.batch.names import safe_name
from kam_analysis.batch.reports import PER_ACCOUNT, Report
from kam_analysis.errors import SettingsError
from kam_analysis.path_text import path_text

KEY_ACCOUNTS = "02_key_accounts"  # its table of the same name says which accounts get a page of their own
_PAGES_PER_ACCOUNT = "plans"


@dataclass
class Plan:
    """The jobs of one run. `staging` is the run's temporary folder, `out` where its files will go."""

    reports: list[Report]
    settings: Path | None
    as_of: date | None
    staging: Path
    out: Path
    _made: int = field(default=0)

    def first_jobs(self) -> list[Job]:
        """Jobs that wait for nothing: every report but those per account, whose account may be given."""
        return [self._job(report) for report in self.reports if not report.per_account or report.given.get(PER_ACCOUNT)]

    def account_reports(self) -> list[Report]:
        """Reports that have one page per key account and wait for the list of key accounts."""
        return [report for report in self.reports if report.per_account and not report.given.get(PER_ACCOUNT)]

    def account_jobs(self, key_accounts: Mapping[str, Any]) -> Iterator[Job]:
        """One job per report and key account, from the result of `02_key_accounts`."""
        rows = key_accounts.get("tables", {}).get("key_accounts", [])
        accounts = dict.fromkeys(str(row[PER_ACCOUNT]) for row in rows if row.get(PER_ACCOUNT) not in (None, ""))
        for report in self.account_reports():
            for account in accounts:
                yield self._job(report, account)

    def require_key_accounts(self, known: bool) -> None:
        """Raise `SettingsError` where account pages are wanted and nothing will say for which accounts."""
        waiting = self.account_reports()
        if waiting and not known and not any(report.name == KEY_ACCOUNTS for report in self.reports):
            name = waiting[0].name
            raise SettingsError(
                f"{name}: which accounts are key is not known yet; run {KEY_ACCOUNTS} too (--only {KEY_ACCOUNTS}), "
                f"or name one account: --set {name}.{PER_ACCOUNT}=ID"
            )

    def _job(self, report: Report, account: str = "") -> Job:
        values = self._values(report) | ({PER_ACCOUNT: account} if account else {})
        account = str(values.get(PER_ACCOUNT) or "")
        name = f"{_PAGES_PER_ACCOUNT}/{safe_name(account)}" if account else report.name
        self._made += 1
        folder = self.staging / str(self._made)
        return Job(
            id=f"{report.name}/{account}" if account else report.name,
            report=report.name,
            notebook=report.notebook.resolve(),
            parameters=values,
            page=f"{name}.html",
            executed=f"notebooks/{name}.ipynb",
            result=f"results/{name}.json",
            cwd=self.settings.parent.resolve() if self.settings else self.staging,
            folder=folder,
            settings=self.settings.parent.resolve() / self.settings.name if self.settings else None,
            private=(self.out.resolve(), self.staging),
        )

    def _values(self, report: Report) -> dict[str, Any]:
        """Parameters by position: this run's settings and day, then what `--set` gave. The settings go
        by their name alone: the notebook runs in their folder, and no path lands in it."""
        run = {
            "settings": path_text(Path(self.settings.name)) if self.settings else "",
            "as_of": self.as_of.isoformat() if self.as_of else "",
        }
        return {name: value for name, value in run.items() if value and name in report.parameters} | dict(report.given)
