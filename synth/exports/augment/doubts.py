"""What in a text may speak of the slots without naming one, so that nobody can tell what it becomes after a swap.

The rules are on the safe side: most of what they find speaks of something else, and costs one copy.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from filters.language import language
from filters.texts import words
from synth.exports.augment.names import FLIP, NOUN, Name

_IS = (
    r"(?:is|was|has|had|does|did|gives?|gave|provides?|offers?|includes?|lacks?|fails?|seems|appears|wins?|would|could"
    r"|should|beats|scores?|gets|stays|uses|explains|shows|because|over|for being)\b"
)
_KINDS = (
    r"(?:AI|agent|alternative|article|assistant|attempt|bot|chatbot|choice|code|email|entry|essay|explanation|function"
    r"|headline|implementation|joke|model|one|option|paraphrase|participant|poem|recipe|reviewer|rewrite"
    r"|script|snippet|solution|song|story|submission|suggestion|summary|system|tagline|text|title|translation|user"
    r"|variant|version|writer)"
)
# What is numbered within a response or a prompt.
_PARTS = (
    r"(?:aspect|attempt|case|chapter|class|criterion|day|January|February|March|April|May|June|July|August|September|October|November|December|equation|error|example|exercise|figure|goal|grade|group|idea"
    r"|item|issue|layer|level|line|method|mistake|number|page|paragraph|part|phase|plan|point|problem|question|reason"
    r"|requirement|row|rule|scene|section|sentence|sample|stage|stanza|step|table|task|test|tip|type|unit|verse"
    r"|vitamin|week|year)s?"
)
_OTHERS: dict[str, re.Pattern[str]] = {
    "a slot that there is not": re.compile(rf"\b{NOUN}s?[ \t]?[#(]?(?:\d+|[C-HJ-Z]|[a-z]\))(?![\w'])"),
    "a bare number": re.compile(
        rf"(?:^|(?<=[^\w.\s])\s?|\b(?:that|since|as|than|whereas|while|but|and|or|prefer|choose|both|so|of|over|with) )"
        rf"[#(]?[12]\)?(?:['\u2019]s\b| {_IS}| (?:and|or|vs\.?|to|over) [#(]?[12]\b)"
        r"|#[12]\b|\b(?i:number|no\.|nr\.?) (?:one|two|[12])\b|\bthan [12](?=[.,;!]|$)"
        r"|(?<!\w)(?i:r|a|resp|ans|score|critique)[_-]?[12](?!\w)|(?<!ating: )\[\[(?:[AB]|[12]\])"
    ),
    "a bare letter": re.compile(
        r"(?<![\w'\u2019.\-&])B(?![\w+#\-&/]|\.\w|['\u2019](?!s\b))"
        rf"|(?<![\w'\u2019.\-&])A(?:['\u2019]s\b| {_IS}| (?:and|or|vs\.?|versus|over|than) (?:B|b)\b|[,;:)])"
    ),
    "another thing with a number": re.compile(
        rf"\b(?!(?i:{_PARTS})\b)(?:(?i:{_KINDS})s?|[A-Z]\w+)(?: #?\(?|#|\()(?:[12]|[AB])\)?"
        rf"(?=['\u2019:;,)!?]|\s*$|\.(?!\d)|\s+{_IS}|\s+(?:and|or) )|[\u3040-\u9fff\uac00-\ud7a3] ?[12AB](?!\w)"
    ),
    "the first or second of something": re.compile(
        rf"\b(?i:the|this|that) (?i:first|second|1st|2nd) (?i:{_KINDS})s?\b"
        rf"|\b(?i:the) (?i:first|second|1st|2nd)(?=[,.;:)!?]|\s*$|['\u2019]s\b| (?:but|in|on|over|more|of) "
        rf"| (?:and|or) (?!(?:the )?(?:second|first|third|fourth|fifth|last)\b)| {_IS})"
        rf"|\b(?i:first|second) (?:and|or) (?:the )?(?i:first|second) {_KINDS}s?\b"
    ),
    "a place": re.compile(
        rf"\b(?i:previous|preceding|prior|earlier|next|following|subsequent|later|latest|last|initial|third|fourth)"
        rf"(?: \w+)? {NOUN}s?\b|\b(?i:left|top|bottom|upper|lower)(?:-hand)? (?i:response|assistant|one|candidate)\b"
        rf"|\b{NOUN} (?i:above|below)\b|\b(?i:one|that) (?:on the (?:left|right)|above|below)\b",
    ),
}
_OWNED = re.compile(r"(?:\b(?i:my|your|his|her|its|their|our|a|an|own|very|only)|\w['\u2019]s?) $")
_SCORES = re.compile(
    r"\d\s*(?:/\s*\d+)?\s*(?:vs\.?|versus|against|compared (?:to|with))\s*\d"
    r"|\b(?:scores?|scored|scoring|ratings?|rated|grades?|graded)\b[^.\n]{0,50}?\b\d+(?:/\d+)?,? (?:and|to|-) \d",
    re.IGNORECASE,
)
_RESPECTIVELY = re.compile(r"\brespectively\b|\bin (?:that|the reverse) order\b", re.IGNORECASE)
_FORMER = re.compile(
    r"\b(?i:the) (?P<mark>(?i:former|latter))\b(?:['\u2019]s\b)?"
    r"(?! (?:half|halves|parts?|portions?|sections?|stages?|years?|days?|(?:vice[- ])?presidents?|employees?|students?|"
    r"ministers?|players?)\b)"
    rf"(?P<noun> (?:\w+ )?{NOUN}\b)?"
)
_BOTH = re.compile(  # says the same of both, whichever is named first
    r"\b(?i:both|neither|either|between) \(?"
    r"(?:[12]\)? (?:and|or|nor) \(?[12]|[AB]\)? (?:and|or|nor) \(?[AB])\b\)?"
)
_ITEM = re.compile(r"(?:^|\n)[ \t>*_\-]*\(?(?P<one>\d{1,2}|[ABab])[.):](?=[\s*_])|(?<=\s)\(?(?P<inline>[12])\)(?=\s)")
_LISTED = re.compile(r"(?:^|\n)\s*\(?(?P<mark>1|2|A|B)[.):]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_ENGLISH = re.compile(
    r"\b(?:the|is|are|was|of|and|to|that|with|it|its|this|for|but|not|no|both|responses?|answer|better|more|than|a)\b",
    re.IGNORECASE,
)
_FEW, _ENOUGH = 4, 25  # words


def doubts(
    text: str, found: Sequence[Name], sources: Callable[[], str], *, compares: bool
) -> Iterator[tuple[str, str]]:
    """Reasons with what was found. `text` has gaps for its quotations; `compares` where it speaks of both responses."""
    for name in found:
        if not name.sure:
            yield "a name that may count something", text[name.start : name.end]
        if name.kind == "ordinal" and (match := _OWNED.search(text, 0, name.start)):
            yield "the first or second of something", match.group() + text[name.start : name.end]
    yield from _mixed(text, found)
    if found:
        yield from _elsewhere(text, found, sources())
    rest = _without(_BOTH.sub(_gap, text), found)
    listed = _ITEM.sub(_gap, rest)
    for reason, pattern in _OTHERS.items():
        if match := pattern.search(listed):
            yield reason, match.group()
    for start, end in _sentences(text) if compares else ():
        if {slot for name in found if start <= name.start < end for slot in name.slots} != {1, 2}:
            for pattern in (_SCORES, _RESPECTIVELY):
                if match := pattern.search(rest[start:end]):
                    yield "an order without names", match.group()
    yield from _list(text, found, compares=compares)
    if not _in_english(text.replace("\0", " ")):
        yield "not in English", text[:60]


def former(text: str, found: Sequence[Name]) -> Iterator[tuple[int, int] | None]:
    """The marks of "former response" and "latter response" that mean slots; None for what may be one or not.

    After the names of both, in its own sentence or the one before, the word goes by which is named first, and follows
    when the names are swapped.
    """
    sentences = list(_sentences(text))
    for match in _FORMER.finditer(text):
        place = next(index for index, (start, end) in enumerate(sentences) if start <= match.start() < end)
        since = sentences[max(0, place - 1)][0]
        before = [slot for name in found if since <= name.start < match.start() for slot in name.slots]
        if set(before) == {1, 2}:
            continue
        yield match.span("mark") if match["noun"] and not before else None


def _mixed(text: str, found: Sequence[Name]) -> Iterator[tuple[str, str]]:
    for kinds in ({name.kind for name in found} - {"ordinal"}, {name.noun for name in found if name.kind != "ordinal"}):
        if len(kinds) > 1:
            yield "names of several kinds", ", ".join(text[name.start : name.end] for name in found)[:80]


def _elsewhere(text: str, found: Sequence[Name], sources: str) -> Iterator[tuple[str, str]]:
    """Names that may be those of something in the prompt or in a response, as "Answer B" of a multiple choice."""
    for name in found:
        either = [text[name.start : name.end], *(_with(text, name, mark) for mark in name.marks)]
        listed = name.noun == "answer" and name.kind != "ordinal" and _is_listed(text, name, sources)
        if listed or any(one.casefold() in sources for one in either):
            yield "a name in the prompt or a response", either[0]


def _with(text: str, name: Name, mark: tuple[int, int]) -> str:
    other = FLIP.get(text[mark[0] : mark[1]].lower(), "")
    return text[name.start : mark[0]] + other + text[mark[1] : name.end]


def _is_listed(text: str, name: Name, sources: str) -> bool:
    marks = {text[start:end].casefold() for start, end in name.marks}
    return any(match["mark"].casefold() in marks for match in re.finditer(_LISTED.pattern, sources, re.IGNORECASE))


def _list(text: str, found: Sequence[Name], *, compares: bool) -> Iterator[tuple[str, str]]:
    """A list of two items, one of which names no slot: its numbers may be the slots. One of letters always may."""
    items = list(_ITEM.finditer(text))
    marks = [(item["one"] or item["inline"]).lower() for item in items]
    letters = any(mark.isalpha() for mark in marks)
    if not letters and (not compares or set(marks) - {"1", "2"} or not marks):
        return
    ends = [*(item.start() for item in items[1:]), len(text)]
    for item, end in zip(items, ends, strict=True):
        if not any(item.end() <= name.start < end for name in found):
            yield "a list of two", text[item.start() : item.start() + 60].strip()
            return


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE.finditer(text):
        yield start, match.end()
        start = match.end()
    yield start, len(text) + 1


def _without(text: str, found: Sequence[Name]) -> str:
    for name in found:
        text = text[: name.start] + "\0" * (name.end - name.start) + text[name.end :]
    return text


def _gap(match: re.Match[str]) -> str:
    return "\0" * len(match.group())


def _in_english(text: str) -> bool:
    said = words(text)
    if len(said) >= _ENOUGH:
        return language(text) in ("", "en")
    return (len(said) < _FEW and text.isascii()) or _ENGLISH.search(text) is not None
