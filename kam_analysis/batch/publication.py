"""What a run leaves in the output folder, in the order in which it is put there."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kam_analysis.batch import actions, plan_history
from kam_analysis.batch.alerts import NAME as ALERTS
from kam_analysis.batch.alerts import Alerts, Watch
from kam_analysis.batch.calendar import actions_calendar, calls_calendar
from kam_analysis.batch.earlier import PUBLISHING, earlier_run, good_files, last_records, named_files
from kam_analysis.batch.edition import CALENDAR, CALLS, INDEX, TABLES, Edition, edition_of
from kam_analysis.batch.index import BRIEF
from kam_analysis.batch.jobs import NOTEBOOK, PAGE, RESULT, SHEET, Job, Outcome
from kam_analysis.batch.mail import MAIL, as_mail, run_letter, with_picture
from kam_analysis.batch.navigation import LINKED, plan_pages, with_links, with_navigation
from kam_analysis.batch.packs import FOLDER, Pack, pack_files
from kam_analysis.batch.papers import Papers, letter_picture, pdf_of
from kam_analysis.batch.publish import RUN, HeldOpen, Staged, as_json, is_beside, publish, removed
from kam_analysis.batch.reports import Report
from kam_analysis.batch.spreadsheet import tables_workbook
from kam_analysis.batch.told import Results
from kam_analysis.errors import RunError, unwritten

_INDEX_PDF = pdf_of(INDEX)


def publish_all(
    out: Path,
    reports: Sequence[Report],
    jobs: Mapping[str, Job],
    outcomes: Mapping[str, Outcome],
    started: datetime,
    packs: Callable[[Results], list[Pack]] | None = None,
    watch: Watch | None = None,
    papers: Papers | None = None,
) -> dict[str, str]:
    """Publish what is done, the tables, the calls where there are some, the index and last `run.json`.

    Everything is written to the disk before anything is replaced: where it does not fit, the reports of the run
    before stay, and `run.json` with them. While files are being replaced `run.json` says "publishing": should this
    process die meanwhile, no reader takes the mixture for a complete run.

    `packs` says, from the results, which managers get a folder of their own accounts; those of earlier runs go;
    `watch` looks for alerts in them. `papers` makes PDFs and pictures of what is done.

    Returns the files that another program held open, with where the new ones are: {"tables.xlsx": "tables (new).xlsx"}.
    Raises `RunError` where the disk refuses.
    """
    before = earlier_run(out)
    unharmed = _told(out, "cannot be written to", "and is as it was before this run")
    torn = _told(out, "its files could not all be replaced", f'so that {RUN} says "{PUBLISHING}"')
    with unharmed, Staged(out, ours=named_files(before)) as staged:
        edition = edition_of(out, before, reports, jobs, outcomes, started)
        pages = plan_pages(edition.results, {**edition.earlier, **edition.records})
        reports_pages = edition.pages()
        for name in outcomes:
            if outcomes[name].done:
                made = _files(jobs[name], outcomes[name], reports=reports_pages, plans=pages)
                made |= papers.files(jobs[name]) if papers else {}
                edition.records[name]["files"] = {file: staged.add(file, content) for file, content in made.items()}
        edition.files |= _add_tables(staged, edition)
        edition.files |= _add_actions(staged, edition, out, before=before, jobs=jobs)
        alerts = watch.look(edition.results) if watch else None
        if alerts is not None:
            edition.files[ALERTS] = staged.add(ALERTS, alerts.document())
        edition.files[MAIL] = staged.add(MAIL, _mail(edition, jobs, outcomes, papers, alerts))
        if packs is not None:
            for name, content in pack_files(packs(edition.results), edition.results, jobs, outcomes, papers, alerts):
                edition.files[name] = staged.add(name, content)
        edition.not_drawn = papers.failed if papers else {}
        edition.files |= _add_index_pdf(staged, edition, papers)
        first = staged.names
        edition.files[INDEX] = staged.add(INDEX, edition.page({}))
        staged.add(RUN, as_json(edition.run({})))  # for its room on the disk: it may have to say more
        publish(out, RUN, as_json({**before, "status": PUBLISHING}))
        with torn:
            staged.put(*first)
            _put_index_and_run(out, staged, edition, before)
    return staged.held_open


def _files(job: Job, outcome: Outcome, *, reports: Mapping[str, str], plans: Mapping[str, str]) -> dict[str, bytes]:
    """What a report leaves, by its place in the folder; its page with links to the `reports` and to accounts' `plans`."""
    left = {job.executed: NOTEBOOK, **({job.result: RESULT} if outcome.has_result else {}), job.page: PAGE}
    if (job.folder / SHEET).exists():
        left[job.sheet] = SHEET
    made = {name: (job.folder / source).read_bytes() for name, source in left.items()}
    if job.report in LINKED:
        made[job.page] = with_links(made[job.page].decode(), plans).encode()
    made[job.page] = with_navigation(made[job.page], job.page, reports)
    return made


