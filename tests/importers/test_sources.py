from __future__ import annotations

import os
import struct
import zipfile

import pytest

from graphmap.errors import InputError
from graphmap.ingest import sources as room
from graphmap.ingest.protocol import Raw
from graphmap.ingest.sources import HEAD_BYTES, find_sources, neighbourhoods, neighbours, probe
from graphmap.ingest.tables import read_header, read_rows


def names(found, folder):
    return [one.name.removeprefix(folder.as_posix() + "/") for one in found]


def pack(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_files_folders_and_zips_in_order_of_their_names(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("z.csv", "b/y.csv", "a.csv", ".hidden.csv"):
        (tmp_path / name).write_text("a\n")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    pack(tmp_path / "m.ZIP", {"in/x.csv": "a\n", "__MACOSX/._x": "", ".DS_Store": "", "w.csv": "", "d/": ""})
    found = find_sources([tmp_path])
    assert names(found, tmp_path) == ["a.csv", "b/y.csv", "m.ZIP!in/x.csv", "m.ZIP!w.csv", "z.csv"]
    assert [one.size for one in found] == [2, 2, 2, 0, 2]


def test_names_are_as_given_and_a_file_given_twice_is_read_once(tmp_path, monkeypatch):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.csv").write_text("a\n")
    monkeypatch.chdir(tmp_path)
    assert [one.name for one in find_sources(["d", "d/a.csv", tmp_path / "d"])] == [
        min("d/a.csv", (tmp_path / "d/a.csv").as_posix())
    ]
    assert [one.name for one in find_sources(["d/a.csv"])] == ["d/a.csv"]
    (tmp_path / ".a.csv").write_text("a\n")
    assert [one.name for one in find_sources([".a.csv"])] == [".a.csv"]


def test_a_member_is_read_as_a_stream_and_hostile_names_stay_names(tmp_path):
    body = "a,b\n" + "1,x\n" * 5
    path = pack(tmp_path / "m.zip", {"../../evil.csv": body, "/abs/t.csv": body})
    found = find_sources([path])
    assert names(found, tmp_path) == ["m.zip!../../evil.csv", "m.zip!/abs/t.csv"]
    for source in found:
        with source.open() as stream:
            header = read_header(stream, source.name)
        assert sum(isinstance(one, Raw) for one in read_rows(source, header)) == 5
    assert sorted(one.name for one in tmp_path.parent.rglob("evil.csv")) == []


@pytest.mark.parametrize("missing", ["nothing.csv", "no/where", "a.csv/x"])
def test_a_missing_path_says_what_to_do(tmp_path, missing):
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(InputError, match="no such file") as caught:
        find_sources([tmp_path / missing])
    assert caught.value.file == (tmp_path / missing).as_posix()
    assert caught.value.remedy


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_when_named_and_left_out_of_a_folder(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        find_sources([tmp_path / "pipe"])
    assert find_sources([tmp_path]) == []


def test_a_file_that_cannot_be_opened(tmp_path):
    (tmp_path / "a.csv").write_text("a\n")
    (source,) = find_sources([tmp_path])
    (tmp_path / "a.csv").unlink()
    with pytest.raises(InputError, match="cannot be read") as caught, source.open():
        pass
    assert caught.value.file == source.name
    with pytest.raises(InputError, match="cannot be read"):
        probe(source)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", b"no zip at all"])
def test_a_damaged_zip(tmp_path, data):
    (tmp_path / "m.zip").write_bytes(data)
    with pytest.raises(InputError, match="not a zip"):
        find_sources([tmp_path])


def test_a_zip_that_breaks_in_the_middle_names_the_line(tmp_path):
    body = "a,b\n" + "".join(f"{n},x\n" for n in range(200_000))
    path = pack(tmp_path / "m.zip", {"t.csv": body}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[len(body) // 2] ^= 0x08
    path.write_bytes(data)
    (source,) = find_sources([path])
    with source.open() as stream:
        header = read_header(stream, source.name)
    with pytest.raises(InputError, match="reading stopped") as caught:
        list(read_rows(source, header))
    assert caught.value.line > 1


def test_an_encrypted_member(tmp_path):
    path = pack(tmp_path / "m.zip", {"t.csv": "a\n"}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", data, data.index(signature) + offset, 1)
    path.write_bytes(data)
    (source,) = find_sources([path])
    with pytest.raises(InputError, match="cannot be read"):
        probe(source)


def test_bombs_are_refused_before_anything_is_unpacked(tmp_path, monkeypatch):
    """P43."""
    pack(tmp_path / "ratio.zip", {"t.csv": b"\0" * (room.RATIO_FROM_BYTES + 1)})
    with pytest.raises(InputError, match="this zip is refused: it would unpack to") as caught:
        find_sources([tmp_path / "ratio.zip"])
    assert "unpack it yourself" in caught.value.remedy
    pack(tmp_path / "many.zip", {f"{n}.csv": "a" for n in range(4)})
    monkeypatch.setattr(room, "MAX_MEMBERS", 3)
    with pytest.raises(InputError, match="4 members"):
        find_sources([tmp_path / "many.zip"])
    monkeypatch.setattr(room, "MAX_ZIP_BYTES", 3)
    pack(tmp_path / "big.zip", {"t.csv": "abcd"})
    with pytest.raises(InputError, match="unpack to 4 bytes"):
        find_sources([tmp_path / "big.zip"])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr("t.csv", "a")
        archive.writestr("t.csv", "b")
    with pytest.raises(InputError, match="the same name"):
        find_sources([tmp_path])


def test_the_probe_sees_the_head_and_the_neighbours(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x" * (HEAD_BYTES + 5))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.csv").write_text("")
    pack(tmp_path / "m.zip", {"d.csv": "", "e.csv": ""})
    found = find_sources([tmp_path])
    first = probe(found[0], neighbours(found[0], found))
    assert first.head == b"x" * HEAD_BYTES
    assert neighbourhoods(found) == {one.name: neighbours(one, found) for one in found}
    assert [neighbours(one, found) for one in found] == [
        ("a.csv",),
        ("c.csv",),
        ("d.csv", "e.csv"),
        ("d.csv", "e.csv"),
    ]


def test_the_folders_of_a_maildir_are_seen_although_their_names_are_hidden(tmp_path):
    for name in (".Sent/cur/1", ".Sent/tmp/3", "cur/2", ".git/objects/4", "__MACOSX/cur/5", ".cache/x"):
        (tmp_path / "md" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "md" / name).write_text("x")
    assert names(find_sources([tmp_path / "md"]), tmp_path / "md") == [".Sent/cur/1", ".Sent/tmp/3", "cur/2"]
    path = pack(
        tmp_path / "m.zip",
        {".Sent/cur/1": "x", ".git/config": "x", "__MACOSX/cur/5": "x", "cur/.hidden": "x"},
    )
    assert names(find_sources([path]), tmp_path) == ["m.zip!.Sent/cur/1"]


def test_the_directory_of_a_zip_is_read_once_for_all_its_members(tmp_path, monkeypatch):
    path = pack(tmp_path / "m.zip", {f"{n}.eml": f"mail {n}" for n in range(50)})
    found = find_sources([path])
    opened = []
    monkeypatch.setattr(
        room.zipfile, "ZipFile", lambda path, make=zipfile.ZipFile: opened.append(path) or make(path)
    )
    for source in found:
        with source.open() as one, found[0].open() as other:
            assert one.read() == b"mail " + source.name.rpartition("!")[2].removesuffix(".eml").encode()
            assert other.read() == b"mail 0"
    assert opened == [path]
