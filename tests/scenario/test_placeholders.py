from pathlib import Path

import pytest

from synth.errors import ConfigError
from synth.run.draft import new
from synth.scenario import load


def test_a_new_file_is_no_scenario_until_a_person_has_replaced_its_placeholders(tmp_path: Path) -> None:
    path = new("refund", "The customer wants the money back.", tmp_path, [])
    load([tmp_path])  # a draft may hold them
    path.write_text("".join(line for line in path.open() if not line.startswith("draft:")))
    with pytest.raises(ConfigError, match=r"refund\.yaml:\d+: still says 'Replace this"):
        load([tmp_path])
