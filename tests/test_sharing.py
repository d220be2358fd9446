"""The ways to send a mail that docs/sharing.md gives: run as they stand, with something that takes the mail in their place."""

import email
import os
import re
import shutil
import smtplib
import subprocess
import sys
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from kam_analysis.batch.mail import as_mail, run_letter

DOC = (Path(__file__).parents[1] / "docs" / "sharing.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.+?)```", DOC, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with reports that were made, and programs of the names that the lines call."""
    told = {"company": "Müller & Søn", "period": "2025"}
    result = {"question": "Q", "answer": "Ash can leave.", "tables": {}, "provenance": told}
    content = as_mail(run_letter({}, {"06_leadership_brief": result}, told))
    for name in ("mail.eml", "packs/M02/mail.eml"):
        (tmp_path / "reports" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "reports" / name).write_bytes(content)
    (tmp_path / "reports" / "06_leadership_brief.pdf").write_bytes(b"%PDF-1.4 brief")
    for name, body in (
        ("kam", 'exit "${CODE:-0}"'),
        *((each, f'cat > "$SENT"; echo {each} "$@" > "$SENT.as"') for each in ("sendmail", "curl")),
    ):
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SENT", str(tmp_path / "sent"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def is_the_mail(content: bytes) -> None:
    message = email.message_from_bytes(content, policy=default)
    assert message.defects == []
    assert (message["From"], message["To"]) == ("reports@example.com", "head.of.sales@example.com")
    assert message["Subject"] == "Müller & Søn: key-account review, 2025"
    for kind in ("plain", "html"):
        body = message.get_body((kind,))  # type: ignore[attr-defined]
        assert "Ash can leave." in body.get_content()


@pytest.mark.skipif(not shutil.which("sh"), reason="no shell on this machine")
def test_sendmail_gets_the_whole_mail_and_nothing_after_a_run_that_failed(site: Path) -> None:
    subprocess.run(["sh", "-c", block("sh")], check=True)
    is_the_mail((site / "sent").read_bytes())
    assert b"\r" not in (site / "sent").read_bytes()
    (site / "sent").unlink()
    done = subprocess.run(["sh", "-c", block("sh")], env={**os.environ, "CODE": "1"})
    assert done.returncode == 1
    assert not (site / "sent").exists()


@pytest.mark.skipif(not shutil.which("sh"), reason="no shell on this machine")
def test_curl_in_an_action_gets_the_whole_mail(site: Path) -> None:
    script = re.sub(r"^    ", "", block("yaml").split("run: |\n")[1], flags=re.MULTILINE)
    subprocess.run(["sh", "-c", script], check=True)
    is_the_mail((site / "sent").read_bytes())
    assert "smtps://mail.example.com" in (site / "sent.as").read_text(encoding="utf-8")


def test_python_sends_the_brief_to_leadership_and_each_pack_to_its_manager(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []

    class Server:
        """Takes mails in place of a mail server, as bytes."""

        def __init__(self, *address: object) -> None:
            assert address == ("mail.example.com", 587)

        def __enter__(self) -> "Server":
            return self

        def __exit__(self, *raised: object) -> None:
            """Nothing to close."""

        def starttls(self) -> None:
            """Nothing to encrypt."""

        def login(self, *who: str) -> None:
            assert who == ("reports@example.com", "secret")

        def send_message(self, message: Any) -> None:
            sent.append(email.message_from_bytes(message.as_bytes(), policy=default))

    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setenv("SMTP_PASSWORD", "secret")
    exec(compile(block("python"), "docs/sharing.md", "exec"), {"__name__": "sharing"})
    assert [each["To"] for each in sent] == ["head.of.sales@example.com", "sabine@example.com"]
    is_the_mail(sent[0].as_bytes())
    assert [each.get_content() for each in sent[0].iter_attachments()] == [b"%PDF-1.4 brief"]
    assert sent[0]["X-Unsent"] is None
    assert sent[0]["Date"]
    assert sys.modules.get("sharing") is None
