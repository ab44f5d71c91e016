"""What other systems read and send: keys, reports, jobs, layers, Open311.

May import every other room but `admin`. Start with `keys`.
"""
