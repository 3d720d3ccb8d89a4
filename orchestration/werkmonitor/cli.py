"""The command `werkmonitor`: parses, calls, prints. No decisions here.

Figures and lists go to standard output, progress and messages to standard error. Everything heavier than parsing is
imported
inside a command, so that `werkmonitor --help` is there at once.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, cast

import click
import typer

from werkmonitor.core import clock, interrupt
from werkmonitor.core.types import ConfigurationError, WerkmonitorError
from werkmonitor.dutch_click import DutchCommand, DutchGroup, usage_sentence

if TYPE_CHECKING:
    from werkmonitor.core.types import CheckResult
    from werkmonitor.night import NightOutcome
    from werkmonitor.settings import Settings

SHOWN_LINES = 12
TYPER_INTERRUPTED = 130
BROKEN_OFF = "Afgebroken. Wat gepubliceerd was, staat er nog."
PHASES = ("ingest", "transform", "audit", "publish")


def _application(**more: Any) -> typer.Typer:
    return typer.Typer(
        cls=DutchGroup,
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        **more,
    )


app = _application(help="Van aanlevering naar een gepubliceerde, gecontroleerde monitor van een werkbedrijf.")
waiver_app = _application(help="Uitzonderingen op een mislukte controle: aanvragen, goedkeuren, bekijken.")
release_app = _application(help="Gepubliceerde releases: bekijken, vergelijken, terugzetten.")
verkennen_app = _application(help="De pagina's om zelf in de cijfers te zoeken: bouwen en bekijken.")
app.add_typer(waiver_app, name="waiver")
app.add_typer(release_app, name="release")
app.add_typer(verkennen_app, name="verkennen")

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="BESTAND", help="De configuratie; anders WERKMONITOR_CONFIG, anders ./werkmonitor.toml."
    ),
]
Door = Annotated[
    str | None,
    typer.Option("--door", metavar="NAAM", help="Uw aanmeldnaam; mag geen andere zijn dan die van het systeem."),
]


@app.callback()
def _common(
    context: typer.Context,
    config: Config = None,
    debug: Annotated[bool, typer.Option("--debug", help="Toon bij een fout de hele technische melding.")] = False,
) -> None:
    context.obj = {"config": config}


@app.command(cls=DutchCommand)
def run(
    context: typer.Context,
    config: Config = None,
    peildatum: Annotated[
        str | None, typer.Option(metavar="DATUM", help="De laatste dag die meetelt (JJJJ-MM-DD).")
    ] = None,
    leveringen_tot: Annotated[
        str | None, typer.Option("--leveringen-tot", metavar="DATUM", help="Alleen leveringen tot en met deze dag.")
    ] = None,
    tot: Annotated[
        str,
        typer.Option(
            "--tot", metavar="FASE", help="Stop na ingest, transform, audit of publish (alles).", show_default=False
        ),
    ] = "publish",
    nieuwe_sleutel: Annotated[
        bool, typer.Option("--nieuwe-sleutel", help="De sleutel is met opzet een andere dan de vorige keer.")
    ] = False,
    herkansen: Annotated[
        bool,
        typer.Option(
            "--herkansen", help="Wacht op wat vanzelf overgaat (een slot, een netwerkschijf) en probeer weer."
        ),
    ] = False,
) -> None:
    """Lees de aanleveringen in, reken, controleer, en publiceer of houd tegen."""
    settings = _settings(context, config)
    outcome = _run(
        settings,
        os.environ,
        _day(peildatum, "--peildatum"),
        _day(leveringen_tot, "--leveringen-tot"),
        tot,
        nieuwe_sleutel,
        herkansen,
    )
    raise typer.Exit(outcome.exit_code)


@app.command(cls=DutchCommand)
def demo(
    map_: Annotated[Path, typer.Argument(metavar="MAP", help="Waar de voorbeeldorganisatie komt.", show_default=False)],
    personen: Annotated[
        int, typer.Option(min=1, metavar="AANTAL", help="Hoeveel mensen een uitkering hebben.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, metavar="GETAL", help="Hetzelfde getal geeft dezelfde gegevens.")] = 1,
    fouten: Annotated[
        bool, typer.Option("--fouten", help="Met fouten in de aanleveringen, om de controles te zien.")
    ] = False,
    run: Annotated[bool, typer.Option("--run", help="Draai de nacht er meteen op.")] = False,
) -> None:
    """Maak een volledige voorbeeldorganisatie met verzonnen mensen."""
    from werkmonitor.example import make_example, measured_lines, nights

    report = make_example(map_, personen, seed, fouten)
    # What came out is printed once: from the rows, or from the release when there will be one.
    for line in report.lines(with_aims=not run) if report else [f"De voorbeeldorganisatie in {map_} staat er al."]:
        print(line)
    environment = {**os.environ, "WERKMONITOR_SLEUTEL_BESTAND": str(map_ / "sleutel")}
    environment.pop("WERKMONITOR_SLEUTEL", None)
    if not run:
        print("Draai haar met:")
        print(f"  WERKMONITOR_SLEUTEL_BESTAND={map_ / 'sleutel'} werkmonitor run --config {map_ / 'werkmonitor.toml'}")
        return
    from werkmonitor.settings import load_settings

    settings = load_settings(map_ / "werkmonitor.toml", environment)
    for until in nights(fouten):
        outcome = _run(settings, environment, until=until)
        if outcome.exit_code == 0 and outcome.release:
            print("\n".join(["", *measured_lines(map_, outcome.release)]))
    raise typer.Exit(outcome.exit_code)


@app.command(cls=DutchCommand)
def controleer(
    context: typer.Context,
    map_: Annotated[
        Path, typer.Argument(metavar="MAP", help="De map met de bestanden van de levering.", show_default=False)
    ],
    bron: Annotated[
        str | None, typer.Option(metavar="NAAM", help="De bron; anders de map erboven, of de enige die past.")
    ] = None,
    leverdatum: Annotated[
        str | None, typer.Option(metavar="DATUM", help="De leverdatum; anders die van de map, of vandaag.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="De rijen met iets te herstellen als CSV.")] = False,
    config: Config = None,
) -> None:
    """Probeer een levering uit voor u haar levert: wat zou worden geweigerd en waarom. Er wordt niets bewaard.

    Eindcode 0: er zou niets worden geweigerd; 3: er zouden rijen niet meetellen; 5: een bestand is niet te lezen.
    """
    from werkmonitor.core.dry_run import dry_run

    settings = _settings(context, config)
    day = _day(leverdatum, "--leverdatum")
    found = dry_run(settings, map_, clock.today(), bron, day, rows_to=sys.stdout if csv else None)
    print("\n".join(found.lines()), file=sys.stderr if csv else sys.stdout)
    raise typer.Exit(found.exit_code)


@app.command(cls=DutchCommand)
def status(context: typer.Context, config: Config = None) -> None:
    """De nieuwste run, het oordeel, wat te laat is en wat openstaat."""
    from werkmonitor.core.release_store import latest_run
    from werkmonitor.core.status import late_sources, newest_deliveries, summary
    from werkmonitor.core.workspace import Workspace
    from werkmonitor.meldingen import undelivered
    from werkmonitor.night import newest_night

    settings = _settings(context, config)
    _print_latest(latest_run(settings))
    for item in late_sources(settings, newest_deliveries(settings), clock.today()):
        print(f"Te laat: {item.sentence()}")
    for sentence in undelivered(settings):
        print(sentence)
    night = newest_night(Workspace(settings.monitor.werkmap))
    found = summary(night) if night else ""
    print(f"Open: {found}. Bekijk ze met: werkmonitor bevindingen" if found else "Open: niets.")


@app.command(cls=DutchCommand)
def bevindingen(
    context: typer.Context,
    config: Config = None,
    bron: Annotated[str | None, typer.Option(metavar="NAAM", help="Alleen van deze bron.")] = None,
    regel: Annotated[str | None, typer.Option(metavar="REGEL", help="Alleen van deze regel.")] = None,
    levering: Annotated[str | None, typer.Option(metavar="DATUM", help="Alleen uit de levering van deze dag.")] = None,
    gesloten: Annotated[bool, typer.Option("--gesloten", help="Wat hersteld is, de nieuwste eerst.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Als CSV op standaarduitvoer.")] = False,
) -> None:
    """Wat er open staat voor een steward: welke regel, waar, hoeveel rijen en wat eraan te doen is."""
    from werkmonitor.core.status import Selection, open_items, write_csv
    from werkmonitor.core.workspace import Workspace
    from werkmonitor.night import newest_night

    settings = _settings(context, config)
    workspace = Workspace(settings.monitor.werkmap)
    if bron is not None and bron not in settings.bronnen:
        raise ConfigurationError(f"Onbekende bron '{bron}'. Bekend zijn: {', '.join(settings.bronnen)}.")
    if gesloten:
        _print_closed(workspace.findings_state, bron)
        return
    chosen = Selection(bron, regel, _day(levering, "--levering"))
    night = newest_night(workspace)
    if night is None:
        raise ConfigurationError("Er is nog geen run geweest, dus er zijn geen bevindingen. Begin met: werkmonitor run")
    if csv:
        write_csv(night, sys.stdout, chosen)
        return
    items = open_items(night, chosen)
    for item in items:
        print(item.text() + "\n")
    if not items:
        print("Er staat niets open.")


def _print_closed(state: Path, bron: str | None) -> None:
    from werkmonitor.core.findings import closed

    header = ["soort", "bron", "entiteit", "regel", "kolom", "aantal", "geopend", "gesloten", "levering"]
    _table(header, closed(state, bron), "Er is nog niets hersteld.")


@app.command(cls=DutchCommand)
def site(
    context: typer.Context,
    config: Config = None,
    poort: Annotated[
        int, typer.Option("--poort", min=0, max=65535, metavar="GETAL", help="Waar de site te zien is; 0: een vrije.")
    ] = 8090,
) -> None:
    """Toon de site van de huidige release op deze computer, tot u stopt met Ctrl-C."""
    from werkmonitor.report.server import address_of, make_server

    with make_server(_settings(context, config), poort) as server:
        print(f"De site staat op {address_of(server)} (stoppen: Ctrl-C).", flush=True)
        with suppress(KeyboardInterrupt):  # that is how one stops it
            server.serve_forever()


@app.command(cls=DutchCommand)
def verwerkingen(
    context: typer.Context,
    config: Config = None,
    json_: Annotated[bool, typer.Option("--json", help="Als JSON.")] = False,
) -> None:
    """Het register van verwerkingen (AVG artikel 30), zoals de instellingen het nu zeggen."""
    from werkmonitor.core.processing_register import as_json, as_markdown, register

    found = register(_settings(context, config))
    print(as_json(found) if json_ else as_markdown(found), end="")


@app.command(cls=DutchCommand)
def meldingen(
    context: typer.Context,
    config: Config = None,
    proef: Annotated[bool, typer.Option("--proef", help="Stuur elk adres nu een proefbericht.")] = False,
) -> None:
    """Naar wie berichten gaan over een nacht, en wat niet kon worden bezorgd.

    Eindcode 1: een proefbericht kwam niet aan.
    """
    from werkmonitor.meldingen import addresses, lines_of, try_addresses, undelivered, without_secrets

    settings = _settings(context, config)
    if proef:
        results = try_addresses(settings)
        print("\n".join(lines_of(results)) or "Er zijn geen adressen: zet ze in [meldingen] beheer, of bij een bron.")
        raise typer.Exit(0 if all(accepted for _, accepted in results) else 1)
    rows = [[kind, without_secrets(address)] for kind, address in addresses(settings)]
    _table(["voor", "adres"], rows, "Er zijn geen adressen: zet ze in [meldingen] beheer, of waarschuw bij een bron.")
    for sentence in undelivered(settings):
        print(sentence)


# ---- waivers


@waiver_app.command("request", cls=DutchCommand)
def waiver_request(
    context: typer.Context,
    controle: Annotated[
        str,
        typer.Argument(metavar="CONTROLE", help="De controle, zoals in werkmonitor bevindingen.", show_default=False),
    ],
    reden: Annotated[
        str, typer.Option(metavar="TEKST", help="Waarom dit mag; wordt gepubliceerd.", show_default=False)
    ],
    tot: Annotated[
        str, typer.Option(metavar="DATUM", help="De laatste dag waarop de uitzondering geldt.", show_default=False)
    ],
    onderdeel: Annotated[
        str | None, typer.Option(metavar="NAAM", help="Als de controle op meer onderdelen mislukte.")
    ] = None,
    rijen: Annotated[
        int | None, typer.Option(min=1, metavar="AANTAL", help="Hoogstens zoveel rijen; anders het aantal nu.")
    ] = None,
    door: Door = None,
    config: Config = None,
) -> None:
    """Vraag een uitzondering aan voor een controle die in de nieuwste run mislukte."""
    from werkmonitor.core import waivers

    settings = _settings(context, config)
    until = cast(date, _day(tot, "--tot"))
    by = waivers.acting_user(door)
    waiver = waivers.request(settings, controle, reden, until, rijen, by, _newest_checks(settings), scope=onderdeel)
    print(f"Waiver {waiver.waiver_id} is aangevraagd voor {waiver.check_id} op {waiver.scope},")
    print(f"voor hoogstens {waiver.max_rows} rijen, tot en met {waiver.until}.")
    print(f"Een goedkeurder keurt haar goed met: werkmonitor waiver approve {waiver.waiver_id}")


@waiver_app.command("approve", cls=DutchCommand)
def waiver_approve(
    context: typer.Context,
    waiver: Annotated[str, typer.Argument(metavar="WAIVER", help="Bijvoorbeeld W1.", show_default=False)],
    door: Door = None,
    config: Config = None,
) -> None:
    """Keur een uitzondering goed voor de kandidaat van de nieuwste run."""
    from werkmonitor.core import waivers
    from werkmonitor.core.workspace import Workspace
    from werkmonitor.night import newest_night, read_json

    settings = _settings(context, config)
    night = newest_night(Workspace(settings.monitor.werkmap))
    candidate = str(read_json(night.state).get("kandidaat", "")) if night else ""
    approved = waivers.approve(settings, waiver, waivers.acting_user(door), candidate)
    print(f"Waiver {approved.waiver_id} is goedgekeurd voor deze kandidaat. Publiceer met: werkmonitor run")


@waiver_app.command("list", cls=DutchCommand)
def waiver_list(context: typer.Context, config: Config = None) -> None:
    """Alle uitzonderingen met hun toestand."""
    from werkmonitor.core import waivers

    found = waivers.list_waivers(_settings(context, config), clock.today())
    rows = [
        [
            item["waiver_id"],
            item["toestand"],
            item["check_id"],
            item["scope"],
            item["max_rows"],
            item["until"],
            item["requested_by"],
            item["reason"],
        ]
        for item in found
    ]
    _table(
        ["waiver", "toestand", "controle", "onderdeel", "rijen", "tot en met", "door", "reden"],
        rows,
        "Er zijn geen waivers.",
    )


# ---- releases


@verkennen_app.command("bouwen", cls=DutchCommand)
def verkennen_build() -> None:
    """Bouw de pagina's, als er iets aan veranderd is; de volgende release krijgt ze mee. Vraagt Node 20."""
    from werkmonitor import verkennen

    verkennen.build(say=lambda line: print(line, file=sys.stderr))


