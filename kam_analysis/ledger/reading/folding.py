"""Words without what writers vary: case, accents, width, the dotless i; in any script."""

import re
import unicodedata

# Letters that Unicode does not take apart.
_PLAIN = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
# Marks that make another letter in Japanese; everywhere else marks are accents.
_VOICED = "\u3099\u309a"


def folded(text: str) -> str:
    """`text` in small plain letters; Chinese, Japanese and Korean signs stay, full-width ones become usual ones.

    >>> folded("İPTAL"), folded("Płatność"), folded("ＮＥＴ"), folded("コード")
    ('iptal', 'platnosc', 'net', 'コード')
    """
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    kept = "".join(sign for sign in apart if sign in _VOICED or not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", kept)


def words(text: str) -> list[str]:
    """The words of `text`, folded; a run of Chinese or Japanese signs is one word, "isWon" are two."""
    return re.findall(r"[^\W_]+", folded(parted(text)))


def parted(text: str) -> str:
    """`text` with a space where a small letter is followed by a capital one."""
    pairs = zip(text, " " + text, strict=False)
    return "".join(f" {sign}" if sign.isupper() and before.islower() else sign for sign, before in pairs)
