"""Writing, trying and saving dialogs in the studio, in a real browser."""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest
import soundfile
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    expect,
)

from tests.speech_samples import spoken
from tests.studio.browser import (
    PATIENCE_MS,
    TALL,
    Studio,
    axe,
    evening,
    line,
    missing,
    opened,
    running,
    tab,
)

pytestmark = [missing, pytest.mark.xdist_group("browser")]
TABS = ("Problems", "Map", "Try", "Hear", "Phrases", "History")
NAMES = (
    "mistaken", "mapped", "talked", "kept", "clashed", "taken", "restored", "typed", "plain",
    "helped",
)  # fmt: skip


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with running(tmp_path_factory.mktemp("studio"), *NAMES) as started:
        yield started


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """Every address that anything was asked of."""
    return []


@pytest.fixture(scope="module")
def context(browser: Browser, studio: Studio, asked: list[str]) -> Iterator[BrowserContext]:
    with browser.new_context(locale="en-US", reduced_motion="reduce", viewport=TALL) as made:
        made.set_default_timeout(PATIENCE_MS)
        made.on("request", lambda request: asked.append(request.url))
        page = made.new_page()
        page.goto(studio.address)
        page.close()
        yield made


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    wrong: list[str] = []
    made = context.new_page()
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield made
    made.close()
    assert not wrong, "the page complained"


def replace_in(page: Page, text: str, *, behind: str, letters: int, by: str) -> None:
    """As a person would, in the line with this text and right before `behind`, which ends it."""
    line(page, text).click()
    page.keyboard.press("End")
    for _ in behind:
        page.keyboard.press("ArrowLeft")
    for _ in range(letters):
        page.keyboard.press("Backspace")
    page.keyboard.insert_text(by)


def break_it(page: Page) -> None:
    replace_in(page, "silence: [{go: good_night}]", behind=": good_night}]", letters=1, by="p")


def test_a_mistake_stands_at_its_line_and_its_button_fixes_it(page: Page, studio: Studio) -> None:
    opened(page, studio, "mistaken")
    break_it(page)
    note = page.locator(".note")
    expect(note).to_contain_text('cannot "gp"')
    assert "gp: good_night" in note.locator("xpath=../preceding-sibling::*[1]").inner_text()
    expect(page.get_by_role("tab", name="Problems")).to_contain_text("1")
    expect(page.locator("#panel-Problems li")).to_contain_text('cannot "gp"')
    note.get_by_role("button", name="Change to “go”").click()
    expect(note).to_have_count(0)
    expect(line(page, "silence: [{go: good_night}]")).to_be_visible()
    expect(page.locator("#panel-Problems")).to_contain_text("Nothing to fix")


def test_map_and_text_follow_each_other(page: Page, studio: Studio) -> None:
    opened(page, studio, "mapped")
    panel = tab(page, "Map")
    panel.locator(".box[data-step=how_long] .name").click()
    expect(page.locator("main .cm-activeLine")).to_have_text("  how_long:")
    line(page, "Sleep well").click()
    expect(panel.locator(".box.here")).to_have_attribute("data-step", "good_night")
    # the same as a list, for those who do not see the picture
    panel.locator(".outline").get_by_role("button", name="how_was_it", exact=True).click()
    expect(page.locator("main .cm-activeLine")).to_have_text("  how_was_it:")
    with page.expect_download() as saved:
        panel.get_by_role("button", name="Save as Mermaid").click()
    assert Path(saved.value.path()).read_text().startswith("flowchart TD\n")
    with page.expect_download() as saved:
        panel.get_by_role("button", name="Save as SVG").click()
    picture = Path(saved.value.path()).read_text()
    assert picture.startswith("<svg ") and "good_night" in picture


def test_a_conversation_stays_where_it_was_while_its_words_change(
    page: Page, studio: Studio
) -> None:
    opened(page, studio, "talked")
    panel = tab(page, "Try")
    panel.get_by_role("button", name="Start this dialog").click()
    expect(panel.locator(".bubble.ally").last).to_contain_text("What are you feeling now?")
    panel.get_by_role("textbox").fill("tired")
    page.keyboard.press("Enter")
    expect(panel.locator(".bubble.ally").last).to_contain_text("How many minutes")
    expect(tab(page, "Map").locator(".box.lit")).to_have_attribute("data-step", "how_long")
    tab(page, "Try")
    replace_in(
        page, "How many minutes shall we", behind='shall we breathe?"', letters=8, by="moments "
    )
    expect(panel.locator(".bubble.ally").last).to_contain_text("How many moments shall we breathe?")
    expect(panel.locator(".bubble.you")).to_contain_text("tired")
    panel.get_by_role("button", name="(silence)").click()
    expect(panel.locator(".bubble.ally").last).to_contain_text("Sleep well.")
    panel.get_by_role("button", name="Save as test").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    panel.get_by_text("Tests of this pack").click()
    panel.get_by_role("button", name="Run all").click()
    expect(panel.locator(".tests .mark.good")).to_be_visible()


