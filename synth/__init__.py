"""judgemill: training data for LLM judges.

A teacher model compares and grades response pairs by the criteria of a scenario; filters keep what can be trusted, and
exports write it in the format of a judge. Everything that the command `judgemill` does with a config or a run is a
function here. Steps for a distilabel pipeline of your own are in `synth.engine`, filters in `filters`.

Importing this package does nothing else: names are looked up when they are asked for.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synth.api import (
        Audited,
        BarError,
        ConfigError,
        CriterionGrade,
        DroppedRow,
        Exported,
        Failure,
        JudgedPair,
        JudgemillError,
        Message,
        Order,
        Pair,
        PairwiseJudgment,
        Plan,
        PointwiseJudgment,
        Preview,
        Run,
        RunError,
        Side,
        Verdict,
        audit,
        export,
        filter_again,
        load,
        plan,
        preview,
        run,
    )

__version__ = "0.1.0"
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


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module("synth.api"), name)
    globals()[name] = found
    return found


class _Package(ModuleType):
    """`run` and `audit` are functions of this package and subpackages of it.

    Whoever imports a subpackage has Python bind it to its name here. The function keeps the name, whichever was
    imported first; the subpackage is found by the import system all the same.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
