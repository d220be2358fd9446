"""Exports of CRMs set to German, and offers of whose state nobody said: what is known is read, what is not is asked."""

import pandas as pd
import pytest
from click.testing import CliRunner

from kam_analysis.cli import main
from kam_analysis.errors import SettingsError
from kam_analysis.ledger import open_ledger

SALES = "Kundennummer;Kunde;Rechnungsdatum;Nettoumsatz\n" + "".join(
    f"100{at};{name};0{at}.0{at}.2026;{at}000,50\n"
    for at, name in enumerate(("Alder Mills", "Birch Foundry", "Cedar Works"), 1)
)
CONTACTS = {
    "salesforce": "Kontakt-ID;Vorname;Nachname;Titel;Account-Name;Kontaktinhaber\nC1;Ida;Ray;Einkauf;Alder Mills;Ann Rye\n",
    "hubspot": "Datensatz-ID;Vorname;Nachname;Jobbezeichnung;Zugehöriges Unternehmen\nC1;Ida;Ray;Einkauf;Alder Mills\n",
    "dynamics": "(Nicht ändern) Kontakt;Vollständiger Name;Position;Firmenname;Besitzer\nC1;Ida Ray;Einkauf;Alder Mills;Ann Rye\n",
    "pipedrive": "Person - ID;Person - Name;Person - Organisation;Person - Position\nC1;Ida Ray;Alder Mills;Einkauf\n",
}
OFFERS = {
    "salesforce": "Opportunity-Name;Account-Name;Betrag;Phase;Schlusstermin;Erstelldatum;Wahrscheinlichkeit (%)\n"
    "P;Alder Mills;500;Geschlossen und gewonnen;01.02.2026;13.12.2025;100\nV;Birch Foundry;800;Verhandlung;01.06.2026;15.01.2026;60\nX;Cedar Works;70;Nicht gewonnen;20.01.2026;15.11.2025;0\n",
    "dynamics": "(Nicht ändern) Verkaufschance;Potenzieller Kunde;Geschätzter Umsatz;Geschätztes Abschlussdatum;Tatsächliches Abschlussdatum;Status;Erstellt am\n"
    "1;Alder Mills;500;;01.02.2026;Gewonnen;13.12.2025\n2;Birch Foundry;800;01.06.2026;;Offen;15.01.2026\n3;Cedar Works;70;;20.01.2026;Verloren;15.11.2025\n",
    "pipedrive": "Deal - ID;Deal - Titel;Deal - Wert;Deal - Organisation;Deal - Status;Deal - Deal erstellt;Deal - Voraussichtliches Abschlussdatum\n"
    "1;P;500;Alder Mills;Gewonnen;13.12.2025;\n2;V;800;Birch Foundry;Offen;15.01.2026;01.06.2026\n3;X;70;Cedar Works;Verloren;15.11.2025;\n",
}
STAGES = "Opportunity Name,Account Name,Amount,Stage,Created Date\nP,Alder Mills,500,Closed Won,2025-12-01\nV,Birch Foundry,800,Parked,2026-01-15\n"


def made(folder, **files):
    for name, text in {"sales": SALES, **files}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["init", str(folder)])


@pytest.mark.parametrize("crm", list(CONTACTS))
def test_contacts_are_read(tmp_path, crm):
    done = made(tmp_path, kontakte=CONTACTS[crm])
    assert done.exit_code == 0, done.output
    [person] = open_ledger(tmp_path / "kam.toml").table("contacts").to_dict("records")
    assert (person["account_id"], person["contact_name"], person["role"]) == ("1001", "Ida Ray", "Einkauf")


@pytest.mark.parametrize("crm", list(OFFERS))
def test_an_offers_state_is_read_from_german_words(tmp_path, crm):
    done = made(tmp_path, angebote=OFFERS[crm])
    assert done.exit_code == 0, done.output
    offers = open_ledger(tmp_path / "kam.toml").table("opportunities").sort_values("amount")
    assert offers[["amount", "status"]].to_numpy().tolist() == [[70.0, "lost"], [500.0, "won"], [800.0, "open"]]
    assert offers["created"].tolist()[1] == pd.Timestamp(2025, 12, 13)
    assert offers["expected_close"].tolist()[2] == pd.Timestamp(2026, 6, 1)


def test_an_activity_is_read(tmp_path):
    done = made(
        tmp_path,
        calls="Aktivität - Betreff;Aktivität - Typ;Aktivität - Fälligkeitsdatum;Aktivität - Organisation;"
        "Aktivität - Zugewiesen an Benutzer\nBesuch;Treffen;20.02.2026;Alder Mills;Ann Rye\n",
    )
    assert done.exit_code == 0, done.output
    [talk] = open_ledger(tmp_path / "kam.toml").table("interactions").to_dict("records")
    assert (talk["account_id"], talk["date"], talk["staff_id"]) == ("1001", pd.Timestamp(2026, 2, 20), "Ann Rye")


def test_which_stage_is_read_as_what_is_said(tmp_path):
    done = made(tmp_path, deals=STAGES)
    assert '"Stage" says the state: open: Parked; won: Closed Won' in done.output


def test_offers_of_whose_state_nobody_said_are_asked_about_and_not_read(tmp_path):
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    rows = [line.split(",") for line in STAGES.splitlines()]
    pd.DataFrame(rows[1:], columns=rows[0]).assign(**{"Account Name": ["1001", "1002"]}).to_excel(
        tmp_path / "deals.xlsx", index=False
    )
    done = CliRunner().invoke(main, ["init", str(tmp_path)])
    assert done.exit_code == 1, "Closed Won would have counted as open"
    assert "are all of these offers open?" in done.output
    text = (tmp_path / "kam.toml").read_text(encoding="utf-8")
    assert '# CHOOSE: are all of these offers open? If some are won or lost, export them as CSV, from which "Stage" says it' in text  # fmt: skip
    with pytest.raises(SettingsError, match="opportunities"):
        open_ledger(tmp_path / "kam.toml")
    (tmp_path / "kam.toml").write_text(text.replace('# file = "deals.xlsx"', 'file = "deals.xlsx"'), encoding="utf-8")
    assert open_ledger(tmp_path / "kam.toml").table("opportunities")["amount"].tolist() == [500.0, 800.0]


def test_a_state_in_words_that_nobody_knows_is_not_guessed(tmp_path):
    strange = OFFERS["pipedrive"].replace("Verloren", "Abgelehnt")
    done = made(tmp_path, angebote=strange)
    assert done.exit_code == 1
    assert "expected one of open, won, lost in 3 rows (gewonnen, offen, abgelehnt)" in done.output
