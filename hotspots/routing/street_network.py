"""How far it is by road: streets as a graph, and the shortest ways between places along them."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import KDTree

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.frames import check_metres

SNAP_M = 1.0
"""Ends of lines this near to each other meet: drawings are not exact."""
_LINE = 1  # shapely's number of LineString


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """Streets cut where they meet.

    Attributes
    ----------
    pieces
        (m,) LineStrings in metres, from junction to junction.
    ends
        (m, 2) node at which each piece starts and ends.
    length_m
        (m,) of each piece.
    is_one_way
        (m,) whether a piece is driven from its start to its end only.
    has_stops
        (m,) whether a crew can stop along it; not on a motorway.
    n_nodes
        Junctions and dead ends.
    """

    pieces: np.ndarray
    ends: np.ndarray
    length_m: np.ndarray
    is_one_way: np.ndarray
    has_stops: np.ndarray
    n_nodes: int


def street_network(streets: gpd.GeoDataFrame) -> StreetNetwork:
    """Cut streets into pieces that meet at nodes.

    Lines meet where their ends lie within 1 m, and at a vertex that both have. Lines that merely
    cross do not: one of them is a bridge.

    Parameters
    ----------
    streets
        LineStrings, projected CRS in metres. Used where present: ``is_one_way`` (bool; in the
        line's direction) and ``is_motorway`` (bool; nothing is reached from there but its ends).

    Raises
    ------
    CRSError, FrameError
        The CRS is missing or not in metres; a geometry is no LineString.

    Examples
    --------
    >>> from shapely import LineString
    >>> east, north = LineString([(0, 0), (100, 0)]), LineString([(100, 0), (100, 100)])
    >>> network = street_network(gpd.GeoDataFrame(geometry=[east, north], crs=27700))
    >>> network.n_nodes
    3
    >>> road_distances(network, np.array([[0, 0], [100, 100]])).tolist()
    [[0.0, 200.0], [200.0, 0.0]]
    """
    check_metres(streets, name="streets")
    lines = np.asarray(streets.geometry)
    bad = shapely.get_type_id(lines) != _LINE
    if bad.any():
        raise FrameError(
            f"streets: {bad.sum()} geometries are no LineStrings, first at index "
            f"{streets.index[bad.argmax()]!r}: explode or drop them"
        )
    xy, line = shapely.get_coordinates(shapely.remove_repeated_points(lines), return_index=True)
    node, is_cut, n_nodes = _nodes(xy, line)
    cut = np.flatnonzero(is_cut)
    is_piece = line[cut[:-1]] == line[cut[1:]]
    first, last = cut[:-1][is_piece], cut[1:][is_piece]
    pieces = _between(xy, first, last)
    return StreetNetwork(
        pieces,
        np.column_stack([node[first], node[last]]),
        shapely.length(pieces),
        _flags(streets, "is_one_way")[line[first]],
        ~_flags(streets, "is_motorway")[line[first]],
        n_nodes,
    )


def road_distances(
    network: StreetNetwork, xy: np.ndarray, *, detour_factor: float = 1.4, reach_m: float = 200.0
) -> np.ndarray:
    """Metres by road from each place to each.

    A place is joined to the nearest point of its nearest street. Where that is farther than
    ``reach_m``, or no way leads, it is the straight line times ``detour_factor``.

    Parameters
    ----------
    network
        Of ``street_network``.
    xy
        (n, 2) metres, in the streets' CRS.

    Returns
    -------
    ndarray
        (n, n), from the row to the column; 0 on the diagonal, never below the straight line.
        Not symmetric where there are one-way streets.

    Raises
    ------
    ParameterError
        ``detour_factor`` is below 1 or ``reach_m`` below 0.

    Examples
    --------
    >>> from shapely import LineString
    >>> bend = LineString([(0, 0), (300, 0), (300, 400)])
    >>> network = street_network(gpd.GeoDataFrame(geometry=[bend], crs=27700))
    >>> road_distances(network, np.array([[0, 0], [300, 400], [0, 1000]])).round().tolist()[0]
    [0.0, 700.0, 1400.0]
    """
    if not (1 <= detour_factor < np.inf and 0 <= reach_m < np.inf):
        raise ParameterError(
            f"detour_factor is {detour_factor} and reach_m {reach_m}: they must be at least 1 and 0"
        )
    places = np.asarray(xy, dtype=float).reshape(-1, 2)
    straight = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    road = np.full(straight.shape, np.inf)
    joints = _join(network, places, reach_m)
    if len(joints.place):
        distances = np.minimum(_along_network(network, joints), _along_piece(network, joints))
        road[np.ix_(joints.place, joints.place)] = distances
    road = np.where(np.isinf(road), straight * detour_factor, road)
    np.fill_diagonal(road, 0)
    # Ends that meet within a metre are one node, which may save that metre.
    longer: np.ndarray = np.maximum(road, straight)
    return longer


def shortest_links(
    edges: list[tuple[np.ndarray, np.ndarray, np.ndarray]], n_nodes: int
) -> csr_array:
    """A graph of edges that go from nodes to nodes and are so many metres long.

    Returns
    -------
    (n_nodes, n_nodes) metres; of edges that run side by side the shortest.
    """
    a, b, metres = (np.concatenate(part) for part in zip(*edges, strict=True))
    # SciPy would add up what runs side by side; the shortest of them counts.
    shortest = pd.Series(metres).groupby([a, b]).min()
    keys = shortest.index
    cells = (shortest.to_numpy(), (keys.get_level_values(0), keys.get_level_values(1)))
    return csr_array(coo_array(cells, shape=(n_nodes, n_nodes)))


@dataclass(frozen=True, eq=False)
class _Joints:
    """Places that a street is near: which, on which piece, how far along it and off it, metres."""

    place: np.ndarray
    piece: np.ndarray
    along_m: np.ndarray
    off_m: np.ndarray


def _nodes(xy: np.ndarray, line: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Node of each vertex, whether its line is cut there, and how many nodes there are."""
    is_end = np.ones(len(line), dtype=bool)
    is_end[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    _, same, count = np.unique(
        np.rint(xy * 100).astype(np.int64), axis=0, return_inverse=True, return_counts=True
    )
    same = same.reshape(-1)
    is_cut = is_end | (count[same] > 1)
    number, at = np.unique(same[is_cut], return_index=True)
    has_end = np.isin(number, same[is_end])
    label = _met(xy[is_cut][at], has_end)
    node = np.full(len(line), -1)
    node[is_cut] = label[np.searchsorted(number, same[is_cut])]
    return node, is_cut, int(label.max(initial=-1)) + 1


def _met(xy: np.ndarray, has_end: np.ndarray) -> np.ndarray:
    """One number for all points that lie within ``SNAP_M``, where one of two ends a line."""
    if len(xy) == 0:
        return np.empty(0, dtype=int)
    pairs = KDTree(xy).query_pairs(SNAP_M, output_type="ndarray")
    pairs = pairs[has_end[pairs].any(axis=1)]
    links = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(xy), len(xy)))
    label: np.ndarray = connected_components(links, directed=False)[1]
    return label


