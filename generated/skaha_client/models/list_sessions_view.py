from typing import Literal

ListSessionsView = Literal["all", "interactive", "stats"]
