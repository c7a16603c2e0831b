"""What a browser adds to a visit: addresses, history, the keyboard, files, and what people throw at a page."""

import csv
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from visitor import PAGES, enter_tokens, input_tokens, verdict, wait_until_drawn

from calculator import compare, load_catalogue
from report.exports import FORMATS

OpenPage = Callable[..., Page]


def link_to(page: Page, name: str) -> Locator:
    return page.locator(".st-key-pages a").nth(PAGES.index(name))


def test_the_first_visit_shows_an_answer_and_every_page(page: Page) -> None:
    expect(verdict(page)).to_contain_text("Move to")
    wait_until_drawn(page)
    expect(page.locator(".bj-ranking tbody tr").nth(3)).to_be_visible()
    scripts = page.evaluate("performance.getEntriesByType('resource').map(one => new URL(one.name).pathname)")
    answer = page.request.get(page.url)
    told = answer.text() + answer.headers["link"]
    assert [one for one in scripts if one.endswith(".js") and one not in told] == [], "fetched one after another"
    page.get_by_text("Why it costs that").click()
    expect(page.locator(".bj-ledger li").first).to_be_visible()
    page.get_by_text("Side by side").click()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    links = page.locator(".st-key-pages a")
    expect(links).to_have_count(len(PAGES))
    assert [(link.get_attribute("href") or PAGES[0]) for link in links.all()] == PAGES


def test_a_copied_link_opens_the_same_answer_elsewhere(open_page: OpenPage, app_url: str) -> None:
    page = open_page(locale="en-US")
    example = verdict(page).inner_text()
    enter_tokens(page, "8亿")
    expect(verdict(page)).not_to_have_text(example)
    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_test_id("stCode").first.inner_text().strip()
    assert link.startswith(app_url)
    other = open_page(link.removeprefix(app_url), locale="en-US")
    expect(verdict(other)).to_have_text(verdict(page).inner_text())
    expect(input_tokens(other)).to_have_value("8亿")


def test_a_number_just_typed_goes_along_to_another_page_and_back(page: Page) -> None:
    wait_until_drawn(page)
    enter_tokens(page, "123.4M")
    expect(page.locator(".bj-card")).not_to_contain_text("Example")
    page.wait_for_url("**/?*s=*")
    link_to(page, "method").click()
    expect(page.locator(".bj-steps")).to_contain_text("143,400,000")
    link_to(page, PAGES[0]).click()
    expect(input_tokens(page)).to_have_value("123.4M")


@pytest.mark.parametrize("what", [".st-key-reasons summary", ".st-key-pages a[href*=method]"])
def test_whoever_clicks_as_soon_as_the_verdict_is_there_loses_nothing(page: Page, what: str) -> None:
    """The browser has not yet the address of what was typed."""
    wait_until_drawn(page)
    page.locator(what).evaluate(
        """there => {
            const verdict = () => document.querySelector('.bj-verdict')?.innerText;
            const before = verdict();
            const look = new MutationObserver(() => {
                if (!verdict() || verdict() === before) return;
                look.disconnect();
                there.click();
            });
            look.observe(document.querySelector('.stMain'), {subtree: true, childList: true, characterData: true});
        }"""
    )
    enter_tokens(page, "123.4M")
    page.wait_for_url("**s=*")
    if "method" not in what:
        expect(page.locator(".bj-ledger li").first).to_be_visible()
        link_to(page, "method").click()
    expect(page.locator(".bj-steps")).to_contain_text("143,400,000")
    link_to(page, PAGES[0]).click()
    expect(input_tokens(page)).to_have_value("123.4M")


