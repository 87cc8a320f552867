"""What is written to people who registered: a place, a turn, a change; each with the link that cancels.

The link is signed rather than stored (``decision 0170``): the same in every letter, worth nothing once its person is forgotten.
"""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from dentelle.foundations.messages.actions import send
from dentelle.foundations.messages.models import MessageKind
from dentelle.network.tour.hours import clock
from dentelle.network.tour.models import Registration, Stage
from dentelle.network.tour.vocabulary import Audience, RegistrationState, StageState
from dentelle.rules.wording import day as in_full

KEPT = timedelta(days=183)
KEPT_WORDS = "six mois après l’étape"
CONFIRMED, WAITING, GIVEN, MOVED, CANCELLED = "confirmed", "waiting", "given", "moved", "cancelled"
# what happened → (subject, sentence)
NEWS = {
    CONFIRMED: ("Votre place", "Votre place est réservée."),
    WAITING: (
        "Liste d’attente",
        "Toutes les places sont prises\u00a0: vous êtes sur la liste d’attente, et un courriel vous dira si une place se libère.",
    ),
    GIVEN: ("Une place s’est libérée", "Une place s’est libérée\u00a0: elle est à vous."),
    MOVED: ("Du nouveau", "Le jour, l’heure ou le lieu ont changé. Voici ce qui vaut maintenant."),
    CANCELLED: ("Étape annulée", "Cette étape n’aura pas lieu."),
}
LEAVE = "Vous ne pouvez plus venir\u00a0? Laissez votre place à quelqu’un d’autre\u00a0:"
LEAVE_THE_QUEUE = "Vous ne voulez plus attendre\u00a0? Quittez la liste d’attente\u00a0:"
_SIGNER = signing.Signer(salt="tour.registration")


def token_of(registration: Registration) -> str:
    """Return the secret part of the address that cancels a registration."""
    return _SIGNER.sign(str(registration.pk))


def registration_key(token: str) -> int | None:
    """Return the key of the registration a token cancels, None for a token nobody was given."""
    try:
        return int(_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def address(name: str, *args: object) -> str:
    """Return the whole address of a page, for people who read it elsewhere."""
    return str(settings.DENTELLE_SITE).rstrip("/") + reverse(name, args=args)


def write_to(registration: Registration, stage: Stage, news: str, *, at: datetime) -> None:
    """Write to somebody registered what happened (a key of ``NEWS``). In the caller's act."""
    if not registration.email:
        return
    subject, sentence = NEWS[news]
    public = stage.audience == Audience.PUBLIC
    context = {
        "name": registration.full_name,
        "stage": stage,
        "sentence": sentence,
        "when": when(stage),
        "where": ", ".join(filter(None, (stage.place, stage.address))),
        "page": address("tour:public-stage" if public else "tour:stage", stage.pk),
        "calendar": address("tour:public-event" if public else "tour:event", stage.pk),
        "leave": LEAVE_THE_QUEUE if registration.state == RegistrationState.WAITING else LEAVE,
        "cancel": address("tour:leave", token_of(registration)),
        "kept": KEPT_WORDS,
        "is_cancelled": news == CANCELLED,
    }
    send(
        MessageKind.IMMEDIATE,
        registration.email,
        f"{subject}\u00a0: {stage.title}",
        "tour/mail/registration.txt",
        context,
        at=at,
        structure=None,
    )


def tell_everybody(stage: Stage, news: str, *, at: datetime) -> int:
    """Write to all those registered or waiting; return how many."""
    people = stage.registrations.exclude(state=RegistrationState.CANCELLED).exclude(email="").order_by("pk")
    told = list(people)
    for registration in told:
        write_to(registration, stage, news, at=at)
    return len(told)


def when(stage: Stage) -> str:
    """Return « le 12 octobre 2021, de 9 h 30 à 17 h »; what is not known is left out."""
    if stage.day is None:
        return "date inconnue" if stage.state == StageState.KNOWN else "date à fixer"
    return day_and_hours(stage.day, stage.begins, stage.finishes)


def day_and_hours(day: date, begins: time | None, finishes: time | None) -> str:
    """Return a day with its hours, as far as they are known."""
    told = f"le {in_full(day)}"
    if begins and finishes:
        return f"{told}, de {clock(begins)} à {clock(finishes)}"
    return f"{told}, à {clock(begins)}" if begins else told
