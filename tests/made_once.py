"""What is dear to make is made by the first worker that needs it; the others find it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder that ``make`` fills, in this run once. Whoever changes what is in it copies it."""
    base = factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = run / name
    with FileLock(run / f"{name}.lock"):
        if not folder.exists():
            part = run / f"{name}.part"
            shutil.rmtree(part, ignore_errors=True)  # of a try that failed
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder
