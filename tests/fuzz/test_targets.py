"""Every law of the fuzz targets holds for what such texts are like, and for all that once broke it."""

import pytest

from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

EVERY = [(one, data) for one in TARGETS for data in (b"", *one.seeds, *one.finds)]


@pytest.mark.parametrize(("target", "data"), EVERY, ids=[f"{one.name} {data[:20]!r}" for one, data in EVERY])
def test_the_law_holds(target: Target, data: bytes) -> None:
    target.check(data)
