import re
from pathlib import Path

import pytest

from synth.run.finished import config_of
from synth.run.folder import RunFolder
from synth.run.report import write_report
from tests.report.conftest import HOSTILE, QUOTED
from tests.report.unpacking import examples

HERE = Path(write_report.__code__.co_filename).parents[1] / "report"


@pytest.fixture(scope="module")
def html(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_a_finished_run_has_every_row_in_its_page(html: str) -> None:
    index, every = examples(html)
    assert len(every) == len(index["id"]) == 20 + 2
    fates = [" ".join(index["fates"][fate]) for fate in index["fate"]]
    by_id = dict(zip(index["id"], zip(fates, every, strict=True), strict=True))
    assert by_id["pair-13"][0] == "order_unstable verdict flips"
    assert by_id["pair-20"][0].startswith("malformed")
    assert by_id["pair-20"][1]["failures"][0][3] == "I cannot tell."
    assert by_id["pair-21"][1]["a"].startswith(f"Well: {HOSTILE}")
    assert by_id["pair-23"][1]["prompt"] == [["system", "Be short."], ["user", "And a turn?"]]
    assert by_id["pair-24"][0] == "input identical responses"
    (unreadable,) = (one for fate, one in zip(fates, every, strict=True) if fate == "input unreadable row")
    assert '"pair-25"' in unreadable["raw"]


def test_quotations_of_a_run_are_marked(html: str) -> None:
    index, every = examples(html)
    said = every[index["id"].index("pair-22")]["orders"]["ab"]["comparison"]
    start, end, where = said["quotes"][0]
    assert (said["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le"), where) == (QUOTED, "response")
    assert said["quotes"][1][2] == "nowhere"


def test_nothing_of_a_response_is_markup(html: str) -> None:
    assert "window.broken" not in html
    scripts = re.findall(r"<script[^>]*>", html)
    index, _ = examples(html)
    assert scripts.count("<script>") == 1
    assert len(scripts) == 1 + 1 + len(index["starts"])


def test_names_of_a_run_are_escaped(finished: RunFolder, tmp_path: Path) -> None:
    name = '<b onload="x">&amp;'
    copy = RunFolder(tmp_path / name)
    copy.path.mkdir()
    for file in (finished.manifest, finished.kept, finished.dropped, finished.pairs, finished.judgments):
        text = file.read_bytes()
        (copy.path / file.name).write_bytes(text.replace(b'"big"', b'"<i>big</i>"') if file.suffix == ".json" else text)
    html = write_report(copy, config_of(finished)).read_text(encoding="utf-8")
    assert "<h1>&lt;b onload=&#34;x&#34;&gt;&amp;amp;</h1>" in html
    assert "<b>&lt;i&gt;big&lt;/i&gt;</b>" in html
    assert "<i>" not in html


def test_the_page_asks_for_nothing_from_outside(html: str) -> None:
    assert "default-src 'none'" in html
    assert not re.findall(r"(?:src|href)=[\"'](?!#)", html)
    assert not re.findall(r"@import|url\(|https?://", html)


def test_the_same_run_makes_the_same_bytes(finished: RunFolder) -> None:
    before = finished.report.read_bytes()
    assert write_report(finished, config_of(finished)).read_bytes() == before


def test_a_page_that_cannot_hold_all_rows_says_so_and_has_some_of_each_fate(
    finished: RunFolder, tmp_path: Path
) -> None:
    before = finished.report.read_text(encoding="utf-8")
    try:
        html = write_report(finished, config_of(finished), most_rows=10).read_text(encoding="utf-8")
    finally:
        finished.report.write_text(before, encoding="utf-8")
    index, every = examples(html)
    assert len(every) == 10
    assert "10 of 22 rows, spread over reasons and scenarios" in html
    assert {tuple(one) for one in index["fates"]} == {tuple(one) for one in examples(before)[0]["fates"]}
    assert "kept, " in html


def test_script_and_template_speak_of_the_same_elements() -> None:
    script, template = (HERE / "report.js").read_text(), (HERE / "report.html.jinja2").read_text()
    asked = set(re.findall(r'\bat\("([\w-]+)"\)', script)) - {"response-a", "response-b"}
    assert asked
    assert asked <= set(re.findall(r'\bid="([\w-]+)"', template))
    assert "innerHTML" not in script
