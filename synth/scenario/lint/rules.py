"""All rules, and what they find in one scenario."""

from dataclasses import replace

from synth.scenario.definition import Definition
from synth.scenario.lint.demands import no_negative_case, two_demands
from synth.scenario.lint.duplicates import near_duplicate
from synth.scenario.lint.finding import Finding, Rule
from synth.scenario.lint.words import names_length, subjective_as_objective, vague_words
from synth.scenario.model import Scenario

RULES: tuple[Rule, ...] = (
    Rule(
        "vague-words",
        "A word such as good, appropriate or clear needs a failing case that says what a reader sees.",
        vague_words,
    ),
    Rule(
        "two-demands",
        "A criterion makes one demand; what can be met by itself is a criterion of its own.",
        two_demands,
    ),
    Rule(
        "near-duplicate",
        "No criterion says what another one says, those inherited included.",
        near_duplicate,
    ),
    Rule(
        "subjective-as-objective",
        "A matter of taste or degree is marked `objective: false`.",
        subjective_as_objective,
    ),
    Rule(
        "names-length",
        "No criterion counts words or rewards brevity, unless the prompt sets a length.",
        names_length,
    ),
    Rule(
        "no-negative-case",
        "A description ends in what fails it: 'Fails if ...'.",
        no_negative_case,
    ),
)


def findings(definition: Definition, scenario: Scenario) -> list[Finding]:
    """What the rules find that the file does not silence, and the names it silences that are no rules."""
    silenced = definition.values.get("silence", [])
    names = [rule.name for rule in RULES]
    unknown = [
        Finding(("silence", index), f"no rule is called '{name}'; one of {', '.join(names)}", "silence")
        for index, name in enumerate(silenced)
        if name not in names
    ]
    found = [
        replace(finding, rule=rule.name)
        for rule in RULES
        if rule.name not in silenced
        for finding in rule.find(definition, scenario)
    ]
    return unknown + found
