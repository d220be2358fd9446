"""Which column says who bought: never an account of the chart of accounts, an order's number, or what differs in every row."""

import pandas as pd

from kam_analysis.exports.look import Look
from kam_analysis.ledger.reading.folding import folded
from kam_analysis.ledger.settings.ids import like_none
from kam_analysis.ledger.settings.settings import TableSource
from kam_analysis.ledger.settings.toml_text import quoted
from kam_analysis.ledger.sniffing.choice import Choice
from kam_analysis.ledger.sniffing.guess import Alternative, Question
from kam_analysis.ledger.sniffing.header import Layout
from kam_analysis.ledger.sniffing.wording import counted
from kam_analysis.ledger.sniffing.words import ACCOUNT_NAME

# From here on names are of contacts, ids are addresses: taken where nothing better is there.
_CONTACTS, _ADDRESSES = 2, 6
# From here on ids are accounts of any kind.
_ACCOUNTS = 2
# With fewer rows a column that differs in each of them says nothing.
_FEW_ROWS = 5
# Names per id from which an id does not tell who bought; a column called a customer's number may have some spellings.
_NAMES_PER_ID, _SPELLINGS_PER_ID = 1.5, 3


def pick_account(choice: Choice, look: Look) -> None:
    """The column of customers, and the one of their names."""
    found = choice.found
    ids = [index for index in choice.named("account_id") if found.texts[index].filled]
    names = [index for index in choice.named(ACCOUNT_NAME) if found.texts[index].filled]
    if len(ids) + len(names) > 1:
        better = [index for index in names if found.meanings[index].rank < _CONTACTS]
        ids_better = [index for index in ids if found.meanings[index].rank < _ADDRESSES]
        names = better if better or ids_better else names
        ids = ids_better if better or ids_better or names else ids
    if not ids and not names:
        _ask(choice)
        return
    ids = _persons_first(choice, ids)
    if not ids:
        _by_name(choice, names[0])
        return
    # A bare "Customer" beside "Customer no." holds the names.
    spare = [index for index in ids[1:] if found.texts[index].is_words and not found.texts[ids[0]].is_words]
    ids = [index for index in ids if index not in spare]
    name = next(iter(names or spare), None)
    if name is None or not _contradicted(choice, look, ids, name):
        _by_id(choice, ids, name)


def _persons_first(choice: Choice, ids: list[int]) -> list[int]:
    """Of two accounts in the books the customers' own: their numbers have a digit more than those of the chart."""
    if len(ids) < 2 or choice.found.meanings[ids[0]].rank < _ACCOUNTS:
        return ids
    first, second = ({text.strip() for text in choice.found.texts[index].distinct} - {""} for index in ids[:2])
    if not all(text.isdigit() for text in first | second):
        return ids
    if min(map(len, second)) <= max(map(len, first)):
        return ids
    choice.said.append(f"{choice.quote(ids[0])} holds accounts of the chart of accounts: its numbers are shorter")
    return [ids[1], ids[0], *ids[2:]]


def _by_name(choice: Choice, name: int, why: str = "there is no column of customer numbers, so names tell") -> None:
    choice.positions["account_id"] = name
    choice.said.append(f"account is {choice.quote(name)}: {why} customers apart")
    _ask_of_none(choice)


def _by_id(choice: Choice, ids: list[int], name: int | None) -> None:
    choice.account_name = name
    choice.settle("account_id", ids, ids)
    chosen = choice.found.texts[choice.positions["account_id"]]
    if chosen.leading_zero:
        choice.said.append(f"ids keep their leading zeros: {chosen.leading_zero.strip()}")
    _ask_of_none(choice)
    if choice.found.data > chosen.filled:
        choice.said.append(f"{counted(choice.found.data - chosen.filled)} without an account")
    if name is not None:
        choice.said.append(f"names of accounts are in {choice.quote(name)}")


def _ask_of_none(choice: Choice) -> None:
    """Ids such as "NULL" are a code or none: a customer of that name could be the largest of all."""
    index = choice.positions["account_id"]
    alike = {text.strip(): rows for text, rows in choice.found.texts[index].distinct.items() if like_none(text)}
    if not alike:
        return
    words = ", ".join(map(quoted, sorted(alike)))
    text = f"does {words} in {counted(sum(alike.values()))} of {choice.quote(index)} stand for no customer?"
    answers = (
        Alternative("it stands for none", (f"blank_ids = [{words}]",)),
        Alternative("it is a customer's code", ("blank_ids = []",)),
    )
    choice.questions.append(Question(text, answers, holds="account_id"))


