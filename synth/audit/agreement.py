"""How often the teacher says what people say. Verdicts are numbers as in `synth.audit.labelled`."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synth.audit.intervals import Array, Counts, Estimate, mean, of_table, resampled, share

_VERDICTS = (1.0, 0.0, -1.0)


def agreement(verdict: Array, human: Array) -> Estimate:
    """The share of pairs with both, in which both are the same. A tie is a label like the others."""
    both = _there(verdict, human)
    return mean((verdict == human)[both].astype(float))


def agreement_without_ties(verdict: Array, human: Array) -> Estimate:
    """The same over pairs in which neither says tie (MT-Bench, section 4.2, setup S2)."""
    decided = (verdict != 0) & (human != 0)
    return agreement(verdict[decided], human[decided])


def agreement_flips_as_ties(ab: Array, ba: Array, human: Array) -> Estimate:
    """Over all pairs that were compared in both orders; verdicts that differ are a tie (MT-Bench, section 4.2, S1)."""
    both = _there(ab, ba)
    return agreement(np.where(ab == ba, ab, 0.0)[both], human[both])


def strict_agreement(ab: Array, ba: Array, human: Array) -> Estimate:
    """Right in both orders, over all pairs that were compared in both (Auto-J, section 6.1)."""
    both = _there(ab, ba, human)
    return mean(((ab == human) & (ba == human))[both].astype(float))


def asked_once(ab: Array, ba: Array, human: Array) -> Estimate:
    """What one question brings, in whichever order: the mean of both orders' agreement, pair by pair."""
    both = _there(ab, ba, human)
    return mean((((ab == human).astype(float) + (ba == human)) / 2)[both])


def consistency(ab: Array, ba: Array) -> Estimate:
    """The same verdict in both orders (MT-Bench, section 4.1; Auto-J, section 6.1)."""
    both = _there(ab, ba)
    return mean((ab == ba)[both].astype(float))


def cohens_kappa(verdict: Array, human: Array) -> Estimate:
    """Agreement beyond what both would have by chance, from how often each says a, tie and b (Cohen 1960).

    Where they always agree every resample says 1; the lower bound is then what Wilson's of the agreement comes to.
    """
    table = np.array([[np.sum((verdict == mine) & (human == theirs)) for theirs in _VERDICTS] for mine in _VERDICTS])
    found = of_table(table, _kappa)
    if found.value != 1 or (least := share(found.n, found.n).low) is None:
        return found
    by_chance = float(((np.diag(table) / found.n) ** 2).sum())
    return replace(found, low=(least - by_chance) / (1 - by_chance))


def _kappa(tables: Counts) -> Array:
    shares = tables / tables.sum(axis=(-2, -1), keepdims=True)
    same = np.trace(shares, axis1=-2, axis2=-1)
    by_chance = (shares.sum(axis=-1) * shares.sum(axis=-2)).sum(axis=-1)
    return np.where(np.isclose(by_chance, 1), np.nan, (same - by_chance) / (1 - by_chance))


def krippendorffs_alpha(votes: Array) -> Estimate:
    """Agreement among annotators beyond chance, nominal (Krippendorff, "Content Analysis", chapter 12).

    `votes` are counts of a, tie and b, of shape (n, 3); pairs with fewer than two votes say nothing and do not count.
    """
    return resampled(_alpha, votes[votes.sum(axis=1) > 1])


def alpha_with_teacher(votes: Array, verdict: Array) -> Estimate:
    """The same over the same pairs, with the teacher as one more annotator: lower, where it does not fit in."""
    said = np.stack([verdict == one for one in _VERDICTS], axis=1)
    return resampled(_alpha, (votes + said)[votes.sum(axis=1) > 1])


def _alpha(votes: Array) -> float:
    import krippendorff

    if (votes.sum(axis=0) > 0).sum() < 2:
        return float("nan")  # everybody always says the same: there is no chance to be better than
    return float(krippendorff.alpha(value_counts=votes, level_of_measurement="nominal"))


def _there(*columns: Array) -> NDArray[np.bool_]:
    return np.logical_not(np.isnan(np.stack(columns)).any(axis=0))
