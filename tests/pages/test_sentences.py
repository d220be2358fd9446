"""What pages say stands in one file a page: nothing in it is unused or unknown, and its words are the house's."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import kam_analysis
from kam_analysis.bundled import tables_beside
from kam_analysis.pages.table import TABLES
from kam_analysis.pages.words import WORDS, said_in, sentences, words_in

PAGES = Path(kam_analysis.__file__).parent / "pages"
SHARED = PAGES / WORDS
FILES = [SHARED, *sorted(PAGES.glob(f"*/{WORDS}"))]
# Turns of phrase that native readers stumble over, or that look made by a machine.
BANNED = [
    r"\bhangs? on\b", r"\bhanging on\b", r"\btold\b", r"\[\]", r"\{\}", r"-1\.0", r"\bM EUR\b", r"\d %", r"\bNaN\b",
    r"\bwould be come\b", r"\bits own (?:usual )?variation\b", r"\bthis very\b", r"\bhad the months\b", r"\bto the minor unit\b",
    r"\bfrom \{(\w+)\} to \{\1\}", r"\bworth collecting\b", r"\bmakes? up for\b",
    r"\bare no (?:confidence|credit)", r"\b(?:is|are) no credit\b", r"\bcalled from above\b", r"\bfor (?:them )?all alike\b",
    r"\bmarked where\b", r"\bdearer\b", r"\blight: if\b",
    r"\btakes? for given\b", r"\baccounts? like it\b",
]  # fmt: skip

# Rooms whose sentences chain no clauses by semicolons, but for what a command line says of a setting: where, what, remedy.
NO_CHAINS = ("pages", "account_plan", "leadership_brief")
A_CHAIN = re.compile(r"^(?![a-z_]+:).*; ")

# What programs read and nobody sees: a kind of file, names of fonts.
UNSEEN = {"history.py", "style.py"}
WORDS_IN_CODE = 5
BY_A_SCRIPT = "_script"  # tables of words that a page's script fills in by itself


def spoken(module: Path) -> list[str]:
    """What a module says itself: texts of five or more words that are no docstring."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    inside = [each.body[0] for each in ast.walk(tree) if isinstance(each, owners) and each.body]
    docstrings = {id(each.value) for each in inside if isinstance(each, ast.Expr)}
    whole = {id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in each.values}
    texts = [
        "".join(str(part.value) if isinstance(part, ast.Constant) else " {} " for part in each.values)
        if isinstance(each, ast.JoinedStr)
        else each.value
        for each in ast.walk(tree)
        if isinstance(each, ast.JoinedStr) or (isinstance(each, ast.Constant) and id(each) not in whole | docstrings)
    ]
    return [each for each in texts if isinstance(each, str) and words_of(each) >= WORDS_IN_CODE]


def words_of(text: str) -> int:
    """How many words a text has besides markup and what is filled in."""
    bare = re.sub(r"<[^>]*>|%?\{[^}]*\}", " ", text)
    return sum(any(map(str.isalpha, each)) for each in bare.split())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_what_a_page_says_stands_in_its_file_and_not_in_its_code(file: Path) -> None:
    speaking = {each.name: spoken(each) for each in sorted(file.parent.glob("*.py")) if each.name not in UNSEEN}
    assert {name: texts for name, texts in speaking.items() if texts} == {}


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def calls(folder: Path) -> list[tuple[str, set[str] | None, str]]:
    """Every sentence that a page's modules say: its name, what fills it in (None: not told one by one), where.

    `say` says one, `declared` those of a table's columns, `words_in` all of a table of words.
    """
    found: list[tuple[str, set[str] | None, str]] = []
    # `columns_in` itself speaks for others: by the names that tables.toml has.
    for module in sorted(set(folder.glob("*.py")) - {PAGES / "table.py"}):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            where, names = f"{module.name}:{node.lineno}", {each.arg for each in node.keywords}
            if node.func.id == "say":
                given = None if None in names else {name for name in names if name}
                found += [(name, given, where) for name in literals(node.args[0])]
            elif node.func.id == "words_in" and ast.unparse(node.args[0]) != "__file__":
                continue  # it takes those of the module that it is told
            elif node.func.id in ("words_in", "wanted_in"):  # a whole table, of which each takes what it asks for
                [table] = literals(node.args[1]) if node.func.id == "words_in" else ["wanted"]
                every = words_in(str(module), table)
                assert every, f"{where}: there is no table {table}"
                for key, words in every.items():
                    filled_in = None if table.endswith(BY_A_SCRIPT) else fields(words) & names
                    found.append((f"{table}.{key}", filled_in, where))
            elif node.func.id == "declared":
                given = filled_in_by(node)
                for name in headed(node, module):
                    found.append((name, given & fields(sentences(folder / WORDS).get(name, "")), where))
    return found


