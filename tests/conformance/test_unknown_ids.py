import re

from hypothesis import given
from hypothesis import strategies as st

from conformance.unknown import unknown_id


@given(st.uuids().map(str), st.integers(min_value=0))
def test_an_unknown_uuid_is_another_uuid(known, seed):
    made = unknown_id(known, seed)
    assert made != known
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made)


@given(st.integers(min_value=1, max_value=9_999_999).map(str), st.integers(min_value=0))
def test_an_unknown_number_is_a_number_that_fits_32_bits(known, seed):
    assert int(known) < int(unknown_id(known, seed)) < 2**31


def test_the_seed_repeats_it():
    assert unknown_id("PROMO-2026-000123", 7) == unknown_id("PROMO-2026-000123", 7)
    assert unknown_id("PROMO-2026-000123", 7).count("-") == 2
