import json

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from dentelle.foundations.organisations.models import Membership
from tests.samples import Sample
from tests.signin.soft_key import SoftKey

CHALLENGE = {"publicKey": {"challenge": "AAAA", "user": {"id": "AAAA"}}}


def samples(membership: Membership) -> dict[str, Sample]:
    TOTP.activate(membership.user, generate_totp_secret())
    RecoveryCodes.activate(membership.user)
    key = Authenticator.objects.create(
        user=membership.user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Clé témoin 7f3a", "credential": json.loads(SoftKey().register(CHALLENGE))},
    )
    of_key = Sample({"pk": key.pk})
    return {
        "mfa_edit_webauthn": of_key,
        "mfa_remove_webauthn": of_key,
        "account_reset_password_from_key": Sample(
            {"uidb36": "1", "key": "aaa-bbb"}, shared="whoever holds the key received by e-mail"
        ),
    }
