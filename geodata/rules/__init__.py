"""The law and the council's own decisions, as dated tables and pure functions over them.

No date and no amount that decides a penalty stands in code. Each is a row of a table: packaged in
``data/``, or added by the council (``council``), with its days, its source and whether somebody
verified it. What held on a day is asked of a ``RuleBook``.
"""