@verkennen_app.command("bekijk", cls=DutchCommand)
def verkennen_look(
    release: Annotated[Path, typer.Argument(metavar="RELEASE", help="De map van een release.", show_default=False)],
    folder: Annotated[Path, typer.Argument(metavar="MAP", help="Een lege of nieuwe map.", show_default=False)],
) -> None:
    """Zet de gebouwde pagina's met de cijfers van een release in een map, om een nieuwe pagina te proberen."""
    from werkmonitor import verkennen

    print(verkennen.look(release, folder).bericht)


@release_app.command("list", cls=DutchCommand)
def release_list(context: typer.Context, config: Config = None) -> None:
    """Alle releases, de nieuwste eerst."""
    from werkmonitor.core.release_store import list_releases

    rows = [
        [
            item.release_id,
            item.peildatum,
            item.gemaakt,
            "huidig" if item.huidig else "teruggedraaid" if item.teruggedraaid else "",
        ]
        for item in list_releases(_settings(context, config))
    ]
    _table(["release", "peildatum", "gemaakt", ""], rows, "Er is nog geen release gepubliceerd.")


@release_app.command("show", cls=DutchCommand)
def release_show(
    context: typer.Context,
    release: Annotated[
        str | None, typer.Argument(metavar="RELEASE", help="Anders de huidige.", show_default=False)
    ] = None,
    config: Config = None,
) -> None:
    """Het manifest van een release, en of zij nog heel is."""
    import json

    from werkmonitor.core.release_store import show

    print(json.dumps(show(_settings(context, config), release), ensure_ascii=False, indent=2))


