"""What `judgemill scenarios check` finds, rule by rule, and what it leaves alone."""

from pathlib import Path
from typing import Any

import pytest

from synth.errors import ConfigError
from synth.scenario import BUILT_IN
from synth.scenario.catalogue import resolve
from synth.scenario.definition import Definition
from synth.scenario.lint import RULES, check, findings
from tests.conftest import ROOT


def criterion(description: str, **fields: Any) -> dict[str, Any]:
    return {"name": "one", "type": "content", "objective": True, "description": description} | fields


def scenario(*criteria: dict[str, Any], name: str = "mine", **fields: Any) -> Definition:
    values = {"name": name, "definition": "The user wants this or that.", "criteria": list(criteria)}
    return Definition(Path(f"group/{name}.yaml"), values | fields)


def rules_that_find(definition: Definition, *others: Definition) -> list[str]:
    known = {one.name: one for one in (definition, *others)}
    return [finding.rule for finding in findings(definition, resolve(definition, known))]


GUILTY: dict[str, list[dict[str, Any]]] = {
    "vague-words": [
        criterion("Uses appropriate language for the reader."),
        criterion("Gives relevant information to the user."),
        criterion("The text has a good structure. Fails if the structure is bad."),
        criterion("Names the next step. Fails if it is unclear."),
        criterion("Follows best practices of the language."),
        criterion("Gives the steps in enough detail."),
        criterion("Names the step. Fails if it is missing.", applies_when="where appropriate"),
        criterion("Names the step.", rubric={"1": "There is none.", "10": "A helpful step is named."}),
    ],
    "two-demands": [
        criterion("The answer is accurate and complete. Fails if a fact is wrong."),
        criterion("Cites a source and explains why it can be trusted. Fails if there is none."),
        criterion("Explains the finding, names the treatment, and lists side effects. Fails if one is missing."),
        criterion("States the diagnosis; recommends a treatment. Fails if there is none."),
        criterion("Greets the customer by name. Offers a discount. Fails if the name is wrong."),
        criterion("The code must compile and must handle an empty list. Fails if it does not compile."),
        criterion("The reply should name the amount and mention the date. Fails if the amount is missing."),
        criterion("The dosage is right and the interaction is mentioned. Fails if the dosage is wrong."),
        criterion("Not only answers the question but also offers a call. Fails if there is no answer."),
        criterion("The advice is practical and realistic. Fails if it cannot be followed."),
        criterion("Names the amount, and in addition the date. Fails if one is missing."),
    ],
    "subjective-as-objective": [
        criterion("Is fun to read. Fails if it bores."),
        criterion("Opens with an engaging line.", rubric={"1": "There is none.", "10": "There is one."}),
        criterion("Says how well the data fit the model. Fails if it does not say so."),
        criterion("Uses words as plain as possible. Fails if there is jargon."),
        criterion("Sounds like a person. Fails if it reads like a robot wrote it."),
    ],
    "names-length": [
        criterion("Keeps the answer under 200 words. Fails beyond that."),
        criterion("Lists the reasons in 3-5 bullet points. Fails otherwise."),
        criterion("Answers in no more than two sentences. Fails if there is a third."),
        criterion("Is concise. Fails if it says a thing twice."),
        criterion("Stays with the subject. Fails if the reply is too long."),
        criterion("Avoids verbosity."),
        criterion("Tells the story.", rubric={"1": "There is none.", "10": "At least 500 words of it."}),
    ],
    "no-negative-case": [
        criterion("Answers the question that the user asked."),
        criterion("Cites at least one source for each claim."),
    ],
}  # fmt: skip

