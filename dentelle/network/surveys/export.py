"""The answers as a spreadsheet: one line per answer sent, as last sent, with what surprises in it, one column per question and
time; anonymous ones without name, nor type and region when few are alike."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dentelle.foundations.sheets import write_csv, write_xlsx
from dentelle.network.surveys.access import readable
from dentelle.network.surveys.doubts import doubts_of
from dentelle.network.surveys.models import Campaign, Question, RespondentKind, Response, ResponseState
from dentelle.network.surveys.reading import asked_by
from dentelle.network.surveys.results import cell_sizes, region_label
from dentelle.rules.disclosure import masked, network_minimum
from dentelle.rules.surveys import Kind

FORMS: dict[str, Callable[..., int]] = {"csv": write_csv, "xlsx": write_xlsx}


def exported(campaign: Campaign, form: str) -> bytes:
    """Return the file of a campaign (``form``: csv or xlsx)."""
    columns = _columns(campaign)
    header = ["Réponse", "Structure ou adresse", "Type", "Région", "Envoyée le", "Version", "État"]
    header += ["Chiffres qui étonnent", "Explication"]
    header += [question.label if not time else f"{question.label} ({time})" for question, time in columns]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"reponses.{form}"
        named = {"title": "Réponses"} if form == "xlsx" else {}
        FORMS[form](path, header, [list(_rows(campaign, columns))], on_batch=lambda total: None, **named)
        return path.read_bytes()


def _columns(campaign: Campaign) -> list[tuple[Question, int]]:
    """Each question; those of a part answered several times, once per time (time 0: asked once)."""
    found = []
    for block in asked_by(campaign).blocks:
        for time in range(1, block.most + 1):
            found += [(question, time if block.most > 1 else 0) for question in block.questions]
    return found


def _rows(campaign: Campaign, columns: list[tuple[Question, int]]) -> Iterator[list[Any]]:
    responses = readable(campaign).select_related("structure", "invitee")
    given: dict[int, dict[tuple[int, int], Any]] = {}
    rows = list(responses.prefetch_related("answers"))
    for response in rows:
        given[response.pk] = {(each.question_id, each.occurrence): each.value for each in response.answers.all()}
    if campaign.anonymous:  # the order of the keys would tell who answered when
        rows.sort(key=lambda response: (response.kind, response.region_code, str(given[response.pk])))
    sizes, doubts = cell_sizes(rows), doubts_of(campaign, rows)
    for rank, response in enumerate(rows, start=1):
        told = not campaign.anonymous or sizes[response.kind, response.region_code] >= network_minimum()
        yield [
            rank,
            _name(response),
            RespondentKind(response.kind).label if told else "",
            region_label(response.region_code) if told else "",
            response.submitted_on,
            response.version,
            ResponseState(response.state).label,
            " ".join(each.sentence for each in doubts.get(response.pk, ())),
            masked(response.comment) if campaign.anonymous else response.comment,
            *(
                _cell(question, given[response.pk].get((question.pk, time or 1)), campaign)
                for question, time in columns
            ),
        ]


def _name(response: Response) -> str:
    if response.structure is not None:
        return response.structure.name
    return response.invitee.email if response.invitee else ""


def _cell(question: Question, value: Any, campaign: Campaign) -> Any:
    if value is None:
        return None
    kind = Kind(question.kind)
    if kind.is_counted:
        options = question.options or {"yes": "oui", "no": "non"}
        return "\u00a0; ".join(options.get(each, str(each)) for each in (value if isinstance(value, list) else [value]))
    if kind.is_figure:
        return value / kind.scale if kind.scale > 1 else value
    return masked(str(value)) if campaign.anonymous else str(value)
