"""The training formats a kept pair can be written in, one file each."""

from synth.errors import ConfigError, meant
from synth.exports.formats.auto_j import AUTO_J, AUTO_J_SINGLE
from synth.exports.formats.base import GRADED_BEFORE, HOLDS_MARKS, Format, LeftOut, Made, Row
from synth.exports.formats.chat import CHAT, CHAT_SINGLE, PROMPT_COMPLETION, PROMPT_COMPLETION_SINGLE
from synth.exports.formats.feedback_collection import FEEDBACK_COLLECTION
from synth.exports.formats.flow_judge import FLOW_JUDGE
from synth.exports.formats.judgelm import JUDGELM
from synth.exports.formats.pairs import PAIRS
from synth.exports.formats.pandalm import PANDALM, PANDALM_TRAINER
from synth.exports.formats.preference import (
    PREFERENCE,
    PREFERENCE_IMPLICIT,
    PREFERENCE_TEXT,
    PREFERENCE_TEXT_IMPLICIT,
    REWARDBENCH,
)
from synth.exports.formats.preference_collection import PREFERENCE_COLLECTION

__all__ = ["FORMATS", "GRADED_BEFORE", "HOLDS_MARKS", "Format", "LeftOut", "Made", "Row", "format_named"]

FORMATS: tuple[Format, ...] = (
    PAIRS,
    AUTO_J,
    AUTO_J_SINGLE,
    JUDGELM,
    PANDALM,
    PANDALM_TRAINER,
    FEEDBACK_COLLECTION,
    PREFERENCE_COLLECTION,
    FLOW_JUDGE,
    CHAT,
    CHAT_SINGLE,
    PROMPT_COMPLETION,
    PROMPT_COMPLETION_SINGLE,
    PREFERENCE,
    PREFERENCE_IMPLICIT,
    PREFERENCE_TEXT,
    PREFERENCE_TEXT_IMPLICIT,
    REWARDBENCH,
)


def format_named(name: str, where: str = "outputs.formats") -> Format:
    """Raises ConfigError for an unknown format; `where` is what named it."""
    for one in FORMATS:
        if one.name == name:
            return one
    known = [one.name for one in FORMATS]
    raise ConfigError(f"{where}: unknown format {name!r}; {meant(name, known)}one of {', '.join(known)}")
