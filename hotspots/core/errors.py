"""What this package refuses, in one tree.

::

    HotspotsError
    ├── FrameError        a table given to us cannot be read as what it should be
    │   └── CRSError      its coordinates are not metres on a plane
    ├── ParameterError    a setting is out of its range
    ├── TooFewError       there is not enough data for this question
    └── InfeasibleError   no plan grants all that was wished; the message says which to relax
"""


class HotspotsError(Exception):
    """Base of everything this package raises on purpose."""


class FrameError(HotspotsError, ValueError):
    """A frame lacks a column, has nulls or has geometry that cannot be used."""


class CRSError(FrameError):
    """Coordinates are missing their CRS, or are degrees where metres are needed."""


class ParameterError(HotspotsError, ValueError):
    """A parameter is outside the range in which it means anything."""


class TooFewError(HotspotsError, ValueError):
    """Too few rows to answer; the message says how many there are and how many it takes."""


class InfeasibleError(HotspotsError, ValueError):
    """No plan grants all wishes; the message says which one to relax, and how far."""
