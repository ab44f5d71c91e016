"""Files in: read, understood column by column, checked row by row, kept as one batch.

======================  =====================================================================
``tables``              any file becomes a table of texts with the row numbers a person sees:
                        ``csv_files``, ``workbooks`` and ``map_files`` read it, ``grids`` finds
                        the header, ``bounds`` and ``archives`` refuse what is too big
``columns``             which of its columns means what
``times``, ``positions``, ``values``  cells become instants, places and numbers, or problems
``geometry``            points of any spelling, or shapes, onto the National Grid
``kinds``               what each kind of file must hold; a new kind is one more file there
``batches``             the rows go in as one batch that can be taken out whole
======================  =====================================================================
"""
