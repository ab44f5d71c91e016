"""Form fields and checks that pages of several audiences share.

Imports `geodata.core` and WTForms. Start with `fields`.
"""
