"""Whether results, report and certification documents belong together and are unaltered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import signing, storage
from reports.certificate import manifest as manifests
from reports.certificate import readback
from reports.certificate.submission import REPORT_PATTERN, sha256_of
from reports.consistency import contradictions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from reports.certificate.manifest import FileDigest, Manifest

_DOCUMENTS = (".docx", ".html", ".pdf")
_SHOWN = 12


class VerificationError(Exception):
    """What was to be verified cannot be; the text is one line."""


@dataclass(frozen=True)
class Finding:
    """One line of the answer: `holds` is None when there was nothing to compare with."""

    holds: bool | None
    text: str


@dataclass(frozen=True)
class _Surroundings:
    """The files that the one to be verified stands among; digests are None for missing files."""

    folder: Path
    manifest: Manifest | None
    results: Path
    results_digest: str | None
    reports: dict[Path, str | None]
    documents: dict[Path, str | None]


def verify(path: Path, known: Ed25519PublicKey | None = None) -> tuple[Finding, ...]:
    """Verify a document, the HTML report, results.json or certification.json at `path`.

    Everything that certification.json beside it binds is looked at; without one, what lies in the
    same folder. Raises VerificationError when `path` is none of these or cannot be read, and
    SigningError when a signature is there and the package cryptography is not.
    """
    if not path.is_file():
        raise VerificationError(f"{path} is not a file")
    if path.suffix.lower() not in (*_DOCUMENTS, ".json"):
        raise VerificationError(
            f"{path} is neither a document (.docx, .html, .pdf) nor {storage.FILE_NAME} "
            f"nor {manifests.FILE_NAME}"
        )
    try:
        return tuple(_findings(path, known))
    except manifests.ManifestError as problem:
        return (Finding(holds=False, text=str(problem)),)
    except OSError as problem:
        raise VerificationError(f"{problem.filename} cannot be read: {problem.strerror}") from None


def _findings(path: Path, known: Ed25519PublicKey | None) -> Iterator[Finding]:
    around = _surroundings(path)
    yield from _results(around)
    yield from _reports(around)
    for document, bound in around.documents.items():
        yield from _document(around, document, bound)
    if around.manifest is None and around.documents:
        yield Finding(
            holds=None,
            text=f"{manifests.FILE_NAME} is not beside {path.name}: what a document says "
            "apart from its digests is not covered",
        )
    yield from _signatures(around, known)


def _surroundings(path: Path) -> _Surroundings:
    """Find the files around `path`.

    A manifest that binds another results.json than the one to be verified is of no concern.
    """
    folder, name = path.parent, path.name
    beside = folder / manifests.FILE_NAME
    manifest = manifests.read(beside) if beside.is_file() else None
    is_results = path.suffix.lower() == ".json" and name != manifests.FILE_NAME
    if manifest is not None and is_results and not _is(folder, manifest.results, path):
        manifest = None
    reports: dict[Path, str | None] = {}
    documents: dict[Path, str | None] = {}
    document = path if path.suffix.lower() in _DOCUMENTS else None
    if manifest is not None:
        results = manifests.path_of(folder, manifest.results.name)
        reports[manifests.path_of(folder, manifest.report.name)] = manifest.report.sha256
        documents |= {manifests.path_of(folder, one.name): one.sha256 for one in manifest.documents}
    else:
        results = path if is_results else folder / storage.FILE_NAME
        reports |= dict.fromkeys(sorted(results.parent.glob(REPORT_PATTERN)))
    if document is not None and document not in {*reports, *documents}:
        is_report = path.suffix.lower() == ".html" and not readback.read(path).certification
        (reports if is_report else documents)[document] = None
    digest = sha256_of(results) if results.is_file() else None
    return _Surroundings(folder, manifest, results, digest, reports, documents)


def _is(folder: Path, bound: FileDigest, path: Path) -> bool:
    return manifests.path_of(folder, bound.name).resolve() == path.resolve()


def _results(around: _Surroundings) -> Iterator[Finding]:
    name = around.results.name
    if around.results_digest is None:
        yield Finding(holds=False, text=f"{name} is missing")
        return
    bound = None if around.manifest is None else around.manifest.results.sha256
    yield from _binding(around, around.results, around.results_digest, bound)
    try:
        results = storage.read(around.results)
    except storage.ResultsError as problem:
        yield Finding(holds=False, text=str(problem))
        return
    wrong = contradictions(results)
    for text in wrong:
        yield Finding(holds=False, text=f"{name}: {text}")
    if not wrong:
        yield Finding(
            holds=True,
            text=f"{name} fits its schema; verdict ({results.verdict}), scope ({results.scope}), "
            f"counts and requirements follow from its {len(results.checks)} checks",
        )


def _binding(
    around: _Surroundings, path: Path, digest: str, bound: str | None
) -> Iterator[Finding]:
    """Compare a file with the digest that the manifest binds, if there is a manifest."""
    if around.manifest is None:
        return
    if bound is None:
        yield Finding(
            holds=False, text=f"{path.name} is not among the files that {manifests.FILE_NAME} binds"
        )
    elif digest == bound:
        yield Finding(
            holds=True,
            text=f"{path.name} is unaltered since {around.manifest.made} "
            f"(SHA-256 {_short(digest)})",
        )
    else:
        yield Finding(
            holds=False,
            text=f"{path.name} was altered or replaced after {around.manifest.made}: SHA-256 is "
            f"{_short(digest)}, was {_short(bound)}",
        )


def _reports(around: _Surroundings) -> Iterator[Finding]:
    if not around.reports:
        yield Finding(holds=None, text="no HTML report is there to compare")
    for path, bound in around.reports.items():
        if not path.is_file():
            yield Finding(holds=False, text=f"{path.name} is missing")
            continue
        yield from _binding(around, path, sha256_of(path), bound)
        made_from = readback.read(path).results
        yield _comparison(
            path, "was made from", storage.FILE_NAME, made_from, around.results_digest
        )


def _document(around: _Surroundings, path: Path, bound: str | None) -> Iterator[Finding]:
    if not path.is_file():
        yield Finding(holds=False, text=f"{path.name} is missing")
        return
    yield from _binding(around, path, sha256_of(path), bound)
    try:
        named = readback.read(path)
    except readback.ReadbackError as problem:
        yield Finding(holds=False, text=str(problem))
        return
    except readback.ReaderMissingError as problem:
        yield Finding(holds=None, text=f"what {path.name} names was not compared: {problem}")
        return
    yield _comparison(path, "names", storage.FILE_NAME, named.results, around.results_digest)
    digests = [sha256_of(report) for report in around.reports if report.is_file()]
    actual = named.report if named.report in digests else next(iter(digests), None)
    yield _comparison(path, "names", "HTML report", named.report, actual)


def _comparison(path: Path, verb: str, what: str, named: str | None, actual: str | None) -> Finding:
    if named is None:
        return Finding(holds=False, text=f"{path.name} does not say which {what} it belongs to")
    if actual is None:
        return Finding(
            holds=False, text=f"{path.name} {verb} a {what} that is missing: {_short(named)}"
        )
    if named != actual:
        return Finding(
            holds=False,
            text=f"{path.name} {verb} another {what}: SHA-256 {_short(named)}, "
            f"not {_short(actual)}",
        )
    return Finding(holds=True, text=f"{path.name} {verb} this {what} (SHA-256 {_short(named)})")


def _signatures(around: _Surroundings, known: Ed25519PublicKey | None) -> Iterator[Finding]:
    signed = [around.results] if around.results_digest is not None else []
    if around.manifest is not None:
        signed.append(around.folder / manifests.FILE_NAME)
    judgements = {path.name: signing.judge(path, known) for path in signed}
    for name, judgement in judgements.items():
        if judgement is None:
            yield Finding(holds=None, text=f"{name} is not signed")
        else:
            yield Finding(judgement.holds, f"{name}.sig: {judgement.text}")
    if known is not None and not any(judgements.values()):
        yield Finding(holds=False, text="a key was given, but nothing is signed")


def _short(digest: str) -> str:
    return f"{digest[:_SHOWN]}…"
