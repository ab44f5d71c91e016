"""The pages' languages: which there are, their texts, and what speakers say of them.

==============  ===========================================================================
``offered``     the languages, and which of them a council has switched on
``catalogues``  the program's translations with those of speakers on top, as pages ask them
``texts``       the English texts and what a translation of each must keep
``checking``    a speaker approves or changes a text
==============  ===========================================================================

Imports `common`. Start with `catalogues`.
"""
