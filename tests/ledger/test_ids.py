"""How ids are read: the quick way for plain ones, the careful way for the rest."""

import ibis
import pytest

from kam_analysis.ledger.columns import normalised_id


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("007", "007"), ("17850.0", "17850"), ("1.0.0", "1.0.0"), ("A.0", "A.0"), (" 42 ", "42"), ("\t42.0\n", "42"),
        ("A 1", "A 1"), ("", None), ("  ", None), ("NaN", "NaN"), (" none ", "none"), ("<NA>", "<NA>"), ("nat", "nat"),
        ("Nancy", "Nancy"), (None, None), (" C01\t", "C01"), ("\u00a0C01\ufeff", "C01"), ("\u00a0", None), ("\x0b1.0 ", "1"),
    ],
)  # fmt: skip
def test_an_id_is_read_as_people_know_it(written, read):
    rows = ibis.memtable({"id": [written, "x"]}, schema={"id": "string"})
    found = rows.select(plain=normalised_id(rows.id)).to_pyarrow()["plain"].to_pylist()
    assert found == [read, "x"]
