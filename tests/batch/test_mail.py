"""`mail.eml`: what it says, that mail programs can show it, and that nothing of it comes from elsewhere."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from published_for_tests import Shelf

from kam_analysis.batch.index import Entry, entry
from kam_analysis.batch.mail import MOST_BYTES, Letter, as_mail, manager_letter, run_letter, with_picture
from kam_analysis.batch.papers import Picture

BRIEF = "06_leadership_brief"
FROM = {
    "company": "Lindmark",
    "period": "12 months to 31 May 2025",
    "as_of": "2025-05-31",
    "currency": "EUR",
    "source": "sales.csv",
    "version": "0.1.0",
    "data_fingerprint": "f00df00df00d",
}
ASK = {"what": "How we keep Ash", "owner": "V. Hahn", "due": "2025-07-01", "cost_said": "€60k a year"}


def document(answer: str, question: str = "How much?", **tables: Any) -> dict[str, Any]:
    return {"question": question, "answer": answer, "tables": tables, "provenance": FROM}


def letter(results: dict[str, Any], alerts: tuple[str, ...] = (), **reasons: str) -> bytes:
    entries = {
        name: entry(name, "failed" if name in reasons else "done", reasons.get(name, ""), f"{name}.html", each)
        for name, each in results.items()
    }
    return as_mail(run_letter(entries, results, FROM, alerts))


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def parts(content: bytes) -> tuple[str, str]:
    """Its plain text, as one line, and its HTML."""
    message = read(content)
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    plain, html = (str(each.get_content()) if each else "" for each in bodies)
    return " ".join(plain.split()), html


def test_it_says_what_to_decide_and_what_each_page_answers() -> None:
    results = {"01_x": document("Five make 41%.", "How dependent?"), BRIEF: document("Ash can leave.", asks=[ASK])}
    content = letter(results, ("Birch fell by 29%",))
    message = read(content)
    assert message["Subject"] == "Lindmark: key-account review, 12 months to 31 May 2025"
    assert [message[name] for name in ("From", "To", "Date", "Message-ID")] == [None] * 4
    plain, html = parts(content)
    for said in ("Ash can leave.", "How we keep Ash", "V. Hahn", "1 Jul 2025", "€60k a year", "Birch fell by 29%",
                 "How dependent?", "Five make 41%.", "Source: sales.csv. As of: 31 May 2025", "data: f00df00df00d"):  # fmt: skip
        assert said in plain, said
        assert said in re.sub(r"\s+", " ", html).replace("\u00a0", " "), said


def test_a_report_that_failed_is_said_and_its_answer_is_told_as_the_last_good_one() -> None:
    results = {"01_x": document("Five make 41%."), BRIEF: document("Ash can leave.")}
    plain, html = parts(letter(results, **{"01_x": "it broke"}))
    for said in (plain, html):
        assert "Not updated in this run: How much? it broke" in said
        assert "The page linked here is the last good one, as of 31 May 2025." in said


def test_without_a_brief_the_first_answer_leads() -> None:
    plain, _ = parts(letter({"01_x": document("Five make 41%."), "02_y": document("Two are key.")}))
    assert plain.index("Five make 41%.") < plain.index("WHAT THE PAGES SAY") < plain.index("Two are key.")
    assert plain.count("Five make 41%.") == 1


HOSTILE = '</td><script>alert(1)</script><img src="http://example.com/x.png">\r\nBcc: all@example.com'


class Tags(HTMLParser):
    """Which elements there are, and all that could lead out of the mail."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.outside += [
            str(value) for name, value in attrs if name in ("src", "href", "background") or "url(" in str(value)
        ]


def test_what_comes_from_data_is_text_and_begins_no_header() -> None:
    told = {**FROM, "company": HOSTILE, "period": HOSTILE}
    results = {BRIEF: {**document(HOSTILE, HOSTILE, asks=[dict.fromkeys(ASK, HOSTILE)]), "provenance": told}}
    lines = {BRIEF: Entry(HOSTILE, "failed", "x", HOSTILE, HOSTILE)}
    content = as_mail(run_letter(lines, results, told, [HOSTILE]))
    message = read(content)
    assert message["Bcc"] is None
    assert set(message.keys()) == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
    tags = Tags()
    tags.feed(parts(content)[1])
    assert tags.names.isdisjoint({"script", "img", "link", "style", "a", "iframe", "form"})
    assert tags.outside == []


