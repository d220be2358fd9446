"""Explore `02_key_accounts`: weigh the criteria otherwise, begin at another share, serve more or fewer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from kam_analysis.analysis import segments
from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.explorer.report_line import changed
from kam_analysis.ledger import Ledger
from kam_analysis.pages.highlighted import picked, suggestion
from kam_analysis.pages.key_accounts import answer, reasons
from kam_analysis.pages.key_accounts.found import Found
from kam_analysis.pages.key_accounts.parameters import DRAWS, LIMIT, SEED
from kam_analysis.pages.key_accounts.standing import (
    matrix_of,
    points,
    scores_by,
    usually_served,
    with_firmness,
    work_of,
)
from kam_analysis.pages.key_accounts.weights import Weight, shares, weights
from kam_analysis.pages.key_accounts.who_is_key import keys_from
from kam_analysis.pages.words import said_in

say = said_in(__file__)

REPORT = "02_key_accounts"
CHARTS = ("served", "matrix", "firmness")
# Where the sliders begin and end.
_LEAST_SHARE, _MOST_SERVED = 0.01, 60
# A list of suggestions that a browser still opens at once.
_SUGGESTED = 300


def explorer(ledger: Ledger, found: Found) -> Explorer:
    """Who is key and who is served by other weights, from another share on, and with room for more or fewer.

    Starts at what the notebook found.
    """
    keys = _Keys(ledger, found)
    made = {}
    if len(keys.weights) > 1:
        sliders = {
            each.name: Weight(each.label, keys.weights[each.name], each.short)
            for each in segments.CRITERIA
            if each.name in keys.weights
        }
        made["weights"] = weights(say("explorer.weights"), sliders, help=say("explorer.weights_help"))
    most, help = max(0.5, found.key_share), say("explorer.key_share_help")
    made["key_share"] = controls.share(say("explorer.key_share"), found.key_share, most=most, help=help)
    most, help = max(_MOST_SERVED, found.limit), say("explorer.limit_help")
    made["limit"] = controls.count(say("explorer.limit"), found.limit, least=1, most=most, help=help)
    meant, help = keys.label(found.customer) if found.customer else "", say("explorer.customer_help")
    shown = say("explorer.customer_shown")
    made["customer"] = controls.named(say("explorer.customer"), [], start=meant, help=help, shown=shown)
    return Explorer(ledger, REPORT, controls=made, charts=CHARTS, look=keys.look)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the controls ask for: `weights` in per cent by criterion, empty for those of the settings."""

    weights: tuple[tuple[str, float], ...]
    key_share: float
    limit: int
    customer: str


