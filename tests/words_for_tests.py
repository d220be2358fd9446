"""Pages' text as a keyboard writes it."""


def plain(text: str) -> str:
    """Without the spaces that do not break, and with hyphens for minus signs and dashes."""
    return text.replace("\u00a0", " ").replace("\u2212", "-").replace("\u2013", "-")
