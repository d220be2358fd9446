"""The key accounts, from the ledger: one definition for every page."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from kam_analysis.analysis import concentration, segments
from kam_analysis.analysis.concentration import Activity, Concentration
from kam_analysis.ledger import Ledger
from kam_analysis.ledger.settings.period import Period


def who_is_key(ledger: Ledger) -> pd.DataFrame:
    """`segments.key_accounts` by the settings' significance, over the ledger's period and measure.

    What most customers meet (presence in half of two regions, say) makes nobody key: see `tells_nobody_apart`.
    """
    book = concentration.concentrate(ledger.by_account(), ledger.measure)
    return segments.key_accounts(carried(ledger, book).shares)


class Carried(NamedTuple):
    """`shares`: what each account carries of everything that matters, as `segments.every_activity`. `lines`: accounts
    by product line, None where the data tells none apart; `that_matter` are the lines that count."""

    shares: pd.DataFrame
    lines: pd.DataFrame | None
    that_matter: Sequence[Activity]


def carried(
    ledger: Ledger,
    book: Concentration,
    *,
    period: Period | None = None,
    that_matter: Sequence[Activity] | None = None,
) -> Carried:
    """What each account carries of every measure, of the product lines that matter, and of our regions.

    `book`: sales of the ledger's own period. `period` is another one, with `that_matter`, the lines that matter in the
    ledger's own: what is compared must be the same.
    """
    rule, of = ledger.settings.significance, ledger.measure
    lines = ledger.by_account_line(period) if ledger.lines else None
    regions = ledger.by_account_region(period) if ledger.regions else None
    if that_matter is None:
        that_matter = concentration.activities(
            lines, "product_line", measure=of, from_share=rule.from_share, whole=book, always=rule.always
        )
    every = [of, *(each for each in ledger.measures if each != of)]
    measures = ledger.by_account(period, measures=every)
    shares = segments.every_activity(
        measures, lines, by_region=regions, found_lines=that_matter, measure=of, share=rule.share, part=rule.presence
    )
    # From here on nobody asks a line's accounts for their names, which are half of it.
    lines = None if lines is None else lines.drop(columns="account_name")
    return Carried(shares=shares, lines=lines, that_matter=that_matter)


class Keys(NamedTuple):
    """`shares` with who is significant from one threshold on, `keys` who is key by that, `listing` these against the
    company's own list."""

    shares: pd.DataFrame
    keys: pd.DataFrame
    listing: segments.Listing | None


def keys_from(shares: pd.DataFrame, key_share: float, *, names: pd.Series, traits: pd.DataFrame) -> Keys:
    """Who is key from this share (0-1) on? `names` by account_id; `traits` hold the company's own list, if it keeps one."""
    there = segments.at_threshold(shares, key_share)
    keys = segments.key_accounts(there)
    keys.insert(1, "account_name", keys["account_id"].map(names))
    on_list = traits.set_index("account_id")["is_key"] if "is_key" in traits else None
    return Keys(shares=there, keys=keys, listing=segments.against_list(keys, on_list))


def keys_before(
    ledger: Ledger, book: Concentration, *, that_matter: Sequence[Activity], shares: pd.DataFrame
) -> pd.DataFrame | None:
    """Who was key in the year before the period, on the same lines; None where the data does not reach back.

    What tells nobody apart in `shares`, the period's own, is left out of the year before too, and nothing else is.
    """
    prior = ledger.year_before()
    if prior is None:
        return None
    then = carried(ledger, book, period=prior, that_matter=that_matter).shares
    return segments.key_accounts(
        segments.without_activities(then, segments.tells_nobody_apart(shares)["activity"].tolist())
    )
