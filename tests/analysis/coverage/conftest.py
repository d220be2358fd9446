"""The sample company's ledger, opened once for all questions of this folder."""

import pytest

from kam_analysis.ledger import open_ledger


@pytest.fixture(scope="session")
def lindmark():
    return open_ledger()
