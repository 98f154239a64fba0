"""Writes down what canfar and skaha_client promise: `surface.py [--check]`.

surface/canfar.txt has what the reference documents, surface/skaha_client.txt what is generated from
the contract. What is broken since they were written (griffe decides) must be named in the topmost
section of the changelog, in code: `Session.create`, and for a parameter that too, in the same
entry. Until it is, both ways of running this fail and write nothing.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import griffe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
# The extension that says how classes made by attrs are called; the site uses it too.
sys.path.insert(0, str(ROOT / "scripts" / "website"))
SURFACE = ROOT / "surface"
FOLDERS = {"canfar": ROOT, "skaha_client": ROOT / "generated"}
BEGINNINGS = {
    "canfar": "# What canfar promises: what the reference documents.",
    "skaha_client": "# What skaha_client promises. Beside `sync` each operation has `asyncio`,\n"
    "# `sync_detailed` and `asyncio_detailed`, which take the same.",
}
MADE = "# Made by `python3 tasks.py generate`. What `__init__` takes are attributes, too.\n"
WIDTH = 100


# --- writing down -------------------------------------------------------------------


def documented() -> list[str]:
    """The modules of canfar that the reference documents."""
    pages = sorted((ROOT / "docs" / "reference").rglob("*.md"))
    named = re.findall(r"^::: (canfar[\w.]*)$", "\n".join(map(_text, pages)), re.MULTILINE)
    return ["canfar", *sorted(set(named))]


def generated(package: griffe.Module) -> list[str]:
    """The modules of skaha_client: what it starts with, and one for each operation."""
    api = [module for tag in package["api"].modules.values() for module in tag.modules.values()]
    return [
        "skaha_client",
        *(f"skaha_client.{name}" for name in ("client", "errors", "models", "types")),
        *sorted(module.path for module in api),
    ]


def sections(name: str, folder: Path, modules: Iterable[str] | None = None) -> dict[str, str]:
    """What the modules of a package promise, each as a stub.

    Args:
        name: The package.
        folder: Where it lies.
        modules: Those of interest, by dotted name; all that are public if not given.
    """
    extensions = griffe.load_extensions("attrs_classes")
    package: Any = griffe.load(
        name, search_paths=[folder], extensions=extensions, allow_inspection=False
    )
    if modules is None:
        modules = documented() if name == "canfar" else generated(package)
    found: dict[str, str] = {}
    for path in modules:
        module = package[path.partition(".")[2]] if "." in path else package
        found[path] = "\n".join(lines(module)) + "\n"
    return found


def lines(module: Any) -> Iterator[str]:
    """What a module promises, a line each, in the order of the alphabet."""
    for name, member in sorted(module.members.items()):
        wanted = name == "sync" if ".api." in module.path else promised(member, module)
        if wanted and not member.is_module:
            yield from written(member, name)


def promised(member: Any, module: Any) -> bool:
    """Whether a module lets its users have a member."""
    if module.exports is not None:
        return member.name in {str(each) for each in module.exports}
    return not member.name.startswith("_") and not member.is_alias


def written(member: Any, name: str, indent: str = "") -> Iterator[str]:
    """A function, a class with what is in it, or an attribute, as in a stub."""
    if member.is_alias:
        member = member.final_target
    if member.is_function:
        yield from signature(member, name, indent)
    elif member.is_class:
        yield from class_stub(member, name, indent)
    else:
        yield indent + attribute(member, name)


def attribute(member: Any, name: str) -> str:
    """An attribute with its type, or with its value where that is what people use."""
    value = str(member.value or "")
    if value.startswith("Literal["):
        return f"{name} = {value}"
    known = member.annotation is not None and str(member.annotation) not in {"Final", "TypeAlias"}
    return f"{name}: {member.annotation if known else 'Any'}"


def signature(function: Any, name: str, indent: str) -> list[str]:
    """A function in one line, or with a line for each parameter."""
    parameters: list[str] = []
    kinds = griffe.ParameterKind
    before: Any = None
    for each in function.parameters:
        positional = {kinds.positional_only, kinds.positional_or_keyword}
        if before is kinds.positional_only and each.kind is not before:
            parameters.append("/")
        if each.kind is kinds.keyword_only and (before is None or before in positional):
            parameters.append("*")
        stars = {kinds.var_positional: "*", kinds.var_keyword: "**"}.get(each.kind, "")
        text = stars + each.name + (f": {each.annotation}" if each.annotation is not None else "")
        if each.default is not None and not stars:
            text += f" = {each.default}"
        parameters.append(text)
        before = each.kind
    if before is kinds.positional_only:
        parameters.append("/")
    head = f"{indent}{'async ' if 'async' in function.labels else ''}def {name}("
    tail = ")" + (f" -> {function.returns}" if function.returns is not None else "") + ": ..."
    decorators = [
        f"{indent}@{each}" for each in ("classmethod", "staticmethod") if each in function.labels
    ]
    line = head + ", ".join(parameters) + tail
    if len(line) <= WIDTH:
        return [*decorators, line]
    below = (f"{indent}    {parameter}," for parameter in parameters)
    return [*decorators, head, *below, indent + tail]


def class_stub(cls: Any, name: str, indent: str) -> Iterator[str]:
    """A class with what it and the private classes above it let its users have."""
    above = [base for base in cls.mro() if hidden(base)]
    unsaid = {base.name for base in above} | {"Generic", "Protocol"}
    bases = [str(base) for base in cls.bases if str(base).partition("[")[0] not in unsaid]
    yield f"{indent}class {name}{'(' + ', '.join(bases) + ')' if bases else ''}:"
    members: dict[str, Any] = {}
    for each in (*reversed(above), cls):
        members.update(each.members)
    initializer = members.get("__init__")
    taken = {each.name for each in initializer.parameters} if initializer else set[str]()
    below: list[str] = []
    for key, member in sorted(members.items()):
        private = (key.startswith("_") and key != "__init__") or member.is_alias
        if not private and not (key in taken and "instance-attribute" in member.labels):
            below += written(member, key, f"{indent}    ")
    yield from below or [f"{indent}    ..."]


def hidden(base: Any) -> bool:
    """Whether users are not to know a class, but what it gives those below it."""
    inner = ".local." in base.path or "._" in base.path
    return inner or not promised(base, base.module)


def text_of(name: str, stubs: Mapping[str, str]) -> str:
    """The file that keeps these stubs."""
    parts = [f"{BEGINNINGS[name]}\n{MADE}"]
    parts += [f"## {path}\n\n{stub}" for path, stub in stubs.items() if stub.strip()]
    return "\n".join(parts)


def stubs_of(text: str) -> dict[str, str]:
    """The stubs that a file keeps."""
    parts = re.split(r"^## ([\w.]+)$", text, flags=re.MULTILINE)[1:]
    return {path: stub.strip() + "\n" for path, stub in zip(parts[::2], parts[1::2], strict=True)}


# --- comparing ----------------------------------------------------------------------


def breaks(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, set[str]]:
    """What those who used the old stubs will miss in the new ones.

    Args:
        old: Stubs by the module's name.
        new: The same, later.

    Returns:
        A sentence for each, with the words that name it in a changelog.
    """
    found = {f"{path} is gone": {_operation(path) or path} for path in sorted(set(old) - set(new))}
    for path in sorted(set(old) & set(new)):
        before, after = (_module(path, stubs[path]) for stubs in (old, new))
        for change in griffe.find_breaking_changes(before, after):
            sentence, words = _told(change, path)
            found[sentence] = words
        # These griffe does not look at.
        chosen, left = _choices(old[path]), _choices(new[path])
        for name in chosen.keys() & left.keys():
            for lost in sorted(chosen[name] - left[name]):
                found[f"{path}: {name}: {lost!r} is no choice any more"] = {name, lost}
    return found


def _module(path: str, stub: str) -> griffe.Module:
    return griffe.visit(path.replace(".", "_"), filepath=Path(f"{path}.pyi"), code=stub)


def _choices(stub: str) -> dict[str, set[str]]:
    """The texts that one may choose from, by the name of the choice."""
    named = re.findall(r"^(\w+) = Literal\[(.*)\]$", stub, re.MULTILINE)
    return {name: set(re.findall(r"'([^']*)'", choice)) for name, choice in named}


def _operation(path: str) -> str:
    return path.rpartition(".")[2] if ".api." in path else ""


def _told(change: griffe.Breakage, path: str) -> tuple[str, set[str]]:
    # As users know it: Session.create, balanced, create_session.
    name = change.obj.path.partition(".")[2].removesuffix(".__init__")
    name = _operation(path) or name
    words, what = {name.removeprefix("Async")}, change.kind.value.lower()
    for value in (change.old_value, change.new_value):
        if isinstance(value, griffe.Parameter):
            return f"{path}: {name}: {what}: {value.name}", {*words, value.name}
    return f"{path}: {name}: {what}", words


def entries(changelog: str) -> list[set[str]]:
    """The words in code of each entry of a changelog's topmost section: of bullets and of rows."""
    section = re.split(r"^## ", changelog, flags=re.MULTILINE)[1]
    parts = re.split(r"^(?=- |\|)", section, flags=re.MULTILINE)
    codes = (re.findall(r"`([^`]+)`", part) for part in parts)
    return [{word for code in found for word in _words(code)} for found in codes]