class _Keys:
    """What is found by what is asked for; each part is kept by what it depends on."""

    def __init__(self, ledger: Ledger, start: Found) -> None:
        self._ledger, self._start, self._kept = ledger, start, Kept(start.book.n)

    @cached_property
    def weights(self) -> dict[str, float]:
        """What the assessed criteria weigh at first, in any unit."""
        weighed = self._start.weighed
        return {
            each.name: weighed.get(each.name, 1.0) for each in segments.CRITERIA if each.name in self._start.criteria
        }

    @cached_property
    def _work(self) -> pd.DataFrame:
        """What should be done with each account that is key at some share."""
        least = min(_LEAST_SHARE, self._start.key_share)
        rows = segments.at_threshold(self._start.shares, least)
        # What most customers meet at the least share may tell them apart at a larger one; presence is as it is.
        possible = rows[rows["significant"] | (rows["met"] & (rows["activity"] != segments.PRESENCE))]
        return work_of(self._start.standing, possible, as_of=self._start.about.as_of)

    @cached_property
    def _places(self) -> segments.Places:
        """For every number of places in one go: a slider goes through many of them."""
        most, rng = max(_MOST_SERVED, self._start.limit), np.random.default_rng(SEED)
        return segments.places(points(self._start.criteria), most, draws=self._start.draws, rng=rng)

    @cached_property
    def _usual(self) -> frozenset[str]:
        return usually_served(self._start)

    def look(self, values: Mapping[str, Any]) -> View:
        """What the explorer shows for its controls' values."""
        meant, note = picked(self._start.book, values["customer"])
        asked = _Asked(
            weights=self._asked(values.get("weights")),
            key_share=values["key_share"],
            limit=values["limit"],
            customer=meant,
        )
        found = self._kept.once(("found", asked), lambda: self._found(asked))
        charts = {
            "served": Drawing(asked, found.served_chart),
            "firmness": Drawing(replace(asked, weights=()), lambda: self._weighed_anyhow(found).firmness_chart()),
        }
        if len(self._start.matrix) and len(found.keys):
            charts["matrix"] = Drawing(replace(asked, limit=0), lambda: self._with_matrix(found, asked).matrix_chart())
        suggested = {"customer": self._suggested}
        parameters = self._parameters(asked)
        return View(lambda: _said(found), charts, parameters=parameters, note=note, suggested=suggested)

    def _asked(self, percent: Mapping[str, float] | None) -> tuple[tuple[str, float], ...]:
        """The weights that are asked for; where the sliders stand as at first, those of the notebook to the last digit."""
        if percent is None or percent == shares(list(self.weights.values()), list(self.weights)):
            return tuple(self._start.weights.items())
        return tuple((name, weight) for name, weight in percent.items() if weight)

    def _found(self, asked: _Asked) -> Found:
        """What the notebook would find, but for who was key the year before, for firmness and for the matrix."""
        start = replace(
            self._start,
            key_share=asked.key_share,
            limit=asked.limit,
            weights=dict(asked.weights),
            customer=asked.customer,
        )
        keys = self._kept.once(
            ("keys", asked.key_share),
            lambda: keys_from(start.shares, asked.key_share, names=start.names, traits=start.traits),
        )
        names = start.book.accounts["account_name"]
        scores = self._kept.once(
            ("scores", asked.weights), lambda: scores_by(start.criteria, start.weighed, names=names)
        )
        return replace(
            start,
            **keys._asdict(),
            scores=scores,
            cut=segments.cut(keys.keys, scores, limit=asked.limit, rows=keys.shares),
            work=self._work,
            usual=None if start.as_settings_say else self._usual,
            keys_before=None,
            matrix=start.matrix.iloc[:0],
        )

    def _with_matrix(self, found: Found, asked: _Asked) -> Found:
        matrix = self._kept.once(("matrix", asked.weights), lambda: matrix_of(found.scores, found.strength))
        return replace(found, matrix=matrix)

    def _weighed_anyhow(self, found: Found) -> Found:
        """With how often each is among the best; the weights that are asked for play no part in it."""
        if found.limit == self._start.limit:
            firmness = {name: self._start.scores[name] for name in ("top", "error", "badge")}
            return replace(found, scores=found.scores.assign(**firmness))
        return replace(found, scores=with_firmness(found.scores, self._places.best(found.limit)))

    @cached_property
    def _suggested(self) -> list[str]:
        largest = self._start.book.accounts["account_id"].head(_SUGGESTED)
        return [self.label(each) for each in dict.fromkeys([*self._start.ordered, *largest])][:_SUGGESTED]

    def label(self, account_id: str) -> str:
        """An account as the list of suggestions has it."""
        return suggestion(account_id, self._start.name(account_id))

    def _parameters(self, asked: _Asked) -> dict[str, object]:
        """What the report must be told: all that is otherwise than without parameters."""
        return changed(
            self._ledger,
            limit=(asked.limit, LIMIT),
            draws=(self._start.draws, DRAWS),
            key_share=(asked.key_share, self._start.written_share),
            weights=(dict(asked.weights), {}),
            customer=(asked.customer, ""),
        )


def _said(found: Found) -> str:
    said = (answer.answer(found), reasons.against_settings(found), reasons.where_it_stands(found))
    return " ".join(filter(None, said))
