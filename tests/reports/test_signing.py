import base64
import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys

import pytest

pytest.importorskip("cryptography", reason="the extra sign is not installed")

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from reports.signing import (
    Judgement,
    SigningError,
    fingerprint,
    judge,
    load_private_key,
    load_public_key,
    sign_file,
)

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def private_pem(key, passphrase=None):
    how = NoEncryption() if passphrase is None else BestAvailableEncryption(passphrase)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def public_pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def key():
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def other():
    return Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
def signed(tmp_path, key):
    path = tmp_path / "results.json"
    path.write_text('{"verdict": "conformant"}')
    sign_file(path, key, NOW)
    return path


def edit(path, **members):
    path.write_text(json.dumps(json.loads(path.read_text()) | members))


def test_a_signature_is_a_json_file_beside_what_it_signs(signed, key):
    written = json.loads((signed.parent / "results.json.sig").read_text())
    digest = hashlib.sha256(signed.read_bytes()).hexdigest()
    signature = base64.b64decode(written.pop("signature"))
    assert written == {
        "schema": 1,
        "algorithm": "Ed25519",
        "public_key": "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=",
        "sha256": digest,
        "signed_at": "2026-03-02T02:00:00Z",
    }
    statement = f"tmf671 signature 1\n{digest}\n2026-03-02T02:00:00Z\n".encode()
    key.public_key().verify(signature, statement)


def test_a_good_signature_names_its_key(signed, key):
    mark = fingerprint(key.public_key())
    assert mark == "SHA256:oFCDfYUHBYLM9zlLCYiEfMMSy4glm4lImfbyOc8XkaU"
    text = f"signed by the key {mark} at 2026-03-02T02:00:00Z"
    assert judge(signed) == Judgement(True, f"{text} (not compared with a known key)")
    assert judge(signed, key.public_key()) == Judgement(True, f"{text}, which is the known one")


def test_the_signature_of_another_key_does_not_hold(signed, key, other):
    assert judge(signed, other.public_key()) == Judgement(
        False,
        f"signed by the key {fingerprint(key.public_key())} at 2026-03-02T02:00:00Z, "
        f"not by the known {fingerprint(other.public_key())}",
    )


def test_an_altered_file_is_not_the_one_that_was_signed(signed):
    signed.write_bytes(signed.read_bytes() + b" ")
    assert judge(signed) == Judgement(False, "signs another results.json than this one")


@pytest.mark.parametrize(
    "members",
    [
        {"signed_at": "2026-03-03T02:00:00Z"},
        {"sha256": "0" * 64},
        {"public_key": base64.b64encode(bytes(32)).decode()},
        {"signature": base64.b64encode(bytes(64)).decode()},
    ],
)
def test_an_altered_signature_does_not_hold(signed, members):
    edit(signed.with_name("results.json.sig"), **members)
    assert judge(signed) == Judgement(False, "is not a valid signature: it has been altered")


@pytest.mark.parametrize(
    "text", ["", "{}", '{"schema": 2}', "\udcff", '{"public_key": "!", "signature": ""}']
)
def test_a_file_that_is_no_signature_does_not_hold(signed, text):
    signed.with_name("results.json.sig").write_bytes(text.encode(errors="surrogateescape"))
    assert judge(signed) == Judgement(False, "is not a signature")


def test_a_key_of_the_wrong_length_is_no_signature(signed):
    edit(signed.with_name("results.json.sig"), public_key="AAAA")
    assert judge(signed) == Judgement(False, "is not a signature")


def test_without_a_signature_there_is_no_judgement(tmp_path):
    path = tmp_path / "results.json"
    path.write_text("{}")
    assert judge(path) is None


def test_a_private_key_is_read_with_and_without_passphrase(tmp_path, key):
    plain, locked = tmp_path / "plain.pem", tmp_path / "locked.pem"
    plain.write_bytes(private_pem(key))
    locked.write_bytes(private_pem(key, b"secret"))
    raw = key.private_bytes_raw()
    assert load_private_key(plain).private_bytes_raw() == raw
    assert load_private_key(plain, "of another key").private_bytes_raw() == raw
    assert load_private_key(locked, "secret").private_bytes_raw() == raw


def told(path, load, *arguments):
    with pytest.raises(SigningError) as problem:
        load(path, *arguments)
    return str(problem.value).replace(str(path), "KEY")


def test_an_encrypted_key_without_its_passphrase_is_refused(tmp_path, key):
    path = tmp_path / "locked.pem"
    path.write_bytes(private_pem(key, b"secret"))
    assert told(path, load_private_key) == (
        "KEY is encrypted: put its passphrase into TMF671_SIGN_PASSPHRASE"
    )
    assert told(path, load_private_key, "wrong") == (
        "KEY cannot be opened with the passphrase in TMF671_SIGN_PASSPHRASE"
    )
    assert told(path, load_private_key, "") == (
        "KEY cannot be opened with the passphrase in TMF671_SIGN_PASSPHRASE"
    )


def test_what_is_no_ed25519_key_is_refused(tmp_path, key):
    path = tmp_path / "key.pem"
    assert told(path, load_private_key) == "the key KEY cannot be read: No such file or directory"
    path.write_text("no key")
    assert told(path, load_private_key) == "KEY is not a private key in PEM"
    assert told(path, load_public_key) == (
        "KEY is not a public key in PEM: `openssl pkey -in KEY -pubout` prints it"
    )
    curve = generate_private_key(SECP256R1())
    path.write_bytes(private_pem(curve))
    assert told(path, load_private_key) == (
        "KEY is not an Ed25519 key: make one with `openssl genpkey -algorithm ed25519`"
    )
    path.write_bytes(public_pem(curve))
    assert told(path, load_public_key) == "KEY is not an Ed25519 public key"
    path.write_bytes(private_pem(key))
    assert told(path, load_public_key) == (
        "KEY is not a public key in PEM: `openssl pkey -in KEY -pubout` prints it"
    )


def test_a_public_key_is_read(tmp_path, key):
    path = tmp_path / "key.pub.pem"
    path.write_bytes(public_pem(key))
    assert load_public_key(path).public_bytes_raw() == key.public_key().public_bytes_raw()


def test_without_cryptography_the_extra_is_named(tmp_path, signed, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography", None)
    for call in (judge, load_private_key, load_public_key):
        assert told(signed, call) == (
            "signatures need the package cryptography: pip install 'tmf671[sign]'"
        )


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_makes_the_keys_and_checks_the_signature(tmp_path):
    def openssl(*arguments, **more):
        return subprocess.run(["openssl", *arguments], check=True, capture_output=True, **more)

    private, public = tmp_path / "key.pem", tmp_path / "key.pub.pem"
    openssl("genpkey", "-algorithm", "ed25519", "-out", str(private))
    openssl("pkey", "-in", str(private), "-pubout", "-out", str(public))
    path = tmp_path / "results.json"
    path.write_text("{}")
    written = json.loads(sign_file(path, load_private_key(private)).read_text())
    (tmp_path / "signature").write_bytes(base64.b64decode(written["signature"]))
    (tmp_path / "statement").write_text(
        f"tmf671 signature 1\n{written['sha256']}\n{written['signed_at']}\n"
    )
    done = openssl(
        *("pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin"),
        *("-in", str(tmp_path / "statement"), "-sigfile", str(tmp_path / "signature")),
    )
    assert b"Signature Verified Successfully" in done.stdout
    der = openssl("pkey", "-pubin", "-in", str(public), "-outform", "DER").stdout
    mark = base64.b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")
    assert fingerprint(load_public_key(public)) == f"SHA256:{mark}"
