// What those who hear the page are told: every message of its live regions, in order, and no fact twice.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { fakeStatus } from "../fakes.ts";
import { answersOf, endlessLanguage } from "./asked.ts";
import { browserSuite, settled } from "./browser.ts";
import { write } from "./states_exploring.ts";

const browserTest = browserSuite();

/** Notes what the live regions say from now on. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const said: string[] = [];
    const regions = "#live, [role=status], [role=alert], output";
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const text = element?.closest(regions)?.textContent ?? "";
        if (text !== "" && said.at(-1) !== text) said.push(text);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(globalThis, { said });
  });
  return () => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
}

const KEYS = [
  ["]", "Temperature 0.8."],
  ["[", "Temperature 0.7."],
  ["h", "Colours: surprise."],
  ["l", "Axis: zoomed to the longest bar."],
  ["t", "Shown as a table."],
  ["t", "Shown as bars."],
] as const;

for (const [place, focus] of [["the bars", "#bars button"], ["the text", "#strip button.tok"]] as const) {
  browserTest(`[ ] H L T say what they did, and the focus stays in ${place}`, {}, async ({ page }) => {
    await write(page, 2);
    await page.locator(focus).nth(1).focus();
    const said = await listen(page);
    for (const [key, words] of KEYS) {
      await page.keyboard.press(key);
      await page.locator("#live").getByText(words).waitFor({ state: "attached" });
      await page.locator(".dist.stale").waitFor({ state: "detached" });
      const container = place === "the bars" ? "#bars, .tablewrap" : "#strip";
      await page.waitForFunction((it) => document.activeElement?.closest(it) != null, container);
    }
    const heard = (await said()).filter((text) => KEYS.some(([, words]) => text.includes(words)));
    assert.equal(heard.length, KEYS.length, heard.join("\n"));
  });
}

browserTest("Play tells its tokens; the search beside it is not begun anew with each", {
  status: fakeStatus.ready({ contextLength: 4096 }),
  answers: answersOf(endlessLanguage(4096)),
}, async ({ page }) => {
  await settled(page);
  await page.getByRole("button", { name: "Search the vocabulary" }).click();
  await page.locator("#vocabulary-query").fill("a");
  await page.getByText(/of 300 match/).waitFor();
  const said = await listen(page);
  await page.getByRole("button", { name: "Play" }).click();
  await page.locator(".counter").getByText(/\+ ([6-9]|\d\d) new/).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  const heard = await said();
  assert.ok(heard.some((text) => text.startsWith("Added ")), heard.join("\n"));
  assert.deepEqual(heard.filter((text) => /Searching|Computing/.test(text)), []);
});

browserTest(
  "a token's name and its description tell no fact twice; rates and shares are named",
  {},
  async ({ page }) => {
    await write(page, 2);
    await page.keyboard.press("m");
    const token = page.locator("#strip .tok.appended").first();
    await token.focus();
    await page.locator("#strip [aria-describedby]").waitFor();
    const { name, description } = await token.evaluate((element) => ({
      name: element.getAttribute("aria-label")!,
      description: element.getAttribute("aria-describedby")!.split(" ").map((id) =>
        document.getElementById(id)!.textContent
      ).join("; "),
    }));
    const share = /[\d.]+(?= percent)/.exec(name)![0];
    assert.match(name, /percent, rank \d+, chosen$/);
    assert.ok(!description.includes(share) && !/Rank|Came by|Probability/.test(description), description);
    assert.match(description, /Surprise.+; Uncertainty before/);
    const other = await page.locator("#bars button.other").ariaSnapshot();
    assert.match(other, /Other \(\d+ tokens\) [\d.]+ ?% raw [\d.]+/);
    assert.equal(
      await page.getByLabel("Speed of Play").getAttribute("aria-valuetext"),
      "2.5 tokens a second",
    );
  },
);
