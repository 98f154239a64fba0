"""How the site is put together: links led to pages, docstrings read, a contract written out."""

import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "website"))
yaml = pytest.importorskip("yaml")
pytest.importorskip("griffe")

import griffe  # noqa: E402
from checking import faults  # noqa: E402
from contract_page import contract_page  # noqa: E402
from docstrings import readable  # noqa: E402
from staging import DeadLink, pages, relinked  # noqa: E402


@pytest.mark.parametrize(
    ("source", "link", "page"),
    [
        ("docs/batches.md", "errors.md#bulk-calls", "errors.md#bulk-calls"),
        ("docs/batches.md", "../benchmarks/results.md", "benchmarks.md"),
        ("docs/low-level.md", "../spec/openapi.yaml", "contract.md"),
        ("docs/adr/README.md", "../errors.md", "../errors.md"),
        ("docs/adr/README.md", "../../examples/fits_batch.py", "../programs/fits_batch.md"),
        ("CHANGELOG.md", "docs/commands.md", "commands.md"),
        ("CONTRIBUTING.md", "docs/adr", "adr/README.md"),
        ("CONTRIBUTING.md", "https://example.org/x.md", "https://example.org/x.md"),
    ],
)
def test_a_link_of_the_repository_leads_to_a_page(source, link, page):
    assert relinked(f"see [it]({link})", source, pages()) == f"see [it]({page})"


def test_a_link_to_what_has_no_page_is_an_error():
    with pytest.raises(DeadLink, match=r"docs/batches.md: ../tasks.py leads to no page"):
        relinked("[it](../tasks.py)", "docs/batches.md", pages())


def test_code_stays_as_it_is():
    text = "```python\nlogs[1](nowhere.md)\n```\n"
    assert relinked(text, "docs/batches.md", pages()) == text


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('<a href="b.html#there">x</a><a href="#here">', None),
        ('<a href="nowhere.html">x</a>', "nowhere.html is no file of the site"),
        ('<a href="b.html#elsewhere">x</a>', "b.html#elsewhere is no anchor of that page"),
        ('<a href="#elsewhere">x</a>', "#elsewhere is no anchor of that page"),
        ('<img src="no.svg">', "no.svg is no file of the site"),
        ('<a href="https://example.org">x</a>', None),
        ('<script src="https://example.org/x.js"></script>', "is fetched from elsewhere"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "is fetched from elsewhere"),
        ('<link rel="canonical" href="https://example.org/">', None),
    ],
)
def test_what_leads_nowhere_or_comes_from_elsewhere_is_found(written, fault, tmp_path):
    (tmp_path / "a.html").write_text(f'<h1 id="here">a</h1>{written}')
    (tmp_path / "b.html").write_text('<h1 id="there">b</h1>')

    found = list(faults(tmp_path))

    assert bool(found) == bool(fault)
    assert all(fault in each and each.startswith("a.html: ") for each in found)


def test_docstrings_are_read_as_they_are_written():
    text = (
        "See :class:`~canfar.retry.RetryPolicy` and :func:`here`.\n\nExample:\n    >>> 1\n    1\n"
    )

    assert readable(text, "canfar.x") == (
        'See <autoref identifier="canfar.retry.RetryPolicy" optional><code>RetryPolicy</code>'
        '</autoref> and <autoref identifier="canfar.x.here" optional><code>here</code></autoref>.'
        "\n\nExamples:\n    >>> 1\n    1\n"
    )


def test_classes_of_attrs_show_how_they_are_called(tmp_path):
    (tmp_path / "made.py").write_text(
        dedent("""\
            from typing import ClassVar
            from attrs import field, frozen

            @frozen(kw_only=True)
            class Base:
                name: str
                kinds: ClassVar[int] = 3

            @frozen(kw_only=True)
            class Job(Base):
                cores: int | None = None
                env: dict[str, str] = field(factory=dict)
                _seen: int = field(init=False, default=0)
                tries: int = field(default=3)
        """)
    )
    module = griffe.load(
        "made", search_paths=[tmp_path], extensions=griffe.load_extensions("attrs_classes")
    )

    called = [(each.name, each.default and str(each.default)) for each in module["Job"].parameters]
    assert called == [
        ("self", None),
        ("name", None),
        ("cores", "None"),
        ("env", "dict()"),
        ("tries", "3"),
    ]


def test_the_contract_has_every_operation_with_its_parameters_and_replies():
    specification = ROOT / "spec" / "openapi.yaml"
    page = contract_page(specification)
    document = yaml.safe_load(specification.read_text("utf-8"))
    for path, item in document["paths"].items():
        for method in {"get", "post", "delete"} & set(item):
            operation = item[method]
            section = page.split(f"`{method.upper()} {path}`")[1].split("\n### ")[0]
            assert operation["summary"] in page
            for status in operation["responses"]:
                assert re.search(rf"^\| {status} \|", section, re.MULTILINE), (path, status)
            for parameter in operation.get("parameters", ()):
                assert f"| `{parameter['name']}` |" in section
    for name in document["components"]["schemas"]:
        assert f"### {name}\n" in page


def test_a_page_without_a_place_in_the_navigation_is_an_error(tmp_path):
    program = (
        "import sys, build, pathlib\n"
        "build.PAGES = pathlib.Path(sys.argv[1])\n"
        "(build.PAGES / 'stray.md').write_text('# Stray')\n"
        "build.configuration()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path],
        cwd=ROOT / "scripts" / "website",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "stray.md" in done.stderr
