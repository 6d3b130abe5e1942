"""Publishing through a stand-in Hub, a process of its own that is spoken to over HTTP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import constants

from synth.errors import ConfigError, RunError
from synth.hub import publish
from synth.hub.client import Client
from synth.hub.files import outgoing
from synth.hub.publish import Done, Publisher, Target
from tests.conftest import StandInHub

Publish = Callable[..., Done]
PLAIN = Target()
CARD, SHARD = "README.md", "data/pairs/train-00000-of-00001.parquet"


@pytest.fixture
def publisher(hub: StandInHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Publisher]:
    """Of files with the given contents, to me/data."""
    monkeypatch.setattr(constants, "ENDPOINT", hub.address)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_TOKEN", "hf_good")
    monkeypatch.setattr(publish, "_LONGEST_WAIT", 0.01)

    def make(target: Target = PLAIN, files: dict[str, bytes] | None = None) -> Publisher:
        sent = []
        for path, content in (files or {CARD: b"# Mine", SHARD: b"PAR1 rows"}).items():
            source = tmp_path / path
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(content)
            sent.append(outgoing(path, source))
        return Publisher(Client("me/data", quiet=True), target, sent, lambda line: None)

    return make


@pytest.fixture
def send(publisher: Callable[..., Publisher]) -> Publish:
    return lambda *given, **more: publisher(*given, **more).publish("Mine v1")


def commits(hub: StandInHub) -> list[dict[str, object]]:
    """Ours and others', without the one that every repository begins with."""
    return list(hub.state()["me/data"]["commits"][1:])


def test_all_files_go_out_in_one_commit_which_is_tagged(send: Publish, hub: StandInHub) -> None:
    done = send(Target(tag="v1"))
    (commit,) = commits(hub)
    assert commit["files"] == [".gitattributes", CARD, SHARD]
    assert hub.state()["me/data"]["tags"] == {"v1": done.commit} == {"v1": commit["oid"]}
    assert (done.made, done.url) == (True, f"{hub.address}/datasets/me/data/tree/v1")


def test_the_same_files_again_are_no_second_commit(send: Publish, hub: StandInHub) -> None:
    first = send(Target(tag="v1"))
    again = send(Target(tag="v1"))
    assert (again.commit, again.made) == (first.commit, False)
    assert len(commits(hub)) == 1
    assert send(Target(tag="v1.1")).commit == first.commit, "one more name for the same files"


