"""What makes a point usable for everybody."""

from enum import StrEnum


class Feature(StrEnum):
    """Beside `step_free`, which every point states."""

    INDUCTION_LOOP = "induction_loop"
    ACCESSIBLE_TOILET = "accessible_toilet"
    LIFT = "lift"
    PARKING = "parking"
    BABY_ROOM = "baby_room"
    QUIET_ROOM = "quiet_room"
