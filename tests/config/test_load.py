from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from synth.config.load import load
from synth.config.model import Config, Endpoint, Teacher
from synth.domain import Protocol
from synth.errors import ConfigError

LEAST = "data: {path: pairs.jsonl}\nteacher: {model: m}\n"
TOP = "allowed here: name, data, teacher, scenarios, prompts, judging, audit, responses, pairs, flaws, references, "

# What is written, the line that the error names (None: the file as a whole), and what the error must say.
REFUSED: dict[str, tuple[str, int | None, list[str]]] = {
    "empty file": ("", None, ["the file is empty", "data.path and teacher.model"]),
    "comments only": ("# to do\n", None, ["the file is empty"]),
    "list": ("- data\n- teacher\n", 1, ["a config is a mapping of keys", "found a list"]),
    "plain text": ("hello", 1, ["a config is a mapping of keys", "found text"]),
    "number": ("7", 1, ["found a number"]),
    "date": ("2020-01-01", 1, ["found a date"]),
    "invalid YAML": ("data:\n  path: [a\nteacher: {}\n", 3, ["not valid YAML"]),
    "control character": (LEAST + "name: a\x01b\n", 3, ["not valid YAML"]),
    "alias to nothing": ("data: *rows\n", 1, ["not valid YAML", "'rows'"]),
    "python object": ("data: {path: !!python/name:os.system x}\n", 1, ["not valid YAML", "constructor"]),
    "two documents": ("---\nname: a\n---\nname: b\n", 3, ["not valid YAML", "another document"]),
    "impossible date": ("name: 2020-99-99\n", None, ["not valid YAML"]),
    "deep nesting": ("name: " + "[" * 1000, None, ["not valid YAML"]),
    "duplicate key": (LEAST + "data: {path: q.jsonl}\n", 3, ["not valid YAML", 'duplicate key "data"']),
    "duplicate nested key": ("data:\n  path: a\n  path: b\n", 3, ['duplicate key "path"']),
    "unknown top key": (LEAST + "filter: default\n", 3, ["unknown key 'filter'", "did you mean 'filters'?", TOP]),
    "unknown top key, unlike any": (LEAST + "zebra: 1\n", 3, ["unknown key 'zebra'; allowed here"]),
    "unknown nested key": (
        "data: {path: p}\nteacher:\n  model: m\n  time_out: 3\n",
        4,
        ["unknown key 'teacher.time_out'", "did you mean 'timeout'?", "allowed here: model, base_url"],
    ),
    "misspelt needed key": (
        "data: {path: p}\nteacher:\n  modle: m\n",
        3,
        ["unknown key 'teacher.modle'", "did you mean 'model'?", "(and 1 more)"],
    ),
    "unknown key that was merged in": (
        "data: &rows {path: p, foo: 1}\nteacher:\n  <<: *rows\n  model: m\n",
        1,
        ["unknown key 'data.foo'"],
    ),
    "unknown key in a merged mapping": (
        "data: {path: p}\nteacher:\n  <<: {modle: q}\n  model: m\n",
        2,
        ["unknown key 'teacher.modle'"],
    ),
    "unknown key of a responder": (
        LEAST + "responses:\n  models:\n    - {model: m}\n    - {model: n, temprature: 1}\n",
        6,
        ["unknown key 'responses.models.1.temprature'", "did you mean 'temperature'?"],
    ),
    "unknown strategy": (
        LEAST + "pairs: {strategy: rand}\n",
        3,
        ["pairs.strategy: found 'rand'", "'different_models'"],
    ),
    "some of every pair": (LEAST + "pairs: {strategy: every, per_prompt: 2}\n", 3, ["leave 'per_prompt' out"]),
    "shares of nothing": (
        LEAST + "pairs: {shares: {hard: 0, easy: 0, tied: 0}}\n",
        3,
        ["pairs.shares: one of them must be above 0"],
    ),
    "line break as key": (LEAST + '"a\\nb": x\n', 3, ["unknown key 'a\\nb'"]),
    "number as key": (LEAST + "1: x\n", 3, ["keys should be strings"]),
    "missing section": ("teacher: {model: m}\n", 1, ["'data.path' is missing", "prompts: {generate"]),
    "missing key": ("data: {path: p}\nteacher:\n  slots: 3\n", 2, ["'teacher.model' is missing", "`local`"]),
    "empty section": ("data: {path: p}\nteacher:\n", 2, ["teacher: found nothing", "allowed are the keys model"]),
    "text for a section": (
        "data: p.jsonl\nteacher: {model: m}\n",
        1,
        ["data: found text 'p.jsonl'", "keys path, split"],
    ),
    "list for a section": (
        "data: {path: p}\nteacher: [m]\n",
        2,
        ["teacher: found a list ['m']", "allowed are the keys"],
    ),
    "empty text": ("data: {path: ''}\nteacher: {model: m}\n", 1, ["data.path", "found text ''"]),
    "number for text": ("data: {path: p}\nteacher: {model: 4}\n", 2, ["teacher.model", "string", "found a number 4"]),
    "text for a number": (LEAST + "seed: abc\n", 3, ["seed", "integer", "found text 'abc'"]),
    "part of a number": (LEAST + "seed: 1.5\n", 3, ["seed", "integer", "found a number 1.5"]),
    "no budget": (LEAST + "budget_usd: 0\n", 3, ["budget_usd", "greater than 0", "found a number 0"]),
    "endless budget": (LEAST + "budget_usd: .inf\n", 3, ["budget_usd", "finite"]),
    "half a price": (
        "data: {path: p}\nteacher:\n  model: m\n  prices: {input: 1}\n",
        4,
        ["'teacher.prices.output' is missing", "USD a million tokens of output"],
    ),
    "negative price": (
        "data: {path: p}\nteacher:\n  model: m\n  prices: {input: 1, output: -2}\n",
        4,
        ["teacher.prices.output", "found a number -2"],
    ),
    "too small": ("data: {path: p, limit: 0}\nteacher: {model: m}\n", 1, ["data.limit", "1", "found a number 0"]),
    "too large": ("data: {path: p}\nteacher: {model: m, slots: 99999}\n", 2, ["teacher.slots", "found a number 99999"]),
    "no timeout": ("data: {path: p}\nteacher: {model: m, timeout: 0}\n", 2, ["teacher.timeout", "greater than 0"]),
    "unknown scale": (LEAST + "judging:\n  scale: 1-7\n", 4, ["judging.scale", "'1-7'", "'1-10', '1-5', '1-3'"]),
    "unknown protocol": (
        LEAST + "judging:\n  protocols:\n  - pairwise\n  - listwise\n",
        6,
        ["judging.protocols.1", "'listwise'", "'pairwise' or 'pointwise'"],
    ),
    "target off the scale": (
        LEAST + "responses:\n  models: [{model: m}]\n  targets: {scores: [1, 11]}\n",
        3,
        ["responses: targets.scores: 11 is not on the scale 1-10; allowed is 1 to 10"],
    ),
    "more targets than scores": (
        LEAST
        + "judging: {scale: binary}\nresponses: {per_prompt: 4, models: [{model: m}], targets: {per_prompt: 3}}\n",
        4,
        ["targets.per_prompt is 3, and each has another score, of which there are 2"],
    ),
    "more targets than responses": (
        LEAST + "responses: {models: [{model: m}], targets: {per_prompt: 3}}\n",
        3,
        ["targets.per_prompt is 3, of 2 responses of a prompt in all"],
    ),
    "a score twice": (
        LEAST + "responses: {models: [{model: m}], targets: {scores: [2, 2]}}\n",
        3,
        ["responses.targets.scores: needs different scores, found [2, 2]"],
    ),
    "a writer with two temperatures": (
        LEAST + "flaws:\n  model: {model: m, temperature: 1, parameters: {temperature: 0}}\n",
        4,
        ["flaws.model: 'temperature' stands in 'parameters' too; leave one out"],
    ),
    "a writer under a system prompt": (
        LEAST + "flaws:\n  model: {model: m, system: Rhyme.}\n",
        4,
        ["unknown key 'flaws.model.system'"],
    ),
    "unknown flaw": (
        LEAST + "flaws: {kinds: [typo]}\n",
        3,
        ["unknown flaw 'typo'; one of factual_slip, dropped_instr"],
    ),
    "a flaw twice": (LEAST + "flaws: {kinds: [padding, padding]}\n", 3, ["flaws.kinds: needs different flaws"]),
    "no share of flaws": (LEAST + "flaws: {share: 0}\n", 3, ["flaws.share", "greater than 0"]),
    "no protocol": (LEAST + "judging: {protocols: []}\n", 3, ["judging.protocols", "at least 1"]),
    "text for a list": (LEAST + "judging: {protocols: pairwise}\n", 3, ["judging.protocols", "list", "'pairwise'"]),
    "unknown policy": ("data: {path: p, bad_rows: drop}\nteacher: {model: m}\n", 1, ["'drop'", "'stop' or 'skip'"]),
    "unknown reply mode": ("data: {path: p}\nteacher: {model: m, reply_mode: xml}\n", 2, ["'xml'", "'json_schema'"]),
    "unknown mode": ("data: {path: p}\nteacher: {model: m, mode: async}\n", 2, ["'async'", "'live' or 'batch'"]),
    "percent for a share": (LEAST + "audit: {require_agreement: 75}\n", 3, ["audit.require_agreement", "equal to 1"]),
    "unknown measure": (LEAST + "audit: {measure: kappa}\n", 3, ["audit.measure", "'kappa'", "'strict_agreement'"]),
    "number for filters": (LEAST + "filters: 5\n", 3, ["filters: found a number 5; allowed is a preset's name"]),
    "number among filters": (LEAST + "filters: [malformed, 5]\n", 3, ["filters: found", "list of filter names"]),
    "unknown column of ours": (
        "data: {path: p, columns: {promt: text}}\nteacher: {model: m}\n",
        1,
        ["data.columns", "'promt'", "prompt, response_a, response_b"],
    ),
    "number for a column": ("data: {path: p, columns: {prompt: 1}}\nteacher: {model: m}\n", 1, ["data.columns.prompt"]),
    "shares below 1": (LEAST + "outputs: {splits: {train: 0.5}}\n", 3, ["outputs.splits", "add up to 0.5", "up to 1"]),
    "shares above 1": (LEAST + "outputs: {splits: {train: 1, test: 0.1}}\n", 3, ["add up to 1.1"]),
    "negative share": (LEAST + "outputs: {splits: {train: 2, test: -1}}\n", 3, ["'test' is -1.0", "above 0"]),
    "share of nothing": (LEAST + "outputs: {splits: {train: 1, test: 0}}\n", 3, ["'test' is 0.0", "above 0"]),
    "share that is no number": (LEAST + "outputs: {splits: {train: .nan}}\n", 3, ["'train' is nan", "above 0"]),
    "endless share": (LEAST + "outputs: {splits: {train: .inf}}\n", 3, ["add up to inf"]),
    "no splits": (LEAST + "outputs: {splits: {}}\n", 3, ["outputs.splits", "at least 1"]),
    "split name that is a path": (LEAST + "outputs: {splits: {../x: 1}}\n", 3, ["'../x' is no split name", "letters"]),
    "split name that datasets reserves": (LEAST + "outputs: {splits: {all: 1}}\n", 3, ["'all'", "another name"]),
    "list for splits": (LEAST + "outputs: {splits: [train]}\n", 3, ["outputs.splits", "dictionary", "['train']"]),
    "a split of the name of the held-out one": (
        LEAST + "outputs: {splits: {train: 0.5, unseen: 0.5}, held_out: [code]}\n",
        3,
        ["outputs: 'unseen'", "another name"],
    ),
    "nothing to augment": (
        LEAST + "outputs: {splits: {all.of.it: 1}, augment: {swap: relabel}}\n",
        3,
        ["the split 'train'", "all.of.it"],
    ),
    "unknown way to swap": (LEAST + "outputs: {augment: {swap: yes}}\n", 3, ["augment.swap", "other_order", "relabel"]),
    "unknown copy": (LEAST + "outputs: {augment: {swop: relabel}}\n", 3, ["'outputs.augment.swop'", "'swap'"]),
    "a default and a choice": (
        LEAST + "scenarios:\n  default: others\n  among: [code]\n",
        3,
        ["scenarios: 'among'", "leave one out"],
    ),
    "a rescue that does nothing": (
        LEAST + "rescue: {}\n",
        3,
        ["rescue: asks the same model the same again; name another one (teacher: {model: ...}), votes"],
    ),
    "a rescue by the same teacher": (LEAST + "rescue: {teacher: {slots: 3}}\n", 3, ["rescue: asks the same model"]),
    "one vote more": (LEAST + "rescue: {votes: 1}\n", 3, ["rescue.votes", "equal to 2"]),
    "unknown key of a rescue": (LEAST + "rescue: {vote: 3}\n", 3, ["'rescue.vote'", "did you mean 'votes'?"]),
    "unknown key of a second teacher": (
        LEAST + "rescue:\n  teacher:\n    modle: big\n",
        5,
        ["unknown key 'rescue.teacher.modle'; did you mean 'model'?"],
    ),
    "a second teacher that is only named": (
        LEAST + "rescue: {teacher: big}\n",
        3,
        ["rescue.teacher: found text 'big'; allowed are the keys model"],
    ),
    "license by its name": (LEAST + "card: {license: CC-BY-4.0}\n", 3, ["card.license", "'CC-BY-4.0'", "cc-by-4.0"]),
    "language by its name": (LEAST + "card: {language: [English]}\n", 3, ["card.language", "'English'", "en, de"]),
    "version that is no tag": (
        LEAST + "card: {version: 1..0}\n",
        3,
        ["card.version", "'1..0' cannot be a tag"],
    ),
    "no formats": (LEAST + "outputs: {formats: []}\n", 3, ["outputs.formats", "at least 1"]),
    "name that is a path": (LEAST + "name: ../other\n", 3, ["name", "pattern", "'../other'"]),
    "name that is a date": (LEAST + "name: 2020-01-01\n", 3, ["name", "string", "found a date"]),
} | {
    f"{name} among the parameters": (
        f"data: {{path: p}}\nteacher:\n  model: m\n  parameters: {{{name}: 2}}\n",
        4,
        ["teacher.parameters", f"'{name}' is set by judgemill itself", "leave it out"],
    )
    for name in ("messages", "model", "response_format", "n", "stream")
}


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    return tmp_path / "mine.yaml"


