"""Takes the pictures in docs/studio from the real studio in a real browser.

usage: .venv/bin/python -m tools.studio.pictures     (needs chromium; pngquant makes them smaller)

Rules: the same pack and the same window every time; nothing in the pictures is drawn by hand. What
is heard is said by a synthetic voice.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.speech_samples import conversation, spoken, write
from tests.studio.browser import CHROMIUM, ROOT, Studio

OUT = ROOT / "docs" / "studio"
WINDOW = {"width": 1280, "height": 820}
EVENING = (ROOT / "docs" / "dialogs.md").read_text(encoding="utf-8").split("```yaml\n")[1]
PATIENCE_MS = 120_000
VOICES_MS = 900_000
"""Six voices say each phrase twice, at the lowest priority."""


def main() -> None:
    """All of them."""
    OUT.mkdir(exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        studio = Studio(Path(folder))
        studio.pack = Path(folder, "config", "dialogs")  # the usual place: no path is seen
        studio.pack.mkdir()
        studio.write("evening", EVENING.split("```")[0])
        studio.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(
            viewport=WINDOW, locale="en-US", color_scheme="light", reduced_motion="reduce"
        )
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{studio.address}#evening")
        try:
            write_and_try(page, Path(folder))
            save_and_rehearse(page)
        finally:
            browser.close()
            studio.stop()
    if shutil.which("pngquant"):
        files = sorted(map(str, OUT.glob("*.png")))
        subprocess.run(["pngquant", "--force", "--ext", ".png", "--speed", "1", *files], check=True)


def write_and_try(page: Page, folder: Path) -> None:
    """One tab after the other, as in the walk of docs/studio.md."""
    line = page.locator("main .cm-line")
    expect(page.locator("main h2")).to_have_text("A calm evening")
    line.filter(has_text="silence: [{go: breathe}]").first.click()
    page.keyboard.press("End")
    for _ in ": breathe}]":
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text("p")
    expect(page.locator(".note")).to_be_visible()
    picture(page, "problems")
    page.get_by_role("button", name="Change to “go”").first.click()
    expect(page.locator(".note")).to_have_count(0)

    panel(page, "Map")
    line.filter(has_text="how_long:").last.click()
    picture(page, "map")

    trying = panel(page, "Try")
    trying.get_by_role("button", name="Start this dialog").click()
    expect(trying.locator(".bubble.ally").last).to_contain_text("What are you feeling")
    trying.get_by_role("textbox").fill("I'm tired")
    page.keyboard.press("Enter")
    expect(trying.locator(".bubble.ally").last).to_contain_text("How many minutes")
    picture(page, "try")

    hearing = panel(page, "Hear")
    for words in ("five minutes", "the weather"):
        file = write(folder / f"{words}.wav", conversation(0.6, spoken(words), 0.8))
        heard = hearing.locator("li").count()
        hearing.locator("input[type=file]").set_input_files(file)
        expect(hearing.locator("li")).to_have_count(heard + 1)
    picture(page, "hear")


def save_and_rehearse(page: Page) -> None:
    """What comes after the text is right."""
    line = page.locator("main .cm-line")
    page.locator("main .cm-content").focus()
    page.keyboard.press("Control+End")
    line.filter(has_text="Sleep well.").first.click()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.insert_text(" I'm here tomorrow, too.")
    page.keyboard.press("Control+s")
    expect(page.locator(".top [role=status]")).to_have_text("Saved")
    history = panel(page, "History")
    history.get_by_role("button", name="Compare").last.click()
    expect(history.locator(".cm-changedText").first).to_be_visible()
    picture(page, "history")

    panel(page, "Problems")
    page.get_by_role("button", name="New dialog").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("A good morning")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.locator("main h2")).to_have_text("A good morning")
    expect(page.locator("#panel-Problems")).to_contain_text("Nothing to fix")
    picture(page, "new")

    page.locator(".entry", has_text="A calm evening").click()
    expect(page.locator("main h2")).to_have_text("A calm evening")
    line.filter(has_text="how_long:").last.click()
    phrases = panel(page, "Phrases")
    phrases.get_by_role("button", name="Have it said by many voices").click()
    expect(phrases.locator("tbody tr").first).to_be_visible(timeout=VOICES_MS)
    picture(page, "phrases")


def panel(page: Page, name: str) -> Locator:
    """Show a tab."""
    page.get_by_role("tab", name=name).click()
    return page.locator(f"#panel-{name}")


def picture(page: Page, name: str) -> None:
    """Of the whole window."""
    page.locator(".toast").evaluate("one => one.replaceChildren()")
    page.screenshot(path=OUT / f"{name}.png")


if __name__ == "__main__":
    main()
