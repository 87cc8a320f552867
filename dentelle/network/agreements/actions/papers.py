"""The file of a signed agreement: kept as it was sent, once the antivirus has agreed."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from dentelle.foundations.documents import sniff
from dentelle.foundations.documents.actions import UploadRefused, receive_upload
from dentelle.foundations.documents.models import StoredFile
from dentelle.network.agreements.access import Author
from dentelle.network.agreements.actions.changing import changing
from dentelle.network.agreements.refusals import AgreementRefused
from dentelle.network.agreements.states import SIGNED_STATES

ACCEPTED = (sniff.PDF,)
MAX_BYTES = 20 * 1024 * 1024


def keep_signed_file(
    actor: Author, pk: int, upload: UploadedFile[bytes], *, expected_revision: int, at: datetime
) -> StoredFile:
    """Keep the signed copy of an agreement, in the place of the one before. Raises AgreementRefused, EditedMeanwhile."""
    with changing(actor, pk, expected_revision=expected_revision, at=at, states=SIGNED_STATES) as change:
        agreement = change.agreement
        try:
            stored = receive_upload(
                upload,
                accept=ACCEPTED,
                max_bytes=MAX_BYTES,
                structure=agreement.structure,
                network=None if agreement.structure else agreement.network,
                actor=actor.user,
                at=at,
            )
        except UploadRefused as refused:
            raise AgreementRefused("file", str(refused), "file") from refused
        former = agreement.signed_file
        agreement.signed_file = stored
        agreement.save(update_fields=["signed_file"])
        if former is not None:
            StoredFile.objects.filter(pk=former.pk).update(purge_after=at)
        change.record("agreement.signed_file_kept", size=stored.size, replaced=former is not None)
    return stored
