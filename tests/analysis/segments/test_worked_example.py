"""The five customers of docs/key_accounts.md: every number of that page, recomputed from the inputs that it states."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kam_analysis.analysis import segments as s
from kam_analysis.analysis.concentration import concentrate

PAGE = (Path(__file__).parents[3] / "docs" / "key_accounts.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())
NAMES = ["Ada", "Bo", "Caro", "Dag", "Eve"]
WEIGHTS = dict.fromkeys([each.name for each in s.CRITERIA], 0.0) | {"volume": 2.0, "nearness": 1.0, "ease": 1.0}
WORDS = {"rescue": "rescue", "assessment": "assessment", "win more": "pursuit", "review": "review"}


def table(chapter):
    """The table of a chapter as texts, by customer."""
    part = re.split(r"^## ", PAGE, flags=re.MULTILINE)[chapter]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"]
    frame = pd.DataFrame(rows[2:], columns=rows[0], dtype=object)
    assert frame["customer"].tolist() == NAMES
    return frame


def numbers(column):
    """A column's numbers; shares as parts of one; what is not known is missing."""
    known = column.str.replace("%", "").where(~column.isin(["not assessed", "unknown"])).astype(float)
    return known / 100 if column.str.contains("%").any() else known


def written(values, form, missing="not assessed"):
    return [missing if np.isnan(each) else form.format(each + 0.0) for each in values]


@pytest.fixture
def significant():
    given = table(1).assign(account_id=NAMES)
    sales = given[["account_id"]].assign(sales=numbers(given["sales"]))
    skids = given[["account_id"]].assign(skids=numbers(given["skids"]))
    return s.significance(
        pd.concat([s.activity_rows(sales, "sales", "sales"), s.activity_rows(skids, "skids", "skids")]), 0.10
    )


@pytest.fixture
def raw():
    given = table(2)
    columns = {"volume": "volume", "nearness": "km", "ease": "ease"}
    return pd.DataFrame({"account_id": NAMES} | {name: numbers(given[theirs]) for name, theirs in columns.items()})


def test_who_is_key_and_for_what(significant):
    given = table(1)
    shares = significant.pivot_table(index="account_id", columns="activity", values="share")
    for name in ("sales", "skids"):
        assert given[f"share of {name}"].tolist() == written(100 * shares[name], "{:.1f}%")
    keys = s.key_accounts(significant).set_index("account_id")["activities"]
    assert given["key for"].tolist() == [", ".join(keys.get(each, ("nothing",))) for each in NAMES]
    assert "All sales are 100, skids make 6" in TEXT
    assert (numbers(given["sales"]).sum(), numbers(given["skids"]).sum()) == (100, 6)


def test_what_each_is_worth(raw):
    given, scaled = table(2), s.scaled(raw)
    for name in ("volume", "nearness", "ease"):
        assert given[f"{name}, scaled"].tolist() == written(scaled[name], "{:.3f}")
    scores = s.value_scores(scaled, WEIGHTS)
    assert given["score"].tolist() == written(scores["score"], "{:.3f}")
    assert given["rests on"].tolist() == written(100 * scores["assessed_weight"], "{:.0f}%")


@pytest.mark.parametrize(
    ("written_as", "value"),
    [
        ("1 + 0.2 x 1.5 = 1.3", 1 + 0.2 * 1.5),
        ("40 - 0.2 x 1.5 = 39.7", 40 - 0.2 * 1.5),
        ("(18 - 1.3) / 38.4 = 0.435", (18 - 1.3) / 38.4),
        ("1 - (10 - 2) / 36 = 0.778", 1 - (10 - 2) / 36),
        ("(2 x 0.435 + 0.778 + 1.000) / 4 = 0.662", (2 * 0.435 + 0.778 + 1) / 4),
        ("(2 x 0.969 + 0.222) / 3 = 0.720", (2 * 0.969 + 0.222) / 3),
    ],
)
def test_the_sums_in_the_sentences_on_value(written_as, value):
    assert written_as in TEXT
    assert float(written_as.split("= ")[1]) == pytest.approx(value, abs=5e-4)


def test_who_can_be_served(significant, raw):
    scores = s.value_scores(s.scaled(raw), WEIGHTS)
    found = s.cut(s.key_accounts(significant), scores, 3, significant)
    assert found.inside["account_id"].tolist() == ["Eve", "Ada", "Dag"]
    assert found.just_outside["account_id"].tolist() == ["Caro"]
    assert f"Caro is key and just outside, {-found.just_outside['lead'].iloc[0]:.3f} behind Dag" in TEXT


def lines(raw):
    """Each score as a line in the weight of volume: where it starts, and how it climbs."""
    scaled = s.scaled(raw)
    return scaled["nearness"].to_numpy(), (scaled["volume"] - scaled["nearness"]).to_numpy()