INNOCENT: dict[str, list[dict[str, Any]]] = {
    "vague-words": [
        criterion("Names a good reason. Fails if the reason would hold for any other product as well."),
        criterion("Makes it clear who pays. Fails if a reader could take either for the payer."),
        criterion('Names the product. Fails if it is praised by a mere adjective, such as "great".'),
        criterion("Writes proper names as the source does. Fails if one is misspelled."),
        criterion("Tells the news.", applies_when="The message brings bad news."),
        criterion("Has values sufficient to run the example. Fails if one has to be guessed."),
    ],
    "two-demands": [
        criterion("Names the file and the line of each finding. Fails if one has to be searched for."),
        criterion("Keeps headings, paragraphs and lists as the draft has them. Fails if one is lost."),
        criterion("Says what the reader knows and uses already. Fails if it does not."),
        criterion("Gives a cause that the user can check and correct. Fails if it is out of reach."),
        criterion("Names the amount. Fails if it is missing, or if it is wrong and the customer would lose by it."),
        criterion("Calls each part and state by one name. Fails if one has two."),
        criterion("Writes the numbers in English and French. Fails if one language is missing."),
    ],
    "near-duplicate": [
        criterion("Names the date of the delivery. Fails if a customer would have to ask for it."),
    ],
    "subjective-as-objective": [
        criterion("Is fun to read. Fails if it bores.", objective=False),
        criterion("Opens with an engaging line. Fails if the opening line is a greeting."),
        criterion("Answers for the very place that was asked about. Fails if it is about another one."),
        criterion("Can be followed by a person who reads only the summary. Fails if that person cannot."),
    ],
    "names-length": [
        criterion("Keeps to the length that the prompt sets. Fails if it is longer or shorter."),
        criterion("Stays within the 200 words asked for. Fails if there are more."),
        criterion("Answers in one sentence each. Fails beyond that.", applies_when="The prompt sets a word limit."),
        criterion("Lets each paragraph hold one idea. Fails if a sentence strays from it."),
        criterion("Alters as few lines as the repair needs. Fails if an untouched line would have done."),
        criterion("Works for lists as long as memory allows. Fails if it is quadratic."),
    ],
    "no-negative-case": [
        criterion("Names the amount. Fails if it is missing."),
        criterion("Names the amount. A reply that leaves it out fails, even if all else is there."),
        criterion("Names the amount. Not met if it is missing."),
        criterion("Must not blame the customer for the fault."),
        criterion("Never tells the agent's internal notes."),
        criterion("Names the amount of the refund.", rubric={"1": "There is none.", "10": "It is named."}),
    ],
}


def _cases(table: dict[str, list[dict[str, Any]]]) -> list[Any]:
    return [
        pytest.param(rule, one, id=f"{rule}-{index}") for rule, all_ in table.items() for index, one in enumerate(all_)
    ]


@pytest.mark.parametrize(("rule", "guilty"), _cases(GUILTY))
def test_a_rule_finds_what_it_is_for(rule: str, guilty: dict[str, Any]) -> None:
    assert rule in rules_that_find(scenario(guilty))


@pytest.mark.parametrize(("rule", "innocent"), _cases(INNOCENT))
def test_a_rule_leaves_alone_what_only_looks_like_it(rule: str, innocent: dict[str, Any]) -> None:
    assert rule not in rules_that_find(scenario(innocent))


SOURCE = "Cites a source for every claim about the law. Fails if a claim about the law stands without one."
SAME = "For every legal claim, cites a source for it. Fails if such a claim stands without a source."
AMOUNT = "States the amount of the refund. Fails if the customer would have to ask for the amount."


def test_near_duplicates_are_found_within_a_scenario() -> None:
    twins = scenario(criterion(SOURCE), criterion(SAME, name="two"))
    assert rules_that_find(twins) == ["near-duplicate"]
    assert rules_that_find(scenario(criterion(SOURCE), criterion(AMOUNT, name="two"))) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Names the sender. Fails if it is missing.", "Names the recipient. Fails if it is missing."),
        (
            "Gives the date of the delivery. Fails if the customer would have to ask for it.",
            "Gives the place of the delivery. Fails if the customer would have to ask for it.",
        ),
        (
            "Explains the diagnosis in plain words. Fails if a term is left unexplained.",
            "Explains the treatment in plain words. Fails if a term is left unexplained.",
        ),
    ],
)
def test_criteria_of_one_shape_about_different_things_are_no_duplicates(first: str, second: str) -> None:
    assert rules_that_find(scenario(criterion(first), criterion(second, name="two"))) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Answers every question of the customer. Fails if one question gets no answer.",
            "Answers all questions that the customer asks. Fails if a question is left unanswered.",
        ),
        (
            "Names the refund amount that the customer gets. Fails if the amount is missing.",
            "States the amount of the refund for the customer. Fails if no amount is named.",
        ),
        ("Is polite to the customer. Fails if it is rude.", "Stays polite towards the customer. Fails if it is rude."),
    ],
)
def test_one_demand_in_slightly_other_words_is_a_duplicate(first: str, second: str) -> None:
    assert rules_that_find(scenario(criterion(first), criterion(second, name="two"))) == ["near-duplicate"]


