"""One file per question: results as tables, nothing computed."""
