"""The studio's page in a real browser: `python -m benchmarks.studio_page`.

How long until the first page is there, and from a key to the problem it makes or mends, drawn.
Rules: as many processes as there are cores keep the machine busy meanwhile, where that is said.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.studio import percentile
from tests.studio.browser import CHROMIUM, TALL, line, running

PAGES, KEYS = 7, 60
WATCH = """() => {
    const root = document.querySelector(".editor-host").shadowRoot;
    const notes = () => root.querySelectorAll(".note").length;
    let [pressed, before] = [0, notes()];
    window.shown = [];
    document.addEventListener("keydown", () => (pressed = performance.now()), true);
    new MutationObserver(() => {
        if (notes() === before) return;
        before = notes();
        requestAnimationFrame(() => window.shown.push((performance.now() - pressed) / 1000));
    }).observe(root, { childList: true, subtree: true });
}"""


@contextmanager
def busy() -> Iterator[None]:
    """Every core has something else to do."""
    others = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for one in others:
            one.kill()
            one.wait()


def first_page(browser: Browser) -> float:
    """Seconds from asking for the address until the text can be read and the dialogs are listed."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), "evening") as studio:
        page = browser.new_context(viewport=TALL).new_page()
        began = monotonic()
        page.goto(studio.address)
        expect(line(page, "Sleep well.")).to_be_visible()
        expect(page.locator(".entry[data-name=evening]")).to_be_visible()
        took = monotonic() - began
        page.close()
        return took


def shown(browser: Browser) -> list[float]:
    """Seconds from each key until the page shows what it makes wrong, or right."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), "evening") as studio:
        page: Page = browser.new_context(viewport=TALL).new_page()
        page.goto(studio.address)
        line(page, "silence: [{go: good_night}]").click()
        page.keyboard.press("End")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("x")
        expect(page.locator(".note")).to_have_count(1)  # the first check is over
        page.evaluate(WATCH)
        for number in range(KEYS):
            page.keyboard.press("x" if number % 2 else "Backspace")
            expect(page.locator(".note")).to_have_count(number % 2)
            page.wait_for_timeout(100)
        found: list[float] = page.evaluate("window.shown")
        page.close()
        return found


def _told(what: str, values: list[float]) -> None:
    half, most = percentile(values, 0.5), percentile(values, 0.95)
    print(
        f"{what:34} median {half:5.0f} ms, 95 % within {most:5.0f} ms ({len(values)})", flush=True
    )


def main() -> None:
    """Print the figures."""
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        first_page(browser)  # what is read from the disk the first time
        _told("first page", [first_page(browser) for _ in range(PAGES)])
        with busy():
            _told("first page, all cores busy", [first_page(browser) for _ in range(PAGES)])
        _told("from a key to its problem, drawn", shown(browser))
        browser.close()


if __name__ == "__main__":
    main()
