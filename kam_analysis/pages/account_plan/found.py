"""Everything that `05_account_plan` found of one account: what it is worth, where it stands, what is next."""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kam_analysis import given
from kam_analysis.analysis import plans
from kam_analysis.analysis.concentration import concentrate
from kam_analysis.analysis.plans import Action, Situation
from kam_analysis.ledger import Ledger
from kam_analysis.pages.about import About, about, wanted_in
from kam_analysis.pages.account_plan import (
    advice,
    answer,
    changes,
    charts_sales,
    customer_sheet,
    result,
    tables,
    tables_sales,
)
from kam_analysis.pages.account_plan.changes import LastMade, last_made
from kam_analysis.pages.account_plan.company import Company, company
from kam_analysis.pages.account_plan.decision_columns import COLUMNS, FILE
from kam_analysis.pages.account_plan.known import Known, known_of
from kam_analysis.pages.account_plan.situation import lately, situation_of
from kam_analysis.pages.account_plan.which import which
from kam_analysis.pages.html import Html, bullets
from kam_analysis.pages.known_values import row_of
from kam_analysis.pages.results import Answered, Result
from kam_analysis.pages.shelf import FOLDER
from kam_analysis.pages.table import plain
from kam_analysis.pages.words import named, said_in

say = said_in(__file__)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Found(Answered):
    """The plan for one account; what the data cannot give is None or empty.

    `account_id`, `account_name`, `meant` (what is to be said of whom the plan is for). `months`: month, revenue, margin,
    complete. `lines`: revenue now and before. `companies` of the group. `goals`: theirs and ours, with
    state. `white_space`: product_line, buyers of alike, share, potential with range, chance that such a line is begun
    within a year. `alike`: accounts like this one. `contacts`, `offers`, `contracts`, `feedback`: what is on file.
    `situation`: all that the next actions go by; `actions` themselves, `questions` for the visit. `lately`: what changed in
    the days before, `last_made` the plan as it was then. `company`: what 02, 03 and 04 found of all accounts.
    """

    account_id: str
    account_name: str
    meant: str
    about: About
    company: Company
    known: Known
    situation: Situation
    actions_found: list[Action]
    questions: list[str]
    goals: pd.DataFrame
    white_space: pd.DataFrame
    alike: pd.DataFrame
    lately: list[str]
    last_made: LastMade | None

    @property
    def months(self) -> pd.DataFrame | None:
        """The account's sales and margin by month, three years of them."""
        return self.known.months

    @property
    def lines(self) -> pd.DataFrame | None:
        """What it buys of each product line, this year and the year before."""
        return self.known.lines

    @property
    def contacts(self) -> pd.DataFrame | None:
        """Whom we know there."""
        return self.known.contacts

    @property
    def unit(self) -> str:
        """The currency of all amounts."""
        return self.about.currency

    @property
    def is_key(self) -> bool:
        """Whether 02 says that it is a key account."""
        return self.account_id in set(self.company.keys.keys["account_id"])

    @property
    def pressing(self) -> list[str]:
        """The facts that press, as the answer has them."""
        return answer.pressing(self)

    @property
    def headroom(self) -> float | None:
        """What it buys of what we sell, a year, from others; None where its spend is not known."""
        return answer.headroom_of(self)

    def row(self, frame: pd.DataFrame) -> dict[str, Any]:
        """The account's row in a frame of the whole company; empty where it is not there."""
        return row_of(frame, self.account_id)

    def result(self) -> Result:
        """The results document, with the first screen."""
        return result.result(self)

    actions = advice.actions

    def changes(self) -> Html:
        """What changed since the plan was last made, and what was noted meanwhile."""
        return bullets([*changes.since_last_made(self), *self.lately])

    actions_table = tables.actions_table
    standing_table = tables.standing_table
    notes = tables.notes
    goals_table = tables.goals_table
    offers_table = tables.offers_table
    sales_chart = charts_sales.sales_chart
    lines_table = tables_sales.lines_table
    companies_table = tables_sales.companies_table
    white_space_table = tables_sales.white_space_table
    how_alike = tables_sales.how_alike
    white_space_chart = charts_sales.white_space_chart
    starts_table = tables_sales.starts_table
    how_often = tables_sales.how_often
    contacts_table = tables_sales.contacts_table
    people_notes = tables_sales.people_notes
    voices_table = tables_sales.voices_table

    customer_sheet = customer_sheet.sheet

    def caveats(self) -> Html:
        """What to know before trusting the plan."""
        return bullets(advice.caveats(self))


