import pytest

from conformance.masking import MASK, is_secret, masked_header, masked_text, secrets_of


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "proxy-authorization",
        "Cookie",
        "Set-Cookie",
        "X-Api-Key",
        "X-Auth-Token",
        "apikey",
        "X-Client-Secret",
        "X-Session-Id",
        "X-Amz-Signature",
    ],
)
def test_headers_that_carry_credentials_are_known(name):
    assert is_secret(name)


@pytest.mark.parametrize("name", ["Accept", "X-Tenant", "Content-Type", "X-Total-Count", "Host"])
def test_other_headers_are_not_taken_for_credentials(name):
    assert not is_secret(name)


def test_a_credential_is_found_with_and_without_its_scheme():
    secrets = secrets_of({"Authorization": "Bearer s3cr3t-value", "X-Tenant": "blue"})
    assert secrets == {"Bearer s3cr3t-value", "s3cr3t-value"}


def test_a_credential_is_masked_wherever_it_stands():
    secrets = secrets_of({"X-Api-Key": "k/e+y=1"})
    assert masked_text("echo k/e+y=1 and k%2Fe%2By%3D1", secrets) == f"echo {MASK} and {MASK}"


def test_the_scheme_of_a_credential_stays_readable():
    assert masked_header("Authorization", "Bearer abcdef", ()) == f"Bearer {MASK}"
    assert masked_header("Cookie", "sid=abcdef", ()) == MASK


def test_a_password_in_the_url_is_a_credential():
    assert "hunter22" in secrets_of({}, "https://user:hunter22@crm.example.com/v4")
