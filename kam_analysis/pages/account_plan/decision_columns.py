"""How decisions leave and come back: the columns of the table `decisions`, and where a run's reports leave it."""

FILE = "decisions.json"
COLUMNS = ("decision_id", "date", "kind", "decision", "owner", "due", "status", "result", "account_id")
