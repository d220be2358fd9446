"""From one untidy sales export to working settings: what `kam init` does.

`inspect_export` looks at the file and says what it found, `settings_text` and `write_settings`
turn that into a commented `kam.toml`. What the file leaves open is asked, never guessed.
"""

from kam_analysis.exports.inspection import inspect_export
from kam_analysis.exports.toml_file import settings_text, write_settings
from kam_analysis.ledger.sniffing.guess import Alternative, Guess, Question, RowCounts

__all__ = ["Alternative", "Guess", "Question", "RowCounts", "inspect_export", "settings_text", "write_settings"]
