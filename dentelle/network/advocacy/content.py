"""What an edition says, as plain data: read from the white paper once, then printed, shown and hashed as it is.

Consent is applied here: the words and the name of somebody who refuses to be quoted never enter the content of an edition.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from dentelle.network.advocacy.access import NOT_RECEIVED
from dentelle.network.advocacy.lineage import kept
from dentelle.network.advocacy.markers import Paragraph, paragraphs
from dentelle.network.advocacy.models import (
    Chapter,
    Citation,
    CitationKind,
    Consent,
    Contribution,
    ContributionState,
    Figure,
    Proposal,
    WhitePaper,
)
from dentelle.network.advocacy.readiness import explained, printed
from dentelle.network.governance.models import Concern, ConcernState
from dentelle.network.practices.models import PracticeVersion
from dentelle.network.tour.models import Finding
from dentelle.network.tour.queries.cited import cited as cited_finding
from dentelle.rules.wording import day, ended, plural, sentence

Content = dict[str, Any]
PLURALS = {
    CitationKind.CONTRIBUTION.label: "Contributions",
    CitationKind.PRACTICE.label: "Fiches pratiques",
    CitationKind.CONCERN.label: "Préoccupations d’élus",
    CitationKind.FIGURE.label: "Chiffres",
    CitationKind.FINDING.label: "Constats du Tour",
}
UNPRICED, UNSAID = "non chiffré", "non renseigné"
# fields of a proposal whose change is told from one edition to the next
TOLD = {
    "title": "le titre",
    "finding": "le constat",
    "measure": "la mesure",
    "level": "le niveau",
    "cost": "le coût",
    "legal_vehicle": "le vecteur juridique",
    "indicator": "l’indicateur",
    "indicator_definition": "la définition de l’indicateur",
    "citations": "les sources",
    "unsourced": "les phrases dites sans source",
}


def content_of(paper: WhitePaper, *, number: int, at: datetime, before: Content | None = None) -> Content:
    """Return what the white paper says now; ``before`` is the content of its last edition, to say what changed."""
    chapters = [_chapter(each) for each in _chapters(paper)]
    content: Content = {
        "title": paper.title,
        "aim": _plain(paper.aim),
        "network": paper.network.name,
        "mandate": paper.mandate.name if paper.mandate else "",
        "number": number,
        "made_on": timezone.localdate(at).isoformat(),
        "received": _received(paper),
        "chapters": chapters,
    }
    content["changes"] = changes(before, content) if before else []
    return content


def digest(content: Content) -> str:
    """Return the SHA-256 of a content, the same wherever it is computed."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def cited(content: Content) -> list[dict[str, Any]]:
    """Return every citation of a content."""
    return [citation for proposal in proposals_of(content) for citation in proposal["citations"]]


def leaning_in(content: Content) -> dict[int, list[int]]:
    """Return the contributions a content cites, with the numbers of the proposals that lean on each."""
    found: dict[int, list[int]] = {}
    for proposal in proposals_of(content):
        for citation in proposal["citations"]:
            if citation.get("contribution"):
                found.setdefault(citation["contribution"], []).append(proposal["number"])
    return found


def proposals_of(content: Content) -> Iterator[dict[str, Any]]:
    """Return the proposals of a content, in their order."""
    for chapter in content["chapters"]:
        yield from chapter["proposals"]


def changes(before: Content, now: Content) -> list[str]:
    """Return, in French, what changed from one edition to the next, proposal by proposal."""
    old = {each["pk"]: each for each in proposals_of(before)}
    new = {each["pk"]: each for each in proposals_of(now)}
    said = [ended(f"Proposition {new[pk]['number']} ajoutée : {new[pk]['title']}") for pk in new if pk not in old]
    said += [ended(f"Proposition {old[pk]['number']} retirée : {old[pk]['title']}") for pk in old if pk not in new]
    for pk, each in new.items():
        if pk not in old:
            continue
        changed = [label for name, label in TOLD.items() if _said(each, name) != _said(old[pk], name)]
        if changed:
            said.append(f"Dans la proposition {each['number']}, {_changed(changed)}.")
        if each["number"] != old[pk]["number"]:
            said.append(f"La proposition {old[pk]['number']} devient la proposition {each['number']}.")
    return [sentence(each) for each in (*said, *_changed_chapters(before["chapters"], now["chapters"]))]


def _changed(names: Sequence[str]) -> str:
    """« le constat a changé », « le constat, la mesure et les sources ont changé »."""
    *others, last = names
    one = not others and not last.startswith("les ")
    return f"{' et '.join(filter(None, (', '.join(others), last)))} {'a' if one else 'ont'} changé"


