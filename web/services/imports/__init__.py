"""Files in: sent, looked at, mapped, loaded in pieces, undone.

May import what stands below `admin`. Start with `importing`.
"""
