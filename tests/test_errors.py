"""Sentences for users: what stands in them out of a user's own files."""

import pytest

from kam_analysis.errors import DataError, Problem, nearest, sayable


@pytest.mark.parametrize("sign", ["\x1b[31m", "\x07", "\r", "\t", "\x00", "\x9b31m", "\u202e", "\u2066"])
def test_a_sentence_holds_no_sign_that_a_terminal_obeys(sign: str) -> None:
    problem = Problem(f"sales{sign}.csv", f"rev{sign}enue", f"got {sign}", f"correct {sign}", 1, (f"A{sign}",))
    said = str(DataError(problems=[problem]))
    assert sign[0] not in said
    assert said.count(ascii(sign[0])[1:-1]) == 5


def test_a_message_without_problems_holds_none_either() -> None:
    assert "\x1b" not in str(DataError("ledger \x1b[31m.toml: is not there\nand a line more"))
    assert "\n" in str(DataError("one\ntwo"))


def test_a_sentence_is_not_longer_than_anybody_reads() -> None:
    codes = ", ".join(map(str, range(20_000)))
    problem = Problem("sales.csv", "currency", f"got {codes}", f"add {codes}", 1, (codes, "short"))
    assert len(str(problem)) < 3_000
    assert problem.examples[1] == "short"
    assert problem.rule.endswith("...")


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("Müller & Söhne", "株式会社", "חברה", "👩‍👩‍👧‍👦", "A\u00a0B", 'Quote "Co", Ltd'):
        assert sayable(name) == name


def test_the_nearest_name_is_offered_or_a_list_with_an_end() -> None:
    assert nearest("curency", ["currency", "name"]) == 'did you mean "currency"?'
    assert nearest("x", [f"column {number:03}" for number in range(300)]).endswith(", ...")
