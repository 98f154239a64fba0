"""The environment of a session's processes (section 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.local.contract.commands import kubernetes_expansion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canfar.local.contract.resources import Resources
    from canfar.local.contract.settings import Settings, User

__all__ = ["notebook_environment", "session_environment"]


def session_environment(
    user: User,
    session_id: str,
    resources: Resources,
    settings: Settings,
    given: Sequence[tuple[str, str]],
) -> tuple[tuple[str, str], ...]:
    """The user's variables and, after them, the server's: a later one of the same name wins.

    Args:
        user: Whose session it is.
        session_id: The session's ID.
        resources: What it gets, for ``OMP_NUM_THREADS``.
        settings: The platform's host and homes.
        given: What the user asked for.
    """
    known: dict[str, str] = {}
    for name, value in (*given, *_server_variables(user, session_id, resources, settings)):
        known[name] = kubernetes_expansion(value, known)
    return tuple(known.items())


def notebook_environment(
    user: User, session_id: str, resources: Resources, settings: Settings
) -> tuple[tuple[str, str], ...]:
    """The variables of a notebook: a user's own aren't taken.

    Args:
        user: Whose session it is.
        session_id: The session's ID, which is Jupyter's token.
        resources: What it gets, for the numbers of threads.
        settings: The platform's host and homes.
    """
    home = f"{settings.home}/{user.name}"
    threads = str(resources.threads)
    return (
        *_server_variables(user, session_id, resources, settings),
        ("JULIA_NUM_THREADS", threads),
        ("OPENBLAS_NUM_THREADS", threads),
        ("MKL_NUM_THREADS", threads),
        ("JUPYTER_TOKEN", session_id),
        # Where below the home isn't known.
        ("JUPYTER_CONFIG_DIR", f"{home}/.jupyter"),
        ("JUPYTER_DATA_DIR", f"{home}/.local/share/jupyter"),
        ("JUPYTER_RUNTIME_DIR", f"{home}/.local/share/jupyter/runtime"),
        ("JUPYTER_PATH", f"{home}/.local/share/jupyter"),
        ("JUPYTERLAB_WORKSPACES_DIR", f"{home}/.jupyter/lab/workspaces"),
        ("JUPYTERLAB_SETTINGS_DIR", f"{home}/.jupyter/lab/user-settings"),
        ("NB_USER", user.name),
        ("NB_UID", str(user.uid)),
        ("XDG_CACHE_HOME", home),
    )


def _server_variables(
    user: User, session_id: str, resources: Resources, settings: Settings
) -> tuple[tuple[str, str], ...]:
    home = f"{settings.home}/{user.name}"
    return (
        ("skaha_hostname", settings.host),
        ("skaha_username", user.name),
        ("skaha_sessionid", session_id),
        ("HOME", home),
        ("PWD", home),
        ("OMP_NUM_THREADS", str(resources.threads)),
    )
