"""The night of one Dagster run: opened by the first asset, handed to every asset after it, closed when the run ends.

All assets of a run share one lock, one night folder and one `NightRun`, just as the phases of `werkmonitor run` do;
that is why they run in one process. Configuration, key and environment are read when the run begins, never when Dagster
loads the definitions. Not here: what a phase does.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import Field, PrivateAttr

from werkmonitor.assets.naming import CHECKS, RELEASE, SERIES
from werkmonitor.core.keys import load_key
from werkmonitor.core.types import ConfigurationError, WerkmonitorError
from werkmonitor.night import NightRun, Phases, Progress, StopAfter, open_night
from werkmonitor.settings import load_settings


class DagsterProgress(Progress):
    """The lines of a night in the log of the Dagster run, which keeps the time of each phase itself."""

    def line(self, text: str) -> None:
        dg.get_dagster_logger("werkmonitor").info(text)

    @contextmanager
    def phase(self, label: str) -> Iterator[None]:
        self.line(f"{label} ...")
        yield


class NightResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """What the command line would be told, and the night that follows from it. A test replaces `phases`."""

    configuratie: str | None = Field(
        default=None, description="Pad naar werkmonitor.toml. Leeg: WERKMONITOR_CONFIG, anders ./werkmonitor.toml."
    )
    peildatum: str | None = Field(default=None, description="JJJJ-MM-DD. Leeg: de instelling, anders afgeleid.")
    leveringen_tot: str | None = Field(
        default=None, description="JJJJ-MM-DD. Alleen leveringen tot en met die dag tellen mee. Leeg: alle."
    )
    _stack: ExitStack = PrivateAttr(default_factory=ExitStack)
    _run: NightRun | None = PrivateAttr(default=None)

    def phases(self) -> Phases:
        return Phases()

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Close what is still open. A night that was to be published and was never judged was broken off."""
        self._close(KeyboardInterrupt() if self._run is not None and _unfinished(self._run) else None)

    def begin(self, selected: Collection[dg.AssetKey]) -> NightRun:
        """Open the night for the assets that this run will make. Raises a Failure in Dutch when that cannot be."""
        try:
            path = Path(self.configuratie) if self.configuratie else None
            self._run = self._stack.enter_context(
                open_night(
                    load_settings(path, os.environ),
                    load_key(os.environ),
                    peildatum=_day("peildatum", self.peildatum),
                    until=_day("leveringen_tot", self.leveringen_tot),
                    stop_after=_stop_after(selected),
                    progress=DagsterProgress(),
                    phases=self.phases(),
                )
            )
        except WerkmonitorError as error:
            raise failure(str(error), error.exit_code) from error
        return self._run

    @contextmanager
    def step(self) -> Iterator[NightRun]:
        """The night for the length of one phase. Whatever goes wrong ends it as it ends on the command line."""
        run = self.current()
        try:
            yield run
        except BaseException as error:
            told = self._close(error)
            if isinstance(told, WerkmonitorError):
                raise failure(str(told), told.exit_code) from told
            if told is error or told is None:
                raise
            raise told from error

    def current(self) -> NightRun:
        """The night that is going. Raises a Failure when this run did not begin with taking in the deliveries."""
        if self._run is None:
            raise failure(
                "Deze stap hoort bij een hele nacht, in één proces. Start de job 'nacht', of kies alles vanaf het "
                "inlezen (invoer) tot en met deze stap.",
                ConfigurationError.exit_code,
            )
        return self._run

    def _close(self, error: BaseException | None) -> BaseException | None:
        """Close lock and files with this error, and give back what it became (a full disk has words of its own)."""
        stack = self._stack.pop_all()
        try:
            stack.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)
        except BaseException as told:
            return told
        return error


def failure(message: str, exit_code: int) -> dg.Failure:
    """Our message as Dagster shows it. Trying again without mending anything would end in the same way."""
    return dg.Failure(message, metadata={"exitcode": exit_code}, allow_retries=False)


def selected_keys(context: dg.AssetExecutionContext) -> Collection[dg.AssetKey]:
    """The assets that this run will make."""
    return context.job_def.asset_layer.executable_asset_keys


def _unfinished(run: NightRun) -> bool:
    return run.stop_after == "publish" and run.outcome is None and run.unchanged is None


def _stop_after(selected: Collection[dg.AssetKey]) -> StopAfter:
    """The phase after which a run of these assets ends, as `--tot` says on the command line."""
    ends: tuple[tuple[dg.AssetKey, StopAfter], ...] = ((RELEASE, "publish"), (CHECKS, "audit"), (SERIES, "transform"))
    return next((phase for key, phase in ends if key in selected), "ingest")


def _day(name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{name} '{text}' is geen datum. Schrijf haar als JJJJ-MM-DD.") from None
