"""The line that says how far a run is: one line, for people at a terminal, that knows what is left."""

import sys

import pytest

from kam_analysis.progress import Bar, bar


def test_the_bar_is_one_line_that_plain_lines_replace(capsys: pytest.CaptureFixture[str]) -> None:
    line = Bar(shown=True)
    line.progress("01_a", 1, 4)
    line.progress("02_b", 3, 4)
    line.say("01_a: done")
    line.end()
    line.progress("02_b", 4, 4)  # a thread that is late
    said = capsys.readouterr()
    assert said.out == "01_a: done\n"
    assert "\n" not in said.err
    drawn = [part.strip() for part in said.err.split("\r")]
    assert [text for text in dict.fromkeys(drawn) if text] == ["01_a  25%", "01_a  25%  02_b  75%"]
    assert drawn[-1] == ""


@pytest.mark.parametrize(("terminal", "ci", "drawn"), [(True, "", True), (True, "1", False), (False, "", False)])
def test_the_bar_is_for_people_at_a_terminal(
    terminal: bool, ci: str, drawn: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    with bar() as drawn_bar:
        drawn_bar.progress("01_a", 1, 4)
    assert ("25%" in capsys.readouterr().err) is drawn


def drawn(said: str) -> list[str]:
    """What stood in the line, one after the other."""
    return [text for text in dict.fromkeys(part.strip() for part in said.split("\r")) if text]


def test_the_bar_knows_what_is_left_and_about_how_long_it_takes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    seconds = iter([100.0, 130.0, 190.0])  # when it begins, and at each estimate
    line = Bar(shown=True, clock=lambda: next(seconds))
    line.count(0, 2, "and the plans")
    line.progress("01_a", 1, 4)
    line.count(1, 4, "")
    line.progress("02_b", 2, 4)  # 1.75 of 4 in 30 s: the other 2.25 take 39 s
    line.count(3, 4, "")
    line.say("02_b: done")
    line.progress("04_d", 1, 2)  # 3.5 of 4 in 90 s
    assert drawn(capsys.readouterr().err) == [
        "0 of 2 reports and the plans done:  01_a  25%",
        "1 of 4 reports done, about 39 s left:  01_a  25%  02_b  50%",
        "3 of 4 reports done, about 13 s left:  04_d  50%",
    ]


def test_quiet_leaves_out_all_but_failures(capsys: pytest.CaptureFixture[str]) -> None:
    line = Bar(shown=True, quiet=True)
    line.progress("01_a", 1, 4)
    line.say("01_a: done")
    line.complain("02_b: failed: no sales")
    line.end()
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "02_b: failed: no sales\n")


def test_failures_go_to_the_stream_for_them(capsys: pytest.CaptureFixture[str]) -> None:
    line = Bar(shown=False)
    line.say("01_a: done")
    line.complain("02_b: failed: no sales")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("01_a: done\n", "02_b: failed: no sales\n")
