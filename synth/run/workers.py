"""How many processes filter."""

import os

_WORTH_WORKERS = 2_000  # pairs; fewer are filtered sooner than processes start


def workers(pairs: int) -> int:
    return (os.cpu_count() or 1) if pairs > _WORTH_WORKERS else 1
