"""Where posters should hang: the sites from which most dumping is in view.

Imports `core`. Start with `site_posters`.
"""

from hotspots.siting.poster_siting import PosterSiting, site_posters

__all__ = [
    "PosterSiting",
    "site_posters",
]
