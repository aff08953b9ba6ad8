"""Whole files: what is written appears at once and complete, or not at all.

A place flows in, a function that takes text or a folder or archive for tables flows out; at the end of the block what
was written beside the place is moved there. Only --force replaces a file, and a folder only where it holds nothing but
tables of an earlier export.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from graph.export.errors import ExportError

SCRIPTS = ("load.cypher", "restore.cypher")
Writer = Callable[[str, Iterable[str]], None]


@contextmanager
def whole_file(place: Path, *, force: bool = False) -> Iterator[Callable[[str], object]]:
    """Give a function that writes text into what becomes a file at the end of the block.

    Raises:
        ExportError: where there is something already that is not to be replaced, or no folder for it.
    """
    with beside(place, force=force) as part, part.open("x", encoding="utf-8", newline="") as file:
        yield file.write
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def whole_archive(place: Path, *, force: bool = False) -> Iterator[Writer]:
    """Give a function that writes a named table into what becomes a zip file at the end of the block.

    Raises:
        ExportError: as `whole_file`.
    """
    with beside(place, force=force) as part, ZipFile(part, "x", ZIP_DEFLATED) as archive:

        def write(name: str, lines: Iterable[str]) -> None:
            entry = ZipInfo(name)  # with one time for all, so that equal graphs give equal files
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as file:
                for line in lines:
                    file.write(line.encode())

        yield write


@contextmanager
def whole_folder(place: Path, *, force: bool = False) -> Iterator[Writer]:
    """Give a function that writes a named table into what becomes a folder at the end of the block.

    Raises:
        ExportError: as `whole_file`; a folder with anything but tables of an export is never replaced.
    """
    with beside(place, force=force, folder=True) as part:
        part.mkdir()

        def write(name: str, lines: Iterable[str]) -> None:
            with (part / name).open("x", encoding="utf-8", newline="") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())

        yield write


@contextmanager
def beside(place: Path, *, force: bool, folder: bool = False) -> Iterator[Path]:
    """Give a path beside a place, and move what is there to the place at the end of the block."""
    target = place.resolve()  # of a link what it leads to is replaced
    check(target, force=force, folder=folder)
    part, old = (target.with_name(f".{target.name}.{os.getpid()}.{end}") for end in ("part", "old"))
    try:
        yield part
        check(target, force=force, folder=folder)
        if folder and target.exists():
            target.rename(old)
        part.rename(target)
    finally:
        for left in (part, old):
            if left.is_dir():
                shutil.rmtree(left)
            left.unlink(missing_ok=True)


def check(target: Path, *, force: bool, folder: bool) -> None:
    """Raise ExportError where a place cannot be written to."""
    if not target.parent.is_dir():
        raise ExportError(f"there is no folder {target.parent} to write {target.name} into; make it first")
    if not target.exists():
        return
    if folder and target.is_dir():
        foreign = [child.name for child in sorted(target.iterdir()) if not is_table(child)]
        if foreign:
            raise ExportError(
                f"{target} holds {foreign[0]}, which is no table of an export; name another folder, or remove it yourself"
            )
        if any(target.iterdir()) and not force:
            raise ExportError(f"{target} holds an export already; --force replaces it")
    elif folder or not target.is_file():
        raise ExportError(f"{target} is {'no folder' if folder else 'no file'}; name another place")
    elif not force:
        raise ExportError(f"{target} is there already; --force replaces it")


def is_table(path: Path) -> bool:
    """Tell whether a file can be one of the tables that an export writes."""
    tables = path.suffix == ".csv" and path.name.startswith(("nodes-", "edges-"))
    return path.is_file() and (tables or path.name in SCRIPTS)
