"""Which split a pair is in: by the cluster of its prompt, so that near-duplicate prompts stay together."""

import hashlib
from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from synth.domain import JudgedPair, Prompt
from synth.exports.clusters import clusters, digest, sketch
from synth.exports.strata import Group, Kind, Kinds, assigned
from synth.rows.pairs import prompt_key

UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Splits:
    """`of_prompt` is the split of each prompt by its digest; None for one like a prompt of a held-out scenario."""

    of_prompt: Mapping[bytes, str | None]
    held_out: Collection[str] = frozenset()

    def of(self, judged: JudgedPair) -> str | None:
        """The pair's split. None where it stands in no split, as its prompt is like one that is held out."""
        if judged.pair.scenario in self.held_out:
            return UNSEEN
        return self.of_prompt[digest(judged.pair.prompt)]


def split(
    pairs: Iterable[JudgedPair], shares: Mapping[str, float], seed: int, held_out: Collection[str] = frozenset()
) -> Splits:
    """Looks at all pairs once and holds none of them; 850,000 prompts took 0.6 GB, and 100 s of one core.

    - `shares` are splits by name, which add up to 1. Each split has about its share of all pairs, of each scenario, of
      each verdict, and of each verdict in a scenario.
    - Prompts that are alike are in one split.
    - A prompt's own hash says where it is at home. It moves only where that split has too many of its kind, so that
      with more rows or other shares most prompts stay where they are.
    - Pairs of the scenarios `held_out` are in `unseen`, and no prompt like one of theirs is in another split.

    The result depends on the pairs, the shares and the seed, and not on the order of the pairs.
    """
    places: dict[bytes, int] = {}
    sketches, points = bytearray(), array("d")
    names: dict[Kind, int] = {}
    prompt_of, kind_of = array("q"), array("q")
    for judged in pairs:
        prompt = judged.pair.prompt
        place = places.setdefault(digest(prompt), len(places))
        if place == len(points):  # a prompt that was not there before
            sketches += sketch(prompt)
            points.append(point(prompt, seed))
        kind = (judged.pair.scenario, str(judged.verdict or ""))
        prompt_of.append(place)
        kind_of.append(names.setdefault(kind, len(names)))
    cluster_of = clusters(sketches, list(places))
    groups, kept_out = _groups(cluster_of, prompt_of, kind_of, list(names), points, held_out)
    given = assigned(list(groups.values()), list(shares.values()))
    called = list(shares)
    of_cluster = {cluster: called[number] for cluster, number in zip(groups, given, strict=True)}
    return Splits(
        {
            key: None if cluster_of[place] in kept_out else of_cluster[cluster_of[place]]
            for key, place in places.items()
        },
        held_out,
    )


def point(prompt: Prompt, seed: int) -> float:
    """Between 0 and 1, by the prompt and the seed alone."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{prompt_key(prompt)}".encode()).digest()[:8]) / 2**64


def _groups(
    cluster_of: list[int],
    prompt_of: Iterable[int],
    kind_of: Iterable[int],
    kinds: list[Kind],
    points: "array[float]",
    held_out: Collection[str],
) -> tuple[dict[int, Group], set[int]]:
    """The clusters by their first prompt, and those with a pair of a held-out scenario."""
    import numpy as np

    clusters = np.asarray(cluster_of, np.int64)
    each = clusters[np.fromiter(prompt_of, np.int64)] * len(kinds) + np.fromiter(kind_of, np.int64)
    least = np.full(len(clusters), 2.0)
    np.minimum.at(least, clusters, np.asarray(points))
    groups: dict[int, Group] = {}
    kept_out: set[int] = set()
    same: dict[Kinds, Kinds] = {}  # most groups are one pair, and of few kinds
    counted = zip(*(column.tolist() for column in np.unique(each, return_counts=True)), strict=True)
    for cluster, counts in groupby(counted, key=lambda one: one[0] // len(kinds)):
        found = tuple((kinds[both % len(kinds)], count) for both, count in counts)
        if any(scenario in held_out for (scenario, _), _ in found):
            kept_out.add(cluster)
        else:
            groups[cluster] = Group(float(least[cluster]), same.setdefault(found, found))
    return groups, kept_out
