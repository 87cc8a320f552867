"""Writing so that what was said to be written is there after a power cut."""

import os
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes) -> None:
    """Put a new content in place of the former one, in one step nobody can see half done."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    write_file(fresh, content)
    fresh.replace(path)
    sync_folder(path.parent, files=False)


def sync_folder(folder: Path, *, files: bool = True) -> None:
    """Wait until the disk has a folder, and by default the files in it."""
    if files:
        for path in folder.iterdir():
            if path.is_file():
                sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Wait until the disk has what was written to a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
