"""Until when can a contract be given notice? The one place that tells, for every page and rule."""

import pandas as pd

# From here on a day stands for "no end": the year is no year of a contract.
_NO_END = pd.Timestamp(2200, 1, 1)


def with_notice(contracts: pd.DataFrame) -> pd.DataFrame:
    """The typed table of contracts with `notice_by`, the last day on which a contract can be given notice.

    That is `ends_on` less `notice_days`. Where no period of notice is on file it is the end itself; a contract
    without an end can be given notice on any day and has none (NaT).
    """
    ends = _days(contracts["ends_on"])
    period = contracts["notice_days"] if "notice_days" in contracts else pd.Series(0.0, index=contracts.index)
    before = pd.to_timedelta(pd.to_numeric(period).astype("float64").fillna(0.0), unit="D")
    notice = (ends - before).dt.normalize().where(ends < _NO_END).astype("datetime64[us]")
    begins = _days(contracts["starts_on"]) if "starts_on" in contracts else pd.NaT
    return contracts.assign(
        starts_on=pd.Series(begins, contracts.index, "datetime64[us]"), ends_on=ends, notice_by=notice
    )


def next_notice(running: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """The contract of each account on which something is decided next: ends_on and notice_by by `code`.

    `running`: rows of `with_notice` with a `code` each, of contracts that have not ended. The one that can be given
    notice next; where it is too late for all of them, the one that ends first, with its last day for notice in the past.
    """
    late = running["notice_by"].isna() | (running["notice_by"] < as_of)
    day = running["ends_on"].where(late, running["notice_by"])
    rows = running.assign(late=late, day=day).sort_values(["late", "day", "ends_on"], kind="stable")
    return rows.drop_duplicates("code").set_index("code")[["ends_on", "notice_by"]]


def _days(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values).astype("datetime64[us]")
