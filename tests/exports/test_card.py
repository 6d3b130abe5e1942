from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from ruamel.yaml import YAML

from synth.config.model import Card
from synth.domain import JudgedPair, Message, Order, Pair, PairwiseJudgment, Verdict
from synth.exports import Setting, card, format_named
from synth.exports.card import Published
from synth.exports.formats import Made
from synth.exports.subset import Split, Subset
from synth.exports.write import write
from synth.scenario import load

MANIFEST: dict[str, Any] = {
    "judgemill": "0.1",
    "teacher": {"model": "m/large", "parameters": {"temperature": 0, "top_p": 0.9}, "max_tokens": 2048},
    "judging": {"protocols": ["pairwise", "pointwise"], "scale": "1-5", "language": "auto"},
    "seed": 17,
    "hashes": {"templates": "t" * 16, "reply_schemas": "s" * 16, "scenarios": {"others": "0123456789abcdef"}},
    "counts": {
        "rows": 12,
        "set_aside": {"identical responses": 2},
        "beyond_limit": 1,
        "judged": 9,
        "dropped": {"malformed": {"empty": 3}, "inconsistent": {}, "order_unstable": {"verdict flips": 2}},
        "kept": 4,
    },
    "scenarios": {"given": 9, "default": 0, "chosen": 0, "unreadable": 0, "unanswered": 0, "offered": ["others"]},
    "exported": {"pairs": {"train": 3, "test": 1}},
}


def metadata(text: str) -> dict[str, Any]:
    _, head, _ = text.split("---\n", 2)
    found = dict(YAML(typ="safe", pure=True).load(head))
    assert yaml.safe_load(head) == found, "datasets reads YAML 1.1, the Hub 1.2"
    return found


def exported(**formats: dict[str, int]) -> dict[str, Any]:
    return MANIFEST | {"exported": formats}


def test_the_metadata_has_the_keys_of_the_hub_with_each_format_as_a_config() -> None:
    found = metadata(card.render(MANIFEST, "mine", Card(license="cc-by-4.0", language=["en", "no"])))
    info = found.pop("dataset_info")
    assert found == {
        "pretty_name": "mine",
        "license": "cc-by-4.0",
        "language": ["en", "no"],
        "task_categories": ["text-generation"],
        "size_categories": ["n<1K"],
        "tags": ["judgemill", "distilabel", "llm-as-a-judge", "llm-judge", "preference", "synthetic"],
        "configs": [
            {
                "config_name": "pairs",
                "data_files": [
                    {"split": "train", "path": "dataset/pairs/train.jsonl"},
                    {"split": "test", "path": "dataset/pairs/test.jsonl"},
                ],
                "default": True,
            }
        ],
        "judgemill": {
            "name": "mine",
            "made_by": "0.1",
            "teacher": MANIFEST["teacher"],
            "judging": MANIFEST["judging"],
            "seed": 17,
            "hashes": MANIFEST["hashes"],
        },
    }
    assert [(one["config_name"], set(one)) for one in info] == [("pairs", {"config_name", "features"})]


def test_a_format_without_rows_is_no_config() -> None:
    several = metadata(card.render(exported(other={}, pairs={"train": 3}), "mine"))
    assert [one["config_name"] for one in several["configs"]] == ["pairs"]
    assert "configs" not in metadata(card.render(exported(pairs={}), "mine"))
    assert "- `pairs`: no row" in card.render(exported(pairs={}), "mine")


def test_the_card_says_what_a_format_could_not_hold_and_what_was_converted() -> None:
    counted = {"left_out": {"pairs": {"tie": 2}}, "converted": {"pairs": {"1-10 to 1-5": 3}}}
    said = "1 rows in `test`; 2 left out (tie); 3 with a converted score (1-10 to 1-5)\n"
    assert said in card.render(MANIFEST | counted, "mine")


def subset(name: str = "pairs", **splits: int) -> Subset:
    held = tuple(Split(split, f"data/{name}/{split}-*.parquet", rows, 10 * rows) for split, rows in splits.items())
    return Subset(name, pa.schema([("messages", pa.list_(pa.string()))]), held, download_size=77)


