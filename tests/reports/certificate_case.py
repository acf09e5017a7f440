"""What the tests of the certification document start from: a run, its report, a filled-in form."""

import datetime as dt
import hashlib
import io
from pathlib import Path

import msgspec
from PIL import Image

from reports.certificate.making import make
from reports.certificate.submission import gather
from reports.folder import write_report_folder

TODAY = dt.date(2026, 3, 4)
TOOL = "tmf671 0.1.0"
REPORT = "China-Telecom-TMF671-v4.1.0-HTMLReport.html"
STEM = "China-Telecom-TMF671-v4.1.0-Certification"
FORM = """
[company]
name = "China Telecom"

[product]
name = "Promotion Center"
release = "CRM 3.2.1"
text = '''
The Promotion Center keeps promotions.

- Channels read them
  by the API.
- Billing listens.
'''

[api]
version = "4.1.0"

[architecture]
figure = "figure.png"
caption = "Channels and the CRM"
text = "Channels come through one gateway."

[contact]
name = "Wang Min"
email = "wang@example.com"

[signer]
name = "Li Na"
role = "Head of CRM"
"""


def png(width=400, height=200):
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#3366aa").save(file, "PNG")
    return file.getvalue()


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Case:
    """A folder with a report of `results`, and a form beside it."""

    def __init__(self, folder, results, form=FORM):
        self.folder = folder
        self.report = folder / "report"
        write_report_folder(results, self.report, "China Telecom")
        self.results = self.report / "results.json"
        self.config = folder / "certification.toml"
        self.config.write_text(form, encoding="utf-8")
        (folder / "figure.png").write_bytes(png())

    def gather(self, *replaced, form=None, **options):
        """Gather with pieces of the form replaced, each (old, new)."""
        text = self.config.read_text(encoding="utf-8") if form is None else form
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        self.config.write_text(text, encoding="utf-8")
        values = {"folder": self.report, "today": TODAY} | options
        return gather(self.results, self.config, **values)

    def make(self, *formats, draft=False, key=None, **options):
        return make(self.gather(**options), formats, TOOL, draft=draft, key=key)

    def document(self, kind, *, draft=False) -> Path:
        return self.report / f"{STEM}{'-DRAFT' if draft else ''}.{kind}"


def with_outcome(results, check_id, outcome, **more):
    """Return the results with another outcome of a check, and what follows from it."""
    checks = tuple(
        msgspec.structs.replace(check, outcome=outcome) if check.id == check_id else check
        for check in results.checks
    )
    before = next(check.outcome for check in results.checks if check.id == check_id)
    summary = dict(results.summary)
    summary[before] -= 1
    summary[outcome] += 1
    requirements = tuple(
        msgspec.structs.replace(one, outcome=outcome) if one.checks == (check_id,) else one
        for one in results.requirements
    )
    return msgspec.structs.replace(
        results, checks=checks, summary=summary, requirements=requirements, **more
    )
