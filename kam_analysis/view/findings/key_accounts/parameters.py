"""The parameters that 02 alone has, checked before anything is computed."""

from kam_analysis.errors import DataError, Problem

# A million weightings leave a simulation error of a twentieth of a point; more only takes longer.
MOST_DRAWS = 1_000_000


def check_parameters(limit: int, draws: int) -> None:
    """Can so many accounts be served, and so many weightings be drawn? Raises `KamError` with all that is wrong.

    >>> check_parameters(0, 10_000)
    Traceback (most recent call last):
    kam_analysis.errors.DataError: limit: expected at least 1, got 0; say how many key accounts can be served (practice reports 15 to 35)
    """
    problems = []
    if limit < 1:
        remedy = "say how many key accounts can be served (practice reports 15 to 35)"
        problems.append(Problem("limit", "", f"expected at least 1, got {limit}", remedy))
    if not 1 <= draws <= MOST_DRAWS:
        rule = f"expected 1 to {MOST_DRAWS:,}, got {draws:,}"
        problems.append(Problem("draws", "", rule, "10000 leave an error of half a point at most"))
    if problems:
        raise DataError(problems=problems)
