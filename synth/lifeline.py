"""Processes that outlive their parent go on spending money, so every process of ours dies with its parent."""

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_forking = 0


def die_with_parent(parent: int) -> None:
    """Be killed when the process `parent`, which started this one, ends.

    On Linux the kernel does it (prctl(2), PR_SET_PDEATHSIG); elsewhere a thread looks twice a second.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def children_die_with_this_process() -> None:
    """From now on, every process forked from this one, and from those, is killed when the one it came from ends."""
    os.register_at_fork(before=_remember, after_in_child=lambda: die_with_parent(_forking))


def _remember() -> None:
    global _forking
    _forking = os.getpid()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
