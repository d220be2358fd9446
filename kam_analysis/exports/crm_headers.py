"""What CRMs call the columns of their exports: Salesforce, HubSpot, Dynamics 365 and Pipedrive, in English.

Names as these products show them above a list or in a report, and the API's of Salesforce, which its data export has. For
each column of ours the first name that is there counts; of accounts all are candidates, for only the values say which are
the customer numbers of the sales.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ACCOUNT = (
    "Account ID", "AccountId", "Associated Company IDs", "Associated Company ID", "Company ID", "Organization ID",
    "Person - Organization ID", "Deal - Organization ID", "Activity - Organization ID", "Customer ID", "Customer number",
    "Account Number", "Account Name", "Company / Account", "Associated Company", "Company Name", "Company", "Account",
    "Potential Customer", "Customer", "Organization", "Person - Organization", "Deal - Organization",
    "Activity - Organization", "Regarding", "Related To",
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
        ),
        columns={
            "amount": ("Amount", "Deal - Value", "Est. Revenue", "Estimated Revenue", "Value", "Amount in company currency"),
            "status": ("Status", "Deal - Status"),
            "created": ("Created Date", "CreatedDate", "Create Date", "Created On", "Deal - Deal created", "Deal - Created"),
            "closed": ("Actual Close Date", "Deal - Deal closed on", "Deal - Closed on", "Deal - Won time"),
            "expected_close": ("Est. Close Date", "Estimated Close Date", "Deal - Expected close date"),
            "stage": ("Stage", "StageName", "Deal Stage", "Pipeline Phase", "Deal - Stage"),
            "probability": ("Probability (%)", "Probability", "Deal probability", "Deal - Probability"),
            "product_line": ("Product Family", "Product line"),
        },
        needs=("amount",),
    ),
    "interactions": Kind(
        signs=(
            "Activity ID", "ActivityDate", "Activity Type", "Activity date", "Activity assigned to", "Call Title",
            "(Do Not Modify) Activity", "Activity - Subject", "Activity - Due date", "Activity - Type", "TaskSubtype",
        ),
        columns={
            "date": (
                "Activity date", "ActivityDate", "Date", "Due Date Only", "Actual End", "Activity - Marked as done time",
                "Activity - Due date", "Due Date", "Date Created",
            ),
            "staff_id": (
                "Assigned", "Assigned To", "OwnerId", "Activity assigned to", "Owner", "Activity - Assigned to user",
                "Activity - Owner", "Assigned to user",
            ),
            "contact_id": ("Contact ID", "WhoId", "Associated Contact IDs", "Contact", "Activity - Contact person"),
            "channel": ("Activity Type", "Activity type", "TaskSubtype", "Type", "Activity - Type"),
            "direction": ("Call direction", "Direction"),
            "kind": ("Subject", "Activity - Subject", "Call Title"),
        },
        needs=("date", "staff_id"),
    ),
    "feedback": Kind(
        signs=(
            "Case Number", "CaseNumber", "Case Title", "(Do Not Modify) Case", "Ticket name", "Ticket ID", "Survey name",
            "Survey response", "Feedback Sentiment",
        ),
        columns={
            "date": (
                "Date/Time Opened", "CreatedDate", "Created Date", "Created On", "Create date", "Response date",
                "Submission date", "Date/Time Created",
            ),
            "said": (
                "Description", "Ticket description", "Survey response", "Response", "Follow-up response", "Case Title",
                "Subject", "Ticket name",
            ),
            "by": ("Contact Name", "Contact", "Associated Contact"),
            "theme": ("Case Reason", "Reason", "Category", "Type"),
            "score": ("Rating", "Score", "NPS score", "CSAT"),
        },
        needs=("date", "said"),
    ),
    "contacts": Kind(
        signs=(
            "Contact ID", "Contact Owner", "(Do Not Modify) Contact", "Person - Name", "Person - ID", "Job Title", "Full Name",
            "First Name", "FirstName",
        ),
        columns={
            "contact_id": ("Contact ID", "Record ID", "Record ID - Contact", "Person - ID", "(Do Not Modify) Contact", "Id", "Email"),
            "contact_name": ("Full Name", "Contact Name", "Person - Name", "Name"),
            "role": ("Job Title", "Title", "Person - Job title", "Person - Job Title"),
            "owner_id": ("Contact Owner", "OwnerId", "Owner", "Person - Owner"),
        },
        needs=("contact_id",),
    ),
}  # fmt: skip
FIRST, LAST = ("First Name", "FirstName"), ("Last Name", "LastName")
