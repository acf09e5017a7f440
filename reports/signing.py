"""Detached Ed25519 signatures (RFC 8032) of results.json and certification.json.

A signature lies beside its file as `FILE.sig`. Signed are three lines, each ended by a newline: the
words `tmf671 signature 1`, the file's SHA-256 in lower-case hexadecimal, and the time of signing.
Needs the extra `sign`.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec

from reports.storage import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

PASSPHRASE_VARIABLE = "TMF671_SIGN_PASSPHRASE"  # noqa: S105
"""The environment variable that opens an encrypted private key."""

_FIRST_LINE = "tmf671 signature 1"


class SigningError(Exception):
    """A key or a signature cannot be used; the text is one line with the way out."""


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """FILE.sig: `public_key` (32 bytes) and `signature` (64 bytes) in base64 (RFC 4648 §4)."""

    schema: Literal[1] = 1
    algorithm: Literal["Ed25519"] = "Ed25519"
    public_key: str
    signature: str
    sha256: str
    signed_at: str


@dataclass(frozen=True)
class Judgement:
    """Whether a signature holds, with the reason or the signer as a clause."""

    holds: bool
    text: str


def signature_path(path: Path) -> Path:
    """Return where the signature of the file at `path` lies."""
    return path.with_name(f"{path.name}.sig")


def load_private_key(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """Read an Ed25519 private key in PEM (PKCS #8, RFC 5958).

    Raises SigningError for a file that is none, for an encrypted one without the right passphrase,
    and when the package cryptography is missing.
    """
    _require_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    pem = _read(path)
    encrypted = b"ENCRYPTED" in pem
    if encrypted and passphrase is None:
        raise SigningError(f"{path} is encrypted: put its passphrase into {PASSPHRASE_VARIABLE}")
    try:
        key = load_pem_private_key(pem, passphrase.encode() if encrypted and passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        reason = (
            f"cannot be opened with the passphrase in {PASSPHRASE_VARIABLE}"
            if encrypted
            else "is not a private key in PEM"
        )
        raise SigningError(f"{path} {reason}") from None
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise SigningError(
            f"{path} is not an Ed25519 key: make one with `openssl genpkey -algorithm ed25519`"
        )
    return key


def load_public_key(path: Path) -> Ed25519PublicKey:
    """Read an Ed25519 public key in PEM (SubjectPublicKeyInfo); raises SigningError."""
    _require_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm):
        raise SigningError(
            f"{path} is not a public key in PEM: `openssl pkey -in KEY -pubout` prints it"
        ) from None
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise SigningError(f"{path} is not an Ed25519 public key")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return "SHA256:" and the base64 of the SHA-256 of the key's SubjectPublicKeyInfo in DER."""
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        PublicFormat,
    )

    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"SHA256:{base64.b64encode(hashlib.sha256(der).digest()).decode().rstrip('=')}"


def sign_file(path: Path, key: Ed25519PrivateKey, now: dt.datetime | None = None) -> Path:
    """Sign the file at `path` and return the path of its signature, written whole.

    `now` is aware, None for this moment. Raises OSError when the disk refuses.
    """
    moment = (now or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    signed_at = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    signature = Signature(
        public_key=base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        signature=base64.b64encode(key.sign(_statement(digest, signed_at))).decode(),
        sha256=digest,
        signed_at=signed_at,
    )
    written = signature_path(path)
    write_atomically(written, msgspec.json.format(msgspec.json.encode(signature)) + b"\n")
    return written


def judge(path: Path, known: Ed25519PublicKey | None = None) -> Judgement | None:
    """Judge the signature beside the file at `path`, None when there is none.

    Without `known`, the key that the signature itself brings is taken and named by its fingerprint.
    Raises SigningError when cryptography is missing, OSError when the file cannot be read.
    """
    beside = signature_path(path)
    if not beside.exists():
        return None
    _require_cryptography()
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    try:
        signature = msgspec.json.decode(beside.read_bytes(), type=Signature)
        key = Ed25519PublicKey.from_public_bytes(_decoded(signature.public_key))
        signed = _decoded(signature.signature)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return Judgement(holds=False, text="is not a signature")
    try:
        key.verify(signed, _statement(signature.sha256, signature.signed_at))
    except InvalidSignature:
        return Judgement(holds=False, text="is not a valid signature: it has been altered")
    if signature.sha256 != hashlib.sha256(path.read_bytes()).hexdigest():
        return Judgement(holds=False, text=f"signs another {path.name} than this one")
    by = f"signed by the key {fingerprint(key)} at {signature.signed_at}"
    if known is None:
        return Judgement(holds=True, text=f"{by} (not compared with a known key)")
    if known.public_bytes_raw() != key.public_bytes_raw():
        return Judgement(holds=False, text=f"{by}, not by the known {fingerprint(known)}")
    return Judgement(holds=True, text=f"{by}, which is the known one")


def _statement(digest: str, signed_at: str) -> bytes:
    return f"{_FIRST_LINE}\n{digest}\n{signed_at}\n".encode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise ValueError(str(problem)) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise SigningError(f"the key {path} cannot be read: {problem.strerror}") from None


def _require_cryptography() -> None:
    try:
        import cryptography  # noqa: F401, PLC0415
    except ImportError:
        raise SigningError(
            "signatures need the package cryptography: pip install 'tmf671[sign]'"
        ) from None
