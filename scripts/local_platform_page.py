#!/usr/bin/env python3
"""Writes docs/local-platform.md from the facts of tests/conformance; `--check` only compares."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "local-platform.md"
sys.path.insert(0, str(ROOT / "tests" / "conformance"))

from skaha_cases import SUBJECTS  # noqa: E402 - it is found by the line above
from skaha_cases.vocabulary import ASSUMED, SOURCE  # noqa: E402

# By hand: what no case can show.
BEGINNING = """\
<!-- Made by scripts/local_platform_page.py from tests/conformance. Don't edit it here. -->

# What the local platform does and doesn't do

`canfar.local` answers HTTP as Skaha 1.4, the service behind the CANFAR Science Platform, does. So a
client that works here should work there, and a script that the real service would mangle is mangled
here in the same way. How far that can be trusted is on this page. Older servers are spoken for too:
`LocalPlatform(generation="0.29")` and `"1.0"`.

## What it doesn't do

- **Images are labels.** They are checked and shown as the real service does, and nothing else is
  done with them: nothing is pulled, and what is installed in one isn't there.
- **There are no containers.** The command of a headless session is a process of yours, on your
  machine, with your rights, files and network. It can do whatever you can: give the token to
  nobody.
- **A headless session without `cmd`** would run its image's own command. Here it is Completed at
  once, and its log says so.
- **No interactive image runs.** A notebook can be your own machine's JupyterLab (`jupyter=True`).
  What answers at the address of any other session is a page that says what would be there. The
  address is `http` instead of `https`.
- **Cores and GPUs** are checked, counted and shown, not set aside. Memory is limited on Linux only,
  and measured where it can be.
- **A headless session starts in an empty folder of its own**, which goes with it; on the real
  platform it starts in your home. Whole paths work in both.
- **Statistics of the platform** sum up what sessions asked for; its capacity is made up.
- **Accounts**: bearer tokens only. Certificates and cookies mean nobody, groups have no meaning,
  and no desktop gets a callback token.
- **The `server` header** adds `(canfar.local)`, so that nobody takes it for the real one; URLs in
  the capabilities keep their port, without which nothing here would be found.
- **Expiry and renewal go by the platform's own clock**, which tests move with `advance()`.
  Processes don't notice that.
- **Terminating** is never shown: what is deleted is gone from the lists at once.
- The service's own description of itself (`openapi.yaml`) is 501, the operators' `logControl` 403.

## What it does, and how we know

Every line below is a fact about Skaha that the local platform is held to by the conformance suite
over real HTTP, with each change ({cases} cases). It says where the fact is from:

- **source**: read in the source of Skaha 1.4.0 or the libraries it is built on ({source} facts);
- **seen**: seen on a server, with its name, version and the day ({seen} facts);
- **assumed**: concluded from how Kubernetes behaves, or left open by the source ({assumed} facts).

The section is that of the project's protocol notes. To hold another server to the same facts:

```sh
export CANFAR_URL=https://HOST/skaha/v1 CANFAR_TOKEN=...
python3 tasks.py test tests/conformance
```

What can't be asked there (a second user, another clock, other settings) is skipped, with the
reason; sessions that were created are removed again.
"""


def page() -> str:
    """The page."""
    facts = [fact for subject in SUBJECTS for fact in subject.facts]
    origins = Counter(fact.origin for fact in facts)
    known = origins[SOURCE] + origins[ASSUMED]
    text = BEGINNING.format(
        cases=sum(len(fact.cases) for fact in facts),
        source=origins[SOURCE],
        seen=len(facts) - known or "no",
        assumed=origins[ASSUMED],
    )
    parts = [text]
    for subject in SUBJECTS:
        lines = [f"### {subject.title}", "", "| what | from | section |", "|---|---|---|"]
        lines += [
            f"| {cell(fact.what)} | {cell(fact.origin)} | {fact.section} |"
            for fact in subject.facts
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def cell(text: str) -> str:
    """A text that means itself in a table of Markdown."""
    for special in "\\|<_*":
        text = text.replace(special, f"\\{special}")
    return text


def main(arguments: list[str]) -> None:
    """Write the page, or with ``--check`` fail if it isn't as it would be written."""
    wanted = page()
    if arguments == ["--check"]:
        if not PAGE.exists() or PAGE.read_text("utf-8") != wanted:
            sys.exit("docs/local-platform.md is out of date: run python3 tasks.py generate")
    elif arguments:
        sys.exit("usage: local_platform_page.py [--check]")
    else:
        PAGE.write_text(wanted, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