def _words(code: str) -> Iterator[str]:
    for dotted in re.findall(r"[A-Za-z_][\w.]*", code.replace("Async", "")):
        yield dotted
        pieces = dotted.split(".")
        yield from (".".join(pieces[start:]) for start in range(1, len(pieces)))


def unnamed(found: Mapping[str, set[str]], changelog: str) -> list[str]:
    """Those of the breaks that no entry of the changelog's topmost section names."""
    named = entries(changelog)
    return [told for told, words in found.items() if not any(words <= entry for entry in named)]


def differences(old: str, new: str) -> list[str]:
    """The lines that went and came, each with the section it is in."""
    before, after = (_placed(text) for text in (old, new))
    return [f"- {line}" for line in before if line not in after] + [
        f"+ {line}" for line in after if line not in before
    ]


def _placed(text: str) -> dict[str, None]:
    """Lines with what they stand below, in their order."""
    placed: dict[str, None] = {}
    section = owner = ""
    for line in text.splitlines():
        if line.startswith("## "):
            section, owner = line[3:], ""
        elif line.strip() and not line.startswith("#"):
            if not line.startswith((" ", ")")):
                owner = line.split("(")[0].removesuffix(":")
                placed[f"{section}: {line}"] = None
            else:
                placed[f"{section}: {owner}: {line.strip()}"] = None
    return placed


