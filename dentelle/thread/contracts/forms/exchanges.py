"""Forms of what is said on a contract: exchanges, answers, who reads, who was told, and the link sent to a company."""

from collections.abc import Sequence

from django import forms

from dentelle.foundations.directory.queries import addresses_known
from dentelle.thread.contracts.actions.links import DAYS
from dentelle.thread.contracts.forms.acts import ActForm, row
from dentelle.thread.contracts.forms.fields import choice, day, words
from dentelle.thread.contracts.models import Exchange, ExchangeKind, Sharing
from dentelle.thread.contracts.states import is_signed

ATTACHMENT_HELP = "PDF, Word, tableur ou texte, 10\u202fMo au plus. Lisible une fois contrôlée."


def attachment() -> forms.FileField:
    """A file joined to what is said."""
    return forms.FileField(label="Pièce jointe", required=False, help_text=ATTACHMENT_HELP, max_length=255)


def readers() -> forms.ChoiceField:
    """Who reads beside the structure."""
    return forms.ChoiceField(
        label="Qui lira cet échange",
        choices=Sharing.choices,
        widget=forms.RadioSelect,
        help_text="Un sous-traitant ne lit que les réponses à ses propres questions.",
    )


def told(exchange: Exchange) -> str:
    """An exchange as a line of a list."""
    return f"{exchange.happened_on:%d/%m/%Y}, {exchange.get_kind_display()}\u00a0: {exchange.text[:80]}"


class ExchangeForm(ActForm):
    always_offered = True
    kind = choice(
        "Nature",
        [(code, label) for code, label in ExchangeKind.choices if code != ExchangeKind.REQUEST.value],
        required=True,
    )
    happened_on = day("Le", required=True)
    text = words("Ce qui a été dit", most=5000, required=True)
    sharing = readers()
    attachment = attachment()

    def offer(self) -> None:
        self.fields["sharing"].initial = Sharing.INNER.value


class AnswerForm(ActForm):
    nothing = "Aucune question n’attend sa réponse."
    exchange = row("Question", help_text="La réponse à un candidat est la même pour tous.")
    on = day("Répondu le", required=True)
    answer = words("Réponse", most=5000, required=True)

    def offer(self) -> None:
        waiting = [each for each in self.sheet.contract.exchanges.all() if each.awaits_answer]
        self.choices("exchange", [(each.pk, told(each)) for each in waiting])


class SharingForm(ActForm):
    nothing = "Aucun échange n’est encore noté."
    exchange = row("Échange")
    sharing = readers()

    def offer(self) -> None:
        self.choices("exchange", [(each.pk, told(each)) for each in self.sheet.contract.exchanges.all()])


class NoticeForm(ActForm):
    nothing = "Aucun échange n’est à communiquer\u00a0: une question se communique avec sa réponse."
    exchange = row("Échange")
    recipients = words(
        "Informés",
        most=5000,
        required=True,
        help_text="Un destinataire par ligne\u00a0: entreprise ou personne, et le moyen employé (profil d’acheteur, courriel…).",
    )
    on = day("Le", required=True)

    def offer(self) -> None:
        said = [each for each in self.sheet.contract.exchanges.all() if not each.awaits_answer]
        self.choices("exchange", [(each.pk, told(each)) for each in said])


class LinkForm(ActForm):
    """Which company, and where to write; its known addresses are offered to choose from."""

    nothing = "Un lien s’envoie au titulaire ou à un sous-traitant, une fois le marché notifié."
    company = row("Entreprise")
    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="La personne nomme son correspondant, confirme le plan mois par mois, pose une question, sans compte.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "list": "adresses-connues"}),
    )
    days = forms.IntegerField(label="Accès ouvert pendant", min_value=1, max_value=730, initial=DAYS)
    days.unit = "jours"  # type: ignore[attr-defined]

    def offer(self) -> None:
        if not is_signed(self.sheet.contract.state):
            self.choices("company", [])
            return
        companies = {line.holder.organisation.pk: line.holder.organisation.name for line in self.sheet.holders}
        for line in self.sheet.holders:
            for link in line.below:
                companies.setdefault(link.subcontract.organisation_id, link.subcontract.organisation.name)
        self.choices("company", list(companies.items()))

    @property
    def known_addresses(self) -> Sequence[tuple[str, str]]:
        """The correspondents of the plans, then the people the structure knows in these companies."""
        contract, listed = self.sheet.contract, self.fields["company"]
        agreed = [(plan.correspondent_email, plan.correspondent_name) for plan in contract.plans.all()]
        companies = [pk for pk, _ in listed.choices]  # type: ignore[attr-defined]
        return [
            *((address, who) for address, who in agreed if address),
            *addresses_known(contract.structure_id, companies),
        ]
