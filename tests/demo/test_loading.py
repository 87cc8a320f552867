"""The demonstration is for installations that hold nothing."""

from django.utils import timezone

from dentelle.demo.load import load_demo
from dentelle.foundations.accounts.models import User


def test_a_real_installation_is_never_filled(facilitator):
    assert not load_demo(at=timezone.now(), say=print)
    assert User.objects.count() == 1
