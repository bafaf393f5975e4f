"""One entry's text to an element tree, through lxml: nothing outside the text is looked at, no entity is resolved.

Exports break the rules of XML in a few ways, again and again: control characters, "&" and "<" in a text, HTML's names
of characters. These are mended; what is still not well-formed is read as far as libxml2 can, and said so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.entities import html5

from lxml import etree


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        recover=recover,
    )


_STRICT, _LENIENT = _parser(recover=False), _parser(recover=True)
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, production 2
_REFERENCE = re.compile(r"&(?:#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));|([A-Za-z][A-Za-z0-9]{0,31});|)")
_STRAY = re.compile(r"<(?![A-Za-z_/!?])")
_KNOWN = frozenset(("amp", "lt", "gt", "quot", "apos"))


@dataclass(frozen=True, slots=True)
class Tree:
    """The root of an entry, or None if nothing could be read; `problem` is libxml2's word on what was not mended."""

    root: etree._Element | None
    mended: bool = False
    problem: str = ""


def parse(raw: str) -> Tree:
    """Read the text of one element; never raises."""
    try:
        return Tree(etree.fromstring(raw.encode(), _STRICT))
    except etree.XMLSyntaxError as error:
        problem = error.msg or ""
    better = mended(raw)
    try:
        return Tree(etree.fromstring(better.encode(), _STRICT), mended=True)
    except etree.XMLSyntaxError as error:
        problem = error.msg or problem
    try:
        return Tree(etree.fromstring(better.encode(), _LENIENT), problem=problem)
    except etree.XMLSyntaxError:
        return Tree(None, problem=problem)


def mended(raw: str) -> str:
    """The text with what XML forbids taken out or escaped; CDATA sections are left as they are."""
    legal = _ILLEGAL.sub("", raw)
    last = legal.rfind("]]>") + 3 if "]]>" in legal else 0  # a section is looked for only where it ends
    parts = _CDATA.split(legal[:last])
    parts[-1] += legal[last:]
    parts[::2] = [_STRAY.sub("&lt;", _REFERENCE.sub(_reference, part)) for part in parts[::2]]
    return "".join(parts)


def _reference(found: re.Match[str]) -> str:
    if found[1] or found[2]:
        point = int(found[1], 16) if found[1] else int(found[2])
        legal = point in (9, 10, 13) or (32 <= point < 0xD800) or 0xE000 <= point < 0xFFFE or 65536 <= point < 0x110000
        return found[0] if legal else ""
    if found[3] in _KNOWN:
        return found[0]
    if found[3] and (character := html5.get(f"{found[3]};")) and not set(character) & set("&<>"):
        return character
    return "&amp;" + found[0][1:]


def text(element: etree._Element | None) -> str:
    """All text in the element, in order, its mark-up (italics, style, formulas) left out; "" for None."""
    if element is None:
        return ""
    # ten times as fast as joining itertext(), which is most of the time that a record takes
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def one(root: etree._Element, *paths: str) -> str:
    """The text of the first of these that is there and not blank; line ends as they are, white space around it gone."""
    for path in paths:
        for element in root.iterfind(path):
            if found := text(element).strip():
                return found
    return ""


def every(root: etree._Element, *paths: str) -> list[str]:
    """The texts of all of these, path by path, without blank ones."""
    return [found for path in paths for element in root.iterfind(path) if (found := text(element).strip())]
