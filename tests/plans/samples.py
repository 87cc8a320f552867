from dentelle.foundations.organisations.models import Membership
from tests.plans import making
from tests.samples import Sample
from tests.spaces.samples import organisation_of


def samples(membership: Membership) -> dict[str, Sample]:
    lines = [("T-6e1f", "Achat témoin 6e1f", "Services", 480_000, 48, "01/03/2027", "77310000", "")]
    plan = making.plan(membership, lines, of=organisation_of(membership, "buyer"))
    of_plan, of_line = Sample({"pk": plan.pk}), Sample({"pk": plan.lines.get().pk})
    found = {}
    for door in ("", "seat-"):
        found |= {f"plans:{door}{name}": of_plan for name in ("plan", "workbook", "paper")}
        found |= {f"plans:{door}{name}": of_line for name in ("line", "line-act")}
        found[f"plans:{door}act"] = Sample({"pk": plan.pk, "code": "recalculer"})
    return found
