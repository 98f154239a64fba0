"""Makes the page of a notebook: runs it on a local platform, and shows what the cells gave back."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any, cast

import nbformat
from nbclient import NotebookClient

from canfar.local import LocalPlatform

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def shown(data: Mapping[str, str]) -> str:
    """Choose what a notebook would show of an output."""
    if "text/html" in data:
        # Between elements, Markdown has no business; a blank line would give it some.
        lines = (line for line in data["text/html"].splitlines() if line.strip())
        return '<div class="output">\n' + "\n".join(lines) + "\n</div>\n"
    return f"```text\n{data['text/plain']}\n```\n"


def parts(cells: list[Any]) -> Iterator[str]:
    """Write each cell, and what it gave back."""
    for cell in cells:
        if cell.cell_type == "markdown":
            yield f"{cell.source}\n"
            continue
        yield f"```python\n{cell.source}\n```\n"
        for output in cell.outputs:
            if output.output_type == "stream":
                yield f"```text\n{output.text.rstrip()}\n```\n"
            else:
                yield shown(output.data)


def notebook_page(file: Path) -> str:
    """Run a notebook on a platform of its own and write the page of it.

    Args:
        file: The notebook.

    Returns:
        Markdown, with the outputs as HTML where there are some.

    Raises:
        nbclient.exceptions.CellExecutionError: A cell failed.
    """
    notebook: Any = cast("Any", nbformat).read(file, as_version=4)  # it has no types
    with tempfile.TemporaryDirectory() as home, LocalPlatform() as platform:
        env = {**os.environ, **platform.environment, "HOME": home, "IPYTHONDIR": home}
        client = NotebookClient(
            notebook, timeout=100, kernel_name="python3", extra_arguments=["--log-level=ERROR"]
        )
        client.execute(env=env)
    return "\n".join(parts(notebook.cells))