def refusal(path: Path, **given: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, **given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(("text", "line", "fragments"), REFUSED.values(), ids=REFUSED)
def test_what_no_config_may_say_is_refused_with_its_place_and_what_is_allowed(
    config_file: Path, text: str, line: int | None, fragments: list[str]
) -> None:
    config_file.write_text(text)
    said = refusal(config_file)
    assert said.startswith(f"{config_file}:{line}: " if line else f"{config_file}: ")
    assert [fragment for fragment in fragments if fragment not in said] == [], said


def test_a_missing_file_is_refused(config_file: Path) -> None:
    assert refusal(config_file) == f"{config_file}: no such file"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path).startswith(f"{tmp_path}: cannot be read: ")


def test_a_file_that_is_not_utf8_is_refused(config_file: Path) -> None:
    config_file.write_bytes(LEAST.encode() + b"name: caf\xe9\n")
    assert refusal(config_file) == f"{config_file}: not UTF-8 text (byte {len(LEAST) + 9}); save it as UTF-8"


def test_a_byte_order_mark_and_windows_lines_do_no_harm(config_file: Path) -> None:
    config_file.write_bytes(b"\xef\xbb\xbf" + LEAST.replace("\n", "\r\n").encode())
    assert load(config_file).data.path == "pairs.jsonl"


