"""distilabel lives here and nowhere else: an LLM, steps and tasks for anybody's pipeline, and the run's own.

Names are looked up when they are asked for: the run's own process decides how distilabel is imported before it is.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synth.engine.judge import Judge
    from synth.engine.llm import TeacherLLM
    from synth.engine.scenario_step import ChooseScenario
    from synth.engine.steps import AskAboutPairs, LoadPairs

__all__ = ["AskAboutPairs", "ChooseScenario", "Judge", "LoadPairs", "TeacherLLM"]

_HOMES = {
    "AskAboutPairs": "steps",
    "ChooseScenario": "scenario_step",
    "Judge": "judge",
    "LoadPairs": "steps",
    "TeacherLLM": "llm",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    hook = sys.excepthook
    try:
        return getattr(import_module(f"synth.engine.{_HOMES[name]}"), name)
    finally:
        sys.excepthook = hook  # distilabel installs a traceback that prints local variables, secrets included