def test_stop_ends_the_conversation(page: Page, studio: Studio) -> None:
    opened(page, studio, "talked")
    panel = tab(page, "Try")
    panel.get_by_role("button", name="Start this dialog").click()
    panel.get_by_role("button", name="Stop").click()
    expect(panel.locator(".reply")).to_contain_text("The dialog is over.")


def test_what_is_written_outlives_a_reload_and_a_save_is_on_the_disk(
    page: Page, studio: Studio
) -> None:
    opened(page, studio, "kept")
    replace_in(page, "Sleep well.", behind='"', letters=0, by=" Till then.")
    expect(page.locator(".top")).to_contain_text("Draft kept")
    assert (studio.pack / "kept.yaml").read_text() == evening("kept")
    page.reload()
    expect(line(page, "Sleep well. Till then.")).to_be_visible()
    expect(page.locator(".entry[data-name=kept]")).to_contain_text("unsaved")
    page.keyboard.press("Control+s")
    expect(page.locator(".top [role=status]")).to_have_text("Saved")
    assert "Sleep well. Till then." in (studio.pack / "kept.yaml").read_text()
    expect(page.locator(".entry[data-name=kept]")).not_to_contain_text("unsaved")


def test_what_changed_on_disk_stands_beside_ones_own_and_nothing_is_overwritten(
    page: Page, studio: Studio
) -> None:
    opened(page, studio, "clashed")
    replace_in(page, "Sleep well.", behind='"', letters=0, by=" Mine.")
    theirs = evening("clashed").replace("Sleep well.", "Sleep tight.")
    file = studio.write("clashed", theirs)
    page.keyboard.press("Control+s")
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("Sleep tight.")
    expect(window).to_contain_text("Sleep well. Mine.")
    assert file.read_text() == theirs
    window.get_by_role("button", name="Keep mine").click()
    expect(line(page, "Sleep well. Mine.")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.locator(".top [role=status]")).to_have_text("Saved")
    assert "Sleep well. Mine." in file.read_text()


def test_taking_theirs_can_be_undone(page: Page, studio: Studio) -> None:
    opened(page, studio, "taken")
    replace_in(page, "Sleep well.", behind='"', letters=0, by=" Mine.")
    studio.write("taken", evening("taken").replace("Sleep well.", "Sleep tight."))
    page.keyboard.press("Control+s")
    page.get_by_role("dialog").get_by_role("button", name="Take theirs").click()
    expect(line(page, "Sleep tight.")).to_be_visible()
    page.locator("main .cm-content").focus()
    page.keyboard.press("Control+z")
    expect(line(page, "Sleep well. Mine.")).to_be_visible()


def test_every_save_can_be_brought_back(page: Page, studio: Studio) -> None:
    opened(page, studio, "restored")
    replace_in(page, "Sleep well.", behind='"', letters=0, by=" Again.")
    page.keyboard.press("Control+s")
    expect(page.locator(".top [role=status]")).to_have_text("Saved")
    panel = tab(page, "History")
    expect(panel.locator("li")).to_have_count(2)
    panel.get_by_role("button", name="Compare").last.click()
    expect(panel.locator(".cm-changedText").first).to_be_visible()
    panel.get_by_role("button", name="Bring back").last.click()
    expect(line(page, "Sleep well.")).to_have_text('    - say: "Sleep well."')