def _add_tables(staged: Staged, edition: Edition) -> dict[str, str]:
    """The tables, and the calls where there are some."""
    shown = dict(sorted(edition.results.items()))
    files = {TABLES: staged.add(TABLES, tables_workbook(shown, edition.provenance))}
    calls = calls_calendar(shown)
    return files if calls is None else {**files, CALLS: staged.add(CALLS, calls)}


def _add_index_pdf(staged: Staged, edition: Edition, papers: Papers | None) -> dict[str, str]:
    """The index on paper, where PDFs are asked for. Which files had to be put beside their places it does not tell."""
    if papers is None or not papers.pdf:
        return {}
    pdf, _ = papers.made(INDEX, edition.page({}).decode())
    return {_INDEX_PDF: staged.add(_INDEX_PDF, pdf)} if pdf else {}


def _add_actions(
    staged: Staged, edition: Edition, out: Path, *, before: Mapping[str, Any], jobs: Mapping[str, Job]
) -> dict[str, str]:
    """What plans recommend, to be filled in, for calendars, and what the next plans compare with.

    A file that somebody has filled in and this run has not read stays: the new one is put beside it.
    """
    shown = dict(sorted(edition.results.items()))
    made: dict[str, bytes] = {}
    recommended = actions.recommended(shown)
    if recommended:
        left = actions.left_on(next((job.shelf for job in jobs.values() if job.shelf), None))
        rows = actions.with_those_on_file(recommended, left.get("rows"))
        as_of = str(edition.provenance.get("as_of", ""))
        for name, content in ((actions.XLSX, actions.as_xlsx(rows, as_of)), (actions.CSV, actions.as_csv(rows))):
            published = before.get("files", {}).get(name, "")
            stem, _, ending = name.partition(".")
            kept = actions.filled_in(out / name, published, left)
            made[f"{stem} (new).{ending}" if kept else name] = content
    kept_in = next((job.plans_made for job in jobs.values() if job.plans_made), out / plan_history.NAME)
    calendar, history = actions_calendar(shown), plan_history.plans_made(kept_in, shown)
    made |= {name: content for name, content in ((CALENDAR, calendar), (plan_history.NAME, history)) if content}
    return {name: staged.add(name, content) for name, content in made.items()}


def _mail(
    edition: Edition,
    jobs: Mapping[str, Job],
    outcomes: Mapping[str, Outcome],
    papers: Papers | None,
    alerts: Alerts | None,
) -> bytes:
    """The letter; its chart is the brief's, else that of the first report of which everything may be said elsewhere."""
    named = sorted((name for name in jobs if "/" not in name), key=lambda name: (name != BRIEF, name))
    shown = (jobs[name] for name in named if outcomes[name].done and "elsewhere" not in outcomes[name].result)
    new = alerts.new if alerts else ()
    letter = run_letter(edition.entries({}), edition.results, edition.provenance, new)
    return as_mail(with_picture(letter, letter_picture(shown, papers)))


def _put_index_and_run(out: Path, staged: Staged, edition: Edition, before: Mapping[str, Any]) -> None:
    """The index, written again where a file that it links to had to be put beside its place; then `run.json`."""
    if staged.held_open:
        edition.files[INDEX] = staged.add(INDEX, edition.page(staged.held_open))
    staged.put(INDEX)
    for name in _outdated(before, edition.run(staged.held_open)):
        if not removed(out, name) and name in (CALLS, CALENDAR):
            staged.held_open[name] = ""
    if staged.held_open:
        staged.add(RUN, as_json(edition.run(staged.held_open)))
    staged.put(RUN, beside=False)


def _outdated(before: Mapping[str, Any], run: Mapping[str, Any]) -> set[str]:
    """Files of the run before that nothing stands for any more: put beside their places then, or calls that would be
    made twice, or for another company, an index's PDF, packs of who gets none any more, or the result of a notebook that
    shows none now."""
    dated, named = (CALLS, CALENDAR, ALERTS, _INDEX_PDF), named_files(before) | {*before.get("held_open", ())}
    old = {name for name in named if name in dated or is_beside(name) or name.startswith(f"{FOLDER}/")}
    done = [name for name, record in run["reports"].items() if record["status"] == "done"]
    old |= {file for name in done for file in good_files(last_records(before).get(name, {}))}
    return old - named_files(run) - {*run["held_open"]}


@contextlib.contextmanager
def _told(out: Path, what: str, then: str) -> Iterator[None]:
    """What a disk refuses, as a `RunError`: where, why, what is left, and how to mend it."""
    try:
        yield
    except OSError as error:
        otherwise = "close it there, or give another --out" if isinstance(error, HeldOpen) else "give another --out"
        why, remedy = unwritten(error, otherwise)
        raise RunError(f"folder {out.resolve().name}: {what} ({why}), {then}; {remedy}, and run again") from None
