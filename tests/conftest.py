"""Fixtures that every test may use: real data, and an empty store of either kind."""

import gc
import gzip
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from jinja2 import Environment, FileSystemBytecodeCache
from sqlalchemy import Dialect, Engine
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.util import LRUCache

from geodata.accounts import passwords
from geodata.core.sealed_columns import sealer_of
from geodata.store import engine
from geodata.store.engine import Store, open_store
from tests.databases import (
    EmptyDatabases,
    address_of,
    drop_database,
    migrated_database,
    new_database,
)
from tests.filled_stores import reopened
from tests.writer_guard import watching

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
POSTGIS_URL = os.environ.get("HOTSPOTS_TEST_POSTGIS_URL", "")
ROOT = Path(__file__).resolve().parents[1]
VNU_JAR = Path(
    os.environ.get("HOTSPOTS_VNU_JAR") or ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
)
RUBBISH = 1_000_000
"""Objects made since the last collection, less those that ended by themselves."""
IN_CI = bool(os.environ.get("HOTSPOTS_CI"))

# Processes that tests start would compile the project anew, each for itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than processors: half of a test in a browser is waiting for it."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The longest first, or one worker is still at them when the others are done.
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("browser", "html_checker"))))
    absent = {
        "shared_data": (not SHARED_DATA.is_dir(), "../shared/data is not beside this checkout"),
        "postgis": (not POSTGIS_URL, "HOTSPOTS_TEST_POSTGIS_URL names no PostGIS server"),
        "html_checker": (
            not (shutil.which("java") and VNU_JAR.is_file()),
            "Java or vnu-jar is absent: install a JRE, then `npm ci`, or set HOTSPOTS_VNU_JAR",
        ),
        "nginx": (not Path("/usr/sbin/nginx").exists(), "nginx is not installed"),
        "browser": (not shutil.which("chromium"), "Chromium is not installed"),
    }
    for item in items:
        if item.get_closest_marker("browser"):
            # A page that is being left destroys what is asked of it: on a busy machine once more.
            item.add_marker(pytest.mark.flaky(reruns=2))
        for mark, (is_absent, reason) in absent.items():
            if is_absent and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


def _avoidable_skips(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    """CI installs PostGIS and Chromium, but cannot make the shared data appear."""
    skipped = reporter.stats.get("skipped", [])
    return [report for report in skipped if "../shared" not in str(report.longrepr)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if IN_CI and (skipped := _avoidable_skips(terminalreporter)):
        for report in skipped:
            terminalreporter.write_line(f"SKIPPED {report.nodeid}: CI must skip nothing")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if IN_CI and exitstatus == 0 and reporter and _avoidable_skips(reporter):
        session.exitstatus = 1


@pytest.fixture(scope="session", autouse=True)
def production_hasher() -> Iterator[PasswordHasher]:
    """The hasher of passwords as it is in use; the tests' own is cheap, for they hash thousands."""
    in_use = passwords._HASHER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        )
        patch.setattr(passwords, "_NOBODY", passwords._HASHER.hash("nobody"))
        yield in_use


@pytest.fixture(scope="session", autouse=True)
def _nothing_slow_under_the_lock() -> Iterator[None]:
    with watching():
        yield


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every test makes an application; Jinja's compiler would be most of what it costs."""
    folder = tmp_path_factory.getbasetemp().parent / "templates"
    folder.mkdir(exist_ok=True)
    make = Flask.create_jinja_environment

    def with_cache(app: Flask) -> Environment:
        environment = make(app)
        environment.bytecode_cache = FileSystemBytecodeCache(str(folder))
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "create_jinja_environment", with_cache)
        yield


def _kind(dialect: Dialect) -> tuple[type, str]:
    """What its statements depend on: the database, and the key that it seals by."""
    return type(dialect), sealer_of(dialect).prefix


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Every test opens a store of its own; its statements are those of all others."""
    compiled: LRUCache[object, object] = LRUCache(5_000)
    make = Engine.__init__

    def with_cache(made: Engine, *args: Any, **options: Any) -> None:
        make(made, *args, **options)
        made._compiled_cache = compiled

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "__init__", with_cache)
        # A statement is kept by its dialect, of which each engine makes one.
        for dialect in (pysqlite.dialect, psycopg.dialect):
            patch.setattr(dialect, "__eq__", lambda one, other: _kind(one) == _kind(other))
            patch.setattr(dialect, "__hash__", lambda one: hash(_kind(one)))
        yield


@pytest.fixture(scope="session", autouse=True)
def durability() -> Iterator[str]:
    """How durable commits are in use; the tests' own, of which there are thousands, are not."""
    in_use = engine.DURABILITY
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "DURABILITY", "OFF")
        yield in_use


@pytest.fixture(scope="session", autouse=True)
def _modules_are_no_rubbish() -> Iterator[None]:
    """Python looks through all of them again and again otherwise: a tenth of the whole run."""
    _collect()
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def _collect() -> None:
    """Once: what is still in use then is not looked through again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _rubbish_collected_now_and_then(_modules_are_no_rubbish: None) -> Iterator[None]:
    yield
    if gc.get_count()[0] > RUBBISH:
        _collect()


@pytest.fixture(scope="session")
def vnu_jar() -> Path:
    """The Nu HTML checker; use with the mark ``html_checker``."""
    return VNU_JAR


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data kept beside the project; use with the mark of the same name."""
    return SHARED_DATA


@pytest.fixture
def sampled(shared_data: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the header and first 3,000 rows of a gzipped file of ``shared_data``."""

    def copy(name: str) -> Path:
        with gzip.open(shared_data / name) as file:
            lines = list(islice(file, 3_001))
        path = tmp_path / name
        path.write_bytes(gzip.compress(b"".join(lines)))
        return path

    return copy


@pytest.fixture(scope="session")
def geopackage_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store in a file, to copy."""
    path = tmp_path_factory.mktemp("store") / "template.gpkg"
    open_store(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture
def geopackage(geopackage_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file of its own."""
    path = shutil.copy(geopackage_template, tmp_path / "store.gpkg")
    store = reopened(path)
    yield store
    store.close()


@pytest.fixture
def postgis(_postgis_databases: EmptyDatabases) -> Store:
    """An empty store in a database that no other test uses meanwhile."""
    return Store(_postgis_databases.empty())


@pytest.fixture(scope="session")
def migrated_postgis() -> Iterator[str]:
    """The name of a database with tables, without rows, to make others like it."""
    name = migrated_database(POSTGIS_URL)
    yield name
    drop_database(POSTGIS_URL, name)


@pytest.fixture(scope="session")
def _postgis_databases(migrated_postgis: str) -> Iterator[EmptyDatabases]:
    databases = EmptyDatabases(POSTGIS_URL, migrated_postgis)
    yield databases
    databases.drop()


@pytest.fixture
def empty_postgis() -> Iterator[str]:
    """Address of an empty database."""
    name = new_database(POSTGIS_URL)
    yield address_of(POSTGIS_URL, name)
    drop_database(POSTGIS_URL, name)


@pytest.fixture
def bare_database(empty_postgis: str) -> str:
    """Address of an empty database without PostGIS, for a role that may not add it."""
    return f"{empty_postgis}?options=-c%20role%3Dpg_read_all_data"


@pytest.fixture(params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store, of each kind in turn."""
    opened: Store = request.getfixturevalue(request.param)
    return opened
