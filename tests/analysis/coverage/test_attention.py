"""Grown, protected or neither: every reason by a hand-made account, the sums against the bridge of sales."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import coverage as cov
from kam_analysis.analysis.concentration import bridge
from kam_analysis.analysis.coverage.attention import VERDICTS

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
AS_OF = date(2026, 9, 18)


def year(**sales):
    frame = pd.DataFrame({"account_id": list(sales), "revenue": [float(amount) for amount in sales.values()]})
    return frame.assign(account_name=frame["account_id"].str.upper())


def lines(*rows):
    return pd.DataFrame(rows, columns=["account_id", "product_line", "revenue"])


def offers(*rows):
    frame = pd.DataFrame(rows, columns=["account_id", "amount", "probability", "status", "created", "closed"])
    return frame.assign(created=pd.to_datetime(frame["created"]), closed=pd.to_datetime(frame["closed"]))


def known(**managers):
    return pd.DataFrame({"account_id": list(managers), "account_manager_id": list(managers.values())})


NOBODY = known(zz="M1")


def test_who_left_for_sure_is_told_from_who_bought_nothing():
    before, traits = year(a=100, b=100, c=100), known(a="M1", b="M1", c="M1")
    left = traits.assign(left_on=pd.to_datetime(["2026-01-31", None, "2026-01-31"]))
    assert told(cov.attention(year(c=50), before, left)) == {"a": "left", "b": "gone", "c": "fell"}


def told(found, column="why"):
    return found.set_index("account_id")[column].to_dict()


def test_without_a_year_before_nobody_is_judged():
    assert set(told(cov.attention(year(up=5, credit=-3, none=0), None, NOBODY)).values()) == {None}


def test_sales_alone_by_hand():
    now = year(up=105, just=104.9, flat=100, held=95, fell=94.9, new=10, credit=-3)
    before = year(up=100, just=100, flat=100, held=100, fell=100, gone=100, credit=100, nothing=-1, new=0)
    found = cov.attention(now, before, NOBODY)
    assert told(found) == {
        "up": "sales_up", "just": "kept", "flat": "kept", "held": "kept", "fell": "fell", "new": "new",
        "gone": "gone", "credit": "gone", "nothing": "nothing",
    }  # fmt: skip
    assert told(found, "verdict") == {
        "up": "grown", "just": "protected", "flat": "protected", "held": "protected", "fell": "neither", "new": "new",
        "gone": "neither", "credit": "neither", "nothing": "neither",
    }  # fmt: skip
    kept = told(found, "kept")
    assert (kept["up"], kept["held"], kept["credit"], kept["gone"]) == (1, 0.95, 0, 0)
    assert np.isnan([kept["new"], kept["nothing"]]).all()
    assert told(found, "change")["credit"] == -103
    # The most money in either year first, ties by id.
    assert found["account_id"].tolist() == ["up", "just", "credit", "fell", "flat", "gone", "held", "new", "nothing"]
    assert found[["new_lines", "new_line_revenue", "opened", "pipeline", "account_manager_id"]].isna().all(axis=None)


def test_a_new_line_counts_from_its_share_and_only_where_sales_were_kept():
    now, before = year(a=100, b=100, c=90, d=100, e=50, f=104), year(a=100, b=100, c=100, d=100, f=100)
    sold = lines(
        ("a", "Seals", 10), ("a", "Pumps", 20), ("a", "Valves", 70), ("b", "Seals", 9.9), ("b", "Pumps", 90.1),
        ("c", "Seals", 45), ("c", "Pumps", 45), ("d", "Seals", 50), ("d", "Pumps", 50), ("e", "Seals", 50),
        ("f", "Seals", 60), ("f", "Pumps", -16), ("f", "Skids", 60),
    )  # fmt: skip
    earlier = lines(
        ("a", "Valves", 101), ("a", "Seals", -1), ("b", "Pumps", 100), ("c", "Pumps", 100), ("d", "Seals", 1),
        ("d", "Pumps", 99), ("f", "Seals", 100), ("f", "Skids", 0),
    )  # fmt: skip
    found = cov.attention(now, before, NOBODY, sold, earlier)
    # Seals of a: only a credit note before. e bought nothing at all before: all of it is new, and no line is named.
    assert told(found, "new_lines") == {"a": "Pumps, Seals", "b": "", "c": "Seals", "d": "", "e": "", "f": "Skids"}
    assert told(found, "new_line_revenue") == {"a": 30, "b": 0, "c": 45, "d": 0, "e": 0, "f": 60}
    assert told(found) == {"a": "new_line", "b": "kept", "c": "fell", "d": "kept", "e": "new", "f": "new_line"}
    lower = cov.attention(now, before, NOBODY, sold, earlier, rules=cov.Attended(protected=0.9, line_share=0.099))
    assert (told(lower)["b"], told(lower)["c"]) == ("new_line", "new_line")
    # In a currency a hundred times as dear the same holds, below one unit too.
    dear = [each.assign(revenue=each["revenue"] / 100) for each in (now, before, sold, earlier)]
    assert told(cov.attention(*dear[:2], NOBODY, *dear[2:])) == told(found)
    for none in (None, sold.head(0), sold.drop(columns="product_line")):
        assert cov.attention(now, before, NOBODY, sold, none)["new_lines"].isna().all()
        assert cov.attention(now, before, NOBODY, none, earlier)["new_line_revenue"].isna().all()


def test_pipeline_is_of_open_offers_of_the_year_by_their_probability():
    now = year(a=80, b=80, c=80, d=80, e=100)
    before = year(a=100, b=100, c=100, d=100, e=100, gone=100)
    rows = offers(
        ("a", 20, 0.5, "open", "2025-09-19", None), ("a", 10, 0.5, None, "2026-09-18", None),
        ("b", 20, 0.5, "open", "2026-01-01", None), ("b", 90, 0.9, "open", "2025-09-18", None),
        ("b", 90, 0.9, "won", "2026-01-01", "2026-02-01"), ("b", 90, 0.9, None, "2026-01-01", "2026-02-01"),
        ("b", 90, 0.9, "open", None, None), ("b", 90, 0.9, "open", "2026-09-19", None),
        ("c", 90, None, "open", "2026-01-01", None), (None, 90, 0.9, "open", "2026-01-01", None),
        ("e", 90, 0.9, "open", "2026-01-01", None), ("gone", 900, 0.9, "open", "2026-01-01", None),
    )  # fmt: skip
    found = cov.attention(now, before, NOBODY, opportunities=rows, as_of=AS_OF)
    assert told(found, "opened") == {"a": 2, "b": 1, "c": 1, "d": 0, "e": 1, "gone": 1}
    assert told(found, "pipeline") == pytest.approx(
        {"a": 15, "b": 10, "c": np.nan, "d": 0, "e": 81, "gone": 810}, nan_ok=True
    )
    # 80 + 15 is what had to be kept, 80 + 10 is not; what is only offered is no growth yet, and nobody was kept.
    assert told(found) == {"a": "pipeline", "b": "fell", "c": "fell", "d": "fell", "e": "kept", "gone": "gone"}
    assert told(found, "verdict")["a"] == "protected"
    no_status = cov.attention(now, before, NOBODY, opportunities=rows.drop(columns="status"), as_of=AS_OF)
    assert told(no_status, "opened") == told(found, "opened")
    bare = cov.attention(now, before, NOBODY, opportunities=rows[["account_id", "amount", "created"]], as_of=AS_OF)
    assert told(bare, "opened")["b"] == 3
    assert np.isnan(told(bare, "pipeline")["a"])
    for none in (rows.drop(columns="created"), rows.head(0), rows.drop(columns="account_id"), None):
        without = cov.attention(now, before, NOBODY, opportunities=none, as_of=AS_OF)
        assert without[["opened", "pipeline"]].isna().all(axis=None)


def test_without_a_year_before_nothing_is_judged():
    found = cov.attention(year(a=1, b=2), None, known(a="M1"))
    assert found["account_id"].tolist() == ["b", "a"]
    assert found[["before", "change", "kept", "verdict", "why"]].isna().all(axis=None)
    sums = cov.by_manager(found)
    assert sums["accounts"].tolist() == [1, 1]
    assert sums[list(VERDICTS)].sum().sum() == 0
    assert sums[["kept_share", "kept_and_grown"]].isna().all(axis=None)
    nothing = cov.attention(year(a=1).head(0), None, NOBODY)
    assert nothing.empty
    assert cov.by_manager(nothing).empty


def test_what_cannot_be_is_refused():
    now = year(a=1, b=2)
    with pytest.raises(ValueError, match=r"accounts: expected one row each, got other in 1 \(a\)"):
        cov.attention(pd.concat([now, now.head(1)]), None, NOBODY)
    with pytest.raises(ValueError, match=r"before: expected a revenue each, got other in 1 \(b\)"):
        cov.attention(now, now.assign(revenue=[1, np.nan]), NOBODY)
    with pytest.raises(ValueError, match="as_of: expected a day"):
        cov.attention(now, now, NOBODY, opportunities=offers(("a", 1, 1, "open", "2026-01-01", None)))
    for wrong, said in (({"grown": 0.9}, "grown: expected at least 1, got 0.9"), ({"protected": 0}, "protected: .* 0"),
                        ({"line_share": 1.1}, "line_share: .* 1.1")):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            cov.Attended(**wrong)


def test_managers_by_hand():
    now = year(a=120, b=40, c=98, d=30, e=7, f=-5)
    before = year(a=100, b=100, c=100, e=10, f=20)
    found = cov.by_manager(cov.attention(now, before, known(a="M1", b="M1", c="M2", d="M2", f="M2")))
    assert found["account_manager_id"].tolist()[:2] == ["M1", "M2"]
    assert pd.isna(found["account_manager_id"].iloc[2])
    assert found[["accounts", *VERDICTS]].values.tolist() == [[2, 1, 0, 1, 0], [3, 0, 1, 1, 1], [1, 0, 0, 1, 0]]
    money = ["money_grown", "money_protected", "money_neither", "money_new"]
    assert found[money].values.tolist() == [[100, 0, 100, 0], [0, 100, 20, 30], [0, 0, 10, 0]]
    assert found["kept_share"].tolist() == pytest.approx([140 / 200, 98 / 120, 0.7])
    assert found["kept_and_grown"].tolist() == pytest.approx([160 / 200, 98 / 120, 0.7])


amounts = st.lists(
    st.tuples(st.integers(-20, 300), st.integers(-20, 300), st.sampled_from(["M1", "M2", None])), min_size=1, max_size=9
)


@settings(deadline=None, max_examples=15)
@given(amounts)
def test_managers_together_kept_what_the_bridge_of_sales_says(rows):
    names = [chr(97 + i) for i in range(len(rows))]
    now, before = (year(**dict(zip(names, (row[at] for row in rows), strict=True))) for at in (0, 1))
    found = cov.attention(now, before, known(**dict(zip(names, (row[2] for row in rows), strict=True))))
    assert (found["kept"].dropna().between(0, 1)).all()
    for who, his in found.groupby("account_manager_id", dropna=False):
        line = cov.by_manager(found)
        line = line[line["account_manager_id"].isna() if pd.isna(who) else line["account_manager_id"] == who].iloc[0]
        ids = his["account_id"]
        moved = bridge(now[now["account_id"].isin(ids)], before[before["account_id"].isin(ids)], "revenue")
        assert line["kept_share"] == pytest.approx(moved.kept, nan_ok=True)
        assert line["kept_and_grown"] == pytest.approx(moved.kept_plus_grown, nan_ok=True)
        assert line["accounts"] == line[list(VERDICTS)].sum()
        assert line[["money_grown", "money_protected", "money_neither"]].sum() == pytest.approx(moved.opening)
        assert line["money_new"] == pytest.approx(moved.new)


@settings(deadline=None, max_examples=15)
@given(amounts, st.integers(1, 200))
def test_more_sales_or_more_offers_never_make_it_worse(rows, more):
    order = {"neither": 0, "protected": 1, "grown": 2, "new": 3}
    names = [chr(97 + i) for i in range(len(rows))]
    now, before = (year(**dict(zip(names, (row[at] for row in rows), strict=True))) for at in (0, 1))
    pipeline = offers(*((name, more, 0.5, "open", "2026-01-01", None) for name in names))
    plain = cov.attention(now, before, NOBODY).set_index("account_id")["verdict"].map(order)
    offered = cov.attention(now, before, NOBODY, opportunities=pipeline, as_of=AS_OF)
    dearer = cov.attention(now.assign(revenue=now["revenue"] + more), before, NOBODY)
    for better in (offered, dearer):
        assert (better.set_index("account_id")["verdict"].map(order).reindex(plain.index) >= plain).all()


def test_lindmarks_accounts_were_grown_protected_or_neither(lindmark):
    ledger = lindmark
    period = ledger.period_of("last_12_months")
    earlier = ledger.year_before(period)
    found = cov.attention(
        ledger.by_account(period), ledger.by_account(earlier), ledger.traits(), ledger.by_account_line(period),
        ledger.by_account_line(earlier), ledger.records("opportunities"), ledger.as_of,
    )  # fmt: skip
    verdicts = found.set_index("account_name")["verdict"]
    assert verdicts["Tressel Chemicals GmbH"] == "neither"
    assert verdicts["Pellworth Marine Ltd"] == "grown"
    assert verdicts["Quarrix Refining BV"] == "neither"
    # Bexley is held, by habit; Oakhurst's empty month is no fall.
    assert verdicts["Bexley Machinery Ltd"] == "protected"
    assert verdicts["Oakhurst Paper AB"] == "grown"
    rows = pd.read_csv(SAMPLE / "transactions.csv", dtype={"account_id": str}, parse_dates=["date"])
    tressel = rows[rows["account_id"] == "0010200"].set_index("date").sort_index()["revenue"]
    kept = tressel["2025-09-19":"2026-09-18"].sum() / tressel["2024-09-19":"2025-09-18"].sum()
    assert found.set_index("account_name").loc["Tressel Chemicals GmbH", "kept"] == pytest.approx(kept, rel=1e-6)
    pipeline = pd.read_csv(SAMPLE / "opportunities.csv", dtype={"account_id": str})
    pipeline = pipeline[
        pipeline["status"].eq("open") & pipeline["account_id"].eq("0010100") & (pipeline["created"] > "2025-09-18")
    ]
    expected = (pipeline["amount"] * pipeline["probability"]).sum()
    assert found.set_index("account_id").loc["0010100", "pipeline"] == pytest.approx(expected) == 224000
    sums = cov.by_manager(found)
    assert (sums["accounts"].sum(), len(sums)) == (len(found), 7)
    assert sums["account_manager_id"].iloc[0] == "M01"
