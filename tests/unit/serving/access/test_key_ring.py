import logging
import os

import pytest

from winnow.schema.errors import SettingsError
from winnow.serving.access.key_file import key_line, read_key_file
from winnow.serving.access.key_ring import LOOK_EVERY_S, KeyRing
from winnow.serving.access.known_key import KnownKey, hash_of_key, hashed_keys
from winnow.serving.access.role import Role, written_roles

READ, BOTH = "a-key-to-read", "a-key-for-both"


def known(key: str, *roles: Role) -> KnownKey:
    return KnownKey(roles=frozenset(roles), hash=hash_of_key(key))


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "keys"
    path.write_text(
        f"# ours\n\n{key_line([Role.READ], READ)}\n{key_line([Role.EVENTS, Role.READ], BOTH)}  # the shop\n"
    )
    return path


def test_a_file_holds_roles_and_hashes_and_no_key(file):
    assert read_key_file(file) == (known(READ, Role.READ), known(BOTH, Role.READ, Role.EVENTS))
    assert READ not in file.read_text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no key"),
        ("# read abc\n", "holds no key"),
        ("read\n", "Line 1 of the keys file .* is not roles and a SHA-256 hash"),
        (f"read {'a' * 63}\n", "Line 1 .* is not roles and a SHA-256 hash"),
        (f"\nread {'g' * 64}\n", "Line 2 .* is not roles and a SHA-256 hash"),
        (
            f"write {'a' * 64}\n",
            "Line 1 .* begins with none of the roles; they are read, events, admin",
        ),
        (f"read+ {'a' * 64}\n", "Line 1 .* begins with none of the roles"),
    ],
)
def test_a_file_that_is_wrong_is_refused_and_not_quoted(tmp_path, text, words):
    (tmp_path / "keys").write_text(text)
    with pytest.raises(SettingsError, match=words):
        read_key_file(tmp_path / "keys")


def test_keys_of_the_environment_may_say_their_roles():
    keys = hashed_keys(["plain", " read:one ", "read+events:two", "admin:with:colons"])
    assert keys == (
        known("plain", Role.ADMIN),
        known("one", Role.READ),
        known("two", Role.READ, Role.EVENTS),
        known("with:colons", Role.ADMIN),
    )
    assert [written_roles(each.roles) for each in keys] == ["admin", "read", "read+events", "admin"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("raed:hidden", "place 1 a key with a colon, and what stands before the colon is none of the roles"),
        ("read:", "an empty key in place 1"),
        ("read:hid den", "place 1 a key with a space"),
    ],
)
def test_a_role_that_is_none_is_refused_without_the_key(text, words):
    with pytest.raises(ValueError, match=words) as caught:
        hashed_keys([text])
    assert "hid" not in str(caught.value)


def test_a_change_of_the_file_counts_once_the_time_to_look_again_has_come(file):
    clock = Clock()
    ring = KeyRing(fixed=hashed_keys(["fixed"]), file=file, clock=clock)
    file.write_text(key_line([Role.ADMIN], "new"))
    clock.now += LOOK_EVERY_S / 2
    assert len(ring.current()) == 3
    clock.now += LOOK_EVERY_S
    assert ring.current() == (known("fixed", Role.ADMIN), known("new", Role.ADMIN))


def test_a_file_that_was_replaced_by_another_of_the_same_size_and_time_counts(file):
    clock = Clock()
    ring = KeyRing(file=file, clock=clock)
    first = file.stat()
    other = file.with_name("other")
    other.write_text(file.read_text().replace(hash_of_key(READ).hex(), hash_of_key("new").hex()))
    os.utime(other, ns=(first.st_atime_ns, first.st_mtime_ns))
    other.replace(file)
    clock.now += LOOK_EVERY_S
    assert ring.current()[0] == known("new", Role.READ)


@pytest.mark.parametrize("broken", ["", "hidden-key\n", None])
def test_a_file_that_breaks_leaves_the_keys_and_is_told_once(file, broken, caplog):
    clock = Clock()
    ring = KeyRing(file=file, clock=clock)
    before = ring.current()
    if broken is None:
        file.unlink()
    else:
        file.write_text(broken)
    for _ in range(3):
        clock.now += LOOK_EVERY_S
        assert ring.current() == before
    [line] = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert line.startswith("The keys stay as they were. ")
    assert "hidden" not in line
    with pytest.raises(SettingsError):
        ring.read()
    assert ring.current() == before


def test_a_file_that_cannot_be_read_stops_the_start(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        KeyRing(file=tmp_path / "absent")
