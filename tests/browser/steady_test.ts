// What a hand meets: nothing moves away under it, no letter and no press is lost, a finger finds what a pointer finds.
import assert from "node:assert/strict";
import { askedOf } from "./asked.ts";
import { browserSuite, settled } from "./browser.ts";

const browserTest = browserSuite();

browserTest(
  "who presses / goes on typing at once; L turns the axis of the whole vocabulary too",
  {},
  async (t) => {
    const { page } = t;
    await settled(page);
    await page.route("**/*.js", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await page.keyboard.press("/");
    await page.keyboard.type("#6");
    await page.getByText(/of 300 match/).waitFor();
    await page.keyboard.type("5");
    await page.getByText("1 token of 300 matches").waitFor();
    assert.equal(await page.locator("#vocabulary-query").inputValue(), "#65");
    await page.keyboard.press("Escape");
    await page.locator(".vocabulary [data-index='3']").waitFor();
    const width = () => page.locator(".vocabulary [data-index='3'] rect").last().getAttribute("width");
    const linear = await width();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("l");
    await page.waitForTimeout(100);
    assert.ok(parseFloat((await width())!) > parseFloat(linear!), "a zoomed axis shows the small ones");
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "vocabulary-query");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.activeElement?.closest("#bars") != null);
  },
);

for (const width of [390, 900, 1280]) {
  browserTest(
    `the first token and its colour move nothing below the text: ${width} px`,
    { width },
    async (t) => {
      const { page } = t;
      await settled(page);
      const run = async () => (await page.locator(".legend").boundingBox())!.height;
      const before = await run();
      await page.locator("#bars button").nth(2).click();
      await page.locator(".tok.appended").waitFor();
      await settled(page);
      await page.locator(".legend").getByText("likely", { exact: true }).waitFor();
      assert.equal(await run(), before);
    },
  );
}

browserTest("by touch: a tap on a token of the prompt, a finger that rests on a new one", {
  width: 390,
  height: 844,
  touch: true,
}, async ({ page }) => {
  await settled(page);
  const card = page.locator("#token-card");
  await page.locator("#strip .tok").first().tap();
  await card.getByText("Bytes").waitFor();
  await page.locator("#text-label").tap();
  await card.waitFor({ state: "detached" });
  await page.locator("#bars button").first().tap();
  const token = page.locator(".tok.appended");
  await token.waitFor();
  await settled(page);
  await token.dispatchEvent("pointerdown", { pointerType: "touch", bubbles: true });
  await card.getByText("Came by").waitFor();
  await token.dispatchEvent("pointerup", { pointerType: "touch", bubbles: true });
  await page.waitForTimeout(50);
  assert.equal(await card.count(), 1, "it stays when the finger goes");
  await page.locator("#text-label").tap();
  await card.waitFor({ state: "detached" });
});

browserTest(
  "the preview keeps its place behind the text when its lines break elsewhere",
  {},
  async ({ page }) => {
    await settled(page);
    await page.mouse.move(5, 5);
    await page.locator("#bars button").first().focus();
    await page.locator(".ghost-area:not(.below) .peek").waitFor();
    await page.setViewportSize({ width: 900, height: 900 });
    await page.locator(".ghost-area.below .peek").waitFor();
  },
);

browserTest("the preview of the next token moves nothing: the press that ends it is not lost", {
  width: 900,
}, async ({ page, server }) => {
  await settled(page);
  const height = async () => (await page.locator("#strip").boundingBox())!.height;
  await page.mouse.move(5, 5);
  const before = await height();
  await page.locator("#bars button").first().focus();
  await page.locator(".ghost-area.below .peek").waitFor(); // no room behind the text
  assert.equal(await height(), before);
  const asked = askedOf(server).length;
  await page.getByRole("button", { name: "Step" }).click();
  await page.locator(".tok.appended").waitFor();
  await settled(page);
  assert.ok(askedOf(server).length > asked);
});
