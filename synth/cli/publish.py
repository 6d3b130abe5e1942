"""`judgemill publish`: a finished run becomes a dataset on the Hub."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.errors import ConfigError

if TYPE_CHECKING:
    from synth.hub.publish import Outlook
    from synth.run.publishing.publish import Ready


class Gated(StrEnum):
    """Whom the Hub lets in who asks."""

    AUTO = "auto"
    MANUAL = "manual"


class Also(StrEnum):
    """What stays at home unless it is asked for; a test holds it to what there is."""

    JUDGMENTS = "judgments"
    DROPPED = "dropped"
    CALLS = "calls"


def publish(
    run: Annotated[Path, typer.Argument(help="A run folder, as outputs/quickstart.")],
    repo: Annotated[str, typer.Option(help="The dataset on the Hub, as owner/name; made if it is not there.")],
    tag: Annotated[
        str | None, typer.Option(help="The version's tag, instead of the card's. A tag never moves.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Make the repository private before anything is sent.")
    ] = False,
    gated: Annotated[Gated | None, typer.Option(help="Let in only who asks: at once, or when you say so.")] = None,
    revision: Annotated[str, typer.Option(help="The branch; made if it is not there.")] = "main",
    pr: Annotated[bool, typer.Option("--pr", help="Open a pull request instead of changing the branch.")] = False,
    config: Annotated[
        Path | None, typer.Option(help="A config whose `card:` is taken, or a file with `card:` alone.")
    ] = None,
    also: Annotated[
        list[Also] | None, typer.Option(help="Send this part of the run too; may be given several times.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
) -> None:
    """Show what would go out, ask, and bring the dataset and its card to the Hub in one commit.

    The token is HF_TOKEN or that of `hf auth login`. The same content published twice is no second commit.
    """
    from synth.config.model import tag_name
    from synth.hub.publish import Target
    from synth.run.publishing.publish import ready

    try:
        target = Target(revision, tag and tag_name(tag), private, gated and gated.value, pr)
    except ValueError as error:
        raise ConfigError(f"--tag: {error}") from error
    parts = list(dict.fromkeys(one.value for one in also or ()))
    with ready(run, repo, target, config_path=config, also=parts, quiet=quiet) as prepared:
        outlook = prepared.publisher.look()
        print("\n".join(_plan(prepared, outlook)))
        if not yes and not prepared.publisher.nothing_to_do(outlook):
            _ask()
        done = prepared.publisher.publish(prepared.package.title)
    if done.made:
        print(f"Published: {done.url}")
    else:
        print(f"Nothing to do: the same files are there already. {done.url}")


def _ask() -> None:
    if not sys.stdin.isatty():
        raise ConfigError("nobody is here to be asked whether to publish it; --yes publishes without asking")
    if not typer.confirm("Publish it?"):
        print("Nothing was sent.")
        raise typer.Exit(1)


def _plan(prepared: "Ready", outlook: "Outlook") -> Iterator[str]:
    package, publisher = prepared.package, prepared.publisher
    target, change = publisher.target, outlook.difference
    new = {one.path for one in change.add}
    yield f"To {publisher.client.url} ({_access(target.private, target.gated, outlook)}), {_where(prepared, outlook)}:"
    for file in package.files:
        rows = f"{package.rows[file.path]:>9} rows" if file.path in package.rows else ""
        yield f"  {file.path:<48} {_size(file.size):>9}{rows}{'' if file.path in new else '  (there already)'}"
    for path in change.remove:
        yield f"  {path:<48} is of an earlier version, and taken away"
    yield f"Nothing else of {prepared.folder.path} leaves this machine."
    for note in package.notes:
        yield f"Note: {note}"


def _access(private: bool, gated: str | None, outlook: "Outlook") -> str:
    state = outlook.state
    words = ["new"] if state is None else []
    if state is None or private == state.private:
        words.append("private" if private else "public")
    else:
        words.append("private" if state.private else "public, and made private")
    if gated and (state is None or state.gated != gated):
        words.append(f"made gated: {gated}")
    elif state and state.gated:
        words.append(f"gated: {state.gated}")
    return ", ".join(words)


def _where(prepared: "Ready", outlook: "Outlook") -> str:
    target = prepared.publisher.target
    if target.pull_request:
        return "as a pull request"
    branch = f"branch {target.revision}{' (new)' if outlook.head is None and target.revision != 'main' else ''}"
    return f"{branch}, tag {target.tag}" if target.tag else f"{branch}, without a tag (--tag v1 gives it a version)"


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
