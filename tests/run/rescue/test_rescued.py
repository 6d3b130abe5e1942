"""What came of asking again: counted as pairs pass, and held against people's labels."""

from dataclasses import replace

from filters import Dropped
from synth.domain import AskedAgain, JudgedPair, Verdict
from synth.run.rescue.rescued import Rescued
from tests.filters.judged import AB, BA, A, B, compared, judged


def pair(verdict: Verdict, label: Verdict | None = None, after: str = "") -> JudgedPair:
    one = judged(compared(AB, verdict), compared(BA, verdict))
    again = AskedAgain("big", after, "a reason") if after else None
    return replace(one, pair=replace(one.pair, human_label=label), again=again)


def test_pairs_are_counted_by_the_first_objection_and_by_the_last() -> None:
    rescued = Rescued("big")
    rescued.see(pair(A), None)
    rescued.see(pair(A), Dropped("duplicate", "duplicate", ""))
    rescued.see(pair(A, after="order_unstable"), None)
    rescued.see(pair(A, after="order_unstable"), Dropped("leaky", "names a model", ""))
    rescued.see(pair(A, after="malformed"), None)
    assert rescued.record() == {
        "by": "big",
        "asked_again": 3,
        "rescued": 2,
        "still_dropped": {"leaky": {"names a model": 1}},
        "first_objection": {
            "malformed": {"asked_again": 1, "rescued": 1},
            "order_unstable": {"asked_again": 2, "rescued": 1},
        },
    }
    assert rescued.text() == (
        "Rescue by big: 3 pairs asked again, 2 rescued, 1 still dropped (1 names a model)\n"
        "  asked again for: 2 order_unstable, 1 malformed"
    )


def test_agreement_is_of_kept_pairs_with_a_label_and_apart_for_the_rescued() -> None:
    rescued = Rescued("big")
    for verdict, label, after in ((A, A, ""), (B, B, ""), (A, B, "malformed"), (A, A, "malformed"), (A, None, "leaky")):
        rescued.see(pair(verdict, label, after), None)
    rescued.see(pair(A, B, "malformed"), Dropped("malformed", "empty", ""))
    assert (rescued.agreement(rescued=True).value, rescued.agreement(rescued=True).n) == (0.5, 2)
    assert (rescued.agreement(rescued=False).value, rescued.agreement(rescued=False).n) == (1.0, 2)
    assert rescued.record()["agreement"]["rescued"]["n"] == 2
    assert "agreement with human labels: rescued 0.500 [" in rescued.text()


def test_where_nothing_was_to_be_mended_that_is_said() -> None:
    assert Rescued("big").text() == "Rescue: no pair had to be asked about again"
