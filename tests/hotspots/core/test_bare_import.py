"""The library works where neither pages, tables nor drawings are installed."""

import subprocess
import sys

PROGRAM = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"flask", "sqlalchemy", "folium", "matplotlib"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())

import hotspots

assert [getattr(hotspots, name) for name in hotspots.__all__]
try:
    import matplotlib
except ModuleNotFoundError:
    print("without")
"""


def test_every_public_name_loads_without_flask_sqlalchemy_folium_and_matplotlib() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=120
    )

    assert (done.stdout, done.stderr) == ("without\n", "")
