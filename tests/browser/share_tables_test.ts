// Exports that ask the server: all tokens, the scores of the text, the ends of a replay, a drawing with its fonts; and
// the example that comes with a JSON schema.
import assert from "node:assert/strict";
import { lastAsked } from "./asked.ts";
import type { Page } from "playwright-core";
import { browserSuite, settled } from "./browser.ts";
import { write } from "./states_exploring.ts";

const browserTest = browserSuite();

/** Chooses an item of the Share menu by keys, and reads the file that it saves. */
async function saved(page: Page, item: string): Promise<string> {
  await page.getByRole("button", { name: "Share" }).focus();
  await page.keyboard.press("Enter");
  const entry = page.getByRole("menuitem", { name: item });
  await entry.focus();
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  return await Deno.readTextFile(await download.path());
}

browserTest("tables of all tokens and of the text", {}, async ({ page }) => {
  await write(page, 2);
  const all = (await saved(page, "CSV of all tokens")).trim().split("\r\n");
  assert.equal(all.length, 301, "a head and the fake model's 300 tokens");
  const text = (await saved(page, "CSV of the text")).trim().split("\r\n");
  assert.match(text[0]!, /^position,part,id,text,p_raw,logprob,rank,surprisal_bits,entropy_bits$/);
  assert.equal(text.filter((row) => /,completion,/.test(row)).length, 2);
});

browserTest("a replay has the bars behind every end, asked for or known", {}, async ({ page }) => {
  await write(page, 2);
  const html = await saved(page, "HTML replay");
  assert.doesNotMatch(html, /"end":null/);
});

browserTest("the drawing brings its fonts, its title and its key", {}, async ({ page }) => {
  await settled(page);
  const svg = await saved(page, "SVG of the bars");
  assert.match(svg, /@font-face\{font-family:"Inter"[^}]+base64,/);
  assert.match(svg, /@font-face\{font-family:"JetBrains Mono"/);
  assert.match(svg, />Final probability</);
});

browserTest("the example with a JSON schema is held to it", {}, async ({ page, server }) => {
  await settled(page);
  await page.getByRole("button", { name: "Examples" }).click();
  await page.getByRole("button", { name: /Ada Lovelace/ }).click();
  await page.waitForFunction(() =>
    document.querySelector<HTMLTextAreaElement>("#prompt")?.value.startsWith("Ada")
  );
  const constraint = () => lastAsked(server).input.constraint;
  while (!constraint().enabled) await page.waitForTimeout(20);
  assert.equal(constraint().type, "json_schema");
});
