"""XML replies to a tree, by the same safe parser as files; what stands before the root element is never parsed."""

from __future__ import annotations

import re

from lxml import etree

from screening.importing import xml_tree

from .asking import NotUnderstoodError, said


def root_of(body: bytes, name: str, label: str) -> etree._Element:
    """The root element of this name. Raises NotUnderstoodError for anything else, such as a web page or JSON."""
    text = body.decode(errors="replace")
    begun = re.search(rf"<{name}[\s>/]", text)
    tree = xml_tree.parse(text[begun.start() :]) if begun else xml_tree.Tree(None)
    if tree.root is None or tree.problem:
        raise NotUnderstoodError(f"{label} answered with something else than its documented form: “{said(body)}”.")
    return tree.root


def number(root: etree._Element, path: str) -> int | None:
    """The whole number that stands there, or None."""
    value = xml_tree.one(root, path)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None
