"""The lists of members that networks open to anyone, told where people sign in."""

from django.urls import reverse

from dentelle.foundations.signin.visitors import OpenPage, register
from dentelle.network.members.access import public_directories


def _pages() -> list[OpenPage]:
    return [
        OpenPage(f"Les membres de {kept.network.name}", reverse("members:public", args=[kept.network_id]))
        for kept in public_directories()
    ]


register("members", _pages)
