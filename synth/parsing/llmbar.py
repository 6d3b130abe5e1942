"""Free-text replies that call the responses "Output (a)" and "Output (b)", as LLMBar's judges were asked to write.

The prompts are those of LLMBar (Zeng et al., "Evaluating Large Language Models at Evaluating Instruction Following",
ICLR 2024). They ask which output is better and forbid a tie. The names are slots: "Output (a)" was shown first.

A reply is read by its claims, the places where the judge itself says which output is better:

1. `NAME_ALONE`: the first or the last line is the name of one output and nothing else.
2. `CLAIMS`: a sentence calls one output the better one as a whole, in one of a few wordings.

A wording of 2 does not count where the sentence says it otherwise (`NOT_OWN`): it reports what somebody else holds,
denies it, makes it depend on a condition, or speaks of both outputs at once. "Better at", "better suited" and the like
praise one side of an output and are no claim. Whatever is left must name one output: no claim and claims for both
are failures, and so is a declared tie, which the prompts do not allow.
"""

import re
from dataclasses import dataclass

from synth.domain import Order, PairwiseJudgment, ParseFailure
from synth.parsing.slots import Slot, verdict_of_slot

_NAME = r"output\s?\((?P<slot>[ab])\)"
_NAMED = r"output\s?\([ab]\)"
_ADVERBS = (
    r"(?:(?:actually|certainly|clearly|considered|deemed|definitely|generally|indeed|much|overall|slightly|still"
    r"|the|a|an|to be) )*"
)
_IS = rf"(?:is|was|would be|(?:seems|appears) to be|stands out as|emerges as) {_ADVERBS}"
_THING = r"(?:choice|option|output|response|answer|one)"
_TASK = r"(?:the|this) (?:given )?(?:instruction|task|prompt|question)"
# What may follow for a claim to be about the output as a whole: not "at", "in terms of", "suited", "if".
_END = (
    r"(?!,? (?:but )?(?:only|if|unless)\b)"
    r"(?=$|[.,;:!)\"]| (?:because|as(?! an? )|since|due|over|and|for (?:several|the following|these) reasons)\b)"
)
_WHOLE = (
    rf"(?: {_THING})?(?: overall)?(?: (?:than|to|over) {_NAMED})?"
    rf"(?: (?:for|given|to) {_TASK}(?: (?:of|on|to|about) [^,.;:]{{1,80}})?| in this case)?{_END}"
)
_SAYER = (
    r"\b(?:assistants?|evaluators?|judges?|users?|some|others|they|he|she"
    r"|(?:it|one) (?:can|could|may|might)(?! (?:be )?conclude))\b"
)
_SAYS = (
    r"\b(?:argu|assert|believ|claim|conclud|consider|contend|evaluat|feel|find|hold|insist|maintain|reason|say|stat"
    r"|suggest|think)\w*"
)
_NOT_ME = r"(?:(?!\b(?:I|we)\b).)*"

NAME_ALONE = re.compile(rf"{_NAME}[.!]?", re.IGNORECASE)

CLAIMS: dict[str, re.Pattern[str]] = {
    "it is better": re.compile(
        rf"{_NAME},? (?:wins|{_IS}(?:better|best|superior|preferable|preferred|winner)){_WHOLE}", re.IGNORECASE
    ),
    "the better one is": re.compile(
        rf"\b(?:better|best|preferred|superior) {_THING}(?: (?:for|given|to) [^,.;:]{{1,80}}?)?(?: is|:) {_NAME}{_END}",
        re.IGNORECASE,
    ),
    "this makes it the better one": re.compile(
        rf"\bmak(?:es|ing) {_NAME} (?:the|a) better {_THING}{_WHOLE}", re.IGNORECASE
    ),
    "the verdict is": re.compile(rf"\b(?:answer|choice|decision|verdict|winner)(?: is|:) {_NAME}{_END}", re.IGNORECASE),
    "I choose": re.compile(
        rf"\bI (?:(?:would|will|must|therefore) )*(?:choose|pick|prefer|select|go with) {_NAME}{_END}", re.IGNORECASE
    ),
}

_WORDS_OF_CLAIMS = (
    "better", "best", "superior", "prefer", "winner", "wins", "answer", "choice", "decision", "verdict", "choose",
    "pick", "select", "go with",
)  # fmt: skip

