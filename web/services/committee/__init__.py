"""The report to the committee: one document, the files that it is drawn as, and its releases.

Imports `partnership`, `clearing`, `effects`, `enforcement`, `hotspots`, `publishing`, `paper` and
`common`. Start with `compiling`; what it says is in `sections`, how it is drawn in `drawn`.
"""
