"""Makes the pages of the `canfar` command: one for each, from the command itself.

Pictures are of what the commands print in a real terminal, beside a local platform.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from command_help import commands, does_something, examples, help_of, prints_data
from command_schemas import ERROR, schema_of

from canfar.local import LocalPlatform
from canfar.sessions import Session

sys.path.insert(0, str(Path(__file__).parents[1]))

from terminal_picture import picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import click
    from command_schemas import Schema

# What is typed for the picture of each page, one after the other on one platform. `login` has none:
# it asks a person, of a provider elsewhere.
PICTURES = {
    "ps": ["canfar ps", "canfar ps --all 'fit-*' -o wide"],
    "create": ["canfar create headless skaha/astroml -n sky -r 3 -- sleep 60"],
    "run": ["canfar run skaha/astroml -n hello --rm -- echo 'hello from a session'"],
    "info": ["canfar info analysis"],
    "logs": ["canfar logs 'fit-*'"],
    "events": ["canfar events fit-1"],
    "wait": ["canfar wait 'fit-*'"],
    "delete": ["canfar delete --yes fit-3"],
    "prune": ["canfar prune fit- --dry-run"],
    "image": ["canfar image ls --kind notebook"],
    "context": ["canfar context"],
    "stats": ["canfar stats"],
    "whoami": ["canfar whoami"],
    "doctor": ["canfar doctor"],
    "version": ["canfar version"],
    "open": ["canfar open analysis --no-browser"],
    "renew": ["canfar renew analysis"],
    "app": ["canfar app attach desk skaha/terminal:1.1.2", "canfar app ls desk"],
    "top": ["canfar top < /dev/null"],
    "repository": ["canfar repository ls"],
    "server": ["canfar server ls"],
    "config": ["canfar config set console.width 120", "canfar config show"],
    "auth": ["canfar auth ls"],
    "local": ["canfar local start", "canfar local status", "canfar local stop"],
    "completion": ["canfar completion bash | head -n 4"],
}
WIDTH = 100
IMAGE = "skaha/astroml"


def write_pages(folder: Path) -> None:
    """Write the pages, their pictures and the schemas.

    Args:
        folder: Where the index of the commands, README.md, is already.
    """
    every = list(commands())
    tops = [(words[0], command) for words, command in every if len(words) == 1]
    index = folder / "README.md"
    schemas = folder / "schemas"
    schemas.mkdir(parents=True)
    text = index.read_text("utf-8").replace("<!-- the commands -->", listing(tops))
    said = "\n".join(shown("The fields of an error", ERROR, schemas / "error.json"))
    index.write_text(text.replace("<!-- the schema of errors -->", said), "utf-8")
    for top, _ in tops:
        own = [(words, command) for words, command in every if words[:1] == (top,)]
        lines = list(page(top, own, schemas))
        (folder / f"{top}.md").write_text("\n".join(lines), "utf-8")
    draw(folder / "pictures")


def listing(tops: Sequence[tuple[str, click.Command]]) -> str:
    """Make the list of the commands for the index."""
    lines = ["| command | what it does |", "|---|---|"]
    lines += [
        f"| [`canfar {name}`]({name}.md) | {command.get_short_help_str(200)} |"
        for name, command in tops
    ]
    return "\n".join(lines)


def page(
    top: str, own: Sequence[tuple[tuple[str, ...], click.Command]], schemas: Path
) -> Iterator[str]:
    """Make the page of a command and of those in it."""
    for words, command in own:
        name = " ".join(words)
        yield f"{'#' * len(words)} canfar {name}\n"
        if len(words) == 1 and top in PICTURES:
            yield f"![What `{PICTURES[top][0]}` prints](pictures/{top}.svg)\n"
        yield f"```text\n{help_of(words)}\n```\n"
        if does_something(command) and (lines := examples(command)):
            yield "To copy:\n\n```sh\n" + "\n".join(lines) + "\n```\n"
        if does_something(command) and prints_data(command):
            file = schemas / f"{name.replace(' ', '-')}.json"
            yield from shown(f"What canfar {name} -o json prints", schema_of(name), file)


def shown(title: str, schema: Schema, file: Path) -> Iterator[str]:
    """Write a schema to its file, and make the part of a page that unfolds it."""
    text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    file.write_text(text, "utf-8")
    yield f'??? note "{title}"\n'
    yield f"    As [a file](schemas/{file.name}):\n\n    ```json"
    yield "".join(f"    {line}\n" for line in text.splitlines()) + "    ```\n"


def draw(folder: Path) -> None:
    """Draw what commands print, in a terminal of its own for each page."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home, LocalPlatform(seed=7) as platform:
        with Session(url=platform.url, token=platform.token) as session:
            fits = session.create(
                "fit", "skaha/astroml", command=["printenv", "REPLICA_ID"], replicas=3
            )
            ids = session.create("analysis", "skaha/astroml", kind="notebook", cores=2, ram=8)
            ids += session.create("desk", "skaha/desktop:1.1.2", kind="desktop")
            session.wait([*fits, *ids])
        here = {
            **platform.environment,
            "HOME": home,
            "CANFAR_CONFIG": f"{home}/config.yaml",
            # The command of the environment that the site is built with.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        for name, lines in PICTURES.items():
            drawn = picture(*lines, width=WIDTH, env=here)
            (folder / f"{name}.svg").write_text(drawn, "utf-8")
