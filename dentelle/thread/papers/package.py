"""What a Word file sent by somebody may hold: parts of a plain document, and nothing that runs, fetches or unfolds.

Read from the bytes, before any library opens the document. The kinds of links and fields are those a letter needs; what is
not listed is refused, with its name.
"""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from lxml import etree

MAX_PARTS = 400
MAX_INFLATED = 40_000_000  # bytes, all parts together
MAX_BODY = 3_000_000  # bytes of one part with text in it
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_READ = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments|settings)\.xml\Z")
# last words of the relationship types a plain document has
LINKS = frozenset(
    [
        "officeDocument",
        "styles",
        "stylesWithEffects",
        "settings",
        "webSettings",
        "fontTable",
        "theme",
        "numbering",
        "header",
        "footer",
        "footnotes",
        "endnotes",
        "comments",
        "commentsExtended",
        "commentsIds",
        "commentsExtensible",
        "people",
        "image",
        "hyperlink",
        "customXml",
        "customXmlProps",
        "core-properties",
        "extended-properties",
        "custom-properties",
        "thumbnail",
        "glossaryDocument",
        "font",
        "keyMapCustomizations",
        "classificationlabels",
    ]
)
FIELDS = frozenset(
    [
        "PAGE",
        "NUMPAGES",
        "SECTION",
        "SECTIONPAGES",
        "DATE",
        "TIME",
        "CREATEDATE",
        "SAVEDATE",
        "PRINTDATE",
        "TOC",
        "TC",
        "REF",
        "PAGEREF",
        "NOTEREF",
        "STYLEREF",
        "SEQ",
        "HYPERLINK",
        "TITLE",
        "SUBJECT",
        "AUTHOR",
        "FILENAME",
        "NUMWORDS",
        "SYMBOL",
        "QUOTE",
        "ADVANCE",
        "FORMTEXT",
        "FORMCHECKBOX",
        "FORMDROPDOWN",
    ]
)
RUNNING = ("vbaproject", "vbadata", "activex", "embeddings/", ".bin", ".exe", ".dotm", ".docm", ".dll", ".js")


