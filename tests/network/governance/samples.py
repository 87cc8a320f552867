from django.core.files.uploadedfile import SimpleUploadedFile

from dentelle.foundations.organisations.models import Membership
from dentelle.network.governance.actions import sessions
from dentelle.network.governance.models import Body
from tests.factories import NOW
from tests.network.governance import making
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    """The network has one of everything, seen by all its people; a concern is its author's structure's until gathered."""
    seat = making.head_of(membership)
    making.mandate(seat)
    board = Body.objects.filter(network=seat.network).first() or making.body(seat)
    theme = making.theme(seat, f"Thème {membership.pk}")
    axis = making.axis(seat, name=f"Axe {membership.pk}")
    deciding = Body.objects.filter(network=seat.network, kind="board").first()
    deciding = deciding or making.body(seat, name="Conseil qui décide")
    decided = making.axis(seat, name=f"Axe décidé {membership.pk}")
    office = making.office(seat, board, name=f"Élue {membership.pk}")
    session = making.session(seat, board)
    item = sessions.add_item(seat, session.pk, title="Accueil", concerns=[], at=NOW)
    decision = sessions.decide_in_session(seat, session.pk, text="Adopté", concerns=[], at=NOW)
    paper = SimpleUploadedFile("ordre-du-jour.txt", b"1. Accueil\n")
    document = sessions.add_document(seat, session.pk, paper, title="Ordre du jour", at=NOW)
    author = making.official(membership.structure)
    concern = making.concern(author, f"Préoccupation {membership.pk}")

    def shared(pk: int, **more: str) -> Sample:
        return Sample({"pk": pk, **more}, network=True)

    mandate = making.mandate(seat)
    return {
        **{
            f"governance:{name}": Sample({"pk": concern.pk})
            for name in ("concern", "read", "withdraw", "set-aside", "erase")
        },
        **{f"governance:{name}": shared(theme.pk) for name in ("theme", "theme-change")},
        **{f"governance:{name}": shared(axis.pk) for name in ("axis", "axis-version", "axis-decide", "axis-close")},
        **{f"governance:{name}": shared(mandate.pk) for name in ("mandate", "mandate-close", "mandate-correct")},
        **{
            f"governance:{name}": shared(board.pk)
            for name in ("body", "body-change", "body-close", "body-reopen", "session-new")
        },
        **{f"governance:{name}": shared(office.pk) for name in ("office-end", "office-correct")},
        **{
            f"governance:{name}": shared(session.pk)
            for name in ("session", "session-move", "session-cancel", "session-hold")
        },
        "governance:axis-correct": shared(making.validated(seat, decided, deciding).pk, number="1"),
        "governance:item-change": Sample({"pk": session.pk, "item": item.pk}, network=True),
        "governance:decision-change": Sample({"pk": session.pk, "decision": decision.pk}, network=True),
        "governance:session-act": shared(session.pk, code="point"),
        "governance:document": shared(document.pk),
    }
