"""Entities in blocks: a million accounts by month never stand in memory together.

The story's entities and the whole of the committed sample are in the first block.
"""

from dataclasses import dataclass

import numpy as np

from kam_analysis.sample.chance import stream
from kam_analysis.sample.story import named

ENTITIES_PER_BLOCK = 50_000


@dataclass(frozen=True)
class Block:
    """The entities from `first` up to but not including `stop`."""

    first: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.first

    @property
    def part(self) -> slice:
        """The block's part of what is held by entity."""
        return slice(self.first, self.stop)

    def named(self, known_as: str) -> list[int]:
        """Where a customer of the story stands in the block; nowhere in the blocks after the first."""
        return [] if self.first else list(named(known_as))

    def stream(self, seed: int, concern: str) -> np.random.Generator:
        """A generator of the block's own; the first block's is the one that a company of one block has."""
        return stream(seed, f"{concern}, from {self.first}" if self.first else concern)


def blocks(entities: int) -> list[Block]:
    """The blocks that make up so many entities."""
    return [Block(first, min(first + ENTITIES_PER_BLOCK, entities)) for first in range(0, entities, ENTITIES_PER_BLOCK)]
