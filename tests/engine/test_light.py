"""distilabel is imported without what a run does not need; each case in a process of its own, as a host is."""

import subprocess
import sys

_IMPORTS = "from synth.engine.light import postpone; postpone(); from synth.engine import pipeline, responding"


def _said(script: str) -> str:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_engine_starts_without_datasets_pandas_and_the_providers() -> None:
    heavy = "{'datasets', 'pandas', 'distilabel.models.llms.groq', 'openai.types.beta'}"
    assert _said(f"import sys; {_IMPORTS}; print({heavy} & sys.modules.keys())") == "set()"


def test_a_postponed_function_is_distilabels_own_when_it_is_called() -> None:
    script = "from distilabel.pipeline.base import make_generator_step; print(make_generator_step([{'a': 1}]).outputs)"
    assert _said(f"{_IMPORTS}; {script}") == "['a']"
