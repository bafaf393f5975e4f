"""The flow as the CSV that the PRISMA2020 R package and its web form read (REP-04).

Haddaway NR et al. PRISMA2020: an R package and Shiny app. Campbell Syst Rev 2022;18:e1230. Columns, row names and box
names are those of its template, version 1.1.4. What this kind of review does not have keeps the template's own value:
the web form decides by it what to leave out, and an NA there stops it. In R: PRISMA_flowdiagram(data, previous = FALSE,
other = FALSE, detail_databases = TRUE, detail_registers = TRUE).

The format has no place for records still awaiting anything, and no room for rows of our own: the package finds rows by
part of their name. The CSV of a running review therefore holds what is settled and does not balance by itself.
"""

import csv
import io
from collections.abc import Iterable, Mapping

from screening.prisma.flow import Flow, Reason, Source
from screening.prisma.template import ROWS
from screening.prisma.text import NAMELESS, clean

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
_PLACEHOLDERS = {
    "database_specific_results": "Database 1, xxx; Database 2, xxx; Database 3, xxx",
    "register_specific_results": "Register 1, xxx; Register 2, xxx; Register 3, xxx",
    "other_excluded": "Reason1, xxx; Reason2, xxx; Reason3, xxx",
}


def csv_rows(
    flow: Flow, links: Mapping[str, str] | None = None, notes: Mapping[str, str] | None = None
) -> list[list[str]]:
    """Return the header and the template's 34 rows, each of eight strings; `links` by key, as for `svg`.

    `notes` are sentences by the same keys: they are what the box says when it is pointed at.
    """
    counts, urls, told = _counts(flow), _urls(links or {}), _urls(notes or {})
    body = []
    for data, node, box, description, boxtext, tooltips, url in ROWS:
        n = counts.get(data) or _PLACEHOLDERS.get(data, "0")
        said = " ".join(part for part in (tooltips, told.get(data)) if part)
        body.append([data, node, box, description, boxtext, said, urls.get(data, url), n])
    return [list(COLUMNS), *body]


def csv_text(flow: Flow, links: Mapping[str, str] | None = None, notes: Mapping[str, str] | None = None) -> str:
    """Return the rows as CSV text with CRLF line ends (RFC 4180)."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(csv_rows(flow, links, notes))
    return out.getvalue()


def safe_label(label: str) -> str:
    """Take out what parts labels in this format (, and ;), and what a spreadsheet would run at a cell's start."""
    plain = " - ".join(part.strip() for part in clean(label).replace(";", ",").split(",") if part.strip())
    return plain.lstrip("=+-@ ") or NAMELESS


def _counts(flow: Flow) -> dict[str, str]:
    numbers = {
        "database_results": flow.found_in("database"),
        "register_results": flow.found_in("register"),
        "duplicates": flow.duplicates,
        "excluded_automatic": flow.automation_ineligible,
        "excluded_other": flow.removed_other,
        "records_screened": flow.screened,
        "records_excluded": flow.excluded_screening,
        "dbr_sought_reports": flow.sought,
        "dbr_notretrieved_reports": flow.not_retrieved,
        "dbr_assessed": flow.assessed,
        "new_studies": flow.included_studies,
        "new_reports": flow.included_reports,
    }
    lists = {
        "database_specific_results": _listed(source for source in flow.sources if source.kind == "database"),
        "register_specific_results": _listed(source for source in flow.sources if source.kind == "register"),
        "dbr_excluded": _listed(flow.reasons),
    }
    return {name: str(n) for name, n in numbers.items()} | lists


def _listed(parts: Iterable[Source | Reason]) -> str:
    named = ((part.name if isinstance(part, Source) else part.text, part.n) for part in parts)
    return "; ".join(f"{safe_label(label)}, {n}" for label, n in named)


def _urls(links: Mapping[str, str]) -> dict[str, str]:
    return {data: links[key] for data, key in _LINKED.items() if key in links}


_LINKED = {
    "database_results": "databases",
    "database_specific_results": "databases",
    "register_results": "registers",
    "register_specific_results": "registers",
    "duplicates": "duplicates",
    "excluded_automatic": "automation_ineligible",
    "excluded_other": "removed_other",
    "records_screened": "screened",
    "records_excluded": "excluded_screening",
    "dbr_sought_reports": "sought",
    "dbr_notretrieved_reports": "not_retrieved",
    "dbr_assessed": "assessed",
    "dbr_excluded": "excluded_full_text",
    "new_studies": "included_studies",
    "new_reports": "included_reports",
}
