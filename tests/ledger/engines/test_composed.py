"""Letters whose accents were written apart are one sign for every engine, as Python's own tables have it."""

import unicodedata
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pytest

from kam_analysis.ledger.engine.composed import composed

# PySpark leaves sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket")


def written_apart() -> list[str]:
    """Each letter of the basic plane that has parts, taken apart wholly or in steps, between two others."""
    found = {
        "",
        "A",
        "naïve\nnai\u0308ve",
        "\u0308",
        "\u0308u",
        "u\u0308u\u0308",
        "u\u0308\u0304",
        "\u2126",
        "=\u0338,:`'\"\\",
    }
    for sign in map(chr, range(0xC0, 0x10000)):
        parts = unicodedata.normalize("NFD", sign)
        # Marks that are nothing but two others are in no text of today.
        if parts != sign and not unicodedata.combining(sign) and not 0xAC00 <= ord(sign) <= 0xD7A3:
            found |= {f"x{sign}y", f"x{parts}y", f"{unicodedata.normalize('NFC', parts[:-1])}{parts[-1]}"}
    return sorted(found)


def read(table: Any) -> dict[str, str]:
    frame = table.select(written=table.written, read=composed(table.written)).to_pandas()
    return dict(zip(frame["written"], frame["read"], strict=True))


@pytest.mark.parametrize("engine", ["duckdb", "postgres", "spark"])
def test_every_letter_is_composed_as_python_composes_it(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    texts = written_apart()
    frame = pd.DataFrame({"written": texts})
    if engine == "duckdb":
        found = read(ibis.duckdb.connect().create_table("letters", frame))
    elif engine == "spark":
        session = request.getfixturevalue("spark")
        # As a file: of a frame that it is given Spark makes the table of letters anew for every letter.
        frame.to_parquet(tmp_path / "letters.parquet")
        session.read.parquet(str(tmp_path / "letters.parquet")).createOrReplaceTempView("letters")
        found = read(ibis.pyspark.connect(session).table("letters"))
        session.catalog.dropTempView("letters")
    else:
        database = ibis.connect(request.getfixturevalue("postgres_url"))
        found = read(database.create_table("letters", frame, temp=True))
        database.disconnect()
    assert len(texts) > 3_000
    assert {text: one for text, one in found.items() if one != unicodedata.normalize("NFC", text)} == {}
