"""The ``hotspots`` commands, one a file: parse, call one use case, print."""
