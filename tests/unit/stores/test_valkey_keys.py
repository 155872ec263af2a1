import hashlib
import re

from hypothesis import given
from hypothesis import strategies as st

from winnow.stores.valkey_keys import TYPES, UserKeys


def all_keys(keys):
    shared = [keys.log, keys.merging, keys.merged("0a"), *keys.ids(range(3))]
    return [keys.forgotten, keys.moving, *keys.kept(range(7)), *keys.aside().kept(range(7)), *shared]


@given(user_id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_whatever_the_id_holds_all_keys_have_one_hash_tag_and_plain_letters(user_id):
    keys = all_keys(UserKeys.of(user_id))
    tags = {re.match(r"\{(s[0-9a-f]{2})\}:[a-z0-9:]+$", key)[1] for key in keys}
    assert len(tags) == 1
    assert len(set(keys)) == len(keys)


def test_the_shard_is_the_hash_modulo_256():
    name = hashlib.blake2b("ünal\0".encode(), digest_size=16).hexdigest()
    keys = UserKeys.of("ünal\0")
    assert keys.shard == f"{{s{int(name, 16) % 256:02x}}}:"
    assert keys.seen([20_000]) == [f"{keys.shard}u:{name}:seen:20000"]
    assert keys.events()[1] == f"{keys.shard}u:{name}:events:view"
    assert len(keys.events()) == len(TYPES)


def test_users_share_the_log_and_the_ids_of_their_shard_and_nothing_else():
    keys = [UserKeys.of(f"user {n}") for n in range(2_000)]
    assert len({each.shard for each in keys}) == 256
    assert len({each.log for each in keys}) == len({each.ids([7])[0] for each in keys}) == 256
    assert len({key for each in keys for key in [each.count, each.forgotten, *each.events()]}) == 2_000 * 8