@release_app.command("diff", cls=DutchCommand)
def release_diff(
    context: typer.Context,
    van: Annotated[str, typer.Argument(metavar="VAN", show_default=False)],
    naar: Annotated[str, typer.Argument(metavar="NAAR", show_default=False)],
    config: Config = None,
) -> None:
    """Elke cel die tussen twee releases verschilt, met de oorzaak, als CSV."""
    import shutil
    import tempfile

    import duckdb

    from werkmonitor.core.csvio import write_csv
    from werkmonitor.core.release import diff

    differences = diff(_settings(context, config), van, naar)
    # Beside first: DuckDB calls a reader that stops early (head, less) a failure to write.
    with duckdb.connect() as connection, tempfile.NamedTemporaryFile(suffix=".csv") as beside:
        connection.register("verschillen", differences)
        write_csv(connection, "SELECT * FROM verschillen", Path(beside.name))
        with open(beside.name, encoding="utf-8", newline="") as text:
            shutil.copyfileobj(text, sys.stdout)
    sys.stdout.flush()


@release_app.command("rollback", cls=DutchCommand)
def release_rollback(
    context: typer.Context,
    release: Annotated[str, typer.Argument(metavar="RELEASE", show_default=False)],
    config: Config = None,
) -> None:
    """Zet een eerdere release terug als de huidige."""
    from werkmonitor.core.release_store import rollback

    path = rollback(_settings(context, config), release)
    print(f"De huidige release is nu {path.name}.")


