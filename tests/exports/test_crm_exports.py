"""`kam init` on a folder: exports of four CRMs beside the sales are tables that open, and what is open is asked."""

import pandas as pd
import pytest
from click.testing import CliRunner

from kam_analysis.cli import main
from kam_analysis.errors import SettingsError
from kam_analysis.exports.crm_files import sorted_out
from kam_analysis.ledger import open_ledger

SALES = "Customer no.;Customer;Invoice date;Net sales\n" + "".join(
    f"100{at};{name};2026-0{at}-10;{at}000,50\n"
    for at, name in enumerate(("Alder Mills", "Birch Foundry", "Cedar Works"), 1)
)
CONTACTS = {
    "salesforce": "Contact ID,First Name,Last Name,Title,Account Name,Account ID,Contact Owner\nC1,Ida,Ray,Buyer,Alder Mills,001xx,Ann Rye\n",
    "hubspot": "Record ID,First Name,Last Name,Job Title,Associated Company,Contact owner\nC1,Ida,Ray,Buyer,Alder Mills,Ann Rye\n",
    "dynamics": "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,Full Name,Job Title,Company Name,Owner\nC1,x,Ida Ray,Buyer,Alder Mills,Ann Rye\n",
    "pipedrive": "Person - ID,Person - Name,Person - Organization,Person - Job title,Person - Owner\nC1,Ida Ray,Alder Mills,Buyer,Ann Rye\n",
}
OFFERS = {
    "salesforce": "Opportunity Name,Account Name,Amount,Stage,Close Date,Created Date,Probability (%)\n"
    "P,Alder Mills,500,Closed Won,2026-02-01,2025-12-01,100\nV,Birch Foundry,800,Negotiation,2026-06-01,2026-01-15,60\nX,Cedar Works,70,Closed Lost,2026-01-20,2025-11-15,0\n",
    "hubspot": "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Associated Company,Deal probability\n"
    "1,P,Closed won,500,2026-02-01 10:00,2025-12-01 09:30,Alder Mills,1\n2,V,Contract sent,800,2026-06-01 10:00,2026-01-15 09:30,Birch Foundry,0.6\n3,X,Closed lost,70,2026-01-20 10:00,2025-11-15 09:30,Cedar Works,0\n",
    "dynamics": "(Do Not Modify) Opportunity,Topic,Potential Customer,Est. Revenue,Est. Close Date,Actual Close Date,Status,Created On,Probability\n"
    "1,P,Alder Mills,500,,2026-02-01,Won,2025-12-01,100\n2,V,Birch Foundry,800,2026-06-01,,Open,2026-01-15,60\n3,X,Cedar Works,70,,2026-01-20,Lost,2025-11-15,0\n",
    "pipedrive": "Deal - ID,Deal - Title,Deal - Value,Deal - Organization,Deal - Status,Deal - Deal created,Deal - Deal closed on,Deal - Expected close date,Deal - Probability\n"
    "1,P,500,Alder Mills,Won,2025-12-01 09:30:00,2026-02-01 10:00:00,,100\n2,V,800,Birch Foundry,Open,2026-01-15 09:30:00,,2026-06-01,60\n3,X,70,Cedar Works,Lost,2025-11-15 09:30:00,2026-01-20 10:00:00,,0\n",
}
ACTIVITIES = {
    "salesforce": "Activity ID,Subject,Date,Assigned,Company / Account,Contact,Type\n1,Visit,2026-02-20,Ann Rye,Alder Mills,Ida Ray,Meeting\n",
    "hubspot": "Record ID,Activity date,Activity type,Activity assigned to,Associated Company,Call direction\n1,2026-02-20 09:00,Call,Ann Rye,Alder Mills,OUTBOUND\n",
    "dynamics": "(Do Not Modify) Activity,Subject,Activity Type,Regarding,Owner,Actual End\n1,Visit,Appointment,Alder Mills,Ann Rye,2026-02-20\n",
    "pipedrive": "Activity - Subject,Activity - Type,Activity - Due date,Activity - Organization,Activity - Assigned to user\nVisit,Meeting,2026-02-20,Alder Mills,Ann Rye\n",
}
CASES = "Case Number,Subject,Description,Account Name,Date/Time Opened,Contact Name,Case Reason\n1,Late,Delivery was late,Alder Mills,13/02/2026 10:15,Ida Ray,Delivery\n"


def made(folder, **files):
    for name, text in {"sales": SALES, **files}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["init", str(folder)])


