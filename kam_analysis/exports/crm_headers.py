"""What CRMs call the columns of their exports: Salesforce, HubSpot, Dynamics 365 and Pipedrive, in English and German.

Names as these products show them above a list or in a report, and the API's of Salesforce, which its data export has. For
each column of ours the first name that is there counts; of accounts all are candidates, for only the values say which are
the customer numbers of the sales.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kam_analysis.ledger.reading.folding import folded

ACCOUNT = (
    "Account ID", "AccountId", "Associated Company IDs", "Associated Company ID", "Company ID", "Organization ID",
    "Person - Organization ID", "Deal - Organization ID", "Activity - Organization ID", "Customer ID", "Customer number",
    "Account Number", "Account Name", "Company / Account", "Associated Company", "Company Name", "Company", "Account",
    "Potential Customer", "Customer", "Organization", "Person - Organization", "Deal - Organization",
    "Activity - Organization", "Regarding", "Related To",
    "Account-ID", "Kundennummer", "Kunden-ID", "Account-Name", "Accountname", "Unternehmen/Account", "Zugehöriges Unternehmen",
    "Name des Unternehmens", "Unternehmen", "Firma", "Firmenname", "Kunde", "Potenzieller Kunde", "Organisation",
    "Person - Organisation", "Deal - Organisation", "Aktivität - Organisation", "Bezug",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One table of ours: `signs` are names that only its export has (one is enough), `columns` what each of ours is
    called, `needs` those without which it is of no use."""

    signs: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "opportunities": Kind(
        signs=(
            "Opportunity Name", "Opportunity ID", "Opportunity Owner", "StageName", "Deal Name", "Deal Stage",
            "(Do Not Modify) Opportunity", "Est. Revenue", "Est. Close Date", "Deal - Title", "Deal - Value",
            "Opportunity-Name", "Opportunity-ID", "Opportunity-Inhaber", "Dealname", "Deal-Name", "Deal-Phase",
            "(Nicht ändern) Verkaufschance", "Geschätzter Umsatz", "Geschätztes Abschlussdatum", "Deal - Titel", "Deal - Wert",
        ),
        columns={
            "amount": (
                "Amount", "Deal - Value", "Est. Revenue", "Estimated Revenue", "Value", "Amount in company currency", "Betrag",
                "Deal - Wert", "Geschätzter Umsatz", "Geschätzte Umsätze", "Wert", "Betrag in Unternehmenswährung",
            ),
            "status": ("Status", "Deal - Status"),
            "created": (
                "Created Date", "CreatedDate", "Create Date", "Created On", "Deal - Deal created", "Deal - Created",
                "Erstelldatum", "Erstellungsdatum", "Erstellt am", "Deal - Deal erstellt", "Deal - Erstellt am",
            ),
            "closed": (
                "Actual Close Date", "Deal - Deal closed on", "Deal - Closed on", "Deal - Won time", "Tatsächliches Abschlussdatum",
                "Deal - Deal abgeschlossen am", "Deal - Abgeschlossen am",
            ),
            "expected_close": (
                "Est. Close Date", "Estimated Close Date", "Deal - Expected close date", "Geschätztes Abschlussdatum",
                "Voraussichtliches Abschlussdatum", "Deal - Voraussichtliches Abschlussdatum",
            ),
            "stage": ("Stage", "StageName", "Deal Stage", "Pipeline Phase", "Deal - Stage", "Phase", "Deal-Phase", "Deal - Phase"),
            "probability": (
                "Probability (%)", "Probability", "Deal probability", "Deal - Probability", "Wahrscheinlichkeit (%)",
                "Wahrscheinlichkeit", "Deal-Wahrscheinlichkeit", "Deal - Wahrscheinlichkeit",
            ),
            "product_line": ("Product Family", "Product line", "Produktfamilie", "Produktlinie"),
        },
        needs=("amount",),
    ),
    "interactions": Kind(
        signs=(
            "Activity ID", "ActivityDate", "Activity Type", "Activity date", "Activity assigned to", "Call Title",
            "(Do Not Modify) Activity", "Activity - Subject", "Activity - Due date", "Activity - Type", "TaskSubtype",
            "Aktivitäts-ID", "Aktivitätstyp", "Aktivitätsdatum", "(Nicht ändern) Aktivität", "Aktivität - Betreff",
            "Aktivität - Typ", "Aktivität - Fälligkeitsdatum",
        ),
        columns={
            "date": (
                "Activity date", "ActivityDate", "Date", "Due Date Only", "Actual End", "Activity - Marked as done time",
                "Activity - Due date", "Due Date", "Date Created",
                "Aktivitätsdatum", "Datum", "Tatsächliches Ende", "Aktivität - Fälligkeitsdatum", "Fälligkeitsdatum",
            ),
            "staff_id": (
                "Assigned", "Assigned To", "OwnerId", "Activity assigned to", "Owner", "Activity - Assigned to user",
                "Activity - Owner", "Assigned to user",
                "Zugewiesen an", "Zugewiesen", "Aktivität zugewiesen an", "Aktivität - Zugewiesen an Benutzer",
                "Aktivität - Besitzer", "Besitzer",
            ),
            "contact_id": (
                "Contact ID", "WhoId", "Associated Contact IDs", "Contact", "Activity - Contact person", "Kontakt-ID", "Kontakt",
                "Aktivität - Kontaktperson",
            ),
            "channel": (
                "Activity Type", "Activity type", "TaskSubtype", "Type", "Activity - Type", "Aktivitätstyp", "Typ",
                "Aktivität - Typ",
            ),
            "direction": ("Call direction", "Direction", "Anrufrichtung", "Richtung"),
            "kind": ("Subject", "Activity - Subject", "Call Title", "Betreff", "Aktivität - Betreff"),
        },
        needs=("date", "staff_id"),
    ),
    "feedback": Kind(
        signs=(
            "Case Number", "CaseNumber", "Case Title", "(Do Not Modify) Case", "Ticket name", "Ticket ID", "Survey name",
            "Survey response", "Feedback Sentiment",
            "Kundenvorgangsnummer", "(Nicht ändern) Anfrage", "Ticketname", "Ticket-ID",
        ),
        columns={
            "date": (
                "Date/Time Opened", "CreatedDate", "Created Date", "Created On", "Create date", "Response date",
                "Submission date", "Date/Time Created",
                "Datum/Uhrzeit des Öffnens", "Geöffnet am", "Erstellt am", "Erstelldatum", "Erstellungsdatum",
            ),
            "said": (
                "Description", "Ticket description", "Survey response", "Response", "Follow-up response", "Case Title",
                "Subject", "Ticket name",
                "Beschreibung", "Ticketbeschreibung", "Betreff", "Ticketname",
            ),
            "by": ("Contact Name", "Contact", "Associated Contact", "Kontaktname", "Kontakt"),
            "theme": ("Case Reason", "Reason", "Category", "Type", "Kundenvorgangsgrund", "Grund", "Kategorie", "Typ"),
            "score": ("Rating", "Score", "NPS score", "CSAT", "Bewertung"),
        },
        needs=("date", "said"),
    ),
    "contacts": Kind(
        signs=(
            "Contact ID", "Contact Owner", "(Do Not Modify) Contact", "Person - Name", "Person - ID", "Job Title", "Full Name",
            "First Name", "FirstName",
            "Kontakt-ID", "Kontaktinhaber", "(Nicht ändern) Kontakt", "Jobbezeichnung", "Vollständiger Name", "Vorname",
        ),
        columns={
            "contact_id": (
                "Contact ID", "Record ID", "Record ID - Contact", "Person - ID", "(Do Not Modify) Contact", "Id", "Kontakt-ID",
                "Datensatz-ID", "(Nicht ändern) Kontakt", "Email", "E-Mail",
            ),
            "contact_name": ("Full Name", "Contact Name", "Person - Name", "Name", "Vollständiger Name", "Kontaktname"),
            "role": (
                "Job Title", "Title", "Person - Job title", "Person - Job Title", "Titel", "Position", "Jobbezeichnung",
                "Person - Position",
            ),
            "owner_id": ("Contact Owner", "OwnerId", "Owner", "Person - Owner", "Kontaktinhaber", "Besitzer", "Person - Besitzer"),
        },
        needs=("contact_id",),
    ),
}  # fmt: skip
FIRST, LAST = ("First Name", "FirstName", "Vorname"), ("Last Name", "LastName", "Nachname")
CLOSE = ("Close Date", "CloseDate", "Schlusstermin", "Abschlussdatum")


def first(names: Sequence[str], there: Mapping[str, str]) -> str:
    """Their column that is called by the first of these names; `there` has theirs by folded name."""
    return next((there[folded(name)] for name in names if folded(name) in there), "")


def sql_name(name: str) -> str:
    """A column as SQL names it."""
    return '"' + name.replace('"', '""') + '"'