def _contradicted(choice: Choice, look: Look, ids: list[int], name: int) -> bool:
    """Whether ids and names do not go together; then it is settled here, or asked."""
    rows = look.rows([choice.header[ids[0]], choice.header[name]], [])
    rows.columns = pd.Index(["id", "name"])
    rows = rows[(rows["id"] != "") & (rows["name"] != "")]
    if len(rows) < 2:
        return False
    of_ids, of_names, pairs = rows["id"].nunique(), rows["name"].nunique(), len(rows.drop_duplicates())
    is_number = choice.found.meanings[ids[0]].rank < _ACCOUNTS and not choice.found.meanings[ids[0]].loose
    if pairs < (_SPELLINGS_PER_ID if is_number else _NAMES_PER_ID) * of_ids:
        if of_ids == len(rows) > _FEW_ROWS and 2 * of_names <= of_ids:
            why = f"{choice.quote(ids[0])} differs in every row, as an order's number does, so names tell"
            _by_name(choice, name, why)
            return True
        return False
    if of_names == len(rows) > of_ids and len(rows) > _FEW_ROWS:
        choice.said.append(f"{choice.quote(name)} differs in every row of a customer: it is no customer's name")
        _by_id(choice, ids, None)
        return True
    answers = (
        Alternative(f"customers are told apart by {choice.quote(ids[0])}", (choice.line("account_id", ids[0]),)),
        Alternative(f"customers are told apart by {choice.quote(name)}", (choice.line("account_id", name),)),
    )
    text = (
        f"{choice.quote(ids[0])} has {of_ids:,} values and {choice.quote(name)} has {of_names:,}, "
        f"several for one of them: which says who bought?"
    )
    choice.positions["account_id"] = name
    choice.questions.append(Question(text, answers, holds="account_id"))
    return True


def _ask(choice: Choice) -> None:
    """Columns whose values come back, as customers do."""
    found = choice.found
    again = {
        index: texts
        for index, texts in found.texts.items()
        if texts.filled and 1 < len(texts.distinct) <= max(2, 0.9 * texts.filled) and not _is_other(choice, index)
    }
    spare = [
        i for i in again if found.meanings.get(i) is None or found.meanings[i].ours in ("ledger_account", "account_id")
    ]
    spare.sort(key=lambda index: (not again[index].is_words, -len(again[index].distinct), index))
    choice.ask_for("account_id", dict.fromkeys(spare, ()), "no header is known to be a customer's")


def _is_other(choice: Choice, index: int) -> bool:
    """Whether a column holds dates, or amounts with cents."""
    dates, amounts = choice.found.dates.get(index), choice.found.amounts.get(index)
    return bool((dates and dates.is_date) or (amounts and amounts.is_amount and amounts.firsts("decimal")))


def names_of_sales(source: TableSource, layout: Layout, choice: Choice) -> tuple[TableSource | None, tuple[str, ...]]:
    """The table accounts read from the sales' own lines, and a sentence; None where no column holds names."""
    name = choice.account_name
    if name is None or "account_id" not in source.columns or "date" not in source.columns:
        return None, ()
    words = layout.header[name]
    return TableSource("accounts", from_sales=True, columns={"account_name": words}), (f'names come from "{words}"',)


def padded_ids(choice: Choice, look: Look) -> tuple[str, ...]:
    """What is to be looked past in ids: leading zeros, where each pair that differs in them alone has one name.

    0000004711 beside 4711; without names `kam check` warns of such pairs: two customers may well have them.
    """
    index, name = choice.positions.get("account_id"), choice.account_name
    if index is None or name is None:
        return ()
    rows = look.rows([choice.header[index], choice.header[name]], []).drop_duplicates()
    rows.columns = ["id", "name"]
    rows = rows[(rows["id"] != "") & (rows["name"] != "")]
    plain = rows.assign(key=rows["id"].str.lstrip("0"), name=rows["name"].map(folded))
    by_key = plain.groupby("key").agg(ids=("id", "nunique"), names=("name", "nunique"), first=("id", "min"))
    twins = by_key[by_key["ids"] > 1]
    if twins.empty or (twins["names"] > 1).any():
        return ()
    choice.said.append(
        f"ids with and without leading zeros are one customer, such as {twins['first'].iloc[0]}: names agree"
    )
    return ("leading_zeros",)
