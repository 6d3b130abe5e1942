"""What is said of the responses: in the manifest, and to the person who runs it."""

from collections.abc import Iterator
from typing import Any

from synth.run.intake import Intake
from synth.run.manifest import writing_hash
from synth.run.models import served
from synth.run.prepare import Prepared
from synth.run.responding.pairing import Made
from synth.run.responding.settings import is_the_teacher, responders, writers_setting
from synth.run.teacher import terms


def about_the_responders(prepared: Prepared, intake: Intake) -> Iterator[str]:
    """A warning where the teacher is to judge its own words."""
    if own := judges_its_own(prepared, intake):
        yield (
            f"{' and '.join(own)} wrote responses and is the teacher that judges them: models prefer their own answers "
            "(self-preference); have another model judge, or leave it out of the responders"
        )


def judges_its_own(prepared: Prepared, intake: Intake) -> list[str]:
    """Names of the teacher's model, or of the one's that is asked again, among the responders that are asked and those
    of responses that rows brought.

    Panickssery et al. 2024, "LLM Evaluators Recognize and Favor Their Own Generations".
    """
    teachers = [terms(one).model for one in (prepared, prepared.second) if one is not None]
    who = responders(prepared.config)
    names = {one.model for one in who.settings} | intake.models | ({served(who.writer)} if who.writer else set())
    return sorted(name for name in names if any(is_the_teacher(teacher, name) for teacher in teachers))


def record(prepared: Prepared, intake: Intake, made: Made) -> dict[str, Any]:
    """For the manifest."""
    marks = {mark or "unmarked": count for mark, count in sorted(made.marks.items())}
    return {
        "prompts": made.prompts,
        "asked": {model: count for model, count in sorted(made.asked.items()) if count},
        "given": made.marks.total() - made.asked.total(),
        "marks": marks,
        "settings": [
            {"model": one.model, "temperature": one.temperature, "system": one.system, "weight": one.weight}
            for one in responders(prepared.config).settings
        ],
        **_targets(prepared, made),
        "strategy": made.strategy,
        "pairs": made.pairs,
        **({"kinds": dict(made.kinds)} if made.kinds else {}),
        "judged_by_their_author": judges_its_own(prepared, intake),
    }


def _targets(prepared: Prepared, made: Made) -> dict[str, Any]:
    writer = responders(prepared.config).writer
    if writer is None:
        return {}
    setting = writers_setting(writer)
    return {
        "targets": {
            "model": setting.model,
            "parameters": setting.sent,
            "template": writing_hash("target"),
            "scores": {f"{score:g}": made.targets[score] for score in sorted(made.targets)},
        }
    }


def text(made: Made) -> str:
    """One line for the terminal."""
    marks = ", ".join(f"{count} {mark}" for mark, count in sorted(made.marks.items()) if mark)
    kinds = f" ({', '.join(f'{count} {kind}' for kind, count in made.kinds.items())})" if made.kinds else ""
    to_targets = f", {made.targets.total()} of these written to earn a score" if made.targets else ""
    return (
        f"{made.marks.total()} responses to {made.prompts} prompts, {made.asked.total()} of them asked for{to_targets}"
        f"{f' ({marks})' if marks else ''}; {made.pairs} pairs by {made.strategy}{kinds}"
    )
