"""A large sample: memory that does not grow with what is written, and the same story in blocks as in one piece."""

import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kam_analysis.sample import blocks, lines, transactions, write_sample
from kam_analysis.sample.accounts import accounts
from kam_analysis.sample.company import Company, build
from kam_analysis.sample.slots import SLOT_MONTH, SLOT_WINDOW, SLOTS
from kam_analysis.sample.story import PRODUCT_LINES, named
from kam_analysis.sample.totals import asked_size

ONE_ARRAY = 8 * len(SLOTS)  # bytes that an account has in one array of accounts by slot


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Companies of 284 customers become three blocks; the story is told by the first."""
    monkeypatch.setattr(blocks, "ENTITIES_PER_BLOCK", 100)


def _passing(work: Callable[[], object]) -> int:
    """Bytes that `work` takes at its peak beyond what stood there before and what it leaves."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = work()
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return peak - max(before, after)


def _read_through(rows: Iterable[object]) -> None:
    for _ in rows:
        pass


def _company(customers: int, rows: int | None = None) -> Company:
    return build(asked_size(customers, rows, seed=5))


def test_a_company_is_made_without_an_array_of_accounts_by_month(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "ENTITIES_PER_BLOCK", 500)
    small, large = (_passing(lambda count=count: _company(count)) for count in (4_000, 12_000))
    assert large - small < 8_000 * ONE_ARRAY
    # In one piece it takes several such arrays: the measurement sees them.
    monkeypatch.undo()
    assert _passing(lambda: _company(12_000)) > 12_000 * 5 * ONE_ARRAY


def test_the_accounts_table_is_written_without_being_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "ENTITIES_PER_BLOCK", 500)
    small, large = _company(1_000), _company(4_000)
    assert _passing(lambda: _read_through(accounts(large))) < 1.2 * _passing(lambda: _read_through(accounts(small)))


def test_writing_four_times_the_rows_takes_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Route: a whole `kam sample`, Parquet parts of 10,000 rows; the cells are as many for both sizes."""
    monkeypatch.setattr(lines, "ROWS_PER_CHUNK", 10_000)
    monkeypatch.setattr(transactions, "MOST_CSV_ROWS", 50_000)
    write_sample(tmp_path / "imports", accounts=120, transactions=60_000)
    small = _passing(lambda: write_sample(tmp_path / "small", accounts=120, transactions=60_000))
    large = _passing(lambda: write_sample(tmp_path / "large", accounts=120, transactions=240_000))
    assert large < 1.2 * small


@pytest.mark.usefixtures("small_blocks")
def test_a_company_in_blocks_has_the_totals_of_one_in_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    several = _company(284, 25_000)
    monkeypatch.undo()
    one = _company(284, 25_000)
    assert several.totals.cents[:, 1:].tolist() == one.totals.cents[:, 1:].tolist()
    # The first window is scaled by months that each block draws for itself.
    assert several.totals.cents[:, 0].sum() == pytest.approx(one.totals.cents[:, 0].sum(), rel=0.02)
    assert several.cells.rows.sum() == one.cells.rows.sum() == 25_000 - 10
    assert several.cells.rows.min() == 1
    rows = [np.bincount(company.cells.entity // 100, company.cells.rows) for company in (several, one)]
    assert rows[0] == pytest.approx(rows[1], rel=0.05)


@pytest.mark.usefixtures("small_blocks")
def test_blocks_draw_for_themselves_and_only_the_first_has_the_story() -> None:
    """Were two blocks given the same stream, their small accounts would buy alike."""
    first, second = blocks.blocks(150)
    assert (len(first), len(second)) == (100, 50)
    assert first.stream(5, "months").random() != second.stream(5, "months").random()
    assert (first.named("Oakhurst"), second.named("Oakhurst")) == ([9], [])


@pytest.mark.usefixtures("small_blocks")
def test_cells_of_all_blocks_add_up_and_tell_the_story() -> None:
    company = _company(2_000)
    cells, totals = company.cells, company.totals
    sold = pd.DataFrame(
        {"entity": cells.entity, "slot": cells.slot, "line": cells.line, "revenue": cells.revenue, "cost": cells.cost}
    )
    sold["window"] = SLOT_WINDOW[cells.slot]
    assert sold[["slot", "entity"]].equals(sold[["slot", "entity"]].sort_values(["slot", "entity"], ignore_index=True))
    by_window = sold.pivot_table(index="entity", columns="window", values="revenue", aggfunc="sum", fill_value=0)
    assert by_window.reindex(range(len(totals.cents)), fill_value=0).to_numpy().tolist() == totals.cents.tolist()

    last = sold[(sold["window"] == 2) & totals.in_shares[sold["entity"]] & (totals.cents[sold["entity"], 2] > 0)]
    for customer, line, share in (("Corvane", "Skids", 0.41), ("Dunmere", "Seals", 0.40)):
        (buyer,), of_line = named(customer), last[last["line"] == PRODUCT_LINES.index(line)]
        assert of_line.loc[of_line["entity"] == buyer, "revenue"].sum() / of_line["revenue"].sum() == pytest.approx(share, abs=1e-4)  # fmt: skip
    for window, margin in enumerate((0.292, 0.287, 0.280)):
        here = sold[(sold["window"] == window) & totals.in_shares[sold["entity"]]]
        assert 1 - here["cost"].sum() / here["revenue"].sum() == pytest.approx(margin, abs=1e-4)
    customers = sold[totals.in_shares[sold["entity"]]].assign(month=lambda rows: SLOT_MONTH[rows["slot"]])
    rolling = customers.groupby("month")["revenue"].sum().rolling(12).sum()
    closed = 13  # November 2024, counted from October 2023
    assert rolling[[closed + 18, closed + 19]].mean() == pytest.approx(rolling[closed], rel=1e-5)


@pytest.mark.usefixtures("small_blocks")
def test_the_accounts_table_of_several_blocks_is_whole(tmp_path: Path) -> None:
    write_sample(tmp_path, accounts=284, transactions=9_000)
    written = pd.read_csv(tmp_path / "accounts.csv", dtype=str)["account_id"]
    assert len(written) == written.nunique() == 284 + 6 + 2
    assert {"0010100", "0090001", "0099999"} <= set(written)
    sold = pd.read_csv(tmp_path / "transactions.csv", dtype=str)["account_id"].dropna()
    assert set(sold) - set(written) == {"0010020", "10300"}
    assert np.unique(sold).size > 270
