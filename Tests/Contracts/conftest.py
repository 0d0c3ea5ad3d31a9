import pathlib
import sys

import pytest
from hypothesis import HealthCheck, settings

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

# Time is never asserted, and every run draws the same examples: more with QUORATE_EXAMPLES.
settings.register_profile(
    "here", deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), print_blob=False)
settings.load_profile("here")

from network import Network  # noqa: E402


class Saved:
    """A network founded once, put back before each test that uses it."""

    def __init__(self, make):
        self.network = make()
        self.state = self.network.evm.save()

    def fresh(self):
        self.network.evm.restore(self.state)
        return self.network


@pytest.fixture(scope="session")
def _founded():
    return Saved(lambda: Network(5).found())


@pytest.fixture(scope="session")
def _unfounded():
    return Saved(lambda: Network(5))


@pytest.fixture
def network(_founded):
    """Five members, minimum three: four votes decide, two pause."""
    return _founded.fresh()


@pytest.fixture
def founding(_unfounded):
    """Five founders who have done nothing yet."""
    return _unfounded.fresh()
