"""A worker in Python: scores flats, one at a time. The parent calls the function by its name."""
import math
from streamipc import Session, function


@function
def score(rooms: int, square_metres: float, age_years: int) -> float:
    if rooms < 1:
        raise ValueError(f"a flat has rooms: rooms={rooms}")
    weight = 0.9 * rooms + 0.04 * square_metres - 0.06 * age_years - 3
    return round(100 / (1 + math.exp(-weight)), 2)


Session.stdio().serve()
