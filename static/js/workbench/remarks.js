// What else people do with the record in front of them, besides deciding: tag it, note something, mark it as a duplicate.
import { withId, withQuery } from "./addresses.js";
import { Notes } from "./notes.js";
import { Tags } from "./tags.js";

/** urls: {notesUrl, tagsUrl, duplicateUrl}; all: the tags of the review. Returns the actions by name. */
export function remarks({ urls, all, session, view }) {
  const paints = { changed: (record) => record === session.record && view.marks(), toast: (...args) => view.notices.toast(...args) };
  const notes = new Notes({ url: (id) => withId(urls.notesUrl, id), ...paints });
  const tags = new Tags({ all, url: (id) => withId(urls.tagsUrl, id), ...paints });
  const onRecord = (does) => () => (session.record && !session.record.stub ? does(session.record) : false);
  return {
    note: onRecord((record) => notes.open(record)),
    tag: onRecord((record) => tags.open(record)),
    duplicate: onRecord((record) => location.assign(withQuery(withId(urls.duplicateUrl, record.id), { next: location.pathname + location.search }))),
  };
}
