"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"

# Machines differ in speed, so time is measured in bench/, never by a deadline here. CI must not
# fail on a draw that the change under test has nothing to do with: there the draws are fixed.
settings.register_profile(
    "here", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The data sets kept beside the repository, which are not part of it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no ../shared/data beside the repository: published data not compared")
    return SHARED_DATA
