"""What leads from page to page: the reports' short names in the bar of each, and those before and after at its foot.

Which pages there are is known when all are published: until then a page has marks in their places.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

TABS, AROUND = "<!--tabs-->", "<!--around-->"  # the marks, in frame.html.j2
_NUMBER = re.compile(r"^\d+_")


def short_name(report: str) -> str:
    """A report as the bar names it.

    >>> short_name("02_key_accounts"), short_name("new_markets")
    ('Key accounts', 'New markets')
    """
    words = _NUMBER.sub("", report).replace("_", " ").strip() or report
    return words[:1].upper() + words[1:]


def with_navigation(page: bytes, here: str, pages: Mapping[str, str]) -> bytes:
    """The page with its links, where `pages` are all reports' names and files, in their order, and `here` is its own
    file; all files are relative to the index."""
    up = "../" * here.count("/")
    links = [(name, up + quote(file), file == here) for name, file in pages.items()]
    tabs, around = (_tabs(links), _around(links)) if len(links) > 1 else ("", "")
    # Once each: the first is the page's own, whatever the data holds.
    return page.replace(TABS.encode(), tabs.encode(), 1).replace(AROUND.encode(), around.encode(), 1)


def _tabs(links: Sequence[tuple[str, str, bool]]) -> str:
    current = ' aria-current="page"'
    inside = "".join(
        f'<a href="{escape(href)}"{current if here else ""}>{escape(short_name(name))}</a>'
        for name, href, here in links
    )
    return f'<nav class="tabs" aria-label="Reports">{inside}</nav>'


def _around(links: Sequence[tuple[str, str, bool]]) -> str:
    at = next((number for number, (_, _, here) in enumerate(links) if here), None)
    if at is None:
        return ""
    before, after = links[at - 1 : at], links[at + 1 : at + 2]
    back = "".join(f'<a href="{escape(href)}">← {escape(short_name(name))}</a>' for name, href, _ in before)
    on = "".join(f'<a href="{escape(href)}">{escape(short_name(name))} →</a>' for name, href, _ in after)
    return f'<nav class="around" aria-label="Previous and next report">{back or "<span></span>"}{on}</nav>'
