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
from dagster._core.storage.tags import RETRY_ON_ASSET_OR_OP_FAILURE_TAG
from pydantic import Field, PrivateAttr

from werkmonitor.assets.naming import CHECKS, RELEASE, SERIES
from werkmonitor.core.keys import load_key
from werkmonitor.core.trouble import passes_by_itself
from werkmonitor.core.types import ConfigurationError, WerkmonitorError
from werkmonitor.night import NightOutcome, NightRun, Phases, Progress, StopAfter, open_night, tell
from werkmonitor.patience import WAITS, again
from werkmonitor.sensors import TOLD_TAG
from werkmonitor.settings import Settings, load_settings


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
    _stop_after: StopAfter = PrivateAttr(default="publish")
    _settings: Settings | None = PrivateAttr(default=None)
    _trouble: BaseException | None = PrivateAttr(default=None)
    _instance: dg.DagsterInstance | None = PrivateAttr(default=None)
    _run_id: str | None = PrivateAttr(default=None)

    def phases(self) -> Phases:
        return Phases()

    def settings(self) -> Settings:
        """The configuration of this run, read now."""
        try:
            return load_settings(Path(self.configuratie) if self.configuratie else None, os.environ)
        except WerkmonitorError as error:
            raise failure(str(error), error.exit_code) from error

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        self._instance, self._run_id = context.instance, context.run_id

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Close what is still open, and tell how the night ended. A night that was to be published and was never
        judged was broken off; whoever broke it off knows."""
        broken_off = self._trouble is None and self._run is not None and _unfinished(self._run)
        self._close(KeyboardInterrupt() if broken_off else None)
        ended = self._trouble or (self._run.result if self._run else None)
        if broken_off or self._settings is None or not isinstance(ended, NightOutcome | Exception):
            return
        if self._stop_after == "publish":
            tell(self._settings, ended, self.phases(), DagsterProgress())
        self._tag({TOLD_TAG: "ja"})

    def begin(self, selected: Collection[dg.AssetKey]) -> NightRun:
        """Open the night for the assets that this run will make. Raises a Failure in Dutch when that cannot be."""
        self._stop_after = _stop_after(selected)
        settings = self._settings = self.settings()
        try:
            self._run = self._stack.enter_context(
                open_night(
                    settings,
                    load_key(os.environ),
                    peildatum=_day("peildatum", self.peildatum),
                    until=_day("leveringen_tot", self.leveringen_tot),
                    stop_after=self._stop_after,
                    progress=DagsterProgress(),
                    phases=self.phases(),
                )
            )
        except Exception as error:
            self._trouble = error
            if isinstance(error, WerkmonitorError):
                raise failure(str(error), error.exit_code) from error
            raise
        return self._run

    @contextmanager
    def patient(self, retry_number: int) -> Iterator[None]:
        """The step that opens the night and reads what others deliver: what passes by itself is tried again here, from
        the beginning, with the waits of the command line."""
        try:
            yield
        except Exception as error:
            if retry_number >= len(WAITS) or not passes_by_itself(error):
                raise
            wait, self._trouble, self._run = WAITS[retry_number], None, None
            dg.get_dagster_logger("werkmonitor").warning(f"{error}\nDit kan vanzelf overgaan. {again(wait)}")
            raise dg.RetryRequested(max_retries=len(WAITS), seconds_to_wait=wait) from error

    @contextmanager
    def step(self, *, first: bool = False) -> Iterator[NightRun]:
        """The night for the length of one phase. Whatever goes wrong ends it as it ends on the command line. After the
        first phase what passes by itself makes Dagster start the whole night again: half a night says nothing."""
        run = self.current()
        try:
            yield run
        except BaseException as error:
            told = self._close(error)
            self._trouble = told
            if not first and told is not None and passes_by_itself(told):
                self._tag({RETRY_ON_ASSET_OR_OP_FAILURE_TAG: "true"})
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

    def _tag(self, tags: dict[str, str]) -> None:
        if self._instance is not None and self._run_id is not None and self._instance.has_run(self._run_id):
            self._instance.add_run_tags(self._run_id, tags)

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
