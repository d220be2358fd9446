"""What a run has to do: which notebook with which parameters, and where its files belong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kam_analysis.batch.file_names import safe_name
from kam_analysis.batch.jobs import Job
from kam_analysis.batch.plan_history import NAME as PLANS_MADE
from kam_analysis.batch.reports import PER_ACCOUNT, Report
from kam_analysis.errors import SettingsError
from kam_analysis.path_text import path_text

KEY_ACCOUNTS = "02_key_accounts"  # its table of the same name says which accounts get a page of their own
_KEYS, _EVERYBODY = "key_accounts", "lifecycle"  # its tables of the key accounts and of all accounts
_PAGES_PER_ACCOUNT = "plans"


@dataclass(frozen=True)
class Chosen:
    """Which accounts get a page: the key ones, all of them, the `most` largest key ones, or those `named`."""

    everybody: bool = False
    most: int | None = None
    named: tuple[str, ...] = ()


def chosen(text: str) -> Chosen:
    """What `--plans` says: "key", "all", a number of key accounts (0: none), or account ids with commas between.

    Raises `SettingsError` for nothing. A number is a number of accounts; an id of digits alone needs a comma behind it.

    >>> chosen("3"), chosen("0010100,").named, chosen("A-1, B-2").named
    (Chosen(everybody=False, most=3, named=()), ('0010100',), ('A-1', 'B-2'))
    """
    said = text.strip()
    if said in ("key", "all"):
        return Chosen(everybody=said == "all")
    if said.isdecimal() and str(int(said)) == said:
        return Chosen(most=int(said))
    ids = tuple(dict.fromkeys(each.strip() for each in said.split(",") if each.strip()))
    if not ids:
        raise SettingsError('--plans: expected key, all, a number, or account ids such as "A-1,B-2"; got nothing')
    return Chosen(named=ids)


@dataclass
class Plan:
    """The jobs of one run. `staging` is the run's temporary folder, `out` where its files will go, `plans_made` what
    earlier runs kept of plans, where that is not there."""

    reports: list[Report]
    settings: Path | None
    as_of: date | None
    staging: Path
    out: Path
    chosen: "Chosen"
    history: Path | None = None
    plans_made: Path | None = None
    _made: int = field(default=0)

    @property
    def shelf(self) -> Path:
        """Where the run's reports keep what others of it may need; in the run's own folder, and gone with it."""
        shelf = self.staging / "shelf"
        shelf.mkdir(mode=0o700, exist_ok=True)
        return shelf

    def first_jobs(self) -> list[Job]:
        """Jobs that wait for nothing: every report but those per account, whose account may be given."""
        ready = [self._job(each) for each in self.reports if not each.per_account or each.given.get(PER_ACCOUNT)]
        named = [self._job(report, one) for report in self._per_account() for one in self.chosen.named]
        return ready + named

    def account_reports(self) -> list[Report]:
        """Reports that have one page per account and wait for the list of accounts."""
        return [] if self.chosen.named or self.chosen.most == 0 else self._per_account()

    def _per_account(self) -> list[Report]:
        return [report for report in self.reports if report.per_account and not report.given.get(PER_ACCOUNT)]

    def account_jobs(self, key_accounts: Mapping[str, Any]) -> Iterator[Job]:
        """One job per report and account that is chosen, from the result of `02_key_accounts`."""
        rows = key_accounts.get("tables", {}).get(_EVERYBODY if self.chosen.everybody else _KEYS, [])
        accounts = dict.fromkeys(str(row[PER_ACCOUNT]) for row in rows if row.get(PER_ACCOUNT) not in (None, ""))
        for report in self.account_reports():
            for account in list(accounts)[: self.chosen.most]:
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
            sheet=f"{name}.customer.html",
            cwd=self.settings.parent.resolve() if self.settings else self.staging,
            folder=folder,
            shelf=self.shelf,
            history=self.history,
            plans_made=self.plans_made or self.out.resolve() / PLANS_MADE,
            settings=self.settings.parent.resolve() / self.settings.name if self.settings else None,
            private=(self.out.resolve(), self.staging, *(each for each in (self.history, self._plans_before) if each)),
        )

    @property
    def _plans_before(self) -> Path | None:
        """The folder of an earlier month that plans are compared with."""
        return self.plans_made.parents[1] if self.plans_made else None

    def _values(self, report: Report) -> dict[str, Any]:
        """Parameters by position: this run's settings and day, then what `--set` gave. The settings go
        by their name alone: the notebook runs in their folder, and no path lands in it."""
        run = {
            "settings": path_text(Path(self.settings.name)) if self.settings else "",
            "as_of": self.as_of.isoformat() if self.as_of else "",
        }
        return {name: value for name, value in run.items() if value and name in report.parameters} | dict(report.given)
