import json
from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synth.errors import ConfigError
from synth.scenario import BUILT_IN, Criterion, Scenario, load

HEAD = "definition: A definition of twenty characters.\n"
Write = Callable[..., Path]


def criterion(name: str, more: str = "") -> str:
    return f"  - {{name: {name}, description: What a response must do., type: content, objective: true{more}}}\n"


def criteria(*names: str) -> str:
    return "criteria:\n" + "".join(map(criterion, names)) if names else "criteria: []\n"


@pytest.fixture(autouse=True)
def few_built_in(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four of the 63 built-in files, which take half a second to read."""
    folder = tmp_path_factory.mktemp("built_in")
    for name in ("basics/writing", "basics/conversation", "general_communication/chitchat", "nlp_tasks/others"):
        (folder / name).parent.mkdir(exist_ok=True)
        copy(BUILT_IN / f"{name}.yaml", folder / f"{name}.yaml")
    monkeypatch.setattr("synth.scenario.catalogue.BUILT_IN", folder)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes scenario files into folders of groups."""

    def write_one(name: str, text: str, group: str = "mine") -> Path:
        path = tmp_path / group / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"name: {name}\n{text}")
        return path

    return write_one


def get(folder: Path, name: str) -> Scenario:
    return load([folder]).get(name)


def refusal(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load([folder])
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_definition_becomes_a_scenario_with_defaults(write: Write, tmp_path: Path) -> None:
    write("tea", HEAD + criteria("hot"))
    assert get(tmp_path, "tea") == Scenario(
        name="tea",
        group="mine",
        definition="A definition of twenty characters.",
        criteria=(Criterion("hot", "What a response must do.", "content", True, "tea"),),
    )


def test_everything_a_definition_says_is_in_the_scenario(write: Write, tmp_path: Path) -> None:
    write(
        "tea",
        HEAD
        + "choose_when: Whenever tea is asked for.\nsolve_first: true\nscale: binary\ndraft: true\n"
        + "examples: [Make tea.]\ncriteria:\n"
        + criterion("hot", ", applies_when: It is winter., rubric: {'10': It steams., '2': It is cold.}"),
    )
    tea = get(tmp_path, "tea")
    assert (tea.choose_when, tea.solve_first, tea.scale) == ("Whenever tea is asked for.", True, "binary")
    assert (tea.draft, tea.examples) == (True, ("Make tea.",))
    assert tea.criteria[0].applies_when == "It is winter."
    assert tea.criteria[0].rubric == ((2, "It is cold."), (10, "It steams."))


def test_the_scores_of_a_rubric_need_no_quotes(write: Write, tmp_path: Path) -> None:
    write("tea", HEAD + "criteria:\n" + criterion("hot", ", rubric: {1: It is cold., 10: It steams.}"))
    assert get(tmp_path, "tea").criteria[0].rubric == ((1, "It is cold."), (10, "It steams."))


def test_inherited_criteria_come_first_in_the_order_of_the_parents(write: Write, tmp_path: Path) -> None:
    write("drink", "basic: true\n" + HEAD + criteria("wet", "safe"))
    write("meal", "basic: true\n" + HEAD + criteria("cooked"))
    write("soup", "extends: [meal, drink]\n" + HEAD + criteria("spoon"))
    soup = get(tmp_path, "soup")
    assert [(one.name, one.origin) for one in soup.criteria] == [
        ("cooked", "meal"),
        ("wet", "drink"),
        ("safe", "drink"),
        ("spoon", "soup"),
    ]


def test_what_two_parents_share_is_inherited_once(write: Write, tmp_path: Path) -> None:
    write("thing", "basic: true\n" + HEAD + criteria("solid"))
    write("left", "basic: true\nextends: [thing]\n" + HEAD + criteria("one"))
    write("right", "basic: true\nextends: [thing]\n" + HEAD + criteria("two"))
    write("both", "extends: [left, right]\n" + HEAD + criteria())
    assert [one.name for one in get(tmp_path, "both").criteria] == ["solid", "one", "two"]


def test_an_excluded_criterion_is_gone_and_an_overridden_one_keeps_its_other_fields(
    write: Write, tmp_path: Path
) -> None:
    write("drink", "basic: true\n" + HEAD + criteria("wet", "safe"))
    write("tea", "extends: [drink]\nexclude: [wet]\noverrides: {safe: {type: style}}\n" + HEAD + criteria())
    assert get(tmp_path, "tea").criteria == (Criterion("safe", "What a response must do.", "style", True, "tea"),)


def test_an_excluded_name_can_be_defined_anew(write: Write, tmp_path: Path) -> None:
    write("drink", "basic: true\n" + HEAD + criteria("wet"))
    write("tea", "extends: [drink]\nexclude: [wet]\n" + HEAD + criteria("dry"))
    assert [one.name for one in get(tmp_path, "tea").criteria] == ["dry"]


@pytest.mark.parametrize(("said", "solved"), [("", True), ("solve_first: false\n", False)])
def test_solving_first_and_the_scale_are_inherited_unless_said_otherwise(
    write: Write, tmp_path: Path, said: str, solved: bool
) -> None:
    write("sum", "basic: true\nsolve_first: true\nscale: binary\n" + HEAD + criteria("right"))
    write("middle", "basic: true\nextends: [sum]\n" + HEAD + criteria())
    write("tea", "extends: [middle]\n" + said + HEAD + criteria())
    assert (get(tmp_path, "tea").solve_first, get(tmp_path, "tea").scale) == (solved, "binary")


def test_a_scenario_of_ones_own_joins_the_built_in_ones(write: Write, tmp_path: Path) -> None:
    write("tea", "extends: [writing]\n" + HEAD + criteria("hot"))
    catalogue = load([tmp_path])
    assert len(list(catalogue)) == len(list(load())) + 1
    assert {one.origin for one in catalogue.get("tea").criteria} == {"writing", "tea"}
    assert [(one.group, one.name) for one in catalogue] == sorted((one.group, one.name) for one in catalogue)


def test_a_file_of_ones_own_replaces_the_built_in_one(write: Write, tmp_path: Path) -> None:
    write("chitchat", HEAD + criteria("hot"))
    catalogue = load([tmp_path])
    assert len(list(catalogue)) == len(list(load()))
    assert [one.name for one in catalogue.get("chitchat").criteria] == ["hot"]


def test_an_unknown_scenario_is_answered_with_the_nearest_ones() -> None:
    with pytest.raises(ConfigError, match=r"unknown scenario 'chit_chat'; did you mean 'chitchat'.* shows all 2"):
        load().get("chit_chat")
    with pytest.raises(ConfigError, match=r"unknown scenario 'zzz'; `judgemill scenarios list` shows all 2"):
        load().get("zzz")


GOOD = HEAD + criteria("hot")
# What is written below the name (line 1), the line that the error names, and what it must say.
REFUSED: dict[str, tuple[str, int, list[str]]] = {
    "unknown key": (
        GOOD + "extend: [writing]\n",
        5,
        ["unknown key 'extend'", "did you mean 'extends'?", "allowed here"],
    ),
    "number as key": (GOOD + "1: x\n", 1, ["unknown key '1'"]),
    "unknown key of a criterion": (
        HEAD + "criteria:\n" + criterion("hot", ", weight: 3"),
        4,
        ["unknown key 'weight'", "allowed here: name, description"],
    ),
    "unknown type": (
        HEAD + criteria("hot").replace("content", "tone"),
        4,
        ["criteria[0].type 'tone'", "one of basic, content, format, style"],
    ),
    "missing definition": (criteria("hot"), 1, ["'definition' is missing", "required are name, definition, criteria"]),
    "missing field of a criterion": (
        HEAD + "criteria:\n  - {name: hot, type: content, objective: true}\n",
        4,
        ["'description' of criteria[0] is missing"],
    ),
    "text for a boolean": (GOOD + "draft: perhaps\n", 5, ["draft must be of type boolean, found 'perhaps'"]),
    "text for a list": (HEAD + "criteria: hot\n", 3, ["criteria must be of type array, found 'hot'"]),
    "unknown scale": (GOOD + "scale: 1-7\n", 5, ["unknown scale '1-7'", "one of 1-10, 1-5, 1-3, binary"]),
    "short definition": ("definition: Tea.\n" + criteria("hot"), 2, ["definition", "'Tea.'"]),
    "criterion with a space": (HEAD + criteria("very hot"), 4, ["criteria[0].name", "'very hot'"]),
    "rubric of one score": (
        HEAD + "criteria:\n" + criterion("hot", ", rubric: {1: It is cold.}"),
        4,
        ["criteria[0].rubric"],
    ),
    "rubric of words": (
        HEAD + "criteria:\n" + criterion("hot", ", rubric: {good: It steams., bad: It is cold.}"),
        4,
        ["criteria[0].rubric"],
    ),
    "name unlike the file's": (GOOD, 1, ["name 'tea' differs from the file's name coffee.yaml"]),
    "criterion twice": (HEAD + criteria("hot", "hot"), 5, ["criterion 'hot' stands twice"]),
    "unknown parent": (GOOD + "extends:\n- writing\n- wrting\n", 7, ["extends 'wrting'", "did you mean 'writing'?"]),
    "itself as parent": (GOOD + "extends: [tea]\n", 5, ["tea -> tea goes in a circle"]),
    "inherited criterion again": (
        HEAD + "extends: [chitchat]\n" + criteria("hot", "question_answered"),
        6,
        ["criterion 'question_answered' is inherited from 'conversation'", "'overrides'"],
    ),
    "excluding what is not inherited": (
        GOOD + "extends: [writing]\nexclude: [wet]\n",
        6,
        ["'wet' is not inherited; inherited are", "constraints_followed"],
    ),
    "overriding what is not inherited": (
        GOOD + "overrides:\n  hot: {type: style}\n",
        6,
        ["'hot' is not inherited; inherited are none"],
    ),
    "unknown key of an override": (
        GOOD + "extends: [writing]\noverrides: {no_padding: {name: x}}\n",
        6,
        ["unknown key 'name'"],
    ),
    "duplicate key": (GOOD + "draft: true\ndraft: true\n", 6, ["not valid YAML", 'duplicate key "draft"']),
}


@pytest.mark.parametrize(("text", "line", "fragments"), REFUSED.values(), ids=REFUSED)
def test_a_broken_definition_is_refused_with_its_place_and_what_is_allowed(
    write: Write, tmp_path: Path, text: str, line: int, fragments: list[str]
) -> None:
    path = write("tea", text)
    if "coffee.yaml" in fragments[0]:
        path = path.rename(path.with_name("coffee.yaml"))
    said = refusal(tmp_path)
    assert said.startswith(f"{path}:{line}: "), said
    assert [fragment for fragment in fragments if fragment not in said] == [], said


def test_a_long_circle_is_told_from_its_beginning(write: Write, tmp_path: Path) -> None:
    write("tea", "extends: [one]\n" + GOOD)
    write("one", "basic: true\nextends: [two]\n" + HEAD + criteria("a"))
    write("two", "basic: true\nextends: [one]\n" + HEAD + criteria("b"))
    assert "one -> two -> one goes in a circle" in refusal(tmp_path)


@pytest.mark.parametrize("text", ["", "- name\n", "tea\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "tea.yaml").write_text(text)
    assert refusal(tmp_path).startswith(f"{tmp_path}/tea.yaml:1: a scenario is a mapping of keys")


def test_one_name_in_two_files_of_a_folder_is_refused(write: Write, tmp_path: Path) -> None:
    first, second = write("tea", GOOD, "a"), write("tea", GOOD, "b")
    assert refusal(tmp_path) == f"{second}:1: 'tea' is also defined in {first}"


def test_a_folder_without_scenarios_is_refused(tmp_path: Path) -> None:
    assert "no .yaml file in this folder" in refusal(tmp_path)
    assert "no such folder" in refusal(tmp_path / "none")


def test_the_built_in_folder_is_the_package() -> None:
    assert (BUILT_IN / "scenario.schema.json").is_file()


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
KNOWN_KEYS = st.sampled_from(
    ["name", "group", "definition", "choose_when", "criteria", "extends", "scale", "solve_first", "examples", "status"]
)


@given(st.dictionaries(KNOWN_KEYS, ANY, max_size=5) | ANY)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_file_is_a_scenario_or_one_line_of_error(tmp_path_factory: pytest.TempPathFactory, held: object) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "mine.yaml").write_text(json.dumps(held), encoding="utf-8")  # JSON is YAML
    said = f"{folder / 'mine.yaml'}: a line"
    try:
        load([folder])
    except ConfigError as error:
        said = str(error)
    assert str(folder) in said
    assert len(said.splitlines()) == 1
