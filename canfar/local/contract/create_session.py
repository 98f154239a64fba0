"""``POST /session``: what is checked, in which order, and what is answered (section 1.4).

The answer is not JSON and not a 201: it is a 200 with the session's ID and a newline.
"""

from __future__ import annotations

import math
import re
from base64 import b64decode
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from attrs import evolve

from canfar.local.contract import java, lifecycle, resources
from canfar.local.contract.commands import kubernetes_expansion, read_argv, read_environment
from canfar.local.contract.engine import Job
from canfar.local.contract.environment import notebook_environment, session_environment
from canfar.local.contract.events import scheduled_events, started_event
from canfar.local.contract.labels import shorten_to_label
from canfar.local.contract.messages import Reply
from canfar.local.contract.problems import BadRequestError, RefusedByClusterError, UnexpectedError
from canfar.local.contract.session import Session
from canfar.local.contract.settings import KINDS

if TYPE_CHECKING:
    from datetime import datetime

    from canfar.local.contract.settings import Settings
    from canfar.local.contract.world import Call

__all__ = ["create_session", "read_kind"]

_NAME: Final = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_LONGEST_HOST_NAME: Final = 63
_NO_COMMAND: Final = (
    "canfar.local runs no images: without cmd there is nothing to run, so this session is "
    "Completed at once.\n"
)
_NO_IMAGE: Final = "canfar.local runs no images: its page at the connectURL stands for this one.\n"


def create_session(call: Call) -> Reply:
    """Create a session.

    Args:
        call: The call.

    Raises:
        BadRequestError: Bad input; the sentence says which.
        UnexpectedError: Input that the real server only fails on later.
    """
    given = call.parameters
    settings = call.world.settings
    generation = settings.generation
    image = _read_image(given.first("image"), settings)
    kind = read_kind(given.first("type"))
    if generation.checked_labels:
        _check_label(image, kind, settings)
    cores = resources.read_cores(given.first("cores"), settings.context, generation)
    ram = resources.read_ram(given.first("ram"), settings.context, generation)
    name = _read_name(given.first("name"))
    if kind != "headless":
        _check_limit(call)
    gpus = resources.read_gpus(given.first("gpus"), settings.context)
    _check_access(call, image)
    shorten_to_label("canfar.net/name", name)
    if kind == "desktop-app":
        raise UnexpectedError("java.nio.file.NoSuchFileException: config/launch-desktop_app.yaml")
    argv: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    if kind == "headless":
        argv = read_argv(given.first("cmd"), given.first("args"))
        variables = read_environment(given.every("env"))
    if name.endswith("-") or len(name) > _LONGEST_HOST_NAME:
        # The name becomes the host name of the pod, which has stricter rules.
        raise RefusedByClusterError
    session = Session(
        id=call.world.ids.session_id(call.world.store),
        owner=call.user.name,
        uid=call.user.uid,
        groups=call.user.groups,
        image=image,
        kind=kind,
        name=name,
        resources=resources.session_resources(
            kind, cores, ram, gpus if settings.gpus else 0, settings.context, generation
        ),
        created_at=call.now,
        deadline=lifecycle.deadline(kind, settings),
        process=bool(argv) or (kind == "notebook" and settings.jupyter),
    )
    if session.process:
        _run(call, session, argv, variables)
    else:
        call.world.store.put(_without_process(session, settings, call.now))
    return Reply(200, "text/plain", f"{session.id}\n".encode())


def read_kind(text: str | None) -> str:
    """Read the ``type`` parameter; without one it is ``headless``, whatever the image.

    Raises:
        BadRequestError: The server knows no such type.
    """
    if text is None or java.is_blank(text):
        return "headless"
    kind = java.trim(text).lower()
    if kind not in KINDS:
        raise BadRequestError(f"Invalid session type: {text}")
    return kind


def _read_image(text: str | None, settings: Settings) -> str:
    if text is None:
        raise BadRequestError("Missing parameter 'image'")
    if java.is_blank(text):
        raise BadRequestError("image is required")
    if not text.startswith(settings.registries):
        hosts = java.list_text(settings.registries)
        raise BadRequestError(f"session image '{text}' must come from one of {hosts}")
    return text


def _check_label(image: str, kind: str, settings: Settings) -> None:
    """An image has to be labelled with the type; assumed: one that isn't in the list may be any."""
    for known in settings.images:
        if known.id == image and kind not in known.types:
            raise BadRequestError(f"image/type mismatch: {image}/{kind}")


def _read_name(text: str | None) -> str:
    if text is None or java.is_blank(text):
        raise BadRequestError("Missing parameter 'name'")
    if not _NAME.fullmatch(text):
        raise BadRequestError("name can only contain alpha-numeric chars and '-'")
    return text.lower()


def _check_limit(call: Call) -> None:
    """Interactive sessions of all types count together; headless ones and apps never do."""
    count = sum(
        1
        for session in call.world.store
        if session.owner == call.user.name
        and not session.headless
        and session.app_id is None
        and session.deleted_at is None
        and session.finished_at is None
    )
    most = call.world.settings.max_sessions
    if count >= most:
        raise BadRequestError(
            f"User {call.user.name} has reached the maximum of {most} active sessions."
        )


def _check_access(call: Call, image: str) -> None:
    """An image that isn't in the public list needs a user name and a secret for its registry.

    With any well-formed ones it is taken: whether they are right shows only when an image is
    pulled, and none is pulled here.
    """
    if any(known.id == image for known in call.world.settings.images):
        return
    header = call.request.header("x-skaha-registry-auth")
    if header is None or java.is_blank(header):
        raise BadRequestError(
            "No authentication provided for unknown or private image.  Use x-skaha-registry-auth "
            "request header with base64Encode(username:secret)."
        )
    try:
        parts = java.split(b64decode(header.strip(), validate=True).decode(), ":")
    except ValueError:
        parts = []
    if len(parts) != 2:  # noqa: PLR2004 - a user name and a secret
        raise BadRequestError("Invalid input.  Must be in form of username:secret")
    username, secret = parts
    if java.is_blank(username):
        raise BadRequestError("username is required.")
    if java.is_blank(secret):
        raise BadRequestError("secret value cannot be empty.")


def _run(
    call: Call, session: Session, argv: tuple[str, ...], variables: tuple[tuple[str, str], ...]
) -> None:
    world = call.world
    limits = session.resources
    environment = (
        session_environment(call.user, session.id, limits, world.settings, variables)
        if session.headless
        else notebook_environment(call.user, session.id, limits, world.settings)
    )
    known = dict(environment)
    words = tuple(kubernetes_expansion(word, known) for word in argv)
    # Stored first: the engine may report from another thread as soon as it has the job.
    world.store.put(session)
    job = Job(
        session.id,
        words,
        environment,
        memory=int(limits.ram_limit * 2**30),
        cpu_seconds=math.ceil(limits.cores_limit * session.deadline.total_seconds()),
        notebook=not session.headless,
    )
    if world.engine.submit(job):
        world.store.put(
            evolve(session, started_at=call.now, events=scheduled_events(session, call.now))
        )


def _without_process(session: Session, settings: Settings, now: datetime) -> Session:
    """A session that no process belongs to: interactive, or headless without a command."""
    ready_at = now if session.headless else now + timedelta(seconds=settings.startup)
    events = (*scheduled_events(session, now), started_event(session, ready_at))
    return evolve(
        session,
        started_at=now,
        ready_at=ready_at,
        finished_at=now if session.headless else None,
        succeeded=session.headless,
        notice=_NO_COMMAND if session.headless else _NO_IMAGE,
        events=events,
    )
