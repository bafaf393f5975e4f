// One folded line under the abstract: other reports of the same study, and the duplicates that were merged into the record.
// Notices (a correction, a retraction) are told above it, unfolded.
import { el, icon } from "../dom.js";
import { withId } from "./addresses.js";

const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;

/** The line, or null where nothing is known. url: the address of a record's page, with 0 for its id. */
export function related({ reports = [], duplicates = [] }, url) {
  if (!reports.length && !duplicates.length) return null;
  const said = [
    reports.length ? many(reports.length, "other report of the same study", "other reports of the same study") : "",
    duplicates.length ? many(duplicates.length, "duplicate merged into it", "duplicates merged into it") : "",
  ];
  return el("details", { className: "wb-related" },
    el("summary", {}, icon("chevron-right"), said.filter(Boolean).join(" · ")),
    ...list("Same study", reports, url), ...list("Duplicates", duplicates, url));
}

function list(name, rows, url) {
  if (!rows.length) return [];
  return [el("h3", {}, name), el("ul", {}, ...rows.map((row) => el("li", {},
    el("a", { href: withId(url, row.id), target: "_blank", rel: "noopener", dir: "auto" }, row.title || "Untitled record", el("span", { className: "visually-hidden" }, " opens in a new tab")),
    el("span", { className: "muted" }, [row.year, row.why, ...(row.sources ?? [])].filter(Boolean).join(" · ")))))];
}

/** Badges of the notices about a record, or of what the record itself is a notice about. */
export function told({ notices = [] }, url) {
  return notices.map((row) => el("p", {},
    el("span", { className: "tag is-conflict" }, icon("alert-triangle"), row.badge), " ",
    el("a", { href: withId(url, row.id), target: "_blank", rel: "noopener", dir: "auto" }, row.title || "Untitled record", el("span", { className: "visually-hidden" }, " opens in a new tab"))));
}
