"""What a platform remembers between two lives: one folder, one platform at a time.

=================  ===============================================================================
``state.sqlite``   the sessions, the IDs that were ever used, the processes that were begun
``logs``           what sessions wrote, a file each
``cavern/home``    the homes
``scratch``        the folders that headless sessions start in
``token``          the bearer token
``platform.log``   what a platform in the background has to say
``lock``           whose folder it is now: process ID, URL
=================  ===============================================================================

Everything is readable by its owner only.
"""

from __future__ import annotations
