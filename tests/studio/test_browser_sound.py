"""Hearing and speaking from the studio's page: a real browser, a real microphone and voice."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.speech_samples import spoken
from tests.studio.browser import TALL, Studio, line, missing, opened, running, tab
from tests.virtual_sound import VirtualSound

pytestmark = missing
LISTENS_TO_PLAY = """
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        const whole = () => document.documentElement.dataset.played = this.duration;
        this.addEventListener("ended", whole, { once: true });
        return play.call(this);
    };
"""
"""The seconds of what was played to its end are an attribute of the page."""


@pytest.fixture
def studio(tmp_path: Path, virtual_sound: VirtualSound) -> Iterator[Studio]:
    with running(tmp_path, "spoken", env=virtual_sound.env) as started:
        yield started


@pytest.fixture
def page(browser: Browser, studio: Studio) -> Iterator[Page]:
    with browser.new_context(locale="en-US", viewport=TALL) as made:
        made.add_init_script(LISTENS_TO_PLAY)
        page = made.new_page()
        page.goto(studio.address)
        opened(page, studio, "spoken")
        yield page


def test_what_is_said_into_the_microphone_is_understood_where_try_stands(
    page: Page, virtual_sound: VirtualSound, studio: Studio
) -> None:
    panel = tab(page, "Hear")
    panel.get_by_role("button", name="Listen").click()
    expect(panel.get_by_role("button", name="Stop listening")).to_be_visible()
    expect(panel.get_by_label("Microphone level")).to_be_visible()
    heard = panel.locator(".heard", has_text="“calming pause”")
    for _ in range(8):  # it listens a moment after it says so
        virtual_sound.say(bytes(16000) + bytes(spoken("calming pause")) + bytes(32000))
        if heard.count():
            break
    expect(heard.first).to_contain_text("acts on it")
    panel.get_by_role("button", name="Stop listening").click()
    expect(panel.get_by_role("button", name="Listen", exact=True)).to_be_visible()
    assert not list(studio.pack.parent.rglob("*.wav")), "nothing is kept"


def test_a_line_is_played(page: Page) -> None:
    line(page, "Sleep well.").click()
    bar = page.locator(".line-bar")
    expect(bar).to_contain_text("s long · 2 words · easy: school year 1")
    bar.get_by_role("button", name="Hear this line").click()
    played = page.locator("html")
    expect(played).to_have_attribute("data-played", re.compile("."))
    assert 0.3 < float(played.get_attribute("data-played") or 0) < 5
