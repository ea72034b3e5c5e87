"""Only what is real may leave: a channel cannot be made without the proof that its space is the real one."""

from ioc.events.figures import SpaceState


class NotActual(Exception):
    """The space is driven or an exercise, or says nothing of itself; the message says which."""


class Actual:
    """Proof that a space runs by the wall clock. There is no other way to get one than from the space's own word."""

    __slots__ = ("space",)

    def __init__(self, space: str, state: SpaceState | None) -> None:
        if state is None:
            raise NotActual(f"space {space} has not said yet whether it is real: start its worker first")
        if state.mode != "wall" or state.space != space:
            raise NotActual(
                f"space {space} is {state.mode}, not real: what happens in it is told to nobody outside "
                f"(diễn tập, mô phỏng: không gửi ra ngoài)"
            )
        self.space = space
