"""Uses the canfar that is installed, as its users would: `use_installed.py VERSION [EXTRA]...`.

Run in an environment that has the extras named and no other. What an extra brings must work; what
one that is missing would bring must say how to get it.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

BATCH = """
from canfar.sessions import Session

with Session() as session:
    ids = session.create("proof", "skaha/astroml", cmd="printenv", args="REPLICA_ID", replicas=2)
    ended = session.wait(ids, timeout=60)
    assert [record.status for record in ended] == ["Completed"] * 2, ended
    assert [session.logs(id)[id].strip() for id in ids] == ["1", "2"]
    assert session.destroy(ids) == dict.fromkeys(ids, True)
"""
MISSING = "pip install {0}canfar[{1}]{0}"


def core(version: str) -> None:
    """Both packages are imported, and the command says what it can do."""
    import skaha_client  # noqa: F401 - that it can be imported is what is tried

    import canfar
    import canfar.sessions

    have = {version, canfar.__version__, importlib.metadata.version("canfar")}
    assert len(have) == 1, f"not one version but {have}"
    command = Path(sys.executable).with_name("canfar")
    for argument in ("--help", "--version"):
        done = subprocess.run([command, argument], capture_output=True, text=True, check=True)
        assert "canfar" in done.stdout, done.stdout
        assert not done.stderr, done.stderr


def local() -> None:
    """A batch on the local platform, from another process."""
    from canfar.local import LocalPlatform

    with LocalPlatform() as platform:
        env = {**os.environ, **platform.environment}
        subprocess.run([sys.executable, "-I", "-c", BATCH], env=env, check=True)


def keyring() -> None:
    """A secret is in the keyring, and the file only says so."""
    from canfar import config

    if importlib.util.find_spec("keyring"):
        keep_in_memory()
    os.environ["CANFAR_KEYRING"] = "1"
    with config.edit() as draft:
        draft.set("registry", {"username": "ada"})
        draft.set("registry.secret", "not-in-the-file")
    assert "not-in-the-file" not in config.path().read_text("utf-8")
    assert config.setting("registry.secret", reveal_secrets=True) == "not-in-the-file"


def keep_in_memory() -> None:
    """Have a keyring that asks nobody for a password."""
    import keyring
    from keyring.backend import KeyringBackend

    kept: dict[tuple[str, str], str] = {}

    class InMemory(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

    keyring.set_keyring(InMemory())


def tables() -> None:
    """Records become tables of astropy and pandas."""
    from canfar.models.session import SessionRecord, SessionRecords

    records = SessionRecords([SessionRecord(id="k3x9a0bz", requestedRAM="8G")])
    assert str(records.to_table()["ram"].unit) == "Gbyte"
    assert records.to_pandas().ram[0] == 8


EXTRAS = {each.__name__: each for each in (local, keyring, tables)}


def says_how_to_get_it(extra: str) -> None:
    """Try what a missing extra would bring."""
    from canfar.errors import CanfarError

    try:
        EXTRAS[extra]()
    except (CanfarError, ImportError) as error:
        said = str(error)
        assert any(MISSING.format(quote, extra) in said for quote in "'\""), said
    else:
        raise AssertionError(f"canfar[{extra}] isn't installed, and yet it works")


def main(version: str, *have: str) -> None:
    """Try everything."""
    core(version)
    for extra, use in EXTRAS.items():
        if extra in have:
            use()
        else:
            says_how_to_get_it(extra)


if __name__ == "__main__":
    main(*sys.argv[1:])
