"""How many processes filter, and look for quotations."""

import os

_WORTH_WORKERS = 500  # pairs; fewer are filtered sooner than processes start


def workers(pairs: int) -> int:
    return (os.cpu_count() or 1) if pairs > _WORTH_WORKERS else 1