def test_near_duplicates_of_inherited_criteria_are_found() -> None:
    parent = scenario(criterion(SOURCE), name="parent", basic=True)
    child = scenario(criterion(SAME, name="two"), extends=["parent"])
    assert rules_that_find(child, parent) == ["near-duplicate"]
    (found,) = findings(child, resolve(child, {"parent": parent, "mine": child}))
    assert "'two'" in found.message
    assert "'one' from 'parent'" in found.message


def test_an_override_that_says_what_another_criterion_says_is_found() -> None:
    parent = scenario(criterion(SOURCE), criterion(AMOUNT, name="two"), name="parent")
    child = scenario(extends=["parent"], overrides={"two": {"description": SAME}})
    assert rules_that_find(child, parent) == ["near-duplicate"]


def test_parents_that_say_the_same_are_found_where_they_come_together_and_not_below() -> None:
    first, second = scenario(criterion(SOURCE), name="first"), scenario(criterion(SAME, name="two"), name="second")
    both = scenario(extends=["first", "second"])
    below = scenario(criterion(AMOUNT, name="three"), name="below", extends=["mine"])
    assert rules_that_find(both, first, second) == ["near-duplicate"]
    assert rules_that_find(below, both, first, second) == []


def test_an_excluded_criterion_is_no_duplicate() -> None:
    parent = scenario(criterion(SOURCE), name="parent")
    assert rules_that_find(scenario(criterion(SAME, name="two"), extends=["parent"], exclude=["one"]), parent) == []


def test_what_is_only_inherited_is_left_to_its_own_file() -> None:
    parent = scenario(criterion("Is good."), name="parent")
    child = scenario(extends=["parent"], overrides={"one": {"applies_when": "The prompt asks for it."}})
    assert "vague-words" in rules_that_find(parent)
    assert rules_that_find(child, parent) == []


@pytest.mark.parametrize("rule", [rule.name for rule in RULES if rule.name in GUILTY])
def test_a_silenced_rule_says_nothing_and_the_others_still_do(rule: str) -> None:
    guilty = [one for every in GUILTY.values() for one in every]
    every = [one | {"name": f"number_{index}"} for index, one in enumerate(guilty)]
    found = rules_that_find(scenario(*every, silence=[rule]))
    assert rule not in found
    assert set(GUILTY) - {rule} <= set(found)


def test_silencing_a_rule_that_does_not_exist_is_reported_with_the_names() -> None:
    (found,) = findings(one := scenario(silence=["vague-wrods"]), resolve(one, {"mine": one}))
    assert found.keys == ("silence", 0)
    assert "'vague-wrods'" in found.message
    assert all(rule.name in found.message for rule in RULES)


def test_every_rule_says_what_it_catches_and_its_limits() -> None:
    for rule in RULES:
        assert rule.about
        assert "Limits:" in (rule.find.__doc__ or ""), rule.name


OURS = [BUILT_IN, ROOT / "examples" / "packs", ROOT / "examples" / "recipes" / "scenarios"]


def test_our_own_scenarios_and_packs_are_clean() -> None:
    report = check(OURS)
    assert report.errors + report.findings == []
    assert report.files >= 58 + 5 + 9 + 10
    assert report.drafts == 0


def test_nothing_of_ours_is_silenced() -> None:
    assert check(OURS).silenced == 0


def test_the_scenario_in_the_readme_is_clean(tmp_path: Path) -> None:
    text = (BUILT_IN / "README.md").read_text().split("```yaml\n")[1].split("```")[0]
    (tmp_path / "refund_request.yaml").write_text(text)
    report = check([tmp_path])
    assert report.errors + report.findings == []


