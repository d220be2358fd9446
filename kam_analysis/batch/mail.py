"""`mail.eml`: what a run found, short enough to be read in a mail program, for the site to send; and one in each pack.

Nothing is sent from here, and nobody is named as sender or receiver: a mail program opens the file as a draft, and
docs/sharing.md has the lines that send it. The same results give the same bytes; a picture is in it where Chromium drew one.
"""

import hashlib
import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from kam_analysis.batch.index import BRIEF, Entry, review_title
from kam_analysis.batch.page import facts, made_lines, provenance_lines, spoken_date, template_text
from kam_analysis.batch.papers import Picture
from kam_analysis.batch.told import Result, Results, rows_of

MAIL = "mail.eml"
MOST_BYTES = 100_000  # mail programs cut what is larger
_MOST_ACTIONS, _MOST_CALLS, _MOST_PLANS, _MOST_ALERTS = 7, 5, 12, 10
_PICTURE_ID = "chart@kam-analysis.invalid"  # a name inside this mail, not an address
_NEW = "New since the last report"
_WIDTH = 72  # signs in a line of the plain text


@dataclass(frozen=True)
class Letter:
    """What a mail says, in the order in which it says it. `asks` are rows below `asks_heads`; `lists` further parts, each
    a title and its lines; `answers` (question, answer, note) of pages."""

    subject: str
    above: str
    answer: str
    warnings: Sequence[str] = ()
    asks_title: str = ""
    asks_heads: Sequence[str] = ()
    asks: Sequence[Sequence[str]] = ()
    asks_more: str = ""
    lists: Sequence[tuple[str, Sequence[str]]] = ()
    answers_title: str = ""
    answers: Sequence[tuple[str, str, str]] = ()
    foot: Sequence[str] = ()
    picture: bytes = b""
    picture_alt: str = ""
    picture_id: str = _PICTURE_ID


def run_letter(
    entries: Mapping[str, Entry],
    results: Results,
    provenance: Mapping[str, Any],
    alerts: Sequence[str] = (),
) -> Letter:
    """The letter of a whole run to leadership: the brief's answer, what to decide, the `alerts`, each page's answer.

    `entries` are the index's lines by report, `results` as they are sent on.
    """
    brief = results.get(BRIEF, {})
    pages = [each for name, each in entries.items() if name != BRIEF and not each.pages]
    plans = sum(len(each.pages) for each in entries.values())
    answers = [(each.question, each.answer, each.note) for each in pages if each.answer]
    failed = [
        f"Not updated in this run: {each.question} {each.reason}".strip() for each in _all(entries) if each.reason
    ]
    made = [f"{plans} account plans were made, too."] if plans > 1 else []
    asks = [[_text(row.get("what")), *_who_by(row), _text(row.get("cost_said"))] for row in rows_of(brief, "asks")]
    title = review_title(provenance)
    return Letter(
        subject=_subject(provenance, "key-account review"),
        above=_above(provenance, title),
        answer=_text(brief.get("answer")) or (answers[0][1] if answers else title),
        warnings=failed,
        asks_title="To decide",
        asks_heads=("What", "Who", "By", "Cost of not deciding"),
        asks=asks,
        lists=_lists((_NEW, _cut(alerts, _MOST_ALERTS, "in alerts.json"))),
        answers_title="What the pages say",
        answers=answers if brief.get("answer") else answers[1:],
        foot=[*made, *_foot(provenance)],
    )


def manager_letter(
    name: str,
    plans: Sequence[Result],
    calls: Sequence[Mapping[str, Any]],
    provenance: Mapping[str, Any],
    files: Sequence[str] = (),
    alerts: Sequence[str] = (),
) -> Letter:
    """The letter that goes with a manager's pack: next actions and calls at their own accounts, and what the `plans`
    (their results) say. `files` of the pack are to be filled in; `alerts` are those of their accounts."""
    actions = sorted((row for plan in plans for row in rows_of(plan, "actions")), key=_first_and_largest)
    rows = [[_action(row), *_who_by(row), _worth(row, provenance)] for row in actions]
    dated = sorted((row for row in calls if row.get("day")), key=lambda row: _text(row.get("day")))
    called = [
        f"{spoken_date(row['day'])}: {_text(row.get('account_name'))} ({_text(row.get('caller'))})" for row in dated
    ]
    open_questions = [f"{each}: what is not on file yet, to be filled in and sent back" for each in files]
    return Letter(
        subject=_subject(provenance, "your accounts"),
        above=_above(provenance, f"{name}: your accounts"),
        answer=_actions_answer(
            len(rows), len(dated), [*(row.get("due") for row in actions), *(row["day"] for row in dated)]
        ),
        asks_title="To do next",
        asks_heads=("What", "Who", "By", "At stake"),
        asks=rows[:_MOST_ACTIONS],
        asks_more=f"{len(rows) - _MOST_ACTIONS} more in the plans" if len(rows) > _MOST_ACTIONS else "",
        lists=_lists(
            (_NEW, alerts[:_MOST_ALERTS]),
            ("Calls", _cut(called, _MOST_CALLS, "in calls.ics")),
            ("Open questions", open_questions),
        ),
        answers_title="What the plans say",
        answers=[(_text(each["question"]), _text(each["answer"]), "") for each in plans[:_MOST_PLANS]],
        foot=_foot(provenance),
    )


def with_picture(letter: Letter, picture: Picture | None) -> Letter:
    """The letter with a chart in it, unless it would be too large for mail programs then."""
    if picture is None:
        return letter
    drawn = replace(letter, picture=picture.png, picture_alt=picture.alt)
    return drawn if len(as_mail(drawn)) <= MOST_BYTES else letter


