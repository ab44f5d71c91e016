"""What every room stands on: refusals, vocabulary, column types, coordinates, GeoPackage bytes.

Imports nothing of this package. Start with `vocabulary`.
"""
