"""`01_concentration` in words."""

from kam_analysis.pages.concentration.activities import activity_labels, activity_units, worse_somewhere
from kam_analysis.pages.concentration.advice import caveats, next_steps
from kam_analysis.pages.concentration.answer import answer, key_figures
from kam_analysis.pages.concentration.evidence import Evidence
from kam_analysis.pages.concentration.followed import course, followed, where_it_stands
from kam_analysis.pages.concentration.result import QUESTION, SEED, result
from kam_analysis.pages.words import (
    DISCLOSED,
    measure_name,
    measure_words,
    named,
    number_word,
    source,
    unit,
    unit_of,
)

__all__ = [
    "DISCLOSED",
    "QUESTION",
    "SEED",
    "Evidence",
    "activity_labels",
    "activity_units",
    "answer",
    "caveats",
    "course",
    "followed",
    "key_figures",
    "measure_name",
    "measure_words",
    "named",
    "next_steps",
    "number_word",
    "result",
    "source",
    "unit",
    "unit_of",
    "where_it_stands",
    "worse_somewhere",
]
