// The engineer's journey with the bundled model, by mouse and by keyboard alone: chat, system prompt, forced text, a
// branch from an earlier step, reload, export, and the export opened with nothing but a browser.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import type { Download, Page } from "playwright-core";
import { browserSuite, contextApart, focusInBars, settled, stripTokens, tabTo } from "./browser.ts";
import { realEngine } from "./real_engine.ts";

const browserTest = browserSuite();
const REAL = realEngine();

async function forced(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelectorAll(".tok.forced").length === 3);
  await settled(page);
}

/** The conversation is what the template makes of the two messages. */
async function read(page: Page): Promise<void> {
  await settled(page);
  const prompt = (await stripTokens(page)).join("");
  assert.match(prompt, /<\|im_start\|>system\nYou are a concise poet\.<\|im_end\|>/);
  assert.match(prompt, /<\|im_start\|>user\nOne line about the sea\.<\|im_end\|>/);
  assert.match(prompt, /<\|im_start\|>assistant\n$/);
}

/** Everything is there behind a reload. */
async function reloaded(page: Page): Promise<string[]> {
  const text = await stripTokens(page);
  await page.waitForTimeout(400); // to be stored
  await page.reload();
  await settled(page);
  assert.deepEqual(await stripTokens(page), text);
  assert.equal(await page.getByLabel("Text of message 1").inputValue(), "You are a concise poet.");
  assert.equal(await page.locator(".tok.forced").count(), 2);
  assert.equal(await page.locator(".fork").count(), 1);
  return text;
}

/** The exported file replays both paths with the network off. */
async function replayed(page: Page, download: Download, text: readonly string[]): Promise<void> {
  const file = `${await download.path()}.html`;
  await Deno.copyFile(await download.path(), file);
  const other = await contextApart(page, { offline: true });
  try {
    const replay = await other.newPage();
    await replay.goto(pathToFileURL(file).href);
    assert.deepEqual(
      (await replay.locator("#path option").allInnerTexts()).map((name) => name.trim()),
      ["Main", "Branch B"],
    );
    await replay.keyboard.press("End");
    await replay.getByText("The end of the path after 3 steps.").waitFor();
    const shown = await replay.locator("body").innerText();
    assert.ok(shown.includes(text.at(-1)!.trim()), shown);
  } finally {
    await other.close();
    await Deno.remove(file);
  }
}

browserTest("engineer by mouse", REAL, async ({ page }) => {
  await settled(page);
  await page.getByRole("radio", { name: "Chat" }).click();
  await page.getByLabel("Text of message 1").fill("You are a concise poet.");
  await page.getByLabel("Text of message 2").fill("One line about the sea.");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await read(page);
  await page.getByPlaceholder("Force text…").fill("The sea is");
  await page.getByRole("button", { name: "Append", exact: true }).click();
  await forced(page);
  await page.getByRole("button", { name: "Step", exact: true }).click();
  await page.locator(".tok.appended").nth(3).waitFor();
  await settled(page);
  await page.locator("#strip .tok.appended").nth(2).click();
  await page.getByText("(step 3)").waitFor();
  await page.locator("#bars button").nth(3).click();
  await settled(page);
  const text = await reloaded(page);
  await page.getByRole("button", { name: "More controls" }).click();
  await page.getByRole("tab", { name: /Branches/ }).click();
  await page.locator(".tree .sw").nth(1).waitFor();
  await page.getByRole("button", { name: "Share" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: /^HTML replay/ }).click(),
  ]);
  await replayed(page, download, text);
});

browserTest("engineer by keyboard", REAL, async ({ page }) => {
  const { keyboard } = page;
  await settled(page);
  await tabTo(page, /^Text$/);
  await keyboard.press("ArrowRight"); // to Chat
  await tabTo(page, /^Text of message 1$/);
  await keyboard.press("Control+A");
  await keyboard.type("You are a concise poet.");
  await tabTo(page, /^Text of message 2$/);
  await keyboard.type("One line about the sea.");
  await keyboard.press("Control+Enter");
  await read(page);
  await focusInBars(page);
  await keyboard.press("f");
  await keyboard.type("The sea is");
  await keyboard.press("Enter");
  await forced(page);
  await tabTo(page, /^More controls/, "Shift+Tab"); // out of the field, where letters are letters
  await keyboard.press("s");
  await page.locator(".tok.appended").nth(3).waitFor();
  await settled(page);
  await tabTo(page, /./, "Shift+Tab", ".tok");
  await keyboard.press("ArrowLeft");
  await keyboard.press("Enter");
  await page.getByText("(step 3)").waitFor();
  await keyboard.press("4");
  await page.waitForFunction(() => document.querySelectorAll(".tok.appended").length === 3);
  await settled(page);
  const text = await reloaded(page);
  await tabTo(page, /^Share$/);
  await keyboard.press("Enter");
  await keyboard.press("ArrowDown"); // from the link to the replay
  const [download] = await Promise.all([page.waitForEvent("download"), keyboard.press("Enter")]);
  await replayed(page, download, text);
});
