"""What `judgemill scenarios` prints."""

import json
from collections.abc import Iterator

from synth.parsing.schema import on_the_wire
from synth.prompts import Question
from synth.scenario import Criterion, Scenario
from synth.scenario.lint import Report


def definition(scenario: Scenario) -> str:
    return "\n".join(_definition(scenario))


def _definition(scenario: Scenario) -> Iterator[str]:
    yield f"{scenario.name} ({scenario.group})\n\n{scenario.definition}"
    if scenario.draft:
        yield "\nA draft: `judgemill run` refuses it until `draft: true` is taken out."
    if scenario.choose_when:
        yield f"\nChoose it when: {scenario.choose_when}"
    if scenario.solve_first:
        yield "\nThe teacher works out its own answer first."
    yield f"\nCriteria ({len(scenario.criteria)}):"
    for criterion in scenario.criteria:
        yield from _criterion(criterion)
    for example in scenario.examples:
        yield f"\nExample: {example}"


def _criterion(criterion: Criterion) -> Iterator[str]:
    kind = f"{criterion.type}, {'objective' if criterion.objective else 'subjective'}, from {criterion.origin}"
    yield f"- {criterion.name} ({kind})\n    {criterion.description}"
    if criterion.applies_when:
        yield f"    Applies when: {criterion.applies_when}"
    for score, meaning in criterion.rubric:
        yield f"    {score:>2}: {meaning}"


def question(asked: Question) -> str:
    """The messages as they are sent, each under its role, and the schema of the reply."""
    messages = [f"[{message.role}]\n{message.content}" for message in asked.messages]
    schema = json.dumps(on_the_wire(asked.schema), indent=2, ensure_ascii=False)
    return "\n\n".join((*messages, f"[schema of the reply]\n{schema}"))


def report(found: Report) -> str:
    """A line for each error and finding, and over how much they were counted."""
    wrong = [
        _count(len(lines), what) for lines, what in ((found.errors, "error"), (found.findings, "finding")) if lines
    ]
    summary = f"{_count(found.files, 'file')}, {_count(found.criteria, 'criterion', 'criteria')}: "
    summary += ", ".join(wrong) or "clean"
    if found.drafts:
        summary += f"; {found.drafts} marked draft, which a run refuses"
    if found.silenced:
        summary += f"; {found.silenced} with a silenced rule"
    return "\n".join((*found.errors, *found.findings, summary))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
