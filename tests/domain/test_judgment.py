import pytest

from synth.domain import Order, Protocol, Side, Verdict


@pytest.mark.parametrize(("order", "first", "second"), [(Order.AB, Side.A, Side.B), (Order.BA, Side.B, Side.A)])
def test_an_order_says_which_response_is_shown_first(order: Order, first: Side, second: Side) -> None:
    assert (order.first, order.second) == (first, second)


def test_the_other_of_a_side_is_the_response_it_is_not() -> None:
    assert [side.other for side in (Side.A, Side.B)] == [Side.B, Side.A]


def test_the_words_that_tables_and_exports_hold() -> None:
    assert [str(word) for kind in (Side, Verdict, Order, Protocol) for word in kind] == [
        *("a", "b"),
        *("a", "b", "tie"),
        *("ab", "ba"),
        *("pairwise", "pointwise"),
    ]
