"""The XML that is read: PubMed's, EndNote's, Europe PMC's and the WHO registry's. How each is known, cut and read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from . import endnote_xml, europe_pmc_xml, ictrp_xml, pubmed_xml, xml_tree
from .citation import Entry, NotACitationFile, Reject, overlong
from .draft import Draft, finish
from .notes import Notes
from .xml_cut import Element, elements
from .xml_text import pieces

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*)")


@dataclass(frozen=True, slots=True)
class XmlFormat:
    """An XML export: its name for people, the element of an entry (outermost first), and how that becomes a draft."""

    name: str
    entries: tuple[str, ...]
    roots: frozenset[str]
    sign: re.Pattern[str]
    draft: Callable[[etree._Element], Draft]
    enveloped: bool = False


FORMATS = {
    "pubmed-xml": XmlFormat(
        "PubMed XML",
        ("PubmedArticle", "PubmedBookArticle", "MedlineCitation"),
        frozenset(("PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet")),
        re.compile(r"<(?:PubmedArticle|PubmedBookArticle|MedlineCitation)[\s>]"),
        pubmed_xml.draft,
    ),
    "ictrp-xml": XmlFormat(
        "an ICTRP export",
        ("Trial",),
        frozenset(("Trials_downloaded_from_ICTRP",)),
        re.compile(r"<Trial>\s*<TrialID>"),
        ictrp_xml.draft,
    ),
    "europe-pmc-xml": XmlFormat(
        "Europe PMC XML",
        ("result",),
        frozenset(("responseWrapper",)),
        re.compile(r"<resultList>\s*<result>\s*<id>"),
        europe_pmc_xml.draft,
        enveloped=True,
    ),
    "endnote-xml": XmlFormat(
        "EndNote XML",
        ("record",),
        frozenset(),
        re.compile(r"<xml>\s*<records?[\s/>]|<(?:ref-type|source-app)[\s>]"),
        endnote_xml.draft,
    ),
}


def recognise(head: str) -> str:
    """Which of `FORMATS` begins like this; "" for anything else, XML or not.

    Raises NotACitationFile for the XML of a search that found nothing.
    """
    if not head.lstrip("\ufeff \t\r\n").startswith("<"):
        return ""
    plain = _COMMENT.sub("", head)
    root = _ROOT.search(plain)
    if not root or root[1].lower() == "html":
        return ""
    for key, kind in FORMATS.items():
        if root[1] in kind.roots or kind.sign.search(plain):
            _check_entries(plain, root[1], kind)
            return key
    return ""


def _check_entries(head: str, root: str, kind: XmlFormat) -> None:
    whole = f"</{root}>" in head or head.rstrip().endswith("/>")
    if whole and not re.search(rf"<(?:{'|'.join(kind.entries)})[\s/>]", head):
        raise NotACitationFile(
            f"This is {kind.name} without a single entry: the search that it comes from found nothing, or the export "
            "broke off. Check the search, and export it again."
        )


def read(chunks: Iterable[bytes], key: str, notes: Notes) -> Iterator[Entry]:
    """Every entry of an XML export, as a citation or a reject; never raises."""
    kind = FORMATS[key]
    for element in elements(pieces(chunks, notes), kind.entries, notes, enveloped=kind.enveloped):
        yield _entry(element, kind, notes)


def _entry(element: Element, kind: XmlFormat, notes: Notes) -> Entry:
    if element.overlong:
        return overlong(element.line, element.raw)
    tree = xml_tree.parse(element.raw)
    if tree.root is None:
        return Reject(element.line, "", f"This entry is not well-formed XML: {_said(tree.problem)}", element.raw)
    entry = finish(kind.draft(tree.root), element.line, element.raw, notes)
    if isinstance(entry, Reject):
        return _explained(entry, element, tree)
    if not element.closed:
        notes.add("entry without its end, perhaps cut off, kept as far as it goes", element.line)
    elif tree.problem:
        notes.add(f"entry that is not well-formed XML ({_said(tree.problem)}) and was read as far as possible",
                  element.line)  # fmt: skip
    elif tree.mended:
        notes.add("entry with characters that XML forbids, mended", element.line)
    return entry


def _explained(reject: Reject, element: Element, tree: xml_tree.Tree) -> Reject:
    if not element.closed:
        reason = "The entry stops before its title and has no end: the file may have been cut off here."
        return Reject(reject.line, "title", reason, reject.raw)
    if tree.problem:
        return Reject(reject.line, "", f"This entry is not well-formed XML: {_said(tree.problem)}", reject.raw)
    return reject


def _said(problem: str) -> str:
    """libxml2's words without its line numbers, which count from the entry's start."""
    return re.sub(r",? line \d+(?:, column \d+)?| line \d+ and", "", problem).strip().rstrip(".") + "."
