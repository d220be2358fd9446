"""The key accounts, from the ledger: one definition for every page."""

import pandas as pd

from kam_analysis.analysis import concentration
from kam_analysis.analysis import segments as key
from kam_analysis.ledger import Ledger


def who_is_key(ledger: Ledger) -> pd.DataFrame:
    """`segments.key_accounts` by the settings' significance, over the ledger's period and measure."""
    rule, of = ledger.settings.significance, ledger.measure
    book = concentration.concentrate(ledger.by_account(), of)
    lines = ledger.by_account_line() if ledger.lines else None
    regions = ledger.by_account_region() if ledger.regions else None
    significant = concentration.activities(lines, "product_line", of, rule.from_share, book, rule.always)
    everything = ledger.by_account(measures=[of, *(each for each in ledger.measures if each != of)])
    return key.key_accounts(key.every_activity(everything, lines, regions, significant, of, rule.share, rule.presence))
