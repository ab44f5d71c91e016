"""Files in: read, understood column by column, checked row by row, kept as one batch.

==============  ====================================================================
``parsed``      the table of texts that ``geodata.files`` read, with what its columns mean
``when``        cells become instants, days and months, or problems
``where``       points of any spelling, or shapes, onto the National Grid
``partners``    figures of partners by area and period
``kinds``       what each kind of file must hold; a new kind is one more file there
``reading``     a file read and checked, with ``options``; nothing is written
``batches``     the rows go in as one batch that can be taken out whole
==============  ====================================================================
"""
