"""The customers as the sales' own lines name them: the table accounts where there is no customer list."""

from dataclasses import replace

import ibis.expr.types as ir

from kam_analysis.ledger.engine import columns
from kam_analysis.ledger.settings.settings import TABLES, TableSource


def read_as(source: TableSource, sales: TableSource) -> TableSource:
    """How the accounts are read from the rows of the sales: with their ids, and words that stand for none."""
    ids = {"account_id": sales.columns.get("account_id", "account_id")}
    return replace(source, columns=ids | dict(source.columns), blank_ids=sales.blank_ids)


def one_row_each(lines: ir.Table, source: TableSource) -> ir.Table:
    """A row per account of the lines, under our names; of several spellings the first by the alphabet: reruns agree."""
    known = TABLES["accounts"]["account_id"]
    ids = lines.mutate(account_id=columns.read(lines["account_id"], known, source))
    ids = ids.filter(ids["account_id"].notnull())
    told = {name: columns.raw_id(ids[name]).strip().nullif("").min() for name in ids.columns if name != "account_id"}
    return ids.group_by("account_id").aggregate(**told)
