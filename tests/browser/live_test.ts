// The bars follow what is typed, and a long prompt says how far it is.
import assert from "node:assert/strict";
import { answersOf, askedOf, lastAsked } from "./asked.ts";
import { assertAccessible, browserSuite, settled, stripTokens } from "./browser.ts";

const browserTest = browserSuite();

browserTest(
  "live: a prompt that rests is read, the focus stays, undo skips the pauses, and the switch ends it",
  {},
  async ({ page, server }) => {
    await settled(page);
    const first = (await stripTokens(page)).join("");
    await page.locator("#prompt").fill("The cat");
    await page.waitForFunction(() => document.querySelector("#strip")?.textContent === "The cat");
    await settled(page);
    assert.equal(lastAsked(server).text, "The cat");
    await page.locator("#prompt").press("End");
    await page.keyboard.type(" sat");
    await page.waitForFunction(() => document.querySelector("#strip")?.textContent === "The cat sat");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "prompt");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction((text) => document.querySelector("#strip")?.textContent === text, first);
    assert.equal(await page.locator("#prompt").inputValue(), first);
    assert.equal(
      await page.getByRole("button", { name: "Undo" }).getAttribute("aria-disabled"),
      "true",
      "one step of history for all that was typed",
    );
    await page.locator(".prompt-foot .switch").click();
    const asked = askedOf(server).length;
    await page.locator("#prompt").fill("The dog");
    await page.waitForTimeout(1200); // longer than any rest
    assert.equal(askedOf(server).length, asked, "it is off");
  },
);

const gate = Promise.withResolvers<void>();
const waiting = answersOf(
  undefined,
  (input) => input.prompt.length > 1500 ? gate.promise : Promise.resolve(),
);

browserTest(
  "a long prompt says how far it is, and can be stopped and asked again",
  { answers: waiting, progress: [{ done: 256, total: 1024 }, { done: 512, total: 1024 }] },
  async ({ page }) => {
    await settled(page);
    await page.locator("#prompt").fill("the sea ".repeat(200));
    await page.keyboard.press("Control+Enter");
    const bar = page.getByRole("progressbar", { name: "Reading the prompt" });
    await bar.waitFor();
    await page.getByText("Reading the prompt: 50 %").waitFor();
    await page.getByText("512 of 1,024 tokens").waitFor();
    await assertAccessible(page, "reading a long prompt");
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("You have stopped it.").waitFor();
    assert.equal(await bar.count(), 0);
    await page.getByRole("button", { name: "Try again" }).waitFor();
  },
);