def test_the_least_config_gets_every_default(config_file: Path) -> None:
    config_file.write_text(LEAST)
    config = load(config_file)
    assert config.model_dump(mode="json") == {
        "name": "mine",
        "data": {"path": "pairs.jsonl", "split": "train", "columns": {}, "limit": None, "bad_rows": "stop"},
        "teacher": {
            "model": "m",
            "base_url": "https://api.openai.com/v1",
            "api_key_env": "OPENAI_API_KEY",
            "mode": "live",
            "headers": {},
            "slots": None,
            "requests_per_minute": None,
            "tokens_per_minute": None,
            "timeout": 600,
            "retries": 4,
            "max_failing": 0.25,
            "max_tokens": 2048,
            "parameters": None,
            "reply_mode": "auto",
            "prices": None,
            "context": 8192,
        },
        "scenarios": {"folders": [], "default": None, "among": []},
        "judging": {
            "protocols": ["pairwise", "pointwise"],
            "scale": "1-10",
            "criteria": "all",
            "grade_criteria": True,
            "max_chars": None,
            "language": "auto",
        },
        "audit": {"require_agreement": None, "measure": "agreement"},
        "prompts": None,
        "responses": None,
        "pairs": None,
        "flaws": None,
        "references": None,
        "filters": "default",
        "outputs": {
            "folder": "outputs",
            "formats": ["pairs"],
            "student": {"criteria": "auto", "reference": "in", "wordings": 1, "scale": "auto"},
            "splits": {"train": 0.9, "test": 0.1},
            "held_out": [],
            "augment": {"swap": None, "reference": None},
        },
        "budget_usd": None,
        "seed": 0,
        "rescue": None,
        "previous": None,
        "card": {
            "pretty_name": None,
            "version": None,
            "license": None,
            "language": [],
            "source_licenses": {},
            "teacher_terms": None,
            "citation": None,
        },
        "imported": None,
    }


