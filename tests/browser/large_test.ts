// A large exploration: 500 tokens and 30 branches. What it costs is printed, not asserted: times belong to benches.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { fakeStatus } from "../fakes.ts";
import { browserSuite, counted, settled, stripTokens } from "./browser.ts";
import { expert } from "./states_exploring.ts";

const browserTest = browserSuite();

/** Watches for tasks that keep the page from drawing; the longest so far in milliseconds. */
async function watchTasks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const window = globalThis as unknown as { longest: number };
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ entryTypes: ["longtask"] });
  });
  return () =>
    page.evaluate(() => {
      const window = globalThis as unknown as { longest: number };
      const { longest } = window;
      window.longest = 0;
      return longest;
    });
}

browserTest("500 tokens and 30 branches stay whole over a reload", {
  status: fakeStatus.ready({ contextLength: 4096 }),
}, async ({ page }) => {
  const bars = page.locator("#bars button .pct");
  await settled(page);
  // Most branches are begun in a text of 60 tokens, which then goes on: the same tree, without 500 tokens drawn for
  // each.
  await forceMore(page, 60, 60);
  for (let n = 26; n >= 1; n--) await beginBranch(page, n); // each from what the one before has of the first branch
  await switchTo(page, 0);
  await counted(page, "30 prompt + 60 new");
  await settled(page);
  await forceMore(page, 440, 500);
  const first = await bars.first().innerText();
  for (let n = 27; n < 30; n++) {
    await beginBranch(page, n);
    await page.keyboard.press("Control+z");
    await counted(page, "30 prompt + 500 new");
    await page.keyboard.press("Control+Shift+Z");
    await counted(page, `30 prompt + ${n * 2 + 1} new`);
    await switchTo(page, 0);
    await counted(page, "30 prompt + 500 new");
    await settled(page);
  }
  const longest = await watchTasks(page);
  const cost: Record<string, number> = {};
  await page.locator("#strip .tok.appended").nth(400).hover();
  await page.locator("#token-card").waitFor();
  await page.locator("#bars button").nth(3).hover();
  cost.hovering = await longest();
  await page.keyboard.press("1");
  await counted(page, "30 prompt + 501 new");
  await settled(page);
  cost.appending = await longest();
  await page.fill("#prompt", "The cat");
  await page.keyboard.type(" sat on the mat");
  cost.typing = await longest();
  await page.locator("#candidates").focus();
  await switchTo(page, 20);
  await settled(page);
  await switchTo(page, 0);
  await settled(page);
  cost.switching = await longest();
  console.log(
    "Longest tasks with 500 tokens and 30 branches (0: under 50 ms):",
    Object.entries(cost).map(([what, ms]) => `${what} ${ms} ms`).join(", "),
  );
  const text = await stripTokens(page);
  await page.waitForTimeout(600);
  await page.reload();
  await counted(page, "30 prompt + 501 new");
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
  await endInSight(page);
  assert.equal(await page.locator(".tree .sw").count(), 30);
  await page.keyboard.press("Backspace");
  await counted(page, "30 prompt + 500 new");
  await settled(page);
  assert.equal(await bars.first().innerText(), first);
});

browserTest("a text that comes back over several frames is whole each time", {
  status: fakeStatus.ready({ contextLength: 4096 }),
}, async ({ page }) => {
  await settled(page);
  await page.fill("#force", "x".repeat(150));
  await page.keyboard.press("Enter");
  await counted(page, "30 prompt + 150 new");
  await settled(page);
  await page.locator("#candidates").focus();
  for (let n = 0; n < 3; n++) {
    await page.keyboard.press("Control+z");
    await counted(page, "30 tokens");
    await settled(page);
    await page.keyboard.press("Control+Shift+Z");
    await counted(page, "30 prompt + 150 new");
    await settled(page);
    assert.equal((await stripTokens(page)).length, 180);
  }
});

/** Appends so many tokens by "Force text", which makes `count` new ones in all. */
async function forceMore(page: Page, more: number, count: number): Promise<void> {
  await page.fill("#force", "x".repeat(more));
  await page.getByText(`${more} tokens`).waitFor();
  await page.keyboard.press("Enter");
  await counted(page, `30 prompt + ${count} new`);
  await settled(page);
}

/** Begins the `n`th branch from the first one: another token in the place of one of its first 60. */
async function beginBranch(page: Page, n: number): Promise<void> {
  await page.locator("#strip .tok.appended").nth(n * 2).click();
  await page.locator(".dist").getByText(`(step ${n * 2 + 1})`).waitFor();
  await page.keyboard.press(String(n % 9 + 1));
  await counted(page, `30 prompt + ${n * 2 + 1} new`);
  await settled(page);
}

/** Waits until the strip shows the end of the text. */
async function endInSight(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const strip = document.querySelector("#strip")!;
    return strip.scrollHeight - strip.scrollTop - strip.clientHeight < 2;
  });
}

/** Goes to a branch by its place in the tree. */
async function switchTo(page: Page, at: number): Promise<void> {
  if (await page.locator(".tree").count() === 0) {
    await expert(page);
    await page.getByRole("tab", { name: /Branches/ }).click();
    await page.locator(".tree .sw").first().waitFor();
  }
  await page.locator(".tree .sw").nth(at).click();
}
