"""The scales a teacher can be asked to score on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole numbers from `low` to `high`, both included."""

    name: str
    low: int
    high: int

    def holds(self, score: float) -> bool:
        return self.low <= score <= self.high


SCALES: tuple[Scale, ...] = (
    Scale("1-10", 1, 10),
    Scale("1-5", 1, 5),
    Scale("1-3", 1, 3),
    Scale("binary", 0, 1),
)


def scale_named(name: str) -> Scale:
    """Raises KeyError for a name that is not one of SCALES; configs and scenario files are checked before."""
    return {scale.name: scale for scale in SCALES}[name]
