// Tokens of the prompt are tokens like the others: each can be inspected, and branched from.
import assert from "node:assert/strict";
import type { Page } from "../playwright.ts";
import { fakeStatus } from "../fakes.ts";
import { lastAsked } from "./asked.ts";
import { browserSuite, counted, focusInBars, settled, stripTokens } from "./browser.ts";

const browserTest = browserSuite();
const CHAT = { status: fakeStatus.ready({ hasChatTemplate: true }) };

/** Where the first bar stands, in pixels from the top. */
async function barsTop(page: Page): Promise<number> {
  return (await page.locator("#bars button").first().boundingBox())!.y;
}

browserTest(
  "a prompt token by mouse: its bars, its rank, a branch, and back",
  {},
  async ({ page, server }) => {
    await settled(page);
    const whole = await stripTokens(page);
    const top = await barsTop(page);
    await page.locator("#strip .tok").nth(3).click();
    await page.getByText("(token 4 of the prompt)").waitFor();
    await settled(page);
    assert.equal(lastAsked(server).ids?.length, 3);
    await page.locator(".inspection-notice").getByText(/^\S+ %, rank \d+\. Choose another bar to branch\.$/)
      .waitFor();
    assert.equal(await page.locator("#bars [aria-current=true]").count(), 1, "its bar is marked");
    assert.equal(await barsTop(page), top, "nothing has moved");
    assert.equal(await page.locator("#strip .tok.past").count(), whole.length - 4);
    await page.locator("#bars button:not([aria-current=true])").first().click();
    await counted(page, "3 prompt + 1 new");
    await settled(page);
    assert.deepEqual((await stripTokens(page)).slice(0, 3), whole.slice(0, 3));
    assert.equal(await page.locator("#prompt").inputValue(), whole.slice(0, 3).join(""));
    await page.reload();
    await counted(page, "3 prompt + 1 new");
    await page.getByRole("button", { name: "Undo", exact: true }).first().click();
    await counted(page, `${whole.length} tokens`);
    assert.equal(await page.locator("#prompt").inputValue(), whole.join(""));
  },
);

browserTest(
  "the same by keyboard alone, and the first token says that nothing comes before it",
  {},
  async ({ page }) => {
    await settled(page);
    const whole = await stripTokens(page);
    await page.locator("#strip .tok").last().focus();
    for (let n = 0; n < 2; n++) await page.keyboard.press("ArrowLeft");
    await page.locator("#token-card").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText(`(token ${whole.length - 2} of the prompt)`).waitFor();
    await page.keyboard.press("Enter"); // once more leads back
    await page.locator(".inspection-notice").waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await page.locator(".inspection-notice").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".inspection-notice").waitFor({ state: "detached" });
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.locator(".toast").getByText("Nothing comes before the first token.").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByText("(token 2 of the prompt)").waitFor();
    await settled(page);
    await page.keyboard.press("9");
    await counted(page, "1 prompt + 1 new");
  },
);

browserTest(
  "tokens of the chat template, too; Start reads the same tokens again",
  CHAT,
  async ({ page, server }) => {
    await settled(page);
    await page.getByRole("radio", { name: "Chat" }).click();
    await page.getByLabel("Text of message 2").fill("The sea");
    await page.keyboard.press("Control+Enter");
    await focusInBars(page);
    await settled(page);
    await page.locator("#strip .tok.special").nth(1).click();
    await page.getByText(/\(token \d+ of the prompt\)/).waitFor();
    await settled(page);
    await page.locator("#bars button:not([aria-current=true])").first().click();
    await page.locator(".counter").getByText(/prompt \+ 1 new$/).waitFor();
    await settled(page);
    const { input } = lastAsked(server);
    assert.equal(await page.getByRole("radio", { name: "Text" }).getAttribute("aria-checked"), "true");
    await page.locator("#start").click();
    await counted(page, `${input.prompt_ids!.length} tokens`);
  },
);
