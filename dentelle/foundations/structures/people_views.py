"""What a manager does to the people of their structure: change a role, hand a portfolio over, end a membership."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dentelle.foundations.doors import members
from dentelle.foundations.organisations import access
from dentelle.foundations.organisations.handover import carried_by
from dentelle.foundations.structures import actions
from dentelle.foundations.structures.forms import RoleForm
from dentelle.foundations.structures.structure_views import member


@members(*access.MANAGERS)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody of the structure: their role, what they carry, and what a manager may do about it."""
    held = access.person_managed_by(member(request), pk)
    others = access.people_visible_to(member(request)).filter(role__in=access.CARRIERS, user__is_active=True)
    context = {
        "person": held,
        "form": RoleForm(initial={"role": held.role}),
        "carried": carried_by(held.user, held.structure),
        "receivers": others.exclude(pk=pk).select_related("user").order_by("user__full_name", "pk"),
        "is_oneself": held.pk == member(request).pk,
    }
    return render(request, "structures/person.html", context)


@members(*access.MANAGERS)
@require_POST
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody another role."""
    held = access.person_managed_by(member(request), pk)
    try:
        held = actions.change_role(member(request), pk, role=request.POST.get("role", ""), at=timezone.now())
        messages.success(request, f"{held.user} : {held.get_role_display()}.")
    except actions.PersonRefused as refused:
        messages.error(request, str(refused))
        return redirect("structures:person", pk=pk)
    return redirect("structures:structure")


@members(*access.MANAGERS)
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Move all somebody carries to another person of the structure."""
    held, chosen = access.person_managed_by(member(request), pk), request.POST.get("to", "")
    key = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19 else 0
    receiver = access.people_visible_to(member(request)).filter(pk=key).select_related("user").first()
    try:
        if receiver is None:
            raise actions.PersonRefused("receiver", "Choisissez qui reçoit ce portefeuille.")
        moved = actions.hand_over(held.user, receiver.user, held.structure, manager=member(request), at=timezone.now())
        total = sum(moved.values())
        messages.success(
            request,
            f"{receiver.user} suit maintenant ce que suivait {held.user} ({total})."
            if total
            else f"{held.user} ne suivait rien : rien n’a changé de mains.",
        )
    except actions.PersonRefused as refused:
        messages.error(request, str(refused))
    return redirect("structures:person", pk=pk)


@members(*access.MANAGERS)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's membership, at once."""
    held = access.person_managed_by(member(request), pk)
    try:
        actions.remove_person(member(request), pk, at=timezone.now())
        messages.success(request, f"{held.user} n’est plus de la structure ; ce qui a été fait reste à son nom.")
    except actions.PersonRefused as refused:
        messages.error(request, str(refused))
        return redirect("structures:person", pk=pk)
    return redirect("structures:structure")
