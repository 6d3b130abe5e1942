from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from synth.domain import JudgedPair, Message, Order, Pair, PairwiseJudgment, Verdict
from synth.exports import Setting, card, format_named
from synth.exports.formats import Made
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
    return dict(YAML(typ="safe", pure=True).load(head))


def exported(**formats: dict[str, int]) -> dict[str, Any]:
    return MANIFEST | {"exported": formats}


def test_the_metadata_names_each_format_as_a_config_with_its_files() -> None:
    assert metadata(card.render(MANIFEST, "mine")) == {
        "pretty_name": "mine",
        "size_categories": ["n<1K"],
        "tags": ["judgemill", "llm-judge", "preference"],
        "configs": [
            {
                "config_name": "pairs",
                "data_files": [
                    {"split": "train", "path": "dataset/pairs/train.jsonl"},
                    {"split": "test", "path": "dataset/pairs/test.jsonl"},
                ],
            }
        ],
    }


def test_a_format_without_rows_is_no_config() -> None:
    several = metadata(card.render(exported(pairs={"train": 3}, other={}), "mine"))
    assert [one["config_name"] for one in several["configs"]] == ["pairs"]
    assert "configs" not in metadata(card.render(exported(pairs={}), "mine"))
    assert "- `pairs`: no row" in card.render(exported(pairs={}), "mine")


def test_the_card_says_what_a_format_could_not_hold_and_what_was_converted() -> None:
    counted = {"left_out": {"pairs": {"tie": 2}}, "converted": {"pairs": {"1-10 to 1-5": 3}}}
    said = "1 rows in `test`; 2 left out (tie); 3 with a converted score (1-10 to 1-5)\n"
    assert said in card.render(MANIFEST | counted, "mine")


@pytest.mark.parametrize(
    ("rows", "size"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1_000, "1K<n<10K"),
        (10_000, "10K<n<100K"),
        (999_999, "100K<n<1M"),
        (1_000_000, "n>1M"),
    ],
)
def test_the_size_is_that_of_the_largest_format(rows: int, size: str) -> None:
    found = metadata(card.render(exported(pairs={"train": rows, "test": 0}, other={"train": 1}), "mine"))
    assert found["size_categories"] == [size]


@pytest.mark.parametrize("name", ["true", "1.0", "null", "a-b_c.d", "2020-01-01", "x" * 200])
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
        "| rows of the input | 12 | |",
        "| set aside before judging | -2 | identical responses |",
        "| not judged | -1 | beyond the limit of this run |",
        "| judged | 9 | |",
        "| `malformed` | -3 | empty |",
        "| `order_unstable` | -2 | verdict flips |",
        "| **kept** | **4** | |",
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
