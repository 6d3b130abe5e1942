"""A preview for people: pair by pair, with orders and responses side by side. The one door to rich."""

import os
import re
import sys

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from synth.cli import preview_rows as rows
from synth.run.plan import Plan
from synth.run.plan_text import text as plan_text
from synth.run.preview import Preview, Shown

_PIPED = 100  # columns, where there is no terminal
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # what could move the cursor; a response may hold anything


def console() -> Console:
    """As wide as the terminal. Colours only there."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if known else _PIPED, highlight=False)


def show(preview: Preview, *, prompts: bool, to: Console | None = None) -> None:
    """`prompts`: every message that was sent as a whole, a system message that several begin with once."""
    to = to or console()
    said: dict[str, str] = {}
    for number, one in enumerate(preview.shown, 1):
        pair = one.judged.pair
        to.rule(_text(f"{number}. {pair.id} [{pair.scenario}]", "bold"), align="left", characters="─")
        to.print(_text(rows.fate(one), "bold red" if one.dropped else "bold green"))
        to.print(_fields(one, short=not prompts))
        if prompts:
            for title, message in rows.messages(one, f"pair {number}", said):
                to.print(_text(title, "bold"))
                to.print(_text(message))
                to.print()
        to.print(_side_by_side(one))
    for line in rows.summary(preview):
        to.print(_text(line))
    to.print()


def show_cost(plan: Plan, *, to: Console | None = None) -> None:
    to = to or console()
    to.print(_text(rows.in_all(plan), "bold"), soft_wrap=True)
    to.print(_text(plan_text(plan)), soft_wrap=True)


def _fields(one: Shown, *, short: bool) -> Table:
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(no_wrap=True, style="cyan")
    grid.add_column(ratio=1, overflow="fold")
    for name, value in rows.named(one, short=short):
        grid.add_row(name, _text(value))
    return grid


def _side_by_side(one: Shown) -> Table:
    table = Table(box=box.HORIZONTALS, show_header=False, expand=True, padding=(0, 1))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for section in rows.sections(one):
        for index, (name, left, right) in enumerate(section):
            style = "" if index else "bold"
            if left or right:
                table.add_row(name, _text(left, style), _text(right, style))
        table.add_section()
    return table


def _text(text: str, style: str = "") -> Text:
    return Text(_CONTROL.sub("\ufffd", text.replace("\r\n", "\n")), style)
