"""Results own their arrays: copies that nobody can write to."""

import numpy as np


def keep_fixed(result: object, *names: str) -> None:
    """In the `__post_init__` of a frozen dataclass: these fields become read-only arrays of floats of its own."""
    for name in names:
        kept = np.array(getattr(result, name), dtype=np.float64)
        kept.setflags(write=False)
        object.__setattr__(result, name, kept)
