"""The HTTP contract of Skaha: a request value in, a reply value out.

Nothing in here opens a socket, starts a process or reads a clock of its own: what a reply depends
on is the request and the :class:`~canfar.local.contract.world.World` it is asked of. The facts come
from the project's protocol notes on Skaha 1.4; a section number in a comment is a section there.
What is said is said of 1.4, unless ``generations`` is asked.

Where to look:

==========================================  ======================================================
What ``POST /session`` answers              ``create_session``
What a list holds, and its filters          ``list_sessions``
One session: JSON, logs, events             ``get_session``, ``session_logs``, ``session_events``
Renewing, deleting                          ``renew_session``, ``delete_session``
Desktop apps                                ``apps``
Statuses, deadlines, how long things stay   ``lifecycle``
The fields of a session, in their order     ``session_json``
How ``cmd``, ``args``, ``env`` are mangled  ``commands``, ``java``, ``yaml_text``
Cores, memory and GPUs on offer             ``resources``, ``context``
Images, registries, statistics              ``images``, ``repository``, ``stats``
Which URL means what                        ``routing``
Where parameters are read from              ``parameters``
Who is calling                              ``authentication``
Status codes and error bodies               ``problems``
VOSI                                        ``availability``, ``capabilities``
What goes wrong on demand                   ``faults``, ``effects``, ``fault_plan``
Which operation a request asks for          ``operations``, ``journal``
How older servers answer                    ``generations``
==========================================  ======================================================
"""

from __future__ import annotations
