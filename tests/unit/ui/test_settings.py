"""What the pages are told, and by whom."""

import pytest

from winnow.schema.errors import RequestError, SettingsError
from winnow.ui.settings import Settings, read_settings


def test_nothing_said_means_the_defaults() -> None:
    assert read_settings({}) == Settings()


def test_an_option_counts_more_than_the_environment() -> None:
    told = {"WINNOW_UI_SERVICE": "http://one", "WINNOW_UI_USERS": "u1, u2,", "WINNOW_UI_KEY": "k"}
    assert read_settings(told) == Settings(service="http://one", users=("u1", "u2"), key="k")
    assert read_settings(told, service="http://two", users=("u3",)).users == ("u3",)


@pytest.mark.parametrize("patience", ["soon", "0", "-1", "inf", "nan"])
def test_patience_is_a_number_of_seconds(patience: str) -> None:
    assert read_settings({"WINNOW_UI_TIMEOUT_S": "0.5"}).timeout_s == 0.5
    with pytest.raises(SettingsError, match="a number of seconds above 0"):
        read_settings({"WINNOW_UI_TIMEOUT_S": patience})


def test_a_key_is_not_shown_and_must_be_one_that_can_be_sent() -> None:
    assert "hidden" not in repr(Settings(key="hidden", admin_key="hidden"))
    with pytest.raises(SettingsError, match="WINNOW_UI_ADMIN_KEY"):
        read_settings({"WINNOW_UI_ADMIN_KEY": "schlüssel"})


@pytest.mark.parametrize("address", ["nonsense", "ftp://shop", "http://"])
def test_what_is_no_address_is_refused_before_anything_is_served(address: str) -> None:
    with pytest.raises(RequestError, match="not the address of a service; write it like"):
        read_settings({}, service=address)