# ---- what the commands share


def _settings(context: typer.Context, config: Path | None) -> Settings:
    from werkmonitor.settings import load_settings

    return load_settings(config or (context.obj or {}).get("config"), os.environ)


def _run(
    settings: Settings,
    environment: Mapping[str, str],
    peildatum: date | None = None,
    until: date | None = None,
    stop_after: str = "publish",
    replace_key: bool = False,
    again: bool = False,
) -> NightOutcome:
    from werkmonitor.core.keys import load_key
    from werkmonitor.night import StopAfter, run_night
    from werkmonitor.patience import WAITS

    if stop_after not in PHASES:
        raise ConfigurationError(f"--tot {stop_after} kan niet. Kies uit: {', '.join(PHASES)}.")
    key = load_key(environment)
    stop = cast("StopAfter", stop_after)
    outcome = run_night(
        settings,
        key,
        peildatum=peildatum,
        until=until,
        stop_after=stop,
        replace_key=replace_key,
        waits=WAITS if again else (),
    )
    _print_outcome(settings, outcome, stop_after)
    return outcome


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigurationError(
            f"{option} {text} is geen datum. Schrijf haar als JJJJ-MM-DD, bijvoorbeeld 2025-12-31."
        ) from None


def _print_outcome(settings: Settings, outcome: NightOutcome, stop_after: str) -> None:
    if outcome.outcome in ("tegengehouden", "controlefout"):
        print(_held(outcome), file=sys.stderr)
        return
    if outcome.outcome == "gestopt":
        print(f"Gestopt na {stop_after}; er is niets gepubliceerd.")
        if outcome.folder:
            print(f"De tussenstand staat in {outcome.folder.root}")
        if outcome.verdict:
            print(
                "Oordeel: zou worden gepubliceerd."
                if outcome.verdict.publish
                else "Oordeel: zou niet worden gepubliceerd."
            )
            print("\n".join(outcome.verdict.details or outcome.verdict.reasons))
        _print_open(outcome)
        return
    if outcome.release:
        from werkmonitor.core.headlines import headlines

        print(f"\n{settings.monitor.naam}, peildatum {outcome.peildatum}")
        print("\n".join(f"  {line}" for line in headlines(outcome.release, settings)))
    print(f"\nOordeel: {outcome.message}")
    if outcome.verdict:
        print("\n".join(outcome.verdict.reasons))
    print(f"Release: {outcome.release}")
    _print_open(outcome)


