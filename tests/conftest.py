"""Fixtures that every test may use."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED_DATA.is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(pytest.mark.skip(reason="../shared/data is not beside this checkout"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data kept beside the project; use with the mark of the same name."""
    return SHARED_DATA
