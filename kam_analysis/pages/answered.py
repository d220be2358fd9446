"""What every question's `Found` can do: say its answer, wherever it is shown."""

from typing import Any

from kam_analysis.pages.results import Result


class Answered:
    """Shown at a prompt or in a notebook, it is its answer and key figures; `result` is all that is published of it."""

    def result(self) -> Result:
        """The results document, with the first screen."""
        raise NotImplementedError

    @property
    def answer(self) -> str:
        """The finding, in a sentence or two."""
        return self.result().answer

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.result()._repr_mimebundle_(include, exclude)

    def __repr__(self) -> str:
        found = self.result()
        figures = [f"{each.label}: {each.value}" + (f" ({each.note})" if each.note else "") for each in found.shown]
        return "\n".join([found.answer, *figures])
