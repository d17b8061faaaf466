// A class: many draws, guesses before the bars, a projector, the way to the page, the lock on the model.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { answersYes, browserSuite, settled } from "./browser.ts";
import { expert } from "./states_exploring.ts";

const browserTest = browserSuite();

async function openClass(page: Page): Promise<void> {
  await settled(page);
  await expert(page);
  await page.getByRole("tab", { name: /Class/ }).click();
  await page.getByRole("button", { name: "Draw 100 times" }).waitFor();
}

/** In the page: whether the server says that the model is locked, or not. */
async function isLocked(wanted: boolean): Promise<boolean> {
  const { locked } = await (await fetch("/api/classroom")).json();
  return locked === wanted;
}

const counts = (page: Page) =>
  page.locator("#bars .count").evaluateAll((all) => all.map((one) => parseInt(one.textContent ?? "")));

browserTest("a hundred draws stand beside the bars, the same with the same seed", {}, async ({ page }) => {
  await openClass(page);
  await page.getByRole("button", { name: "Draw 100 times" }).click();
  await page.locator("#bars .count").first().waitFor();
  const first = await counts(page);
  assert.equal(first.length, 11, "ten bars and all others");
  assert.equal(first.reduce((sum, count) => sum + count, 0), 100);
  const table = page.locator(".class .tablewrap").first();
  assert.ok(await table.evaluate((it) => it.scrollHeight <= it.clientHeight), "all others are in sight");
  await page.getByRole("button", { name: "Draw 100 times" }).focus();
  await page.keyboard.press("Enter"); // the next seed
  await page.waitForFunction(
    (before) => {
      const now = [...document.querySelectorAll("#bars .count")].map((one) => parseInt(one.textContent!));
      return now.join() !== before;
    },
    first.join(),
  );
  const seed = page.locator(".class").getByLabel("Seed");
  await seed.fill("1");
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll("#bars .count")].map((one) => parseInt(one.textContent!)).join() ===
        wanted,
    first.join(),
  );
  await page.locator("#bars button").first().click();
  await page.locator("#bars .count").first().waitFor({ state: "detached" }); // another text, other draws
});

browserTest("guess first: the bars wait for a guess, by keyboard alone", {}, async ({ page }) => {
  await openClass(page);
  await page.getByRole("switch", { name: /Hide the bars/ }).focus();
  await page.keyboard.press("Space");
  const field = page.getByLabel("What comes next?");
  await field.waitFor();
  assert.equal(await page.locator("#bars").count(), 0);
  assert.equal(await page.locator(".dist > .bar .hint").textContent(), "", "there is no bar to click");
  const foot = (selector: string) =>
    page.locator(selector).evaluate((it) => Math.round(it.getBoundingClientRect().bottom));
  assert.ok(await foot(".dist") - await foot(".dist > .force") <= 1, "Force text is at the foot of the card");
  await field.focus();
  await page.keyboard.type("the");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter"); // while the first is looked up
  await page.locator("#bars").waitFor();
  await page.getByText(/^Your guess space the is number \d+, with/).waitFor();
  await page.getByText(/^1 guess: \d the model's first/).waitFor();
  await settled(page);
  await page.locator("#bars button").first().click();
  await field.waitFor();
  await page.waitForFunction(() =>
    !/Next most likely/.test(document.querySelector("#live")?.textContent ?? "")
  );
  await page.getByRole("button", { name: "Show the bars without a guess" }).click();
  await page.locator("#bars").waitFor();
});

browserTest("a visible button for the projector drops what is no text and no bar", {}, async ({ page }) => {
  await settled(page);
  const row = () =>
    page.locator("#bars button").first().evaluate((one) => one.getBoundingClientRect().height);
  const small = await row();
  await page.getByRole("button", { name: "Projector" }).click();
  await page.getByRole("link", { name: "API" }).waitFor({ state: "hidden" });
  assert.equal(await page.getByRole("button", { name: "More controls" }).isVisible(), false);
  assert.ok(await row() > small * 1.2);
  await page.keyboard.press("m");
  await page.locator(".tabs button").first().waitFor();
  const cut = await page.locator(".tabs b").evaluateAll((all) =>
    all.filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.textContent)
  );
  assert.deepEqual(cut, [], "names of tabs are cut");
  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Projector", pressed: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "API" }).waitFor();
});

const OPEN = { config: { host: "0.0.0.0", allowedHosts: ["*"] } };

browserTest(
  "the class gets an address, and the model can be locked",
  { ...OPEN, expected: /403/ },
  async ({ page, server }) => {
    await openClass(page);
    await page.getByText("From logits to probabilities").waitFor();
    await page.locator(".class").getByText("For the class").waitFor();
    const lock = page.getByRole("switch", { name: /Lock the model/ });
    await lock.focus();
    await page.keyboard.press("Space");
    const load = () =>
      page.evaluate(async (model_id) => {
        const headers = { "content-type": "application/json" };
        const body = JSON.stringify({ model_id });
        return (await (await fetch("/api/model/load", { method: "POST", headers, body })).json()).code ?? "";
      }, "owner/other");
    await answersYes(page, isLocked, true);
    assert.equal(await load(), "model_locked");
    assert.deepEqual(server.engine.loads, []);
    await lock.focus();
    await page.keyboard.press("Space");
    await answersYes(page, isLocked, false);
  },
);
