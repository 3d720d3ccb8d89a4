"""From the report to files: HTML by Jinja2 (reports/templates), charts, downloads of single charts, styles and fonts.

Only writing. The bytes depend on the report and the templates alone: no clock, no random ids, no order of a set.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup, escape

from werkmonitor.report import charts
from werkmonitor.report.model import Block, Figure, Link, Page, Report
from werkmonitor.report.site_model import MENU
from werkmonitor.settings import PROJECT_ROOT

REPORTS = PROJECT_ROOT / "reports"
TEMPLATES, STATIC = REPORTS / "templates", REPORTS / "static"
DATA = "data"
LONG_CODE = 16  # characters


def write_site(report: Report, site: Path, latest_address: str) -> list[str]:
    """Write every page of the report below `site`; the names written, relative to it."""
    written = _copy_static(site)
    for page in report.pages:
        target = site / page.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(html_of(report, page, latest_address), encoding="utf-8")
        written += [page.path, *_write_downloads(page, site)]
    return sorted(written)


def html_of(report: Report, page: Page, latest_address: str) -> str:
    """One page as HTML, complete but for its style sheet and fonts."""
    root = "../" * page.depth
    template = _environment().get_template("pagina.html")
    return template.render(
        report=report,
        page=page,
        root=root,
        menu=MENU,
        chart=lambda figure: Markup(_svg(figure)),
        href=lambda link: _href(link, root),
        download=lambda figure: f"{root}{_download_name(page, figure)}",
        kind=_kind,
        policy=_policy(latest_address),
        latest=_latest(latest_address, root),
        to_release=f"{root}../",
    )


def _kind(block: Block) -> str:
    return type(block).__name__.lower()


def _svg(figure: Figure) -> str:
    if figure.chart is None:
        return ""
    return charts.to_svg(figure.chart, f"grafiek-{figure.key}", figure.title, figure.sentence)


def _href(link: Link | str, root: str) -> str:
    return f"{root}{link.href if isinstance(link, Link) else link}"


# ---- downloads of one chart


def _download_name(page: Page, figure: Figure) -> str:
    stem = page.path.removesuffix(".html").replace("/", "-")
    return f"{DATA}/{stem}-{figure.key}.csv"


def _write_downloads(page: Page, site: Path) -> list[str]:
    names = []
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, Figure) and block.data:
                name = _download_name(page, block)
                (site / DATA).mkdir(exist_ok=True)
                (site / name).write_bytes(_csv(block.data))
                names.append(name)
    return names


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


# ---- what every page shares


def _copy_static(site: Path) -> list[str]:
    names = []
    for source in sorted(STATIC.rglob("*")):
        if source.is_file():
            name = source.relative_to(STATIC).as_posix()
            target = site / "vorm" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            names.append(f"vorm/{name}")
    return names


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["breakable"] = _breakable
    environment.globals["style"] = Markup((TEMPLATES / "stijl.css").read_text("utf-8"))
    environment.globals["script"] = Markup((TEMPLATES / "laatste-run.js").read_text("utf-8"))
    return environment


def _breakable(text: str) -> Markup:
    """A code without spaces may be broken behind its dots and underscores, and stays whole when it is copied."""
    if " " in text or len(text) < LONG_CODE:
        return escape(text)
    return Markup(re.sub(r"(?<=[._])", "<wbr>", str(escape(text))))


def _policy(latest_address: str) -> str:
    """Nothing from elsewhere. Style and script stand in the page and are told by their hash: it holds from disk too."""
    parts = urlsplit(latest_address)
    elsewhere = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    style, script = (_hash(TEMPLATES / name) for name in ("stijl.css", "laatste-run.js"))
    return (
        f"default-src 'none'; style-src 'self' '{style}'; script-src '{script}'; font-src 'self'; img-src 'self' "
        "data:; "
        f"connect-src 'self'{elsewhere}; base-uri 'none'; form-action 'none'"
    )


@cache
def _hash(path: Path) -> str:
    digest = hashlib.sha256(path.read_text("utf-8").encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _latest(address: str, root: str) -> str:
    """The address of latest.json as this page must ask for it: a relative one is relative to the site's folder."""
    return address if urlsplit(address).netloc or address.startswith("/") else f"{root}{address}"
