"""The report to the committee: one document, and the files that it is drawn as.

Imports `partnership`, `clearing`, `effects`, `enforcement`, `hotspots`, `publishing`, `paper` and
`common`. Start with `compiling`.
"""
