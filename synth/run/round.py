"""Which questions one round of asking puts about a pair."""

from dataclasses import dataclass, replace

from synth.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Round:
    """Its `number`, the `samples` of each ask, and whether the teacher works out its own answer first, whatever the
    scenario says (`solve_first`)."""

    number: int = 1
    samples: tuple[int, ...] = (0,)
    solve_first: bool = False

    def scenario(self, found: Scenario) -> Scenario:
        """As this round asks by it."""
        return replace(found, solve_first=True) if self.solve_first else found


FIRST = Round()
