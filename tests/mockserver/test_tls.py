"""HTTPS, and clients that show a certificate."""

import gc
import shutil
import subprocess
import warnings

import pytest
import requests

OPENSSL = shutil.which("openssl")
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl makes the certificates")


@pytest.fixture(autouse=True)
def collect_refused_connections():
    """Collect what asyncio of Python 3.11 leaves of a refused handshake, here and not later."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority, and certificates of it for the server and for a client."""
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*arguments):
        subprocess.run([OPENSSL, *arguments], cwd=folder, check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    openssl(
        *("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA"),
        *("-addext", "keyUsage=critical,keyCertSign"),
    )
    for name in ("server", "client"):
        openssl(
            *("req", "-x509", *curve, "-keyout", f"{name}.key", "-out", f"{name}.pem"),
            *("-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-CA", "ca.pem", "-CAkey", "ca.key"),
        )
    return folder


def trust(mock, certificates):
    mock.session.trust_env = False
    mock.session.verify = str(certificates / "ca.pem")


@needs_openssl
def test_the_mock_speaks_https_and_its_links_say_so(start, certificates):
    mock = start(tls_cert=certificates / "server.pem", tls_key=certificates / "server.key")
    assert mock.root.startswith("https://127.0.0.1:")
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{mock.root}/promotion", timeout=5)
    trust(mock, certificates)
    created = mock("POST", "/promotion", json={"name": "x"})
    assert created.status_code == 201
    assert created.headers["Location"].startswith(f"{mock.root}/promotion/")


@needs_openssl
def test_one_file_may_hold_the_certificate_and_its_key(start, certificates, tmp_path):
    both = tmp_path / "both.pem"
    parts = [(certificates / f"server.{end}").read_text() for end in ("pem", "key")]
    both.write_text("".join(parts))
    mock = start(tls_cert=both)
    trust(mock, certificates)
    assert mock.names() == []


@needs_openssl
def test_with_mutual_tls_only_clients_with_a_certificate_get_in(start, certificates):
    mock = start(
        tls_cert=certificates / "server.pem",
        tls_key=certificates / "server.key",
        tls_client_ca=certificates / "ca.pem",
    )
    trust(mock, certificates)
    with pytest.raises((requests.exceptions.SSLError, requests.exceptions.ConnectionError)):
        mock("GET", "/promotion")
    mock.session.cert = (str(certificates / "client.pem"), str(certificates / "client.key"))
    assert mock.names() == []
