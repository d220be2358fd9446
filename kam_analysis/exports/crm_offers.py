"""Whether an offer of a CRM's export is open, won or lost, by its state or, where there is none, by its stage."""

import re
from collections.abc import Mapping, Sequence

from kam_analysis.exports.crm_headers import crm_names, first, sql_name
from kam_analysis.ledger.sniffing.guess import Alternative, Question

# What an offer's state may be called, and by which words a stage says it: "not won" is lost.
_OURS = {"open", "won", "lost"}
_STATES = _OURS | {"offen", "gewonnen", "verloren"}
_LOST, _WON = "lost|verloren|not won|nicht gewonnen", "won|gewonnen"


def state_by(columns: Mapping[str, str], values: Mapping[str, list[str]]) -> str:
    """The column whose words say whether an offer is open, won or lost; empty where `status` holds our own words.

    A state column of words that nobody knows stays as it is, so that it is asked about and not guessed.
    """
    status, stage = columns.get("status", ""), columns.get("stage", "")
    states = {each.lower() for each in values.get(status, [])}
    if status and (states <= _OURS or not (stage or states <= _STATES)):
        return ""
    return status if status and states <= _STATES else stage


def states_said(by: str, values: Sequence[str]) -> str:
    """Which of its words are read as which state, for whoever knows them to see."""
    seen = list(dict.fromkeys(values))
    read = {state: [each for each in seen if state_of(each) == state] for state in ("open", "won", "lost")}
    return f'"{by}" says the state: ' + "; ".join(f"{state}: {', '.join(each)}" for state, each in read.items() if each)


def only_open(by: str, *, is_text: bool) -> Question:
    """Offers without a state would all count as open; whether they are is not ours to say."""
    instead = f', from which "{by}" says it,' if by and not is_text else " with a column that says it"
    text = (
        "are all of these offers open? If some are won or lost, export them as CSV"
        + instead
        + " and run kam init again"
    )
    return Question(text, (Alternative("all are open", ()),), section="tables.opportunities", holds="status")


def state_of(text: str) -> str:
    """What a stage's or state's words say of an offer.

    >>> [state_of(each) for each in ("Closed Won", "Nicht gewonnen", "Negotiation")]
    ['won', 'lost', 'open']
    """
    said = text.lower()
    return "lost" if re.search(_LOST, said) else "won" if re.search(_WON, said) else "open"


def of_offers(columns: dict[str, str], there: Mapping[str, str], values: Mapping[str, list[str]]) -> dict[str, str]:
    """Whether an offer is open, won or lost, where only its stage tells; and chances in per cent as shares."""
    made = {}
    if by := state_by(columns, values):
        columns.pop("status", None)
        lost, won = (f"regexp_matches(lower({sql_name(by)}), '{each}')" for each in (_LOST, _WON))
        made["status"] = f"case when {lost} then 'lost' when {won} then 'won' else 'open' end"
        if (close := first(crm_names()["close"], there)) and not {"expected_close", "closed"} & columns.keys():
            done = f"({lost} or {won})"
            made |= {
                "closed": f"case when {done} then {sql_name(close)} end",
                "expected_close": f"case when not {done} then {sql_name(close)} end",
            }
    if "probability" in columns and any(_number(each) > 1 for each in values[columns["probability"]]):
        theirs = sql_name(columns.pop("probability"))
        made["probability"] = f"try_cast(replace(replace({theirs}, '%', ''), ',', '.') as double) / 100"
    return made


def _number(text: str) -> float:
    try:
        return float(text.replace("%", "").replace(",", ".").strip())
    except ValueError:
        return 0.0
