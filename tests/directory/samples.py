from dentelle.foundations.directory.models import Contact
from dentelle.foundations.organisations.models import Membership
from tests.directory.making import contact, organisation
from tests.samples import Sample


def samples(membership: Membership) -> dict[str, Sample]:
    """An organisation is shared; the contact in it belongs to the structure."""
    shared = "an organisation is a public identity, the same for every structure"
    here = organisation(membership, 900, "Organisation de tous")
    person: Contact = contact(membership, here, "Personne témoin", emails=["temoin@essai.example"])
    email = person.emails.get()
    of_organisation = Sample({"pk": here.pk}, shared=shared)
    names = ("detail", "edit", "kinds", "merge", "contact-new")
    return {
        **{f"directory:{name}": of_organisation for name in names},
        **{f"directory:{name}": Sample({"pk": person.pk}) for name in ("contact-edit", "contact-close", "email-add")},
        **{f"directory:{name}": Sample({"pk": email.pk}) for name in ("email-close", "email-bounced", "email-works")},
        "purchases:of-organisation": Sample({"number": here.siret}, shared="public purchases data"),
    }
