"""``python -m dentelle.thread.papers.trying FILE``: looks at an uploaded template in a process of its own, and says what it saw.

Patterns over a document made to be slow, a tree made to be deep: whatever a template costs is paid here, under the limits
of this process, never in the one that serves pages. Answers one line of JSON on its standard output.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

CPU_SECONDS = 10
MEMORY = 1_500_000_000  # bytes of address space


def look(content: bytes) -> dict[str, Any]:
    """Return ``{"unknown": [[name, place]…]}``, or ``{"refused": message}``."""
    from dentelle.thread.papers.context import sample
    from dentelle.thread.papers.package import PackageRefused, check_package
    from dentelle.thread.papers.rendering import unknown_in
    from dentelle.thread.papers.sandbox import TemplateRefused

    try:
        check_package(content)
        unknown = unknown_in(content, sample())
    except (PackageRefused, TemplateRefused) as refused:
        return {"refused": str(refused)}
    except (MemoryError, RecursionError):
        return {"refused": "Ce modèle demande trop de mémoire\u00a0: simplifiez-le."}
    except Exception:  # noqa: BLE001 (whatever a hostile document breaks in a library, it is refused)
        return {"refused": "Ce document n’a pas pu être lu comme un modèle\u00a0: repartez du modèle fourni."}
    return {"unknown": [[each.name, each.place] for each in unknown]}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = Path(sys.argv[1]).read_bytes()
    sys.stdout.write(json.dumps(look(content)))


if __name__ == "__main__":
    main()
