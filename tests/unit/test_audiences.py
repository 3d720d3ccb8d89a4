"""The information matrix: every role of it is there, and it names only figures that exist in the periods it wants."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from werkmonitor.core.audiences import Matrix, check, load_matrix


def role(**values: Any) -> dict[str, Any]:
    base = {"rol": "raad", "naam": "Raad", "voor": "de raad", "verslag": "Bericht", "ritme": "jaar"}
    return base | {"cijfers": ["uitstroom"]} | values


def matrix(*roles: dict[str, Any]) -> Matrix:
    return Matrix.model_validate({"rollen": list(roles)})


def test_the_roles_of_the_source_are_there_as_often_as_it_says() -> None:
    found = {one.rol: (one.ritme, one.prognose) for one in load_matrix().rollen}
    assert found == {
        "opdrachtgever": ("kwartaal", True),
        "directeur": ("maand", True),
        "eigenaar": ("jaar", False),
        "raad-van-commissarissen": ("kwartaal", True),
        "gemeenteraad": ("jaar", False),
        "evaluator": ("jaar", False),
    }
    assert {"stand_personen", "instroom", "uitstroom"} <= set(load_matrix().rollen[1].maandcijfers)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ([role(), role()], "twee keer"),
        ([role(cijfers=["uitstrom"])], "geen cijfer in het register"),
        ([role(grafieken=["klachten"])], "geen cijfer in het register"),
        ([role(ritme="maand", maandcijfers=["verhuizing_in"])], "geen maandcijfer"),
        ([role(maandcijfers=["uitstroom"])], "maandcijfers in een verslag per jaar"),
    ],
)
def test_a_mistake_in_the_matrix_is_named(roles: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check(matrix(*roles))


@pytest.mark.parametrize("wrong", [{"ritme": "week"}, {"cijfers": []}, {"rol": "De Raad"}, {"vaak": "jaar"}])
def test_a_role_has_a_form(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        matrix(role(**wrong))
