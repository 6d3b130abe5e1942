"""`judgemill audit` and the gate through the real command: what they say, what they cost, and where they stop."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Done, Project, StandIn
from tests.e2e.test_run import row, table

pytestmark = pytest.mark.e2e
PARTS_OF_A_PAIR = 4


def rows(right: int, wrong: int = 0, unlabelled: int = 0, **more: Any) -> list[dict[str, Any]]:
    """Pairs of which the stand-in is right about the first, wrong about the next, and nobody knows about the last."""
    goods = ["a" if number % 2 else "b" for number in range(right + wrong + unlabelled)]
    made = [row(number, good=good, **more) for number, good in enumerate(goods)]
    for number, (one, good) in enumerate(zip(made[: right + wrong], goods, strict=False)):
        one["human_label"] = good if number < right else {"a": "b", "b": "a"}[good]
    return made


def audit(project: Project, of: Path | str, *arguments: str, **env: str) -> Done:
    project.write_config()
    return project.command("audit", str(of), *arguments, **env)


def test_a_finished_run_is_audited_without_a_call(project: Project, standin: StandIn) -> None:
    project.write_rows(rows(right=9, wrong=3, unlabelled=2))
    assert project.run().code == 0
    paid = standin.count()["paid"]

    done = audit(project, project.run_folder)

    assert done.code == 0, done.err
    assert standin.count()["paid"] == paid == 14 * PARTS_OF_A_PAIR
    assert "The teacher against 12 human labels" in done.out
    assert "12 labels are few" in done.out
    found = json.loads((project.run_folder / "audit.json").read_text())
    assert found["agreement"]["agreement"]["value"] == 0.75
    assert found["agreement"]["agreement"]["n"] == 12
    assert found["agreement"]["consistency"]["value"] == 1
    assert f"agreement, both orders alike   {0.75:.3f} [" in done.out
    as_json = audit(project, project.run_folder, "--json")
    assert json.loads(as_json.out) == found


def test_a_config_is_audited_by_its_labelled_rows_which_the_run_does_not_pay_for_again(
    project: Project, standin: StandIn
) -> None:
    project.write_rows(rows(right=4, unlabelled=3))

    done = audit(project, "config.yaml", "--quiet")

    assert done.code == 0, done.err
    assert standin.count()["paid"] == 4 * PARTS_OF_A_PAIR
    assert "The teacher against 4 human labels" in done.out
    run = project.run()
    assert run.code == 0, run.err
    assert "12 calls made, 16 taken from the journal" in run.out
    assert standin.count()["paid"] == standin.count()["distinct"] == 7 * PARTS_OF_A_PAIR
    assert audit(project, "config.yaml").code == 0
    assert len(table(project.run_folder / "scenarios.parquet")) == 7, "an audit leaves what the run wrote alone"


def test_a_run_stops_below_the_bar_before_it_spends(project: Project, standin: StandIn) -> None:
    project.config["audit"] = {"require_agreement": 0.75}
    project.write_rows(rows(right=6, wrong=6, unlabelled=8))

    done = project.run()

    assert done.code == 3
    assert standin.count()["paid"] == 12 * PARTS_OF_A_PAIR, "nothing but the labelled rows"
    assert (
        done.err.strip()
        .splitlines()[-1]
        .startswith("judgemill: the teacher's agreement with the human labels is 0.500 [")
    )
    assert "n 12, the bar is 0.75: the teacher is below the bar" in done.err
    assert not (project.run_folder / "kept.parquet").exists()
    assert "The teacher against 12 human labels" in audit(project, project.run_folder).out


def test_a_teacher_that_passes_the_bar_goes_on_and_pays_for_nothing_twice(project: Project, standin: StandIn) -> None:
    project.config |= {"audit": {"require_agreement": 0.75}, "filters": "minimal"}
    project.write_rows(rows(right=12, unlabelled=3))

    done = project.run()

    assert done.code == 0, done.err
    assert standin.count()["paid"] == standin.count()["distinct"] == 15 * PARTS_OF_A_PAIR
    assert "60 calls made, 0 taken from the journal; 15 pairs judged" in done.out
    assert "The teacher's agreement with the human labels is 1.000 [0.758, 1.000] n 12, the bar 0.75" in done.out
    assert len(table(project.run_folder / "kept.parquet")) == 15
    assert sorted(path.name for path in project.run_folder.iterdir() if path.suffix == ".parquet") == [
        "dropped.parquet",
        "judgments.parquet",
        "kept.parquet",
        "pairs.parquet",
        "scenarios.parquet",
    ]
    again = project.run()
    assert again.code == 0
    assert "0 calls made, 60 taken from the journal" in again.out


def test_the_bar_can_be_given_for_an_audit_and_is_of_the_measure_that_is_named(project: Project) -> None:
    flips = [one | {"prompt": f"[flip] {one['prompt']}"} for one in rows(right=3)]
    project.write_rows([*rows(right=12), *({**one, "id": f"flip-{one['id']}"} for one in flips)])
    project.config["audit"] = {"measure": "strict_agreement"}
    assert project.run().code == 0

    assert audit(project, project.run_folder).code == 0, "no bar is set"
    below = audit(project, project.run_folder, "--require-agreement", "0.75")
    assert below.code == 3
    assert "the teacher's strict_agreement with the human labels is 0.800 [" in below.err
    assert "The teacher against 15 human labels" in below.out
    project.config["audit"] = {"measure": "agreement"}
    assert project.run().code == 0
    assert audit(project, project.run_folder, "--require-agreement", "0.75").code == 0


@pytest.mark.parametrize("command", ["run", "audit"])
def test_a_bar_without_labels_is_refused_before_any_call(project: Project, standin: StandIn, command: str) -> None:
    project.config["audit"] = {"require_agreement": 0.75}
    project.write_rows(rows(right=0, unlabelled=3))
    project.write_config()

    done = project.command(command, "config.yaml")

    assert done.code == 2
    assert "no pair has a human label to audit the teacher with" in done.err
    assert standin.count()["paid"] == 0
    assert not project.run_folder.exists()


def test_a_folder_without_judgments_is_refused(project: Project) -> None:
    done = audit(project, project.path)

    assert done.code == 2
    assert "holds no judged pairs; name a finished run's folder, or a config" in done.err


def test_several_annotators_and_scenarios_are_reported(project: Project) -> None:
    labelled = rows(right=6)
    for number, one in enumerate(labelled):
        one["human_labels"] = [one.pop("human_label")] * 2 + ["tie"]
        one["scenario"] = "code_generation" if number % 2 else "planning"
    project.write_rows(labelled)
    assert project.run().code == 0

    done = audit(project, project.run_folder)

    found = json.loads((project.run_folder / "audit.json").read_text())
    assert found["labelled"] == 6, "the majority is the label"
    assert found["alpha"]["annotators"]["n"] == 6
    assert {name: one["agreement"]["n"] for name, one in found["scenarios"].items()} == {
        "code_generation": 3,
        "planning": 3,
    }
    assert "alpha, annotators and teacher" in done.out
    assert "By scenario" in done.out


def test_plots_are_drawn_into_the_run(project: Project) -> None:
    pytest.importorskip("matplotlib")
    project.write_rows(rows(right=5, wrong=2))
    assert project.run().code == 0

    done = audit(project, project.run_folder, "--plots", "svg")

    assert done.code == 0, done.err
    drawn = {path.name: path.read_text() for path in (project.run_folder / "plots").iterdir()}
    assert set(drawn) == {"agreement.svg", "bias.svg", "scores.svg", "scenarios.svg"}
    assert all(text.startswith("<?xml") for text in drawn.values())
    assert str(project.run_folder.relative_to(project.path) / "plots" / "agreement.svg") in done.out


def test_plots_without_the_extra_say_how_to_get_it(project: Project, tmp_path: Path, standin: StandIn) -> None:
    project.write_rows(rows(right=3))
    project.write_config()
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util as util\nfind = util.find_spec\n"
        "util.find_spec = lambda name, package=None: None if name == 'matplotlib' else find(name, package)\n"
    )
    path = f"{hidden}:{Path(__file__).parents[2]}"

    done = project.command("audit", "config.yaml", "--plots", "png", PYTHONPATH=path)

    assert done.code == 2, (done.err, sys.path)
    assert "pip install 'judgemill[plots]'" in done.err
    assert standin.count()["paid"] == 0


def test_a_run_with_labels_reports_what_each_filter_does_to_agreement(project: Project) -> None:
    wrong_and_contrary = [row(100 + number, "[contrary]", good="a", human_label="b") for number in range(4)]
    right_but_flips = [row(200 + number, "[flip]", good="none", human_label="a") for number in range(4)]
    project.config["filters"] = {"boilerplate": False}  # the stand-in knows few sentences
    project.write_rows([*rows(right=8, unlabelled=2), *wrong_and_contrary, *right_but_flips])

    done = project.run()

    assert done.code == 0, done.err
    found = json.loads((project.run_folder / "manifest.json").read_text())["filter_report"]
    assert (found["labelled"], found["before"]["value"], found["before"]["n"]) == (16, 0.75, 16)
    inconsistent, flips = found["alone"]["inconsistent"], found["alone"]["order_unstable"]
    assert (inconsistent["dropped"], inconsistent["after"]["value"]) == (4, 1.0)
    assert (flips["dropped"], flips["after"]["value"], flips["after"]["n"]) == (4, 0.6667, 12)
    assert found["in_sequence"]["order_unstable"]["before"]["value"] == 1.0
    assert "warning: order_unstable alone: agreement falls from 0.750 to 0.667, which may be chance" in done.out
    card = (project.run_folder / "README.md").read_text()
    assert "Over 16 pairs with a human label" in card
    assert "| `inconsistent` | 4 | 1.000 [0.757, 1.000] (n 12) | 4 |" in card
    assert "- Warning: order_unstable alone: agreement falls" in card
    before = (project.run_folder / "manifest.json").read_bytes()
    assert project.run().code == 0
    assert (project.run_folder / "manifest.json").read_bytes() == before


def test_a_run_without_labels_reports_no_filters_against_them(project: Project) -> None:
    project.write_rows(rows(right=0, unlabelled=3))

    done = project.run()

    assert "Filters against" not in done.out
    assert "filter_report" not in json.loads((project.run_folder / "manifest.json").read_text())
