import io

import pytest
from certificate_case import png
from PIL import Image, ImageFile

from reports.certificate import figure
from reports.certificate.figure import FigureError, read

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
SQUARE = f'{SVG}width="100" height="50"><rect width="100" height="50" fill="red"/></svg>'


def refusal(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(FigureError) as problem:
        read(path)
    return str(problem.value).replace(str(path), "FIGURE")


def test_a_png_is_kept_as_it_is(tmp_path):
    path = tmp_path / "figure.png"
    path.write_bytes(png(30, 20))
    found = read(path)
    assert (found.media_type, found.width, found.height) == ("image/png", 30, 20)
    assert found.content == found.raster == path.read_bytes()


def test_a_jpeg_is_known_by_its_content_whatever_its_name(tmp_path):
    file = io.BytesIO()
    Image.new("RGB", (30, 20)).save(file, "JPEG")
    path = tmp_path / "figure.png"
    path.write_bytes(file.getvalue())
    assert read(path).media_type == "image/jpeg"
    assert read(path).data_uri.startswith("data:image/jpeg;base64,/9j/")


def test_a_truncated_image_is_refused_also_after_another_library_was_lenient(tmp_path, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    told = "FIGURE is not a whole PNG, JPEG or SVG image: export it again"
    assert refusal(tmp_path / "figure.png", png()[:60]) == told
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


@pytest.mark.parametrize("before", ["", "\ufeff", "<?xml version='1.0'?>\n", "\n<!-- drawn -->"])
def test_an_svg_is_drawn_as_png_for_formats_without_svg(tmp_path, before):
    path = tmp_path / "figure.svg"
    path.write_text(before + SQUARE, encoding="utf-8")
    found = read(path)
    assert (found.media_type, found.width, found.height) == ("image/svg+xml", 2000, 1000)
    with Image.open(io.BytesIO(found.raster)) as image:
        assert image.convert("RGB").getpixel((1000, 500)) == (255, 0, 0)


def test_a_doctype_without_entities_as_graphviz_writes_it_is_taken(tmp_path):
    path = tmp_path / "figure.svg"
    doctype = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"'
        ' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    path.write_text(doctype + SQUARE)
    assert read(path).width == 2000


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (png()[:60], "FIGURE is not a whole PNG, JPEG or SVG image: export it again"),
        (b"GIF89a", "FIGURE is not a whole PNG, JPEG or SVG image: export it again"),
        (b"", "FIGURE is not a whole PNG, JPEG or SVG image: export it again"),
        (f"{SVG}>", "FIGURE is not SVG (no element found: line 1, column 84): export it again"),
        ("<html></html>", "FIGURE cannot be drawn as SVG: export it as plain SVG"),
        (
            f'{SVG}><image href="logo.png"/></svg>',
            "FIGURE loads logo.png: embed it in the SVG",
        ),
        (
            f'{SVG}><image xlink:href="http://example.com/x.png"/></svg>',
            "FIGURE loads http://example.com/x.png: embed it in the SVG",
        ),
        (
            f'<!DOCTYPE svg [<!ENTITY a "a">]>{SQUARE}',
            "FIGURE declares the entity a: export it as plain SVG",
        ),
    ],
)
def test_a_figure_that_cannot_be_used_is_refused_with_the_cause(tmp_path, content, told):
    assert refusal(tmp_path / "figure.svg", content) == told


def test_references_inside_the_figure_and_links_are_taken(tmp_path):
    path = tmp_path / "figure.svg"
    path.write_text(
        f'{SVG}width="9" height="9"><defs><rect id="a" width="9" height="9"/></defs>'
        '<use href="#a"/><a href="https://example.com"><rect width="1" height="1"/></a></svg>'
    )
    assert read(path).width == 2000


def test_a_folder_and_a_huge_file_are_refused(tmp_path, monkeypatch):
    with pytest.raises(FigureError, match=r"cannot be read \(Is a directory\): mend the path$"):
        read(tmp_path)
    path = tmp_path / "figure.png"
    path.write_bytes(png())
    monkeypatch.setattr(figure, "_LARGEST", 100)
    with pytest.raises(FigureError, match=r"is larger than 0 MiB: export it smaller$"):
        read(path)


def test_text_that_no_font_draws_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "figure.svg"
    path.write_text(f'{SVG}width="100" height="50"><text x="5" y="20">CRM</text></svg>')
    drawn = figure._drawn
    monkeypatch.setattr(figure, "_drawn", lambda svg, **_: drawn(svg, without_fonts=True))
    with pytest.raises(FigureError) as problem:
        read(path)
    assert str(problem.value) == (
        f"{path} has text, but no font is installed: install one or use PNG"
    )
