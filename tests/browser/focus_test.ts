// An answer takes the focus only from a place that is not being used.
import assert from "node:assert/strict";
import { browserSuite, counted, focusInBars, settled, stripTokens } from "./browser.ts";

const browserTest = browserSuite();
const KEY_MS = 60; // between two letters of somebody who types quickly

browserTest("what is typed behind Start belongs to the prompt", {}, async ({ page }) => {
  await settled(page);
  await page.fill("#prompt", "");
  await page.locator("#prompt").pressSequentially("My dog", { delay: KEY_MS });
  await page.keyboard.press("Control+Enter");
  await page.keyboard.type(" has many moldy rags", { delay: KEY_MS });
  assert.equal(await page.inputValue("#prompt"), "My dog has many moldy rags");
  assert.equal(await page.inputValue("#force"), "");
  // Live reads what is written when the keys rest for a moment, as they do on a busy machine.
  assert.ok("My dog has many moldy rags".startsWith((await stripTokens(page)).join("")), "nothing was drawn");
  assert.doesNotMatch(await page.locator(".counter").innerText(), /new/);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.presentation), undefined);
  await page.waitForTimeout(700);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
});

browserTest(
  "a late answer leaves the prompt alone where one is writing",
  { delayMs: 400 },
  async ({ page }) => {
    await settled(page);
    await page.fill("#prompt", "My dog");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.type(" s");
    await page.locator(".dist.stale").waitFor({ state: "detached" });
    await page.waitForTimeout(700);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
    assert.equal(await page.inputValue("#prompt"), "My dog s");
  },
);

browserTest("where nothing is typed behind Start the first bar gets the focus", {}, async ({ page }) => {
  await settled(page);
  await page.fill("#prompt", "The cat");
  await page.keyboard.press("Control+Enter");
  await counted(page, "2 tokens");
  await focusInBars(page);
  await page.fill("#prompt", "The cat sat");
  await page.locator("#start").click();
  await focusInBars(page);
});

browserTest("the field that forces text keeps the focus when its tokens are there", {}, async ({ page }) => {
  await settled(page);
  await page.fill("#force", " cat");
  await page.keyboard.press("Enter");
  await counted(page, "30 prompt + 1 new");
  await settled(page);
  await page.waitForTimeout(700);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "force");
});

browserTest(
  "the list of a search that comes late leaves the prompt alone where one is writing",
  { ownPage: true }, // nothing of it is in the cache
  async ({ page }) => {
    await settled(page);
    const gate = Promise.withResolvers<void>();
    await page.route("**/*.js", async (route) => {
      await gate.promise;
      await route.continue();
    });
    await page.keyboard.press("/");
    await page.locator("#vocabulary-query").waitFor();
    await page.locator("#prompt").focus();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("My dog");
    gate.resolve();
    await page.locator(".vocabulary li.found").first().waitFor();
    await page.keyboard.type(" has");
    assert.equal(await page.inputValue("#prompt"), "My dog has");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
  },
);
