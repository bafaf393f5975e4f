"""What people and machines did with records, files and protocols."""

from collections.abc import Iterable
from typing import Any

from audit.presenters import present
from screening.enums import OverrideReason, RelationSort, Stage

STAGE = {value: label.lower() for value, label in Stage.choices}
VERB = {
    "include": "included",
    "exclude": "excluded",
    "maybe": "marked as maybe",
    "withdrawn": "took back the decision on",
}


def _decided(data: dict[str, Any]) -> str:
    reason = f" ({data['exclusion_reason']})" if data.get("exclusion_reason") else ""
    change = f", after {data['old']}" if data.get("old") not in (None, "withdrawn") else ""
    seen = ", having seen the AI suggestion" if data.get("suggestion") else ""
    differs = OverrideReason(data["override"]).told if data.get("override") else ""
    judged = f"; {_judged(data['criteria'])}" if data.get("criteria") else ""
    many = ", together with others" if data.get("together") else ""
    read = f", under version {data['version']} of the protocol" if data.get("version") else ""
    said = f"{VERB[data['new']]} the record at {STAGE[data['stage']]}{reason}{change}"
    return f"{said}{read}{seen}{differs}{many}{judged}"


def _judged(criteria: dict[str, str]) -> str:
    return ", ".join(f"“{label}” {judged.replace('_', ' ')}" for label, judged in criteria.items())


@present("record.decided")
def _record_decided(data: dict[str, Any]) -> str:
    return _decided(data)


@present("record.adjudicated")
def _record_adjudicated(data: dict[str, Any]) -> str:
    return f"settled the conflict: {_decided(data)}"


@present("review.started")
def _review_started(data: dict[str, Any]) -> str:
    return f"started the review “{data['title']}”"


@present("review.changed")
def _review_changed(data: dict[str, Any]) -> str:
    return f"changed the review's {_listed(name.replace('_', ' ') for name in data['new'])}"


@present("reasons.changed")
def _reasons_changed(data: dict[str, Any]) -> str:
    return f"changed the exclusion reasons at {STAGE[data['stage']]}"


@present("protocol.written")
def _protocol_written(data: dict[str, Any]) -> str:
    return f"wrote the protocol with {len(data['criteria'])} criteria"


@present("protocol.amended")
def _protocol_amended(data: dict[str, Any]) -> str:
    return f"amended the protocol (version {data['number']})"


