"""`python -m benchmarks [NAME ...]`: runs all benchmarks, or those named, and prints a table for each."""

import sys
from importlib import import_module

NAMES = (
    "report",
    "whole_run",
    "many_plans",
    "account_totals",
    "workbooks",
    "first_figure",
    "first_paint",
    "indices",
    "coverage",
    "falls",
    "forecast",
    "frames_of_01",
    "acceptability",
    "losses",
    "leaving",
    "hours",
    "handover",
    "explorers",
    "large",
)


def main() -> None:
    chosen = sys.argv[1:] or NAMES
    unknown = set(chosen) - set(NAMES)
    if unknown:
        sys.exit(f"no benchmark named {', '.join(sorted(unknown))}; there are: {', '.join(NAMES)}")
    for name in chosen:
        print(f"\n## {name}\n", flush=True)
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
