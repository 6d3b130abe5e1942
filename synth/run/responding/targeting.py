"""Responses that are written to earn a score: which, by which scenario, how long, and by which request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import Any

from synth.asking import Terms
from synth.config.model import Targets
from synth.domain import PromptRow, Scale, scale_named
from synth.exports.scales import converted
from synth.pairing.draw import Setting
from synth.pairing.response import Mark, Response
from synth.pairing.targets import drawn_scores, even_length, even_scores
from synth.pairing.telling import tells_its_target
from synth.prompts import Manner
from synth.prompts.render import scale_of
from synth.prompts.target import target_messages
from synth.rows.pairs import without_pair
from synth.run import tables
from synth.run.choosing import choice_tables, choose
from synth.run.engine import Engine
from synth.run.prepare import Prepared
from synth.run.responding.intake import prompts_of
from synth.run.responding.settings import Responders, answered, answers, writers_setting, written_to_targets
from synth.run.teacher import Teacher
from synth.teacher.call import Request
from synth.teacher.progress import Counts


@dataclass(frozen=True, slots=True)
class Targeted:
    """One such response, `number` within its prompt after those that the row brought and that models answered."""

    number: int
    score: int
    setting: Setting
    request: Request


def targeted(
    prepared: Prepared, who: Responders, row: PromptRow, scenario_name: str, before: Sequence[Response]
) -> list[Targeted]:
    """Those of a prompt. Of a scenario whose scale has fewer scores than are wanted, there are fewer.

    `before` are the prompt's other responses. Those without a mark say how long these are to be.
    """
    wanted = written_to_targets(row, who)
    if who.targets is None or who.writer is None or not wanted:
        return []
    judging, seed = prepared.config.judging, prepared.config.seed
    manner = Manner(**judging.model_dump(mode="json", exclude={"protocols"}))
    scenario, setting = prepared.catalogue.get(scenario_name), writers_setting(who.writer)
    terms = Terms(setting.model, setting.max_tokens, setting.sent)
    scores = scores_on(who.targets, scale_named(judging.scale), scale_of(scenario, manner))
    length = even_length((one.text for one in before if one.mark is Mark.NONE), seed, row.id)
    made = []
    for number, score in enumerate(drawn_scores(scores, wanted, seed, row.id), start=_first(row, who)):
        messages = target_messages(row, scenario, manner, score, length)
        request = terms.request(tuple((one.role, one.content) for one in messages), None)
        made.append(Targeted(number, score, setting, request))
    return made


def written(
    one: Targeted, row: PromptRow, before: Sequence[Response], reply: str, finish_reason: str, error: str = ""
) -> Response:
    """What was written, with its mark: a text that says how it was made would teach a judge to look for that."""
    made = replace(answered(one.number, one.setting, before, reply, finish_reason, error), target=float(one.score))
    told = tells_its_target(made.text, row.prompt[-1].content) if made.mark is Mark.NONE else ""
    return replace(made, mark=Mark.TELLING, detail=f"it says how it was made: {told}") if told else made


def _first(row: PromptRow, who: Responders) -> int:
    return len(row.given) + answers(row, who) + 1


def scores_on(targets: Targets, of_the_run: Scale, of_the_scenario: Scale) -> list[int]:
    """The scores that are wanted, on the scale of a scenario, which may have one of its own."""
    if targets.scores is None:
        return list(even_scores(of_the_scenario))
    found = (converted(score, of_the_run, of_the_scenario) for score in targets.scores)
    return sorted({score for score in found if score is not None})


def without_scenario(row: PromptRow, who: Responders) -> Iterator[tuple[Response, Setting]]:
    """What stands in place of the responses of a prompt whose scenario could not be chosen for now."""
    if who.writer is not None:
        setting, why = writers_setting(who.writer), "its prompt has no scenario: call failed"
        for number in range(_first(row, who), _first(row, who) + written_to_targets(row, who)):
            yield Response(number, "", setting.model, Mark.FAILED, why), setting


def scenarios_of_prompts(
    prepared: Prepared, asked: Teacher, engine: Engine, *, quiet: bool
) -> tuple[dict[str, str], Counts]:
    """The scenario of each prompt by its id, and the calls made; prompts whose call failed are not among them.

    The choice is the very one that pairs get later, and not paid for again: labelled pairs stand before the prompts
    here as they do there, and so the same of several like prompts is asked about.
    """
    part = replace(prepared, folder=prepared.folder.prompting())
    part.folder.work.mkdir(parents=True, exist_ok=True)
    part.folder.pairs.parent.mkdir(exist_ok=True)
    tables.write(part.folder.pairs, tables.PAIRS, _labelled_and_prompts(prepared))
    chosen = choose(part, asked, engine, quiet=quiet)
    found = {row["id"]: row["scenario"] for row in tables.read(part.folder.pairs, ["id", "scenario"])}
    rmtree(part.folder.pairs.parent)
    return found, chosen.calls


def _labelled_and_prompts(prepared: Prepared) -> Iterator[dict[str, Any]]:
    yield from tables.read(prepared.folder.pairs)
    yield from (tables.pair_row(without_pair(row)) for _, row in prompts_of(prepared))


def scenario_tables(prepared: Prepared) -> list[Path]:
    """What the engine brought for the choice."""
    return choice_tables(prepared.folder.prompting())