def _said(proposal: Content, name: str) -> Any:
    """A field of a proposal apart from its anchors, which its number alone changes."""
    told = proposal.get(name) or []
    if name not in ("finding", "measure"):
        return told
    return [[(each["text"], each["numbers"]) for each in paragraph["sentences"]] for paragraph in told]


def _changed_chapters(before: Sequence[Content], now: Sequence[Content]) -> Iterator[str]:
    """What became of chapters: one that keeps its words and changes place has moved."""
    places = {(each["title"], tuple(each["introduction"])): each["rank"] for each in before}
    titles, written = {each["title"] for each in now}, set()
    for each in now:
        was = places.get((each["title"], tuple(each["introduction"])))
        if was is None:
            told = "titre ou introduction modifiés" if each["rank"] in places.values() else "ajouté"
            written.add(each["rank"])
            yield f"Chapitre {each['rank']}, {told}."
        elif was != each["rank"]:
            yield f"Le chapitre {was} devient le chapitre {each['rank']} : {each['title']}."
    for each in before:
        if each["title"] not in titles and each["rank"] not in written:
            yield ended(f"Chapitre {each['rank']} retiré : {each['title']}")


def citation_of(citation: Citation) -> dict[str, Any]:
    """Return what anybody may read of a citation."""
    found = {
        "number": citation.number,
        "kind": citation.kind,
        "label": citation.get_kind_display(),
        "quote": "",
        "detail": "",
        "url": "",
    }
    if citation.contribution:
        found |= _contribution(citation.contribution, citation.excerpt)
    elif citation.practice:
        found |= _practice(citation.practice)
    elif citation.concern:
        found |= _concern(citation.concern)
    elif citation.figure:
        found |= _figure(citation.figure)
    elif citation.finding:
        found |= _finding(citation.finding)
    return found


def corrected_in(content: Content) -> dict[int, str]:
    """Return the figures a content prints that were corrected since, each with the line an edition would print now."""
    found = {}
    printed = [each["figure"] for each in cited(content) if each.get("figure")]
    for figure in Figure.objects.filter(pk__in=printed, replaced_by__isnull=False):
        now = figure
        while now.replaced_by is not None:
            now = now.replaced_by
        found[figure.pk] = line_of(_figure(now) | {"kind": CitationKind.FIGURE.value})
    return found


def line_of(citation: dict[str, Any]) -> str:
    """Return a citation on one line, its quote left out."""
    between = ". " if citation["kind"] == CitationKind.FIGURE else ", "
    return between.join(filter(None, (citation["title"], citation["detail"])))


def evidence_of(content: Content) -> list[dict[str, Any]]:
    """Return every source once, by kind, with the proposals and the numbers under which they cite it: the annex."""
    groups: dict[str, dict[tuple[str, int], list[str]]] = {}
    for proposal in proposals_of(content):
        for citation in proposal["citations"]:
            key = (line_of(citation), citation[citation["kind"]])
            known = groups.setdefault(citation["label"], {})
            known.setdefault(key, []).append(_where(proposal, citation["number"]))
    return [
        {"label": PLURALS.get(label, label), "rows": [[line, ", ".join(where)] for (line, _), where in known.items()]}
        for label, known in groups.items()
    ]


def _where(proposal: dict[str, Any], number: int) -> str:
    """The number under which sentences of a proposal name a source, where some do."""
    sentences = [each for part in (*proposal["finding"], *proposal["measure"]) for each in part["sentences"]]
    if any(number in each["numbers"] for each in sentences):
        return f"proposition {proposal['number']} [{number}]"
    return f"à l’origine de la proposition {proposal['number']}"


def cited_proposals(paper: WhitePaper) -> "Prefetch[Any]":
    """The proposals of chapters, with their citations and what these speak of."""
    citations = Citation.objects.select_related(
        "contribution__structure",
        "practice__practice__structure",
        "practice__practice__network",
        "concern__theme",
        "figure",
        "finding__stage",
    ).order_by("number")
    proposals = Proposal.objects.filter(paper=paper).order_by("number")
    return Prefetch("proposals", proposals.prefetch_related(Prefetch("citations", citations)))


