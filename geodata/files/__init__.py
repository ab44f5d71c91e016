"""Files of any format as tables of text, or as shapes: opened within bounds.

Imports `core`. Start with `tables`; a new format is a reader here and its ending there.
"""
