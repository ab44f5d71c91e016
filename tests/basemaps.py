"""A made-up file of OS Open Zoomstack, to make grounds of."""

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

FAR = 20_000.0


def layer(path: Path, layer_name: str, **columns: object) -> None:
    """One layer of a product, EPSG:27700."""
    frame = gpd.GeoDataFrame(columns, crs=27700)
    pyogrio.write_dataframe(frame, path, layer=layer_name, driver="GPKG", append=path.exists())


def zoomstack(folder: Path) -> Path:
    """A square kilometre of OS Open Zoomstack, made up, and one building far away."""
    path = folder / "OS_Open_Zoomstack.gpkg"
    house = shapely.box(553_000, 174_000, 553_020, 174_010)
    far = shapely.transform(house, lambda xy: xy + FAR)
    layer(path, "local_buildings", uuid=["a", "b"], geometry=[house, far])
    street = shapely.LineString([(552_500, 174_020), (553_500, 174_020)])
    trunk = shapely.LineString([(540_000, 173_500), (570_000, 173_500)])
    layer(path, "roads_local", type=["Local"], name=["Mill Lane"], geometry=[street])
    layer(path, "roads_national", type=["Motorway"], name=[None], geometry=[trunk])
    lake = shapely.box(554_000, 174_000, 554_300, 174_300)
    layer(path, "surfacewater", type=["Inland"], geometry=[lake])
    layer(path, "greenspace", type=["Public Park Or Garden"], geometry=[house.buffer(200)])
    layer(
        path,
        "names",
        type=["Town", "Motorway Junctions"],
        name1=["Testford", "Junction 2"],
        geometry=[shapely.Point(553_500, 174_500), shapely.Point(553_600, 174_500)],
    )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE gpkg_contents SET last_change = '2025-06-01T00:00:00.000Z'")
        connection.commit()
    return path
