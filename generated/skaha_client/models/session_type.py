from typing import Literal

SessionType = Literal["carta", "contributed", "desktop", "desktop-app", "firefly", "headless", "notebook"]
