"""judgemill from Python: what the commands do, as functions that bring values. `from synth import run, load, ...`.

Paths may be text. A config is a file, or a mapping with the keys of one; paths in a mapping are relative to the current
folder. Whatever goes wrong is a `JudgemillError`: `ConfigError` before anything was asked, `RunError` where a run could
not be finished (the same call again resumes it and pays for nothing twice), `BarError` below a bar that you set.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from synth.config.source import Source, Values
from synth.domain import (
    CriterionGrade,
    Failure,
    JudgedPair,
    Message,
    Order,
    Pair,
    PairwiseJudgment,
    PointwiseJudgment,
    Side,
    Verdict,
)
from synth.errors import BarError, ConfigError, JudgemillError, RunError
from synth.exports.write import Exported
from synth.run import again, export_again, loaded
from synth.run import plan as planning
from synth.run import run as running
from synth.run.audit import Audited, audit_finished
from synth.run.folder import RunFolder
from synth.run.loaded import DroppedRow, Run
from synth.run.plan import Plan
from synth.run.preview import Preview

__all__ = [
    "Audited",
    "BarError",
    "ConfigError",
    "CriterionGrade",
    "DroppedRow",
    "Exported",
    "Failure",
    "JudgedPair",
    "JudgemillError",
    "Message",
    "Order",
    "Pair",
    "PairwiseJudgment",
    "Plan",
    "PointwiseJudgment",
    "Preview",
    "Run",
    "RunError",
    "Side",
    "Verdict",
    "audit",
    "export",
    "filter_again",
    "load",
    "plan",
    "preview",
    "run",
]

Config = str | Path | Mapping[str, Any]
Folder = str | Path | Run
Changes = Mapping[str, Mapping[str, Any]]
_NO_CHANGES: Changes = {}


def run(
    config: Config,
    *,
    changes: Changes = _NO_CHANGES,
    name: str | None = None,
    fresh: bool = False,
    progress: bool = False,
) -> Run:
    """Judge, filter and export, as `judgemill run` does.

    `changes` (section -> key -> value) and `name` win over the config. `fresh` puts an existing run folder aside and
    pays for every call again. With `progress` stderr says how far it is.

    Raises ConfigError before any call is made, RunError where the run could not be finished, and BarError where the
    teacher is below the bar of the config's `audit`.

    ```python
    from synth import run

    done = run({
        "name": "capitals",
        "data": {"path": "pairs.jsonl"},
        "teacher": {"model": "gpt-4.1-mini"},
    })
    for judged in done.kept():
        print(judged.pair.id, judged.verdict)
    ```
    """
    result = running.run(_source(config), _plain(changes), name=name, fresh=fresh, quiet=not progress)
    return loaded.load(result.outcome.folder)


def plan(config: Config, *, changes: Changes = _NO_CHANGES, name: str | None = None) -> Plan:
    """What a run would still ask, as `judgemill plan` says it: calls, tokens, USD and seconds, stage by stage.

    Asks nothing and writes nothing. Raises ConfigError where `run` does.

    ```python
    from synth import plan

    for stage in plan("my.yaml", changes={"data": {"limit": 100}}).stages:
        print(stage.name, stage.calls, stage.cost_usd)  # None where no price is known
    ```
    """
    return planning.plan(_source(config), _plain(changes), name=name)


def preview(
    config: Config,
    pairs: int = 5,
    *,
    changes: Changes = _NO_CHANGES,
    name: str | None = None,
    progress: bool = False,
) -> Preview:
    """Judge a few pairs, spread over the scenarios, and bring them with every message and reply.

    The calls are in the run's journal, so that `run` does not pay for them again. Raises as `run` does.

    ```python
    from synth import preview

    for one in preview("my.yaml", 3).shown:
        print(one.judged.verdict, one.dropped)  # None where the filters of single pairs would keep it
    ```
    """
    return running.preview(_source(config), _plain(changes), pairs, name=name, quiet=not progress)


def load(folder: str | Path) -> Run:
    """A finished run: its manifest, and its kept, dropped and judged pairs as values.

    Raises ConfigError where the folder holds none.

    ```python
    from synth import load

    done = load("outputs/quickstart")
    print(done.manifest["counts"]["kept"])
    for row in done.dropped():
        print(row.why.filter, row.why.reason)
    ```
    """
    return loaded.load(Path(folder))


def filter_again(run: Folder, filters: again.Wanted, *, base: str | Path = ".") -> Run:
    """Filter a finished run anew, as `judgemill filter` does; its dataset, card and report change with it. No call.

    `filters` is what a config's `filters:` may be: a preset, a list of filters, or a mapping with changes to a preset.
    Classes of your own are named as `module:Class`, and modules and benchmark files are looked for in `base`.

    Raises ConfigError where the folder holds no finished run, or for a filter that there is not.

    ```python
    from synth import filter_again

    strict = filter_again("outputs/quickstart", {"preset": "strict", "shallow": False})
    ```
    """
    folder = _folder(run)
    again.filter_again(folder, wanted=filters, base=Path(base))
    return loaded.load(folder)


def export(run: Folder, formats: Sequence[str], into: str | Path | None = None) -> Exported:
    """Write what a run kept in further training formats, as `judgemill export` does. No call.

    Into the run's own `dataset/`, or into a folder `into`, and then the run stays as it is. The counts that it brings
    are of rows: by format those of each split, and those left out by reason.

    Raises ConfigError where the folder holds no finished run, for an unknown format, and where `into` has one of them.

    ```python
    from synth import export

    print(export("outputs/quickstart", ["auto-j", "preference"], into="elsewhere").rows)
    ```
    """
    return export_again.export(_folder(run), list(formats), out=None if into is None else Path(into))


def audit(run_or_config: Config | Run, *, progress: bool = False) -> Audited:
    """Hold the teacher against the human labels, as `judgemill audit` does; each number with its 95% interval and n.

    Of a run or its folder it makes no call. Of a config it judges the labelled rows and no others, into the journal of
    the run to come. `report` has the numbers; `hold_to_the_bar()` raises BarError where the config sets a bar and they
    are below it.

    Raises ConfigError where no pair is labelled, RunError where not all could be judged.

    ```python
    from synth import audit

    print(audit("outputs/quickstart").report.agreement["agreement"])
    ```
    """
    if isinstance(run_or_config, Run):
        return audit_finished(RunFolder(run_or_config.folder))
    source = _source(run_or_config)
    if isinstance(source, Path) and source.is_dir():
        return audit_finished(RunFolder(source))
    return running.audit_config(source, quiet=not progress)


def _source(config: Config) -> Source:
    return Values(config) if isinstance(config, Mapping) else Path(config)


def _folder(run: Folder) -> Path:
    return run.folder if isinstance(run, Run) else Path(run)


def _plain(changes: Changes) -> dict[str, dict[str, Any]]:
    return {section: dict(keys) for section, keys in changes.items()}
