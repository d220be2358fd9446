"""Lindmark Flow Controls, the sample company: a synthetic export with a story and a real export's mess.

`write_sample` writes all tables of `ledger.schema` with their `kam.toml`; same size and seed, same
bytes. `readme` is the text of `data/README.md`.
"""

from kam_analysis.sample.story import DEFAULT_SEED
from kam_analysis.sample.write import readme, write_sample

__all__ = ["DEFAULT_SEED", "readme", "write_sample"]
