"""Writing values and comments of TOML so that any name survives."""

import json


def quoted(text: str) -> str:
    """`text` as a TOML string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def plain(text: str) -> str:
    """`text` on one line without control signs, for a comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
