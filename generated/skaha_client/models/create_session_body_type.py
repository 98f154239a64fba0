from typing import Literal

CreateSessionBodyType = Literal["carta", "contributed", "desktop", "firefly", "headless", "notebook"]
