// What must be in sight, and what must not lie over another, in small windows.
import assert from "node:assert/strict";
import { answersOf, endingLanguage } from "./asked.ts";
import { assertAccessible, browserSuite, settled } from "./browser.ts";
import { branch, expert } from "./states_exploring.ts";
import { boxOf } from "./box_of.ts";

const browserTest = browserSuite();

browserTest(
  "1280 × 720: the list scrolls, summary and Force text stay in the window",
  { height: 720 },
  async ({ page }) => {
    await settled(page);
    await expert(page);
    await page.evaluate(() => scrollTo(0, 400));
    await page.waitForFunction(() => scrollY > 100);
    for (const part of [".summary", "#force", "#bars button"]) {
      const { top, bottom } = await boxOf(page, part);
      assert.ok(top >= 0 && bottom <= 720, `${part}: ${top} to ${bottom}`);
    }
    const last = page.locator("#bars button").last();
    await last.scrollIntoViewIfNeeded();
    await last.click({ trial: true });
  },
);

browserTest("a pinned token's numbers stand in the columns of the others", {}, async ({ page }) => {
  await settled(page);
  await page.getByRole("button", { name: "Search the vocabulary" }).click();
  await page.locator("#vocabulary-query").fill("#250");
  await page.locator(".vocabulary .pin").click();
  await page.getByRole("button", { name: "Search the vocabulary" }).click();
  await page.locator("#bars .found .pct").waitFor();
  const ends = await page.locator("#bars .pct").evaluateAll((all) =>
    all.map((each) => Math.round(each.getBoundingClientRect().right))
  );
  assert.equal(new Set(ends).size, 1, ends.join());
});

browserTest(
  "320 px: nothing of the head and of the controls lies over another",
  { width: 320, height: 700 },
  async ({ page }) => {
    await settled(page);
    const [model, power] = [await boxOf(page, ".model-btn"), await boxOf(page, ".topbar .power")];
    assert.ok(model.right <= power.left + 1, `${model.right} > ${power.left}`);
    const number = await boxOf(page, ".quick .field");
    assert.ok(number.right - number.left >= 40, "the temperature cannot be read");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 320, `the page is ${wide} px wide`);
  },
);

/** Controls that lie outside of their card, where nothing scrolls to them, and words of fields that are cut. Runs in
 * the page. */
function cutOff(): string[] {
  const inScroller = (element: Element, card: Element): boolean => {
    for (let at = element.parentElement; at !== null && at !== card; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  /** Whether a field has room for what it says while it is empty. */
  const isCut = (field: HTMLElement & { readonly placeholder?: string }): boolean => {
    if (!field.matches(":placeholder-shown") || !field.placeholder) return false;
    const { paddingLeft, paddingRight } = getComputedStyle(field);
    const pen = document.createElement("canvas").getContext("2d")!;
    pen.font = getComputedStyle(field, "::placeholder").font;
    return pen.measureText(field.placeholder).width >
      field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) + 1;
  };
  return [...document.querySelectorAll<HTMLElement>("main :is(button, input, select, textarea, a)")]
    .filter((element) => {
      const [card, box] = [element.closest(".card, .panel"), element.getBoundingClientRect()];
      if (card === null || box.width <= 1 || inScroller(element, card)) return false;
      const { left, right } = card.getBoundingClientRect();
      if (box.left < left - 1 || box.right > right + 1) return true;
      return isCut(element);
    })
    .map((element) => element.outerHTML.slice(0, 120));
}

browserTest(
  "in no width a control or a field's words are cut, with all controls and while it is computed",
  {},
  async ({
    page,
    server,
  }) => {
    await settled(page);
    await expert(page);
    server.engine.hold();
    await page.locator("#bars button").first().click();
    await page.waitForFunction(() => {
      const note = document.querySelector(".computing");
      return note !== null && getComputedStyle(note).visibility === "visible";
    });
    for (const width of [320, 390, 821, 1024, 1181, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await page.evaluate(cutOff), [], `${width} px`);
    }
    server.engine.release();
    await settled(page);
    await page.getByRole("button", { name: "Search the vocabulary" }).click();
    await page.locator(".vocabulary .b").first().waitFor();
    for (const width of [1280, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await page.evaluate(cutOff), [], `the search, ${width} px`);
    }
  },
);

for (const width of [1280, 1600, 1920, 2560]) {
  browserTest(`${width} px: the top bar and the cards share their edges`, { width }, async ({ page }) => {
    await settled(page);
    const [brand, api] = [await boxOf(page, ".brand"), await boxOf(page, ".topbar > .ibtn:last-child")];
    const [doc, dist] = [await boxOf(page, ".doc"), await boxOf(page, ".dist")];
    assert.ok(Math.abs(brand.left - doc.left) <= 1 && Math.abs(api.right - dist.right) <= 1);
    assert.ok(doc.top === dist.top && dist.right <= width);
  });
}

browserTest("2560 px: type and rows are larger", { width: 2560, height: 1440 }, async ({ page }) => {
  await settled(page);
  const { top, bottom } = await boxOf(page, "#bars button");
  assert.ok(bottom - top >= 44);
  const size = await page.locator(".note .hint").evaluate((hint) =>
    parseFloat(getComputedStyle(hint).fontSize)
  );
  assert.ok(size >= 15, `${size} px`);
});

browserTest(
  "1280 px, all controls: the hint stands on one line, the tabs are whole",
  {},
  async ({ page }) => {
    await settled(page);
    await expert(page);
    const hint = page.locator(".dist .hint");
    const { top, bottom } = await boxOf(page, ".dist .hint");
    assert.ok(bottom - top < 24, "it wraps");
    assert.ok(await hint.evaluate((each) => each.scrollWidth <= each.clientWidth), "it is cut");
    const cut = await page.locator(".tabs :is(b, span)").evaluateAll((all) =>
      all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)
    );
    assert.deepEqual(cut, [], "tabs are cut");
    const widths = await page.locator(".tabs button").evaluateAll((all) =>
      all.slice(1).map((each) => Math.round(each.getBoundingClientRect().width))
    );
    assert.ok(Math.max(...widths) - Math.min(...widths) <= 1, `what a tab says moves the others: ${widths}`);
  },
);

