"""Where a concern is: the places a structure covers, or one of their communes; and what places kept earlier are called."""

from collections.abc import Iterable, Sequence
from datetime import date

from dentelle.foundations.organisations.models import Coverage, Membership
from dentelle.foundations.structures.ground import covered, ground_or_none
from dentelle.network.governance.refusals import GovernanceRefused
from dentelle.opendata.ground.places import UnknownPlace
from dentelle.opendata.ground.specs import territory_of
from dentelle.opendata.ground.store import Ground
from dentelle.opendata.ground.territory import KIND_LABELS
from dentelle.opendata.text import fold, fold_query

WHOLE = ""  # the choice « all that the structure covers »


def covered_by(member: Membership, today: date) -> list[str]:
    """Return the places the person's structure covers today, none when it has not said."""
    version = Coverage.objects.in_force(today).filter(structure=member.structure_id).first()
    return list(version.places) if version else []


def choices(specs: Sequence[str]) -> list[tuple[str, str]]:
    """Return what a form proposes: the whole of ``specs`` first, then each of their communes by name."""
    known = ground_or_none()
    whole = covered(specs, known)
    named = [(known.commune(code).name, code) for code in whole.communes] if known else []
    communes = sorted(named, key=lambda each: (fold(each[0]), each[1]))
    label = f"Tout notre territoire\u00a0: {whole.names}" if specs else "Territoire non déclaré par la structure"
    return [(WHOLE, label), *((f"commune:{code}", name) for name, code in communes)]


def read(text: str, field: str) -> list[str]:
    """Return the places a person typed, one per line: « Deux-Sèvres », « Bressuire », « departement:79 ».

    Raises GovernanceRefused at ``field``, line by line, with what each could be when several places bear the name.
    """
    lines = [" ".join(line.split()) for line in text[:2000].replace(";", "\n").splitlines()]
    known = ground_or_none()
    if known is None and any(lines):
        raise GovernanceRefused(
            "no_ground", "Le référentiel des territoires n’est pas chargé\u00a0: laissez ce champ vide.", field
        )
    found = [_read_one(line, known, field) for line in lines if line] if known is not None else []
    return list(dict.fromkeys(found))


def typed(specs: Sequence[str]) -> str:
    """Return places as ``read`` reads them back, one per line."""
    return "\n".join(specs)


def _read_one(line: str, known: Ground, field: str) -> str:
    if ":" in line:
        try:
            return territory_of(known, line).spec
        except UnknownPlace as unknown:
            raise GovernanceRefused("place", str(unknown), field) from unknown
    asked = fold_query(line)
    hits = [hit for hit in known.search(line, limit=40) if fold_query(hit.name) == asked]
    # a name may be given to several kinds of places: the only one of the widest kind is what people mean by « Deux-Sèvres »
    for kind in ("region", "department"):
        if len(wide := [hit for hit in hits if hit.kind == kind]) == 1:
            return territory_of(known, f"{kind}:{wide[0].code}").spec
    if len(hits) == 1:
        return territory_of(known, f"{hits[0].kind}:{hits[0].code}").spec
    near = hits or list(known.search(line, limit=6))
    offers = ", ".join(f"{hit.name} ({KIND_LABELS.get(hit.kind, hit.kind)}, {hit.kind}:{hit.code})" for hit in near[:6])
    why = "plusieurs lieux portent ce nom" if hits else "ce lieu n’est pas connu"
    hint = f"\u00a0; écrivez par exemple le code de l’un d’eux\u00a0: {offers}" if offers else ""
    raise GovernanceRefused("place", f"«\u00a0{line}\u00a0»\u00a0: {why}{hint}.", field)


def named(many: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return what each place of several lists is called, each looked for once."""
    known = ground_or_none()
    return {spec: _name(spec, known) for spec in {spec for specs in many for spec in specs}}


def together(specs: Sequence[str], names: dict[str, str]) -> str:
    """Return the names of places as one text, empty for none."""
    return ", ".join(names.get(spec, spec) for spec in specs)


def _name(spec: str, known: Ground | None) -> str:
    if known is None:
        return spec
    try:
        return territory_of(known, spec).name
    except UnknownPlace:  # merged or abolished since
        return spec
