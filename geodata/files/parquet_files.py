"""Parquet and GeoParquet, where pyarrow is installed (the extra ``arrow``)."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.files.bounds import MOST_COLUMNS, refuse_many
from geodata.files.problems import FileRefusedError


def read_parquet(path: Path, *, most_cells: int) -> pd.DataFrame:
    """A table, or a map where the file says that it is one.

    Raises
    ------
    FileRefusedError
        It is no such file or too big, or pyarrow is not installed.
    """
    try:
        import pyarrow.parquet as pq
    except ImportError:
        raise FileRefusedError(
            f"{path.name}: Parquet is read only where pyarrow is installed: pip install "
            "'canister-hotspots[arrow]', or save the file as GeoPackage or CSV"
        ) from None
    try:
        with pq.ParquetFile(path) as file:
            about: Any = file.metadata
            refuse_many(path.name, about.num_columns, MOST_COLUMNS, "columns")
            refuse_many(path.name, about.num_rows * about.num_columns, most_cells, "cells")
            is_map = b"geo" in (about.metadata or {})
        return gpd.read_parquet(path) if is_map else pd.read_parquet(path)
    except FileRefusedError:
        raise
    except Exception as error:  # the library may raise anything on a stranger's bytes
        raise FileRefusedError(f"{path.name} is no Parquet file: {error}") from None