def _between(xy: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """LineStrings of the vertices from each first to its last."""
    size = last - first + 1
    piece = np.repeat(np.arange(len(first)), size)
    start = np.cumsum(size) - size
    vertex = np.arange(len(piece)) - start[piece] + first[piece]
    pieces: np.ndarray = shapely.linestrings(xy[vertex], indices=piece)
    return pieces


def _flags(streets: gpd.GeoDataFrame, column: str) -> np.ndarray:
    if column not in streets:
        return np.zeros(len(streets), dtype=bool)
    flags: np.ndarray = streets[column].to_numpy(dtype=bool)
    return flags


def _join(network: StreetNetwork, xy: np.ndarray, reach_m: float) -> _Joints:
    joinable = np.flatnonzero(network.has_stops)
    points = shapely.points(xy)
    place, near = shapely.STRtree(network.pieces[joinable]).query_nearest(points, all_matches=False)
    piece = joinable[near]
    off = shapely.distance(points[place], network.pieces[piece])
    is_near = off <= reach_m
    place, piece, off = place[is_near], piece[is_near], off[is_near]
    along = shapely.line_locate_point(network.pieces[piece], points[place])
    return _Joints(place, piece, along, off)


def _along_network(network: StreetNetwork, joints: _Joints) -> np.ndarray:
    """Metres between places by way of nodes; infinite where no way leads."""
    start, end = network.ends.T
    stop = network.n_nodes + np.arange(len(joints.place))
    at_start, at_end = start[joints.piece], end[joints.piece]
    back = joints.along_m + joints.off_m
    on = network.length_m[joints.piece] - joints.along_m + joints.off_m
    both, both_there = ~network.is_one_way, ~network.is_one_way[joints.piece]
    # Who stands at a street's end is at the junction, whichever way that street is driven.
    from_start = both_there | (joints.along_m <= SNAP_M)
    from_end = both_there | (network.length_m[joints.piece] - joints.along_m <= SNAP_M)
    edges = [
        (start, end, network.length_m),
        (end[both], start[both], network.length_m[both]),
        (stop, at_end, on),
        (at_start, stop, back),
        (stop[from_start], at_start[from_start], back[from_start]),
        (at_end[from_end], stop[from_end], on[from_end]),
    ]
    graph = shortest_links(edges, network.n_nodes + len(stop))
    metres: np.ndarray = dijkstra(graph, indices=stop)[:, stop]
    return metres


def _along_piece(network: StreetNetwork, joints: _Joints) -> np.ndarray:
    """Metres between places on one piece without leaving it; infinite between others."""
    ahead = joints.along_m[None, :] - joints.along_m[:, None]
    is_same = joints.piece[:, None] == joints.piece[None, :]
    is_open = is_same & ((ahead >= 0) | ~network.is_one_way[joints.piece][:, None])
    metres = np.abs(ahead) + joints.off_m[:, None] + joints.off_m[None, :]
    return np.where(is_open, metres, np.inf)
