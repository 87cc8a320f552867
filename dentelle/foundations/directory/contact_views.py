from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dentelle.foundations.directory import access, contact_actions
from dentelle.foundations.directory.addresses import is_generic
from dentelle.foundations.directory.bounces import MOST_BYTES
from dentelle.foundations.directory.forms import (
    DeliveryStatusForm,
    EditContactForm,
    EmailForm,
    NewContactForm,
    ReasonForm,
)
from dentelle.foundations.directory.models import Contact, Organisation
from dentelle.foundations.directory.refusals import DirectoryRefused, EditedMeanwhile
from dentelle.foundations.directory.views import add_refusal, member
from dentelle.foundations.doors import members


def _back(organisation: Organisation | int) -> HttpResponse:
    pk = organisation if isinstance(organisation, int) else organisation.pk
    return redirect(reverse("directory:detail", kwargs={"pk": pk}) + "#contacts")


@members("facilitator", "manager")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new contact of the structure in an organisation."""
    organisation = access.organisation_editable_by(member(request), pk)
    form = NewContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contact_actions.add_contact(
                member(request),
                organisation.pk,
                form.words(),
                emails=form.addresses(),
                on=timezone.localdate(),
                at=timezone.now(),
            )
        except DirectoryRefused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "Contact ajouté.")
            _warn_of_generic(request, form.addresses())
            return _back(organisation)
    return _form_page(request, form, organisation, "Ajouter un contact")


@members("facilitator", "manager")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a contact; its addresses have their own buttons on the page of the organisation."""
    contact = access.contact_editable_by(member(request), pk)
    form = EditContactForm(request.POST) if request.method == "POST" else EditContactForm.opened_on(contact)
    if request.method == "POST" and form.is_valid():
        try:
            contact_actions.update_contact(
                member(request),
                pk,
                form.words(),
                expected_revision=form.cleaned_data["revision"],
                at=timezone.now(),
            )
        except EditedMeanwhile as refused:
            current = access.contact_editable_by(member(request), pk)
            form.add_error(None, str(refused))
            form.data = {**form.data.dict(), "revision": str(current.revision)}  # type: ignore[attr-defined]
            return _form_page(request, form, contact.organisation, "Modifier un contact", conflict=current, status=409)
        except DirectoryRefused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Contact enregistré.")
            return _back(contact.organisation)
    return _form_page(request, form, contact.organisation, "Modifier un contact")


def _form_page(
    request: HttpRequest,
    form: django_forms.Form,
    organisation: Organisation,
    title: str,
    *,
    conflict: Contact | None = None,
    status: int = 0,
) -> HttpResponse:
    context = {"form": form, "organisation": organisation, "title": title, "conflict": conflict}
    code = status or (422 if request.method == "POST" else 200)
    return render(request, "directory/contact_form.html", context, status=code)


@members("facilitator", "manager")
@require_POST
def contact_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a contact: the person has left."""
    contact = contact_actions.close_contact(member(request), pk, on=timezone.localdate(), at=timezone.now())
    messages.success(request, f"Le contact « {contact.name} » est clos ; il reste dans l’historique.")
    return _back(contact.organisation)


@members("facilitator", "manager")
@require_POST
def email_add(request: HttpRequest, pk: int) -> HttpResponse:
    """One more address for a contact."""
    contact = access.contact_editable_by(member(request), pk)
    form = EmailForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Écrivez une adresse électronique de 254 caractères au plus.")
        return _back(contact.organisation)
    try:
        row = contact_actions.add_email(
            member(request), pk, form.cleaned_data["email"], on=timezone.localdate(), at=timezone.now()
        )
    except DirectoryRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Adresse ajoutée.")
        _warn_of_generic(request, [row.address])
    return _back(contact.organisation)


@members("facilitator", "manager")
@require_POST
def email_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End an address."""
    row = contact_actions.close_email(member(request), pk, on=timezone.localdate(), at=timezone.now())
    messages.success(request, f"L’adresse « {row.address} » est close.")
    return _back(row.contact.organisation)


@members("facilitator", "manager")
@require_POST
def email_bounced(request: HttpRequest, pk: int) -> HttpResponse:
    """Say by hand that an address bounces."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    row = contact_actions.mark_bounced(member(request), pk, reason=reason, at=timezone.now())
    messages.success(request, f"« {row.address} » rebondit : plus rien ne lui sera envoyé.")
    return _back(row.contact.organisation)


@members("facilitator", "manager")
@require_POST
def email_works(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an address works again."""
    row = contact_actions.clear_bounce(member(request), pk, at=timezone.now())
    messages.success(request, f"« {row.address} » fonctionne de nouveau.")
    return _back(row.contact.organisation)


@members("facilitator", "manager")
@require_http_methods(["GET", "HEAD", "POST"])
def delivery_status(request: HttpRequest) -> HttpResponse:
    """Drop a delivery-status mail: the addresses of the structure it names are marked. The file is read and not kept."""
    form = DeliveryStatusForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            # one byte more than allowed is enough to refuse it
            raw = form.cleaned_data["file"].read(MOST_BYTES + 1)
            report = contact_actions.take_delivery_status(member(request), raw, at=timezone.now())
        except DirectoryRefused as refused:
            form.add_error("file", str(refused))
    status = 422 if request.method == "POST" and report is None else 200
    return render(request, "directory/delivery_status.html", {"form": form, "report": report}, status=status)


def _warn_of_generic(request: HttpRequest, addresses: list[str]) -> None:
    generic = [address for address in addresses if is_generic(address)]
    if generic:
        messages.warning(
            request,
            f"« {', '.join(generic)} » est une adresse générique : elle peut mourir sans que personne ne vous prévienne. "
            "Demandez aussi une adresse nominative.",
        )
