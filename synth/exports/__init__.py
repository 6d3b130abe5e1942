"""What leaves a run: rows of a training format in splits, and the dataset card."""

from synth.exports.formats import FORMATS, Format, format_named
from synth.exports.splits import UNSEEN, Splits, split
from synth.exports.student import Setting, Student

__all__ = ["FORMATS", "UNSEEN", "Format", "Setting", "Splits", "Student", "format_named", "split"]
