"""The same sales as an ERP prints them: one untidy file for `kam init`.

German headers below a title, customer by customer with subtotals, headings repeated like page
breaks, blank rows, a grand total, decimal commas, minus signs behind the amount, Windows-1252.
Only rows in euros: the list has no column for a currency.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date

import numpy as np

from kam_analysis.sample.company import Company
from kam_analysis.sample.lines import Rows
from kam_analysis.sample.products import ARTICLES
from kam_analysis.sample.slots import LAST
from kam_analysis.sample.story import PRODUCT_LINES

RAW_EXPORT = "umsatzliste_2026-07_2026-09.csv"
_SINCE = date(2026, 7, 1)
_TITLE = (
    "Lindmark Flow Controls GmbH",
    "Umsatzliste nach Debitoren",
    f"Rechnungsdatum {_SINCE:%d.%m.%Y} bis {LAST:%d.%m.%Y}, Beträge in EUR",
    "",
)
_HEADER = (
    "Debitor",
    "Kundenname",
    "Rechnungsdatum",
    "Rechnung",
    "Artikel",
    "Warengruppe",
    "Menge",
    "Umsatz",
    "Wareneinsatz",
)
_WIDTH = len(_HEADER)
_CUSTOMERS_PER_PAGE = 20
_FIRST_INVOICE = 700_001


def raw_export(company: Company, chunks: Iterable[Rows]) -> bytes:
    """The file's bytes, made from the transactions in `chunks` since July 2026."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for title in _TITLE:
        writer.writerow([title] if title else [])
    revenue = cost = 0
    for turn, (entity, rows) in enumerate(_by_customer(company, chunks)):
        if turn % _CUSTOMERS_PER_PAGE == 0:
            writer.writerow(_HEADER)
        writer.writerows(_lines(company, rows))
        label = f"Summe {company.totals.account_ids[entity] or 'ohne Debitor'}"
        writer.writerow(_total(label, int(rows.revenue.sum()), int(rows.cost.sum())))
        writer.writerow([""] * _WIDTH)
        revenue, cost = revenue + int(rows.revenue.sum()), cost + int(rows.cost.sum())
    writer.writerow(_total("Gesamtsumme", revenue, cost))
    return text.getvalue().encode("cp1252")


def _by_customer(company: Company, chunks: Iterable[Rows]) -> list[tuple[int, Rows]]:
    """The customers' rows, by account id; who has none stands last."""
    known = len(company.totals.account_ids)
    polish = company.who.in_zloty
    found: list[tuple[int, Rows]] = []
    for chunk in chunks:
        recent = chunk.take(np.flatnonzero((chunk.day >= np.datetime64(_SINCE)) & (chunk.entity < known)))
        recent = recent.take(np.flatnonzero(~polish[recent.entity]))
        found += [
            (entity, recent.take(np.flatnonzero(recent.entity == entity)))
            for entity in np.unique(recent.entity).tolist()
        ]
    return sorted(found, key=lambda pair: company.totals.account_ids[pair[0]] or "~")


def _lines(company: Company, rows: Rows) -> list[list[str]]:
    return [
        [
            company.totals.account_ids[int(rows.entity[n])],
            company.who.names[int(rows.entity[n])],
            f"{rows.day[n].item():%d.%m.%Y}",
            str(_FIRST_INVOICE + int(rows.order[n])),
            ARTICLES[int(rows.article[n])],
            PRODUCT_LINES[int(rows.line[n])],
            _minus_behind(f"{abs(int(rows.quantity[n]))}", int(rows.quantity[n])),
            _amount(int(rows.revenue[n])),
            _amount(int(rows.cost[n])),
        ]
        for n in range(len(rows))
    ]


def _total(label: str, revenue: int, cost: int) -> list[str]:
    return [label, *[""] * (_WIDTH - 3), _amount(revenue), _amount(cost)]


def _amount(cents: int) -> str:
    """1.234,56 and 1.234,56- as German ERP lists print them."""
    whole, part = divmod(abs(cents), 100)
    return _minus_behind(f"{whole:,}".replace(",", ".") + f",{part:02d}", cents)


def _minus_behind(text: str, number: int) -> str:
    return f"{text}-" if number < 0 else text
