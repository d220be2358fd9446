"""Six customers, small enough to check by hand, as `02_key_accounts` finds them."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kam_analysis.analysis import segments
from kam_analysis.analysis.concentration import concentrate
from kam_analysis.ledger.settings.period import Period
from kam_analysis.pages.about import About
from kam_analysis.pages.frame import Source
from kam_analysis.pages.key_accounts.found import Found
from kam_analysis.pages.key_accounts.standing import matrix_of
from kam_analysis.pages.key_accounts.who_is_key import keys_from

SALES = {"ada": 40.0, "bo": 30.0, "caro": 9.0, "dag": 8.0, "eve": 7.0, "fay": 6.0}
ABOUT = About(
    company="Test",
    currency="EUR",
    measure="revenue",
    measure_words="sales",
    unit="EUR",
    source=Source("Test", "31 Dec 2025", "12 months to 31 Dec 2025"),
    period=Period(date(2025, 1, 1), date(2025, 12, 31), "12 months to 31 Dec 2025"),
    as_of=date(2025, 12, 31),
    key_share=0.1,
    provenance={"parameters": {}},
)


def company(
    on_list: list[str] | None = None,
    names: dict[str, str] | None = None,
    works: dict[str, str] | None = None,
    strength: Any = None,
    limit: int = 3,
) -> Found:
    """Ada, Bo and Caro are key: Caro for 40% of Skids alone. Every other is what is asked for."""
    ids = list(SALES)
    sales = pd.DataFrame({"account_id": ids, "account_name": [n.title() for n in ids], "revenue": SALES.values()})
    skids = pd.DataFrame({"account_id": ["caro", "ada"], "revenue": [4.0, 6.0]})
    activities = [
        segments.activity_rows(sales, "revenue", "revenue"),
        segments.activity_rows(skids, "product_line:Skids", "revenue"),
    ]
    called = pd.Series(names or {n: n.title() for n in ids})
    traits = pd.DataFrame({"account_id": ids})
    if on_list is not None:
        traits["is_key"] = [each in on_list for each in ids]
    shares = segments.significance(pd.concat(activities), 0.1)
    shares, keys, listing = keys_from(shares, 0.1, names=called, traits=traits)
    scores = pd.DataFrame({"account_id": ids, "account_name": called.to_numpy(), "score": np.linspace(0.9, 0.2, 6)})
    scores = scores.assign(assessed_weight=1.0, top=0.95, error=0.01, badge="firm")
    work = pd.DataFrame({"account_id": ids, "work": "review", "rule": "nothing", "figures": "none"})
    work["work"] = [(works or {}).get(each, "review") for each in ids]
    positions = None if strength is None else pd.Series(strength, ids)
    barriers = segments.barriers(traits)
    book = concentrate(sales, "revenue")
    power = segments.dependence(book, None, traits, barriers)
    return Found(
        about=ABOUT,
        limit=limit,
        draws=100,
        key_share=0.1,
        written_share=0.1,
        book=book,
        names=called,
        shares=shares,
        keys=keys,
        listing=listing,
        criteria=pd.DataFrame({"account_id": ids, "volume": np.linspace(1, 0, 6)}),
        scores=scores,
        cut=segments.cut(keys, scores, limit, shares),
        changes=pd.DataFrame(columns=["criterion", "step", "entered", "left"]),
        traits=traits,
        standing=pd.DataFrame({"account_id": ids, "account_name": called.to_numpy(), "stage": "steady", "why": ""}),
        work=work,
        strength=positions,
        matrix=matrix_of(scores.assign(score=np.linspace(0.9, 0.55, 6)), positions),
        power=power.merge(segments.balance(power), on="account_id"),
        invoices=segments.price_and_margin(None, sales),
        barriers=barriers,
        easy=segments.easy_to_leave(barriers, book),
    )