def test_everything_by_keyboard(page: Page, studio: Studio) -> None:
    opened(page, studio, "plain")
    press = page.keyboard.press
    page.locator("main .cm-content").focus()
    press("Alt+9")
    expect(page.locator(".entry[data-name=plain]")).to_be_focused()
    while page.evaluate("document.activeElement.dataset.name") != "typed":
        press("Tab")
    press("Enter")
    expect(page.locator("main h2")).to_have_text("Evening typed")
    press("Alt+0")
    press("Control+f")
    page.keyboard.type("[{go")
    press("Enter")
    press("Escape")
    press("ArrowRight")
    press("Backspace")
    page.keyboard.insert_text("p")
    expect(page.locator(".note")).to_be_visible()
    press("Control+.")
    expect(page.locator(".note")).to_have_count(0)
    press("Alt+1")
    for name in TABS[1:]:
        press("ArrowRight")
        expect(page.get_by_role("tab", name=name)).to_be_focused()
        expect(page.locator(f"#panel-{name}")).to_be_visible()
    press("Alt+3")
    press("Tab")
    press("Tab")
    expect(page.get_by_role("button", name="Start this dialog")).to_be_focused()
    press("Enter")
    expect(page.locator(".bubble.ally").first).to_be_visible()
    press("Control+s")
    expect(page.locator(".top [role=status]")).to_have_text("Saved")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_tab_has_an_accessibility_violation(page: Page, studio: Studio, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, studio, "mistaken")
    line(page, "The day is over").click()
    page.evaluate(axe())
    for name in TABS:
        tab(page, name)
        if name == "Try":
            page.locator("#panel-Try").get_by_role("button", name="Start this dialog").click()
            expect(page.locator(".bubble.ally").first).to_be_visible()
        # what the colours do not change is looked at once
        rules = "runOnly: ['color-contrast']," if scheme == "dark" else ""
        found = page.evaluate(f"axe.run(document, {{{rules} resultTypes: ['violations']}})")
        told = [
            (one["id"], [node["html"][:200] for node in one["nodes"]])
            for one in found["violations"]
        ]
        assert told == [], name


def test_what_may_stand_here_and_what_it_means(page: Page, studio: Studio) -> None:
    opened(page, studio, "helped")
    line(page, "Sleep well.").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("- br")
    page.keyboard.press("Control+Space")
    offered = page.locator(".cm-tooltip-autocomplete")
    offered.get_by_text("breathe", exact=True).first.click()
    expect(line(page, "- breathe")).to_be_visible()
    line(page, "silence: [{go").get_by_text("silence").hover()
    expect(page.locator(".explain")).to_contain_text("silence")


def test_words_that_nobody_knows_are_listed_and_can_be_said_how_to_say(
    page: Page, studio: Studio
) -> None:
    studio.write("strange", evening("strange").replace("find strange", "zorblify"))
    opened(page, studio, "strange")
    panel = tab(page, "Phrases")
    sounds = panel.get_by_label("Sounds: zorblify")
    expect(sounds).to_have_value(re.compile("^Z "))
    keep = panel.get_by_role("button", name="Keep: zorblify")
    sounds.fill("Z XX")
    keep.click()
    expect(page.get_by_text("Sounds are written with: ")).to_be_visible()
    assert not (studio.pack / "phrases.yaml").exists()
    sounds.fill("Z AO1 R B L AH0 F AY2")
    keep.click()
    page.get_by_role("list", name="Yours").locator(".entry[data-name=phrases]").click()
    expect(line(page, '"zorblify": "Z AO R B L AH F AY"')).to_be_visible()
    assert '"zorblify": "Z AO R B L AH F AY"' in (studio.pack / "phrases.yaml").read_text()


def test_phrases_are_said_by_many_voices_until_nobody_wants_it(page: Page, studio: Studio) -> None:
    opened(page, studio, "plain")
    panel = tab(page, "Phrases")
    panel.get_by_role("button", name="Have it said by many voices").click()
    expect(panel.get_by_role("progressbar")).to_be_visible()
    count = panel.get_by_role("status").filter(has_text=re.compile(r"\d+ of \d+"))
    expect(count).to_be_visible(timeout=4 * PATIENCE_MS)  # voices and recognisers are loaded first
    panel.get_by_role("button", name="Stop", exact=True).click()
    expect(panel.get_by_role("progressbar")).to_be_hidden()


def test_a_narrow_german_page_has_everything_and_no_sideways_scrolling(
    browser: Browser, studio: Studio
) -> None:
    narrow = browser.new_context(locale="de-DE", viewport={"width": 360, "height": 740})
    with narrow as made:
        page = made.new_page()
        page.goto(studio.address)
        expect(page.get_by_role("tab")).to_have_text(
            ["Probleme", "Karte", "Ausprobieren", "Hören", "Sätze", "Verlauf"]
        )
        expect(page.locator("main .cm-line").nth(3)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="Dialoge").click()
        page.locator(".entry[data-name=mapped]").click()
        expect(page.locator("main h2")).to_have_text("Evening mapped")
        expect(page.get_by_role("button", name="Sichern", exact=True)).to_be_disabled()


