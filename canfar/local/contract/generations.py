"""How older servers answer: one table of the differences (section 9), consulted where they bite.

Three generations are known, by the oldest release that answers so in its family:

``1.4``
    Skaha 1.4.0, what everything else in this package describes.
``1.0``
    Skaha 1.0 to 1.2. They differ among themselves; where they do, this is 1.1.3: five statuses (so
    not before 1.0.4), ``instances`` in the statistics and no ``view=interactive`` (so not after
    1.1.3).
``0.29``
    Skaha 0.29.0, the last but two that answers below ``/v0``.

Where the notes leave something open, a choice was made; a comment says "assumed" there.
"""

from __future__ import annotations

from typing import Final, Literal

from attrs import evolve, frozen

__all__ = ["CURRENT", "GENERATIONS", "Generation", "generation"]


@frozen
class Generation:
    """What tells a generation of servers from the others. The defaults are those of 1.4.

    Attributes:
        name: Its name.
        version: The segment of its URLs: ``v1`` or ``v0``.
        lists_pods: Whether sessions are read from pods: a finished one is ``Succeeded``, and one
            that is being deleted is still there, as ``Terminating``.
        missing: What stands where a session has no value; None leaves the field out.
        no_url: The connectURL of sessions without one.
        carta_over_http: Whether CARTA's connectURL has the segment ``http``.
        quantities: How requested resources are spelled: as Kubernetes has them, less the ``i`` of
            ``Gi``, or as decimal GB.
        always_requested: Whether requested resources are told of flexible sessions too.
        tells_fixed: Whether sessions have ``isFixedResources``.
        checked_delete: Whether deleting what isn't there is 404, and somebody else's 403.
        checked_labels: Whether an image must be labelled with the session's type.
        whole_numbers: Whether cores and memory must be whole numbers.
        fixed_defaults: Whether a session that asks for nothing gets the default, fixed.
        context: The layout of the resources on offer.
        counts_instances: Whether the statistics have ``instances``, take the biggest node as what a
            session can have, and fail with 500.
        interactive_view: Whether ``view=interactive`` is another list.
        anonymous_status: How nobody in particular is refused.
    """

    name: str = "1.4"
    version: Literal["v1", "v0"] = "v1"
    lists_pods: bool = False
    missing: str | None = None
    no_url: str = ""
    carta_over_http: bool = False
    quantities: Literal["decimal", "kubernetes"] = "decimal"
    always_requested: bool = False
    tells_fixed: bool = True
    checked_delete: bool = False
    checked_labels: bool = False
    whole_numbers: bool = False
    fixed_defaults: bool = False
    context: Literal["full", "without_sessions", "file"] = "full"
    counts_instances: bool = False
    interactive_view: bool = True
    anonymous_status: Literal[400, 401] = 400

    @property
    def base_path(self) -> str:
        """The path that all versioned resources are below, such as ``/skaha/v1``."""
        return f"/skaha/{self.version}"


CURRENT: Final = Generation()

_FROM_1_0: Final = Generation(
    name="1.0",
    carta_over_http=True,
    whole_numbers=True,
    # Assumed: compact as in 1.4, from the file or, since 1.1.0, from a LimitRange. What is sure is
    # that servers older than 1.4 may not tell the number of sessions.
    context="without_sessions",
    counts_instances=True,
    interactive_view=False,
    anonymous_status=401,
)
_FROM_0_29: Final = evolve(
    _FROM_1_0,
    name="0.29",
    version="v0",
    lists_pods=True,
    missing="<none>",
    no_url="not-applicable",
    quantities="kubernetes",
    always_requested=True,
    tells_fixed=False,
    checked_delete=True,
    checked_labels=True,
    fixed_defaults=True,
    context="file",
)
# Not in the table: the label prefix of Kubernetes objects, which no reply shows; the group that
# headless sessions could be restricted to, because no platform has one unless it is set up; and the
# 400 in place of 405, which came with a library from before November 2024, not with a release of
# Skaha (assumed: 405 throughout).

GENERATIONS: Final = {one.name: one for one in (CURRENT, _FROM_1_0, _FROM_0_29)}
"""The generations, by name."""


def generation(name: str) -> Generation:
    """A generation.

    Args:
        name: ``1.4``, ``1.0`` or ``0.29``.

    Raises:
        ValueError: There is none of that name.

    Example:
        >>> generation("0.29").base_path
        '/skaha/v0'
    """
    if name not in GENERATIONS:
        raise ValueError(f"{name!r} is no generation of Skaha; these are: {', '.join(GENERATIONS)}")
    return GENERATIONS[name]
