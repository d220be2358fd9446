"""Everything that 02 found, computed once: who is key, what each is worth, where it stands, who depends on whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kam_analysis import given
from kam_analysis.analysis import segments
from kam_analysis.analysis.concentration import Concentration
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.engine.given_back import give_back
from kam_analysis.ledger.settings.settings import Assumption
from kam_analysis.pages.about import About, about, wanted_in
from kam_analysis.pages.highlighted import highlighted
from kam_analysis.pages.html import FIRST_STEPS, Html, bullets
from kam_analysis.pages.key_accounts import (
    advice,
    answer,
    charts_matrix,
    charts_served,
    programme,
    result,
    tables,
    tables_power,
    tables_value,
)
from kam_analysis.pages.key_accounts.known import known
from kam_analysis.pages.key_accounts.parameters import DRAWS, LIMIT, checked, weighed
from kam_analysis.pages.key_accounts.reasons import reasons
from kam_analysis.pages.key_accounts.standing import (
    after_service,
    usually_served,
    where_each_stands,
    who_depends_on_whom,
    worth,
)
from kam_analysis.pages.key_accounts.who_is_key import carried, keys_before, keys_from
from kam_analysis.pages.results import Answered, Result
from kam_analysis.pages.shelf import shelved
from kam_analysis.pages.table import Table
from kam_analysis.pages.who_acts import WhoActs, who_acts
from kam_analysis.pages.words import named


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Found(Answered):
    """What `02_key_accounts` found; what the data cannot give is None or empty. A row is an account.

    Asked for: `limit` accounts can be served, `draws` weightings are drawn, `key_share` (0-1) makes an account key,
    `weights` of criteria are in per cent (empty: the settings' own), `customer` is the account_id that stands out in
    the charts. `written_share` and `written_weights` are the settings' own.

    `shares`: account_id, activity, amount, share (0-1), met, significant. `keys`: account_id, account_name, activities,
    largest_share; `keys_before` of the year before. `listing`: the keys against the company's own list.
    `criteria`: account_id and each criterion on 0-1, as `segments.value_scores` takes them; `left_out` says why others
    are missing. `scores`: account_id, account_name, score (0-1), assessed_weight, top (in what share of weightings it
    is among the best), error, badge. `cut`: who is served and who comes nearest. `usual`: whom the settings alone would
    serve, where something else is asked for. `changes`: who changes place when one weight moves.
    `traits`: what is known beside purchases. `standing`: how each stands today, with stage and why. `work`: account_id,
    account_name, work, rule, figures of the keys. `strength`: our position (0-1) by account_id; `matrix` of both.
    `power`: who depends on whom. `invoices`: price, margin and breadth. `barriers`: what keeps each; `easy`: who could
    leave easily. `profit` is what the last twelve months' margin leaves after serving each account and its rebates, by
    what `costs` assume; `profit_needs` says what is missing for it. `faring`: how accounts on the list, and those with an
    action, changed beside comparable ones.
    """

    about: About
    limit: int = LIMIT
    draws: int = DRAWS
    key_share: float
    weights: Mapping[str, float] = field(default_factory=dict)
    customer: str = ""
    written_share: float
    written_weights: Mapping[str, float] = field(default_factory=dict)
    book: Concentration
    names: pd.Series
    shares: pd.DataFrame
    keys: pd.DataFrame
    keys_before: pd.DataFrame | None = None
    listing: segments.Listing | None = None
    criteria: pd.DataFrame
    left_out: Mapping[str, str] = field(default_factory=dict)
    scores: pd.DataFrame
    cut: segments.Cut
    usual: frozenset[str] | None = None
    changes: pd.DataFrame
    traits: pd.DataFrame
    standing: pd.DataFrame
    work: pd.DataFrame
    strength: pd.Series | None = None
    matrix: pd.DataFrame
    power: pd.DataFrame
    invoices: pd.DataFrame
    barriers: pd.DataFrame
    easy: pd.DataFrame
    profit: segments.Profit | None = None
    profit_needs: str = ""
    rebates_said: str = ""
    costs: Mapping[str, Assumption] = field(default_factory=dict)
    faring: Mapping[str, segments.Faring] = field(default_factory=dict)
    acts: WhoActs | None = None

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """Every customer with sales, the largest first: account_id, account_name, amount, share, cumulative, abc, score
        (0-1), key and served."""
        ids = self.book.accounts["account_id"]
        score = segments.of_accounts(self.scores[["account_id", "score"]], ids)["score"]
        return self.book.accounts.assign(
            score=score.to_numpy(), key=ids.isin(self.keys["account_id"]), served=ids.isin(self.served)
        )

    @cached_property
    def significant(self) -> pd.DataFrame:
        """The rows of `shares` on which somebody is key: few, whatever the number of accounts."""
        return self.shares[self.shares["significant"]]

    @cached_property
    def common(self) -> pd.DataFrame:
        """What most customers meet, and what therefore makes nobody key: activity, met, customers."""
        return segments.tells_nobody_apart(self.shares)

    @cached_property
    def by_threshold(self) -> pd.DataFrame:
        """How the list changes with the threshold: times, threshold, keys, entered, left, by_presence, left_out."""
        return segments.by_threshold(self.shares, self.key_share)

    @cached_property
    def served(self) -> frozenset[str]:
        """The key accounts within the number that can be served."""
        return frozenset(self.cut.inside["account_id"])

    @cached_property
    def ordered(self) -> Sequence[str]:
        """The key accounts as pages list them: largest sales first."""
        ids = self.keys["account_id"].tolist()
        sales = {each: self.of(self.book.accounts, each, "amount") or 0.0 for each in ids}
        return sorted(ids, key=lambda each: (-sales[each], each))

    @property
    def as_settings_say(self) -> bool:
        """Whether nothing else is asked for than what the settings and the usual number say."""
        return self.key_share == self.written_share and self.limit == LIMIT and not self.weights

    @property
    def weighed(self) -> Mapping[str, float]:
        """What each criterion weighs, in any unit; equal where it is not named."""
        return weighed(self.written_weights, self.weights)

    def name(self, account_id: str) -> str:
        """How pages call an account; where only its id is known, as a customer's number."""
        return named(account_id, self.names.get(account_id, account_id))

    def why_key(self, account_id: str) -> str:
        """What an account is key on: "41% of Skids, 12% of margin"."""
        return reasons(self, account_id)

    def of(self, frame: pd.DataFrame | None, account_id: str, column: str) -> Any:
        """One cell of a frame for an account that the page names; None where it is not there or missing."""
        if frame is None or column not in frame:
            return None
        place = self._places(frame).get(account_id)
        value = None if place is None else frame[column].iloc[place]
        return None if pd.isna(value) else value

    @cached_property
    def _shown(self) -> set[str]:
        habit = self.listing.habit if self.listing else ()
        near = self.cut.just_outside["account_id"]
        return {*self.keys["account_id"], *habit, *near, *(self.usual or ()), self.customer}

    @cached_property
    def _known_places(self) -> dict[int, tuple[pd.DataFrame, dict[str, int]]]:
        return {}

    def _places(self, frame: pd.DataFrame) -> dict[str, int]:
        """Where the accounts that the page names stand in a frame: a million rows are searched once."""
        if id(frame) not in self._known_places:
            rows = np.flatnonzero(frame["account_id"].isin(self._shown))
            places = dict(zip(frame["account_id"].iloc[rows], rows.tolist(), strict=True))
            # The frame is kept: another one could get the number of one that is gone.
            self._known_places[id(frame)] = frame, places
        return self._known_places[id(frame)][1]

    def result(self) -> Result:
        """The results document, with the first screen."""
        return result.result(self)

    def actions(self) -> Html:
        """What to do next, the urgent first."""
        return bullets(advice.next_steps(self), shown=FIRST_STEPS)

    served_chart = charts_served.served_figure
    matrix_chart = charts_matrix.matrix_figure
    firmness_chart = charts_matrix.firmness_figure
    keys_table = tables.keys_table

    def moves(self) -> Html:
        """Who became key, who no longer is, and who is on the company's list without qualifying."""
        return bullets(tables.moves(self))

    faring_table = programme.faring_table
    faring_shown = programme.faring_shown
    work_table = tables.work_table

    def rules_table(self) -> Table:
        """Every rule for the recommended action, in the order in which they are tried."""
        return tables.rules_table()

    borders = tables.borders
    threshold_table = tables.threshold_table
    by_threshold_table = tables.by_threshold_table
    balance_table = tables_power.balance_table
    out_of_balance = tables_power.out_of_balance
    invoices_table = tables_power.invoices_table
    barriers_table = tables_power.barriers_table
    profit_table = tables_value.profit_table
    firmness_table = tables_value.firmness_table
    changes_table = tables_value.changes_table
    criteria_table = tables_value.criteria_table
    parts_table = tables_value.parts_table
    stages_table = tables_value.stages_table

    def caveats(self) -> Html:
        """What to know before trusting the list."""
        return bullets(answer.caveats(self))


@shelved
def collect(
    ledger: Ledger,
    *,
    limit: int = LIMIT,
    draws: int = DRAWS,
    key_share: float = 0.0,
    weights: Mapping[str, float] | None = None,
    customer: str = "",
) -> Found:
    """Which accounts are key, why, and what should we do with each?

    `limit` key accounts can be served (practice reports 15 to 35), `draws` weightings show how robust the list is,
    `key_share` (0-1; 0: as the settings say) makes an account key, `weights` of the value score are in per cent by
    criterion (the others share the rest), `customer` is an id or name that stands out in the charts. Raises `KamError`
    with all that is wrong.
    """
    asked = checked(limit=limit, draws=draws, key_share=key_share, weights=weights)
    ledger = ledger.asked(key_share=asked.key_share) if asked.key_share else ledger
    share, written = ledger.settings.significance.share, ledger.as_written
    # First: three years side by side are most of a gigabyte of a million accounts, for a few figures.
    faring = programme.faring_of(ledger)
    give_back()
    seen = known(ledger)
    carries = carried(ledger, seen.book)
    give_back()  # what a million accounts carry leaves half a gigabyte that nobody uses any more
    listed = keys_from(carries.shares, share, names=seen.names, traits=seen.traits)
    # Before the rest is there: what each of a million accounts carried a year before is a quarter of a gigabyte.
    before = keys_before(ledger, seen.book, that_matter=carries.that_matter, shares=listed.shares)
    give_back()
    values = worth(ledger, seen, shares=listed.shares, asked=asked)
    stands = where_each_stands(ledger, seen, keys=listed.keys, scores=values.scores)
    seen = seen.once_placed()
    give_back()
    found = Found(
        about=about(ledger, seen.book, wanted=wanted_in(__file__)),
        faring=faring,
        limit=asked.limit,
        draws=asked.draws,
        key_share=share,
        weights=asked.weights,
        customer=highlighted(seen.book, given.text("customer", customer)),
        written_share=written.significance.share,
        written_weights=written.criteria,
        book=seen.book,
        names=seen.names,
        traits=seen.traits,
        acts=who_acts(ledger, seen.traits),
        keys_before=before,
        cut=segments.cut(listed.keys, values.scores, limit=asked.limit, rows=listed.shares),
        **listed._asdict(),
        **values._asdict(),
        **stands._asdict(),
        **after_service(ledger, seen, standing=stands.standing)._asdict(),
        **who_depends_on_whom(seen, lines=carries.lines)._asdict(),
    )
    return found if found.as_settings_say else replace(found, usual=usually_served(found))