def test_what_a_config_says_is_what_is_loaded(config_file: Path) -> None:
    config_file.write_text(
        "name: named\n"
        "data: {path: p.csv, columns: {prompt: question}, limit: 3, bad_rows: skip}\n"
        "teacher: {model: m, parameters: {temperature: 0.5, seed: 1}}\n"
        "judging: {protocols: [pointwise], scale: binary}\n"
        "filters: [malformed]\n"
        "outputs: {splits: {train.a: 0.5, train.b: 0.5}}\n"
    )
    config = load(config_file)
    assert config.name == "named"
    assert (config.data.columns, config.data.limit, config.data.bad_rows) == ({"prompt": "question"}, 3, "skip")
    assert config.teacher.parameters == {"temperature": 0.5, "seed": 1}
    assert config.judging.protocols == [Protocol.POINTWISE]
    assert config.filters == ["malformed"]
    assert list(config.outputs.splits) == ["train.a", "train.b"]


def test_a_second_teacher_has_from_the_first_what_it_does_not_name(config_file: Path) -> None:
    config_file.write_text(
        "data: {path: p}\n"
        "teacher: {model: small, base_url: https://a.example/v1, api_key_env: A, slots: 7, max_tokens: 99, "
        "prices: {input: 1, output: 2}}\n"
        "rescue: {teacher: {model: big}}\n"
    )
    config = load(config_file)
    assert config.rescue is not None
    assert config.rescue.teacher == config.teacher.model_copy(update={"model": "big", "prices": None})


