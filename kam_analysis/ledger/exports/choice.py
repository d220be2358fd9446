"""Which column of an export is which of ours: by name, then held against what the column contains."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kam_analysis.errors import DataError, Problem, SettingsError
from kam_analysis.ledger.exports.guess import Alternative, Question
from kam_analysis.ledger.exports.scan import Scan, TextColumn
from kam_analysis.ledger.exports.wording import counted, quoted
from kam_analysis.ledger.exports.words import ACCOUNT_NAME, Meaning, loose_meaning, meaning, nearest_header
from kam_analysis.ledger.ids import like_none, plain_id

_REQUIRED = {
    "account_id": "Customer no., Sold-to, Kundennr., Debitor, N° client",
    "date": "Invoice date, Billing date, Rechnungsdatum, Belegdatum, Date de facture",
    "revenue": "Net sales, Revenue, Nettoumsatz, Umsatz, CA HT, Montant HT",
}
_OPTIONAL = ("cost", "quantity", "product", "product_line", "region", "order_id", "account_manager_id")
_SPOKEN = {"account_id": "account", "revenue": "revenue", "date": "date", "order_id": "order", "account_manager_id": "account manager", "product_line": "product line"}  # fmt: skip


@dataclass
class Choice:
    """Ours -> position in the header, with what is to be said about it and what stays open."""

    positions: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    account_name: int | None = None
    like_none: tuple[str, ...] = ()


def meanings_of(header: Sequence[str], where: str) -> dict[int, Meaning]:
    """The known columns of a header, by position.

    A required column that no name means is looked for among the names that contain a known one;
    raises `SettingsError` that names what was looked for and what is there.
    """
    # SAP gives number and name of a customer one header; the second is called "Kunde (2)" here.
    header = [re.sub(r" \(\d+\)$", "", name) for name in header]
    found = {index: known for index, name in enumerate(header) if (known := meaning(name))}
    for index, name in enumerate(header):
        guessed = loose_meaning(name) if index not in found else None
        if guessed and guessed.ours not in {known.ours for known in found.values() if not known.loose}:
            found[index] = guessed
    have = {known.ours for known in found.values()}
    have |= {"account_id"} if ACCOUNT_NAME in have else set()
    have |= {"revenue"} if "gross" in have else set()
    missing = [ours for ours in _REQUIRED if ours not in have]
    if missing:
        raise SettingsError(problems=[_missing(ours, header, where) for ours in missing])
    return found


def _missing(ours: str, header: Sequence[str], where: str) -> Problem:
    listed = ", ".join(f'"{name}"' for name in header[:20]) + (", ..." if len(header) > 20 else "")
    rule = f"expected a column for {ours} (such as {_REQUIRED[ours]}), got {listed}"
    close = nearest_header(ours, header)
    remedy = f'rename your column, or write the settings by hand: columns = {{ {ours} = "your column" }}'
    folded = " ".join(header).casefold()
    if ours == "revenue" and "price" in folded and ("quantity" in folded or "qty" in folded):
        remedy = (
            "give the line's amount: a column of it, or a query in the settings (select *, quantity * price as revenue)"
        )
    return Problem(where, "", rule, f'if "{close}" is meant, {remedy}' if close else remedy)


def choose(header: Sequence[str], found: Scan, where: str) -> Choice:
    """The columns that are ours. Raises `DataError` where a required one does not hold what its name says."""
    choice = Choice()
    _pick_account(choice, header, found, where)
    _pick_date(choice, header, found, where)
    _pick_revenue(choice, header, found, where)
    for ours in _OPTIONAL:
        _pick_optional(choice, ours, header, found)
    return choice


def _named(ours: str, found: Scan) -> list[int]:
    """Positions whose names mean `ours`, the best name first."""
    every = [index for index, known in found.meanings.items() if known.ours == ours]
    return sorted(every, key=lambda index: (found.meanings[index].loose, found.meanings[index].rank, index))


def _best(positions: Sequence[int], meanings: Mapping[int, Meaning]) -> list[int]:
    """Those of equally good names."""
    first = [(meanings[index].loose, meanings[index].rank) for index in positions[:1]]
    return [index for index in positions if [(meanings[index].loose, meanings[index].rank)] == first]


def _pick_date(choice: Choice, header: Sequence[str], found: Scan, where: str) -> None:
    named = _named("date", found)
    good = [index for index in named if found.dates[index].is_date]
    if not good:
        column = found.dates[named[0]]
        shown = tuple(seen.text[:40] for seen in column.unreadable)
        rule = (
            "expected dates such as 31.12.2025, 12/31/2025 or 2025-12-31, got something else"
            if shown
            else "expected dates, got empty cells"
        )
        count = column.unreadable_count or None
        remedy = "write the dates with numbers in the export"
        raise DataError(problems=[Problem(where, header[named[0]], rule, remedy, count, shown)])
    _settle(choice, "date", good, named, header, found)


def _pick_revenue(choice: Choice, header: Sequence[str], found: Scan, where: str) -> None:
    net, gross = _named("revenue", found), _named("gross", found)
    good = [index for index in net if found.amounts[index].is_amount]
    good_gross = [index for index in gross if found.amounts[index].is_amount]
    if not good and good_gross:
        name = header[good_gross[0]]
        answers = (Alternative(f'take the gross amounts of "{name}"', (f"columns.revenue = {quoted(name)}",)),)
        choice.questions.append(
            Question(f'only gross amounts ("{name}") are there; net ones are meant', answers, holds="revenue")
        )
        return
    if not good:
        column = found.amounts[(net or gross)[0]]
        shown = tuple(seen.text[:40] for seen in column.unreadable)
        rule = "expected amounts, got something else" if shown else "expected amounts, got empty cells"
        remedy = "give the column of net sales as numbers"
        raise DataError(
            problems=[Problem(where, header[(net or gross)[0]], rule, remedy, column.unreadable_count or None, shown)]
        )
    _settle(choice, "revenue", good, net + good_gross, header, found)


def _pick_account(choice: Choice, header: Sequence[str], found: Scan, where: str) -> None:
    ids = [index for index in _named("account_id", found) if found.texts[index].filled]
    names = [index for index in _named(ACCOUNT_NAME, found) if found.texts[index].filled]
    if not ids and not names:
        empty = (_named("account_id", found) + _named(ACCOUNT_NAME, found))[0]
        rule, remedy = "expected customers, got empty cells", "export it again with the customer in every row"
        raise DataError(problems=[Problem(where, header[empty], rule, remedy)])
    if not ids:
        choice.positions["account_id"] = names[0]
        choice.said.append(
            f'account is "{header[names[0]]}": there is no column of customer numbers, so names tell customers apart'
        )
        return
    # A bare "Customer" beside "Customer no." holds the names.
    spare = [index for index in ids[1:] if found.texts[index].is_words and not found.texts[ids[0]].is_words]
    ids = [index for index in ids if index not in spare]
    choice.account_name = next(iter(names or spare), None)
    _settle(choice, "account_id", ids, ids, header, found)
    ids_found = found.texts[choice.positions["account_id"]]
    if ids_found.leading_zero:
        choice.said.append(f"ids keep their leading zeros: {ids_found.leading_zero.strip()}")
    _ask_of_none(choice, ids_found, header)
    if found.data > ids_found.filled:
        choice.said.append(f"{counted(found.data - ids_found.filled)} without an account")
    if choice.account_name is not None:
        choice.said.append(f'names of accounts are in "{header[choice.account_name]}"')


def _ask_of_none(choice: Choice, ids: TextColumn, header: Sequence[str]) -> None:
    """Ids such as "NULL" are a code or none: a customer of that name could be the largest of all."""
    alike = {text.strip(): rows for text, rows in ids.distinct.items() if like_none(text)}
    if not alike:
        return
    choice.like_none = tuple(sorted({plain_id(text).lower() for text in alike}))
    words = ", ".join(map(quoted, sorted(alike)))
    name = header[choice.positions["account_id"]]
    text = f'does {words} in {counted(sum(alike.values()))} of "{name}" stand for no customer?'
    answers = (
        Alternative("it stands for none", (f"blank_ids = [{words}]",)),
        Alternative("it is a customer's code", ("blank_ids = []",)),
    )
    choice.questions.append(Question(text, answers, holds="account_id"))


def _settle(choice: Choice, ours: str, good: list[int], named: list[int], header: Sequence[str], found: Scan) -> None:
    """Take the best of the columns that hold what they should; ask where several names are equally good."""
    best = _best(good, found.meanings)
    wrong = [index for index in named if index not in good and _fails(index, ours, found)]
    for index in wrong:
        choice.said.append(f'"{header[index]}" is not taken for {ours}: it holds something else')
    if len(best) > 1:
        names = " and ".join(f'"{header[index]}"' for index in best)
        answers = tuple(Alternative(f'"{header[i]}"', (f"columns.{ours} = {quoted(header[i])}",)) for i in best)
        choice.questions.append(
            Question(f"{names} could each be the {_SPOKEN.get(ours, ours)}: which?", answers, holds=ours)
        )
        choice.positions[ours] = best[0]
        return
    choice.positions[ours] = best[0]
    others = [f'"{header[index]}"' for index in named if index != best[0] and index not in wrong]
    instead = f", not {', '.join(others)}" if others else ""
    unsure = ": the nearest name" if found.meanings[best[0]].loose else ""
    choice.said.append(f'{_SPOKEN.get(ours, ours)} is "{header[best[0]]}"{instead}{unsure}')


def _fails(index: int, ours: str, found: Scan) -> bool:
    if index in found.dates:
        return not found.dates[index].is_date
    return index in found.amounts and not found.amounts[index].is_amount


def _pick_optional(choice: Choice, ours: str, header: Sequence[str], found: Scan) -> None:
    taken = set(choice.positions.values())
    named = [index for index in _named(ours, found) if index not in taken]
    good = [index for index in named if not _fails(index, ours, found) and _filled(index, found)]
    if good:
        choice.positions[ours] = good[0]
        spoken = _SPOKEN.get(ours, ours)
        choice.said.append(f'{spoken} is "{header[good[0]]}"')
    elif named:
        choice.said.append(f'"{header[named[0]]}" is left out: it does not hold {_SPOKEN.get(ours, ours)}s throughout')


def _filled(index: int, found: Scan) -> bool:
    return index not in found.to_fill
