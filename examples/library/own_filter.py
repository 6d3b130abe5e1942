"""A filter of one's own, tried on a finished run and then applied to it. Makes no call.

    python examples/library/own_filter.py outputs/library [RATIO]

Its config says the same with `filters: {preset: minimal, "own_filter:LongWinner": {ratio: 2}}`.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from filters import Drop
from synth import JudgedPair, Verdict, filter_again, load


@dataclass(frozen=True)
class LongWinner:
    """Drops pairs whose winner is more than `ratio` times as long as the loser: length may be all that it won by."""

    ratio: float = 2.0
    name: str = "long_winner"

    def __call__(self, judged: JudgedPair) -> Drop | None:
        if judged.verdict not in (Verdict.A, Verdict.B):
            return None
        a, b = len(judged.pair.response_a), len(judged.pair.response_b)
        winner, loser = (a, b) if judged.verdict is Verdict.A else (b, a)
        if winner > self.ratio * loser:
            return Drop("longer winner", f"{winner} characters against {loser}")
        return None


def main(folder: str, ratio: str = "2") -> None:
    done, mine = load(folder), LongWinner(float(ratio))
    would_go = [judged.pair.id for judged in done.kept() if mine(judged)]
    print(f"would drop {len(would_go)} of {done.manifest['counts']['kept']} kept pairs: {', '.join(would_go)}")

    wanted = {"preset": "minimal", "own_filter:LongWinner": {"ratio": mine.ratio}}
    again = filter_again(done, wanted, base=Path(__file__).parent)
    gone = [row.why.detail for row in again.dropped() if row.why.filter == mine.name]
    print(f"dropped {len(gone)}, kept {again.manifest['counts']['kept']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
