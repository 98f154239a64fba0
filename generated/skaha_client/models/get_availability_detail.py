from typing import Literal

GetAvailabilityDetail = Literal["min"]
