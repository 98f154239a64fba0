from typing import Literal

ListDesktopAppsView = Literal["all"]