def test_a_key_is_not_taken_along_to_another_endpoint(config_file: Path) -> None:
    config_file.write_text(
        "data: {path: p}\n"
        "teacher: {model: m, base_url: https://a.example/v1, api_key_env: A, headers: {X-Team: TEAM}, slots: 7,\n"
        "  mode: batch, requests_per_minute: 9, prices: {input: 1, output: 2}, timeout: 5}\n"
        "rescue: {votes: 2, teacher: {base_url: https://b.example/v1}}\n"
    )
    rescue = load(config_file).rescue
    assert rescue is not None
    assert rescue.teacher is not None
    defaults = Teacher(model="m", base_url="https://b.example/v1", timeout=5)
    assert rescue.teacher == defaults


def test_a_config_with_a_rescue_is_the_same_when_it_is_read_back(config_file: Path) -> None:
    config_file.write_text(
        "name: mine\ndata: {path: p}\nteacher: {model: m, slots: 3}\nrescue: {teacher: {model: big}}\n"
    )
    config = load(config_file)
    assert Config.model_validate(config.model_dump(mode="json")) == config


def test_a_model_that_writes_references_has_the_teachers_settings_but_for_those_of_judging(config_file: Path) -> None:
    config_file.write_text(
        "name: mine\ndata: {path: p}\nteacher: {model: m, slots: 3, mode: batch, reply_mode: text, prices: {input: 1, "
        "output: 2}}\nreferences: {by: model, model: {model: big}}\n"
    )
    config = load(config_file)
    assert config.references is not None
    assert config.references.model == Endpoint(model="big", slots=3)
    assert Config.model_validate(config.model_dump(mode="json")) == config


@pytest.mark.parametrize(
    ("references", "said"),
    [
        ("{by: model}", "references: 'by: model' needs to know which"),
        ("{by: teacher, model: {model: m}}", "references: 'by: teacher' asks no other model"),
        ("{by: teacher, votes: 5}", "references: 'votes' are counted by 'majority'"),
        ("{by: majority, votes: 2}", "references.votes: input should be greater than or equal to 3"),
        (
            "{by: responses}",
            "references: 'by: responses' counts what the responses to a prompt say, and rows are pairs",
        ),
        ("{by: given}", "references.by: found 'given'; one of 'teacher', 'model', 'majority' or 'responses'"),
        ("{by: model, model: {model: m, mode: batch}}", "unknown key 'references.model.mode'"),
    ],
)
def test_references_that_nobody_could_write_are_refused(config_file: Path, references: str, said: str) -> None:
    config_file.write_text(f"data: {{path: p}}\nteacher: {{model: m}}\nreferences: {references}\n")
    assert said in refusal(config_file)