FAULTS: dict[str, list[tuple[str, str | int]]] = {
    "a rival's commit": [("commit", "rival")],
    "three rivals": [("commit", "rival")] * 3,
    "500 at the commit": [("commit", 500)],
    "conflict at the commit": [("commit", 409)],
    "a lost answer to the commit": [("commit", "lost")],
    "a rival, then a lost answer": [("commit", "rival"), ("commit", "lost")],
    "500 at every other step": [(step, 500) for step in ("read", "create", "tree", "preupload", "validate", "tag")],
    "too many requests": [("commit", 429), ("read", 429)],
    "a lost answer to create and tag": [("create", "lost"), ("tag", "lost")],
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_the_hub_leave_one_commit_of_ours_and_the_tag_on_it(
    send: Publish, hub: StandInHub, name: str
) -> None:
    for at, fault in FAULTS[name]:
        hub.fault(at, fault)
    done = send(Target(tag="v1"))
    made = commits(hub)
    assert [one["oid"] for one in made if str(one["title"]).startswith("Mine v1")] == [done.commit]
    assert hub.state()["me/data"]["tags"] == {"v1": done.commit}
    rivals = sum(fault == "rival" for _, fault in FAULTS[name])
    assert len(made) == 1 + rivals
    assert ("rival.txt" in made[-1]["files"]) == bool(rivals), "what the rival brought is still there"  # type: ignore[operator]


def test_a_hub_that_stays_broken_is_given_up_and_the_next_try_finishes(
    send: Publish, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "_TRIES", 2)
    hub.fault("commit", 503, times=2)
    with pytest.raises(RunError, match=r"me/data: the Hub said 503 .*, 2 times"):
        send(Target(tag="v1"))
    assert commits(hub) == []
    send(Target(tag="v1"))
    assert len(commits(hub)) == 1


def test_a_tag_never_moves(send: Publish, hub: StandInHub) -> None:
    first = send(Target(tag="v1"))
    with pytest.raises(ConfigError, match=r"the tag v1 is on commit .* a tag never moves: choose another --tag"):
        send(Target(tag="v1"), {CARD: b"# Other"})
    assert len(commits(hub)) == 1, "it is said before anything is sent"
    send(Target(tag="v2"), {CARD: b"# Other", SHARD: b"PAR1 rows"})
    assert hub.state()["me/data"]["tags"]["v1"] == first.commit
    assert len(commits(hub)) == 2


def test_what_is_left_of_an_earlier_version_goes_and_what_is_not_ours_stays(
    send: Publish, publisher: Callable[..., Publisher], hub: StandInHub
) -> None:
    mine = {"mine/notes.txt": b"kept", "data/readme.txt": b"kept too"}
    send(
        files={CARD: b"1", SHARD: b"PAR1", "data/old/test-00001-of-00002.parquet": b"x", "plots/bias.png": b"y", **mine}
    )
    outlook = publisher(files={CARD: b"2", SHARD: b"PAR1"}).look()
    assert [one.path for one in outlook.difference.add] == [CARD]
    assert outlook.difference.remove == ("data/old/test-00001-of-00002.parquet", "plots/bias.png")
    send(files={CARD: b"2", SHARD: b"PAR1"})
    assert commits(hub)[-1]["files"] == [".gitattributes", CARD, SHARD, "data/readme.txt", "mine/notes.txt"]


def test_a_repository_is_closed_before_anything_is_in_it_and_is_never_opened(send: Publish, hub: StandInHub) -> None:
    hub.fault("commit", 400)
    with pytest.raises(ConfigError, match="refuses it with 400"):
        send(Target(private=True, gated="manual"))
    assert (hub.state()["me/data"]["private"], hub.state()["me/data"]["gated"]) == (True, "manual")
    send(Target())
    assert (hub.state()["me/data"]["private"], hub.state()["me/data"]["gated"]) == (True, "manual")


def test_a_public_repository_is_made_private_even_where_its_files_stay(send: Publish, hub: StandInHub) -> None:
    send(Target(tag="v1"))
    assert not hub.state()["me/data"]["private"]
    assert not send(Target(tag="v1", private=True)).made
    assert hub.state()["me/data"]["private"]


def test_a_branch_is_made_where_there_is_none(send: Publish, hub: StandInHub) -> None:
    done = send(Target("next/one"))
    refs = hub.state()["me/data"]["refs"]
    assert refs["next/one"] == done.commit != refs["main"]


@pytest.mark.parametrize("fault", [None, "lost"])
def test_a_pull_request_changes_no_branch_and_is_opened_once(send: Publish, hub: StandInHub, fault: str | None) -> None:
    send(files={CARD: b"# Before"})
    if fault:
        hub.fault("commit", fault)
    for _ in range(2):
        done = send(Target(pull_request=True))
        assert done.url == f"{hub.address}/datasets/me/data/discussions/1"
    state = hub.state()["me/data"]
    assert len(state["requests"]) == 1
    assert len(commits(hub)) == 2
    assert state["refs"]["main"] == commits(hub)[0]["oid"]


def test_metadata_that_the_hub_refuses_is_the_users_to_mend(send: Publish, hub: StandInHub) -> None:
    with pytest.raises(ConfigError, match=r'the Hub refuses the card: .*"license" must be one of') as caught:
        send(files={CARD: b"---\nlicense: not-a-license\n---\n"})
    assert "\n" not in str(caught.value)
    assert commits(hub) == []


@pytest.mark.parametrize("name", ["data", "a/b/c", "me/a b", "me/--x"])
def test_a_name_that_no_repository_has_is_refused(
    publisher: Callable[..., Publisher], name: str, hub: StandInHub
) -> None:
    publisher()
    with pytest.raises(ConfigError, match="--repo"):
        Publisher(Client(name), Target(), [], lambda line: None).look()
    assert hub.state() == {}