def test_the_readme_names_every_rule() -> None:
    text = (BUILT_IN / "README.md").read_text()
    assert [rule.name for rule in RULES if f"`{rule.name}`" not in text] == []


GOOD = """\
name: NAME
definition: The user wants this or that of it.
criteria:
  - {name: NAME_done, type: content, objective: true, description: "Holds the NAME. Fails if it is missing."}
"""


def put(folder: Path, name: str, text: str = GOOD) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text.replace("NAME", name))
    return path


def test_all_errors_of_all_files_come_with_their_lines(tmp_path: Path) -> None:
    put(tmp_path, "fine")
    put(tmp_path, "torn", "name: [\n")
    put(
        tmp_path,
        "wrong",
        "name: wrong\ndefintion: What the user of it wants.\ncriteria:\n  - name: one\n    type: tone\n",
    )
    report = check([tmp_path])
    assert not report.findings
    assert report.files == 3
    torn, *wrong = report.errors
    assert "torn.yaml:" in torn
    assert "not valid YAML" in torn
    assert [line.removeprefix(f"{tmp_path}/").split(":")[:2] for line in wrong] == [
        ["wrong.yaml", "1"],
        ["wrong.yaml", "2"],
        ["wrong.yaml", "4"],
        ["wrong.yaml", "5"],
    ]
    assert "'definition' is missing" in wrong[0]
    assert "did you mean 'definition'?" in wrong[1]
    assert "'description', 'objective' of criteria[0] are missing" in wrong[2]
    assert "'tone'; one of basic, content, format, style" in wrong[3]


def test_circles_and_dangling_names_are_errors(tmp_path: Path) -> None:
    put(tmp_path, "egg", GOOD + "extends: [hen]\n")
    put(tmp_path, "hen", GOOD + "extends: [egg]\n")
    put(tmp_path, "lost", GOOD + "extends: [writng]\n")
    put(tmp_path, "vain", GOOD + "extends: [writing]\nexclude: [paddding]\noverrides: {}\n")
    egg, hen, lost, vain = check([tmp_path]).errors
    assert "egg.yaml:5" in egg or "hen.yaml:5" in egg
    assert "circle" in egg
    assert "circle" in hen
    assert "lost.yaml:5: extends 'writng', which no file defines; did you mean 'writing'?" in lost
    assert "vain.yaml:6: 'paddding' is not inherited" in vain


def test_a_file_that_extends_a_broken_one_points_there(tmp_path: Path) -> None:
    base = put(tmp_path, "base", "name: base\n")
    put(tmp_path, "child", GOOD + "extends: [base]\n")
    put(tmp_path, "grandchild", GOOD + "extends: [child]\n")
    of_base, of_child = check([tmp_path]).errors
    assert "base.yaml:1: 'definition', 'criteria' are missing" in of_base
    assert of_child.endswith(f"child.yaml:5: extends 'base', whose own file has errors; mend {base}")


def test_two_files_of_one_name_in_a_folder_are_an_error(tmp_path: Path) -> None:
    for group in ("one", "two"):
        (tmp_path / group).mkdir()
        put(tmp_path / group, "same")
    (error,) = check([tmp_path]).errors
    assert "two/same.yaml:1: 'same' is also defined in" in error


def test_a_file_alone_may_extend_its_neighbours(tmp_path: Path) -> None:
    put(tmp_path, "base")
    put(tmp_path, "broken", "name: [\n")
    report = check([put(tmp_path, "child", GOOD + "extends: [base]\n")])
    assert report.clean
    assert report.files == 1


def test_findings_come_with_file_line_and_rule(tmp_path: Path) -> None:
    vague = "{name: nice, type: style, objective: false, description: Serves good tea to everybody.}"
    path = put(tmp_path, "tea", f"{GOOD}  - {vague}\n")
    report = check([path])
    assert not report.errors
    assert report.criteria == 2
    assert [line.split(": ")[0:2] for line in report.findings] == [
        [f"{path}:5", "no-negative-case"],
        [f"{path}:5", "vague-words"],
    ]


def test_a_path_that_is_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        check([tmp_path / "nowhere"])
