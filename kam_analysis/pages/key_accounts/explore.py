"""Explore `02_key_accounts`: weigh the criteria otherwise, begin at another share, serve more or fewer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from kam_analysis.analysis import segments as key
from kam_analysis.errors import SettingsError
from kam_analysis.explorer import controls
from kam_analysis.explorer.explorer import Drawing, Explorer, Kept, View
from kam_analysis.ledger import Ledger
from kam_analysis.pages import words
from kam_analysis.pages.key_accounts import charts as figures
from kam_analysis.pages.key_accounts import findings
from kam_analysis.pages.key_accounts.weights import Weight, shares, weights

REPORT = "02_key_accounts"
CHARTS = ("served", "matrix", "firmness")
# Where the sliders begin and end.
_LEAST_SHARE, _MOST_SERVED = 0.01, 60
# A list of suggestions that a browser still opens at once.
_SUGGESTED = 300
# What each criterion measures, in the few words that fit below a slider; the report has it in full.
_MEASURES = {
    "volume": "sales, net of credit notes", "profit": "sales less cost", "reach": "regions in which it buys",
    "nearness": "distance to our nearest site", "longevity": "years, and how evenly it buys", "growth": "last six months on the year before",
    "headroom": "what it still buys elsewhere", "ease": "simple, few credit notes, large orders",
}  # fmt: skip
_SUGGESTION = re.compile(r".*\((?P<id>[^()]*)\)")


def explorer(
    ledger: Ledger,
    evidence: findings.Evidence,
    standing: pd.DataFrame,
    strength: pd.Series | None = None,
    listed: pd.Series | None = None,
) -> Explorer:
    """Who is key and who is served by other weights, from another share on, and with room for more or fewer.

    Starts at what the notebook found, `evidence`. `standing` is what `segments.kinds_of_work` reads, of all
    accounts, `strength` our position with each (0-1, by account_id), `listed` the company's own list.
    """
    keys = _Keys(ledger, evidence, standing, strength, listed)
    return Explorer(ledger, REPORT, _controls(evidence, keys), CHARTS, keys.look)


def _controls(start: findings.Evidence, keys: "_Keys") -> dict[str, controls.Control]:
    found = {}
    if len(keys.weights) > 1:
        known = {each.name: each.label for each in key.CRITERIA}
        sliders = {name: Weight(known[name], part, _MEASURES[name]) for name, part in keys.weights.items()}
        help = "Together always 100 %: who moves one changes the others in proportion. Value decides who is served first, not who is key."
        found["weights"] = weights("What counts as value", sliders, help)
    found["key_share"] = controls.share(
        "Key from a share of", start.threshold, max(0.5, start.threshold), "Of all sales, the margin, a product line: of anything that matters."
    )  # fmt: skip
    help = "The most valuable first; practice reports 15 to 35."
    found["limit"] = controls.count(
        "Key accounts that can be served", start.limit, 1, max(_MOST_SERVED, start.limit), help
    )
    followed = keys.label(start.customer) if start.customer else ""
    help = "Stands out in every chart, key or not."
    found["customer"] = controls.named("Follow a customer", [], followed, help, "name or number")
    return found


@dataclass(frozen=True)
class _Asked:
    """What the controls ask for: `weights` in per cent by criterion, empty for those of the settings."""

    weights: tuple[tuple[str, float], ...]
    key_share: float
    limit: int
    customer: str


class _Keys:
    """The list of key accounts by what was asked for; each part is kept by what it depends on."""

    def __init__(
        self,
        ledger: Ledger,
        start: findings.Evidence,
        standing: pd.DataFrame,
        strength: pd.Series | None,
        listed: pd.Series | None,
    ) -> None:
        assert start.criteria is not None
        self._ledger, self._start, self._scaled, self.settings = ledger, start, start.criteria, ledger.as_written
        self._standing, self._strength, self._listed = standing, strength, listed
        self._source = words.source(ledger)
        self._kept = Kept(len(self._scaled))

    @cached_property
    def weights(self) -> dict[str, float]:
        """What the assessed criteria weigh at first, in any unit."""
        effective = findings.weighed(self.settings.criteria, self._start.weights)
        return {each.name: effective.get(each.name, 1.0) for each in key.CRITERIA if each.name in self._scaled}

    @cached_property
    def _work(self) -> pd.DataFrame:
        """The kind of work that each account would need which is key at some share."""
        _, keys, _ = self._keys(min(_LEAST_SHARE, self._start.threshold))
        possible = self._standing["account_id"].isin(keys["account_id"])
        return key.kinds_of_work(self._standing[possible], as_of=self._ledger.as_of)

    @cached_property
    def _places(self) -> key.Places:
        """For every number of places in one go: a slider goes through many of them."""
        points, most = self._scaled.drop(columns="account_id").to_numpy(float), max(_MOST_SERVED, self._start.limit)
        return key.places(points, most, self._start.draws, np.random.default_rng(findings.SEED))

    @cached_property
    def _usual(self) -> frozenset[str]:
        return findings.usually_served(self.settings, self._start.rows, self._scaled)

    def look(self, values: Mapping[str, Any]) -> View:
        """What the explorer shows for its controls' values."""
        picked, note = self._picked(values["customer"])
        asked = _Asked(self._asked(values.get("weights")), values["key_share"], values["limit"], picked)
        found = self._kept.once(("found", asked), lambda: self._found(asked))
        apart = replace(asked, weights=())
        charts = {
            "served": Drawing(asked, lambda: figures.served_figure(found, self._source)),
            "firmness": Drawing(apart, lambda: figures.firmness_figure(self._weighed_anyhow(found), self._source)),
        }
        if self._strength is not None and len(found.keys):
            charts["matrix"] = Drawing(replace(asked, limit=0), lambda: self._matrix(found, asked))
        return View(
            lambda: self._said(found, picked), charts, self._parameters(asked), note, {"customer": self._suggested}
        )

    def _said(self, found: findings.Evidence, picked: str) -> str:
        said = (findings.answer(found), findings.against_settings(found), findings.where_it_stands(found, picked))
        return " ".join(filter(None, said))

    def _asked(self, percent: Mapping[str, float] | None) -> tuple[tuple[str, float], ...]:
        """The weights that are asked for; where the sliders stand as at first, those of the notebook to the last digit."""
        if percent is None or percent == shares(list(self.weights.values()), list(self.weights)):
            return tuple(self._start.weights.items())
        return tuple((name, weight) for name, weight in percent.items() if weight)

    def _found(self, asked: _Asked) -> findings.Evidence:
        """What the notebook would find, but for who was key the year before and for firmness."""
        rows, keys, listing = self._kept.once(("keys", asked.key_share), lambda: self._keys(asked.key_share))
        scores = self._kept.once(("scores", asked.weights), lambda: self._scores(asked.weights))
        weights = dict(asked.weights)
        usual = None
        if not findings.as_settings_say(self.settings, asked.key_share, asked.limit, weights):
            usual = self._usual
        return replace(
            self._start, rows=rows, keys=keys, listing=listing, scores=scores, cut=key.cut(keys, scores, asked.limit, rows),
            work=self._work, limit=asked.limit, threshold=asked.key_share, weights=weights, usual=usual, customer=asked.customer,
            keys_before=None, matrix=None,
        )  # fmt: skip

    def _keys(self, share: float) -> tuple[pd.DataFrame, pd.DataFrame, key.Listing | None]:
        rows = key.at_threshold(self._start.rows, share)
        keys = key.key_accounts(rows)
        return rows, keys, key.against_list(keys, self._listed)

    def _scores(self, weights: tuple[tuple[str, float], ...]) -> pd.DataFrame:
        return key.value_scores(self._scaled, findings.weighed(self.settings.criteria, dict(weights)))

    def _matrix(self, found: findings.Evidence, asked: _Asked) -> go.Figure:
        assert self._strength is not None
        value, strength = found.scores.set_index("account_id")["score"].dropna(), self._strength.dropna()
        matrix = self._kept.once(("matrix", asked.weights), lambda: key.matrix(value, strength))
        return figures.matrix_figure(replace(found, matrix=matrix), self._source)

    def _weighed_anyhow(self, found: findings.Evidence) -> findings.Evidence:
        """With how often each is among the best; the weights that are asked for play no part in it."""
        if found.limit == self._start.limit:
            scores = found.scores.assign(**{name: self._start.scores[name] for name in ("top", "error", "badge")})
        else:
            matter = self._places.best(found.limit)
            scores = found.scores.assign(top=matter.top, error=matter.error, badge=key.firm(matter))
        return replace(found, scores=scores)

    @cached_property
    def _suggested(self) -> list[str]:
        largest = self._start.book.accounts["account_id"].head(_SUGGESTED)
        return [self.label(each) for each in dict.fromkeys([*self._start.ordered, *largest])][:_SUGGESTED]

    def label(self, account_id: str) -> str:
        """An account as the list of suggestions has it."""
        return f"{self._start.name(account_id)} ({account_id})"

    def _picked(self, said: str) -> tuple[str, str]:
        """The account that is followed; where nobody is meant, why."""
        suggested = _SUGGESTION.fullmatch(said)
        try:
            return findings.followed(self._start.book, suggested["id"] if suggested else said), ""
        except SettingsError as error:
            return "", str(error)

    def _parameters(self, asked: _Asked) -> dict[str, object]:
        """What the report must be told: all that is otherwise than without parameters."""
        settings, weights = self.settings, dict(asked.weights)
        given: dict[str, tuple[object, object]] = {
            "period": (self._ledger.period_as_written, settings.period),
            "measure": (self._ledger.measure, settings.measure),
            "limit": (asked.limit, findings.LIMIT),
            "draws": (self._start.draws, findings.DRAWS),
            "key_share": (asked.key_share, settings.significance.share),
            "weights": (weights, {}),
            "customer": (asked.customer, ""),
        }
        return {name: value for name, (value, without) in given.items() if value != without}
