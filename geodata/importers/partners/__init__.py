"""Tables of partners: figures by area and period, long or wide, and police street files.

Imports ``when`` and ``parsed``. Start at ``wide_tables`` and ``street_crime``.
"""
