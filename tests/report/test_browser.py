"""The page in a real browser, from disk: what people do with it, in light and dark, wide and narrow."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.report.chromium import CHROMIUM, Page, browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium; apt-get install chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Page]:
    with browser() as opened:
        opened.size(1400, 900)
        yield opened


def listed(tab: Page) -> list[str]:
    return list(tab.run("[...document.querySelectorAll('.row .id')].map(one => one.textContent)"))


def status(tab: Page) -> str:
    return str(tab.run("document.getElementById('status').textContent"))


def shown(tab: Page) -> str:
    return str(tab.run("document.getElementById('detail').textContent"))


def choose(tab: Page, control: str, value: str) -> None:
    tab.run(f"document.getElementById({control!r}).value = {value!r}")
    tab.run(f"document.getElementById({control!r}).dispatchEvent(new Event('change'))")


def test_it_opens_from_disk_with_no_request_and_no_complaint(chromium: Page, page: Path) -> None:
    chromium.events.clear()
    chromium.open(page)
    assert status(chromium) == "22 of 22 rows"
    assert listed(chromium)[:2] == ["pair-1", "pair-2"]
    assert {address.split("#")[0] for address in chromium.asked_for()} <= {"about:blank", page.as_uri()}
    assert chromium.complaints() == []


def test_a_response_with_a_script_in_it_stays_text(chromium: Page, page: Path) -> None:
    chromium.open(page, "#row=pair-21")
    chromium.until("document.querySelector('#detail h3')")
    assert "</script><script>window.broken = 1</script><img" in shown(chromium)
    assert chromium.run("typeof window.broken") == "undefined"
    assert chromium.run("document.querySelectorAll('#detail img, #detail script').length") == 0


def test_the_address_leads_to_a_pair_with_both_orders_side_by_side(chromium: Page, page: Path) -> None:
    chromium.open(page, "#row=pair-13")
    chromium.until("document.querySelector('#detail h3')?.textContent === 'pair-13'")
    left, right = chromium.run(
        "[...document.querySelectorAll('#detail .side')].filter(one => /shown first/.test(one.textContent))"
        ".map(one => [one.querySelector('.tag').textContent, one.getBoundingClientRect().top])"
    )
    assert (left[0], right[0]) == ("a", "b")
    assert left[1] == right[1]
    assert "verdict flips" in shown(chromium)
    chromium.open(page, "#row=nobody")
    assert status(chromium).endswith("nobody is not among them")


def test_filters_work_together_and_stand_in_the_address(chromium: Page, page: Path) -> None:
    chromium.open(page)
    choose(chromium, "fate", "order_unstable: verdict flips")
    assert listed(chromium) == ["pair-13", "pair-14", "pair-15", "pair-16"]
    choose(chromium, "scenario", "others")
    assert listed(chromium) == ["pair-14", "pair-16"]
    address = str(chromium.run("location.hash"))
    chromium.open(page, address)
    assert listed(chromium) == ["pair-14", "pair-16"]
    chromium.run("document.getElementById('clear').click()")
    choose(chromium, "verdict", "o:a/b")
    assert listed(chromium) == ["pair-13", "pair-14", "pair-15", "pair-16"]
    chromium.run("document.getElementById('clear').click()")
    choose(chromium, "human", "differ")
    assert listed(chromium) == ["pair-3", "pair-6", "pair-9", "pair-12"]


def test_a_bar_of_the_charts_leads_to_its_pairs(chromium: Page, page: Path) -> None:
    chromium.open(page)
    chromium.run(
        "[...document.querySelectorAll('#reasons a')].find(one => one.textContent === 'verdict flips').click()"
    )
    chromium.until("document.getElementById('status').textContent === '4 of 22 rows'")


def test_typing_searches_every_text_and_marks_what_it_finds(chromium: Page, page: Path) -> None:
    chromium.open(page)
    chromium.run("document.body.focus()")
    chromium.press("/")
    chromium.type("NEEDLE-</sc")
    chromium.until("document.getElementById('status').textContent === '1 of 22 rows'")
    assert listed(chromium) == ["pair-21"]
    chromium.press("ArrowDown")
    chromium.until("document.querySelector('#detail h3')?.textContent === 'pair-21'")
    assert chromium.run("[...CSS.highlights.get('found')].map(one => one.toString())") == ["needle-</sc"]
    chromium.open(page, "#q=i+cannot+tell")
    chromium.until("document.getElementById('status').textContent === '1 of 22 rows'")
    assert listed(chromium) == ["pair-20"]


def test_keys_go_up_and_down_the_list(chromium: Page, page: Path) -> None:
    chromium.open(page)
    chromium.run("document.getElementById('list').focus()")
    for key, expected in (("ArrowDown", "pair-1"), ("ArrowDown", "pair-2"), ("ArrowUp", "pair-1"), ("End", "no id")):
        chromium.press(key)
        chromium.until(f"document.querySelector('#detail h3')?.textContent === {expected!r}")
        active = chromium.run("document.getElementById(list.getAttribute('aria-activedescendant')).textContent")
        assert expected in str(active)
        assert chromium.run("document.querySelectorAll('[aria-selected=true]').length") == 1


def test_a_quotation_that_is_chosen_is_shown_in_the_response(chromium: Page, page: Path) -> None:
    chromium.open(page, "#row=pair-22")
    chromium.until("document.querySelector('#detail q.response')")
    chromium.run("document.querySelector('#detail q.response').click()")
    place = "one.startContainer.parentElement.closest('.response').id"
    found = chromium.run(f"[...CSS.highlights.get('quoted')].map(one => [one.toString(), {place}])")
    assert found == [["Green tea is best served hot", "response-a"]]
    assert chromium.run("document.querySelectorAll('#detail .two q.nowhere').length") == 1


@pytest.mark.parametrize("width", [400, 1400])
def test_the_page_is_as_wide_as_the_window(chromium: Page, page: Path, width: int) -> None:
    chromium.size(width, 800)
    chromium.open(page, "#row=pair-21")
    chromium.until("document.querySelector('#detail h3')")
    assert chromium.run("document.documentElement.scrollWidth") == width
    chromium.size(1400, 900)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_can_be_read_in_light_and_dark(chromium: Page, page: Path, dark: bool) -> None:
    chromium.size(1400, 900, dark=dark)
    chromium.open(page, "#row=pair-22")
    chromium.until("document.querySelector('#detail q.nowhere')")
    ground = "getComputedStyle(document.body).backgroundColor"
    before = chromium.run(ground)
    assert (sum(map(int, str(before)[4:-1].split(","))) < 3 * 128) == dark
    least, where = chromium.run(Path(__file__).with_name("contrast.js").read_text())
    assert least >= 4.5, where
    chromium.run("document.getElementById('theme').click()")  # light
    assert (chromium.run(ground) != before) == dark
    chromium.run("document.getElementById('theme').click()")  # dark
    assert (chromium.run(ground) != before) != dark
    chromium.run("document.getElementById('theme').click()")  # as the system has it
    assert chromium.run(ground) == before
    chromium.size(1400, 900)
