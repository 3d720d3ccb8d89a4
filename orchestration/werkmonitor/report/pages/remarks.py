"""Toelichting: what people say about the figures, signed and dated, apart from the figures themselves."""

from __future__ import annotations

from typing import Any

from markdown_it import MarkdownIt

from werkmonitor.report import words
from werkmonitor.report.model import Block, Page, Paragraph, Remark, Section
from werkmonitor.report.release_files import ReleaseFiles

# Markup of the writer is text: no HTML of his own, and no pictures from elsewhere.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def page(release: ReleaseFiles) -> Page:
    by_indicator: dict[str, list[dict[str, Any]]] = {}
    for item in release.remarks:
        by_indicator.setdefault(item["indicator"], []).append(item)
    sections: list[Section] = []
    for indicator, items in sorted(by_indicator.items()):
        name = release.definition(indicator).get("naam", indicator)
        blocks: tuple[Block, ...] = tuple(_remark(item) for item in items)
        sections.append(Section(indicator.replace("_", "-"), name, blocks))
    if not sections:
        said = Paragraph("Bij deze release heeft niemand een toelichting geschreven.")
        sections.append(Section("geen", "Geen toelichting", (said,)))
    return Page(
        "toelichting.html",
        "Toelichting",
        "Wat deskundigen bij de cijfers opmerken. Dit zijn hun woorden; de cijfers staan op de andere pagina's.",
        tuple(sections),
        "toelichting",
    )


def _remark(item: dict[str, Any]) -> Remark:
    return Remark(
        f"Over {words.period(item['periode'])}",
        _MARKDOWN.render(item["tekst"]),
        f"{item['auteur']}, {words.day(item['datum'])}",
    )
