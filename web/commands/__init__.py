"""The ``hotspots`` commands, one a file: parse, call one use case, print.

A room for each thing that an operator does: all stand on ``core``, and none knows another.
``web.cli`` finds a command by its name.
"""
