"""Heuristic filters: what makes a judged pair untrustworthy, one file each.

`FILTERS` are all there are, in the order they run; a pair is dropped by the first that objects. A config names a
preset, filters, or classes of its own.
"""

from filters.base import Drop, Filter, SetFilter, Settle
from filters.choose import FILTERS, PRESETS, chosen, parameters
from filters.stages import Dropped, Filters

__all__ = ["FILTERS", "PRESETS", "Drop", "Dropped", "Filter", "Filters", "SetFilter", "Settle", "chosen", "parameters"]
