"""Further rows of a judged pair for the train split, as copies of their own: nothing is changed in place."""

from synth.exports.augment.copies import MARK, Augment, Copy, copies
from synth.exports.augment.relabel import Doubt, relabel

__all__ = ["MARK", "Augment", "Copy", "Doubt", "copies", "relabel"]
