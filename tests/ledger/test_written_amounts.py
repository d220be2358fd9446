"""An amount in any style reads back exactly, in the engine as in Python; what is no amount is none in both."""

from decimal import Decimal

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kam_analysis.ledger.engine import columns
from kam_analysis.ledger.reading.written_amounts import amount_in
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.sniffing.amounts import AmountColumn, amount_format

ENGINE = ibis.duckdb.connect()
POINT, COMMA = TableSource("transactions", thousands=","), TableSource("transactions", decimal=",", thousands=".")


def by_engine(texts: list[str], source: TableSource) -> list[Decimal | None]:
    """The engine's own reading, in the order of the texts."""
    table = ibis.memtable({"at": list(range(len(texts))), "text": texts}, schema={"at": "int64", "text": "string"})
    read = table.select("at", amount=columns.amount(table.text, source)).order_by("at")
    return [None if value is None else Decimal(value) for value in ENGINE.to_pyarrow(read)["amount"].to_pylist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6,00,000.00", "600000"), ("$6,00,000 ", "600000"), ("1,23,45,678.90", "12345678.90"), ("$2,71,250 ", "271250"),
        (" $-   ", "0"), ("$ -", "0"), (" -   ", "0"), ("–", "0"), ("€ –", "0"), ("—", "0"),
        ("(1,234.50)", "-1234.50"), (" $(4,533.75)", "-4533.75"), ("($0.50)", "-0.50"), ("(EUR 5)", "-5"), ("-EUR 5", "-5"),
        ("1,234.50-", "-1234.50"), ("1,234.50 -", "-1234.50"), ("5- EUR", "-5"), ("−5", "-5"), ("–5", "-5"), ("+5", "5"), ("- 5", "-5"),
        ("１，２３４．５０", "1234.50"), ("￥１００", "100"), ("（５）", "-5"),
        ("\u200e1,234.50\u200f", "1234.50"), ("\u202a-5\u202c", "-5"), ("\u20665\u2069", "5"), ("\u200f-5", "-5"), ("5\u200e-", "-5"),
        ("1\u00a0234.50", "1234.50"), ("1'234.50", "1234.50"), ("1’234.50", "1234.50"), ("1 234 567", "1234567"),
        ("USD 1,234.50", "1234.50"), ("1,234.50 USD", "1234.50"), ("R$ 5", "5"), ("5 zł", "5"), ("Rs. 5", "5"), ("₹5", "5"), ("CHF5", "5"),
        ("1e3", "1000"), ("1.5E-3", "0.0015"), (".5", "0.5"), ("5.", "5"), (" 5 ", "5"), ("0.1234567", "0.123457"), ("-0.1234565", "-0.123457"),
    ],
)  # fmt: skip
def test_styles(text: str, expected: str) -> None:
    assert amount_in(text, POINT) == Decimal(expected)
    assert by_engine([text], POINT) == [Decimal(expected)]


@pytest.mark.parametrize(
    "text",
    ["12%", "12 %", "１２％", "abc", "1.2.3", "12,34", "1,2345", "12 50", "1 2 3", "1,234,56", "--5", "(-5)", "(5-)", "5-6", "1_000", "K", "5K", "1e999", "$", "", " ", "()",
     "5 and 6", "2025-01-02", "12:30", "5 boxes", "1'2'3", "0x1F", "nan", "Infinity", "१२"],
)  # fmt: skip
def test_what_is_no_amount(text: str) -> None:
    assert amount_in(text, POINT) is None
    assert by_engine([text], POINT) == [None]


def test_letters_for_thousands_count_only_where_the_settings_name_them() -> None:
    source = TableSource("transactions", thousands=",", suffixes={"K": 1000, "M": 1_000_000, "Mio": 1_000_000})
    texts = ["1.5K", "2M", "$1,200K", "(3 K)", "3 Mio", "0", "-", "4", "5X", "1.5KM"]
    expected = [1500, 2_000_000, 1_200_000, -3000, 3_000_000, 0, 0, 4, None, None]
    assert by_engine(texts, source) == expected
    assert [amount_in(text, source) for text in texts] == expected


amounts = st.integers(-(10**12), 10**12).map(lambda number: Decimal(number).scaleb(-2))
signs = st.sampled_from(["", "", "$", "€ ", "USD ", "R$ ", "₹", "CHF"])


def indian(digits: str, mark: str) -> str:
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)][::-1]
    return mark.join([*pairs, tail])


@st.composite
def written(draw: st.DrawFn) -> tuple[Decimal, str, TableSource]:
    value, source = draw(amounts), draw(st.sampled_from([POINT, COMMA]))
    mark = draw(st.sampled_from([source.thousands, "", " ", "\u00a0", "\u202f", "'", "’"]))
    whole, cents = f"{abs(value):.2f}".split(".")
    digits = indian(whole, mark) if mark == "," and draw(st.booleans()) else f"{int(whole):,}".replace(",", mark)
    text = f"{digits}{source.decimal}{cents}"
    before, behind = draw(signs), draw(st.sampled_from(["", " EUR", " zł", "€", " ", "\u200e"]))
    ways = (
        ["-{b}{t}{a}", "{b}-{t}{a}", "{b}{t}-{a}", "({b}{t}{a})", "{b}({t}){a}", "\u2212{b}{t}{a}", "\u200e-{b}{t}{a}"]
        if value < 0
        else ["{b}{t}{a}", "+{b}{t}{a}"]
    )
    text = draw(st.sampled_from(ways)).format(t=text, b=before, a=behind)
    return value, text.translate(WIDE) if draw(st.booleans()) else text, source


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@settings(max_examples=40, deadline=None)
@given(st.lists(written(), min_size=1, max_size=40))
def test_every_style_reads_back_exactly_in_engine_and_python(cases: list[tuple[Decimal, str, TableSource]]) -> None:
    for source in (POINT, COMMA):
        mine = [(value, text) for value, text, of in cases if of is source]
        expected = [value for value, _ in mine]
        assert [amount_in(text, source) for _, text in mine] == expected
        assert by_engine([text for _, text in mine], source) == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text("0159.,-+()' \u00a0\u2212\u200e$€%EURkKeE_zł５", max_size=9), min_size=1, max_size=60))
def test_engine_and_python_agree_on_any_text(texts: list[str]) -> None:
    for source in (
        POINT,
        COMMA,
        TableSource("transactions"),
        TableSource("transactions", decimal=",", suffixes={"k": 1000}),
    ):
        assert by_engine(texts, source) == [amount_in(text, source) for text in texts]


@settings(max_examples=150, deadline=None)
@given(st.lists(written(), min_size=1, max_size=6))
def test_what_init_takes_for_an_amount_reads_back_with_the_format_that_it_found(
    cases: list[tuple[Decimal, str, TableSource]],
) -> None:
    mine = [(value, text) for value, text, of in cases if of is cases[0][2]]
    column = AmountColumn()
    for row, (_, text) in enumerate(mine, 2):
        column.add(text, row)
    assert not column.unreadable
    form = amount_format([column])
    if not form.choices:
        found = TableSource("transactions", decimal=form.decimal, thousands=form.thousands)
        assert [amount_in(text, found) for _, text in mine] == [value for value, _ in mine]