def test_inputs_on_which_others_depend_draw_all_anew(page: Page) -> None:
    wait_until_drawn(page)
    fields = page.get_by_role("textbox", name="Input tokens")
    expect(fields).to_have_count(2)
    page.locator(".st-key-add_workload button").click()
    expect(fields).to_have_count(3)
    enter_tokens(page, "123.4M")
    expect(page.locator(".bj-card")).not_to_contain_text("Example")
    with page.expect_download() as download:
        page.locator(".st-key-download_markdown button").click()
    assert "123.4M" in Path(download.value.path()).read_text("utf-8")
    page.locator(".st-key-start_empty button").first.click()
    expect(input_tokens(page)).to_have_value("")
    page.locator(".st-key-start_undo button").first.click()
    expect(input_tokens(page)).to_have_value("123.4M")
    page.locator(".st-key-start_usage button").first.click()
    page.wait_for_url("**/usage?s=*")


def test_a_reload_and_another_page_keep_the_answer_and_the_language(page: Page) -> None:
    wait_until_drawn(page)
    enter_tokens(page, "123.4M")
    expect(page.locator(".bj-card")).not_to_contain_text("Example")
    page.get_by_text("简体中文", exact=True).click()
    expect(verdict(page)).to_contain_text("建议迁往")
    expect(input_tokens(page)).to_have_value("123.4M")
    decided = verdict(page).inner_text()
    link_to(page, "method").click()
    expect(page.locator(".bj-steps")).to_contain_text("143,400,000")
    page.reload()
    expect(page.locator(".bj-steps")).to_contain_text("143,400,000")
    expect(page.locator("h2").first).to_have_text("迁移成本是怎样算出来的")
    link_to(page, PAGES[0]).click()
    expect(verdict(page)).to_have_text(decided)
    expect(input_tokens(page)).to_have_value("123.4M")


def test_back_and_forward_go_through_inputs_and_pages(page: Page) -> None:
    wait_until_drawn(page)
    verdicts = []
    for tokens in ("5M", "9B"):
        before = verdict(page).inner_text()
        enter_tokens(page, tokens)
        expect(verdict(page)).not_to_have_text(before)
        verdicts.append(verdict(page).inner_text())
    link_to(page, "method").click()
    expect(page.locator(".bj-steps")).to_be_attached()
    page.go_back()
    expect(verdict(page)).to_have_text(verdicts[1])
    page.go_back()
    expect(verdict(page)).to_have_text(verdicts[0])
    expect(input_tokens(page)).to_have_value("5M")
    page.go_forward()
    expect(verdict(page)).to_have_text(verdicts[1])
    expect(input_tokens(page)).to_have_value("9B")
    page.go_forward()
    expect(page.locator(".bj-steps")).to_be_attached()


def test_the_contents_of_the_method_lead_to_its_parts(open_page: OpenPage) -> None:
    page = open_page("/method", locale="en-US")
    wait_until_drawn(page)
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="The data").click()
    expect(page.get_by_role("heading", name="The data")).to_be_in_viewport()
    expect(page.locator(".bj-steps")).to_be_attached()