# Each is matched against the words of the sentence that stand before a claim.
NOT_OWN: dict[str, re.Pattern[str]] = {
    "reported": re.compile(
        rf"{_SAYER}{_NOT_ME}{_SAYS} (?:that\b{_NOT_ME})?$|\bthe (?:argument|claim|idea|view) that $"
        rf"|\baccording to {_SAYER}[^,]*, $",
        re.IGNORECASE,
    ),
    "denied": re.compile(
        r"\b(?:den(?:y|ies)|disagree|doubt)\b[^,;]*$"
        r"|(?:\b(?:cannot|hardly|never|not)|n[\u2019']t) (?:\w+ )?"
        r"(?:agree|believe|case|certain|clear|find|imply|mean|obvious|say|sure|think|true)\b[^,;]*$",
        re.IGNORECASE,
    ),
    "conditional": re.compile(
        r"(?<!even )\b(?:if|unless|assuming|suppose|supposing)\b(?!.*\b(?:so|therefore|thus|hence)\b)|\bwhether $",
        re.IGNORECASE,
    ),
    "about both": re.compile(rf"{_NAMED},? (?:and|or|nor) $|\b(?:neither|either) $", re.IGNORECASE),
}

TIE = re.compile(
    r"\bequally (?:good|bad|valid|acceptable)\b|\b(?:is|are) (?:a tie|tied)\b|\bneither output\b.*\bbetter\b",
    re.IGNORECASE,
)

_BEFORE = 500  # characters: a sentence without an end may be as long as the reply
_MARKDOWN = re.compile(r"[*_`#>]+")
_SENTENCE_END = re.compile(r"\n+|(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Claim:
    """The judge's own statement that the output in `slot` is better, and the sentence that makes it."""

    slot: Slot
    sentence: str


def parse(reply: str, order: Order) -> PairwiseJudgment | ParseFailure:
    """The judgment a reply states, by identity; its text is kept as the comparison."""
    verdict = find_verdict(reply)
    if isinstance(verdict, ParseFailure):
        return verdict
    return PairwiseJudgment(order=order, verdict=verdict_of_slot(verdict.slot, order), comparison=reply.strip())


def find_verdict(reply: str) -> Claim | ParseFailure:
    """The claim a reply's verdict is read from, the last one where it is made more than once."""
    text = _MARKDOWN.sub("", reply).strip()
    if not text:
        return ParseFailure("the reply is empty", raw=reply)
    found = _found(text)
    if not found:
        tie = "the reply declares a tie, which the prompt does not allow"
        return ParseFailure(tie if TIE.search(text) else "the reply names no output as the better one", raw=reply)
    if len({claim.slot for claim in found}) > 1:
        return ParseFailure("the reply contradicts itself: it names each output as the better one", raw=reply)
    return found[-1]


def claims(reply: str) -> list[Claim]:
    """Every claim of a reply, whichever outputs they name."""
    return _found(_MARKDOWN.sub("", reply).strip())


def _found(text: str) -> list[Claim]:
    return [*_names_alone(text), *_claims(text)]


def _names_alone(text: str) -> list[Claim]:
    lines = [NAME_ALONE.fullmatch(line.strip()) for line in text.split("\n")]
    if len({match["slot"].lower() for match in lines if match}) > 1:
        return []  # headings
    return [_claim(match, match.group()) for match in (lines[0], lines[-1]) if match]


def _claims(text: str) -> list[Claim]:
    return [
        _claim(match, sentence)
        for sentence in _SENTENCE_END.split(text)
        if _may_claim(sentence)
        for wording in CLAIMS.values()
        for match in wording.finditer(sentence)
        if not any(guard.search(sentence, max(0, match.start() - _BEFORE), match.start()) for guard in NOT_OWN.values())
    ]


def _may_claim(sentence: str) -> bool:
    """Whether it is worth the search: all claims have a bracket, and in ASCII one of these words."""
    if "(" not in sentence:
        return False
    lower = sentence.lower()
    return any(word in lower for word in _WORDS_OF_CLAIMS) or not sentence.isascii()


def _claim(match: re.Match[str], sentence: str) -> Claim:
    return Claim(1 if match["slot"].lower() == "a" else 2, sentence)
