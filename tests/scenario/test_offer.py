from pathlib import Path

import pytest

from synth.errors import ConfigError
from synth.scenario import Catalogue, Scenario
from synth.scenario.offer import full_names, named, offered

NAMES = {
    "code": ("code_generation", "explaining_code"),
    "creative_writing": ("creative_writing", "song"),
    "nlp_tasks": ("others", "ranking"),
    "tea": ("black_tea", "green_tea"),
    "hot": ("mulled_wine",),
}
CATALOGUE = Catalogue(
    {name: Scenario(name, group, "what", (), draft=name == "black_tea") for group, ns in NAMES.items() for name in ns}
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack with files of its own and in a folder of it; what it replaces or shares is in no catalogue."""
    pack = tmp_path / "packs" / "tea"
    (pack / "hot").mkdir(parents=True)
    for name in ("black_tea", "green_tea", "hot/mulled_wine", "a_basic_set"):
        (pack / f"{name}.yaml").touch()
    return pack


def names(folder: Path, *among: str) -> list[str]:
    return [one.name for one in offered(CATALOGUE, [folder], among)]


def refusal(folder: Path, *among: str) -> str:
    with pytest.raises(ConfigError) as caught:
        names(folder, *among)
    return str(caught.value)


def test_everything_but_drafts_is_on_offer_where_nothing_is_named(folder: Path) -> None:
    assert names(folder) == [name for name in CATALOGUE.scenarios if name != "black_tea"]


@pytest.mark.parametrize(
    ("among", "found"),
    [
        (["song"], ["song"]),
        (["creative_writing/song"], ["song"]),
        (["creative_writing/creative_writing"], ["creative_writing"]),
        (["creative_writing/"], ["creative_writing", "song"]),
        (["code"], ["code_generation", "explaining_code"]),
        (["code/"], ["code_generation", "explaining_code"]),
        (["tea"], ["green_tea", "mulled_wine"]),
        (["packs/tea"], ["green_tea", "mulled_wine"]),
        (["hot"], ["mulled_wine"]),
        (["song", "code", "explaining_code"], ["code_generation", "explaining_code", "song"]),
        (["ranking", "others"], ["ranking"]),
    ],
    ids=str,
)
def test_a_scenario_a_group_and_a_folder_are_named_alike_and_others_is_always_there(
    folder: Path, among: list[str], found: list[str]
) -> None:
    assert sorted(names(folder, *among)) == sorted([*found, "others"])
    assert names(folder, *among) == [name for name in CATALOGUE.scenarios if name in {*found, "others"}]


def test_a_full_name_means_one_scenario_and_nothing_else(folder: Path) -> None:
    every = offered(CATALOGUE, [folder], ())
    assert [named(name, CATALOGUE, [folder]) for name in full_names(every)] == [frozenset((one.name,)) for one in every]


@pytest.mark.parametrize(
    ("among", "words"),
    [
        (["explaining_cod"], ["unknown scenario, group or folder 'explaining_cod'", "did you mean 'explaining_code'?"]),
        (["nlp_task"], ["did you mean 'nlp_tasks'?", "groups are code, creative_writing"]),
        (["code/song"], ["unknown scenario, group or folder 'code/song'"]),
        (["other/packs/tea"], ["unknown"]),
        ([""], ["unknown"]),
        (["creative_writing"], ["is a scenario and a group; write 'creative_writing/creative_writing' or "]),
        (["song", "black_tea"], ["'black_tea' is marked `draft: true`"]),
        (["tea/black_tea"], ["'black_tea' is marked `draft: true`"]),
        (["others"], ["nothing but 'others'", "`default: others`"]),
    ],
    ids=str,
)
def test_what_cannot_be_on_offer_is_refused(folder: Path, among: list[str], words: list[str]) -> None:
    said = refusal(folder, *among)
    assert [word for word in words if word not in said] == [], said


def test_a_draft_of_others_is_refused() -> None:
    drafted = Catalogue(CATALOGUE.scenarios | {"others": Scenario("others", "mine", "what", (), draft=True)})
    with pytest.raises(ConfigError, match="'others' is marked"):
        offered(drafted, [], ["code"])