browserTest(
  "a phone: the strip has three lines, and a token moves no bar, nor does the end of the text",
  { width: 390, height: 844, touch: true, answers: answersOf(endingLanguage()) },
  async ({ page }) => {
    await settled(page);
    const before = await boxOf(page, "#bars button");
    const strip = await boxOf(page, "#strip");
    assert.ok(strip.bottom - strip.top <= 3 * 34 + 8);
    for (let n = 1; n <= 12; n++) {
      const end = await page.locator(".banner").count();
      if (end > 0) break;
      await page.locator("#bars button").first().tap();
      await page.locator(".tok.appended").nth(n - 1).waitFor();
      await settled(page).catch(() => {});
      assert.deepEqual(await boxOf(page, "#bars button"), before, `after token ${n}`);
    }
    await page.locator(".banner").waitFor();
    assert.deepEqual(await boxOf(page, "#bars button"), before, "the banner");
  },
);

browserTest("a changed prompt offers to keep what follows, and moves nothing", {}, async ({ page }) => {
  await branch(page);
  const strip = await boxOf(page, "#strip");
  await page.locator("#prompt").press("End");
  await page.keyboard.type("!");
  await page.getByText(/Start and keep the \d tokens after it/).waitFor();
  assert.deepEqual(await boxOf(page, "#strip"), strip);
});

browserTest("a setting has one field, and further settings stand in columns", {}, async ({ page }) => {
  await settled(page);
  await expert(page);
  await page.getByRole("button", { name: /^More stages/ }).click();
  const sliders = await page.getByRole("slider").evaluateAll((all) =>
    all.map((each) => each.ariaLabel ?? "")
  );
  for (const name of ["Temperature", "Presence", "Frequency"]) {
    assert.equal(sliders.filter((label) => label === name).length, 1, name);
    assert.equal(await page.getByLabel(new RegExp(`^${name}.*(number|penalty)`)).count(), 1, name);
  }
  assert.equal(await page.getByLabel("Greedy play").count(), 0, "the preset does it");
  const lefts = await page.locator(".extras .extra .field").evaluateAll((all) =>
    all.map((each) => Math.round(each.getBoundingClientRect().right))
  );
  assert.ok(new Set(lefts).size <= 3, `ragged: ${[...new Set(lefts)]}`);
});

browserTest("a deleted path comes back by the Undo of its toast", {}, async ({ page }) => {
  await branch(page);
  await expert(page);
  await page.getByRole("tab", { name: /Branches/ }).click();
  await page.getByRole("button", { name: "Delete Branch B" }).click();
  const toast = page.locator(".toast");
  await toast.getByText("Branch B is deleted.").waitFor();
  await toast.getByRole("button", { name: "Undo" }).click();
  await page.locator(".tree").getByText("Branch B").waitFor();
  assert.equal(await toast.isVisible(), false);
});

browserTest("the path's numbers stand below the text", { height: 1000 }, async ({ page }) => {
  await settled(page);
  await page.locator("#bars button").first().click();
  const numbers = page.locator(".path-numbers");
  await numbers.getByText(/^\d+ \+ 1$/).waitFor();
  const value = await numbers.locator("div", { hasText: "Perplexity" }).locator("dd").textContent();
  assert.match(value!, /^\d+(\.\d+)?$/);
  const { top } = await boxOf(page, ".path-numbers");
  assert.ok(top > (await boxOf(page, ".more")).top);
});

browserTest("API opens every endpoint to read, in a tab of its own", {}, async ({ page }) => {
  await settled(page);
  const [tab] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "API" }).click(),
  ]);
  await tab.getByRole("heading", { name: "POST /api/next-token" }).waitFor();
  assert.equal(await tab.getByRole("link", { name: "OpenAPI document" }).count(), 1);
  await assertAccessible(tab, "the endpoints");
  await tab.setViewportSize({ width: 320, height: 700 });
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 320, `the page is ${wide} px wide`);
  assert.equal(await page.locator("#strip .tok").count() > 0, true, "the page is where it was");
});

browserTest(
  "the end of the text moves neither bars nor buttons",
  { answers: answersOf(endingLanguage()) },
  async ({ page }) => {
    const places = async () => [await boxOf(page, "#bars button"), await boxOf(page, ".run-bar .btn")];
    for (const more of [false, true]) {
      if (more) {
        await page.keyboard.press("Control+z");
        await page.keyboard.press("m"); // the head of the bars is narrow then
        await page.getByRole("tab", { name: /^Sampling/ }).waitFor();
      }
      await settled(page);
      const before = await places();
      await page.locator("#bars button").first().click();
      await page.locator(".banner").waitFor();
      await settled(page);
      assert.deepEqual(await places(), before);
    }
  },
);
