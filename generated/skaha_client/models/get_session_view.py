from typing import Literal

GetSessionView = Literal["events", "logs"]
