"""Writes other_libraries.json: the values that two other libraries give on seeded samples.

Run where both are installed, which are no dependencies of ours:
pip install concentrationMetrics==0.6 inequality==1.1 && python make_other_libraries.py
"""

import json
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import numpy as np

SEED = 20260
FILE = Path(__file__).with_name("other_libraries.json")


def samples() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(SEED)
    return {
        "lognormal": rng.lognormal(8, 1.5, 60).round(2),
        "with ties": rng.integers(1, 6, 40) * 100.0,
        "equal": np.full(12, 250.0),
        "one dominant": np.concatenate([[1e6], rng.lognormal(3, 1, 30).round(2)]),
        "with zeros": np.concatenate([rng.lognormal(8, 1, 20).round(2), np.zeros(5)]),
    }


def by_concentration_metrics(amounts: np.ndarray) -> dict[str, float]:
    index = import_module("concentrationMetrics").Index()
    values = {
        "hhi(normalized=False)": index.hhi(amounts, normalized=False),
        "hhi()": index.hhi(amounts),
        "gini": index.gini(amounts),
        "theil": index.theil(amounts),
        "hti": index.hti(amounts),
        "cr(1)": index.cr(amounts, 1),
        "cr(5)": index.cr(amounts, 5),
    }
    values |= {f"hk({alpha})": index.hk(amounts, alpha) for alpha in (0.5, 1, 1.5, 2, 4)}
    return {name: float(value) for name, value in values.items()}


def by_inequality(amounts: np.ndarray, groups: np.ndarray) -> dict[str, float]:
    theil = import_module("inequality.theil")
    split = theil.TheilD(amounts, groups)
    return {
        "Gini.g": float(import_module("inequality.gini").Gini(amounts).g),
        "Theil.T": float(theil.Theil(amounts).T),
        "TheilD.bg": np.asarray(split.bg).item(),
        "TheilD.wg": np.asarray(split.wg).item(),
        "herfindahl_hd": float(import_module("inequality._indices").herfindahl_hd.__wrapped__(amounts[None, :])),
    }


def main() -> None:
    found = {}
    for name, amounts in samples().items():
        groups = np.array(["north", "south", "west"])[np.arange(amounts.size) % 3]
        found[name] = {
            "amounts": amounts.tolist(),
            "groups": groups.tolist(),
            "concentrationMetrics": by_concentration_metrics(amounts),
            "inequality": by_inequality(amounts, groups),
        }
    made = {"made by": Path(__file__).name, "seed": SEED}
    made |= {"versions": {each: version(each) for each in ("concentrationMetrics", "inequality", "numpy")}}
    FILE.write_text(json.dumps(made | {"samples": found}, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