def test_at_double_size_everything_is_there_and_nothing_scrolls_sideways(
    browser: Browser, studio: Studio
) -> None:
    """At 200 % a window of 1280 by 800 is one of 640 by 400 whose points are twice as large."""
    doubled = browser.new_context(
        locale="en-US", viewport={"width": 640, "height": 400}, device_scale_factor=2
    )
    with doubled as made:
        page = made.new_page()
        page.goto(studio.address)
        page.goto(f"{studio.origin}/#mapped")
        expect(page.locator("main h2")).to_have_text("Evening mapped")
        expect(page.locator("main .cm-line").nth(3)).to_be_visible()
        for name in TABS:
            panel = tab(page, name)
            panel.scroll_into_view_if_needed()
            expect(panel).to_be_in_viewport()
            assert page.evaluate("document.documentElement.scrollWidth") <= 640, name


def test_the_map_alone_is_printed_and_on_paper_of_any_size_it_is_whole(
    page: Page, studio: Studio
) -> None:
    opened(page, studio, "mapped")
    panel = tab(page, "Map")
    expect(panel.locator("svg.flow[role=img]")).to_be_visible()
    page.emulate_media(media="print")
    for width in (720, 400):
        page.set_viewport_size({"width": width, "height": 1000})
        expect(page.locator("main .cm-content")).to_be_hidden()
        expect(panel.get_by_role("button").first).to_be_hidden()
        drawn = panel.locator("svg.flow[role=img]").bounding_box()
        assert drawn is not None
        assert drawn["x"] >= 0 and drawn["x"] + drawn["width"] <= width
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")


def test_words_below_their_key_are_one_text(page: Page, studio: Studio) -> None:
    below = "    - say: |\n        Sleep well.\n\n        Dream of the sea.\n    - end: true\n"
    studio.write("below", evening("below").replace('    - say: "Sleep well."\n', below))
    opened(page, studio, "below")
    bar = page.locator(".line-bar")
    for written in ("say: |", "Dream of the sea."):
        line(page, "dialog: below").click()
        expect(bar).to_contain_text("Words in quotes can be heard")
        line(page, written).click()
        expect(bar.get_by_role("button", name="Hear this line")).to_be_visible()
        expect(bar).to_contain_text("6 words · easy: school year 1")
    line(page, "end: true").click()
    expect(bar).to_contain_text("Words in quotes can be heard")


def test_a_recording_that_is_dropped_in_is_heard(page: Page, studio: Studio) -> None:
    opened(page, studio, "plain")
    panel = tab(page, "Hear")
    samples = numpy.frombuffer(spoken("calming pause"), "<i2")
    quiet = numpy.zeros(12000, "<i2")
    out = io.BytesIO()
    soundfile.write(out, numpy.concatenate([quiet, samples, quiet]), 16000, format="WAV")
    dropped = page.evaluate_handle(
        """data => {
            const bytes = Uint8Array.from(atob(data), sign => sign.charCodeAt(0));
            const all = new DataTransfer();
            all.items.add(new File([bytes], "pause.wav", {type: "audio/wav"}));
            return all;
        }""",
        base64.b64encode(out.getvalue()).decode(),
    )
    panel.locator(".drop").dispatch_event("drop", {"dataTransfer": dropped})
    heard = panel.locator(".heard").first
    expect(heard).to_contain_text("“calming pause”")
    expect(heard).to_contain_text("acts on it")
    expect(heard.locator(".gauge")).to_have_attribute("aria-label", re.compile(r"^\d+ % sure$"))


def test_unsent_words_are_kept_while_the_studio_is_gone(tmp_path: Path, browser: Browser) -> None:
    with (
        running(tmp_path, "lost") as studio,
        browser.new_context(locale="en-US", viewport=TALL) as made,
    ):
        page = made.new_page()
        page.goto(studio.address)
        expect(line(page, "Sleep well.")).to_be_visible()
        studio.kill()
        expect(page.locator(".bars")).to_contain_text("The connection to the studio is lost")
        replace_in(page, "Sleep well.", behind='"', letters=0, by=" Kept.")
        expect(page.locator(".top")).to_contain_text("Not connected")
        studio.start()
        expect(page.locator(".top")).to_contain_text("Draft kept")
        expect(line(page, "Sleep well. Kept.")).to_be_visible()
        page.reload()
        expect(line(page, "Sleep well. Kept.")).to_be_visible()


def test_nothing_is_asked_of_anybody_else_and_little_is_transferred(
    page: Page, studio: Studio, asked: list[str]
) -> None:
    opened(page, studio, "mapped")
    for name in TABS:
        tab(page, name)
    expect(page.locator("#panel-History")).to_be_visible()
    strange = [url for url in asked if not url.startswith((studio.origin, "blob:"))]
    assert asked and strange == []
    sizes = page.evaluate("performance.getEntries().map(one => one.encodedBodySize || 0)")
    assert 0 < sum(sizes) <= 700_000
