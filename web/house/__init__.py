"""Many councils in one house: a store and an application each, one process before them all.

A council's rows stand in no other council's store, so no query has to leave them out. Start with
`house_file`, what a house is; `dispatch` picks the site that a request is for.

Imports `web.application`; nothing but commands imports this room. A site knows its neighbours
through the narrow door of `web.server.neighbours`.
"""
