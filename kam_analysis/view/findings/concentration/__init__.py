"""`01_concentration` in words."""

from kam_analysis.view.findings.concentration.advice import caveats, next_steps
from kam_analysis.view.findings.concentration.answer import answer, control_line, key_figures, worse_somewhere
from kam_analysis.view.findings.concentration.document import QUESTION, result
from kam_analysis.view.findings.concentration.words import DISCLOSED, measure_words, named, number_word, source, unit

__all__ = [
    "DISCLOSED",
    "QUESTION",
    "answer",
    "caveats",
    "control_line",
    "key_figures",
    "measure_words",
    "named",
    "next_steps",
    "number_word",
    "result",
    "source",
    "unit",
    "worse_somewhere",
]