@pytest.mark.parametrize(
    ("rows", "size"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1_000, "1K<n<10K"),
        (10_000, "10K<n<100K"),
        (999_999, "100K<n<1M"),
        (1_000_000, "1M<n<10M"),
        (2_000_000_000, "1B<n<10B"),
    ],
)
def test_the_size_is_that_of_the_largest_format(rows: int, size: str) -> None:
    both = Published("me/mine", [subset(train=rows, test=0), subset("other", train=1)])
    assert metadata(card.render(MANIFEST, "mine", published=both))["size_categories"] == [size]


def test_a_published_card_counts_to_the_row_and_loads_from_its_repository() -> None:
    text = card.render(MANIFEST, "mine", published=Published("me/mine", [subset(train=3, test=1)], version="v2"))
    found = metadata(text)
    assert found["configs"][0]["data_files"][0] == {"split": "train", "path": "data/pairs/train-*.parquet"}
    (info,) = found["dataset_info"]
    assert info["splits"][1] == {"name": "test", "num_bytes": 10, "num_examples": 1}
    assert (info["download_size"], info["dataset_size"]) == (77, 40)
    assert found["judgemill"]["version"] == "v2"
    assert 'pairs = load_dataset("me/mine", "pairs")' in text
    assert "SFTTrainer" in text, "it has messages"


def test_the_card_says_how_the_filters_were_set() -> None:
    settings = {"preset": "default", "order_unstable": {"policy": "tie"}}
    text = card.render(MANIFEST | {"filter_settings": settings}, "mine")
    assert '`filters: {"order_unstable": {"policy": "tie"}, "preset": "default"}`' in text


def test_what_the_user_states_is_in_the_card_and_what_nobody_states_is_called_so() -> None:
    statements = Card(
        pretty_name="My Pairs",
        license="mit",
        source_licenses={"my forum": "cc-by-sa-4.0"},
        teacher_terms="Training is allowed.",
        citation="@misc{mine}",
    )
    text = card.render(MANIFEST, "mine", statements)
    for said in ("\n# My Pairs\n", "dataset: mit", "- my forum: cc-by-sa-4.0", "Training is allowed.", "@misc{mine}"):
        assert said in text
    silent = card.render(MANIFEST, "mine")
    for said in ("no license is stated", "their licenses are not stated", "Those of `m/large` may restrict"):
        assert said in silent
        assert said not in text


@pytest.mark.parametrize(
    ("changes", "works"),
    [
        ({}, ["distilabel_2024", "autoj_2023", "mtbench_2023"]),
        ({"judging": MANIFEST["judging"] | {"protocols": ["pointwise"]}}, ["distilabel_2024", "autoj_2023"]),
        ({"exported": {"judgelm": {}, "feedback-collection": {}}}, ["judgelm_2023", "prometheus_2023"]),
    ],
)
def test_the_methods_that_the_run_used_are_cited(changes: dict[str, Any], works: list[str]) -> None:
    text = card.render(MANIFEST | changes, "mine")
    assert [work for work in works if f"@misc{{{work}," not in text] == []
    assert "pandalm_2023" not in text
    assert ("mtbench_2023" in text) == ("pointwise" not in str(changes))


def test_what_sways_the_teacher_is_told_in_numbers() -> None:
    composition = {
        "both_orders": 9,
        "slot_wins_twice": {"first": 2, "second": 1},
        "verdicts": {"a": 3, "tie": 1, "b": 0},
        "scenarios": {"others": 4},
        "sources": {"a|b": 4},
        "decided": 3,
        "longer_wins": 2,
    }
    text = card.render(MANIFEST | {"composition": composition}, "mine")
    for said in (
        "of 9 judged pairs that were compared in both orders, the first slot won in both orders of 2",
        "in 2 of 3 kept pairs with a winner and responses of different length the longer response won",
        "| verdict a | 3 | ██████████████████ |",
        "| from a\\|b | 4 | ████████████████████████ |",
        "No row has a human label",
    ):
        assert said in text


