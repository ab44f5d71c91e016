"""Pages for poster campaigns: choose sites, word, print, and log what befalls each poster."""

from web.posters import campaign, candidates, printing, proposals, sites, wording
from web.posters.blueprint import posters

__all__ = ["campaign", "candidates", "posters", "printing", "proposals", "sites", "wording"]
