"""The configuration: defaults, environment, every mistake with its message, and what follows from settings and
deliveries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel
from werkmonitor.core import breaks
from werkmonitor.core.types import ConfigurationError, Delivery
from werkmonitor.settings import (
    PROJECT_ROOT,
    BreakSettings,
    DisclosureSettings,
    MonitorSettings,
    ParameterSettings,
    Settings,
    SiteSettings,
    SourceSettings,
    complete_to,
    effective_indeling_jaar,
    effective_peildatum,
    last_month_end,
    load_settings,
    resolved,
)

MINIMAL = """
[monitor]
naam = "WerkBedrijf Voorbeeld"
regio_code = "AM08"

[bronnen.uitkeringen]
entiteiten = ["persoon", "uitkering"]
"""


def load(folder: Path, text: str = MINIMAL, **env: str) -> Settings:
    path = folder / "werkmonitor.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path, env)


def refusal(folder: Path, text: str = MINIMAL, **env: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, text, **env)
    assert caught.value.exit_code == 2
    return str(caught.value)


def with_line(table: str, line: str) -> str:
    """MINIMAL with a line added to a table (made when it is not there)."""
    header = f"[{table}]"
    return MINIMAL.replace(header, f"{header}\n{line}") if header in MINIMAL else f"{MINIMAL}\n{header}\n{line}\n"


def delivery(bron: str, leverdatum: date) -> Delivery:
    return Delivery(bron, 0, leverdatum, "uitkering", Path("x.csv"), f"{bron}/{leverdatum}/uitkering.csv", "0" * 64)


class TestReading:
    def test_defaults_and_paths_relative_to_the_file(self, tmp_path: Path) -> None:
        settings = load(tmp_path)
        assert settings.parameters.onderbreking_dagen == 30
        assert settings.bronnen["uitkeringen"].naamruimte == "organisatie"
        assert settings.monitor.landing == tmp_path / "landing"
        assert settings.monitor.werkmap == tmp_path / "werk"
        assert settings.return_regelingen == ["PW", "IOAW", "IOAZ"]

    def test_the_file_may_be_named_by_the_environment(self, tmp_path: Path) -> None:
        path = tmp_path / "anders.toml"
        path.write_text(MINIMAL, encoding="utf-8")
        assert load_settings(None, {"WERKMONITOR_CONFIG": str(path)}).monitor.naam == "WerkBedrijf Voorbeeld"

    def test_no_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ConfigurationError, match=r"staat geen werkmonitor\.toml"):
            load_settings(None, {})
        with pytest.raises(ConfigurationError, match=r"nergens\.toml bestaat niet"):
            load_settings(Path("nergens.toml"), {})

    def test_a_byte_order_mark_is_no_syntax_error(self, tmp_path: Path) -> None:
        assert load(tmp_path, "\ufeff" + MINIMAL).monitor.regio_code == "AM08"

    def test_a_quoted_date_is_a_date(self, tmp_path: Path) -> None:
        settings = load(tmp_path, with_line("monitor", 'peildatum = "2025-12-31"'))
        assert settings.monitor.peildatum == date(2025, 12, 31)

    def test_severity_alone_or_a_table_quoted_or_not(self, tmp_path: Path) -> None:
        lines = (
            '"a.b" = "waarschuwing"\nc.d = "blokkerend"\n"e.f" = { ernst = "waarschuwing", tolerantie_absoluut = 3 }'
        )
        found = load(tmp_path, with_line("controles", lines)).controles
        assert found["a.b"].ernst == "waarschuwing"
        assert found["c.d"].ernst == "blokkerend"
        assert found["e.f"].tolerantie_absoluut == 3

    def test_a_role_or_a_list_of_roles(self, tmp_path: Path) -> None:
        rollen = load(tmp_path, with_line("rollen", 'jan = "steward"\nals = ["goedkeurder", "beheerder"]')).rollen
        assert rollen == {"jan": ["steward"], "als": ["goedkeurder", "beheerder"]}


class TestEnvironment:
    @pytest.mark.parametrize(
        ("name", "text", "place", "expected"),
        [
            ("PARAMETERS__VOLTIJD_UREN", "36", ("parameters", "voltijd_uren"), 36),
            ("MONITOR__PEILDATUM", "2025-12-31", ("monitor", "peildatum"), date(2025, 12, 31)),
            ("PARAMETERS__REGELINGEN", "PW, IOAW", ("parameters", "regelingen"), ["PW", "IOAW"]),
            ("PARAMETERS__REGELINGEN", '["PW"]', ("parameters", "regelingen"), ["PW"]),
            ("GEHEIMHOUDING__PUBLIEK", "false", ("geheimhouding", "publiek"), False),
            ("PARAMETERS__ONDERBREKING_DAGEN", "0", ("parameters", "onderbreking_dagen"), 0),
        ],
    )
    def test_every_kind_of_value(
        self, tmp_path: Path, name: str, text: str, place: tuple[str, str], expected: object
    ) -> None:
        settings = load(tmp_path, **{f"WERKMONITOR_{name}": text})
        assert getattr(getattr(settings, place[0]), place[1]) == expected

    def test_the_environment_goes_before_the_file(self, tmp_path: Path) -> None:
        text = with_line("parameters", "onderbreking_dagen = 14")
        assert load(tmp_path, text).parameters.onderbreking_dagen == 14
        assert load(tmp_path, text, WERKMONITOR_PARAMETERS__ONDERBREKING_DAGEN="7").parameters.onderbreking_dagen == 7

    def test_a_source_a_task_a_check_and_a_role(self, tmp_path: Path) -> None:
        settings = load(
            tmp_path,
            with_line("controles", '"uitkering.overlap" = "blokkerend"'),
            WERKMONITOR_BRONNEN__UITKERINGEN__VERPLICHT="nee",
            WERKMONITOR_BRONNEN__POLIS__ENTITEITEN="dienstverband",
            WERKMONITOR_MONITOR__TAKEN__SW__GEMEENTEN="GM0268",
            WERKMONITOR_CONTROLES__UITKERING_OVERLAP="waarschuwing",
            WERKMONITOR_ROLLEN__JAN="steward",
        )
        assert settings.bronnen["uitkeringen"].verplicht is False
        assert settings.bronnen["polis"].entiteiten == ["dienstverband"]
        assert settings.monitor.taken["sw"].gemeenten == ["GM0268"]
        assert settings.controles["uitkering.overlap"].ernst == "waarschuwing"
        assert settings.rollen == {"jan": ["steward"]}

    def test_a_whole_table_as_json(self, tmp_path: Path) -> None:
        settings = load(tmp_path, WERKMONITOR_CONTROLES='{"uitkering.overlap": "waarschuwing"}')
        assert settings.controles["uitkering.overlap"].ernst == "waarschuwing"

    def test_an_empty_variable_takes_an_optional_setting_away(self, tmp_path: Path) -> None:
        assert (
            load(
                tmp_path, with_line("monitor", "peildatum = 2025-12-31"), WERKMONITOR_MONITOR__PEILDATUM=""
            ).monitor.peildatum
            is None
        )

    def test_the_key_and_the_file_are_no_settings(self, tmp_path: Path) -> None:
        load(tmp_path, WERKMONITOR_SLEUTEL="x", WERKMONITOR_SLEUTEL_BESTAND="y", WERKMONITOR_CONFIG="z")

    def test_an_unknown_variable_is_named_but_its_value_is_not_shown(self, tmp_path: Path) -> None:
        message = refusal(tmp_path, WERKMONITOR_SLEUTLE="geheim-geheim-geheim")
        assert "WERKMONITOR_SLEUTLE" in message
        assert "Bedoelde u WERKMONITOR_SLEUTEL?" in message
        assert "geheim-geheim" not in message

    def test_an_unknown_key_in_a_variable(self, tmp_path: Path) -> None:
        message = refusal(tmp_path, WERKMONITOR_PARAMETERS__VOLTIJD_UUR="36")
        assert "omgevingsvariabele WERKMONITOR_PARAMETERS__VOLTIJD_UUR" in message
        assert "Bedoelde u 'voltijd_uren'?" in message

    def test_a_wrong_value_in_a_variable_names_the_variable(self, tmp_path: Path) -> None:
        message = refusal(tmp_path, WERKMONITOR_PARAMETERS__ONDERBREKING_DAGEN="dertig")
        assert "WERKMONITOR_PARAMETERS__ONDERBREKING_DAGEN" in message
        assert "een geheel getal" in message


class TestMistakes:
    def test_unknown_key_names_file_table_and_nearest(self, tmp_path: Path) -> None:
        message = refusal(tmp_path, with_line("monitor", "peildatm = 2025-12-31"))
        assert message == "Onbekende sleutel 'peildatm' in [monitor] van werkmonitor.toml. Bedoelde u 'peildatum'?"

    def test_unknown_table_and_key_of_a_source(self, tmp_path: Path) -> None:
        assert "'parameter' in werkmonitor.toml. Bedoelde u 'parameters'?" in refusal(
            tmp_path, with_line("parameter", "x = 1")
        )
        message = refusal(tmp_path, with_line("bronnen.uitkeringen", 'codring = "utf-8"'))
        assert (
            message
            == "Onbekende sleutel 'codring' in [bronnen.uitkeringen] van werkmonitor.toml. Bedoelde u 'codering'?"
        )

    def test_a_key_in_the_wrong_table(self, tmp_path: Path) -> None:
        assert "hoort in [geheimhouding]" in refusal(tmp_path, with_line("gate", 'publicatie_kalender = "x"'))

    @pytest.mark.parametrize(
        ("table", "line", "parts"),
        [
            ("parameters", "onderbreking_dagen = -1", ["-1", "onderbreking_dagen", "0 of meer"]),
            ("parameters", "onderbreking_dagen = 30.5", ["30.5", "een geheel getal"]),
            ("parameters", "onderbreking_dagen = true", ["true", "een geheel getal"]),
            ("parameters", 'onderbreking_dagen = "30"', ['"30"', "een geheel getal"]),
            ("parameters", "voltijd_uren = 0", ["groter dan 0"]),
            ("parameters", 'regelingen = "PW"', ["een lijst"]),
            ("parameters", "regelingen = []", ["minstens één waarde"]),
            ("parameters", 'regelingen = ["PW", "IAOW"]', ["IAOW", 'bedoelde u "IOAW"?']),
            ("parameters", 'regelingen = ["TOZO"]', ["TOZO telt nooit"]),
            ("monitor", "peildatum = 20251231", ["20251231", "een datum als 2025-12-31"]),
            ("monitor", 'peildatum = "31-02-2025"', ["een datum als 2025-12-31"]),
            ("monitor", 'gemeenten = ["268"]', ["268", "bedoelde u GM0268?"]),
            ("monitor", "landing = 3", ["een pad"]),
            ("monitor", "bewaar_releases = 0", ["1 of meer"]),
            ("geheimhouding", 'publiek = "ja"', ["true of false"]),
            ("geheimhouding", 'methode = "afronde"', ['bedoelde u "afronden"?']),
            ("bronnen.uitkeringen", 'naamruimte = " "', ["niet leeg"]),
            ("bronnen.uitkeringen", 'scheiding = ":"', ["een van", '";"']),
            ("bronnen", 'polis = "x"', ["een tabel"]),
            ("controles", '"uitkering.overlap" = "warning"', ["uitkering.overlap", "een van", "waarschuwing"]),
            ("rollen", 'jan = "baas"', ["jan", "steward"]),
        ],
    )
    def test_a_wrong_value_says_key_value_and_what_is_allowed(
        self, tmp_path: Path, table: str, line: str, parts: list[str]
    ) -> None:
        message = refusal(tmp_path, with_line(table, line))
        for part in parts:
            assert part in message
        for english in ("Input", "should", "valid", "Field", "Value error"):
            assert english not in message

    def test_what_is_required(self, tmp_path: Path) -> None:
        assert "verplichte sleutel 'naam' ontbreekt in [monitor]" in refusal(
            tmp_path, MINIMAL.replace('naam = "WerkBedrijf Voorbeeld"', "")
        )
        assert "[bronnen.uitkeringen] ontbreekt" in refusal(tmp_path, MINIMAL.split("[bronnen")[0])
        assert "'entiteiten' ontbreekt in [bronnen.polis]" in refusal(tmp_path, MINIMAL + "\n[bronnen.polis]\n")

    def test_all_mistakes_at_once(self, tmp_path: Path) -> None:
        text = with_line("parameters", "onderbreking_dagen = -1").replace("regio_code", "regiocode")
        assert len(refusal(tmp_path, text).splitlines()) == 3

    def test_syntax_error_with_line_and_column(self, tmp_path: Path) -> None:
        message = refusal(tmp_path, "[monitor]\nnaam = WerkBedrijf\n")
        assert "regel 2, kolom 8" in message
        assert "regel 2" in refusal(tmp_path, '[monitor]\nnaam = "open')

    def test_not_utf8(self, tmp_path: Path) -> None:
        path = tmp_path / "werkmonitor.toml"
        path.write_bytes(MINIMAL.replace("Voorbeeld", "Coëvorden").encode("cp1252"))
        with pytest.raises(ConfigurationError, match="geen UTF-8"):
            load_settings(path, {})


class TestRulesBetweenKeys:
    @pytest.mark.parametrize(
        ("table", "line", "part"),
        [
            ("geheimhouding", 'methode = "geen"', "alleen met publiek = false"),
            ("gate", "blokkeren = false", "alleen met [geheimhouding] publiek = false"),
            ("bronnen.uitkeringen", "historie_vanaf = 2026-01-01\nvolledig_tot = 2025-01-01", "ligt na volledig_tot"),
            ("bronnen.uitkeringen", 'mapping = "weg.yml"', "bestaat niet"),
            ("monitor", 'indeling_jaar = 2026\ngemeenten = ["GM9999"]', "heeft nooit bestaan"),
            ("monitor", 'indeling_jaar = 2026\ngemeenten = ["GM0241"]', "opvolger GM1945"),
            ("monitor", 'gemeenten = ["GM0268", "GM0268"]', "meer dan eens"),
        ],
    )
    def test_refused(self, tmp_path: Path, table: str, line: str, part: str) -> None:
        assert part in refusal(tmp_path, with_line(table, line))

    def test_allowed_when_not_public(self, tmp_path: Path) -> None:
        text = with_line("geheimhouding", 'methode = "geen"\npubliek = false') + "\n[gate]\nblokkeren = false\n"
        assert load(tmp_path, text).gate.blokkeren is False

    def test_a_region_code_of_ones_own_needs_gemeenten(self, tmp_path: Path) -> None:
        text = MINIMAL.replace("AM08", "WBV")
        assert "Noem bij een eigen code de gemeenten" in refusal(tmp_path, text)
        assert load(tmp_path, text.replace('"WBV"', '"WBV"\ngemeenten = ["GM0268"]')).monitor.gemeenten == ["GM0268"]

    def test_an_arbeidsmarktregio_that_is_not_there(self, tmp_path: Path) -> None:
        assert "AM99 is geen bekende arbeidsmarktregio" in refusal(
            tmp_path, with_line("monitor", "indeling_jaar = 2026").replace("AM08", "AM99")
        )

    def test_unknown_entity(self, tmp_path: Path) -> None:
        message = refusal(tmp_path, MINIMAL.replace('"uitkering"]', '"uitkeringen"]'))
        assert "Onbekende entiteit 'uitkeringen' in [bronnen.uitkeringen]. Bedoelde u 'uitkering'?" in message


BREAK = """
[[reeksbreuken]]
id = "registratie-2019"
vanaf = 2019-01-01
indicatoren = ["aanmeldingen", "duurzaam_uit_uitkering_12__alle"]
toelichting = "Nieuw registratiesysteem."
"""


class TestBreaks:
    def test_a_break_is_of_own_figures_everywhere_unless_it_says_otherwise(self, tmp_path: Path) -> None:
        (one,) = load(tmp_path, MINIMAL + BREAK).reeksbreuken
        assert (one.id, one.vanaf, one.regio, one.bron) == (
            "registratie-2019",
            date(2019, 1, 1),
            None,
            "eigen registratie",
        )

    def test_a_measure_stands_for_all_its_horizons_and_populations(self, tmp_path: Path) -> None:
        text = MINIMAL + BREAK.replace("uitkering_12__alle", "uitkering")
        found = breaks.as_published(load(tmp_path, text))[0]["indicatoren"]
        expected = {"aanmeldingen", "duurzaam_uit_uitkering_6__alle", "duurzaam_uit_uitkering_18__werk_polis"}
        assert expected <= set(found)
        assert len(found) == len(set(found)) == 13

    def test_the_series_of_somebody_else_are_taken_by_name(self, tmp_path: Path) -> None:
        text = MINIMAL + BREAK.replace('"aanmeldingen"', '"inwoners"') + 'bron = "CBS"\nregio = ["NL01"]\n'
        (one,) = load(tmp_path, text).reeksbreuken
        rows = breaks.rows(load(tmp_path, text)).to_pylist()
        assert one.bron == "CBS" and [(row["indicator_id"], row["regio_code"]) for row in rows] == [
            ("inwoners", "NL01"),
            ("duurzaam_uit_uitkering_12__alle", "NL01"),
        ]

    @pytest.mark.parametrize(
        ("old", "new", "parts"),
        [
            ('"aanmeldingen"', '"aanmelding"', ("Onbekende indicator 'aanmelding'", "Bedoelde u 'aanmeldingen'?")),
            ('"aanmeldingen"', '"zzz"', ("Onbekende indicator 'zzz'", "definities.json", "noem dan ook haar bron")),
            ('"aanmeldingen"', '"kosten_per_uitstroom"', ("gemaakt van andere cijfers",)),
            ("registratie-2019", "registratie 2019", ("Id 'registratie 2019'", "zonder spatie")),
            ("toelichting", 'regio = ["Nijmegen"]\ntoelichting', ("Regio 'Nijmegen'", '"GM0268"')),
            ("vanaf = 2019-01-01", 'vanaf = "in 2019"', ("'vanaf' in [[reeksbreuken]] nummer 1", "een datum als")),
            ("vanaf = 2019-01-01", "", ("'vanaf' ontbreekt in [[reeksbreuken]] nummer 1",)),
            ("vanaf =", "vannaf =", ("Onbekende sleutel 'vannaf'", "nummer 1", "Bedoelde u 'vanaf'?")),
        ],
    )
    def test_what_cannot_be(self, tmp_path: Path, old: str, new: str, parts: tuple[str, ...]) -> None:
        message = refusal(tmp_path, MINIMAL + BREAK.replace(old, new))
        assert [part for part in (*parts, "nummer 1") if part not in message] == []

    def test_an_id_is_of_one_break(self, tmp_path: Path) -> None:
        assert "nummer 2 is al van een andere breuk" in refusal(tmp_path, MINIMAL + BREAK + BREAK)

    def test_a_gemeente_that_is_not_in_the_division(self, tmp_path: Path) -> None:
        text = with_line("monitor", "indeling_jaar = 2026") + BREAK + 'regio = ["AM08", "GM0241"]\n'
        assert "GM0241 in [[reeksbreuken]] nummer 1 bestaat niet" in refusal(tmp_path, text)
        strange = refusal(tmp_path, text.replace("0241", "0363"))
        assert "GM0363 in [[reeksbreuken]] nummer 1 is er niet een van de organisatie" in strange
        assert load(tmp_path, text.replace("0241", "0268")).reeksbreuken[0].regio == ["AM08", "GM0268"]


class TestPeildatum:
    def sources(self, folder: Path, **volledig_tot: str) -> Settings:
        text = (
            MINIMAL
            + '\n[bronnen.polis]\nentiteiten = ["dienstverband"]\n'
            + '[bronnen.extra]\nentiteiten = ["reeks"]\nverplicht = false\n'
        )
        for bron, day in volledig_tot.items():
            text = text.replace(f"[bronnen.{bron}]", f"[bronnen.{bron}]\nvolledig_tot = {day}")
        return load(folder, text)

    DELIVERED = (
        delivery("uitkeringen", date(2026, 1, 15)),
        delivery("uitkeringen", date(2025, 6, 1)),
        delivery("polis", date(2026, 2, 3)),
    )

    def test_last_month_end_of_the_oldest_required_source(self, tmp_path: Path) -> None:
        assert effective_peildatum(self.sources(tmp_path), self.DELIVERED) == date(2025, 12, 31)
        assert effective_peildatum(self.sources(tmp_path, polis="2025-11-30"), self.DELIVERED) == date(2025, 11, 30)
        # A source that is not required does not hold the others up.
        assert effective_peildatum(self.sources(tmp_path, extra="2020-12-31"), self.DELIVERED) == date(2025, 12, 31)

    def test_the_option_goes_before_the_setting(self, tmp_path: Path) -> None:
        settings = resolved(self.sources(tmp_path), date(2025, 6, 30), 2025)
        assert effective_peildatum(settings, self.DELIVERED) == date(2025, 6, 30)
        assert effective_peildatum(settings, self.DELIVERED, date(2025, 7, 15)) == date(2025, 7, 15)

    def test_a_peildatum_after_a_required_source_is_refused(self, tmp_path: Path) -> None:
        settings = self.sources(tmp_path, polis="2025-11-30")
        assert effective_peildatum(settings, self.DELIVERED, date(2025, 11, 30)) == date(2025, 11, 30)
        with pytest.raises(ConfigurationError, match="bron 'polis' is volledig tot en met 2025-11-30"):
            effective_peildatum(settings, self.DELIVERED, date(2025, 12, 1))

    def test_nothing_delivered(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="geen enkele aanlevering"):
            effective_peildatum(self.sources(tmp_path), [])

    def test_complete_to_takes_the_newest_delivery(self, tmp_path: Path) -> None:
        assert complete_to(self.sources(tmp_path), self.DELIVERED) == {
            "uitkeringen": date(2026, 1, 15),
            "polis": date(2026, 2, 3),
        }

    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (date(2024, 2, 29), date(2024, 2, 29)),
            (date(2024, 2, 28), date(2024, 1, 31)),
            (date(2025, 2, 28), date(2025, 2, 28)),
            (date(2026, 1, 1), date(2025, 12, 31)),
        ],
    )
    def test_last_month_end(self, day: date, expected: date) -> None:
        assert last_month_end(day) == expected

    def test_division_is_that_of_the_peildatum(self, tmp_path: Path) -> None:
        assert effective_indeling_jaar(load(tmp_path), date(2025, 12, 31)) == 2025
        assert (
            effective_indeling_jaar(load(tmp_path, with_line("monitor", "indeling_jaar = 2026")), date(2025, 12, 31))
            == 2026
        )


class TestExampleFile:
    FILE = PROJECT_ROOT / "werkmonitor.voorbeeld.toml"

    def test_it_loads_and_its_parameters_are_the_defaults(self) -> None:
        settings = load_settings(self.FILE, {})
        assert settings.parameters == ParameterSettings()
        assert settings.geheimhouding == DisclosureSettings()

    @pytest.mark.parametrize(
        "model", [BreakSettings, MonitorSettings, ParameterSettings, DisclosureSettings, SiteSettings, SourceSettings]
    )
    def test_it_names_every_key(self, model: type[BaseModel]) -> None:
        text = self.FILE.read_text(encoding="utf-8")
        assert [key for key in model.model_fields if key not in text] == []