@pytest.mark.parametrize("crm", list(CONTACTS))
def test_each_crms_exports_are_tables_of_ours(tmp_path, crm):
    done = made(tmp_path, contacts=CONTACTS[crm], deals=OFFERS[crm], activities=ACTIVITIES[crm], cases=CASES)
    assert done.exit_code == 0, done.output
    assert "contacts.csv: contacts of a CRM" in done.output
    ledger = open_ledger(tmp_path / "kam.toml")
    [person] = ledger.table("contacts").to_dict("records")
    assert (person["account_id"], person["contact_name"], person["role"]) == ("1001", "Ida Ray", "Buyer")
    offers = ledger.table("opportunities").sort_values("amount")
    assert offers["account_id"].tolist() == ["1003", "1001", "1002"]
    assert offers["status"].tolist() == ["lost", "won", "open"]
    assert offers["probability"].tolist() == [0.0, 1.0, 0.6]
    assert offers["amount"].tolist() == [70.0, 500.0, 800.0]
    assert offers["created"].tolist() == [
        pd.Timestamp(2025, 11, 15),
        pd.Timestamp(2025, 12, 1),
        pd.Timestamp(2026, 1, 15),
    ]
    assert offers["closed"].tolist()[:2] == [pd.Timestamp(2026, 1, 20), pd.Timestamp(2026, 2, 1)]
    assert pd.isna(offers["closed"].tolist()[2])
    assert offers["expected_close"].tolist()[2] == pd.Timestamp(2026, 6, 1)
    [talk] = ledger.table("interactions").to_dict("records")
    assert (talk["account_id"], talk["date"], talk["staff_id"]) == ("1001", pd.Timestamp(2026, 2, 20), "Ann Rye")
    [case] = ledger.table("feedback").to_dict("records")
    assert (case["account_id"], case["date"], case["said"]) == ("1001", pd.Timestamp(2026, 2, 13), "Delivery was late")


def test_the_column_with_the_customers_of_the_sales_counts_and_not_the_crms_own(tmp_path):
    own = CONTACTS["salesforce"].replace("001xx", "1001")
    assert made(tmp_path, contacts=own).exit_code == 0
    assert 'columns.account_id = "Account ID"' in (tmp_path / "kam.toml").read_text(encoding="utf-8")


def test_where_no_column_names_our_customers_it_is_asked_and_nothing_is_read(tmp_path):
    strange = CONTACTS["salesforce"].replace("Alder Mills", "Alder Group")
    done = made(tmp_path, contacts=strange)
    assert done.exit_code == 1
    assert '0% of "Account Name" are customers of the sales' in done.output
    text = (tmp_path / "kam.toml").read_text(encoding="utf-8")
    assert "# CHOOSE: which column names the customers as the sales do?" in text
    with pytest.raises(SettingsError, match="contacts"):
        open_ledger(tmp_path / "kam.toml")


def test_a_name_that_two_customers_bear_leads_to_neither(tmp_path):
    two = SALES + "1009;Alder Mills;2026-03-11;10,00\n"
    (tmp_path / "sales.csv").write_text(two, encoding="utf-8")
    done = made(tmp_path, sales=two, cases=CASES)
    ledger = open_ledger(tmp_path / "kam.toml") if done.exit_code == 0 else None
    assert ledger is None or ledger.table("feedback")["account_id"].isna().all()


def test_a_day_that_two_ways_fit_is_asked(tmp_path):
    done = made(tmp_path, activities=ACTIVITIES["pipedrive"].replace("2026-02-20", "03/02/2026"))
    assert done.exit_code == 1
    text = (tmp_path / "kam.toml").read_text(encoding="utf-8")
    assert "03/02/2026 is 03 February 2026" in text
    (tmp_path / "kam.toml").write_text(
        text.replace('# date_format = "%d/%m/%Y"', 'date_format = "%d/%m/%Y"'), encoding="utf-8"
    )
    assert open_ledger(tmp_path / "kam.toml").table("interactions")["date"].tolist() == [pd.Timestamp(2026, 2, 3)]


def test_there_is_one_export_of_sales(tmp_path):
    (tmp_path / "contacts.csv").write_text(CONTACTS["hubspot"], encoding="utf-8")
    with pytest.raises(SettingsError, match="expected one export of sales beside those of a CRM, got none"):
        sorted_out([tmp_path])
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(SALES, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"got a\.csv, b\.csv"):
        sorted_out([tmp_path])
    assert sorted_out([tmp_path / "a.csv"]) == (tmp_path / "a.csv", [])


def test_of_two_exports_of_one_kind_the_second_is_named(tmp_path):
    done = made(tmp_path, contacts=CONTACTS["hubspot"], people=CONTACTS["pipedrive"])
    assert "people.csv: a second export of contacts, not used" in done.output