def test_the_same_results_give_the_same_bytes_and_lines_that_every_server_takes() -> None:
    results = {BRIEF: document("Ash " * 500 + "\ud800", asks=[ASK] * 3)}
    assert letter(results) == letter(results)
    assert max(map(len, letter(results).split(b"\r\n"))) <= 998
    assert letter(results).isascii()
    assert letter(results) != letter({BRIEF: document("Birch")})


def test_a_picture_lies_in_it_unless_it_would_be_too_large() -> None:
    told = run_letter({}, {BRIEF: document("Ash")}, FROM)
    content = as_mail(with_picture(told, Picture("1_x", "Bars of <margin>", "", b"\x89PNG" * 1000)))
    message = read(content)
    [image] = [each for each in message.walk() if each.get_content_type() == "image/png"]
    assert image.get_content() == b"\x89PNG" * 1000
    _, html = parts(content)
    assert f"cid:{image['Content-ID'].strip('<>')}" in html
    assert 'alt="Bars of &lt;margin&gt;"' in html
    assert len(content) < MOST_BYTES
    assert as_mail(with_picture(told, Picture("1_x", "", "", b"\x89PNG" * 20_000))) == as_mail(told)


ACTION = {"what": "Meet the buyer", "owner": "J. Reiter", "due": "2025-06-10", "worth": 1234567.0,
          "worth_of": "margin we earn there", "account_name": "Ash"}  # fmt: skip


def test_a_managers_letter_has_actions_calls_and_plans_the_first_ones_first() -> None:
    later = {**ACTION, "what": "Win a second contact", "due": "2025-07-01", "worth": None}
    calls = [{"day": "2025-06-02", "account_name": "Ash", "caller": "H. Dahl", "at_risk": 5.0}]
    content = as_mail(
        manager_letter(
            "J. Reiter", [document("Ash, rescue.", actions=[later, ACTION])], calls, FROM, ["q.xlsx"], ["Ash fell"]
        )
    )
    plain, _ = parts(content)
    assert read(content)["Subject"] == "Lindmark: your accounts, 12 months to 31 May 2025"
    assert "2 next actions and 1 call at your accounts, the first by 2 Jun 2025." in plain
    assert (
        plain.index("Ash: meet the buyer")
        < plain.index("Ash: win a second contact")
        < plain.index("2 Jun 2025: Ash (H. Dahl)")
    )
    for said in (
        "at stake: €1.23m: margin we earn there",
        "q.xlsx",
        "Ash, rescue.",
        "NEW SINCE THE LAST REPORT - Ash fell",
    ):
        assert said in plain
    empty, _ = parts(as_mail(manager_letter("J. Reiter", [], [], FROM)))
    assert "Nothing is due at your accounts." in empty


def test_a_managers_letter_has_so_many_of_each_and_counts_the_others() -> None:
    def told(many: int) -> Letter:
        actions = [{**ACTION, "due": f"2025-06-{day:02}"} for day in range(1, many + 1)]
        calls = [{"day": f"2025-06-{day:02}", "account_name": "Ash", "caller": "H. Dahl"} for day in range(1, many + 1)]
        plans = [document(f"Plan {at}.", actions=actions if at == 0 else []) for at in range(many)]
        return manager_letter("J. Reiter", plans, calls, FROM, alerts=[f"Alert {at}" for at in range(many)])

    few, more, many = told(7), told(9), told(13)
    assert [(len(each.asks), each.asks_more) for each in (few, more, many)] == [
        (7, ""), (7, "2 more in the plans"), (7, "6 more in the plans"),
    ]  # fmt: skip
    assert [len(each.answers) for each in (few, more, many)] == [7, 9, 12]
    alerts, calls = (
        [item for title, items in many.lists if title == name for item in items] for name in (many.lists[0][0], "Calls")
    )
    assert (len(alerts), len(calls)) == (10, 6)
    assert calls[-1] == "8 more in calls.ics"


@pytest.mark.parametrize("answer", ["one of May", None])
def test_every_run_leaves_a_mail_that_run_json_vouches_for(tmp_path: Path, answer: str | None) -> None:
    shelf = Shelf(tmp_path)
    shelf.publish({"01_one": answer})
    assert "mail.eml" in shelf.named()
    assert shelf.is_true()
    plain, _ = parts(shelf.files["mail.eml"])
    assert (answer or "Not updated in this run: 01_one it broke") in plain
