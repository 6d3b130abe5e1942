"""What a terminal can be shown of texts that others wrote."""

import re

# Control characters of both sets, line ends, and marks that turn the direction of what follows. Joiners and spaces of
# other scripts are left.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escaped(line: str) -> str:
    """On one line, with escapes for what a terminal would obey."""
    return _OBEYED.sub(lambda found: ascii(found[0])[1:-1], line)
