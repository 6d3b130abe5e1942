"""How a config chooses among the filters."""

from pathlib import Path
from typing import Any

import pytest

from filters import FILTERS, PRESETS, Dropped, chosen
from synth.errors import ConfigError
from tests.filters.judged import AB, A, compared, judged

KNOWN = ", ".join(one.name for one in FILTERS)
DEFAULT = list(PRESETS["default"])


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("minimal", ["malformed", "order_unstable"]),
        ("default", DEFAULT),
        ("strict", DEFAULT),
        (["order_unstable", "inconsistent"], ["malformed", "inconsistent", "order_unstable"]),
        (["duplicate", {"unbalanced": {}}, "malformed"], ["malformed", "duplicate", "unbalanced"]),
        ([], ["malformed"]),
        ({"preset": "minimal", "shallow": {}}, ["malformed", "order_unstable", "shallow"]),
        ({"preset": "minimal", "order_unstable": False}, ["malformed"]),
        ({"shallow": {"min_words": 9}, "leaky": False}, [name for name in DEFAULT if name != "leaky"]),
    ],
)
def test_filters_run_in_one_order_and_malformed_always(wanted: Any, expected: list[str]) -> None:
    assert chosen(wanted).names == expected


def only(wanted: Any, name: str, **run: Any) -> Any:
    filters = chosen(wanted, **run)
    return next(one for one in (*filters.per_pair, *filters.whole_set) if one.name == name)


def test_parameters_come_from_the_preset_and_then_from_the_config() -> None:
    assert only("minimal", "order_unstable").score_margin is None
    assert only("default", "order_unstable").score_margin == 3
    assert only([{"order_unstable": {"policy": "tie"}}], "order_unstable").policy == "tie"
    changed = only({"preset": "strict", "shallow": {"min_words": 7}}, "shallow")
    assert (changed.min_words, changed.both_sides) == (7, True)


def test_the_language_and_the_seed_are_the_runs_where_no_other_is_given() -> None:
    assert only("minimal", "malformed", language="German").language == "German"
    assert only([{"malformed": {"language": "French"}}], "malformed", language="German").language == "French"
    assert only(["unbalanced"], "unbalanced", seed=7).seed == 7
    assert only([{"unbalanced": {"seed": 3}}], "unbalanced", seed=7).seed == 3


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("defualt", "filters: unknown preset 'defualt'; did you mean 'default'? one of minimal, default, strict"),
        ("malformed", "filters: unknown preset 'malformed'; one of minimal, default, strict"),
        ({"preset": 5}, "filters: unknown preset 5; one of minimal, default, strict"),
        (
            ["orderunstable"],
            f"unknown filter 'orderunstable'; did you mean 'order_unstable'? one of {KNOWN}, or",
        ),
        ({"zebra": False}, f"filters: unknown filter 'zebra'; one of {KNOWN}, or your own as package.module:Class"),
        ({"shallow": 5}, "filters: shallow: found 5; allowed are its parameters as a mapping, or false"),
        ([{"shallow": {}, "leaky": {}}], "filters: an item names one filter, found 2: shallow, leaky"),
        ({"malformed": False}, "filters: malformed cannot be left out"),
        (
            [{"shallow": {"min_word": 5}}],
            "shallow has no parameter 'min_word'; did you mean 'min_words'? one of",
        ),
        (
            [{"shallow": {"min_words": 0}}],
            "shallow.min_words: input should be greater than or equal to 1, found 0",
        ),
        ([{"shallow": {"min_words": "5"}}], "filters: shallow.min_words: input should be a valid integer, found '5'"),
        (
            [{"order_unstable": {"policy": "keep"}}],
            "policy: input should be 'drop', 'tie' or 'rescue', found 'keep'",
        ),
        ([{"boilerplate": {"share": 2}}], "boilerplate.share: input should be less than or equal to 1, found 2"),
        ([{"contaminated": {"ngrams": []}}], "filters: contaminated has no parameter 'ngrams'"),
        ([{"leaky": {"name": "x"}}], "filters: leaky has no parameter 'name'"),
    ],
)
def test_what_there_is_not_is_refused_with_the_nearest_and_what_is_allowed(wanted: Any, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        chosen(wanted)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


MINE = """
from dataclasses import dataclass
from filters import Drop

@dataclass(frozen=True)
class NoTies:
    most: int = 0
    name: str = "no_ties"

    def __call__(self, judged):
        return Drop("not wanted", "") if len(judged.judgments) > self.most else None

class Everything:
    name = "everything"

    def note(self, judged):
        return judged.pair.id

    def drops(self, notes):
        return {place: Drop("gone", note) for place, note in notes.items()}

class NoFilter:
    pass

class Double(Everything):
    name = "malformed"
"""


@pytest.fixture
def mine(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Path, str]:
    name = f"mine_{abs(hash(request.node.name))}"  # a module is imported once a process
    (tmp_path / f"{name}.py").write_text(MINE)
    return tmp_path, name


def test_a_class_of_the_users_beside_the_config_is_a_filter(mine: tuple[Path, str]) -> None:
    base, module = mine
    pair = judged(compared(AB, A))
    strict = chosen([f"{module}:NoTies", "unbalanced", "shallow"], base=base)
    assert strict.names == ["malformed", "shallow", "no_ties", "unbalanced"]
    assert strict.one(pair) == Dropped("no_ties", "not wanted", "")
    assert chosen([{f"{module}:NoTies": {"most": 1}}], base=base).one(pair) == pair
    ((_, objection),) = chosen({"preset": "minimal", f"{module}:Everything": {}}, base=base).all([pair])
    assert objection == Dropped("everything", "gone", "p")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("no_such_module:NoTies", "cannot import 'no_such_module' from"),
        ("MINE:NoTie", "has no class 'NoTie'; did you mean 'NoTies'?"),
        ("MINE:NoFilter", "is no filter; it needs a `name` and `__call__(judged)`"),
        ({"MINE:NoTies": {"least": 1}}, "cannot be made with {'least': 1}"),
        ("MINE:Double", "two filters are called 'malformed'"),
    ],
)
def test_a_class_that_is_no_filter_is_refused(mine: tuple[Path, str], item: Any, said: str) -> None:
    base, module = mine
    wanted = {key.replace("MINE", module): value for key, value in item.items()} if isinstance(item, dict) else item
    with pytest.raises(ConfigError) as caught:
        chosen([wanted.replace("MINE", module) if isinstance(wanted, str) else wanted], base=base)
    assert said in str(caught.value)


def test_a_module_that_breaks_on_import_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken_filters.py").write_text("raise RuntimeError('first\\nsecond')")
    with pytest.raises(ConfigError) as caught:
        chosen(["broken_filters:Mine"], base=tmp_path)
    assert str(caught.value).endswith("RuntimeError: first")
