"""HTML fragments that cells displayed, made fit for a page that leadership receives.

Views escape what comes from data; this is the second wall, for a user's own notebook with, say, a
styled frame (pandas' Styler does not escape). What could run, load or redirect is dropped, and every
table gets its own container that scrolls sideways on a phone. (The third wall is the page's
Content-Security-Policy.)
"""

import re
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

SCROLLER = "table-scroll"  # the class of a table's container, styled in page.css
_SCROLLERS = {SCROLLER, "kam-table"}  # the workbook's own tables bring one
_DROPPED = {"script", "iframe", "object", "embed", "applet", "noscript", "template", "frameset"}
# Of these the tag goes, its content stays.
_LEFT_OUT = {"html", "head", "body", "meta", "link", "base", "frame", "form", "input", "button"}
_LEFT_OUT |= {"textarea", "select", "xmp", "plaintext", "noembed", "noframes"}
_VOID = {"area", "br", "col", "hr", "img", "source", "track", "wbr"}
_ADDRESSES = {"src", "href", "xlink:href", "action", "formaction", "poster", "background", "srcset", "data"}
_NAME = re.compile(r"[A-Za-z_:][\w:.-]*")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|#|(?![a-z][a-z0-9+.-]*:)(?!//))", re.IGNORECASE)
_SAFE_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,]", re.IGNORECASE)


def safe_fragment(html: str, label: str = "Table") -> str:
    """`html` without what runs or loads, with every tag closed and every table in a container named `label`."""
    cleaner = _Cleaner(label)
    cleaner.feed(html)
    cleaner.close()
    return cleaner.finished()


class _Open(NamedTuple):
    """An element that is open: `closing` is what ends it, `scrolls` whether it is a table's container."""

    tag: str
    closing: str
    scrolls: bool


class _Cleaner(HTMLParser):
    """Writes the fragment anew, tag by tag; what was left open is closed at the end."""

    def __init__(self, label: str) -> None:
        super().__init__(convert_charrefs=True)
        self._label = label
        self._written: list[str] = []
        self._open: list[_Open] = []
        self._dropping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write the tag with the attributes that may stay."""
        self._dropping += tag in _DROPPED
        kept = {name: value or "" for name, value in attrs if _kept(tag, name, value or "")}
        useless = tag in _LEFT_OUT or not _NAME.fullmatch(tag) or (tag == "img" and "src" not in kept)
        if self._dropping or useless:
            return
        closing = f"</{tag}>"
        if tag == "table" and not any(each.scrolls or each.tag == "table" for each in self._open):
            name = escape(self._label)
            self._written.append(f'<div class="{SCROLLER}" role="region" tabindex="0" aria-label="{name}">')
            closing += "</div>"
        shown = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
        self._written.append(f"<{tag}{shown}>")
        if tag not in _VOID:
            self._open.append(_Open(tag, closing, bool(_SCROLLERS & set(kept.get("class", "").split()))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<g/>` is both; HTML would leave it open."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element and what was left open inside it; an end without a start is dropped."""
        if tag in _DROPPED:
            self._dropping = max(0, self._dropping - 1)
            return
        if self._dropping or not any(each.tag == tag for each in self._open):
            return
        while True:
            closed = self._open.pop()
            self._written.append(closed.closing)
            if closed.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        """Text is escaped again; a style sheet cannot be, so it loses what could end it."""
        if not self._dropping:
            in_style = bool(self._open) and self._open[-1].tag == "style"
            self._written.append(data.replace("<", "") if in_style else escape(data, quote=False))

    def finished(self) -> str:
        """The fragment, with everything closed."""
        while self._open:
            self._written.append(self._open.pop().closing)
        return "".join(self._written)


def _kept(tag: str, name: str, value: str) -> bool:
    if name.startswith("on") or name in ("srcdoc", "http-equiv", "ping", "autofocus"):
        return False
    if name not in _ADDRESSES:
        return bool(_NAME.fullmatch(name))
    squeezed = re.sub(r"[\s\x00-\x20]+", "", value)
    if tag == "a" and name in ("href", "xlink:href"):
        return bool(_SAFE_LINK.match(squeezed))
    return bool(_SAFE_IMAGE.match(squeezed)) or (name in ("href", "xlink:href") and squeezed.startswith("#"))