def _listed(words: Iterable[str]) -> str:
    """a, b and c."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


@present("conflict.opened")
def _conflict_opened(data: dict[str, Any]) -> str:
    return f"opened the opinions in conflict at {STAGE[data['stage']]}"


# -- notes and tags ----------------------------------------------------------------------------------------------------
@present("note.written")
def _note_written(data: dict[str, Any]) -> str:
    kind = "private" if data["private"] else "team"
    if data["removed"]:
        return f"removed a {kind} note"
    return f"changed a {kind} note" if data["replaces"] else f"wrote a {kind} note"


@present("record.tagged")
def _record_tagged(data: dict[str, Any]) -> str:
    return f"tagged the record “{data['tag']}”"


@present("record.untagged")
def _record_untagged(data: dict[str, Any]) -> str:
    return f"took the tag “{data['tag']}” off the record"


# -- identification ---------------------------------------------------------------------------------------------------
@present("source.added")
def _source_added(data: dict[str, Any]) -> str:
    return f"added the source “{data['name']}”"


@present("source.changed")
def _source_changed(data: dict[str, Any]) -> str:
    return f"changed {', '.join(data['new']).replace('_', ' ')} of the source “{data['name']}”"


@present("import.uploaded")
def _import_uploaded(data: dict[str, Any]) -> str:
    return f"handed in the file “{data['name']}” from {data['source']}"


@present("import.checked")
def _import_checked(data: dict[str, Any]) -> str:
    return f"read “{data['name']}” as a dry run: {data['parsed']} of {data['found']} entries are citations"


@present("import.refused")
def _import_refused(data: dict[str, Any]) -> str:
    return f"found no citations that can be read in “{data['name']}”"


@present("import.mapped")
def _import_mapped(data: dict[str, Any]) -> str:
    return f"changed which columns of “{data['name']}” are read as what"


@present("import.discarded")
def _import_discarded(data: dict[str, Any]) -> str:
    return f"discarded the file “{data['name']}” before its import"


@present("import.started")
def _import_started(data: dict[str, Any]) -> str:
    verb = "went on with" if data["again"] else "started"
    return f"{verb} the import of “{data['name']}” ({data['parsed']} citations)"


@present("import.finished")
def _import_finished(data: dict[str, Any]) -> str:
    return (
        f"imported “{data['name']}”: {data['stored']} citations, {data['rejected']} rejected, "
        f"{data['duplicates']} merged as duplicates, {data['possible']} possible duplicates to judge"
    )


@present("import.failed")
def _import_failed(data: dict[str, Any]) -> str:
    return f"could not finish the import of “{data['name']}”; {data['stored']} entries are stored"


@present("import.undone")
def _import_undone(data: dict[str, Any]) -> str:
    return f"undid the import of “{data['name']}” ({data['records']} records)"


@present("duplicates.found")
def _duplicates_found(data: dict[str, Any]) -> str:
    return f"looked for duplicates: {data['merged']} merged, {data['possible']} possible ones to judge"


@present("duplicates.judged")
def _duplicates_judged(data: dict[str, Any]) -> str:
    answers = {
        "duplicate": "judged records {first} and {second} to be duplicates",
        "same_study": "judged records {first} and {second} to be reports of the same study",
        "not_duplicate": "judged records {first} and {second} not to be duplicates",
        "open": "took back the answer on records {first} and {second}",
    }
    if data.get("sort"):
        special, other = (data["second"], data["first"]) if data["of_first"] else (data["first"], data["second"])
        return f"judged record {special} to be {RelationSort(data['sort']).of} record {other}"
    return answers[data["new"]].format(first=data["first"], second=data["second"])


@present("record.merged")
def _record_merged(data: dict[str, Any]) -> str:
    return f"merged record {data['absorbed']} into record {data['kept']}"


@present("record.unmerged")
def _record_unmerged(data: dict[str, Any]) -> str:
    return f"undid the merge of record {data['absorbed']} into record {data['kept']}"


@present("assistant.created")
def _assistant_created(data: dict[str, Any]) -> str:
    model = f" of the model {data['model']}" if data.get("model") else ""
    return f"made the AI assistant {data['assistant']}{model}"


@present("assistant.calibrated")
def _assistant_calibrated(data: dict[str, Any]) -> str:
    return f"worked out how the scores of {data['assistant']} at {STAGE[data['stage']]} tell what people decide"


@present("run.started")
def _run_started(data: dict[str, Any]) -> str:
    over = f"records at {STAGE[data['stage']]}" if data.get("stage") else "studies"
    return f"started run {data['run']}: {data['assistant']} over {data['records']} {over}"


@present("run.paused")
def _run_paused(data: dict[str, Any]) -> str:
    return f"paused run {data['run']}" + (f": {data['why']}" if data.get("why") else "")


@present("run.resumed")
def _run_resumed(data: dict[str, Any]) -> str:
    return f"resumed run {data['run']}"


@present("run.cancelled")
def _run_cancelled(data: dict[str, Any]) -> str:
    return f"cancelled run {data['run']}; {data['dropped']} {_items(data)} were still waiting"


@present("run.retried")
def _run_retried(data: dict[str, Any]) -> str:
    return f"let run {data['run']} try {data['records']} failed {_items(data)} again"


@present("run.finished")
def _run_finished(data: dict[str, Any]) -> str:
    what = "studies done" if data.get("purpose") == "extraction" else "suggestions"
    return f"finished run {data['run']}: {data['done']} {what}, {data['failed']} failed"


def _items(data: dict[str, Any]) -> str:
    return "studies" if data.get("purpose") == "extraction" else "records"


_BESIDE = {
    "member": ", as a member of a panel",
    "repeat": ", asked the same again to see whether it says the same",
    "again": ", run again by a person",
    "trial": ", to try a prompt",
}


@present("record.suggested")
def _record_suggested(data: dict[str, Any]) -> str:
    model = f" with the model {data['model']}" if data.get("model") else ""
    return f"made an AI suggestion{model}{_BESIDE.get(data.get('role', ''), '')}"


@present("record.not_suggested")
def _record_not_suggested(data: dict[str, Any]) -> str:
    return f"could make no AI suggestion: {data['why']}"


@present("queue.ordered")
def _queue_ordered(data: dict[str, Any]) -> str:
    by = "by AI suggestions" if data["mode"] in {"prioritise", "assist"} else "at random"
    return f"ordered the queue at {STAGE[data['stage']]} {by} ({data['records']} records moved)"


# -- keeping the record straight --------------------------------------------------------------------------------------
@present("statuses.reconciled")
def _statuses_reconciled(data: dict[str, Any]) -> str:
    return f"brought {data['places']} stored statuses in line with their decisions"


# -- studies ----------------------------------------------------------------------------------------------------------
@present("study.linked")
def _study_linked(data: dict[str, Any]) -> str:
    n = len(data["reports"])
    return f"linked {data['old']} with {data['new']}: {n} report{'s' if n != 1 else ''} more of one study"


@present("study.parted")
def _study_parted(data: dict[str, Any]) -> str:
    return f"parted {data['new']} from {data['old']}: a study of its own"


@present("study.main_set")
def _study_main_set(data: dict[str, Any]) -> str:
    return f"made record {data['new']} the main report of {data['label']}"


@present("study.changed")
def _study_changed(data: dict[str, Any]) -> str:
    old, new = data["old"], data["new"]
    named = f"renamed the study {old['label']} to {new['label']}" if old["label"] != new["label"] else ""
    codes = ", ".join(new["registrations"]) or "none"
    listed = f"set the registrations of {new['label']}: {codes}" if old["registrations"] != new["registrations"] else ""
    return "; ".join(text for text in (named, listed) if text)


@present("hint.judged")
def _hint_judged(data: dict[str, Any]) -> str:
    answers = {
        "confirmed": "judged records {first} and {second} to be reports of one study",
        "rejected": "judged records {first} and {second} to be of different studies",
        "open": "took back the answer on whether records {first} and {second} are of one study",
    }
    return answers[data["new"]].format(first=data["first"], second=data["second"])


# -- full texts -------------------------------------------------------------------------------------------------------
@present("document.uploaded")
def _document_uploaded(data: dict[str, Any]) -> str:
    return f"uploaded the document “{data['name']}”"


@present("document.read")
def _document_read(data: dict[str, Any]) -> str:
    flagged = "; something in it looks meant for a language model" if data["flags"] else ""
    return f"read the document “{data['name']}” ({data['pages']} pages){flagged}"


@present("document.failed")
def _document_failed(data: dict[str, Any]) -> str:
    return f"could not read the document “{data['name']}”"


@present("document.attached")
def _document_attached(data: dict[str, Any]) -> str:
    how = {"doi": ", matched by DOI", "title": ", matched by title"}.get(data["matched_by"], "")
    version = f" as version {data['version']}" if data["version"] > 1 else ""
    return f"gave the document “{data['name']}” to the record “{data['record']}”{version}{how}"


@present("document.detached")
def _document_detached(data: dict[str, Any]) -> str:
    return f"put the document “{data['name']}” back into the tray"


@present("document.removed")
def _document_removed(data: dict[str, Any]) -> str:
    return f"removed the document “{data['name']}”; it is kept, and hidden"


@present("document.restored")
def _document_restored(data: dict[str, Any]) -> str:
    return f"brought the document “{data['name']}” back"


@present("document.permitted")
def _document_permitted(data: dict[str, Any]) -> str:
    return f"{'allowed' if data['may'] else 'forbade'} sending the document “{data['name']}” to AI"


@present("documents.permitted")
def _documents_permitted(data: dict[str, Any]) -> str:
    return f"{'allowed' if data['may'] else 'forbade'} sending {len(data['documents'])} documents to AI"


@present("retrieval.recorded")
def _retrieval_recorded(data: dict[str, Any]) -> str:
    if data["outcome"] == "not_retrieved":
        return "recorded that the report could not be retrieved"
    return "recorded that the report is sought again"