def test_the_whole_job_by_keyboard_alone(page: Page) -> None:
    wait_until_drawn(page)
    example = verdict(page).inner_text()
    tab_to(page, input_tokens(page))
    page.keyboard.press("Control+A")
    page.keyboard.type("800M")
    page.keyboard.press("Enter")
    expect(verdict(page)).not_to_have_text(example)
    tab_to(page, page.locator(".st-key-download_markdown button"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert "800M" in Path(download.value.path()).read_text("utf-8")
    tab_to(page, link_to(page, "method"), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".bj-steps")).to_contain_text("820,000,000")


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Goes on with the keyboard to a place; wherever it stops on the way one can see where it is."""
    shown = (
        "e => ['INPUT', 'MAIN', 'BODY'].includes(e.tagName)"  # the frame of a field shows it, not the field
        " || getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none'"
    )
    for _ in range(60):
        page.keyboard.press(key)
        focused = page.locator("*:focus")
        if focused.count():
            assert focused.evaluate(shown), focused.evaluate("e => e.outerHTML.slice(0, 200)")
        if target.evaluate("target => target === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def read_text(file: Path) -> str:
    return file.read_text("utf-8")


def read_pdf(file: Path) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file))


def read_workbook(file: Path) -> str:
    book = openpyxl.load_workbook(BytesIO(file.read_bytes()), read_only=True)
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def read_table(file: Path) -> str:
    return str(list(csv.DictReader(file.read_text("utf-8-sig").splitlines())))


def read_answer(file: Path) -> str:
    best = json.loads(file.read_text("utf-8"))["options"][0]["provider"]
    return load_catalogue().prices.providers[best].label("en")


def read_profile(file: Path) -> str:
    return compare(file).options[0].provider.label("en")


FILES: dict[str, Callable[[Path], str]] = {
    "pdf": read_pdf,
    "html": read_text,
    "markdown": read_text,
    "xlsx": read_workbook,
    "csv": read_table,
    "focus": read_table,
    "json": read_answer,
    "profile": read_profile,
}
"""How each file to take away is read back."""


def test_every_file_to_take_away_can_be_read_back(page: Page) -> None:
    wait_until_drawn(page)
    enter_tokens(page, "8亿")
    expect(page.locator(".bj-card")).not_to_contain_text("Example")
    best = page.locator(".bj-ranking tbody tr").first.locator("td").nth(1).locator("b").inner_text()
    link_to(page, "report").click()
    expect(page.locator(".paper").first).to_contain_text(best)
    assert {*FILES} == {*FORMATS, "profile"}
    for name, read in FILES.items():
        with page.expect_download() as download:
            page.locator(f".st-key-download_{name} button").first.click()
        assert best in read(Path(download.value.path())), name


def test_hostile_input_gets_a_message_and_the_page_goes_on(page: Page) -> None:
    wait_until_drawn(page)
    name = page.locator("[class*=st-key-name] input").first
    name.fill("<img src=x onerror=alert(1)>{{7*7}}")
    name.press("Enter")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("<img src=x onerror=alert(1)>{{7*7}}")
    good = verdict(page).inner_text()
    for tokens in ("<script>alert(1)</script>", "9e999", "-5", "9" * 40, "=1+1", "\u202e80M😀", "NaN", "' OR 1=1--"):
        enter_tokens(page, tokens)
        expect(page.get_by_role("alert").first).to_be_visible()
        expect(verdict(page)).to_have_text(good)
        enter_tokens(page, "80M")
        expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".bj img")).to_have_count(0)
    enter_tokens(page, "9B")
    expect(verdict(page)).not_to_have_text(good)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/?s=1%3Cscript%3Ealert(1)%3C/script%3E&lang=../../etc/passwd", "cannot be read"),
        ("/method?s=" + "1A" * 9_000, "cannot be read"),
        ("/nowhere?event=%00%27;DROP&lang=zh&lang=en", "Page not found"),
    ],
)
def test_a_hostile_address_gets_a_message_and_the_example(open_page: OpenPage, address: str, message: str) -> None:
    page = open_page(address, locale="en-US")
    wait_until_drawn(page)
    expect(page.get_by_text(message).first).to_be_visible()
    page.keyboard.press("Escape")  # where the message is a dialog of Streamlit's
    link_to(page, PAGES[0]).click()
    enter_tokens(page, "9B")
    expect(page.locator(".bj-card")).not_to_contain_text("Example")


def test_chinese_is_painted_where_no_chinese_font_is_installed(browser_without_chinese: Browser, app_url: str) -> None:
    page = browser_without_chinese.new_page(locale="zh-CN")
    page.goto(app_url)
    expect(verdict(page)).to_contain_text("建议迁往")
    page.wait_for_function("() => document.fonts.check('40px \"Banjia Sans SC\"', '搬家')")
    assert painted(page, "搬") != painted(page, "家")
    assert painted(page, "搬") != painted(page, "\ue000")  # a character that no font has: a box


def painted(page: Page, character: str) -> str:
    """The pixels of a character in the font of the page."""
    return str(page.evaluate(
        """character => {
            const style = getComputedStyle(document.querySelector(".bj"));
            const canvas = new OffscreenCanvas(60, 60), context = canvas.getContext("2d");
            context.font = `40px ${style.fontFamily}`;
            context.fillText(character, 5, 45);
            return context.getImageData(0, 0, 60, 60).data.join();
        }""",
        character,
    ))  # fmt: skip
