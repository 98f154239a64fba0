"""Session and AsyncSession: start, find, inspect, follow and destroy sessions on the platform."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, overload

from canfar._core import plans
from canfar.client import AsyncClient, SyncClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from re import Pattern

    from canfar._core.ids import Ids
    from canfar._core.steps import OnOutcome
    from canfar._core.wait import OnChange, Until
    from canfar._core.watch import Change
    from canfar.batches import AsyncBatch, Batch
    from canfar.models.batch import Progress, RunResult
    from canfar.models.results import (
        Destroyed,
        Logs,
        Opened,
        Renewed,
        SavedLogs,
        SessionEvents,
        SessionIds,
        SessionInfo,
    )
    from canfar.models.session import CreateRequest, SessionRecords
    from canfar.models.types import CreatableKind, Delivery, ErrorPolicy, Kind, Status, View

__all__ = ["AsyncSession", "Session", "connection_url"]


def connection_url(record: Mapping[str, Any]) -> str | None:
    """Return where a session can be opened, None unless it runs and has a page.

    Args:
        record: A session as ``fetch`` and ``info`` return it.

    Returns:
        The address, or None.

    Raises:
        KeyError: The mapping is no session's record.

    Example:
        >>> from canfar.sessions import connection_url
        >>> connection_url({"status": "Running", "connectURL": "https://ws.example.org/session/x"})
        'https://ws.example.org/session/x'
    """
    from canfar.models.session import SessionRecord  # noqa: PLC0415 - `import canfar.sessions` is light
    from canfar.models.status import status_word  # noqa: PLC0415 - the same

    running = status_word(record["status"]) == "running"
    return SessionRecord(record).connect_url if running else None


class Session(SyncClient):
    """Create, find, inspect, follow and destroy sessions.

    Bulk calls (several ids, several replicas) run concurrently over shared connections and give one
    outcome per input: what they return is a plain list or dict which also has ``.outcomes``,
    ``.errors``, ``.ok`` and ``.raise_for_errors()``. Whatever goes wrong is one of
    :mod:`canfar.errors`.

    Args:
        url: The server, with or without ``/v1``; else ``CANFAR_URL``, else the active one.
        token: A bearer token, or the path of a file that holds one and is read anew when it
            changes; else ``CANFAR_TOKEN`` or ``CANFAR_TOKEN_FILE``, else the saved login.
        certificate: A proxy certificate, certificate and key in one PEM file; else
            ``CANFAR_CERTIFICATE``, else the saved login. Given both, the token is used.
        timeout: Seconds for each phase of a request (connecting, sending, receiving); else
            ``CANFAR_TIMEOUT``, else 30.
        concurrency: How many requests a bulk call has in flight; else ``CANFAR_CONCURRENCY``,
            else 32.
        config: Settings for what is given in neither way, and the login for private images.
        deadline: Seconds for a whole call with all its requests and pauses; None for no limit.
            ``wait`` and ``connect`` have a timeout of their own.
        retry: How persistent to be with a server that fails in passing, a
            :class:`~canfar.retry.RetryPolicy`.
        server: The server by its name, ``ivo://`` identifier or URL; "local" starts or joins the
            platform on this machine. ``url`` wins.
        authentication_idp: The saved login to use instead of the active one, "srcnet" for
            instance; else ``CANFAR_AUTHENTICATION_IDP``.

    Raises:
        ConfigurationError: There is no server to use, or a setting makes no sense.
        NotLoggedIn: Nobody is logged in for the server that was chosen before, or by name.

    Example:
        >>> from canfar.sessions import Session
        >>> with Session() as session:
        ...     ids = session.create(
        ...         name="hello",
        ...         image="images.canfar.net/skaha/astroml:latest",
        ...         cmd="echo",
        ...         args="Hello from REPLICA",
        ...     )
        ...     ended = session.wait(ids)
        ...     print(ended[0].status, session.logs(ids)[ids[0]].strip())
        ...     removed = session.destroy(ids)
        Completed Hello from REPLICA
    """

    def create(
        self,
        name: str | CreateRequest,
        image: str | None = None,
        cores: float | None = None,
        ram: float | None = None,
        kind: CreatableKind | str = "headless",
        gpu: int | None = None,
        cmd: str | None = None,
        args: str | Sequence[str] | None = None,
        env: Mapping[str, str | float] | None = None,
        replicas: int = 1,
        *,
        command: Sequence[str] | None = None,
        delivery: Delivery = "exact",
        only: Iterable[int] | None = None,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> SessionIds:
        """Start one session, or several replicas of it.

        Each replica of a headless session finds its number in ``REPLICA_ID`` (1 to N) and their
        count in ``REPLICA_COUNT``; :mod:`canfar.helpers.distributed` shares out work by them. What
        the platform accepts, counts and ignores is in the protocol notes 1.4, 1.6 and 6.3, facts of
        Skaha 1.4.

        Args:
            name: Letters, digits and ``-``, at most 63; with several replicas they are called
                ``name-1`` to ``name-N``. Or a :class:`~canfar.models.session.CreateRequest` that
                holds all of it.
            image: The container image. Without a registry it is one of images.canfar.net, without
                a tag the latest.
            cores: CPU cores, at least 1, for fixed resources; None for flexible ones. The platform
                ignores it for desktop and firefly sessions.
            ram: RAM in GB (the platform counts in GiB), at least 1; None for flexible.
            kind: headless, notebook, desktop, carta, firefly or contributed.
            gpu: The number of GPUs, at least 1; None for none.
            cmd: The program to run, headless only; None for the image's own.
            args: Its arguments, headless only: a list, or a string that is split at every single
                space, as the platform does (protocol notes 1.6, a fact of Skaha 1.4).
            env: Environment variables, headless only.
            replicas: How many sessions to start, at least 1.
            command: The program and its arguments as one list, instead of ``cmd`` and ``args``.
            delivery: "exact" delivers arguments and values byte for byte: what the platform would
                drop or change travels encoded and is unpacked by ``/bin/sh`` in the image, which
                then becomes the program. "plain" sends everything as it is.
            only: Start just the replicas with these numbers, under the same names and with the
                same count; None starts all.
            errors: "raise" to raise when any replica failed; "ignore" to log one warning and
                return those that started.
            on_outcome: Called with each replica's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            The ids of the sessions that were started, in the order of the replicas.

        Raises:
            InvalidInput: A value that the platform would refuse or mangle; nothing was sent.
            CanfarError: No replica was started; the server's reason is the message.
            MayExist: The reply was lost and it cannot be told whether the session was started.
            SessionRequestError: Some replicas failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(
            ...     name="fit",
            ...     image="images.canfar.net/skaha/astroml:latest",
            ...     cmd="printenv",
            ...     args=["REPLICA_ID"],
            ...     replicas=3,
            ... )
            >>> ended = session.wait(ids)
            >>> [text.strip() for text in session.logs(ids).values()]
            ['1', '2', '3']
        """
        env = plans.sealed(env)
        request = plans.as_request(
            name,
            image=image,
            cores=cores,
            ram=ram,
            kind=kind,
            gpu=gpu,
            cmd=cmd,
            args=args,
            env=env,
            replicas=replicas,
            command=command,
            delivery=delivery,
        )
        plan = plans.create(
            request,
            registry=self._settings.registry,
            only=only,
            policy=plans.policy(errors),
            on_outcome=on_outcome,
            retry=self._settings.retry,
            recent=self._recent,
            clock=monotonic,
        )
        return self._drive(plan)

    def preview(
        self, request: CreateRequest, *, only: Iterable[int] | None = None
    ) -> list[dict[str, Any]]:
        """Return what ``create`` would send for a request, without sending anything.

        Args:
            request: What to start.
            only: Show just the replicas with these numbers; None shows all.

        Returns:
            One dict per replica: ``method``, ``url``, ``headers``, and ``form``, a list of pairs of
            name and value. Values of the environment are shown; a registry login is stars.

        Raises:
            InvalidInput: A value that the platform would refuse or mangle.

        Example:
            >>> from canfar.models.session import CreateRequest
            >>> from canfar.sessions import Session
            >>> request = CreateRequest(name="one", image="skaha/astroml", kind="notebook", cores=2)
            >>> [sent] = Session().preview(request)
            >>> sent["method"], dict(sent["form"])["image"]
            ('POST', 'images.canfar.net/skaha/astroml:latest')
        """
        return plans.preview(request, url=self.url, registry=self._settings.registry, only=only)

    def fetch(
        self,
        kind: Kind | str | Iterable[Kind | str] | None = None,
        status: Status | str | Iterable[Status | str] | None = None,
        *,
        view: View | None = None,
    ) -> SessionRecords:
        """List your sessions, finished ones too.

        Args:
            kind: Keep this kind, or these; None keeps all. Desktop apps are only listed when
                asked for as "desktop-app", or with ``view="interactive"`` (protocol notes 1.8, a
                fact of Skaha 1.4).
            status: Keep this status, or these; None keeps all. Completed and Succeeded mean the
                same, and Failed and Error: servers of different ages use different words.
            view: "all" lists the sessions of all users, with kind, status, user and start time
                only; "interactive" lists yours that are not headless, with desktop apps.

        Returns:
            One record per session, in no particular order; the list prints as a table.

        Raises:
            InvalidInput: A word that is no kind, status or view.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> Session().fetch(kind="notebook", status=["Pending", "Running"])
            []
        """
        return self._drive(plans.fetch(kind, status, view, recent=self._recent))

    def info(
        self, ids: Ids, *, errors: ErrorPolicy = "ignore", on_outcome: OnOutcome | None = None
    ) -> SessionInfo:
        """Inspect sessions: state, times, resources and their use, user ids, where to connect.

        Several ids cost one list call, and one request for each that the list does not have.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            One record per session that exists, in the order given; the list prints as a table.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="one", image="skaha/astroml", cmd="true")
            >>> record = session.info(ids)[0]
            >>> record["name"], record.kind, record.is_fixed
            ('one', 'headless', False)
        """
        return self._drive(plans.info(ids, plans.policy(errors), self._recent, on_outcome))

    def logs(
        self,
        ids: Ids,
        verbose: bool = False,
        *,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> Logs:
        r"""Read what sessions have written to stdout and stderr so far.

        The platform keeps the logs of a headless session for an hour after it has ended, and
        answers with an empty text for any id it does not know (protocol notes 2.8 and 3.4, facts
        of Skaha 1.4).

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            verbose: Also print them.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: text}``, in the order given.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="one", image="skaha/astroml", cmd="echo", args="a")
            >>> ended = session.wait(ids)
            >>> session.logs(ids)[ids[0]]
            'a\n'
        """
        return self._drive(
            plans.logs(ids, verbose=verbose, policy=plans.policy(errors), on_outcome=on_outcome)
        )

    def download_logs(
        self,
        ids: Ids,
        folder: str | Path,
        *,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> SavedLogs:
        """Write the logs of sessions to files, in constant memory however long they are.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            folder: Where the files go, one ``ID.log`` each; it is made when it is missing. A file
                is replaced only by a complete one.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: path of the file}``, in the order given.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            OSError: The folder cannot be written to.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> import tempfile
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="a", image="skaha/astroml", cmd="echo", args="hi")
            >>> ended = session.wait(ids)
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     saved = session.download_logs(ids, folder)
            ...     print(saved[ids[0]].read_text().strip())
            hi
        """
        plan = plans.download_logs(ids, folder, policy=plans.policy(errors), on_outcome=on_outcome)
        return self._drive(plan)

    def events(
        self,
        ids: Ids,
        verbose: bool = False,
        *,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> SessionEvents:
        """Read what the platform did to launch sessions, and what went wrong with that.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            verbose: Also print them.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``[{id: text}, ...]`` in the order given. The text is a table with the columns TYPE,
            REASON, MESSAGE, FIRST-TIME and LAST-TIME; sessions without a pod (queued, or gone)
            are in ``errors`` (protocol notes 2.7, a fact of Skaha 1.4).

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="one", image="skaha/astroml", cmd="true")
            >>> ended = session.wait(ids)
            >>> "Scheduled" in session.events(ids)[0][ids[0]]
            True
        """
        return self._drive(
            plans.events(ids, verbose=verbose, policy=plans.policy(errors), on_outcome=on_outcome)
        )

    def stats(self) -> dict[str, Any]:
        """Read the platform's statistics: cores and RAM it has, has given out, and gives at most.

        Returns:
            The server's object. ``cpuCoresAvailable`` and ``ramAvailable`` are the platform's
            whole capacity, in spite of their names (protocol notes 2.3, a fact of Skaha 1.4).

        Raises:
            ServerBusy: The platform has no metrics to answer from.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> sorted(Session().stats())
            ['cores', 'ram']
        """
        return self._drive(plans.stats())

    def destroy(
        self, ids: Ids, *, errors: ErrorPolicy = "ignore", on_outcome: OnOutcome | None = None
    ) -> Destroyed:
        """Destroy sessions, running or finished, with their logs. There is no way back.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: whether it was there and is gone}``, in the order given. The server confirms
            the deletion of anything (protocol notes 1.11, a fact of Skaha 1.4), so its list is
            read before and after; an id that was never there is False, with
            :class:`~canfar.errors.NotFound` in ``errors``.

        Raises:
            InvalidInput: An id that cannot be one, or a desktop app's record; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="a", image="skaha/astroml", cmd="sleep", args="60")
            >>> list(session.destroy(ids).values())
            [True]
        """
        return self._drive(plans.destroy(ids, plans.policy(errors), self._recent, on_outcome))

    @overload
    def destroy_with(
        self,
        prefix: str | Pattern[str],
        *,
        kind: Kind | str | Iterable[Kind | str] | None = "headless",
        status: Status | str | Iterable[Status | str] | None = "Completed",
        regex: bool = False,
        dry_run: Literal[False] = False,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> Destroyed: ...
    @overload
    def destroy_with(
        self,
        prefix: str | Pattern[str],
        *,
        kind: Kind | str | Iterable[Kind | str] | None = "headless",
        status: Status | str | Iterable[Status | str] | None = "Completed",
        regex: bool = False,
        dry_run: Literal[True],
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> SessionRecords: ...
    @overload
    def destroy_with(
        self,
        prefix: str | Pattern[str],
        *,
        kind: Kind | str | Iterable[Kind | str] | None = "headless",
        status: Status | str | Iterable[Status | str] | None = "Completed",
        regex: bool = False,
        dry_run: bool,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> Destroyed | SessionRecords: ...
    def destroy_with(
        self,
        prefix: str | Pattern[str],
        *,
        kind: Kind | str | Iterable[Kind | str] | None = "headless",
        status: Status | str | Iterable[Status | str] | None = "Completed",
        regex: bool = False,
        dry_run: bool = False,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> Destroyed | SessionRecords:
        """Destroy the sessions whose names begin with a prefix.

        Args:
            prefix: The beginning of their names, to the letter. With ``regex=True``, or as a
                compiled pattern, a regular expression that must match at the beginning.
            kind: Of this kind, or these; None for any.
            status: With this status, or these; None for any. Completed also means Succeeded.
            regex: Whether the prefix is a regular expression.
            dry_run: Destroy nothing and return the records of those that would be.
            errors: "raise" to raise when any of them failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: whether it was there and is gone}``; the records with ``dry_run=True``.

        Raises:
            InvalidInput: An empty prefix, a word that is no kind or status, or a prefix that
                looks like a regular expression without ``regex=True``; nothing was sent.
            CanfarError: The server could not be reached or refused.
            SessionRequestError: Some of them failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="test-a", image="skaha/astroml", cmd="true")
            >>> ended = session.wait(ids)
            >>> len(session.destroy_with(prefix="test-", dry_run=True))
            1
            >>> list(session.destroy_with(prefix="test-").values())
            [True]
        """
        return self._drive(
            plans.destroy_with(
                prefix,
                kind,
                status,
                regex=regex,
                dry_run=dry_run,
                policy=plans.policy(errors),
                recent=self._recent,
                on_outcome=on_outcome,
            )
        )

    def renew(
        self, ids: Ids, *, errors: ErrorPolicy = "ignore", on_outcome: OnOutcome | None = None
    ) -> Renewed:
        """Give running sessions their full time again.

        A headless session is given more only when it has less left than the platform's default
        (protocol notes 1.7, a fact of Skaha 1.4).

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: whether the server did as it was told}``, in the order given.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="nb", image="skaha/astroml", kind="notebook")
            >>> ready = session.wait(ids)
            >>> list(session.renew(ids).values())
            [True]
        """
        return self._drive(plans.renew(ids, plans.policy(errors), on_outcome))

    def wait(
        self,
        ids: Ids,
        *,
        timeout: float | None = None,
        until: Until | None = None,
        on_change: OnChange = None,
    ) -> SessionRecords:
        """Wait for sessions to become what you need, and return what each became.

        One list call a poll serves any number of sessions; polls come less often the longer
        nothing changes: up to 15 seconds apart, after a quiet quarter of an hour up to 30.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            timeout: Seconds to wait at most; None waits as long as it takes.
            until: "ended" waits until each has completed, failed or gone, "running" until each
                runs (or never will). None means "ended" for headless sessions and "running" for
                the others.
            on_change: Called with each session's record when it is first seen and when its status
                changes, for progress.

        Returns:
            Each session's last known record, in the order given. One that the server knows no
            longer, or did not know for ten seconds, has the status "Gone".

        Raises:
            WaitTimeout: Time ran out; its ``results`` are the records as they were last seen.
            InvalidInput: An id that cannot be one; nothing was sent.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="one", image="skaha/astroml", cmd="false")
            >>> session.wait(ids, timeout=60)[0].status
            'Failed'
        """
        return self._drive(plans.wait(ids, timeout, until, monotonic, on_change), patient=True)

    def connect(
        self,
        ids: Ids,
        *,
        timeout: float = 300,
        browser: bool = True,
        on_change: OnChange = None,
    ) -> Opened:
        """Open sessions in the browser, each in a tab of its own as soon as it runs.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            timeout: Seconds to wait for them to run; 0 opens those that run now.
            browser: Whether they are opened; False only returns where they can be.
            on_change: Called with each session's record when it is first seen and when its status
                changes, for progress.

        Returns:
            ``{id: address}`` of those that were opened.

        Raises:
            SessionFailed: None could be opened; the message says why.
            InvalidInput: An id that cannot be one; nothing was sent.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="nb", image="skaha/astroml", kind="notebook")
            >>> list(session.connect(ids)) == ids
            True
        """
        plan = plans.connect(ids, timeout, monotonic, browser=browser, on_change=on_change)
        return self._drive(plan, patient=True)

    def watch(
        self,
        kind: Kind | str | Iterable[Kind | str] | None = None,
        *,
        timeout: float | None = None,
    ) -> Iterator[Change]:
        """Tell what changes in your sessions, as it does.

        One list call a poll serves all of them; polls come less often the longer nothing changes,
        up to 15 seconds apart. The sessions there are at first have "appeared". A server that has
        answered once may be away for ten minutes.

        Args:
            kind: Only this kind, or these; None for all.
            timeout: Seconds after which to stop; None goes on for ever.

        Returns:
            An iterator of changes; each has ``what`` ("appeared", "status" or "gone"), ``record``
            and the status ``before``.

        Raises:
            InvalidInput: A kind that does not exist; nothing was sent.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create(name="one", image="skaha/astroml", cmd="true")
            >>> ended = session.wait(ids)
            >>> for change in session.watch(timeout=0):
            ...     print(change.what, change.record.name, change.record.status)
            appeared one Completed
        """
        return self._each(plans.watch(kind, timeout, monotonic))

    @overload
    def follow(
        self,
        ids: Ids,
        *,
        timeout: float | None = None,
        raw: Literal[False] = False,
        on_change: OnChange = None,
    ) -> Iterator[tuple[str, str]]: ...
    @overload
    def follow(
        self,
        ids: Ids,
        *,
        timeout: float | None = None,
        raw: Literal[True],
        on_change: OnChange = None,
    ) -> Iterator[tuple[str, bytes]]: ...
    def follow(
        self,
        ids: Ids,
        *,
        timeout: float | None = None,
        raw: bool = False,
        on_change: OnChange = None,
    ) -> Iterator[tuple[str, str]] | Iterator[tuple[str, bytes]]:
        """Give what sessions write, line by line as they write it, until all have ended.

        Each line comes once and in its session's order, the last ones too. The server has neither
        a follow nor a tail (protocol notes 2.8, a fact of Skaha 1.4): each look reads a log from
        its beginning, so a long one is looked at less often, every 60 seconds at most.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            timeout: Seconds to follow at most; None follows to the end.
            raw: Whether lines are given as the bytes that were written, with their ends.
            on_change: Called with each session's record when it is first seen and when its status
                changes, for progress.

        Returns:
            An iterator of ``(id, line)``, the line as text without its end, or as bytes with it.

        Raises:
            WaitTimeout: Time ran out; the sessions go on.
            InvalidInput: An id that cannot be one; nothing was sent.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create("one", "skaha/astroml", cmd="echo", args="hello")
            >>> [line for _, line in session.follow(ids)]
            ['hello']
        """
        return self._each(plans.follow(ids, timeout, monotonic, raw=raw, on_change=on_change))

    def apps(self, desktop: str | Mapping[str, Any]) -> SessionRecords:
        """List the apps of a desktop.

        Args:
            desktop: The desktop's id, or its record.

        Returns:
            A record of each; its ``app_id`` is the app's id, its ``id`` the desktop's.

        Raises:
            NotFound: There is no such desktop.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> desk = "skaha/desktop:1.1.2"
            >>> ids = session.create(name="desk", image=desk, kind="desktop")
            >>> session.apps(ids[0])
            []
        """
        return self._drive(plans.apps(desktop))

    def attach(
        self,
        desktop: str | Mapping[str, Any],
        image: str,
        *,
        cores: float | None = None,
        ram: float | None = None,
    ) -> str:
        """Start an app in a running desktop.

        Args:
            desktop: The desktop's id, or its record.
            image: The app's container image.
            cores: CPU cores, at least 1, for fixed resources; None for flexible ones.
            ram: RAM in GB (the platform counts in GiB), at least 1; None for flexible.

        Returns:
            The app's id.

        Raises:
            InvalidInput: A value that the platform would refuse; nothing was sent.
            NotFound: There is no such desktop.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> desk = "skaha/desktop:1.1.2"
            >>> ids = session.create(name="desk", image=desk, kind="desktop")
            >>> ready = session.wait(ids)
            >>> app = session.attach(ids[0], "skaha/terminal:1.1.2")
            >>> [record.app_id == app for record in session.apps(ids[0])]
            [True]
        """
        return self._drive(plans.attach(desktop, image, cores, ram))

    def detach(self, desktop: str | Mapping[str, Any], app: str | Mapping[str, Any]) -> bool:
        """End an app of a desktop.

        Args:
            desktop: The desktop's id, or its record.
            app: The app's id, or its record.

        Returns:
            Whether the desktop showed it before.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotFound: There is no such desktop.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> desk = "skaha/desktop:1.1.2"
            >>> ids = session.create(name="desk", image=desk, kind="desktop")
            >>> ready = session.wait(ids)
            >>> app = session.attach(ids[0], "skaha/terminal:1.1.2")
            >>> session.detach(ids[0], app)
            True
        """
        return self._drive(plans.detach(desktop, app))

    def submit(
        self,
        name: str | CreateRequest,
        image: str | None = None,
        *,
        cores: float | None = None,
        ram: float | None = None,
        gpu: int | None = None,
        cmd: str | None = None,
        args: str | Sequence[str] | None = None,
        env: Mapping[str, str | float] | None = None,
        replicas: int = 1,
        command: Sequence[str] | None = None,
        delivery: Delivery = "exact",
    ) -> Batch:
        """Start replicas of a headless session, as one batch.

        Args:
            name: As in ``create``; ``session.batch(name)`` finds the batch again.
            image: The container image, as in ``create``.
            cores: CPU cores, at least 1, for fixed resources; None for flexible ones.
            ram: RAM in GB (the platform counts in GiB), at least 1; None for flexible.
            gpu: The number of GPUs, at least 1; None for none.
            cmd: The program to run; None for the image's own.
            args: Its arguments, as in ``create``.
            env: Environment variables.
            replicas: How many sessions to start, at least 1.
            command: The program and its arguments as one list, instead of ``cmd`` and ``args``.
            delivery: As in ``create``.

        Returns:
            The batch; replicas that could not be started are in its ``failed``.

        Raises:
            InvalidInput: A value that the platform would refuse or mangle; nothing was sent.
            CanfarError: No replica was started; the server's reason is the message.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> batch.wait(timeout=60)
            3 replicas: 3 Completed
        """
        batch = self._batch(
            name,
            image=image,
            cores=cores,
            ram=ram,
            gpu=gpu,
            cmd=cmd,
            args=args,
            env=plans.sealed(env),
            replicas=replicas,
            command=command,
            delivery=delivery,
        )
        batch._start()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it is ours
        return batch

    def run(
        self,
        name: str | CreateRequest,
        image: str | None = None,
        *,
        cores: float | None = None,
        ram: float | None = None,
        gpu: int | None = None,
        cmd: str | None = None,
        args: str | Sequence[str] | None = None,
        env: Mapping[str, str | float] | None = None,
        replicas: int = 1,
        command: Sequence[str] | None = None,
        delivery: Delivery = "exact",
        timeout: float | None = None,
        save_logs: str | Path | None = None,
        progress: Progress = None,
        keep: bool = False,
    ) -> RunResult:
        """Start replicas of a headless session, wait for their end, and return what they wrote.

        Args:
            name: As in ``create``; after Ctrl-C ``session.batch(name)`` finds the run again.
            image: The container image, as in ``create``.
            cores: CPU cores, at least 1, for fixed resources; None for flexible ones.
            ram: RAM in GB (the platform counts in GiB), at least 1; None for flexible.
            gpu: The number of GPUs, at least 1; None for none.
            cmd: The program to run; None for the image's own.
            args: Its arguments, as in ``create``.
            env: Environment variables.
            replicas: How many sessions to start, at least 1.
            command: The program and its arguments as one list, instead of ``cmd`` and ``args``.
            delivery: As in ``create``.
            timeout: Seconds to wait at most; None waits as long as it takes.
            save_logs: A folder for each replica's log and events, written as it ends.
            progress: As in ``Batch.wait``.
            keep: Whether the sessions stay; by default they are destroyed when all have ended.

        Returns:
            How the replicas ended, and what each wrote.

        Raises:
            InvalidInput: A value that the platform would refuse or mangle; nothing was sent.
            RunFailed: A replica failed or could not be started; the message has the last 20 lines
                of its log and its events, ``results`` everything.
            WaitTimeout: Time ran out; the sessions go on, and nothing was destroyed.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> run = session.run("hi", "skaha/astroml", command=["echo", "hello"])
            >>> run.output.strip()
            'hello'
        """
        batch = self._batch(
            name,
            image=image,
            cores=cores,
            ram=ram,
            gpu=gpu,
            cmd=cmd,
            args=args,
            env=plans.sealed(env),
            replicas=replicas,
            command=command,
            delivery=delivery,
        )
        return batch._run(  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it is ours
            timeout=timeout, save_logs=save_logs, progress=progress, keep=keep
        )

    def batch(
        self,
        name: str | CreateRequest,
        image: str | None = None,
        *,
        cores: float | None = None,
        ram: float | None = None,
        gpu: int | None = None,
        cmd: str | None = None,
        args: str | Sequence[str] | None = None,
        env: Mapping[str, str | float] | None = None,
        replicas: int = 1,
        command: Sequence[str] | None = None,
        delivery: Delivery = "exact",
    ) -> Batch:
        """Find a batch again, as far as the server still knows its sessions.

        The server does not know how they were started. With the name alone, the batch can be
        waited for, followed and destroyed. With all that ``submit`` was given, it can be gone on
        with too: what the server does not list is "not started", and ``relaunch`` starts it. That
        may have ended before: headless sessions are forgotten an hour after their end (protocol
        notes 3.4, a fact of Skaha 1.4). ``batch.to_json()`` keeps that.

        Args:
            name: Its name.
            image: As ``submit`` was given it.
            cores: As ``submit`` was given it.
            ram: As ``submit`` was given it, in GB.
            gpu: As ``submit`` was given it.
            cmd: As ``submit`` was given it.
            args: As ``submit`` was given it.
            env: As ``submit`` was given it.
            replicas: As ``submit`` was given it; with the name alone it has as many as the highest
                number among its sessions.
            command: As ``submit`` was given it.
            delivery: As ``submit`` was given it.

        Returns:
            The batch.

        Raises:
            InvalidInput: Only the name was given, and none of your sessions belongs to such a
                batch.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> started = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> batch = session.batch("fit")
            >>> batch.ids == started.ids
            True
            >>> batch = session.batch("fit", "skaha/astroml", cmd="true", replicas=4)
            >>> batch.relaunch()
            [4]
        """
        from canfar._core.batch.roster import in_list  # noqa: PLC0415 - most scripts have no batch
        from canfar.batches import Batch  # noqa: PLC0415 - the same

        asked = plans.if_known(
            name,
            image=image,
            cores=cores,
            ram=ram,
            kind="headless",
            gpu=gpu,
            cmd=cmd,
            args=args,
            env=plans.sealed(env),
            replicas=replicas,
            command=command,
            delivery=delivery,
        )
        return Batch(self, in_list(asked, self.fetch(kind="headless")))

    def _batch(self, name: str | CreateRequest, **options: Any) -> Batch:
        from canfar._core.batch.roster import Roster  # noqa: PLC0415 - most scripts have no batch
        from canfar.batches import Batch  # noqa: PLC0415 - the same

        return Batch(self, Roster.of(plans.as_request(name, kind="headless", **options)))


class AsyncSession(AsyncClient):
    """For asyncio: create, find, inspect, follow and destroy sessions.

    The same methods as :class:`Session`, awaited; one AsyncSession serves any number of event
    loops.

    Bulk calls (several ids, several replicas) run concurrently over shared connections and give one
    outcome per input: what they return is a plain list or dict which also has ``.outcomes``,
    ``.errors``, ``.ok`` and ``.raise_for_errors()``. Whatever goes wrong is one of
    :mod:`canfar.errors`.

    Args:
        url: The server, with or without ``/v1``; else ``CANFAR_URL``, else the active one.
        token: A bearer token, or the path of a file that holds one and is read anew when it
            changes; else ``CANFAR_TOKEN`` or ``CANFAR_TOKEN_FILE``, else the saved login.
        certificate: A proxy certificate, certificate and key in one PEM file; else
            ``CANFAR_CERTIFICATE``, else the saved login. Given both, the token is used.
        timeout: Seconds for each phase of a request (connecting, sending, receiving); else
            ``CANFAR_TIMEOUT``, else 30.
        concurrency: How many requests a bulk call has in flight; else ``CANFAR_CONCURRENCY``,
            else 32.
        config: Settings for what is given in neither way, and the login for private images.
        deadline: Seconds for a whole call with all its requests and pauses; None for no limit.
            ``wait`` and ``connect`` have a timeout of their own.
        retry: How persistent to be with a server that fails in passing, a
            :class:`~canfar.retry.RetryPolicy`.
        server: The server by its name, ``ivo://`` identifier or URL; "local" starts or joins the
            platform on this machine. ``url`` wins.
        authentication_idp: The saved login to use instead of the active one, "srcnet" for
            instance; else ``CANFAR_AUTHENTICATION_IDP``.

    Raises:
        ConfigurationError: There is no server to use, or a setting makes no sense.
        NotLoggedIn: Nobody is logged in for the server that was chosen before, or by name.

    Example:
        >>> from canfar.sessions import AsyncSession
        >>> async with AsyncSession() as session:
        ...     ids = await session.create(
        ...         name="hello",
        ...         image="images.canfar.net/skaha/astroml:latest",
        ...         cmd="echo",
        ...         args="Hello from REPLICA",
        ...     )
        ...     ended = await session.wait(ids)
        ...     print(ended[0].status, (await session.logs(ids))[ids[0]].strip())
        ...     removed = await session.destroy(ids)
        Completed Hello from REPLICA
    """

    async def create(
        self,
        name: str | CreateRequest,
        image: str | None = None,
        cores: float | None = None,
        ram: float | None = None,
        kind: CreatableKind | str = "headless",
        gpu: int | None = None,
        cmd: str | None = None,
        args: str | Sequence[str] | None = None,
        env: Mapping[str, str | float] | None = None,
        replicas: int = 1,
        *,
        command: Sequence[str] | None = None,
        delivery: Delivery = "exact",
        only: Iterable[int] | None = None,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> SessionIds:
        """Start one session, or several replicas of it.

        Each replica of a headless session finds its number in ``REPLICA_ID`` (1 to N) and their
        count in ``REPLICA_COUNT``; :mod:`canfar.helpers.distributed` shares out work by them. What
        the platform accepts, counts and ignores is in the protocol notes 1.4, 1.6 and 6.3, facts of
        Skaha 1.4.

        Args:
            name: Letters, digits and ``-``, at most 63; with several replicas they are called
                ``name-1`` to ``name-N``. Or a :class:`~canfar.models.session.CreateRequest` that
                holds all of it.
            image: The container image. Without a registry it is one of images.canfar.net, without
                a tag the latest.
            cores: CPU cores, at least 1, for fixed resources; None for flexible ones. The platform
                ignores it for desktop and firefly sessions.
            ram: RAM in GB (the platform counts in GiB), at least 1; None for flexible.
            kind: headless, notebook, desktop, carta, firefly or contributed.
            gpu: The number of GPUs, at least 1; None for none.
            cmd: The program to run, headless only; None for the image's own.
            args: Its arguments, headless only: a list, or a string that is split at every single
                space, as the platform does (protocol notes 1.6, a fact of Skaha 1.4).
            env: Environment variables, headless only.
            replicas: How many sessions to start, at least 1.
            command: The program and its arguments as one list, instead of ``cmd`` and ``args``.
            delivery: "exact" delivers arguments and values byte for byte: what the platform would
                drop or change travels encoded and is unpacked by ``/bin/sh`` in the image, which
                then becomes the program. "plain" sends everything as it is.
            only: Start just the replicas with these numbers, under the same names and with the
                same count; None starts all.
            errors: "raise" to raise when any replica failed; "ignore" to log one warning and
                return those that started.
            on_outcome: Called with each replica's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            The ids of the sessions that were started, in the order of the replicas.

        Raises:
            InvalidInput: A value that the platform would refuse or mangle; nothing was sent.
            CanfarError: No replica was started; the server's reason is the message.
            MayExist: The reply was lost and it cannot be told whether the session was started.
            SessionRequestError: Some replicas failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(
            ...     name="fit",
            ...     image="images.canfar.net/skaha/astroml:latest",
            ...     cmd="printenv",
            ...     args=["REPLICA_ID"],
            ...     replicas=3,
            ... )
            >>> ended = await session.wait(ids)
            >>> [text.strip() for text in (await session.logs(ids)).values()]
            ['1', '2', '3']
        """
        env = plans.sealed(env)
        request = plans.as_request(
            name,
            image=image,
            cores=cores,
            ram=ram,
            kind=kind,
            gpu=gpu,
            cmd=cmd,
            args=args,
            env=env,
            replicas=replicas,
            command=command,
            delivery=delivery,
        )
        plan = plans.create(
            request,
            registry=self._settings.registry,
            only=only,
            policy=plans.policy(errors),
            on_outcome=on_outcome,
            retry=self._settings.retry,
            recent=self._recent,
            clock=monotonic,
        )
        return await self._drive(plan)

    def preview(
        self, request: CreateRequest, *, only: Iterable[int] | None = None
    ) -> list[dict[str, Any]]:
        """Return what ``create`` would send for a request, without sending anything.

        Args:
            request: What to start.
            only: Show just the replicas with these numbers; None shows all.

        Returns:
            One dict per replica: ``method``, ``url``, ``headers``, and ``form``, a list of pairs of
            name and value. Values of the environment are shown; a registry login is stars.

        Raises:
            InvalidInput: A value that the platform would refuse or mangle.

        Example:
            >>> from canfar.models.session import CreateRequest
            >>> from canfar.sessions import AsyncSession
            >>> request = CreateRequest(name="one", image="skaha/astroml", kind="notebook", cores=2)
            >>> [sent] = AsyncSession().preview(request)
            >>> sent["method"], dict(sent["form"])["image"]
            ('POST', 'images.canfar.net/skaha/astroml:latest')
        """
        return plans.preview(request, url=self.url, registry=self._settings.registry, only=only)

    async def fetch(
        self,
        kind: Kind | str | Iterable[Kind | str] | None = None,
        status: Status | str | Iterable[Status | str] | None = None,
        *,
        view: View | None = None,
    ) -> SessionRecords:
        """List your sessions, finished ones too.

        Args:
            kind: Keep this kind, or these; None keeps all. Desktop apps are only listed when
                asked for as "desktop-app", or with ``view="interactive"`` (protocol notes 1.8, a
                fact of Skaha 1.4).
            status: Keep this status, or these; None keeps all. Completed and Succeeded mean the
                same, and Failed and Error: servers of different ages use different words.
            view: "all" lists the sessions of all users, with kind, status, user and start time
                only; "interactive" lists yours that are not headless, with desktop apps.

        Returns:
            One record per session, in no particular order; the list prints as a table.

        Raises:
            InvalidInput: A word that is no kind, status or view.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> await AsyncSession().fetch(kind="notebook", status=["Pending", "Running"])
            []
        """
        return await self._drive(plans.fetch(kind, status, view, recent=self._recent))

    async def info(
        self, ids: Ids, *, errors: ErrorPolicy = "ignore", on_outcome: OnOutcome | None = None
    ) -> SessionInfo:
        """Inspect sessions: state, times, resources and their use, user ids, where to connect.

        Several ids cost one list call, and one request for each that the list does not have.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            One record per session that exists, in the order given; the list prints as a table.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="one", image="skaha/astroml", cmd="true")
            >>> record = (await session.info(ids))[0]
            >>> record["name"], record.kind, record.is_fixed
            ('one', 'headless', False)
        """
        return await self._drive(plans.info(ids, plans.policy(errors), self._recent, on_outcome))

    async def logs(
        self,
        ids: Ids,
        verbose: bool = False,
        *,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> Logs:
        r"""Read what sessions have written to stdout and stderr so far.

        The platform keeps the logs of a headless session for an hour after it has ended, and
        answers with an empty text for any id it does not know (protocol notes 2.8 and 3.4, facts
        of Skaha 1.4).

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            verbose: Also print them.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: text}``, in the order given.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="one", image="skaha/astroml", cmd="echo", args="a")
            >>> ended = await session.wait(ids)
            >>> (await session.logs(ids))[ids[0]]
            'a\n'
        """
        return await self._drive(
            plans.logs(ids, verbose=verbose, policy=plans.policy(errors), on_outcome=on_outcome)
        )

    async def download_logs(
        self,
        ids: Ids,
        folder: str | Path,
        *,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> SavedLogs:
        """Write the logs of sessions to files, in constant memory however long they are.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            folder: Where the files go, one ``ID.log`` each; it is made when it is missing. A file
                is replaced only by a complete one.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: path of the file}``, in the order given.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            OSError: The folder cannot be written to.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> import tempfile
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="a", image="skaha/astroml", cmd="echo", args="hi")
            >>> ended = await session.wait(ids)
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     saved = await session.download_logs(ids, folder)
            ...     print(saved[ids[0]].read_text().strip())
            hi
        """
        plan = plans.download_logs(ids, folder, policy=plans.policy(errors), on_outcome=on_outcome)
        return await self._drive(plan)

    async def events(
        self,
        ids: Ids,
        verbose: bool = False,
        *,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> SessionEvents:
        """Read what the platform did to launch sessions, and what went wrong with that.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            verbose: Also print them.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``[{id: text}, ...]`` in the order given. The text is a table with the columns TYPE,
            REASON, MESSAGE, FIRST-TIME and LAST-TIME; sessions without a pod (queued, or gone)
            are in ``errors`` (protocol notes 2.7, a fact of Skaha 1.4).

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="one", image="skaha/astroml", cmd="true")
            >>> ended = await session.wait(ids)
            >>> "Scheduled" in (await session.events(ids))[0][ids[0]]
            True
        """
        return await self._drive(
            plans.events(ids, verbose=verbose, policy=plans.policy(errors), on_outcome=on_outcome)
        )

    async def stats(self) -> dict[str, Any]:
        """Read the platform's statistics: cores and RAM it has, has given out, and gives at most.

        Returns:
            The server's object. ``cpuCoresAvailable`` and ``ramAvailable`` are the platform's
            whole capacity, in spite of their names (protocol notes 2.3, a fact of Skaha 1.4).

        Raises:
            ServerBusy: The platform has no metrics to answer from.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> sorted(await AsyncSession().stats())
            ['cores', 'ram']
        """
        return await self._drive(plans.stats())

    async def destroy(
        self, ids: Ids, *, errors: ErrorPolicy = "ignore", on_outcome: OnOutcome | None = None
    ) -> Destroyed:
        """Destroy sessions, running or finished, with their logs. There is no way back.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: whether it was there and is gone}``, in the order given. The server confirms
            the deletion of anything (protocol notes 1.11, a fact of Skaha 1.4), so its list is
            read before and after; an id that was never there is False, with
            :class:`~canfar.errors.NotFound` in ``errors``.

        Raises:
            InvalidInput: An id that cannot be one, or a desktop app's record; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="a", image="skaha/astroml", cmd="sleep", args="60")
            >>> list((await session.destroy(ids)).values())
            [True]
        """
        return await self._drive(plans.destroy(ids, plans.policy(errors), self._recent, on_outcome))

    @overload
    async def destroy_with(
        self,
        prefix: str | Pattern[str],
        *,
        kind: Kind | str | Iterable[Kind | str] | None = "headless",
        status: Status | str | Iterable[Status | str] | None = "Completed",
        regex: bool = False,
        dry_run: Literal[False] = False,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> Destroyed: ...
    @overload
    async def destroy_with(
        self,
        prefix: str | Pattern[str],
        *,
        kind: Kind | str | Iterable[Kind | str] | None = "headless",
        status: Status | str | Iterable[Status | str] | None = "Completed",
        regex: bool = False,
        dry_run: Literal[True],
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> SessionRecords: ...
    @overload
    async def destroy_with(
        self,
        prefix: str | Pattern[str],
        *,
        kind: Kind | str | Iterable[Kind | str] | None = "headless",
        status: Status | str | Iterable[Status | str] | None = "Completed",
        regex: bool = False,
        dry_run: bool,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> Destroyed | SessionRecords: ...
    async def destroy_with(
        self,
        prefix: str | Pattern[str],
        *,
        kind: Kind | str | Iterable[Kind | str] | None = "headless",
        status: Status | str | Iterable[Status | str] | None = "Completed",
        regex: bool = False,
        dry_run: bool = False,
        errors: ErrorPolicy = "ignore",
        on_outcome: OnOutcome | None = None,
    ) -> Destroyed | SessionRecords:
        """Destroy the sessions whose names begin with a prefix.

        Args:
            prefix: The beginning of their names, to the letter. With ``regex=True``, or as a
                compiled pattern, a regular expression that must match at the beginning.
            kind: Of this kind, or these; None for any.
            status: With this status, or these; None for any. Completed also means Succeeded.
            regex: Whether the prefix is a regular expression.
            dry_run: Destroy nothing and return the records of those that would be.
            errors: "raise" to raise when any of them failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: whether it was there and is gone}``; the records with ``dry_run=True``.

        Raises:
            InvalidInput: An empty prefix, a word that is no kind or status, or a prefix that
                looks like a regular expression without ``regex=True``; nothing was sent.
            CanfarError: The server could not be reached or refused.
            SessionRequestError: Some of them failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="test-a", image="skaha/astroml", cmd="true")
            >>> ended = await session.wait(ids)
            >>> len(await session.destroy_with(prefix="test-", dry_run=True))
            1
            >>> list((await session.destroy_with(prefix="test-")).values())
            [True]
        """
        return await self._drive(
            plans.destroy_with(
                prefix,
                kind,
                status,
                regex=regex,
                dry_run=dry_run,
                policy=plans.policy(errors),
                recent=self._recent,
                on_outcome=on_outcome,
            )
        )

    async def renew(
        self, ids: Ids, *, errors: ErrorPolicy = "ignore", on_outcome: OnOutcome | None = None
    ) -> Renewed:
        """Give running sessions their full time again.

        A headless session is given more only when it has less left than the platform's default
        (protocol notes 1.7, a fact of Skaha 1.4).

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            errors: "raise" to raise when any id failed; "ignore" to log one warning.
            on_outcome: Called with each session's :class:`~canfar.models.results.Outcome` as it
                comes, one at a time, for progress.

        Returns:
            ``{id: whether the server did as it was told}``, in the order given.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotLoggedIn: The server does not know who is asking.
            Unreachable: The server could not be reached.
            SessionRequestError: Some ids failed and ``errors="raise"``.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="nb", image="skaha/astroml", kind="notebook")
            >>> ready = await session.wait(ids)
            >>> list((await session.renew(ids)).values())
            [True]
        """
        return await self._drive(plans.renew(ids, plans.policy(errors), on_outcome))

    async def wait(
        self,
        ids: Ids,
        *,
        timeout: float | None = None,
        until: Until | None = None,
        on_change: OnChange = None,
    ) -> SessionRecords:
        """Wait for sessions to become what you need, and return what each became.

        One list call a poll serves any number of sessions; polls come less often the longer
        nothing changes: up to 15 seconds apart, after a quiet quarter of an hour up to 30.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            timeout: Seconds to wait at most; None waits as long as it takes.
            until: "ended" waits until each has completed, failed or gone, "running" until each
                runs (or never will). None means "ended" for headless sessions and "running" for
                the others.
            on_change: Called with each session's record when it is first seen and when its status
                changes, for progress.

        Returns:
            Each session's last known record, in the order given. One that the server knows no
            longer, or did not know for ten seconds, has the status "Gone".

        Raises:
            WaitTimeout: Time ran out; its ``results`` are the records as they were last seen.
            InvalidInput: An id that cannot be one; nothing was sent.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="one", image="skaha/astroml", cmd="false")
            >>> (await session.wait(ids, timeout=60))[0].status
            'Failed'
        """
        return await self._drive(
            plans.wait(ids, timeout, until, monotonic, on_change), patient=True
        )

    async def connect(
        self,
        ids: Ids,
        *,
        timeout: float = 300,
        browser: bool = True,
        on_change: OnChange = None,
    ) -> Opened:
        """Open sessions in the browser, each in a tab of its own as soon as it runs.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            timeout: Seconds to wait for them to run; 0 opens those that run now.
            browser: Whether they are opened; False only returns where they can be.
            on_change: Called with each session's record when it is first seen and when its status
                changes, for progress.

        Returns:
            ``{id: address}`` of those that were opened.

        Raises:
            SessionFailed: None could be opened; the message says why.
            InvalidInput: An id that cannot be one; nothing was sent.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="nb", image="skaha/astroml", kind="notebook")
            >>> list(await session.connect(ids)) == ids
            True
        """
        plan = plans.connect(ids, timeout, monotonic, browser=browser, on_change=on_change)
        return await self._drive(plan, patient=True)

    def watch(
        self,
        kind: Kind | str | Iterable[Kind | str] | None = None,
        *,
        timeout: float | None = None,
    ) -> AsyncIterator[Change]:
        """Tell what changes in your sessions, as it does.

        One list call a poll serves all of them; polls come less often the longer nothing changes,
        up to 15 seconds apart. The sessions there are at first have "appeared". A server that has
        answered once may be away for ten minutes.

        Args:
            kind: Only this kind, or these; None for all.
            timeout: Seconds after which to stop; None goes on for ever.

        Returns:
            An iterator of changes; each has ``what`` ("appeared", "status" or "gone"), ``record``
            and the status ``before``.

        Raises:
            InvalidInput: A kind that does not exist; nothing was sent.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create(name="one", image="skaha/astroml", cmd="true")
            >>> ended = await session.wait(ids)
            >>> async for change in session.watch(timeout=0):
            ...     print(change.what, change.record.name, change.record.status)
            appeared one Completed
        """
        return self._each(plans.watch(kind, timeout, monotonic))

    @overload
    def follow(
        self,
        ids: Ids,
        *,
        timeout: float | None = None,
        raw: Literal[False] = False,
        on_change: OnChange = None,
    ) -> AsyncIterator[tuple[str, str]]: ...
    @overload
    def follow(
        self,
        ids: Ids,
        *,
        timeout: float | None = None,
        raw: Literal[True],
        on_change: OnChange = None,
    ) -> AsyncIterator[tuple[str, bytes]]: ...
    def follow(
        self,
        ids: Ids,
        *,
        timeout: float | None = None,
        raw: bool = False,
        on_change: OnChange = None,
    ) -> AsyncIterator[tuple[str, str]] | AsyncIterator[tuple[str, bytes]]:
        """Give what sessions write, line by line as they write it, until all have ended.

        Each line comes once and in its session's order, the last ones too. The server has neither
        a follow nor a tail (protocol notes 2.8, a fact of Skaha 1.4): each look reads a log from
        its beginning, so a long one is looked at less often, every 60 seconds at most.

        Args:
            ids: A session id, a record, any iterable of those, or a dict by id.
            timeout: Seconds to follow at most; None follows to the end.
            raw: Whether lines are given as the bytes that were written, with their ends.
            on_change: Called with each session's record when it is first seen and when its status
                changes, for progress.

        Returns:
            An iterator of ``(id, line)``, the line as text without its end, or as bytes with it.

        Raises:
            WaitTimeout: Time ran out; the sessions go on.
            InvalidInput: An id that cannot be one; nothing was sent.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> ids = await session.create("one", "skaha/astroml", cmd="echo", args="hello")
            >>> [line async for _, line in session.follow(ids)]
            ['hello']
        """
        return self._each(plans.follow(ids, timeout, monotonic, raw=raw, on_change=on_change))

    async def apps(self, desktop: str | Mapping[str, Any]) -> SessionRecords:
        """List the apps of a desktop.

        Args:
            desktop: The desktop's id, or its record.

        Returns:
            A record of each; its ``app_id`` is the app's id, its ``id`` the desktop's.

        Raises:
            NotFound: There is no such desktop.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> desk = "skaha/desktop:1.1.2"
            >>> ids = await session.create(name="desk", image=desk, kind="desktop")
            >>> await session.apps(ids[0])
            []
        """
        return await self._drive(plans.apps(desktop))

    async def attach(
        self,
        desktop: str | Mapping[str, Any],
        image: str,
        *,
        cores: float | None = None,
        ram: float | None = None,
    ) -> str:
        """Start an app in a running desktop.

        Args:
            desktop: The desktop's id, or its record.
            image: The app's container image.
            cores: CPU cores, at least 1, for fixed resources; None for flexible ones.
            ram: RAM in GB (the platform counts in GiB), at least 1; None for flexible.

        Returns:
            The app's id.

        Raises:
            InvalidInput: A value that the platform would refuse; nothing was sent.
            NotFound: There is no such desktop.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> desk = "skaha/desktop:1.1.2"
            >>> ids = await session.create(name="desk", image=desk, kind="desktop")
            >>> ready = await session.wait(ids)
            >>> app = await session.attach(ids[0], "skaha/terminal:1.1.2")
            >>> [record.app_id == app for record in await session.apps(ids[0])]
            [True]
        """
        return await self._drive(plans.attach(desktop, image, cores, ram))

    async def detach(self, desktop: str | Mapping[str, Any], app: str | Mapping[str, Any]) -> bool:
        """End an app of a desktop.

        Args:
            desktop: The desktop's id, or its record.
            app: The app's id, or its record.

        Returns:
            Whether the desktop showed it before.

        Raises:
            InvalidInput: An id that cannot be one; nothing was sent.
            NotFound: There is no such desktop.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> desk = "skaha/desktop:1.1.2"
            >>> ids = await session.create(name="desk", image=desk, kind="desktop")
            >>> ready = await session.wait(ids)
            >>> app = await session.attach(ids[0], "skaha/terminal:1.1.2")
            >>> await session.detach(ids[0], app)
            True
        """
        return await self._drive(plans.detach(desktop, app))

    async def submit(
        self,
        name: str | CreateRequest,
        image: str | None = None,
        *,
        cores: float | None = None,
        ram: float | None = None,
        gpu: int | None = None,
        cmd: str | None = None,
        args: str | Sequence[str] | None = None,
        env: Mapping[str, str | float] | None = None,
        replicas: int = 1,
        command: Sequence[str] | None = None,
        delivery: Delivery = "exact",
    ) -> AsyncBatch:
        """Start replicas of a headless session, as one batch.

        Args:
            name: As in ``create``; ``session.batch(name)`` finds the batch again.
            image: The container image, as in ``create``.
            cores: CPU cores, at least 1, for fixed resources; None for flexible ones.
            ram: RAM in GB (the platform counts in GiB), at least 1; None for flexible.
            gpu: The number of GPUs, at least 1; None for none.
            cmd: The program to run; None for the image's own.
            args: Its arguments, as in ``create``.
            env: Environment variables.
            replicas: How many sessions to start, at least 1.
            command: The program and its arguments as one list, instead of ``cmd`` and ``args``.
            delivery: As in ``create``.

        Returns:
            The batch; replicas that could not be started are in its ``failed``.

        Raises:
            InvalidInput: A value that the platform would refuse or mangle; nothing was sent.
            CanfarError: No replica was started; the server's reason is the message.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> batch = await session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> await batch.wait(timeout=60)
            3 replicas: 3 Completed
        """
        batch = self._batch(
            name,
            image=image,
            cores=cores,
            ram=ram,
            gpu=gpu,
            cmd=cmd,
            args=args,
            env=plans.sealed(env),
            replicas=replicas,
            command=command,
            delivery=delivery,
        )
        await batch._start()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it is ours
        return batch

    async def run(
        self,
        name: str | CreateRequest,
        image: str | None = None,
        *,
        cores: float | None = None,
        ram: float | None = None,
        gpu: int | None = None,
        cmd: str | None = None,
        args: str | Sequence[str] | None = None,
        env: Mapping[str, str | float] | None = None,
        replicas: int = 1,
        command: Sequence[str] | None = None,
        delivery: Delivery = "exact",
        timeout: float | None = None,
        save_logs: str | Path | None = None,
        progress: Progress = None,
        keep: bool = False,
    ) -> RunResult:
        """Start replicas of a headless session, wait for their end, and return what they wrote.

        Args:
            name: As in ``create``; after Ctrl-C ``session.batch(name)`` finds the run again.
            image: The container image, as in ``create``.
            cores: CPU cores, at least 1, for fixed resources; None for flexible ones.
            ram: RAM in GB (the platform counts in GiB), at least 1; None for flexible.
            gpu: The number of GPUs, at least 1; None for none.
            cmd: The program to run; None for the image's own.
            args: Its arguments, as in ``create``.
            env: Environment variables.
            replicas: How many sessions to start, at least 1.
            command: The program and its arguments as one list, instead of ``cmd`` and ``args``.
            delivery: As in ``create``.
            timeout: Seconds to wait at most; None waits as long as it takes.
            save_logs: A folder for each replica's log and events, written as it ends.
            progress: As in ``Batch.wait``.
            keep: Whether the sessions stay; by default they are destroyed when all have ended.

        Returns:
            How the replicas ended, and what each wrote.

        Raises:
            InvalidInput: A value that the platform would refuse or mangle; nothing was sent.
            RunFailed: A replica failed or could not be started; the message has the last 20 lines
                of its log and its events, ``results`` everything.
            WaitTimeout: Time ran out; the sessions go on, and nothing was destroyed.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> run = await session.run("hi", "skaha/astroml", command=["echo", "hello"])
            >>> run.output.strip()
            'hello'
        """
        batch = self._batch(
            name,
            image=image,
            cores=cores,
            ram=ram,
            gpu=gpu,
            cmd=cmd,
            args=args,
            env=plans.sealed(env),
            replicas=replicas,
            command=command,
            delivery=delivery,
        )
        return await batch._run(  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it is ours
            timeout=timeout, save_logs=save_logs, progress=progress, keep=keep
        )

    async def batch(
        self,
        name: str | CreateRequest,
        image: str | None = None,
        *,
        cores: float | None = None,
        ram: float | None = None,
        gpu: int | None = None,
        cmd: str | None = None,
        args: str | Sequence[str] | None = None,
        env: Mapping[str, str | float] | None = None,
        replicas: int = 1,
        command: Sequence[str] | None = None,
        delivery: Delivery = "exact",
    ) -> AsyncBatch:
        """Find a batch again, as far as the server still knows its sessions.

        The server does not know how they were started. With the name alone, the batch can be
        waited for, followed and destroyed. With all that ``submit`` was given, it can be gone on
        with too: what the server does not list is "not started", and ``relaunch`` starts it. That
        may have ended before: headless sessions are forgotten an hour after their end (protocol
        notes 3.4, a fact of Skaha 1.4). ``batch.to_json()`` keeps that.

        Args:
            name: Its name.
            image: As ``submit`` was given it.
            cores: As ``submit`` was given it.
            ram: As ``submit`` was given it, in GB.
            gpu: As ``submit`` was given it.
            cmd: As ``submit`` was given it.
            args: As ``submit`` was given it.
            env: As ``submit`` was given it.
            replicas: As ``submit`` was given it; with the name alone it has as many as the highest
                number among its sessions.
            command: As ``submit`` was given it.
            delivery: As ``submit`` was given it.

        Returns:
            The batch.

        Raises:
            InvalidInput: Only the name was given, and none of your sessions belongs to such a
                batch.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> started = await session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> batch = await session.batch("fit")
            >>> batch.ids == started.ids
            True
            >>> batch = await session.batch("fit", "skaha/astroml", cmd="true", replicas=4)
            >>> await batch.relaunch()
            [4]
        """
        from canfar._core.batch.roster import in_list  # noqa: PLC0415 - most scripts have no batch
        from canfar.batches import AsyncBatch  # noqa: PLC0415 - the same

        asked = plans.if_known(
            name,
            image=image,
            cores=cores,
            ram=ram,
            kind="headless",
            gpu=gpu,
            cmd=cmd,
            args=args,
            env=plans.sealed(env),
            replicas=replicas,
            command=command,
            delivery=delivery,
        )
        return AsyncBatch(self, in_list(asked, await self.fetch(kind="headless")))

    def _batch(self, name: str | CreateRequest, **options: Any) -> AsyncBatch:
        from canfar._core.batch.roster import Roster  # noqa: PLC0415 - most scripts have no batch
        from canfar.batches import AsyncBatch  # noqa: PLC0415 - the same

        return AsyncBatch(self, Roster.of(plans.as_request(name, kind="headless", **options)))