def as_mail(letter: Letter) -> bytes:
    """The file, with a part of plain text and one of HTML; all that HTML needs lies in it."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["X-Unsent"] = "1"  # Outlook opens it as a draft
    message.set_content(as_text(letter), cte="quoted-printable")
    message.add_alternative(as_html(letter), subtype="html", cte="quoted-printable")
    if letter.picture:
        html = message.get_body(("html",))
        assert isinstance(html, EmailMessage)
        html.add_related(
            letter.picture, "image", "png", cid=f"<{_PICTURE_ID}>", filename="chart.png", disposition="inline"
        )
    mark = hashlib.sha256(repr(letter).encode()).hexdigest()[:24]
    for number, part in enumerate(each for each in message.walk() if each.is_multipart()):
        # "=_" stands in no line of either encoding.
        part.set_boundary(f"=_{number}_{mark}")
    return message.as_bytes()


def as_html(letter: Letter) -> str:
    """The HTML part: tables and styles in place, no script, no link, nothing to be fetched."""
    from jinja2 import DictLoader, Environment

    name = "mail.html.j2"
    environment = Environment(loader=DictLoader({name: template_text(name)}), autoescape=True)
    return environment.get_template(name).render(letter=letter).lstrip()


def as_text(letter: Letter) -> str:
    """The part of plain text, which says the same."""
    parts = [letter.above, _wrapped(letter.answer), *map(_wrapped, letter.warnings)]
    if letter.asks:
        rows = (", ".join(filter(None, _row_words(letter.asks_heads, row))) for row in letter.asks)
        more = [_wrapped(letter.asks_more, "- ")] if letter.asks_more else []
        parts.append("\n".join([letter.asks_title.upper(), *(_wrapped(row, "- ") for row in rows), *more]))
    for title, lines in letter.lists:
        parts.append("\n".join([title.upper(), *(_wrapped(line, "- ") for line in lines)]))
    if letter.answers:
        told = (_wrapped(" ".join(filter(None, (q, a, n))), "- ") for q, a, n in letter.answers)
        parts.append("\n".join([letter.answers_title.upper(), *told]))
    parts.append("\n".join(_wrapped(line) for line in letter.foot))
    return "\n\n".join(filter(None, parts)).replace("\u00a0", " ") + "\n"


def _row_words(heads: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    """A row as a sentence says it: what comes first, all else after its heading."""
    yield row[0]
    yield from (f"{head[:1].lower()}{head[1:]}: {each}" for head, each in zip(heads[1:], row[1:], strict=True) if each)


def _wrapped(text: str, mark: str = "") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark), break_long_words=False)


def _all(entries: Mapping[str, Entry]) -> Iterator[Entry]:
    for each in entries.values():
        yield each
        yield from each.pages


def _lists(*found: tuple[str, Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    return [(title, lines) for title, lines in found if lines]


def _cut(lines: Sequence[str], most: int, where: str) -> list[str]:
    left = len(lines) - most
    return [*lines[:most], *([f"{left} more {where}"] if left > 0 else [])]


def _who_by(row: Mapping[str, Any]) -> tuple[str, str]:
    return _text(row.get("owner")), spoken_date(row.get("due")) or "no day on file"


def _action(row: Mapping[str, Any]) -> str:
    account, what = _text(row.get("account_name")), _text(row.get("what"))
    begins = what[:1].lower() if what[1:2].islower() else what[:1]  # "CRM ..." keeps its capitals
    return f"{account}: {begins}{what[1:]}" if account else what


def _worth(row: Mapping[str, Any], provenance: Mapping[str, Any]) -> str:
    worth = row.get("worth")
    if not isinstance(worth, int | float) or isinstance(worth, bool):
        return ""
    from kam_analysis.pages.style import money

    return f"{money(float(worth), str(provenance.get('currency') or ''))}: {_text(row.get('worth_of'))}".rstrip(": ")


def _first_and_largest(row: Mapping[str, Any]) -> tuple[str, float]:
    worth = row.get("worth")
    return _text(row.get("due")) or "9999", -(float(worth) if isinstance(worth, int | float) else 0.0)


def _actions_answer(actions: int, calls: int, days: Sequence[Any]) -> str:
    counts = ((actions, "next action"), (calls, "call"))
    said = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    if not said:
        return "Nothing is due at your accounts."
    first = min((str(day) for day in days if day), default="")
    when = f"{', the first' if actions + calls > 1 else ','} by {spoken_date(first)}" if first else ""
    return f"{' and '.join(said)} at your accounts{when}."


def _subject(provenance: Mapping[str, Any], what: str) -> str:
    """One line, whatever a company is called: a line's end would begin a header of its own."""
    company = _text(provenance.get("company"))
    said = f"{company}: {what}" if company else what[:1].upper() + what[1:]
    return ", ".join(filter(None, (said, _text(facts(provenance)))))


def _above(provenance: Mapping[str, Any], title: str) -> str:
    return " · ".join(filter(None, (_text(provenance.get("company")), title, facts(provenance))))


def _foot(provenance: Mapping[str, Any]) -> list[str]:
    known = {key: value for key, value in provenance.items() if key not in ("parameters", "seed")}
    return [*provenance_lines(provenance), *made_lines(known)]


def _text(value: Any) -> str:
    """One line of text, without signs that no mail can hold; spaces that must not be broken stay."""
    if value is None:
        return ""
    kept = (" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in str(value))
    return re.sub(" +", " ", "".join(kept)).strip()
