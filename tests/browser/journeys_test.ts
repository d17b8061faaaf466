// Whole journeys with the bundled model: a newcomer and a teacher, each by mouse and by keyboard alone. The engineer's
// are in engineer_test.ts.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserSuite, counted, focusInBars, settled, stripTokens, tabTo } from "./browser.ts";
import { realEngine } from "./real_engine.ts";

const browserTest = browserSuite();
const PROMPT = "The capital of France is";
const REAL = realEngine();

const bars = (page: Page) => page.locator("#bars .pct").allInnerTexts();
const firstBar = (page: Page) => page.locator("#bars button .t").first().innerText();

browserTest("newcomer by mouse: type, Start, three clicks, Greedy, Reset", REAL, async ({ page }) => {
  await page.fill("#prompt", PROMPT);
  await page.click("#start");
  await counted(page, "5 tokens");
  await settled(page);
  assert.match(await firstBar(page), /Paris/);
  for (let n = 1; n <= 3; n++) {
    await page.locator("#bars button").first().click();
    await counted(page, `5 prompt + ${n} new`);
    await settled(page);
  }
  await page.getByRole("button", { name: "Greedy", exact: true }).click();
  await counted(page, "5 prompt + 4 new");
  assert.match((await stripTokens(page)).join(""), /^The capital of France is Paris/);
  await page.getByRole("button", { name: "Reset" }).click();
  await counted(page, "5 tokens");
});

browserTest("newcomer by keyboard", REAL, async ({ page }) => {
  await settled(page);
  await page.keyboard.press("e");
  await page.keyboard.press("Control+A");
  await page.keyboard.type(PROMPT);
  await page.keyboard.press("Control+Enter");
  await counted(page, "5 tokens");
  await focusInBars(page);
  await page.keyboard.press("Enter");
  await counted(page, "5 prompt + 1 new");
  await settled(page);
  for (const key of ["1", "2", "g"]) {
    await page.keyboard.press(key);
    await settled(page);
  }
  await counted(page, "5 prompt + 4 new");
  assert.match((await stripTokens(page)).join(""), /^The capital of France is Paris/);
  await page.keyboard.press("r");
  await counted(page, "5 tokens");
});

/** Temperature up while the bars move, a branch at the second token, both paths in the tree. */
async function teach(page: Page, temperature: (value: string) => Promise<void>): Promise<void> {
  const seen = new Set<string>();
  for (const value of ["0", "0.5", "1", "1.5", "2"]) {
    await temperature(value);
    await settled(page);
    seen.add((await bars(page)).join());
  }
  assert.equal(seen.size, 5, "every temperature has its own bars");
  await temperature("0.7");
  await settled(page);
}

browserTest(
  "teacher by mouse: temperature 0 to 2, a branch at the second token, compare",
  REAL,
  async (t) => {
    const { page } = t;
    await settled(page);
    await teach(page, (value) => page.getByLabel("Temperature", { exact: true }).first().fill(value));
    for (let n = 1; n <= 3; n++) {
      await page.locator("#bars button").first().click();
      await counted(page, `9 prompt + ${n} new`);
      await settled(page);
    }
    const long = await stripTokens(page);
    await page.locator("#strip .tok.appended").nth(1).click();
    await page.getByText("(step 2)").waitFor();
    await page.locator("#bars button").nth(1).click();
    await counted(page, "9 prompt + 2 new");
    await page.getByRole("button", { name: "More controls" }).click();
    await page.getByRole("tab", { name: /Branches/ }).click();
    await page.getByRole("button", { name: "Compare two" }).click();
    await page.locator(".tree .sw").first().click();
    assert.equal(await page.locator(".tree .sw[aria-pressed=true]").count(), 2);
    await page.getByRole("button", { name: "Compare two" }).click();
    await page.locator(".tree .sw").first().click();
    await settled(page);
    assert.deepEqual(await stripTokens(page), long);
  },
);

browserTest("teacher by keyboard", REAL, async ({ page }) => {
  await settled(page);
  await page.getByLabel("Temperature", { exact: true }).first().focus();
  const before = await bars(page);
  await page.keyboard.press("Home");
  await page.waitForFunction(() => document.querySelector("#bars .pct")?.textContent?.startsWith("100"));
  await page.keyboard.press("End");
  await settled(page);
  assert.notDeepEqual(await bars(page), before);
  for (let n = 0; n < 13; n++) await page.keyboard.press("[");
  await settled(page);
  assert.equal(await page.getByLabel("Temperature, number").inputValue(), "0.7");
  assert.deepEqual(await bars(page), before);
  for (const key of ["1", "1", "1"]) {
    await page.keyboard.press(key);
    await settled(page);
  }
  await counted(page, "9 prompt + 3 new");
  const long = await stripTokens(page);
  await tabTo(page, /./, "Shift+Tab", ".tok"); // the text is one stop, at its last token
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await page.getByText("(step 2)").waitFor();
  await page.keyboard.press("2");
  await counted(page, "9 prompt + 2 new");
  await settled(page);
  const short = await stripTokens(page);
  await page.keyboard.press("Control+z");
  await settled(page);
  assert.deepEqual(await stripTokens(page), long);
  await page.keyboard.press("Control+Shift+z");
  await settled(page);
  await page.keyboard.press("m");
  await tabTo(page, /^Sampling/, "Tab");
  for (let n = 0; n < 3; n++) await page.keyboard.press("ArrowRight"); // constraint, attribution, branches
  await page.locator(".tree").waitFor();
  await tabTo(page, /^Compare two/, "Tab");
  await page.keyboard.press("Enter");
  await tabTo(page, /^Branch B/, "Tab");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByText(/^They part at step 2: [\d.]+ % in Branch B, [\d.]+ % in Main\.$/).waitFor();
  assert.deepEqual(await stripTokens(page), short, "comparing goes nowhere");
});
