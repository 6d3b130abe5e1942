"""What leaves a run: rows of a training format in splits, and the dataset card."""

from synth.exports.formats import FORMATS, Format, format_named
from synth.exports.splits import split_of
from synth.exports.student import Setting, Student

__all__ = ["FORMATS", "Format", "Setting", "Student", "format_named", "split_of"]
