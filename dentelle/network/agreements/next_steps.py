"""What a page of agreement calls for first: one act, for its author or for its partner."""

from dentelle.foundations.directory.models import Seat
from dentelle.network.agreements.access import Viewer
from dentelle.network.agreements.models import PartySide, ReadingAnswer
from dentelle.network.agreements.queries import AgreementSheet
from dentelle.network.agreements.states import AgreementState, Side

NextAct = tuple[str, str, str]  # the words of the button, the code of the act, what its address starts with
EDIT = ""  # no act: the head of the draft, on its own page


def next_act(sheet: AgreementSheet, viewer: Viewer) -> NextAct | None:
    """Return the one next act of this reader, None when nothing is expected of them."""
    if sheet.agreement.is_example or sheet.side is Side.READER:
        return None
    match sheet.agreement.state:
        case AgreementState.DRAFT:
            return _draft(sheet)
        case AgreementState.PROPOSED:
            return _proposed(sheet, viewer)
        case AgreementState.SIGNED:
            return _signed(sheet, viewer)
    return None


def _draft(sheet: AgreementSheet) -> NextAct | None:
    if sheet.side is not Side.AUTHOR:
        return None
    sides = {party.side for party in sheet.parties}
    if not {PartySide.AUTHOR, PartySide.PARTNER} <= sides:
        return "Ajouter une partie", "partie", f"?side={'author' if PartySide.AUTHOR not in sides else 'partner'}"
    if sheet.lacks_own:
        return "Dire quelle partie est votre structure", "partie", "?side=author"
    for party in sheet.parties:
        if len(party.signatories.all()) < party.signatories_needed:
            return "Nommer un ou une signataire", "signataire", f"?party={party.pk}"
    if not sheet.articles:
        return "Écrire un article", "article", ""
    if not sheet.commitments:
        return "Écrire un engagement", "engagement", ""
    if sheet.starts_unframed:
        return "Revoir son début ou son cadre", EDIT, ""
    return "Proposer à la signature", "etape", "?move=propose"


def _proposed(sheet: AgreementSheet, viewer: Viewer) -> NextAct | None:
    if sheet.blocked:
        return None
    mine = getattr(viewer, "organisation_id", None)
    waiting = any(
        each.signed_on is None
        for party in sheet.parties
        if sheet.side is Side.AUTHOR or party.organisation_id == mine
        for each in party.signatories.all()
    )
    if waiting:
        return "Noter une signature", "signature", ""
    return ("Noter la convention comme signée", "etape", "?move=sign") if sheet.side is Side.AUTHOR else None


def _signed(sheet: AgreementSheet, viewer: Viewer) -> NextAct | None:
    partner = sheet.side is Side.PARTNER
    if isinstance(viewer, Seat) and not sheet.is_partner(viewer):
        return None  # another party signs, and reads
    for line in sheet.indicators:
        if line.late and (line.indicator.owed_by == "partner") == partner:
            code = "compter" if line.indicator.known else "releve"
            return "Donner le relevé attendu", code, f"?indicator={line.indicator.pk}"
    waiting = [
        reading
        for line in sheet.indicators
        for reading in line.readings
        if reading.by_partner != partner and reading.answer == ReadingAnswer.NONE and not reading.is_partial
    ]
    if len(waiting) == 1:
        return "Répondre à un relevé", "reponse", f"?reading={waiting[0].pk}"
    if waiting:
        return f"Répondre à {len(waiting)} relevés", "reponse", ""
    for line in sheet.indicators:
        for reading in line.readings:
            if not partner and not reading.by_partner and reading.answer == ReadingAnswer.DISPUTED:
                code = "compter" if line.indicator.known else "releve"
                return "Corriger le relevé contesté", code, f"?indicator={line.indicator.pk}&day={reading.ends_on}"
    return None
