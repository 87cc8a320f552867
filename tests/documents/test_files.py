import gzip
import os
import socket
import struct
import threading
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dentelle.foundations.documents import actions, sniff, storage
from dentelle.foundations.documents.antivirus import ScannerUnavailable, scan
from dentelle.foundations.documents.models import FileState, Scan, StoredFile
from dentelle.foundations.journal.models import Entry
from tests.factories import NOW

MEGABYTE = 1024 * 1024


def send(membership, content, name="marches.json", accept=(sniff.JSON, sniff.XML), **options):
    return actions.receive_upload(
        SimpleUploadedFile(name, content),
        accept=accept,
        max_bytes=options.pop("max_bytes", MEGABYTE),
        structure=membership.structure,
        actor=membership.user,
        at=NOW,
        **options,
    )


def on_disk(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_an_upload_is_kept_under_a_name_nobody_can_guess(facilitator, settings):
    stored = send(facilitator, b'{"marches": []}', name="../../etc/marchés.json")
    assert (stored.name, stored.media_type, stored.size) == ("marchés.json", sniff.JSON, 15)
    assert (stored.state, stored.get_scan_display()) == (FileState.AVAILABLE, "non analysé")
    [path] = on_disk(settings)
    assert "march" not in str(path.relative_to(settings.MEDIA_ROOT))
    assert len(path.name) >= 32
    assert path.stat().st_mode & 0o077 == 0
    entry = Entry.objects.get()
    assert (entry.act, entry.facts["sha256"]) == ("file.stored", stored.sha256)


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "est vide"),
        (b"a;b;c", "kind", "texte ou CSV"),
        (b"\x00\x01\x02\x03", "kind", "type inconnu"),
        (b"[" + b" " * MEGABYTE + b"]", "too_large", "1 Mo"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_not_kept(facilitator, settings, content, code, words):
    with pytest.raises(actions.UploadRefused, match=words) as refusal:
        send(facilitator, content)
    assert refusal.value.code == code
    assert (on_disk(settings), StoredFile.objects.count()) == ([], 0)


def zip_of(**members):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xef\xbb\xbf \n[1]", sniff.JSON),
        ("{}".encode("utf-16"), sniff.JSON),
        (b"<?xml version='1.0'?><marches/>", sniff.XML),
        (gzip.compress(b"{}", mtime=0), sniff.GZIP),
        (zip_of(**{"a.json": "{}"}), sniff.ZIP),
        (zip_of(**{"xl__workbook.xml": "<x/>"}), sniff.XLSX),
        (zip_of(**{"word__document.xml": "<x/>"}), sniff.DOCX),
        (zip_of(mimetype=sniff.ODS), sniff.ODS),
        (b"PK\x03\x04 cut short", sniff.ZIP),
        (b"%PDF-1.7", sniff.PDF),
        ("année;montant".encode("latin-1"), sniff.TEXT),
        (b"   ", None),
        (b"\x7fELF\x00\x00", None),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_bytes(tmp_path, content, media_type):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert sniff.sniff(path) == media_type


def test_a_file_is_handed_over_to_its_structure_only(facilitator, reader, outsider, client_of, client):
    stored = send(facilitator, b'{"marches": []}', name="marchés « 2026 ».json")
    address = f"/fichiers/{stored.pk}/"
    answer = client_of(reader).get(address)
    assert b"".join(answer) == b'{"marches": []}'
    assert answer["Content-Type"] == "application/json"
    assert "filename*=utf-8''march%C3%A9s" in answer["Content-Disposition"]
    assert client_of(outsider).get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert client_of(facilitator).post(address).status_code == 405


@pytest.mark.parametrize("state", [FileState.QUARANTINED, FileState.PURGED])
def test_a_file_in_quarantine_or_purged_is_not_handed_over(facilitator, client_of, state):
    stored = send(facilitator, b"{}")
    StoredFile.objects.filter(pk=stored.pk).update(state=state)
    assert client_of(facilitator).get(f"/fichiers/{stored.pk}/").status_code == 404


def test_a_file_lost_from_the_disk_answers_like_an_unknown_one(facilitator, client_of):
    stored = send(facilitator, b"{}")
    storage.remove(stored.path)
    assert client_of(facilitator).get(f"/fichiers/{stored.pk}/").status_code == 404


def test_purging_removes_the_bytes_and_keeps_the_fact(facilitator, settings, django_capture_on_commit_callbacks):
    stored = send(facilitator, b"{}", purge_after=NOW + timedelta(days=30))
    kept = send(facilitator, b"[]")
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.purge_expired(NOW + timedelta(days=29)) == 0
        assert actions.purge_expired(NOW + timedelta(days=30)) == 1
        assert actions.purge_expired(NOW + timedelta(days=31)) == 0
    stored.refresh_from_db()
    assert (stored.state, stored.name) == (FileState.PURGED, "marches.json")
    assert on_disk(settings) == [storage.full_path(kept.path)]
    assert Entry.objects.filter(act="file.purged", object_id=str(stored.pk)).count() == 1


def test_bytes_without_a_row_are_swept_after_a_day(facilitator, settings):
    stored = send(facilitator, b"{}")
    orphan = storage.full_path(storage.write([b"lost"]).path)
    recent = storage.full_path(storage.write([b"being written"]).path)
    for path in (orphan, storage.full_path(stored.path)):
        os.utime(path, (0, 0))
    os.utime(recent, (NOW.timestamp(), NOW.timestamp()))
    assert actions.sweep_orphans(NOW) == 1
    assert set(on_disk(settings)) == {recent, storage.full_path(stored.path)}


def test_an_upload_that_breaks_off_leaves_nothing(settings):
    def broken():
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        storage.write(broken())
    assert on_disk(settings) == []


def test_a_path_cannot_leave_the_files_folder():
    with pytest.raises(ValueError, match="outside"):
        storage.full_path("../secret_key")


@pytest.fixture
def clamd(tmp_path):
    """A socket that speaks clamd's protocol: every test says what it answers and reads what it received."""

    class Daemon:
        answer = b"stream: OK\0"
        received = b""
        path = str(tmp_path / "clamd.sock")

        def serve(self):
            while True:
                try:
                    link, _ = server.accept()
                except OSError:
                    return
                with link, link.makefile("rb") as incoming:
                    assert incoming.read(10) == b"zINSTREAM\0"
                    while size := struct.unpack("!L", incoming.read(4))[0]:
                        self.received += incoming.read(size)
                    link.sendall(self.answer)

    daemon = Daemon()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(daemon.path)
    server.listen()
    thread = threading.Thread(target=daemon.serve, daemon=True)
    thread.start()
    yield daemon
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def test_a_clean_file_says_it_was_scanned(facilitator, settings, clamd):
    settings.CLAMD_SOCKET = clamd.path
    stored = send(facilitator, b'{"a": 1}')
    assert (stored.scan, stored.state) == (Scan.CLEAN, FileState.AVAILABLE)
    assert clamd.received == b'{"a": 1}'


def test_an_infected_file_is_refused_and_not_kept(facilitator, settings, clamd):
    settings.CLAMD_SOCKET = clamd.path
    clamd.answer = b"stream: Eicar-Test-Signature FOUND\0"
    with pytest.raises(actions.UploadRefused, match="antivirus"):
        send(facilitator, b"{}")
    assert (on_disk(settings), StoredFile.objects.count()) == ([], 0)


def test_a_silent_antivirus_keeps_the_file_in_quarantine_until_it_answers(facilitator, settings, clamd):
    settings.CLAMD_SOCKET = clamd.path + ".absent"
    stored = send(facilitator, b"{}")
    assert stored.state == FileState.QUARANTINED
    assert actions.scan_quarantined(NOW) == 0
    settings.CLAMD_SOCKET = clamd.path
    assert actions.scan_quarantined(NOW) == 1
    stored.refresh_from_db()
    assert (stored.state, stored.scan) == (FileState.AVAILABLE, Scan.CLEAN)


def test_an_infected_file_in_quarantine_is_purged(facilitator, settings, clamd, django_capture_on_commit_callbacks):
    settings.CLAMD_SOCKET = clamd.path + ".absent"
    stored = send(facilitator, b"{}")
    settings.CLAMD_SOCKET, clamd.answer = clamd.path, b"stream: Bad FOUND\0"
    with django_capture_on_commit_callbacks(execute=True):
        actions.scan_quarantined(NOW)
    stored.refresh_from_db()
    assert (stored.state, stored.scan, on_disk(settings)) == (FileState.PURGED, Scan.INFECTED, [])


def test_an_answer_that_is_no_verdict_is_not_taken_for_one(clamd):
    clamd.answer = b"INSTREAM size limit exceeded. ERROR\0"
    with pytest.raises(ScannerUnavailable, match="size limit"):
        scan([b"x"], clamd.path)
