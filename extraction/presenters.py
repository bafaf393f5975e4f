"""How extraction's events read. What follows the actor's name; plain text, escaped where it is shown."""

from typing import Any

from audit.presenters import present


@present("instrument.added")
def _instrument_added(data: dict[str, Any]) -> str:
    return f"added the risk-of-bias instrument {data['name']}"


@present("form.created")
def _form_created(data: dict[str, Any]) -> str:
    return f"made the form {data['name']} with {data['fields']} fields"


@present("form.drafted")
def _form_drafted(data: dict[str, Any]) -> str:
    return f"changed the draft of {data['name']}: {data['what']}"


@present("form.renamed")
def _form_renamed(data: dict[str, Any]) -> str:
    return f"renamed the form {data['old']} to {data['name']}"


@present("form.published")
def _form_published(data: dict[str, Any]) -> str:
    return f"published version {data['number']} of the form {data['name']}"


@present("form.retired")
def _form_retired(data: dict[str, Any]) -> str:
    return f"retired the form {data['name']}; its values stay"


@present("form.resumed")
def _form_resumed(data: dict[str, Any]) -> str:
    return f"took up the form {data['name']} again"


@present("study.proposed")
def _study_proposed(data: dict[str, Any]) -> str:
    doubtful = f", {data['flagged']} of them with a doubt" if data["flagged"] else ""
    left = data.get("unanswered", 0)  # not counted in the first events
    silent = f"; {left} question{'s' if left > 1 else ''} got no answer" if left else ""
    return f"{data['assistant']} (AI) proposed {data['proposals']} values by {data['form']}{doubtful}{silent}"


@present("study.not_proposed")
def _study_not_proposed(data: dict[str, Any]) -> str:
    return f"{data['assistant']} (AI) could not answer {data['form']}: {data['why']}"


def _entered(data: dict[str, Any]) -> str:
    manners = {"accepted": "accepted the proposal for", "edited": "edited the proposal for"}
    return f"{manners.get(data['manner'], 'entered')} {data['field']} of {data['study']}"


present("value.recorded")(_entered)


@present("value.settled")
def _value_settled(data: dict[str, Any]) -> str:
    return f"settled {data['field']} of {data['study']}"


@present("value.withdrawn")
def _value_withdrawn(data: dict[str, Any]) -> str:
    return f"took back the own value for {data['field']} of {data['study']}"


@present("proposal.rejected")
def _proposal_rejected(data: dict[str, Any]) -> str:
    return f"rejected the proposal for {data['field']} of {data['study']}: {data['why'].lower()}"


@present("arm.added")
def _arm_added(data: dict[str, Any]) -> str:
    return f"added the arm {data['name']} to {data['study']}"


@present("arm.renamed")
def _arm_renamed(data: dict[str, Any]) -> str:
    return f"renamed the arm {data['old']} to {data['name']}"


@present("arm.retired")
def _arm_retired(data: dict[str, Any]) -> str:
    return f"took the arm {data['name']} off the forms; its values stay"


@present("measure.added")
def _measure_added(data: dict[str, Any]) -> str:
    return f"added the outcome {data['name']} to {data['study']}"


@present("measure.renamed")
def _measure_renamed(data: dict[str, Any]) -> str:
    return f"renamed the outcome {data['old']} to {data['name']}"


@present("measure.retired")
def _measure_retired(data: dict[str, Any]) -> str:
    return f"took the outcome {data['name']} off the forms; its values stay"


@present("extraction.begun")
def _extraction_begun(data: dict[str, Any]) -> str:
    work = f"{data['study']} ({data['form']})"
    return f"began to extract {work}" if data["own"] else f"assigned {work} to {data['extractor']}"


@present("extraction.released")
def _extraction_released(data: dict[str, Any]) -> str:
    work = f"{data['study']} ({data['form']})"
    return f"stopped extracting {work}" if data["own"] else f"took {data['extractor']} off {work}"


@present("extraction.done")
def _extraction_done(data: dict[str, Any]) -> str:
    return f"finished extracting {data['study']} ({data['form']})"


@present("extraction.reopened")
def _extraction_reopened(data: dict[str, Any]) -> str:
    whose = "" if data["own"] else f" for {data['extractor']}"
    return f"opened the extraction of {data['study']} ({data['form']}) again{whose}"


@present("extraction_rule.set")
def _extraction_rule_set(data: dict[str, Any]) -> str:
    each = "one extractor" if data["new"]["extractors_per_study"] == 1 else "two extractors"
    return f"set the extraction rule to {each} for each study"
