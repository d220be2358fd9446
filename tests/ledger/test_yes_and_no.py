"""Yes and no are read in the languages that `kam init` reads, whatever their case; anything else is an error that says so."""

import pytest

from kam_analysis.errors import DataError
from kam_analysis.ledger import open_ledger

SETTINGS = """
[tables.transactions]
file = "t.csv"
[tables.accounts]
file = "a.csv"
"""
SOLD = "account_id,date,revenue\n"
YES = ["Yes", "ja", "OUI", "Sí", "si", "Sim", "TAK", "Evet", "是", "はい", "1", "x"]
NO = ["No", "nein", "NON", "Não", "nao", "Nee", "NIE", "Hayır", "否", "いいえ", "0", "f"]


def company_of(company, words):
    ids = [f"c{at}" for at in range(len(words))]
    accounts = "account_id,is_key\n" + "".join(f"{id_},{word}\n" for id_, word in zip(ids, words, strict=True))
    return company(SETTINGS, t__csv=SOLD + "".join(f"{id_},2025-01-01,5\n" for id_ in ids), a__csv=accounts)


def test_each_language_is_read(company):
    traits = open_ledger(company_of(company, YES + NO)).traits().set_index("account_id")["is_key"]
    said = [bool(traits[f"c{at}"]) for at in range(len(YES + NO))]
    assert said == [True] * len(YES) + [False] * len(NO)


def test_what_is_neither_is_an_error(company):
    with pytest.raises(DataError, match="yes or no"):
        open_ledger(company_of(company, ["yes", "perhaps"]))