def _print_open(outcome: NightOutcome) -> None:
    """A release may be out while rows were left out of it: whoever ran it must not have to guess."""
    from werkmonitor.core.status import summary

    found = summary(outcome.folder) if outcome.folder else ""
    if found:
        print(f"Open: {found}. Bekijk ze met: werkmonitor bevindingen", file=sys.stderr)


def _held(outcome: NightOutcome) -> str:
    """Why nothing was published, in the words for a steward; what latest.json says is for outsiders."""
    details = outcome.verdict.details if outcome.verdict else ()
    opening = outcome.message.partition("\n")[0]
    why = "\n".join([opening, *(f"- {detail}" for detail in details)]) if details else _shortened(outcome.message)
    live = f"De huidige release blijft staan: {outcome.release}" if outcome.release else "Er is nog geen release."
    return f"{why}\n{live}\nAlles wat openstaat: werkmonitor bevindingen"


def _shortened(message: str) -> str:
    """A hundred failed checks say no more on a screen than the first few; `bevindingen` has them all."""
    lines = message.splitlines()
    more = len(lines) - SHOWN_LINES
    return "\n".join([*lines[:SHOWN_LINES], f"... en nog {more} regels."] if more > 0 else lines)


def _print_latest(latest: Mapping[str, Any] | None) -> None:
    if latest is None:
        print("Er is nog geen run geweest.")
        return
    print(
        f"Nieuwste run: {latest['tijd']}, {latest['uitkomst']}"
        + (f", peildatum {latest['peildatum']}" if latest["peildatum"] else "")
    )
    print(f"Reden: {_shortened(latest['reden'])}")
    print(f"Huidige release: {latest['huidige_release'] or 'geen'}")


