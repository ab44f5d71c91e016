"""The texts of the pages in other languages: one ``.po`` a language, from ``messages.pot``.

``python -m web.translations`` reads the English texts anew from templates, modules and scripts and
brings every file forward. What is there is a machine's draft: speakers approve it on the page
Languages, and what they say is kept in the store.
"""
