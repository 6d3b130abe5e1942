"""Words that a number or a text decides: rows and critiques that differ as real ones do, and the same every time."""

import hashlib

_LIKENESSES = """amber brisk calm dense early faint gentle hollow idle jolly keen late mellow narrow open plain quick
round sharp tall upper vivid warm young bold clear dry even firm grand humid inner""".split()
_THINGS = """apple bridge candle desert engine forest garden harbour island jacket kettle ladder market needle orchard
pencil quarry river saddle tunnel umbrella valley window yard anchor basket cellar drawer envelope feather glacier
hammer""".split()


def words(of: object) -> str:
    """As "the calm bridge, the vivid kettle and the dry anchor": one of a thousand million."""
    digest = hashlib.sha256(str(of).encode()).digest()
    one, other, last = (
        f"the {_LIKENESSES[digest[place] % 32]} {_THINGS[digest[place + 1] % 32]}" for place in (0, 2, 4)
    )
    return f"{one}, {other} and {last}"
