"""Points on a street network: what lies within so many metres along the streets of each.

A point is put on its nearest street, which is cut there, so that it is a node of the graph like
any junction. From each the shortest ways are followed as far as they are asked for. A stretch of
street between two nodes is reached from both ends:

    u ●━━━━━━━╌╌╌╌━━━● v        min(length, (r - d(u))⁺ + (r - d(v))⁺) metres of it lie within r
      r-d(u)       r-d(v)

Source of the idea: Okabe and Sugihara (2012), Spatial Analysis along Networks, Wiley, ch. 3 and 6.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from hotspots.routing.street_network import StreetNetwork, shortest_links

SNAP_LIMIT_M = 50.0
"""A point farther than this from every street is on none: it lies in a field or a wood."""
TILE_M = 1_000.0
"""Points of one square share a piece of the graph, so that the work grows with their number."""
CHUNK = 128
"""Points whose ways are followed together: bounds the memory."""
SPACING_M = 25.0
"""Half a cell of the raster that surroundings are reckoned on."""
TINY_M = 1e-9
"""A point on a junction is a step away from it: SciPy takes 0 for no way at all."""

Ways = Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Nodes to start from, nodes about them, and the metres from the former to the latter."""


@dataclass(frozen=True, eq=False)
class StreetGround:
    """A network that is cut where points lie.

    Attributes
    ----------
    rows
        (s,) rows of the points that lie within the limit of a street, ascending.
    node
        (s,) node of each of them.
    xy
        (n, 2) metres of each node.
    ends, length_m
        (m, 2) nodes of each stretch of street, and (m,) its metres.
    sites, site_m
        (k, 2) points spread evenly along the streets, and (k,) the metres that each stands for.
    """

    rows: np.ndarray
    node: np.ndarray
    xy: np.ndarray
    ends: np.ndarray
    length_m: np.ndarray
    sites: np.ndarray
    site_m: np.ndarray

    @cached_property
    def graph(self) -> csr_array:
        """(n, n) metres between nodes that a stretch joins, either way: dumping is done on foot."""
        start, end = self.ends.T
        metres = np.maximum(self.length_m, TINY_M)
        return shortest_links([(start, end, metres), (end, start, metres)], len(self.xy))

    def ways(self, nodes: np.ndarray, reach_m: float) -> Ways:
        """From each of some nodes to all within a reach; farther ones are at infinity."""
        tile = np.floor(self.xy[nodes] / TILE_M).astype(np.int64)
        order = np.lexsort((tile[:, 1], tile[:, 0]))
        is_new = np.any(np.diff(tile[order], axis=0) != 0, axis=1)
        for group in np.split(nodes[order], np.flatnonzero(is_new) + 1):
            if len(group):
                yield from self._ways_of_tile(group, reach_m)

    def _ways_of_tile(self, nodes: np.ndarray, reach_m: float) -> Ways:
        """No way is shorter than the straight line: what lies beyond the reach is cut off."""
        low, high = self.xy[nodes].min(axis=0) - reach_m, self.xy[nodes].max(axis=0) + reach_m
        about = np.flatnonzero(((self.xy >= low) & (self.xy <= high)).all(axis=1))
        graph = self.graph[about][:, about]
        for first in range(0, len(nodes), CHUNK):
            part = nodes[first : first + CHUNK]
            at = np.searchsorted(about, part)
            yield part, about, dijkstra(graph, indices=at, limit=reach_m)

    def within(
        self, nodes: np.ndarray, weights: np.ndarray, radii: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """What lies within radii of some nodes, along the streets.

        Parameters
        ----------
        nodes
            (c,) different ones.
        weights
            (n,) of every node: how many points lie there.
        radii
            (k,) metres, ascending.

        Returns
        -------
        (c, k) the sum of the weights, and (c, k) metres of street.
        """
        held, metres = np.zeros((2, len(nodes), len(radii)))
        position = np.full(len(self.xy), -1)
        position[nodes] = np.arange(len(nodes))
        for part, about, apart in self.ways(nodes, float(radii[-1]) + 1e-6):
            row = position[part]
            left, right, length = self._stretches(about)
            # One more column, at infinity, for ends that lie beyond the reach.
            to_node = np.column_stack([apart, np.full(len(apart), np.inf)])
            for column, radius in enumerate(radii):
                held[row, column] = (apart <= radius + 1e-6) @ weights[about]
                reached = np.maximum(radius - to_node, 0)
                both = reached[:, left] + reached[:, right]
                metres[row, column] = np.minimum(both, length).sum(axis=1)
        return held, metres

    def _stretches(self, about: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Stretches that touch some nodes: positions of their ends among them, or past the last."""
        place = np.full(len(self.xy), len(about))
        place[about] = np.arange(len(about))
        left, right = place[self.ends].T
        touches = (left < len(about)) | (right < len(about))
        return left[touches], right[touches], self.length_m[touches]


def street_ground(
    network: StreetNetwork, xy: np.ndarray, *, snap_m: float = SNAP_LIMIT_M
) -> StreetGround:
    """Put points on their nearest streets.

    Parameters
    ----------
    network
        Of ``street_network``, at least one piece. One-way streets are walked both ways.
    xy
        (n, 2) metres, in the streets' CRS.
    snap_m
        Points farther than this from every street are left out.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from hotspots.routing.street_network import street_network
    >>> banks = [shapely.LineString([(0, y), (500, y)]) for y in (0, 30)]  # a river lies between
    >>> streets = street_network(gpd.GeoDataFrame(geometry=banks, crs=27700))
    >>> ground = street_ground(streets, np.array([[100, 2], [140, 28], [180, 0]]))
    >>> points = np.bincount(ground.node, minlength=len(ground.xy))
    >>> held, metres = ground.within(ground.node[:1], points, np.array([100.0]))
    >>> held.tolist(), metres.tolist()
    ([[2.0]], [[200.0]])
    """
    points = shapely.points(xy)
    rows, piece = shapely.STRtree(network.pieces).query_nearest(
        points, max_distance=snap_m + TINY_M, all_matches=False
    )
    along = shapely.line_locate_point(network.pieces[piece], points[rows])
    along = np.clip(along, 0, network.length_m[piece])
    # To the millimetre: points of one gate are one node.
    keys, node = np.unique(
        np.column_stack([piece, np.rint(along * 1000)]).astype(np.int64),
        axis=0,
        return_inverse=True,
    )
    cut_piece, cut_m = keys[:, 0], np.minimum(keys[:, 1] / 1000, network.length_m[keys[:, 0]])
    cuts = shapely.line_interpolate_point(network.pieces[cut_piece], cut_m)
    ends, length_m = _cut(network, cut_piece, cut_m)
    sites, site_m = _spread(network)
    return StreetGround(
        rows,
        node.reshape(-1) + network.n_nodes,
        np.concatenate([_junctions(network), shapely.get_coordinates(cuts)]),
        ends,
        length_m,
        sites,
        site_m,
    )


def _junctions(network: StreetNetwork) -> np.ndarray:
    """(n_nodes, 2) where a piece ends at each: within a metre of all that do."""
    xy = np.empty((network.n_nodes, 2))
    for side, position in ((1, -1), (0, 0)):
        corner = shapely.get_point(network.pieces, position)
        xy[network.ends[:, side]] = shapely.get_coordinates(corner)
    return xy


def _cut(
    network: StreetNetwork, piece: np.ndarray, along_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(m, 2) ends and (m,) metres of the stretches between one stop and the next of a piece."""
    every = np.arange(len(network.pieces))
    of = np.concatenate([every, piece, every])
    at = np.concatenate([np.zeros(len(every)), along_m, network.length_m])
    rank = np.repeat([0, 1, 2], [len(every), len(piece), len(every)])
    cuts = network.n_nodes + np.arange(len(piece))
    node = np.concatenate([network.ends[:, 0], cuts, network.ends[:, 1]])
    order = np.lexsort((at, rank, of))  # cuts are in order already; an end is never before one
    of, at, node = of[order], at[order], node[order]
    is_stretch = of[1:] == of[:-1]
    ends = np.column_stack([node[:-1], node[1:]])[is_stretch]
    return ends, np.maximum(np.diff(at)[is_stretch], 0.0)


def _spread(network: StreetNetwork) -> tuple[np.ndarray, np.ndarray]:
    """Points in the middle of equal parts of each piece, and how long those are."""
    parts = np.maximum(np.ceil(network.length_m / SPACING_M), 1).astype(np.int64)
    piece = np.repeat(np.arange(len(parts)), parts)
    step = (network.length_m / parts)[piece]
    number = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    points = shapely.line_interpolate_point(network.pieces[piece], (number + 0.5) * step)
    return shapely.get_coordinates(points), step
