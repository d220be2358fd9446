"""How a file is written and what its columns may be, seen from its first rows."""
