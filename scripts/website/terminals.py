"""Makes the pictures of terminals: a block of shell that is marked so becomes what it looked like.

In the repository the block is a block; in the site it is a picture of a terminal in which its
lines were run, one after the other, on a local platform.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from terminal_picture import picture

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKED = re.compile(r"^```sh picture\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def drawn(text: str, env: Mapping[str, str], width: int = 72) -> str:
    """Put pictures in place of the blocks that ask for one.

    Args:
        text: The Markdown of a page.
        env: Environment variables for what is run.
        width: Columns of the terminals.

    Returns:
        The Markdown for the site.

    Raises:
        SystemExit: A command failed.
    """

    def draw(block: re.Match[str]) -> str:
        lines = block[1].replace("\\\n", "").splitlines()
        # Between elements, Markdown has no business; a blank line would give it some.
        svg = [line for line in picture(*lines, width=width, env=env).splitlines() if line.strip()]
        return '<div class="terminal">\n' + "\n".join(svg) + "\n</div>"

    return MARKED.sub(draw, text)