# --- running ------------------------------------------------------------------------


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def main(arguments: list[str]) -> None:
    """Write the surfaces, or with ``--check`` fail if they aren't as they would be written."""
    changelog = _text(ROOT / "CHANGELOG.md")
    stale: list[str] = []
    silent: list[str] = []
    for name, folder in FOLDERS.items():
        path = SURFACE / f"{name}.txt"
        old, stubs = _text(path), sections(name, folder)
        new = text_of(name, stubs)
        found = breaks(stubs_of(old), stubs_of(new))
        silent += [
            f"{told} (write `{'` and `'.join(sorted(found[told]))}`)"
            for told in unnamed(found, changelog)
        ]
        if old != new:
            stale += [f"surface/{path.name}", *differences(old, new)]
    if silent:
        heading = "This breaks scripts. Name it in CHANGELOG.md, in the topmost section, in code:"
        sys.exit("\n  ".join([heading, *silent]))
    if stale and "--check" in arguments:
        sys.exit("\n".join(["Run python3 tasks.py generate: the surface is another.", *stale]))
    SURFACE.mkdir(exist_ok=True)
    for name, folder in FOLDERS.items() if stale else ():
        (SURFACE / f"{name}.txt").write_text(text_of(name, sections(name, folder)), "utf-8")
    print("\n".join(stale) if stale else "The surface is what surface/ says.")


if __name__ == "__main__":
    main(sys.argv[1:])