def exact_parts(start, climb, k):
    """In what part of 0-1 each line is among the best k: between two neighbouring crossings the order stays."""
    crossings = {0.0, 1.0}
    for i in range(5):
        for j in range(i):
            at = (start[i] - start[j]) / (climb[j] - climb[i])
            crossings |= {at} if 0 < at < 1 else set()
    ends, parts = sorted(crossings), np.zeros(5)
    for low, high in pairwise(ends):
        parts[np.argsort(-(start + climb * (low + high) / 2))[:k]] += high - low
    return parts


def test_firm_or_borderline_by_exact_reasoning_and_by_drawing(raw):
    given, (start, climb) = table(3), lines(raw)
    forms = [f"{a:.3f} {'-' if b < 0 else '+'} {abs(b):.3f} w" for a, b in zip(start + 0.0, climb, strict=True)]
    assert given["score at weight w"].tolist() == forms
    points = s.scaled(raw)[["volume", "nearness"]].to_numpy()
    for k in (2, 3):
        parts = exact_parts(start, climb, k)
        assert given[f"among the best {k}"].tolist() == written(100 * parts, "{:.1f}%")
        drawn = s.acceptability(points, k, 10_000, np.random.default_rng(2))
        assert (np.abs(drawn.top - parts) <= 4 * drawn.error).all()
    assert given["badge (best 3)"].tolist() == s.firm(drawn).tolist()


def test_the_crossings_and_the_error_in_the_sentences(raw):
    start, climb = lines(raw)
    for passing, passed in ((4, 1), (3, 0)):
        at = (start[passed] - start[passing]) / (climb[passing] - climb[passed])
        assert f"{NAMES[passing]} passes {NAMES[passed]} at w = {at:.3f}" in TEXT
    assert np.sqrt(0.579 * 0.421 / 10_000) == pytest.approx(0.005, abs=1e-4)
    assert "within half a point two times in three" in TEXT


def test_ten_points_more_or_less_on_one_weight(raw):
    weights = dict.fromkeys(WEIGHTS, 0.0) | {"volume": 1.0, "nearness": 1.0}
    found = s.changes_place(s.scaled(raw)[["account_id", "volume", "nearness"]], weights, 2)
    volume = found[found["criterion"] == "volume"].set_index("step")[["entered", "left"]]
    assert volume.loc[0.1].tolist() == [("Dag",), ("Ada",)]
    assert volume.loc[-0.1].tolist() == [("Bo",), ("Eve",)]
    assert "At w = 0.6 Dag comes in and Ada goes out; at w = 0.4 Bo comes in and Eve goes out." in TEXT


def said(pattern):
    """A figure per customer, read from the sentences of the table; missing where they do not give it."""
    found = table(4)["what is known"].str.extract(pattern)[0]
    return pd.to_numeric(found).to_numpy(dtype=float)


def test_what_kind_of_work_each_needs():
    falls = said(r"fell by (\d+)%")
    frame = pd.DataFrame(
        {
            "account_id": NAMES,
            "fell": ~np.isnan(falls),
            "change_share": -falls / 100,
            "competitor": table(4)["what is known"].str.extract(r"competitor (\w+)")[0],
            "satisfaction": said(r"satisfaction (\d+)"),
            "days_to_notice": said(r"last day for notice in (\d+) days"),
            "margin_change": -said(r"margin down (\d+) points") / 100,
            "growth_share": said(r"sales up (\d+)%") / 100,
            "headroom_share": said(r"(\d+)% of its spend") / 100,
        }
    )
    assert s.kinds_of_work(frame)["work"].tolist() == [WORDS[each] for each in table(4)["kind of work"]]


def test_who_depends_on_whom():
    given = table(5)
    kinds = {"procedural": "procedures", "financial": "money", "relational": "people"}
    traits = pd.DataFrame({"account_id": NAMES} | {f"barrier_{k}": numbers(given[v]) for k, v in kinds.items()})
    kept = s.barriers(traits)
    assert given["what keeps it"].tolist() == written(kept["strength"], "{:.3f}", "unknown")
    frame = pd.DataFrame({
        "account_id": NAMES, "share": numbers(given["share of our margin"]),
        "wallet_share": numbers(given["our part of its spend"]), "exit_barrier": kept["strength"],
    })  # fmt: skip
    found = s.balance(frame)
    assert given["we on it"].tolist() == written(found["our_dependence"], "{:.2f}", "unknown")
    assert given["it on us"].tolist() == written(found["their_dependence"], "{:.2f}", "unknown")
    assert given["who depends"].tolist() == found["reading"].tolist()
    assert "0.25 x 0.5 + 0.25 x 0.4 + 0.5 x 0.3 = 0.375" in TEXT


def test_who_could_leave_easily():
    given = table(5)
    kept = pd.DataFrame({"account_id": NAMES, "strength": numbers(given["what keeps it"]), "note": ""})
    sales = pd.DataFrame({"account_id": NAMES, "account_name": NAMES, "revenue": numbers(table(1)["sales"])})
    assert s.easy_to_leave(kept, concentrate(sales, "revenue"))["account_id"].tolist() == ["Ada"]
    assert "Ada could leave easily: what keeps it is below 0.4" in TEXT