def filled_in_by(node: ast.Call) -> set[str]:
    """What a table's columns are filled in with."""
    of = next((each.value for each in node.keywords if each.arg == "of"), None)
    return {str(ast.literal_eval(key)) for key in of.keys if key} if isinstance(of, ast.Dict) else set()


def headed(node: ast.Call, module: Path) -> list[str]:
    """The names of the heads that a table's columns have; the page itself writes those of `heading`."""
    own = next((each.value for each in node.keywords if each.arg == "heading"), None)
    written = {ast.literal_eval(key) for key in own.keys if key} if isinstance(own, ast.Dict) else set()
    [table] = literals(node.args[0])
    columns = tables_beside(str(module), TABLES)[table].items()
    heads = [
        said.get("head", column)
        for column, said in columns
        if column not in written and not {"made", "beside", "heading"} & set(said)
    ]
    return [head if "." in head else f"heads.{head}" for head in heads if head]


@pytest.mark.parametrize("file", sorted(PAGES.glob(f"*/{TABLES}")), ids=lambda file: file.parent.name)
def test_every_table_that_is_declared_is_made(file: Path) -> None:
    made = {
        table
        for module in file.parent.glob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "declared"
        for table in literals(node.args[0])
    }
    assert made == set(tables_beside(str(file), TABLES))


def literals(node: ast.expr) -> list[str]:
    """The names that an argument may be: one literal, or one of two."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    assert isinstance(node, ast.IfExp), f"line {node.lineno}: a sentence's name is written out"
    return [*literals(node.body), *literals(node.orelse)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_sentence_is_said_and_filled_in_as_it_asks(file: Path) -> None:
    known, said = sentences(file), calls(file.parent)
    assert {name for name, _, _ in said} == set(known)
    wrong = [
        f"{where} fills in {sorted(given)}, {name} asks for {sorted(fields(known[name]))}"
        for name, given, where in said
        if given is not None and given != fields(known[name])
    ]
    assert not wrong


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_no_sentence_has_a_turn_that_readers_stumble_over(file: Path) -> None:
    found = [(name, words) for name, words in sentences(file).items() for each in BANNED if re.search(each, words)]
    assert not found


@pytest.mark.parametrize(
    "file", [each for each in FILES if each.parent.name in NO_CHAINS], ids=lambda file: file.parent.name
)
def test_no_sentence_is_a_chain(file: Path) -> None:
    assert not [name for name, words in sentences(file).items() if A_CHAIN.search(words)]


@pytest.mark.parametrize("file", FILES[1:], ids=lambda file: file.parent.name)
def test_an_answer_is_made_of_sentences_and_of_no_chain(file: Path) -> None:
    answers = {name: words for name, words in sentences(file).items() if name.startswith("answer.")}
    assert answers
    assert not [name for name, words in answers.items() if ";" in words]


def test_a_sentence_in_code_is_noticed_and_a_docstring_or_markup_is_none(tmp_path: Path) -> None:
    module = tmp_path / "answer.py"
    module.write_text(
        '"""A docstring of many words indeed."""\nname = "answer.no_sentence"\nhover = "%{x}<br>%{y:.1%}<extra></extra>"\n'
        'said = f"{name} is one of the largest"\nshort = "three words only"\n',
        encoding="utf-8",
    )
    assert spoken(module) == [" {} " + " is one of the largest"]


def test_a_table_of_words_is_said_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / WORDS).write_text('[reasons]\nfell = "sales fell"\n[reasons_short]\nfell = "fell"\n', encoding="utf-8")
    module = tmp_path / "answer.py"
    module.write_text('REASONS = words_in(__file__, "reasons")\n', encoding="utf-8")
    assert words_in(str(module), "reasons") == {"fell": "sales fell"}
    assert calls(tmp_path) == [("reasons.fell", set(), "answer.py:1")]


def test_a_sentence_is_filled_in(tmp_path: Path) -> None:
    (tmp_path / WORDS).write_text('[answer]\nlargest = """{who} is\n  {share} of sales."""\n', encoding="utf-8")
    say = said_in(str(tmp_path / "answer.py"))
    assert say("answer.largest", who="{x} & Sons", share="18%") == "{x} & Sons is 18% of sales."
    with pytest.raises(KeyError):
        say("answer.smallest")
