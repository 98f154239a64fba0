"""What a user of canfar 1.5.2 writes. Run by that canfar's own Python; prints what it was told.

`python peer_program.py sync|asyncio IMAGE STATUS`: the status is what a finished session has.
"""

import asyncio
import inspect
import json
import logging
import sys
import time

from canfar.exceptions.session import SessionRequestError

from canfar.context import Context
from canfar.images import Images
from canfar.overview import Overview
from canfar.sessions import AsyncSession, Session


class Awaited:
    """The asyncio session, called as the other one is."""

    def __init__(self, runner):
        self._runner = runner
        self._session = AsyncSession()

    def __getattr__(self, name):
        member = getattr(self._session, name)

        def call(*args, **options):
            found = member(*args, **options)
            return self._runner.run(found) if inspect.isawaitable(found) else found

        return call

    async def close(self):
        async with self._session:
            pass


def wait(session, ids, status):
    """Ask until all have a status."""
    end = time.monotonic() + 30
    while True:
        found = {one["id"]: one["status"] for one in session.info(ids)}
        if len(found) == len(ids) and set(found.values()) == {status}:
            return found
        assert time.monotonic() < end, found
        time.sleep(0.05)


def use(session, image, status):
    """Go through the life of a few sessions."""
    told = {}
    batch = session.create(name="batch", image=image, cmd="env", env={"FOO": "bar"}, replicas=2)
    told["finished"] = wait(session, batch, status)
    told["ids"] = batch
    told["names"] = sorted(one["name"] for one in session.info(batch))
    told["logs"] = session.logs(batch)
    told["events"] = session.events(batch)
    (notebook,) = session.create(name="lab", image=image, kind="notebook", cores=2, ram=8)
    told["notebook"] = session.info(notebook)[0]
    told["running"] = [one["id"] for one in session.fetch(kind="notebook", status="Running")]
    told["renewed"] = session.renew(notebook)
    told["not renewed"] = session.renew(batch[0])
    told["stats"] = sorted(session.stats())
    told["destroyed"] = session.destroy(notebook)
    told["destroyed with"] = session.destroy_with("batch", status=status)
    told["left"] = [one["id"] for one in session.fetch()]
    try:
        session.create(name="bad_name", image=image, errors="raise")
    except SessionRequestError as error:
        told["refused"] = type(error).__name__
    return told


def main():
    """Print one JSON object."""
    colour, image, status = sys.argv[1:]
    logging.disable()
    if colour == "sync":
        with Session() as session:
            told = use(session, image, status)
        told["images"] = Images().fetch(kind="notebook")
        told["cores"] = Context().resources()["cores"]["options"]
        told["available"] = Overview().availability()
    else:
        with asyncio.Runner() as runner:
            awaited = Awaited(runner)
            told = use(awaited, image, status)
            runner.run(awaited.close())
    sys.stdout.write(json.dumps(told))


main()
