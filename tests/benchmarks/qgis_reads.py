"""QGIS itself reads /ogc and the exported GeoPackage; no test, as CI has no QGIS.

On Debian: ``apt-get install --no-install-recommends python3-qgis qgis-providers``, then with
Debian's own Python: ``/usr/bin/python3 tests/benchmarks/qgis_reads.py ADDRESS KEY [FILE.gpkg]``.
ADDRESS is that of a served site, such as http://127.0.0.1:8000; KEY has the scope read:officer.
"""

import json
import os
import sys
from base64 import b64encode
from urllib.request import Request, urlopen

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer

application = QgsApplication([], False)


def check_collections(address: str, key: str) -> None:
    """Each collection has as many features in QGIS as the service says, also in a box."""
    for name in (each["id"] for each in ask(address, key, "")["collections"]):
        box = ask(address, key, name)["extent"]["spatial"]["bbox"][0]
        middle = [(2 * box[0] + box[2]) / 3, (2 * box[1] + box[3]) / 3, *box[2:]]
        counted = {
            "all": ask(address, key, f"{name}/items?limit=1")["numberMatched"],
            "in a box": ask(
                address, key, f"{name}/items?limit=1&bbox={','.join(map(str, middle))}"
            ).get("numberMatched"),
        }
        uri = f" url='{address}/ogc' typename='{name}' pagingEnabled='true'"
        layer = QgsVectorLayer(f"{uri} username='any' password='{key}'", name, "OAPIF")
        assert layer.isValid(), name
        within = QgsFeatureRequest().setFilterRect(QgsRectangle(*middle))
        read = {
            "all": sum(1 for _ in layer.getFeatures()),
            "in a box": sum(1 for _ in layer.getFeatures(within)),
        }
        print(name, read, "" if read == counted else f"DIFFERS: the service says {counted}")


def check_file(path: str) -> None:
    """Each layer of a GeoPackage opens, in the National Grid, with the look that it brings."""
    for each in QgsVectorLayer(path, "all", "ogr").dataProvider().subLayers():
        name = each.split("!!::!!")[1]
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        count = sum(1 for _ in layer.getFeatures())
        look = layer.loadDefaultStyle()
        print(name, layer.isValid(), layer.crs().authid(), count, look, layer.renderer().type())


def ask(address: str, key: str, rest: str) -> dict:
    secret = b64encode(f"any:{key}".encode()).decode()
    wanted = f"{address}/ogc/collections/{rest}".rstrip("/")
    headers = {"Authorization": f"Basic {secret}", "Accept": "application/json"}
    with urlopen(Request(wanted, headers=headers)) as answer:
        return json.load(answer)


if __name__ == "__main__":
    application.initQgis()
    check_collections(*sys.argv[1:3])
    for path in sys.argv[3:]:
        check_file(path)
