"""Using a page by keyboard alone: what the Tab key reaches, whether one sees it, and what a dialog keeps."""

from playwright.async_api import Locator, Page, expect

_FARTHEST = 80
_IS_FOCUSED = "one => one === document.activeElement"
_OUTLINE = "one => getComputedStyle(one).outlineStyle + ' ' + getComputedStyle(one).outlineWidth"
_HOLDS_FOCUS = "dialog => dialog.contains(document.activeElement)"


async def tab_to(target: Locator) -> None:
    """Press Tab until it has the focus, and shows it."""
    await target.wait_for()
    for _ in range(_FARTHEST):
        if await target.evaluate(_IS_FOCUSED):
            break
        await target.page.keyboard.press("Tab")
    await expect(target).to_be_focused()
    assert await target.evaluate(_OUTLINE) == "solid 2px"


async def press(target: Locator) -> None:
    await expect(target).to_be_enabled()
    await tab_to(target)
    await target.page.keyboard.press("Enter")


async def skip_to_page(page: Page) -> None:
    """Past the menu, as the first thing on the page offers."""
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")


async def open_dialog(opener: Locator) -> Locator:
    """Open it, find that Tab does not leave it and Escape leads back to where one was, and open it again."""
    page = opener.page
    await press(opener)
    dialog = page.get_by_role("dialog")
    await dialog.wait_for()
    for _ in range(8):
        await page.keyboard.press("Tab")
        assert await dialog.evaluate(_HOLDS_FOCUS)
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await dialog.wait_for()
    return dialog
