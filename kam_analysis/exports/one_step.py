"""`kam report EXPORT`: settings for one run, where an export leaves nothing open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kam_analysis.errors import Problem, SettingsError
from kam_analysis.exports.inspection import inspect_export
from kam_analysis.exports.toml_file import settings_text
from kam_analysis.own_folder import temporary_folder
from kam_analysis.stopping import limited


@contextmanager
def usable_settings(
    source: Path | None, say: Callable[[str], object], time_limit: float = 3600
) -> Iterator[Path | None]:
    """The settings file to run with: `source` itself, or one made for an export and gone afterwards.

    None stays None (the sample company); `time_limit` is in seconds, for the look at an export. Raises
    `SettingsError` for a file that is not there, `OpenQuestions` with every question that the export leaves
    open, and `RunError` where the look takes too long.
    """
    if source is None or source.suffix.lower() == ".toml":
        if source is not None and not source.exists():
            raise SettingsError(
                f"{source.name}: no such file; give the path of a kam.toml or of an export, or make one with: kam init EXPORT"
            )
        yield source
        return
    with limited(time_limit, f"the look at {source.name}"):
        guess = inspect_export(source)
    for sentence in guess.said:
        say(f"- {sentence}")
    if guess.questions:
        raise OpenQuestions(source.name, tuple(map(str, guess.questions)))
    with temporary_folder() as folder:
        path = folder / f"{source.stem}.toml"
        path.write_text(settings_text(guess, data_dir=source.resolve().parent.as_posix()), encoding="utf-8")
        yield path


class OpenQuestions(SettingsError):
    """An export that cannot be read in one way only (exit code 1: the command was right, the data leaves it open)."""

    exit_code = 1

    def __init__(self, export: str, questions: tuple[str, ...]) -> None:
        remedy = f"run: kam init {export}, and choose between the alternatives in the kam.toml"
        super().__init__(problems=[Problem(export, "", question, remedy) for question in questions])