def _newest_checks(settings: Settings) -> list[CheckResult]:
    from werkmonitor.core.status import check_results
    from werkmonitor.core.workspace import Workspace
    from werkmonitor.night import newest_night

    night = newest_night(Workspace(settings.monitor.werkmap))
    if night is None or not night.checks.exists():
        raise ConfigurationError("De nieuwste run kwam niet tot de controles. Draai eerst: werkmonitor run")
    return check_results(night.checks)


def _table(header: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    if not rows:
        print(empty)
        return
    lines = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


# ---- the entry point


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with the code of contract 4."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    # Wherever it stands: people add it at the end of what they just typed.
    given = [argument for argument in given if argument != "--debug"]
    interrupt.listen()
    if not debug:
        # Libraries log stack traces of errors that come back to us as an outcome and are reported as such.
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")
    sys.exit(_guarded(given, debug))


def _guarded(arguments: Sequence[str], debug: bool) -> int:
    """Every way a command can end, as an exit code and a message."""
    try:
        code = int(app(args=list(arguments), prog_name="werkmonitor", standalone_mode=False) or 0)
        # Typer turns Ctrl-C into this code without a word.
        return _failed(BROKEN_OFF, 1, debug) if code == TYPER_INTERRUPTED else code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return ConfigurationError.exit_code
    except click.UsageError as error:
        print(usage_sentence(error), file=sys.stderr)
        return ConfigurationError.exit_code
    except WerkmonitorError as error:
        return _failed(str(error), error.exit_code, debug)
    except (KeyboardInterrupt, click.Abort):
        return _failed(BROKEN_OFF, 1, debug)
    except BrokenPipeError:
        # The reader of a pipe (head, less) has seen enough; closing quietly keeps Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _failed(f"{error.filename or 'Een bestand'}: {_trouble(error)}", 1, debug)
    except Exception as error:
        hint = "" if debug else " Herhaal de opdracht met --debug voor de hele melding."
        return _failed(f"Onverwachte fout ({type(error).__name__}).{hint}", 1, debug)


def _failed(message: str, code: int, debug: bool) -> int:
    if debug and sys.exc_info()[0]:
        import traceback

        traceback.print_exc()
    print(message, file=sys.stderr)
    return code


def _trouble(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "geen toegang. Geef de gebruiker die de monitor draait rechten op dit bestand of deze map."
    if isinstance(error, FileNotFoundError):
        return "bestaat niet."
    from werkmonitor.core.trouble import in_words

    return f"niet te lezen of te schrijven ({in_words(error)}). Herstel dat en begin opnieuw."


if __name__ == "__main__":
    main()