def test_what_rows_say_of_themselves_is_no_markup() -> None:
    hostile = "</script><img src=x onerror=alert(1)>\n\n# Mine [here](http://x)"
    found = {"both_orders": 0, "slot_wins_twice": {}, "verdicts": {"a": 4}, "scenarios": {"others": 4}}
    found |= {"sources": {hostile: 4}, "references": {hostile: 4}, "decided": 0, "longer_wins": 0}
    named = MANIFEST | {"composition": found, "teacher": MANIFEST["teacher"] | {"model": "m` <img src=x>\n# Mine"}}
    _, head, text = card.render(named, "mine").split("---\n", 2)
    shown = r"&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; # Mine \[here](http://x)"
    assert f"| from {shown} | 4 |" in text
    assert f"| reference: {shown} | 4 |" in text
    assert "- Teacher: `m' <img src=x> # Mine`, with" in text
    assert "\n# Mine" not in text
    assert metadata(f"---\n{head}---\n{text}")["judgemill"]["teacher"]["model"] == "m` <img src=x>\n# Mine"


@pytest.mark.parametrize("name", ["true", "1.0", "null", "no", "a-b_c.d", "2020-01-01", "x" * 200])
def test_any_name_of_a_run_stays_text(name: str) -> None:
    text = card.render(MANIFEST, name)
    assert metadata(text)["pretty_name"] == name
    assert f"\n# {name}\n" in text


def test_the_card_tells_what_the_rows_rest_on() -> None:
    text = card.render(MANIFEST, "mine")
    for said in (
        "- `pairs`: 3 rows in `train`, 1 rows in `test`",
        "Teacher: `m/large`",
        "with temperature 0, top_p 0.9.",
        "compared in both orders and graded response by response, each alone, on a scale of 1-5",
        "others (01234567)",
        "seed 17",
    ):
        assert said in text


def test_a_teacher_without_parameters_has_its_own() -> None:
    plain = MANIFEST | {"teacher": {"model": "m", "parameters": {}}}
    assert "Teacher: `m`, with its own parameters." in card.render(plain, "mine")


@pytest.mark.parametrize(
    ("protocol", "said", "unsaid"),
    [("pairwise", "compared in both orders", "each alone"), ("pointwise", "each alone", "compared in both orders")],
)
def test_the_card_tells_only_of_the_protocols_that_were_used(protocol: str, said: str, unsaid: str) -> None:
    text = card.render(MANIFEST | {"judging": MANIFEST["judging"] | {"protocols": [protocol]}}, "mine")
    assert said in text
    assert unsaid not in text


def test_the_card_counts_every_row_that_is_not_in_the_dataset() -> None:
    text = card.render(MANIFEST, "mine")
    table = [line for line in text.split("\n") if line.startswith("|")]
    assert table[2:] == [
        "| rows of the input | 12 | | ████████████████████████ |",
        "| set aside before judging | -2 | identical responses | |",
        "| not judged | -1 | beyond the limit of this run | |",
        "| judged | 9 | | ██████████████████ |",
        "| `malformed` | -3 | empty | |",
        "| `order_unstable` | -2 | verdict flips | |",
        "| **kept** | **4** | | ████████ |",
    ]


def test_datasets_loads_the_folder_of_a_run_as_it_was_written(tmp_path: Path) -> None:
    import datasets

    datasets.disable_progress_bars()
    turns = (Message("system", "Sei kurz."), Message("user", 'Grüße\u2028 "{{x}}"\n\x00\U0001f375'))
    kept = [
        JudgedPair(
            Pair(f"{number}", turns if number % 2 else (Message("user", f"q{number}"),), "one\r\n", "two", "others"),
            tuple(PairwiseJudgment(order, Verdict.TIE, 5, 5, f"both {number}") for order in Order),
        )
        for number in range(12)
    ]
    ours, setting = format_named("pairs"), Setting(load())
    counts = write(tmp_path / "dataset", [ours], kept, {"train": 0.7, "test": 0.3}, setting).rows
    (tmp_path / "README.md").write_text(card.render(MANIFEST | {"exported": counts}, "mine"), encoding="utf-8")

    loaded = datasets.load_dataset(str(tmp_path), "pairs", cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in loaded.items()} == counts["pairs"]
    assert set(counts["pairs"]) == {"train", "test"}
    rows = sorted((row for split in loaded.values() for row in split), key=lambda row: int(row["id"]))
    made = [one for judged in kept for one in ours.rows(judged, setting)]
    assert rows == [one.row for one in made if isinstance(one, Made)]


