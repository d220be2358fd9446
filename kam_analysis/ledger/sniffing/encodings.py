"""The encoding of a text file: its mark, UTF-8 where every byte fits, else the one in which its letters make most sense."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from kam_analysis.errors import DataError

_CHUNK = 1 << 20
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x9f]")  # no text has them
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHER_KINDS = {
    b"PK\x03\x04": "a zip or Excel file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"%PDF": "a PDF",
    b"PAR1": "Parquet",
}
_WEST = "äöüßÄÖÜàâæçéèêëîïôœùûÿÀÂÇÉÈÊËÎÏÔŒÙÛáíñóúÁÍÑÓÚãõÃÕìòåøÅØ"
_EAST = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžáéíýúČĎĚŇŘŠŤŮŽÁÉÍÝÚőűŐŰöüÖÜäôľĺŕßășțŞşţđĐ"
_TURKISH = "çğıöşüÇĞİÖŞÜâîû"
_SIGNS = "€£§°²³µ«»–—‘’“”„…®©×½\u00a0¿¡ºª"
# The encodings that spreadsheets write where they do not write Unicode, each with the letters of its languages.
_GUESSES = {
    "cp1252": _WEST,
    "cp1250": _EAST,
    "cp1254": _TURKISH,
    "cp850": _WEST,
    "cp932": "",
    "gb18030": "",
}
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\u3000-\u301f\uff00-\uff9f]")
_RARE = re.compile(r"[\uff61-\uff9f\ue000-\uf8ff]")  # half-width kana and private signs: what other bytes come out as


def encoding_of(path: Path) -> tuple[str, str]:
    """The encoding, and a word with the letters that decide it where it is a guess (else empty).

    Raises `DataError` where the bytes are no text.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding, ""
    for magic, kind in _OTHER_KINDS.items():
        if start.startswith(magic):
            raise unreadable(path, f"expected text, got {kind}", "give the file its right ending, or export it as CSV")
    if b"\x00" in start:
        return _utf16_without_mark(start, path), ""
    if _decodes(path, "utf-8"):
        return "utf-8", ""
    words = _foreign_words(path)
    possible = {encoding: _plausible(words, encoding) for encoding in _GUESSES if _decodes(path, encoding)}
    if not possible:
        raise unreadable(path, "expected text, got bytes of no encoding known here", "save it as CSV UTF-8")
    best = max(possible, key=lambda encoding: possible[encoding])  # the first of equals
    return best, " ".join(max(words, key=len, default=b"").decode(best, "replace").split())[:30]


def unreadable(path: Path, rule: str, remedy: str) -> DataError:
    """The problem of a file that is no readable text."""
    return DataError.of(path.name, rule, remedy)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


def _utf16_without_mark(start: bytes, path: Path) -> str:
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) * 2 > len(start) * 0.4 and min(even, odd) * 10 < max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    raise unreadable(path, "expected text, got other bytes", "export it again as CSV UTF-8")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _pieces(path):
            if _CONTROLS.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _foreign_words(path: Path) -> set[bytes]:
    """Up to some hundreds of the words that are not plain English letters."""
    found: set[bytes] = set()
    for chunk in _pieces(path):
        found.update(re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", chunk))
        if len(found) > 500:
            break
    return found


def _plausible(words: set[bytes], encoding: str) -> float:
    """The share of foreign letters that the encoding's own languages write."""
    text = " ".join(word.decode(encoding, "replace") for word in words)
    foreign = [sign for sign in text if ord(sign) > 127]
    if not _GUESSES[encoding]:
        good = sum(bool(_EAST_ASIAN.match(sign)) - 2 * bool(_RARE.match(sign)) for sign in foreign)
        # Two letters side by side, as in "Größe", may be half of a Chinese sign: more than that is needed.
        return good / max(len(foreign), 1) - 0.05 - 0.5 * bool(re.search(r"[A-Za-z][\u4e00-\u9fff]", text))
    known = _GUESSES[encoding] + _SIGNS
    # Within a word only letters are likely: ¹ and ³ there are Polish in the wrong encoding.
    odd = len(re.findall(r"(?<=\w)[^\w\s](?=\w)|[²³¹¼½¾](?=[^\W\d])", text))
    return (sum(sign in known for sign in foreign) - odd) / max(len(foreign), 1)
