from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate

# A structure may have its own; this one is made by build_template.py.
TEMPLATE = Path(__file__).with_name("note.docx")
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def note_word(content: dict[str, Any], template: Path = TEMPLATE) -> bytes:
    """Return the note as a Word document the buyer can edit; values are escaped, never read as markup."""
    document = DocxTemplate(template)
    document.render({"note": content}, autoescape=True)
    document.core_properties.title = content["document_title"]
    document.core_properties.author = content["structure"]
    document.core_properties.language = "fr-FR"
    written = BytesIO()
    document.save(written)
    return written.getvalue()
