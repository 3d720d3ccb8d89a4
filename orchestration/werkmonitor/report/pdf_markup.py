"""The words of a person (a toelichting) for typst: from the safe HTML of the model to a tree of plain lists.

Only CommonMark's own elements come in (pages/remarks.py lets nothing else through). A node is a text or
`[element, children]`; an element that paper does not know becomes its text.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote", "pre", "table", "thead", "tbody", "tr", "th", "td"})
INLINE = frozenset({"em", "strong", "code", "a", "br", "hr"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
HOLDERS = frozenset({"", "ul", "ol", "blockquote", "table", "thead", "tbody", "tr"})  # no text of their own
ALONE = frozenset({"br", "hr"})  # elements without an end
Node = str | list[Any]


def tree(html: str) -> list[Node]:
    """The nodes of a text."""
    parser = _Tree()
    parser.feed(html)
    parser.close()
    return parser.root


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root: list[Node] = []
        self._open: list[tuple[str, list[Node]]] = [("", self.root)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        children: list[Node] = []
        self._open[-1][1].append([_name(tag), children])
        if tag not in ALONE:
            self._open.append((tag, children))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1][1].append([_name(tag), []])

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        inside, children = self._open[-1]
        if data.strip() or inside not in HOLDERS:
            children.append(data)


def _name(tag: str) -> str:
    if tag in HEADINGS:
        return "kop"
    return tag if tag in BLOCKS | INLINE else "tekst"
