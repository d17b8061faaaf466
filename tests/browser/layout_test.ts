// What must be in sight, and what must not lie over another, in small windows.
import assert from "node:assert/strict";
import type { Page } from "../playwright.ts";
import { browserSuite, settled } from "./browser.ts";
import { expert } from "./states_exploring.ts";

const browserTest = browserSuite();

async function boxOf(page: Page, selector: string) {
  const box = await page.locator(selector).first().boundingBox();
  assert.ok(box !== null, `${selector} is not drawn`);
  return { left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height };
}

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
