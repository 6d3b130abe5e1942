"""Libraries to compare with, each in an environment of its own, so that what it pins changes nothing of ours.

An environment is made on first use under ~/.cache/judgemill/peers, which takes some minutes and 0.8 GB, and anew when
what is asked for here changes. Their scripts in contenders/ run in it, so they import nothing of ours.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree


class Broken(Exception):  # noqa: N818 - of whom, not of what
    """Who cannot be measured, with the last line that it said."""


@dataclass(frozen=True, slots=True)
class Peer:
    """`bounds` are what its script was tried with, `script` is its module in contenders/."""

    name: str
    package: str
    bounds: str
    script: str


PEERS = (
    Peer("Curator", "bespokelabs-curator", ">=0.1.31,<0.2", "curator"),
    Peer("Data Designer", "data-designer", ">=0.9.6,<0.10", "data_designer"),
)


def installed(peer: Peer, folder: Path) -> tuple[Path, str]:
    """The python of its environment in `folder`, and its version there. Raises Broken with pip's last line."""
    environment = folder / peer.script
    python, ready = environment / "bin" / "python", environment / "ready"
    requirement = peer.package + peer.bounds
    if not (python.exists() and ready.exists() and ready.read_text() == requirement):
        print(f"installing {requirement} into {environment}, some minutes the first time", file=sys.stderr, flush=True)
        rmtree(environment, ignore_errors=True)
        said([sys.executable, "-m", "venv", "--without-pip", str(environment)])
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        said([*pip, requirement])
        ready.write_text(requirement)
    return python, said([str(python), "-c", f"import importlib.metadata as m; print(m.version({peer.package!r}))"])


def said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Broken(last_line(done.stderr or done.stdout))
    return done.stdout.strip()


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
