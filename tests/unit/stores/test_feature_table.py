from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import HashBuckets, History, PassThrough, Standardise, Vocabulary
from winnow.schema.window import Window
from winnow.stores.feature_table import feature_tables, item_table, user_table, window_tables

USER_AGE = Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise(), column="age in years")
SCHEMA = Schema(
    features=(
        USER_AGE,
        Feature(name="user_id", entity=Entity.USER, kind=Kind.ID, transform=HashBuckets(buckets=9)),
        Feature(name="past", entity=Entity.CONTEXT, kind=Kind.ID, transform=History(), column="item_id"),
        Feature(name="colour", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(name="sound", entity=Entity.ITEM, kind=Kind.VECTOR, transform=PassThrough(), width=3),
        Feature(
            name="top",
            entity=Entity.CONTEXT,
            kind=Kind.CATEGORY,
            transform=Vocabulary(),
            window=Window(of="colour", over_hours=2),
        ),
    ),
    title="name",
    available="in_stock",
)


def test_tables_follow_from_the_schema_by_raw_column():
    users, items, top = feature_tables(SCHEMA)
    assert (users.name, users.key, users.columns) == ("winnow_users", "user_id", {"age in years": Kind.NUMBER})
    assert (items.name, items.key) == ("winnow_items", "item_id")
    assert items.columns == {"colour": Kind.CATEGORY, "sound": Kind.VECTOR, "name": Kind.TEXT, "in_stock": None}
    assert (top.name, top.key, top.columns) == ("winnow_window_top", "user_id", {"top": Kind.CATEGORY})


def test_only_windows_are_live_and_hold_no_longer_than_they_reach():
    assert [(each.is_live, each.ttl_s) for each in feature_tables(SCHEMA)] == [(False, 0), (False, 0), (True, 7200)]


def test_what_a_shop_does_not_describe_has_no_table():
    bare = Schema(features=(SCHEMA.features[1],))
    assert (user_table(bare), item_table(bare), window_tables(bare)) == (None, None, {})