def test_the_command_line_wins_over_the_file(config_file: Path) -> None:
    config_file.write_text("name: file\ndata: {path: p, limit: 9}\nteacher: {model: m, slots: 2}\n")
    config = load(config_file, {"data": {"limit": 3}, "teacher": {"model": "other"}, "judging": {}}, "given")
    assert (config.name, config.data.limit, config.data.path) == ("given", 3, "p")
    assert (config.teacher.model, config.teacher.slots) == ("other", 2)


def test_the_command_line_can_bring_a_section(config_file: Path) -> None:
    config_file.write_text("data: {path: p}\n")
    assert load(config_file, {"teacher": {"model": "given"}}).teacher.model == "given"


@pytest.mark.parametrize("section", ["data:\n", "data: p.jsonl\n", "data: [p.jsonl]\n"])
def test_an_override_does_not_hide_a_broken_section(config_file: Path, section: str) -> None:
    config_file.write_text(section + "teacher: {model: m}\n")
    assert "data: found" in refusal(config_file, overrides={"data": {"limit": 3}})


def test_a_wrong_override_is_refused_like_a_wrong_file(config_file: Path) -> None:
    config_file.write_text(LEAST)
    assert "data.limit" in refusal(config_file, overrides={"data": {"limit": 0}})
    assert "'a/b'" in refusal(config_file, name="a/b")


def test_a_file_whose_name_names_no_run_asks_for_a_name(tmp_path: Path) -> None:
    path = tmp_path / "my config.yaml"
    path.write_text(LEAST)
    assert "name: " in refusal(path)
    assert load(path, name="fine").name == "fine"


def test_a_config_that_was_loaded_cannot_be_changed(config_file: Path) -> None:
    config_file.write_text(LEAST)
    teacher: Any = load(config_file).teacher
    with pytest.raises(ValueError, match="frozen"):
        teacher.model = "other"


KEYS = st.sampled_from([*Config.model_fields, "path", "model", "splits", "columns", "filter"]) | st.text(max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["1-10", "skip"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


RIGHT = {"data": {"path": "p"}, "teacher": {"model": "m"}}
MAPPINGS = st.dictionaries(KEYS, VALUES, max_size=4)


@given(MAPPINGS | MAPPINGS.map(lambda values: RIGHT | values) | VALUES)
def test_every_yaml_is_a_config_or_one_line_of_error(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any] | Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(values, file)
    said = f"{path}:1: a line"
    try:
        assert load(path).data.path
    except ConfigError as error:
        said = str(error)
    assert said.startswith(f"{path}:")
    assert "\n" not in said


# What a file may hold that somebody else wrote, up to what asks a YAML library to make objects.
_YAML_PIECES = st.sampled_from(
    [
        "data: {path: p}\n",
        "teacher: {model: m}\n",
        "teacher:\n  model: &a [*a]\n",
        "!!python/object/apply:os.system [echo]",
        "!!python/name:os.system",
        "? [1, 2]\n: 3\n",
        "<<: {path: p}\n",
        "2026-02-31\n",
        "0x",
        "!!int x\n",
        "\t",
        "\x00",
        "- ",
        "&a ",
        "*a",
        "{",
        "'",
        ": ",
    ]
)


@given(st.binary(max_size=40) | st.lists(_YAML_PIECES | st.text(max_size=5), max_size=6).map("".join).map(str.encode))
def test_every_file_is_a_config_or_one_line_of_error(tmp_path_factory: pytest.TempPathFactory, held: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(held)
    said = f"{path}: a line"
    try:
        assert load(path).teacher.model
    except ConfigError as error:
        said = str(error)
    assert said.startswith(f"{path}:")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [exit 1]", "!!python/name:os.system", "!mine {a: 1}"])
def test_no_tag_makes_an_object(tmp_path: Path, tag: str) -> None:
    path = tmp_path / "tagged.yaml"
    path.write_text(f"data: {{path: p}}\nteacher: {tag}\n")
    with pytest.raises(ConfigError, match=r"tagged.yaml:2: not valid YAML: could not determine a constructor"):
        load(path)
