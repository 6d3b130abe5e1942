"""Why the same pair was judged or filtered otherwise in another version."""

from enum import StrEnum

from synth.diff.version import Made, Row


class Cause(StrEnum):
    """In the words that people read. The first eight change what is asked."""

    TEXT = "prompt or responses"
    REFERENCE = "reference"
    SCENARIO = "another scenario"
    CRITERIA = "criteria"
    TEACHER = "teacher"
    TEMPLATES = "prompt templates"
    JUDGING = "judging settings"
    ASKED = "asked otherwise"
    FILTERS = "filter settings"
    RESCUE = "rescue"
    REPLY = "another reply to the same question"
    SET = "other pairs of the set"


Causes = tuple[Cause, ...]


def asked_otherwise(old: Row, new: Row, before: Made | None, after: Made | None) -> Causes:
    """What makes the questions about a pair others; nothing where they are the same.

    Marks decide where both rows have one; what is not known to differ then is `asked otherwise`.
    """
    mine, theirs = _question(old), _question(new)
    if mine and mine == theirs:
        return ()
    found = [cause for cause, differs in _differences(old, new, before, after).items() if differs]
    return tuple(found) or ((Cause.ASKED,) if mine and theirs else ())


def _question(row: Row) -> str:
    """The part of the mark that is about the judgments: the choice of the scenario stands behind a dash."""
    return row.asked.partition("-")[0]


def _differences(old: Row, new: Row, before: Made | None, after: Made | None) -> dict[Cause, bool]:
    references = old.reference, new.reference
    found = {
        Cause.TEXT: old.text != new.text,
        Cause.REFERENCE: None not in references and references[0] != references[1],
        Cause.SCENARIO: old.scenario != new.scenario,
    }
    if before is None or after is None:
        return found
    hashes = before.scenarios.get(old.scenario), after.scenarios.get(new.scenario)
    return found | {
        Cause.CRITERIA: old.scenario == new.scenario and hashes[0] != hashes[1],
        Cause.TEACHER: before.teacher != after.teacher,
        Cause.TEMPLATES: before.templates != after.templates,
        Cause.JUDGING: before.judging != after.judging,
    }


def of_verdict(old: Row, new: Row, before: Made | None, after: Made | None) -> Causes:
    """Why the verdict is another one."""
    if causes := asked_otherwise(old, new, before, after):
        return causes
    return _other_replies(old, new) or (Cause.FILTERS,)


def of_fate(old: Row, new: Row, before: Made | None, after: Made | None) -> Causes:
    """Why a pair that was kept is dropped, or the other way round.

    Replies that are the same leave the filters: their settings, or, with the same settings, what else the set holds.
    """
    filters = (Cause.FILTERS,) if before and after and before.filters != after.filters else ()
    if causes := asked_otherwise(old, new, before, after):
        return causes + filters
    return (_other_replies(old, new) + filters) or (Cause.SET,)


def _other_replies(old: Row, new: Row) -> Causes:
    """What is carried over from a dataset has no replies, and is what it was."""
    if not old.said or not new.said:
        return ()
    if old.said != new.said:
        return (Cause.REPLY,)
    return () if old.rescued == new.rescued else (Cause.RESCUE,)
