"""What every figure carries: the house's template, a title that states the finding, its source, and the
table behind it for readers who cannot or do not want to see the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from kam_analysis.view import style


@dataclass(frozen=True)
class Source:
    """Where a figure's numbers come from: the words of its footer."""

    company: str
    as_of: str
    period: str

    def __str__(self) -> str:
        return f"{self.company}, {self.period}; as of {self.as_of}"


def framed(
    figure: go.Figure,
    title: str,
    alt: str,
    source: Source,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    height: int,
) -> go.Figure:
    """The finished figure. `alt` is one sentence; `columns` and `rows` the table behind the chart, as text."""
    figure.update_layout(
        template=style.template(),
        height=height,
        meta={
            "title": title,
            "alt": alt,
            "source": str(source),
            "table": {"columns": list(columns), "rows": [list(row) for row in rows]},
        },
    )
    return figure
