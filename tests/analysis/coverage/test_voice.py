"""What customers say and what became of them: counted by hand and from the sample's CSV files."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.analysis import coverage as cov

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
AS_OF = date(2026, 9, 18)
NEVER = None


def year(**sales):
    frame = pd.DataFrame({"account_id": list(sales), "revenue": [float(amount) for amount in sales.values()]})
    return frame.assign(account_name=frame["account_id"].str.upper())


def left(**days):
    return pd.DataFrame({"account_id": list(days), "left_on": pd.to_datetime(list(days.values()))})


def feedback(*rows):
    frame = pd.DataFrame(rows, columns=["account_id", "date", "theme", "score", "said"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


NOW = year(up=120, down=80, tenth=90, quit=50, late=100)
BEFORE = year(up=100, down=100, tenth=100, quit=50, gone=40, late=100)
TRAITS = left(up=NEVER, down=NEVER, quit="2026-08-01", old="2020-01-01", late="2026-12-31")
VOICES = feedback(
    ("up", "2026-01-01", "price", 9, "Fair."), ("down", "2026-02-01", "price", 6, "Dear."),
    ("down", "2026-03-01", "price", 3, "Dearer."), ("gone", "2025-01-01", "price", None, "We go."),
    ("old", "2019-12-01", "price", 2, "We went."), ("who", "2026-01-05", "price", 7, "Who are you?"),
    ("quit", "2026-07-01", "closure", 8, "We close."), ("up", "2026-05-01", None, 10, "Good."),
    ("down", "2026-09-19", "price", 0, "From tomorrow."),
)  # fmt: skip


def test_themes_by_hand():
    found = cov.voices(VOICES, NOW, BEFORE, TRAITS, AS_OF)
    assert found["theme"].tolist()[:2] == ["price", "closure"]
    assert pd.isna(found["theme"].iloc[2])
    price = found.iloc[0]
    assert (price["said"], price["customers"], price["scored"]) == (6, 5, 5)
    assert (price["score"], price["low"]) == (pytest.approx((9 + 6 + 3 + 2 + 7) / 5), 3 / 5)
    # gone and old; who never bought, so nobody knows.
    assert price["of_former"] == 2
    # up, down and gone had sales to lose; down and gone lost them.
    assert (price["fell"], price["fell_of"]) == (pytest.approx(2 / 3), 3)
    # All six with sales before: down, tenth (exactly a tenth), quit, gone; who leaves in December has not left.
    assert (price["all_fell"], price["all_fell_of"]) == (pytest.approx(4 / 6), 6)
    assert price["last"] == pd.Timestamp(2026, 3, 1)
    assert found[["of_former", "fell", "fell_of"]].iloc[1].tolist() == [1, 1, 1]


def test_what_is_not_kept_is_not_told():
    no_year = cov.voices(VOICES, NOW, None, TRAITS, AS_OF).iloc[0]
    assert (no_year["of_former"], no_year["fell_of"], no_year["all_fell_of"]) == (1, 0, 0)
    assert np.isnan([no_year["fell"], no_year["all_fell"]]).all()
    bare = cov.voices(VOICES[["account_id", "date", "said"]], NOW, None, TRAITS[["account_id"]], AS_OF)
    assert bare[["said", "customers", "scored"]].values.tolist() == [[8, 6, 0]]
    assert bare[["theme", "score", "low", "of_former"]].isna().all(axis=None)
    no_left = cov.voices(VOICES, NOW, BEFORE, TRAITS[["account_id"]], AS_OF).iloc[0]
    # Without left_on only who stopped buying is known to be gone.
    assert no_left["of_former"] == 1
    for none in (None, VOICES.head(0), VOICES.head(0)[["account_id", "date", "said"]]):
        nothing = cov.voices(none, NOW, BEFORE, TRAITS, AS_OF)
        assert nothing.empty
        assert list(nothing) == list(bare)
        assert cov.never_asked(none, NOW, ["up"], AS_OF).empty
        assert cov.heard(none, NOW, BEFORE, TRAITS, ["up"], AS_OF).empty
        assert list(cov.heard(none, NOW, BEFORE, TRAITS, ["up"], AS_OF))[-1] == "left"


def test_key_accounts_that_were_not_asked():
    found = cov.never_asked(VOICES, NOW, ["up", "late", "tenth", "gone", "zz", "up"], AS_OF, months=12)
    assert found["account_id"].tolist() == ["late", "tenth", "gone", "zz"]
    assert found["account_name"].tolist() == ["LATE", "TENTH", "gone", "zz"]
    assert found["revenue"].tolist() == [100, 90, 0, 0]
    assert found["last"].isna().tolist() == [True, True, False, True]
    assert found["last"].iloc[2] == pd.Timestamp(2025, 1, 1)
    # Of 24 months it was heard; a voice from after the day is none.
    assert "gone" not in cov.never_asked(VOICES, NOW, ["gone"], AS_OF)["account_id"].tolist()
    assert cov.never_asked(VOICES.tail(1), NOW, ["down"], AS_OF)["last"].isna().all()
    assert cov.never_asked(VOICES, NOW, [], AS_OF).empty


def test_what_was_heard_last_and_lowest():
    found = cov.heard(VOICES, NOW, BEFORE, TRAITS, ["up", "quit"], AS_OF)
    assert found[["reason", "account_id", "said"]].values.tolist() == [
        ["key account", "quit", "We close."], ["key account", "up", "Good."], ["low score", "down", "Dearer."],
    ]  # fmt: skip
    assert found["change"].tolist() == pytest.approx([0, 0.2, -0.2])
    assert found["left"].tolist() == [True, False, False]
    assert found["by"].isna().all()
    # As a key account it is heard with its latest words, and once.
    assert cov.heard(VOICES, NOW, BEFORE, TRAITS, ["down"], AS_OF)["said"].tolist() == ["Dearer."]
    older = cov.heard(VOICES, NOW, BEFORE, TRAITS, [], AS_OF, months=120)
    assert older["said"].tolist() == ["We went.", "Dearer."]
    assert older["left"].tolist() == [True, False]
    assert older["change"].isna().tolist() == [True, False]


def test_each_kind_has_half_of_the_rows_and_what_the_other_leaves():
    many = feedback(*((f"a{i}", f"2026-01-{i + 1:02}", "x", i % 7, str(i)) for i in range(20)))
    sold = year(**{f"a{i}": 1 for i in range(20)})
    args = (sold, sold, sold[["account_id"]])

    def kinds(key_ids, most):
        found = cov.heard(many, *args, key_ids, AS_OF, most=most)
        return found["reason"].value_counts().reindex(["key account", "low score"], fill_value=0).tolist(), found

    keys = [f"a{i}" for i in range(8)]
    counts, found = kinds(keys, 10)
    assert counts == [5, 5]
    assert found["said"].tolist() == ["7", "6", "5", "4", "3", "14", "15", "8", "16", "9"]
    assert kinds(keys, 3)[0] == [2, 1]
    assert kinds(keys[:2], 10)[0] == [2, 8]
    assert kinds([f"a{i}" for i in range(20)], 10)[0] == [10, 0]
    assert kinds(keys, 1)[0] == [1, 0]


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="months: expected at least 1, got 0"):
        cov.never_asked(VOICES, NOW, ["up"], AS_OF, months=0)
    for name in ("most", "months"):
        with pytest.raises(ValueError, match=f"{name}: expected at least 1, got 0"):
            cov.heard(VOICES, NOW, BEFORE, TRAITS, ["up"], AS_OF, **{name: 0})
    with pytest.raises(ValueError, match=r"before: expected one row each, got other in 1 \(up\)"):
        cov.voices(VOICES, NOW, pd.concat([BEFORE, BEFORE.head(1)]), TRAITS, AS_OF)
    with pytest.raises(ValueError, match=r"traits: expected one row each, got other in 1 \(up\)"):
        cov.voices(VOICES, NOW, BEFORE, pd.concat([TRAITS, TRAITS.head(1)]), AS_OF)


said = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["x", "y", None]), st.none() | st.integers(0, 10)), max_size=12
)
money = st.lists(st.integers(-5, 20), min_size=4, max_size=4)


@settings(deadline=None, max_examples=15)
@given(said, money, money, st.sets(st.sampled_from("abcd")))
def test_themes_are_what_a_loop_counts(rows, now, before, gone):
    heard = feedback(*((who, "2026-01-01", theme, score, "...") for who, theme, score in rows))
    sales, earlier = dict(zip("abcd", now, strict=True)), dict(zip("abcd", before, strict=True))
    days = left(**{who: "2026-01-01" if who in gone else None for who in "abcd"})
    found = cov.voices(heard, year(**sales), year(**earlier), days, AS_OF)
    assert found["said"].sum() == len(rows)
    assert found["said"].is_monotonic_decreasing
    lost = {who: who in gone or sales[who] <= 0.9 * earlier[who] for who in "abcd" if earlier[who] > 0}
    for line in found.to_dict("records"):
        mine = [row for row in rows if row[1] == line["theme"] or (row[1] is None and pd.isna(line["theme"]))]
        speakers = {row[0] for row in mine}
        fell = [lost[who] for who in speakers if who in lost]
        assert (line["said"], line["customers"], line["fell_of"]) == (len(mine), len(speakers), len(fell))
        assert line["fell"] == pytest.approx(np.mean(fell) if fell else np.nan, nan_ok=True)
        former = [row for row in mine if row[0] in gone or (earlier[row[0]] > 0 and sales[row[0]] <= 0)]
        assert line["of_former"] == len(former)
        scores = [row[2] for row in mine if row[2] is not None]
        assert line["low"] == pytest.approx(np.mean([s <= 6 for s in scores]) if scores else np.nan, nan_ok=True)
        assert line["all_fell"] == pytest.approx(np.mean(list(lost.values())) if lost else np.nan, nan_ok=True)


def test_lindmarks_voices_from_its_csv_files(lindmark):
    ledger = lindmark
    period = ledger.period_of("last_12_months")
    now, before, traits = ledger.by_account(period), ledger.by_account(ledger.year_before(period)), ledger.traits()
    rows = ledger.records("feedback")
    found = cov.voices(rows, now, before, traits, ledger.as_of).set_index("theme")
    file = pd.read_csv(SAMPLE / "feedback.csv", dtype={"account_id": str})
    by_hand = file.groupby("theme").agg(said=("said", "size"), score=("score", "mean"), last=("date", "max"))
    assert found["said"].to_dict() == by_hand["said"].to_dict()
    assert found["score"].to_dict() == pytest.approx(by_hand["score"].to_dict())
    assert found["last"].dt.strftime("%Y-%m-%d").to_dict() == by_hand["last"].to_dict()
    # Quarrix told that it closes, and left.
    assert found.loc["closure", ["said", "of_former", "fell", "fell_of"]].tolist() == [1, 1, 1.0, 1]
    key = traits.loc[traits["is_key"].fillna(False).astype(bool), "account_id"]
    silent = cov.never_asked(rows, now, key, ledger.as_of)
    assert set(silent["account_id"]) == set(key) - set(file.loc[file["date"] > "2024-09-18", "account_id"])
    assert silent["account_name"].iloc[0] == "Ostermann Chemie AG"
    table = cov.heard(rows, now, before, traits, key, ledger.as_of)
    assert len(table) == 10
    first = table.iloc[0]
    assert (first["account_id"], first["by"], first["theme"]) == ("0010100", "Ingrid Vass", "renewal")
    tressel = table[table["account_id"] == "0010200"].iloc[0]
    assert (tressel["score"], tressel["change"] < -0.1) == (3, True)
