"""What the store refuses, in one tree.

::

    GeodataError
    ├── StoreError             the database cannot be used as our store
    │   ├── ForeignStoreError      it is something else's file or schema
    │   ├── NewerStoreError        a newer version of this program wrote it
    │   ├── SealedStoreError       another secret key sealed what it holds
    │   └── UnreachableStoreError  it does not answer, or the disk is full or read-only
    │       └── BusyStoreError         others write, for longer than one waits
    ├── NotFoundError          there is no such row
    └── RefusedError           the change would make the record untrue; the message says why
        ├── KeyReusedError         a key was sent before with something else
        └── FileRefusedError       a file as a whole cannot be read (``geodata.importers``)
"""


class GeodataError(Exception):
    """Base of everything this package raises on purpose; the message is fit for the user."""


class StoreError(GeodataError):
    """The database cannot be used as our store."""


class ForeignStoreError(StoreError):
    """The file or schema belongs to something else, or is damaged."""


class NewerStoreError(StoreError):
    """A newer version of this program wrote the store."""


class SealedStoreError(StoreError):
    """Another secret key sealed what the store holds, or a sealed text was changed."""


class UnreachableStoreError(StoreError):
    """The store does not answer, or cannot be written."""


class BusyStoreError(UnreachableStoreError):
    """Others write, and the wait for them ended: the same again may succeed."""


class NotFoundError(GeodataError, LookupError):
    """There is no such row."""


class RefusedError(GeodataError, ValueError):
    """The change is refused; the message says why and what to do."""


class KeyReusedError(RefusedError):
    """A key that makes two sendings one was sent before with something else."""
