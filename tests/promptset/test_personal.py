"""Which personal data is found in a text. All numbers here are made up, or kept for examples."""

import pytest

from synth.promptset.personal import kinds

FOUND = {
    "Write to jane.doe+x@tea-shop.co.uk please": ("email",),
    "Ring +49 30 901820 tomorrow": ("phone",),
    "Ring (415) 555-2671 tomorrow": ("phone",),
    "My card is 4111 1111 1111 1111.": ("card",),
    "Pay to DE89 3704 0044 0532 0130 00 TODAY AT NOON": ("iban",),
    "SSN: 536-22-1234": ("ssn",),
    "I am jo@tea.org, card 5500-0000-0000-0004": ("email", "card"),
}
NOT_FOUND = [
    "",
    "Mail somebody@example.com or x@shop.test",
    "My card is 4111 1111 1111 1112.",
    "Pay to DE89 3704 0044 0532 0130 01",
    "def area(x): return x @ y.T  # 3.14159265358979",
    "From 1998 to 2024 it grew from 12345678 to 1234567890123.",
    "arXiv 2306.05685, ISBN 978-3-16-148410-0, version 10.0.19041.1",
    "SSN: 078-05-1120 is the one that was printed on wallets",
    "2024-01-31 12:30:45",
    "x" * 100_000,
]


@pytest.mark.parametrize(("text", "found"), FOUND.items())
def test_it_is_found(text: str, found: tuple[str, ...]) -> None:
    assert kinds(text) == found


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert kinds(text) == ()
