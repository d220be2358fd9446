"""Names and texts as TOML writes them, so that any of them survives."""

import json
from collections.abc import Sequence


def quoted(text: str) -> str:
    """`text` as a TOML string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def listed(texts: Sequence[str]) -> str:
    """Texts as a TOML list."""
    return f"[{', '.join(map(quoted, texts))}]"


def as_key(name: str) -> str:
    """A column's name as a TOML key."""
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else quoted(name)
