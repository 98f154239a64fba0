"""``python -m canfar.cli`` is ``canfar``, also where no command was installed."""

from __future__ import annotations

import sys

from canfar.cli import main

if __name__ == "__main__":
    sys.exit(main())