def _chapters(paper: WhitePaper) -> Sequence[Chapter]:
    return list(paper.chapters.order_by("rank").prefetch_related(cited_proposals(paper)))


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "rank": chapter.rank,
        "title": chapter.title,
        "introduction": _plain(chapter.introduction),
        "proposals": [_proposal(each) for each in chapter.proposals.all()],
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    anchor = f"p{proposal.number}"
    return {
        "pk": proposal.pk,
        "number": proposal.number,
        "anchor": anchor,
        "title": proposal.title,
        "finding": [_paragraph(each) for each in paragraphs(proposal.finding, f"{anchor}-constat")],
        "measure": [_paragraph(each) for each in paragraphs(proposal.measure, f"{anchor}-mesure")],
        "level": proposal.get_level_display(),
        "cost": f"{proposal.cost} (source\u00a0: {proposal.cost_source})" if proposal.cost else UNPRICED,
        "legal_vehicle": proposal.legal_vehicle or UNSAID,
        "indicator": proposal.indicator or UNSAID,
        "indicator_definition": proposal.indicator_definition,
        "unsourced": _unsourced(proposal),
        "citations": [citation_of(each) for each in printed(proposal)],
    }


def _unsourced(proposal: Proposal) -> list[dict[str, Any]]:
    """The sentences said without source, under the reason they share."""
    by_reason: dict[str, list[str]] = {}
    for each in explained(proposal):
        by_reason.setdefault(each["because"], []).append(each["text"])
    return [{"because": because, "sentences": said} for because, said in by_reason.items()]


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "anchor": paragraph.anchor,
        "sentences": [
            {"anchor": each.anchor, "text": each.text, "numbers": list(each.numbers)} for each in paragraph.sentences
        ],
    }


def _contribution(contribution: Contribution, excerpt: str) -> dict[str, Any]:
    sent = day(timezone.localdate(contribution.sent_at)) if contribution.sent_at else ""
    found: dict[str, Any] = {
        "contribution": contribution.pk,
        "consent": contribution.consent,
        "detail": f"envoyée le {sent}" if sent else "",
        "url": reverse("advocacy:contribution", args=[contribution.pk]),
    }
    if contribution.consent == Consent.UNQUOTED or contribution.state == ContributionState.WITHDRAWN:
        return found | {"title": "Une contribution dont l’auteur n’a pas souhaité être cité", "url": ""}
    who = contribution.structure.name
    if contribution.consent == Consent.NAMED:
        who = ", ".join(filter(None, (contribution.author_name, contribution.author_function, who)))
    return found | {"title": f"Contribution, {who}", "quote": excerpt or contribution.proposal}


def _practice(version: PracticeVersion) -> dict[str, Any]:
    practice = version.practice
    host = practice.structure.name if practice.structure else practice.network.name
    published = f", publiée le {day(version.published_on)}" if version.published_on else ""
    return {
        "practice": practice.pk,
        "title": f"Fiche pratique «\u00a0{version.title}\u00a0», {host}",
        "detail": f"version {version.number}{published}",
        "quote": str(version.content.get("summary", "")),
        "url": reverse("practices:detail", args=[practice.pk]) + f"?version={version.number}",
    }


def _concern(concern: Concern) -> dict[str, Any]:
    gone = ", retirée depuis par son auteur" if concern.state == ConcernState.WITHDRAWN else ""
    theme = f", thème «\u00a0{concern.theme.name}\u00a0»" if concern.theme else ""
    return {
        "concern": concern.pk,
        "title": f"Préoccupation d’un élu ou d’une élue du réseau{theme}",
        "detail": f"écrite le {day(timezone.localdate(concern.written_at))}{gone}",
        "url": "" if gone else reverse("governance:concern", args=[concern.pk]),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "figure": figure.pk,
        "title": f"{figure.label}\u00a0: {figure}",
        "detail": sentence(
            f"{ended(figure.definition)} Source : {figure.source.removesuffix('.')}, au {day(figure.as_of)}."
        ),
        "url": figure.link,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    told = cited_finding(finding)
    named = told.stage_title.casefold().startswith("étape")
    stage = told.stage_title if named else f"étape «\u00a0{told.stage_title}\u00a0»"
    return {
        "finding": finding.pk,
        "title": f"Constat du Tour, {stage[:1].lower()}{stage[1:]}",
        "detail": f"établi le {day(told.stated_on)}",
        "quote": told.text,
        "url": told.url,
    }


def _received(paper: WhitePaper) -> Mapping[str, Any]:
    found = list(paper.contributions.exclude(state__in=NOT_RECEIVED).values_list("structure", flat=True))
    retained = len(kept(paper))
    words = (
        f"{plural(len(found), 'contribution reçue', 'contributions reçues')} de "
        f"{plural(len({*found}), 'structure membre', 'structures membres')}, "
        f"{plural(retained, 'retenue', 'retenues')}."
    )
    return {"contributions": len(found), "kept": retained, "words": sentence(words)}


def _plain(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
