"""distilabel lives here and nowhere else: an LLM, steps and tasks for anybody's pipeline, and the run's own.

Importing distilabel installs a traceback that prints local variables, secrets included; the hook is put back.
"""

import sys

_hook = sys.excepthook
import distilabel  # noqa: E402, F401

sys.excepthook = _hook

from synth.engine.judge import Judge  # noqa: E402
from synth.engine.llm import TeacherLLM  # noqa: E402
from synth.engine.scenario_step import ChooseScenario  # noqa: E402
from synth.engine.steps import AskAboutPairs, LoadPairs  # noqa: E402

__all__ = ["AskAboutPairs", "ChooseScenario", "Judge", "LoadPairs", "TeacherLLM"]
