"""Documents in passages that a model is shown."""

from dataclasses import dataclass

MOST = 2000  # characters: a page
_LEAST = 200  # of a passage that stands alone; a shorter one goes to the one before it, which may be longer by that


@dataclass(frozen=True, slots=True)
class Passage:
    """`source` is the document's name, and the number of the passage in it (from 1)."""

    source: str
    text: str


def passages(name: str, text: str) -> list[Passage]:
    """A document in passages of about `MOST` characters at most, cut between paragraphs, or between
    words where a paragraph is longer."""
    made: list[str] = []
    for paragraph in (part.strip() for part in text.split("\n\n")):
        for piece in _pieces(paragraph):
            room = MOST + _LEAST if len(piece) < _LEAST else MOST
            if made and len(made[-1]) + len(piece) <= room:
                made[-1] += f"\n\n{piece}"
            else:
                made.append(piece)
    return [Passage(f"{name}#{number}", one) for number, one in enumerate(made, 1)]


def _pieces(paragraph: str) -> list[str]:
    made = []
    left = paragraph
    while len(left) > MOST:
        cut = left.rfind(" ", MOST // 2, MOST)
        cut = MOST if cut < 0 else cut
        made.append(left[:cut].rstrip())
        left = left[cut:].lstrip()
    return [*made, left] if left else made
