"""The one door to phonenumbers and stdnum: kinds of personal data in a text. What was found is told to nobody."""

import re
from collections.abc import Callable

# Addresses of the domains that are kept for examples (RFC 2606) are nobody's.
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?!(?:[\w-]+\.)*(?:example|test|invalid)\b)(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE
)
_DIGITS = re.compile(r"\d(?:[ ()/.-]{0,3}\d){6,}")
_CARD = re.compile(r"(?<!\d)(?<!\d\.)\d(?:[ -]?\d){12,18}(?!\.?\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")


def kinds(text: str) -> tuple[str, ...]:
    """Of `email`, `phone`, `card`, `iban` and `ssn` those that stand in the text.

    Numbers count where their check digits are right, or where they are of a length and grouping that a country gives
    out: telephone numbers with the code of their country, or as they are written in the USA.
    """
    found = []
    if _EMAIL.search(text):
        found.append("email")
    if _DIGITS.search(text):
        looked_for: tuple[tuple[str, Callable[[str], bool]], ...]
        looked_for = (("phone", _phone), ("card", _card), ("iban", _iban), ("ssn", _ssn))
        found += [kind for kind, stands_in in looked_for if stands_in(text)]
    return tuple(found)


def _phone(text: str) -> bool:
    from phonenumbers import Leniency, PhoneNumberMatcher

    return PhoneNumberMatcher(text, "US", leniency=Leniency.STRICT_GROUPING, max_tries=100).has_next()


def _card(text: str) -> bool:
    """Thirteen to nineteen digits with a right last one, as ISO 7812 has them, that begin as networks' numbers do."""
    from stdnum import luhn

    return any(one[0][0] in "23456" and luhn.is_valid(re.sub(r"\D", "", one[0])) for one in _CARD.finditer(text))


def _iban(text: str) -> bool:
    """The number may be followed by words in capitals, so that shorter ones are tried too."""
    from stdnum import iban

    for one in _IBAN.finditer(text):
        parts = one[0].split()
        if any(iban.is_valid("".join(parts[:end])) for end in range(len(parts), 0, -1)):
            return True
    return False


def _ssn(text: str) -> bool:
    from stdnum.us import ssn

    return any(ssn.is_valid(one[0]) for one in _SSN.finditer(text))
