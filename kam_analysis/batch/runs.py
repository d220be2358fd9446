"""A whole run: reports chosen, data checked, notebooks run side by side, everything published."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from kam_analysis.batch.alerts import Watch, require_limits
from kam_analysis.batch.copied import Elsewhere
from kam_analysis.batch.dated_folder import destination, lead_to
from kam_analysis.batch.edition import INDEX
from kam_analysis.batch.executor import Executor, Running, executor
from kam_analysis.batch.history import history_folder, keep_figures
from kam_analysis.batch.index import BRIEF
from kam_analysis.batch.jobs import Job, Outcome, failed
from kam_analysis.batch.lock import locked
from kam_analysis.batch.packs import packs_of
from kam_analysis.batch.papers import papers_of
from kam_analysis.batch.plan_history import NAME as PLANS_MADE
from kam_analysis.batch.preflight import check_data
from kam_analysis.batch.processes import Progress
from kam_analysis.batch.publication import publish_all
from kam_analysis.batch.publish import clear_leftovers, writable
from kam_analysis.batch.reports import choose_reports
from kam_analysis.batch.run_plan import KEY_ACCOUNTS, Plan, chosen
from kam_analysis.bundled import notebooks_folder, sample_settings
from kam_analysis.ledger.engine.opened_once import kept_in
from kam_analysis.own_folder import temporary_folder
from kam_analysis.stopping import ended_by_signals, limited, unbroken

DEFAULT_TIME_LIMIT = 3600  # seconds for one report: a hundred million rows take minutes, a hanging one must end
_LOOK_SECONDS = 0.03
ALERTED = 4  # the exit code of a complete run with new alerts, for schedulers

Counted = Callable[[int, int, str], object]  # reports done, all that are known, what is not counted yet


@dataclass(frozen=True)
class RunSummary:
    """How a run ended: `outcomes` by report, the index that was published, the files that another program
    `held_open`, with where the new ones stand, why pages were `not_drawn` as PDF or pictures, why the copy is `uncopied`,
    and the `alerts` that no run before has said."""

    outcomes: Mapping[str, Outcome]
    index: Path
    seconds: float
    held_open: Mapping[str, str] = field(default_factory=dict)
    not_drawn: Mapping[str, str] = field(default_factory=dict)
    alerts: Sequence[str] = ()
    fail_on_alert: bool = False
    uncopied: str = ""

    @property
    def failed(self) -> dict[str, str]:
        """The reason of each report that failed."""
        return {name: outcome.reason for name, outcome in self.outcomes.items() if not outcome.done}

    @property
    def complete(self) -> bool:
        """Whether every report is done and every file in its place, as `run.json` says, and copied where that was asked."""
        return not (self.failed or self.held_open or self.not_drawn or self.uncopied)

    @property
    def exit_code(self) -> int:
        """0 where every report is done and every file in its place, else 1: as `run.json` says "complete" or not. Of a
        complete run 4, where that was asked for and there are new alerts."""
        if not self.complete:
            return 1
        return ALERTED if self.fail_on_alert and self.alerts else 0


def run_reports(
    settings: Path | None,
    out: Path | str,
    only: Sequence[str] = (),
    set_values: Sequence[str] = (),
    as_of: date | str | None = None,
    workers: int | None = None,
    notebooks: Path | None = None,
    plans: str = "key",
    pack: str = "",
    fail_on_alert: bool = False,
    time_limit: float = DEFAULT_TIME_LIMIT,
    memory_limit: float | None = None,
    pdf: bool = False,
    figures: bool = False,
    scheduler: str = "",
    copy_to: str = "",
    say: Callable[[str], object] = print,
    complain: Callable[[str], object] | None = None,
    progress: Progress | None = None,
    count: Counted | None = None,
) -> RunSummary:
    """Run the reports on `settings` (None: the sample company) and publish their pages in `out`.

    `out` may have fields, "reports/{as_of:%Y-%m}" (see `dated_folder`); `as_of` is a day, its text, or "today",
    "yesterday" or "last_month_end".
    `only` names reports, `set_values` holds texts NAME.PARAM=VALUE, `workers` is how many run at a time (None:
    as many as cores and memory allow), `plans` which accounts get a page of their own (see `plan.chosen`), `pack` "manager" for a folder per account manager,
    `fail_on_alert` whether new alerts are told by the exit code,
    `time_limit` in seconds, for each report and for the check of the data before them, `memory_limit` in GB per
    report (None: its part of the machine's). `say` gets plain lines, `complain` those of failures (`say`, if not given);
    `progress` gets (report, cells run, cells), `count` (reports done, all, what is not counted yet). A report that fails
    leaves its last good files, and the others finish.

    `scheduler` is a Dask cluster's address, "tcp://host:8786", where the reports are computed then; they are published
    here. `copy_to` is an address that fsspec knows, "s3://bucket/reports", which gets a copy of what is published. `pdf`
    makes a PDF beside each page, `figures` an SVG and a PNG of each chart, with the machine's Chromium.

    Raises `SettingsError` and `ChromiumError` (nothing was started), `DataError` (no notebook was started), `BusyError`
    (another run is writing into `out`), `RunError` (the disk refuses, the cluster does not answer, or the check took too
    long). Ctrl-C and SIGTERM end every process of the run first.
    """
    started = datetime.now(UTC)
    clock = time.monotonic()
    reports = choose_reports(notebooks or notebooks_folder(), only, set_values)
    accounts = chosen(plans)
    if fail_on_alert:
        require_limits(settings)
    into = destination(out, as_of, settings)
    out, day, complain = into.folder, into.as_of, complain or say
    elsewhere = Elsewhere(copy_to, day) if copy_to else None
    with (
        ended_by_signals(),
        executor(scheduler, workers, memory_limit, time_limit) as computing,
        writable(out),
        locked(out),
        temporary_folder() as staging,
        papers_of(pdf=pdf, figures=figures) as papers,
    ):
        clear_leftovers(out)
        history = history_folder(settings, into.beside)
        plan = Plan(reports, settings, day, staging.resolve(), out, accounts, history, into.earlier(PLANS_MADE))
        told = _Told(say, complain, progress or _silent, count or _silent)
        run = _Run(plan, computing, time_limit, told)
        try:
            with kept_in(plan.shelf):
                run.prepare(_last_good_key_accounts(out))
                with limited(time_limit, "the data check"):
                    computing.take_for_granted(check_data(settings or sample_settings(), day, say))
            run.finish()
        finally:
            run.end()
        who = limited(time_limit, "finding out who gets which pack")(
            kept_in(plan.shelf)(partial(packs_of, settings or sample_settings(), day))
        )
        packs = who if pack else None
        watch = Watch(settings, history, run.outcomes)
        held_open = publish_all(out, reports, run.jobs, run.outcomes, started, packs, watch, papers)
        if unkept := keep_figures(history, run.outcomes):
            complain(unkept)
        uncopied = elsewhere.take(out) if elsewhere else ""
    if uncopied:
        complain(uncopied)
    for name, new in held_open.items():
        complain(_said_of_held(name, new))
    not_drawn = dict(papers.failed) if papers else {}
    for name, why in not_drawn.items():
        complain(f"{name}: not made as PDF or pictures: {why}")
    index = out / (held_open.get(INDEX) or INDEX)
    told_alerts = watch.tell(say, complain)
    summary = RunSummary(
        run.outcomes, index, time.monotonic() - clock, held_open, not_drawn, told_alerts, fail_on_alert, uncopied
    )
    if into.dated and summary.complete and (unled := lead_to(into)):
        complain(unled)
    say(f"{sum(outcome.done for outcome in run.outcomes.values())} of {len(run.outcomes)} reports done: {index}")
    return summary


@dataclass(frozen=True)
class _Told:
    """Who hears of the run: plain lines, those of failures, how far each report is, how many are done."""

    say: Callable[[str], object]
    complain: Callable[[str], object]
    progress: Progress
    count: Counted


@dataclass
class _Run:
    """The queue of one run. Workers prepare while the data is checked; none starts its notebook before."""

    plan: Plan
    executor: Executor
    time_limit: float
    told: _Told
    jobs: dict[str, Job] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    _waiting: list[Job] = field(default_factory=list)
    _ready: list[Running] = field(default_factory=list)
    _running: list[Running] = field(default_factory=list)

    def prepare(self, key_accounts: Mapping[str, Any]) -> None:
        """Queue what can be queued and start the first workers; `key_accounts` is the last good list."""
        self.plan.require_key_accounts(bool(key_accounts))
        self._queue(self.plan.first_jobs())
        if not any(job.report == KEY_ACCOUNTS for job in self._waiting):
            self._queue(list(self.plan.account_jobs(key_accounts)))
        while self._waiting and len(self._ready) < self.executor.workers:
            with unbroken():
                self._ready.append(self._worker())

    def finish(self) -> None:
        """Run every job, `workers` at a time, until each has an outcome."""
        while self._ready or self._waiting or self._running:
            while (self._ready or self._waiting) and len(self._running) < self.executor.workers:
                self._start()
            for worker in list(self._running):
                outcome = worker.outcome(self.time_limit, self.executor.memory_limit)
                if outcome:
                    self._running.remove(worker)
                    self._settle(worker.job, outcome)
            time.sleep(_LOOK_SECONDS)

    def end(self) -> None:
        """Nothing that this run started is alive afterwards."""
        for worker in (*self._ready, *self._running):
            worker.end()
        self.executor.end()

    def _worker(self) -> Running:
        """The next in the queue."""
        several = len(self.jobs) > 1 or bool(self.plan.account_reports())
        return self.executor.start(self._waiting.pop(0), self.told.progress, several)

    def _queue(self, jobs: list[Job]) -> None:
        self._waiting.extend(jobs)
        # The brief looks back first, which takes longest, and then takes what the others have found by then.
        self._waiting.sort(key=lambda job: job.report != BRIEF)
        self.jobs |= {job.id: job for job in jobs}
        self._count()

    def _start(self) -> None:
        with unbroken():
            worker = self._ready.pop(0) if self._ready else self._worker()
            self._running.append(worker)
        worker.go()
        self.told.say(f"{worker.job.id}: started")

    def _settle(self, job: Job, outcome: Outcome) -> None:
        self.outcomes[job.id] = outcome
        if outcome.done:
            self.told.say(f"{job.id}: done in {outcome.seconds:.1f} s")
        else:
            self.told.complain(f"{job.id}: failed: {outcome.reason}")
        if job.report == KEY_ACCOUNTS and self.plan.account_reports():
            self._queue_accounts(outcome)
        self._count()

    def _count(self) -> None:
        waits = self.plan.account_reports() and any(
            each.report == KEY_ACCOUNTS and each.id not in self.outcomes for each in self.jobs.values()
        )
        self.told.count(len(self.outcomes.keys() & self.jobs.keys()), len(self.jobs), "and the plans" if waits else "")

    def _queue_accounts(self, outcome: Outcome) -> None:
        if outcome.done and outcome.has_result:
            self._queue(list(self.plan.account_jobs(outcome.result)))
            return
        why = "shows no result" if outcome.done else "failed"
        for report in self.plan.account_reports():
            reason = f"{KEY_ACCOUNTS} {why}, so the key accounts are not known"
            self.outcomes[report.name] = failed(reason)
            self.told.complain(f"{report.name}: failed: {reason}")


def _said_of_held(name: str, new: str) -> str:
    if not new:
        return f"{name}: another program holds it open, so it could not be removed; it is of an earlier run: delete it"
    return f"{name}: another program holds it open, so the new one is {new}; close it there and run again"


def _last_good_key_accounts(out: Path) -> dict[str, Any]:
    try:
        found = json.loads((out / "results" / f"{KEY_ACCOUNTS}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _silent(*figures: object) -> None:
    """No bar where nobody looks."""
