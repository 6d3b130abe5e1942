"""The pairs that a run kept, as its filters saw them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from synth.config.model import Config
from synth.domain import AskedAgain, JudgedPair, Verdict
from synth.run import tables
from synth.run.folder import RunFolder
from synth.run.rescue.rounds import first_round, second_round
from synth.run.rescue.second_round import first_counts


@dataclass(frozen=True, slots=True)
class KeptPairs:
    """Read from the tables of a run; they can be read again and again. `config` is the run's."""

    folder: RunFolder
    config: Config

    def __iter__(self) -> Iterator[JudgedPair]:
        """With the verdicts that the filters settled, in the one order that all tables have."""
        rescue = self.config.rescue
        with_first = rescue is not None and first_counts(self.config, rescue)
        kept = tables.read(self.folder.kept, ["id", "verdict", "rescued_by", "first_objection"])
        row = next(kept, None)
        for one, rows in tables.with_rows(self.folder.pairs, self.folder.judgments):
            if row is None:
                return
            if one.id != row["id"]:
                continue
            if row["rescued_by"]:
                objector, _, reason = row["first_objection"].partition(": ")
                again = AskedAgain(row["rescued_by"], objector, reason)
                judged = replace(second_round(one, rows, with_first=with_first), again=again)
            else:
                judged = first_round(one, rows)
            verdict = Verdict(row["verdict"]) if row["verdict"] else None
            yield judged if judged.verdict is verdict else replace(judged, settled=verdict)
            row = next(kept, None)
