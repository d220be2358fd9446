"""Every case there is, by kind."""

from itertools import chain

import amounts_cases
import csv_cases
import dates_cases
import ids_cases
import names_cases
import parquet_cases
import paths_cases
import query_cases
import secrets_cases
import settings_cases
import xlsx_cases
from hostile_case import Case

KINDS: dict[str, tuple[Case, ...]] = {
    "Settings": settings_cases.CASES,
    "Secrets and connections": secrets_cases.CASES,
    "CSV": csv_cases.CASES,
    "XLSX": xlsx_cases.CASES,
    "Parquet": parquet_cases.CASES,
    "Queries": query_cases.CASES,
    "Ids and parents": ids_cases.CASES,
    "Dates": dates_cases.CASES,
    "Amounts": amounts_cases.CASES,
    "Names": names_cases.CASES,
    "Files and folders": paths_cases.CASES,
}
CASES = tuple(chain.from_iterable(KINDS.values()))
