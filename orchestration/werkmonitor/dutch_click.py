"""The command line in Dutch: headings of help pages, and click's own usage errors in words. No commands here
(cli.py)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

import click
from typer.core import TyperCommand, TyperGroup

HEADINGS = {
    "Options": "Opties",
    "Commands": "Opdrachten",
    "Arguments": "Argumenten",
    "Positional arguments": "Argumenten",
}


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[OPTIES]").replace("COMMAND [ARGS]...", "OPDRACHT ...")
        super().write_usage(prog, args, prefix or "Gebruik: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(HEADINGS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().write_dl([(name, _in_dutch(text)) for name, text in rows], *args, **kwargs)


def _in_dutch(text: str) -> str:
    """What click adds to the explanation of an option."""
    text = text.replace("[required]", "[verplicht]").replace("[default: ", "[standaard: ")
    return re.sub(r"x>=(\d+)", r"\1 of meer", text)


class _Context(click.Context):
    formatter_class = _Formatter


class _Help:
    """The help option in Dutch, for commands and groups alike."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Toon deze uitleg."
        return option


class DutchCommand(_Help, TyperCommand):
    """A command whose help is in Dutch."""

    context_class = _Context

    def get_short_help_str(self, limit: int = 45) -> str:
        """In a list of commands the whole of its first line: cut off, it says too little."""
        return (self.help or "").partition("\n")[0]


class DutchGroup(_Help, TyperGroup):
    """A group of commands whose help is in Dutch."""

    context_class = _Context


def usage_sentence(error: click.UsageError) -> str:
    """A usage error of click in Dutch, with the command whose help explains more."""
    where = error.ctx.command_path if error.ctx else "werkmonitor"
    return f"{_sentence(error)} Zie: {where} --help"


def _sentence(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        options = [name for param in error.ctx.command.params for name in param.opts] if error.ctx else []
        return f"Onbekende optie {error.option_name}.{_nearest(error.option_name, options)}"
    if isinstance(error, click.exceptions.NoSuchCommand):
        group = error.ctx.command if error.ctx else None
        known = list(group.commands) if isinstance(group, click.Group) else []
        return f"Onbekende opdracht '{error.command_name}'.{_nearest(error.command_name, known)}"
    if isinstance(error, click.MissingParameter):
        return f"{_called(error.param)} ontbreekt."
    if isinstance(error, click.BadParameter):
        return f"De waarde van {_called(error.param)} kan niet: verwacht wordt {_wanted(error.param)}."
    if isinstance(error, click.BadOptionUsage):
        return f"Optie {error.option_name} heeft een andere schrijfwijze: geef er precies één waarde bij."
    return _other(error.message)


def _other(message: str) -> str:
    if "unexpected extra argument" in message:
        extra = message.partition("(")[2].rstrip(").")
        return f"Te veel argumenten: {extra}."
    if message.startswith("Missing command"):
        return "Er is geen opdracht gegeven."
    return "De opdracht is niet goed geschreven."


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Bedoelde u {near[0]}?" if near else ""


def _called(param: click.Parameter | None) -> str:
    if param is None:
        return "Een argument"
    if isinstance(param, click.Option):
        return f"optie {param.opts[0]}"
    return f"<{(param.metavar or param.name or '').lower()}>"


def _wanted(param: click.Parameter | None) -> str:
    kind = param.type if param else None
    if isinstance(kind, click.Choice):
        return f"een van {', '.join(str(choice) for choice in kind.choices)}"
    if isinstance(kind, click.IntRange) and kind.min is not None:
        return f"een geheel getal van {kind.min} of meer"
    if isinstance(kind, type(click.INT)):
        return "een geheel getal"
    return "een andere waarde"
