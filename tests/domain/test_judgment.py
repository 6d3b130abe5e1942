import pytest

from synth.domain import Order, Side


@pytest.mark.parametrize(("order", "first", "second"), [(Order.AB, Side.A, Side.B), (Order.BA, Side.B, Side.A)])
def test_an_order_says_which_response_is_shown_first(order: Order, first: Side, second: Side) -> None:
    assert (order.first, order.second) == (first, second)


def test_the_other_of_a_side_is_the_response_it_is_not() -> None:
    assert [side.other for side in (Side.A, Side.B)] == [Side.B, Side.A]
