import assert from "node:assert/strict";
import type { Page } from "../playwright.ts";
import { assertAccessible, assertAccessibleOn, browserSuite, focusInBars, settled } from "./browser.ts";
import { PICTURES } from "./pages.ts";
import { STATES } from "./states.ts";

const browserTest = browserSuite();

const WIDTHS = [1440, 1024, 768, 360];
/** A phone's, where only the page's own width is looked at: to axe it is the 360 pixels before. */
const PHONE = 390;

/** Asserts that nothing makes the page wider than its window. */
async function assertFits(page: Page, name: string, width: number): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name}: ${wide} px wider than ${width}`);
}

for (const { name, options, reach } of STATES) {
  browserTest(`axe-core finds nothing: ${name}, light and dark`, { ...options, width: 1440 }, async (t) => {
    await reach(t);
    for (const [at, width] of WIDTHS.entries()) {
      await t.page.setViewportSize({ width, height: 900 });
      const themes = ["light", "dark"] as const;
      // Every rule in one theme, what a theme changes in the other: each width begins with the theme of the one before.
      for (const [nth, colorScheme] of (at % 2 === 0 ? themes : themes.toReversed()).entries()) {
        const state = `${name}, ${colorScheme}, ${width} px`;
        await t.page.emulateMedia({ colorScheme });
        await assertAccessible(t.page, state, nth === 0 ? undefined : "contrast");
        if (PICTURES !== undefined) {
          await t.page.screenshot({ path: `${PICTURES}/${state.replaceAll(/\W+/g, "-")}.png` });
        }
      }
      await assertFits(t.page, name, width);
    }
    await t.page.setViewportSize({ width: PHONE, height: 900 });
    await assertFits(t.page, name, PHONE);
  });
}

browserTest("what is pale in one theme is found, and a picture without a name", {}, async ({ page }) => {
  await settled(page);
  const finds = async (rule: RegExp, tag: string, attributes: Record<string, string>) => {
    await page.evaluate(({ tag, attributes }) => {
      document.querySelector("#found-by-axe")?.remove();
      const element = Object.assign(document.createElement(tag), { id: "found-by-axe", ...attributes });
      document.querySelector("main")!.prepend(element);
    }, { tag, attributes });
    await assert.rejects(assertAccessibleOn(page, "a fault", [["light", 1280], ["dark", 1280]]), rule);
  };
  await assertAccessibleOn(page, "no fault");
  await finds(/a fault, dark, 1280 px(.|\n)*color-contrast/, "p", {
    textContent: "Text",
    style: "background: #fff",
  });
  await finds(/a fault, light, 1280 px(.|\n)*image-alt/, "img", { src: "/favicon.svg" });
});

browserTest("nothing is wider than the window, whatever its width", {}, async ({ page }) => {
  await settled(page);
  const long = "Donaudampfschifffahrtsgesellschaft".repeat(6);
  await page.fill("#prompt", `${long} and then`);
  await page.keyboard.press("Control+Enter");
  await settled(page);
  await focusInBars(page);
  await page.keyboard.press("1");
  await settled(page);
  for (const width of [320, 390, 820, 821, 1024, 1180, 1181, 1280, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    for (const view of ["bars", "table"]) {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide with ${view}, ${width} px`);
      await page.keyboard.press("t");
    }
  }
});

browserTest(
  "on a phone the main controls are large enough to touch",
  { width: 390, height: 844 },
  async ({ page }) => {
    await settled(page);
    const sizes = await page.evaluate(() =>
      [...document.querySelectorAll("button:not(.tok), input:not([type=range])")]
        .map((element) => [element, element.getBoundingClientRect()] as const)
        .filter(([, box]) => box.width > 0)
        .map(([element, box]) => ({ what: element.outerHTML.slice(0, 80), height: box.height }))
    );
    assert.deepEqual(sizes.filter(({ height }) => height < 36), []);
  },
);
