"""One file per question: results in words and tables, nothing computed."""
