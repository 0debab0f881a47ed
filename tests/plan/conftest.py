"""What the tests of the plan share."""

import pytest

from stromal.library import Library, load


@pytest.fixture(scope="session")
def library() -> Library:
    """The knowledge that comes with Stromal, read once."""
    return load()
