"""Columns that say which rows are sales, recognised by their values, whatever their name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kam_analysis.ledger.checks.status_words import (
    code_lists,
    codes_of,
    header_words,
    key,
    meaning_of,
    meaning_within,
    meanings_of,
)
from kam_analysis.ledger.reading.folding import words

# More values than these are names or notes; more codes, or longer ones, no kinds of documents.
MOST_VALUES = 40
_MOST_CODES, _CODE = 12, 4
# Neither certainly a sale nor certainly none; nor is a word that nobody knows beside words that are known.
_ASKED = ("void", "lost", "unsure", "stage", "plan", "")
_YES = ("yes", "y", "true", "t", "1", "x", "ja", "j", "oui", "si", "sim", "tak", "evet", "是", "はい")
_NO = ("", "no", "n", "false", "f", "0", "nein", "non", "nao", "nee", "nie", "hayir", "否", "いいえ")
# What tells debit from credit: the debit word first. One letter needs a header that says so.
_SIDES = ("debit credit", "dr cr", "soll haben", "debe haber", "dare avere", "debet credit", "wn ma", "borc alacak", "借 贷", "借方 貸方", "s h", "d c")  # fmt: skip


@dataclass(frozen=True)
class Value:
    """One value of a column: its rows, their money (None where it cannot be read), what it means ("" unknown).

    `mixed` says that some of its amounts are above zero and others below.
    """

    text: str
    rows: int
    amount: float | None = None
    meaning: str = ""
    mixed: bool = False


@dataclass(frozen=True)
class StatusColumn:
    """A column that says which rows are sales: what to do with its values, and which of them only the owner knows.

    `keep` names the values that alone are sales; else `drop` those that are none, `subtract` those that count
    against. `unsure` values are asked about; `asked` says that the column is, whatever its values.
    """

    name: str
    values: tuple[Value, ...]
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    subtract: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    asked: bool = False

    @property
    def matters(self) -> bool:
        """Whether any row is not simply a sale."""
        return bool(self.keep or self.drop or self.subtract or self.unsure or self.asked)

    @property
    def certain(self) -> bool:
        """Whether nothing has to be asked."""
        return not self.unsure and not self.asked

    @property
    def told(self) -> str:
        """Each value with rows and money, the most rows first."""
        shown = sorted(self.values, key=lambda each: (-each.rows, each.text))
        more = f"; {len(shown) - 8} more" if len(shown) > 8 else ""
        return "; ".join(map(_told, shown[:8])) + more


def _told(value: Value) -> str:
    rows = f"{value.text or '(empty)'} in {value.rows:,} row{'s' * (value.rows != 1)}"
    return rows if value.amount is None else f"{rows} ({value.amount:,.2f})"


def status_column(name: str, values: Sequence[Value]) -> StatusColumn | None:
    """What a column's values say about which rows are sales; None where it is about something else."""
    filled = [each for each in values if each.text]
    if not filled or len(filled) > MOST_VALUES:
        return None
    sides = _sides(name, values)
    if sides is not None:
        return sides
    meant = _meant(name, values)
    if meant is None:
        return None
    filled = [each for each in meant if each.text]
    if len(filled) > 1 and all(each.meaning == "unsure" and len(each.text) <= _CODE for each in filled):
        return StatusColumn(name, meant, asked=True)
    found = _of_deals(name, meant) if _is_pipeline(name, meant) else _of_documents(name, meant)
    return found if found.matters else None


def _meant(name: str, values: Sequence[Value]) -> tuple[Value, ...] | None:
    """The values with what they mean; None where the column is about something else."""
    header = set(words(name))
    codes = codes_of(name) or _codes_alone(header, values)
    if codes:
        return tuple(replace(each, meaning=_of_code(codes, each.text)) for each in values)
    flag = _flag(name, values)
    if flag is not None:
        return flag
    if header & header_words("other"):
        return None
    known = meanings_of([each.text for each in values])
    found = [replace(each, meaning=known.get(each.text, "")) for each in values]
    if not any(each.meaning for each in found) and _unknown_codes(header, values):
        return tuple(replace(each, meaning="unsure" if each.text else "") for each in found)
    if any(each.meaning for each in found):
        found = [each if each.meaning else replace(each, meaning=meaning_within(each.text)) for each in found]
    return tuple(found) if _is_status(header, found) else None


def _is_status(header: set[str], values: Sequence[Value]) -> bool:
    filled = [each for each in values if each.text]
    known = [each for each in filled if each.meaning]
    meanings = {each.meaning for each in known}
    if ("won" in meanings and meanings & {"lost", "stage", "open"}) or {"actual", "plan"} <= meanings:
        return True
    hinted = _is_hinted(header)
    mostly = 2 * len(known) >= len(filled)
    if meanings & {"void", "payment", "credit", "lost", "won"}:
        return hinted or (mostly and len(known) > 1)
    return mostly and hinted and bool(meanings & {"stage", "unsure", "plan"})


