"""Who is named how in what leaves the ledger, what is forgotten, and that figures do not depend on it."""

from datetime import date

import pandas as pd
import pytest

from kam_analysis.errors import SettingsError
from kam_analysis.ledger import open_ledger
from kam_analysis.ledger.checks import inspection
from kam_analysis.ledger.opening import check
from kam_analysis.ledger.people import initials
from kam_analysis.ledger.settings.settings_file import load_settings

TABLES = {
    "sales__csv": "account_id,date,revenue,account_manager_id\nA1,2026-01-10,100,M1\nA2,2026-02-10,50,M2\nA2,2026-03-10,5,M9\n",
    "accounts__csv": "account_id,account_name,account_manager_id,deputy_id\nA1,Alder,M1,M2\nA2,Birch,M2,M1\n",
    "managers__csv": "manager_id,manager_name,level,superior_id\nM1,Ann Rye,manager,S1\nM2,Bo Lund,manager,S1\nS1,Cy Dow,superior,\n",
    "contacts__csv": "contact_id,account_id,contact_name,role,interests,approach,owner_id\nC1,A1,Di Fox,Buyer,Golf,By phone,M1\n",
    "interactions__csv": "account_id,date,staff_id,contact_id\nA1,2020-01-10,M1,C1\nA1,2026-03-01,M1,C1\nA1,2026-03-02,M8,\n",
    "feedback__csv": "account_id,date,said,by\nA1,2019-05-01,Old,Di Fox\nA1,2026-03-01,New,Di Fox\n",
    "decisions__csv": "date,decision,owner\n2026-03-01,Call,Ann Rye\n2026-03-01,Ask,M2\n2026-03-01,See,Ed Gray\n",
}
SETTINGS = "as_of = 2026-03-31\n[people]\n{}\n[tables.transactions]\nfile = 'sales.csv'\n" + "".join(
    f"[tables.{name}]\nfile = '{name}.csv'\n"
    for name in ("accounts", "managers", "contacts", "interactions", "feedback", "decisions")
)
PEOPLE = ("Ann Rye", "Bo Lund", "Cy Dow", "Di Fox", "Ed Gray", "Golf", "By phone", "M1", "M2", "M8", "M9", "S1", "C1")


def frames(ledger):
    yield from (ledger.table(name) for name in ("managers", "contacts", "interactions", "feedback", "decisions"))
    yield from (ledger.records(name) for name in ("contacts", "interactions", "feedback", "decisions"))
    yield from (ledger.traits(), ledger.held_by(), ledger.staff())


@pytest.mark.parametrize("names", ["initials", "none"])
def test_nothing_that_leaves_the_ledger_names_a_person(company, names):
    ledger = open_ledger(company(SETTINGS.format(f'names = "{names}"'), **TABLES))
    told = " ".join(frame.to_csv() for frame in frames(ledger)) + " ".join(map(str, ledger.told_warnings))
    assert not [each for each in PEOPLE if each in told]
    assert [each for each in ledger.warnings if "M8" in str(each)], "whoever keeps the data is told"


@pytest.mark.parametrize("names", ["initials", "none"])
def test_the_same_person_is_the_same_in_every_frame(company, names):
    full, held = (open_ledger(company(SETTINGS.format(f'names = "{each}"'), **TABLES)) for each in ("full", names))
    one = dict(zip(full.staff()["manager_id"], held.staff()["manager_id"], strict=True))
    assert len(set(one.values())) == 3
    for column in ("account_manager_id", "deputy_id"):
        assert full.traits()[column].map(one).tolist() == held.traits()[column].tolist()
    assert held.people.known("M1") == one["M1"] == held.people.known(one["M1"])
    assert held.people.known("M77") == "M77"
    pd.testing.assert_series_equal(full.held_by()["revenue"], held.held_by()["revenue"])


def test_without_names_people_have_roles_that_do_not_follow_their_numbers(company):
    ledger = open_ledger(company(SETTINGS.format('names = "none"'), **TABLES))
    named = ledger.staff()["manager_name"].tolist()
    assert sorted(named) == ["Account manager A", "Account manager B", "Head of team A"]
    owners = ledger.table("decisions")["owner"]
    assert owners[:2].tolist() == named[:2]
    assert pd.isna(owners[2])


def test_a_customer_list_that_names_its_managers_holds_their_names_back_too(company):
    settings = (
        "[people]\nnames = '{}'\n[tables.transactions]\nfile = 'sales.csv'\n[tables.accounts]\nfile = 'accounts.csv'\n"
    )
    files = {
        "sales__csv": "account_id,date,revenue\nA1,2026-01-10,100\nA2,2026-02-10,50\n",
        "accounts__csv": "account_id,account_manager_id\nA1,Jane Roe\nA2,John Rae\n",
    }
    ledger = open_ledger(company(settings.format("initials"), **files))
    assert sorted(ledger.traits()["account_manager_id"]) == ["J. R.", "J. R. 2"]
    ledger = open_ledger(company(settings.format("none"), **files))
    assert sorted(ledger.traits()["account_manager_id"]) == ["Account manager A", "Account manager B"]


def test_what_is_older_than_may_be_kept_is_read_by_nobody_and_said(company, monkeypatch):
    class Today(date):
        @classmethod
        def today(cls):
            return cls(2026, 4, 1)

    monkeypatch.setattr("kam_analysis.ledger.opening.date", Today)
    path = company(SETTINGS.format("keep_months = 24"), **TABLES)
    ledger = open_ledger(path, as_of="2026-03-31")
    assert ledger.table("interactions")["date"].min() == pd.Timestamp(2026, 3, 1)
    assert ledger.table("feedback")["said"].tolist() == ["New"]
    said = [each for each in check(path) if "keep_months" in each.rule]
    assert [(each.table, each.rows, each.severity) for each in said] == [
        ("interactions.csv", 1, "note"), ("feedback.csv", 1, "note"),
    ]  # fmt: skip
    # Of an earlier day's report nothing more is kept: it is today that counts.
    assert len(open_ledger(path, as_of="2026-02-28").table("feedback")) == 1
    assert set(inspection.FORGOTTEN) == {"interactions", "feedback"}


def test_without_a_limit_all_of_it_is_there(company):
    ledger = open_ledger(company(SETTINGS.format(""), **TABLES))
    assert len(ledger.table("interactions")) == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("keep_months = 0", "expected 1 to 1200 months, got the number 0"),
        ("individuals = 'yes'", "expected true or false"),
        ("name = 'full'", "is not a setting"),
        ("names = 'some'", 'expected "full", "initials" or "none", got "some"'),
    ],
)
def test_what_cannot_be_meant_is_refused(company, line, said):
    with pytest.raises(SettingsError, match="people") as refused:
        load_settings(company(SETTINGS.format(line), **TABLES))
    assert said in str(refused.value)


def test_initials_of_what_is_no_name():
    assert initials("Jonas Reiter") == "J. R."
    assert initials(None) is None
