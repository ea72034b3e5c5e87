"""What is handed to one screen, and when it is cut."""

from dashboards.wall.screen import QUEUE, Message, Screen, order, read_places


def said(place: str | None, space: str = "demo", renews: bool = False) -> Message:
    return Message(space, "change", lambda _: b"{}", place, renews, "an alert")


def test_a_change_is_written_once() -> None:
    screen = Screen()
    assert screen.write(said("5-0"))
    assert not screen.write(said("5-0"))
    assert not screen.write(said("4-9"))
    assert screen.write(said("10-0"))  # not in order of letters
    assert screen.write(said(None))


def test_a_new_present_may_lie_before_the_old() -> None:
    screen = Screen()
    screen.write(said("5-0"))
    assert screen.write(said("1-0", renews=True))
    assert screen.write(said("2-0"))


def test_an_id_names_the_place_in_every_space() -> None:
    screen = Screen()
    screen.write(said("5-0"))
    written = screen.write(said("7-1", space="other"))
    assert written.startswith(b"id: demo:5-0 other:7-1\n")
    assert read_places("demo:5-0 other:7-1") == {"demo": "5-0", "other": "7-1"}


def test_what_is_no_place_is_left_out() -> None:
    for text in (None, "", "5-0-0", "demo:", "demo:5", "demo:a-b", "demo:-1", "demo:٣-0", f"demo:{'9' * 30}-0"):
        assert read_places(text) == {}, text


async def test_a_slow_screen_is_cut() -> None:
    screen = Screen()
    for number in range(QUEUE + 1):
        screen.put(said(f"{number}-0"))
    assert screen.cut
    assert await screen.next() is None


def test_places_are_ordered_by_number() -> None:
    assert order("9-0") < order("10-0") < order("10-1")
