"""Every help shows how its command is typed, as a line that can be copied and that the command line takes."""

import re
import shlex
from collections.abc import Iterator

import pytest
from rich.text import Text
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from winnow.cli.main import app

ROOT = get_command(app)
LINE = re.compile(r"^Example: `(.+?)`", re.MULTILINE)
BLOCK = re.compile(r"for example:\n\n((?: {4}.+\n?)+)", re.IGNORECASE)
VARIABLES = re.compile(r"^(?:WINNOW_\w+=\S+ )+")
"""Of the environment, set for the one command."""


def tree(command: TyperCommand | TyperGroup, words: str = "winnow") -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    yield words, command
    for name, below in getattr(command, "commands", {}).items():
        yield from tree(below, f"{words} {name}")


def examples_of(command: TyperCommand | TyperGroup) -> list[str]:
    told = command.help or ""
    return LINE.findall(told) + [line.strip() for block in BLOCK.findall(told) for line in block.splitlines()]


COMMANDS = dict(tree(ROOT))
EXAMPLES = sorted({example for command in COMMANDS.values() for example in examples_of(command)})


@pytest.mark.parametrize("words", COMMANDS)
def test_every_help_has_an_example_of_its_command(words):
    shown = [f"{VARIABLES.sub('', example)} " for example in examples_of(COMMANDS[words])]
    assert any(example.startswith(f"{words} ") for example in shown), "write `Example: ...` or a block below"


@pytest.mark.parametrize("words", COMMANDS)
def test_an_example_is_a_line_of_the_help(words):
    printed = CliRunner().invoke(app, [*words.split()[1:], "--help"], env={"COLUMNS": "120"}).output
    lines = [line.strip().removeprefix("Example: ") for line in Text.from_ansi(printed).plain.splitlines()]
    lost = [each for each in examples_of(COMMANDS[words]) if not any(line.startswith(each) for line in lines)]
    assert lost == [], "too long, or a block with no paragraph behind it"


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_typed(example):
    program, *words = shlex.split(VARIABLES.sub("", example).partition(" | ")[0])
    assert program == "winnow"
    command = ROOT
    while words and isinstance(command, TyperGroup) and not words[0].startswith("-"):
        assert words[0] in command.commands
        command = command.commands[words.pop(0)]
    command.make_context(example, words)
