"""Account names on the pages of all accounts become links to the accounts' plans, as far as there are some."""

import re
from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from kam_analysis.batch.told import Results, account_of

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
