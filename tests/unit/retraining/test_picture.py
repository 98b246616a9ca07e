"""Charts as PNG files."""

import io

import pytest
from PIL import Image

from bot.retraining.chart import Chart, Series
from bot.retraining.picture import COLOURS, EDGE, HEAD, TEXT, WIDTH, png


def lines(*series: tuple[float, ...]) -> Chart:
    drawn = tuple(Series(f"s{n}", tuple((float(x), y) for x, y in enumerate(ys))) for n, ys in enumerate(series))
    return Chart("Loss", "line", "step", "loss", drawn)


def bars(*values: float, notes: tuple[str, ...] = ()) -> Chart:
    names = tuple(f"figure {n}" for n in range(len(values)))
    return Chart("By week", "bar", "week", "count", (Series("pairs", tuple(enumerate(values))),), names, notes)


def drawn(chart: Chart) -> Image.Image:
    image = Image.open(io.BytesIO(png(chart)))
    image.load()
    return image.convert("RGB")


def places(image: Image.Image, colour: tuple[int, int, int], top: int = HEAD) -> list[tuple[int, int]]:
    """Where a colour is, below the legend."""
    return [(x, y) for y in range(top, image.height) for x in range(image.width) if image.getpixel((x, y)) == colour]


def test_a_higher_loss_stands_higher() -> None:
    image = drawn(lines((1.0, 0.9), (0.3, 0.2)))

    high, low = (places(image, colour) for colour in COLOURS[:2])
    assert max(y for _, y in high) < min(y for _, y in low)


def test_a_greater_count_has_a_longer_bar() -> None:
    image = drawn(bars(10.0, 40.0))

    reach = {y: x for x, y in places(image, COLOURS[0])}
    first, *_, last = sorted(set(reach.values()))
    assert last - EDGE == pytest.approx(4 * (first - EDGE), abs=3)


@pytest.mark.parametrize("series", [(0.25,), (0.0,), (0.0, 0.0), tuple(1 / (n + 1) for n in range(5_000))])
def test_any_number_of_losses_is_drawn(series: tuple[float, ...]) -> None:
    image = drawn(lines(series))

    assert image.width == WIDTH
    assert places(image, COLOURS[0])


def test_every_bar_has_room_for_its_note() -> None:
    without, noted = drawn(bars(1.0, 2.0, 0.0)), drawn(bars(1.0, 2.0, 0.0, notes=("a", "b", "c")))

    assert noted.height > without.height


def test_of_many_figures_those_that_differ_are_drawn() -> None:
    names = tuple(f"figure {n}" for n in range(7))
    before, after = (tuple((n, y) for n, y in enumerate(ys)) for ys in ((5.0,) * 7, (5.0,) * 6 + (9.0,)))
    one, many = (
        Chart("Scores", "bar", "figure", "points", (Series("a", before[-n:]), Series("b", after[-n:])), names[-n:])
        for n in (1, 7)
    )

    assert drawn(many).height < 1.5 * drawn(one).height


def test_letters_can_be_read_in_a_picture_that_slack_shows_360_pixels_wide() -> None:
    assert TEXT * 360 / WIDTH >= 12
