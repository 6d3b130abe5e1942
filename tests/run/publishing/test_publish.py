from pathlib import Path

import pytest

from synth.cli.publish import publish
from synth.errors import ConfigError
from synth.hub.publish import Target
from synth.run.publishing.publish import ready


@pytest.mark.parametrize("target", [Target(tag="v1", pull_request=True), Target("next", pull_request=True)])
def test_a_pull_request_has_neither_a_tag_nor_a_branch_of_its_own(tmp_path: Path, target: Target) -> None:
    with pytest.raises(ConfigError, match="leave out --revision and --tag"), ready(tmp_path, "me/data", target):
        pass


@pytest.mark.parametrize("tag", ["v 1", "-v1", "v1..2", "v1.lock", "refs/tags/v1", "v1."])
def test_what_cannot_be_a_tag_is_refused(tmp_path: Path, tag: str) -> None:
    with pytest.raises(ConfigError, match=r"--tag: '.*' cannot be a tag: letters, digits"):
        publish(tmp_path, "me/data", tag=tag)


def test_a_folder_without_a_finished_run_is_refused_before_a_token_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no finished run"), ready(tmp_path / "none", "me/data", Target()):
        pass
    assert not (tmp_path / "none").exists()
