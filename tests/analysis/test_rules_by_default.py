"""What each rule says where nobody says otherwise: docs and notebooks speak of these numbers."""

import dataclasses
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import kam_analysis.analysis

DEFAULTS = {
    "churn.Rules(horizon_months=12, follow_months=12, lost_times=4.0, lost_days=365, rhythm_purchases=4, rhythm_days=180,"
    " lookback_months=12, step_months=12, least_losses=10, losses_per_feature=5)",
    "coverage.Attended(grown=1.05, protected=0.95, line_share=0.1)",
    "plans.Limits(near_days=180, ready_days=10, act_days=14, known_days=60, margin_points=0.03, old_notes_days=365,"
    " least_live=2)",
    "segments.Cuts(quiet_times=1.5, lost_times=4.0, quiet_days=90, lost_days=365, rhythm_days=365, rhythm_purchases=4,"
    " unknown_quiet_days=365, unknown_lost_days=1095, new_days=365, start_days=90, left_days=90, change=0.1,"
    " change_times=1.0)",
    "segments.Rules(unhappy=6.0, happy=8.0, notice_within=180, margin_fall=0.03, growth=0.25, headroom=0.5,"
    " strong_growth=0.5, silent_times=1.5, silent_days=90)",
}
NO_RULES = {"Signals"}  # a result that may be empty


def made_of_nothing() -> Iterator[str]:
    """Every dataclass of analysis that needs no argument, as it is then."""
    for module in walk_packages(kam_analysis.analysis.__path__, "kam_analysis.analysis."):
        for each in vars(import_module(module.name)).values():
            if not (isinstance(each, type) and dataclasses.is_dataclass(each) and each.__module__ == module.name):
                continue
            fields = dataclasses.fields(each)
            missing = dataclasses.MISSING
            if fields and all(field.default is not missing or field.default_factory is not missing for field in fields):
                yield f"{module.name.split('.')[2]}.{each()!r}"


def test_rules_are_as_documented_where_nobody_says_otherwise() -> None:
    found = {each for each in made_of_nothing() if each.split("(")[0].split(".")[1] not in NO_RULES}
    assert found == DEFAULTS