def collect(ledger: Ledger, account_id: Any = "", *, days: Any = 90) -> Found:
    """What do we do with this account? `account_id`: its number, or a name; empty: the largest key account.

    Of the twelve months to the ledger's day. `days`: how far back "what changed lately" looks. Raises `SettingsError`
    where no account is meant, or several are.
    """
    whole = company(ledger)
    meant, note = which(ledger, whole.keys, given.text("account_id", account_id))
    known = known_of(ledger, meant)
    alike, openings = white_space_of(whole, meant)
    situation = situation_of(ledger, whole, known, account_id=meant, openings=openings)
    book = concentrate(whole.people.known.sold, "revenue")
    leave_decisions(ledger)
    before, back = last_made(ledger, meant), int(given.number("days", days))
    return Found(
        account_id=meant,
        account_name=named(meant, ledger.master.named(pd.Series([meant])).iloc[0]),
        meant=note,
        about=about(
            ledger, book, period=ledger.period_of("last_12_months"), measure="revenue", wanted=wanted_in(__file__)
        ),
        company=whole,
        known=known,
        situation=situation,
        actions_found=plans.next_actions(situation),
        questions=plans.questions(situation),
        goals=plans.goals(known.objectives, meant, ledger.as_of),
        white_space=openings,
        alike=alike,
        lately=lately(
            ledger,
            known,
            account_id=meant,
            days=back if before is None else max(1, (ledger.as_of - before.as_of).days) if before.kept else back,
        ),
        last_made=before,
    )


def white_space_of(whole: Company, account_id: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Accounts like this one, and the lines that it does not buy, each with how often such a line was begun."""
    if whole.lines is None or account_id not in whole.lines.by_line.index:
        empty = plans.white_space(pd.DataFrame({"none": [1.0]}, index=["-"]), "-", pd.DataFrame({"account_id": []}))
        return pd.DataFrame(columns=["account_id", "similarity"]), empty.assign(chance=pd.Series(dtype=float))
    by_line, industry = whole.lines.by_line, whole.lines.industry
    alike = plans.look_alikes(by_line, account_id, industry=industry)
    rows = plans.white_space(by_line, account_id, alike)
    chances = [whole.lines.starts.chance(each) for each in rows["share"]]
    for place, name in enumerate(("chance", "chance_low", "chance_high")):
        rows[name] = [None if each is None else each[place] for each in chances]
    rows[["chance", "chance_low", "chance_high"]] = rows[["chance", "chance_low", "chance_high"]].astype(float)
    return alike, rows


def leave_decisions(ledger: Ledger) -> None:
    """In a run, put the table `decisions` on its shelf: `rows`, and the fingerprint of the file that it was `read` from.

    Where names are not shown in full there are no rows, for what is written of a decision names people; who then looks
    at `read` knows that the file is not to be replaced.
    """
    folder = os.environ.get(FOLDER)
    if not folder or (Path(folder) / FILE).exists():
        return
    rows = None
    if ledger.settings.names == "full":
        table = ledger.table("decisions").reindex(columns=list(COLUMNS))
        rows = [{str(name): plain(value) for name, value in row.items()} for row in table.to_dict("records")]
    left = {"rows": rows, "read": _fingerprint(ledger)}
    with suppress(OSError):
        part = Path(folder) / f"{FILE}.{os.getpid()}"
        part.write_text(json.dumps(left), encoding="utf-8")
        os.replace(part, Path(folder) / FILE)


def _fingerprint(ledger: Ledger) -> str:
    source = ledger.settings.tables.get("decisions")
    if source is None or not source.file:
        return ""
    with suppress(OSError):
        return hashlib.sha256((ledger.settings.data_dir / source.file).read_bytes()).hexdigest()
    return ""
