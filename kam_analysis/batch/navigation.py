"""What leads from page to page: the reports' short names in the bar of each, and those before and after at its foot.

Which pages there are is known when all are published: until then a page has marks in their places.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from kam_analysis.batch.told import Results, account_of

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


LINKED = ("02_key_accounts", "04_coverage")  # reports whose tables name accounts
_CELL = re.compile(r"(<t[hd](?: [^>]*)?>)([^<]+)(</t[hd]>)")


def plan_pages(results: Results, records: Results) -> dict[str, str]:
    """The page of each account that has one, by the name under which tables show the account.

    `results` and `records` ({report id: ...}) of all reports that stand in the folder. A name that several accounts have
    is left out: its link could lead to the wrong one.
    """
    ids: dict[str, set[str]] = {}
    for result in results.values():
        for row in (row for rows in result["tables"].values() for row in rows):
            if row.get("account_id") and row.get("account_name"):
                ids.setdefault(str(row["account_name"]), set()).add(str(row["account_id"]))
    pages = {}
    for name, result in results.items():
        page = records.get(name, {}).get("page", "")
        if (account := account_of(result)) and "/" in page:
            pages[account] = page
    return {
        name: pages[only]
        for name, (only, *others) in ((name, [*each]) for name, each in ids.items())
        if not others and only in pages
    }


def with_links(page: str, pages: Mapping[str, str]) -> str:
    """The page with every cell that is exactly a name in `pages` linked; scripts are not touched.

    >>> with_links("<td>Ash & Co</td><td>Ash</td>", {"Ash & Co": "plans/A.html"})
    '<td>Ash & Co</td><td>Ash</td>'
    >>> print(with_links("<th>Ash &amp; Co</th>", {"Ash & Co": "plans/A.html"}))
    <th><a href="plans/A.html">Ash &amp; Co</a></th>
    """
    known = {escape(name): quote(target) for name, target in pages.items()}
    if not known:
        return page
    body, script, rest = page.partition("<script")

    def linked(cell: re.Match[str]) -> str:
        target = known.get(cell[2])
        return cell[0] if target is None else f'{cell[1]}<a href="{target}">{cell[2]}</a>{cell[3]}'

    return _CELL.sub(linked, body) + script + rest
