"""A house of two councils, each with a store in a file of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.store.engine import open_store
from tests.web.house.houses import BOTH, EAST, WEST, built, lay_out, read, write_house
from web.house.dispatch import Dispatcher
from web.house.house_file import House


@pytest.fixture
def house(tmp_path: Path, geopackage_template: Path) -> House:
    """Two councils, of one ward each, and a partnership of both."""
    for code in (WEST, EAST, BOTH):
        path = shutil.copy(geopackage_template, tmp_path / f"{code}.gpkg")
        path.chmod(0o600)
        store = open_store(f"sqlite:///{path}")
        lay_out(store, code)
        store.close()
    return read(write_house(tmp_path))


@pytest.fixture
def dispatcher(house: House) -> Iterator[Dispatcher]:
    made = built(house)
    yield made
    made.sites.close()