def _codes_alone(header: set[str], values: Sequence[Value]) -> Mapping[str, str]:
    """A system's codes under another header ("Doc. type" with F2 and G2): all of them, and one that counts against."""
    if not _is_hinted(header):
        return {}
    keys = {key(each.text) for each in values if each.text}
    for codes in code_lists().values():
        meant = {_of_code(codes, each) for each in keys}
        if all(each in codes or each[1:] in codes for each in keys) and (
            meant >= {"sale", "credit"} or "unsure" in meant
        ):
            return codes
        if meant >= {"sale", "void"} and all(each in codes for each in keys):
            return codes
    return {}


def _unknown_codes(header: set[str], values: Sequence[Value]) -> bool:
    """Whether documents are of several kinds in a company's own code: which of them are sales only its owner knows."""
    texts = [each.text for each in values if each.text]
    short = 1 < len(texts) <= _MOST_CODES and all(len(each) <= _CODE and each.isalnum() for each in texts)
    return short and bool(header & header_words("documents")) and not header & header_words("numbers")


def _of_code(codes: Mapping[str, str], text: str) -> str:
    """What a system's code means; a company's own, such as ZG2 beside G2, only its owner knows."""
    return codes.get(key(text), "unsure" if text else "")


def _is_hinted(header: set[str]) -> bool:
    """Whether a header's words are those of a status: "Fakturaart", "发票状态"."""
    ends, within = tuple(header_words("ends")), header_words("within")
    return bool(header & header_words("status")) or any(
        (len(word) > 6 and word.endswith(ends)) or any(sign in word for sign in within) for word in header
    )


def _flag(name: str, values: Sequence[Value]) -> tuple[Value, ...] | None:
    """A column of yes and no whose header is the status: "Cancelled", "Is won"."""
    said = [each for each in words(name) if each not in ("is", "has", "been", "was", "ist", "est")]
    meaning = meaning_of(" ".join(said))
    texts = {"".join(words(each.text)) for each in values}
    if meaning not in ("won", "lost", "void", "credit") or not texts <= {*_YES, *_NO} or not texts & set(_YES):
        return None
    other = "lost" if meaning == "won" else "sale"
    return tuple(replace(e, meaning=meaning if "".join(words(e.text)) in _YES else other) for e in values)


def _is_pipeline(name: str, values: Sequence[Value]) -> bool:
    """Whether rows are deals: some are won or lost, or they stand at stages before that."""
    meanings = [each.meaning for each in values]
    if "won" in meanings:
        return True
    if "lost" in meanings and not {"void", "payment", "credit"} & set(meanings):
        # A flag "Lost" has nothing but sales beside it.
        return "sale" not in meanings or "stage" in meanings
    return meanings.count("stage") > 0 and bool(set(words(name)) & header_words("deals") or "sale" not in meanings)


def _of_deals(name: str, values: tuple[Value, ...]) -> StatusColumn:
    """Only what is won is a sale; where nothing is, or rows are said to be invoiced too, the owner is asked."""
    won = tuple(each.text for each in values if each.meaning == "won")
    others = [each for each in values if each.meaning != "won" and each.rows]
    if won and not others:
        return StatusColumn(name, values)
    unsure = tuple(each.text for each in others if each.meaning == "sale") if won else ()
    return StatusColumn(name, values, keep=won, unsure=unsure, asked=not won)


def _of_documents(name: str, values: tuple[Value, ...]) -> StatusColumn:
    """Documents and orders: some are no sales, some count against."""
    drop: list[str] = []
    subtract: list[str] = []
    unsure: list[str] = []
    planned = any(each.meaning == "actual" for each in values)
    for each in values:
        where = {"drop": drop, "subtract": subtract, "unsure": unsure}.get(_place(each, planned))
        if where is not None:
            where.append(each.text)
    return StatusColumn(name, values, (), tuple(drop), tuple(subtract), tuple(unsure))


def _place(value: Value, planned: bool) -> str:
    """Where a value of a document goes: "drop", "subtract", "unsure", or "" for a sale; `planned` beside figures."""
    worth = value.amount
    if value.meaning == "payment" or (value.meaning == "plan" and planned):
        return "drop"
    if value.meaning in ("void", "lost") and (worth is None or worth >= 0):
        return "drop"
    if value.meaning == "credit":
        # Negative ones count against by themselves; of some with either sign nobody can tell.
        return "unsure" if value.mixed or worth is None else "subtract" if worth > 0 else ""
    return "unsure" if value.meaning in _ASKED and value.text and worth != 0 else ""


def _sides(name: str, values: Sequence[Value]) -> StatusColumn | None:
    """A sign beside amounts that have none: S and H, debit and credit. Which side sells is the owner's to say."""
    if {each.text for each in values} == {"+", "-"}:
        return None if _is_signed(values) else StatusColumn(name, tuple(values), subtract=("-",))
    texts = {"".join(words(each.text)) for each in values if each.text}
    for pair in _SIDES:
        debit, credit = pair.split()
        if texts != {debit, credit} or (
            len(debit) == 1 and debit.isascii() and not set(words(name)) & header_words("sides")
        ):
            continue
        if _is_signed(values):
            return None
        return StatusColumn(name, tuple(values), asked=True)
    return None


def _is_signed(values: Sequence[Value]) -> bool:
    """Whether the amounts have their sign already."""
    return any(each.amount is not None and each.amount < 0 for each in values)