def test_a_card_says_what_was_asked_again_and_how_right_that_is() -> None:
    agreement = {
        "rescued": {"value": 0.5, "low": 0.25, "high": 0.75, "n": 8},
        "kept_at_once": {"value": None, "low": None, "high": None, "n": 0},
    }
    rescued = {"by": "3 votes of big", "asked_again": 9, "rescued": 4}
    plain = card.render(MANIFEST | {"rescued": rescued}, "mine")
    assert (
        "were asked about again by 3 votes of big: 9 of them, of which 4 passed every filter then and are kept."
        in plain
    )
    labelled = card.render(MANIFEST | {"rescued": rescued | {"agreement": agreement}}, "mine")
    assert "agreement with human labels is 0.500 [0.250, 0.750] (n 8), that of pairs kept at once undefined" in labelled
    assert "asked about again" not in card.render(MANIFEST, "mine")


def test_a_card_says_what_changed_since_the_version_before() -> None:
    agreement = {"value": 0.75, "low": 0.5, "high": 1.0, "n": 8}
    changes = {
        "old": {"name": "me/data@v1", "judged": None, "kept": 9},
        "unchanged": 5,
        "changes": {"added": {"kept": 3}, "gone": {}, "verdict flipped": {"criteria": 2, "teacher": 1}},
        "kept": {"agreement": agreement, "cohens_kappa": agreement | {"value": None}},
    }
    previous = {"name": "me/data@v1", "calls_carried": 0, "pairs_carried": 6, "changes": changes}
    text = card.render(MANIFEST | {"previous": previous}, "mine")
    assert "## What changed since me/data@v1\n- 6 pairs were taken over from it as they stand" in text
    assert "journal" not in text
    assert "Of its 9 kept pairs 8 are kept here too; their verdicts agree in 0.750 [0.500, 1.000] (n 8)" in text
    assert "kappa undefined (n 8)" in text
    assert "| added | 3 | kept |\n| verdict flipped | 2 | criteria |\n| verdict flipped | 1 | teacher |\n" in text
    gone = {name: value for name, value in previous.items() if name != "changes"}
    assert "kept pairs" not in card.render(MANIFEST | {"previous": gone}, "mine")


def test_a_column_that_is_null_in_one_split_does_not_stop_datasets(tmp_path: Path) -> None:
    import datasets

    datasets.disable_progress_bars()

    def settled(number: int, verdict: Verdict | None) -> JudgedPair:
        scenario = "planning" if verdict else "others"
        pair = Pair(f"{number}", (Message("user", f"q{number}"),), "one", "two", scenario)
        return JudgedPair(pair, tuple(PairwiseJudgment(order, Verdict.A, 9, 1) for order in Order), settled=verdict)

    kept = [settled(number, Verdict.B if number % 2 else None) for number in range(8)]
    counts = write(
        tmp_path / "dataset", [format_named("pairs")], kept, {"train": 1.0}, Setting(load()), held_out={"planning"}
    ).rows
    (tmp_path / "README.md").write_text(card.render(MANIFEST | {"exported": counts}, "mine"), encoding="utf-8")
    loaded = datasets.load_dataset(str(tmp_path), "pairs", cache_dir=str(tmp_path / "cache"))
    assert set(loaded["unseen"]["score_a"]) == {None}
    assert set(loaded["train"]["score_a"]) == {9.0}