class PackageRefused(Exception):
    """The file is not a plain Word document. ``code`` is stable, the message is French."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check_package(content: bytes) -> None:
    """Refuse what is not a plain Word document. Raises PackageRefused."""
    parts = _parts(content)
    _check_types(parts)
    for name, body in parts.items():
        if name.endswith(".rels"):
            _check_links(name, body)
        elif _READ.fullmatch(name):
            _check_fields(name, body)


def _parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of the archive, unfolded within bounds whatever sizes it declares."""
    parts: dict[str, bytes] = {}
    left = MAX_INFLATED
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAX_PARTS:
                raise PackageRefused("too_many_parts", f"Ce fichier contient plus de {MAX_PARTS} parties.")
            for member in members:
                name = _name_of(member)
                if name in parts:
                    raise PackageRefused("twice", f"Ce fichier contient deux fois la partie «\u00a0{name}\u00a0».")
                limit = min(left, MAX_BODY) if name.endswith((".xml", ".rels")) else left
                with archive.open(member) as opened:
                    body = opened.read(limit + 1)
                if len(body) > limit:
                    raise PackageRefused(
                        "bomb",
                        f"La partie «\u00a0{name}\u00a0» dépasse, décompressée, ce qu’un modèle de courrier peut contenir.",
                    )
                left -= len(body)
                parts[name] = body
    except (
        zipfile.BadZipFile,
        struct.error,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as broken:
        raise PackageRefused("broken", "Ce fichier est endommagé, ou n’est pas un document Word (.docx).") from broken
    return parts


def _name_of(member: zipfile.ZipInfo) -> str:
    name = member.filename
    path = PurePosixPath(name)
    if member.flag_bits & 0x1:
        raise PackageRefused("encrypted", "Ce fichier est protégé par un mot de passe\u00a0: enregistrez-le sans.")
    if path.is_absolute() or ".." in path.parts or "\\" in name or not name.isprintable():
        raise PackageRefused("path", "Ce fichier contient une partie dont le nom sort de l’archive.")
    folded = name.casefold()
    if any(mark in folded for mark in RUNNING):
        raise PackageRefused(
            "active", f"Ce fichier contient une macro ou un objet incorporé («\u00a0{name}\u00a0»)\u00a0: retirez-le."
        )
    return name


def _tree(name: str, body: bytes) -> etree._Element:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PackageRefused(
            "doctype", f"La partie «\u00a0{name}\u00a0» déclare des entités\u00a0: un document Word n’en a pas."
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as wrong:
        raise PackageRefused("broken", f"La partie «\u00a0{name}\u00a0» ne se lit pas.") from wrong


def _check_types(parts: dict[str, bytes]) -> None:
    if "[Content_Types].xml" not in parts or "word/document.xml" not in parts:
        raise PackageRefused("not_word", "Ce fichier n’est pas un document Word (.docx).")
    kinds = {each.get("ContentType", "") for each in _tree("[Content_Types].xml", parts["[Content_Types].xml"])}
    if any("macroEnabled" in kind or "vba" in kind.casefold() or "oleObject" in kind for kind in kinds):
        raise PackageRefused(
            "macros", "Ce document contient des macros\u00a0: enregistrez-le au format .docx, sans macro."
        )
    if MAIN not in kinds:
        raise PackageRefused(
            "not_word", "Ce fichier n’est pas un document Word (.docx)\u00a0: enregistrez-le à ce format."
        )


def _check_links(name: str, body: bytes) -> None:
    for link in _tree(name, body):
        kind = link.get("Type", "").rpartition("/")[2]
        target = link.get("Target", "")
        if link.get("TargetMode", "").casefold() == "external":
            if kind == "hyperlink" and urlsplit(target).scheme in ("http", "https", "mailto"):
                continue  # read by whoever clicks, fetched by nobody
            what = "un modèle attaché" if kind == "attachedTemplate" else "un contenu pris ailleurs"
            raise PackageRefused(
                "external",
                f"Ce document appelle {what} («\u00a0{target[:80]}\u00a0»)\u00a0: retirez ce lien, puis recommencez.",
            )
        if kind not in LINKS:
            raise PackageRefused(
                "link", f"Ce document contient un élément refusé («\u00a0{kind[:60]}\u00a0»)\u00a0: retirez-le."
            )


def _check_fields(name: str, body: bytes) -> None:
    tree = _tree(name, body)
    for element in tree.iter(_W + "altChunk", _W + "object", _W + "control", _W + "subDoc", _W + "attachedTemplate"):
        what = etree.QName(element).localname
        raise PackageRefused(
            "link", f"Ce document contient un élément refusé («\u00a0{what}\u00a0»)\u00a0: retirez-le."
        )
    for field in tree.iter(_W + "fldSimple"):
        _check_field(field.get(_W + "instr", ""))
    # the words of a field may be cut in several pieces, and fields stand inside one another
    open_fields: list[list[str]] = []
    for element in tree.iter(_W + "fldChar", _W + "instrText", _W + "delInstrText"):
        if element.tag != _W + "fldChar":
            if not open_fields:
                _check_field(element.text or "")
            else:
                open_fields[-1].append(element.text or "")
            continue
        kind = element.get(_W + "fldCharType")
        if kind == "begin":
            open_fields.append([])
        elif kind == "end" and open_fields:
            _check_field("".join(open_fields.pop()))
    for pieces in open_fields:
        _check_field("".join(pieces))


def _check_field(instruction: str) -> None:
    words = instruction.split()
    if words and words[0].upper() not in FIELDS:
        raise PackageRefused(
            "field", f"Ce document contient un champ refusé («\u00a0{words[0][:40]}\u00a0»)\u00a0: retirez-le."
        )
