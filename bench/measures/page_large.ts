// A large exploration on the page: 500 tokens and 30 branches, and what is done with them.
import type { Page } from "../../tests/playwright.ts";
import type { Waiting } from "../chromium.ts";

export const TOKENS = 500;
export const BRANCHES = 30;
/** A token of the fake model. */
const LETTER = "x";

/** Forces 500 tokens, then goes back 29 times and takes another one. Leaves the longest path shown. */
export async function explore(page: Page, { settled }: Waiting, branches: number): Promise<void> {
  await page.fill("#force", LETTER.repeat(TOKENS));
  await page.getByText(`${TOKENS} tokens`, { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".counter").getByText(`+ ${TOKENS} new`).waitFor();
  await settled(page);
  await page.getByRole("button", { name: "More controls" }).click();
  await page.getByRole("tab", { name: /Branches/ }).click();
  for (let n = 1; n < branches; n++) {
    await page.locator("#strip .tok.appended").nth(n * 2).click();
    await page.getByText(`(step ${n * 2 + 1})`).waitFor();
    await page.locator("#bars button:not([aria-current])").nth(n % 9).click();
    await page.locator(".counter").getByText(`+ ${n * 2 + 1} new`).waitFor();
    await settled(page);
    await switchTo(page, 0);
    await page.locator(".counter").getByText(`+ ${TOKENS} new`).waitFor();
    await settled(page);
  }
}

/** Goes to a path by its place in the tree. */
async function switchTo(page: Page, at: number): Promise<void> {
  await page.locator(".tree .sw").nth(at).click();
}

/** Types into the prompt, as fast as people who are used to it. */
export async function type(page: Page): Promise<void> {
  await page.locator("#prompt").focus();
  await page.keyboard.press("End");
  await page.keyboard.type(" and nothing else is quite like it", { delay: 30 });
}

/** Runs the mouse over tokens of the text, from line to line, and over the bars. */
export async function hover(page: Page): Promise<void> {
  for (let n = 100; n < 140; n++) await page.locator("#strip .tok.appended").nth(n).hover();
  for (let n = 0; n < 10; n++) await page.locator("#bars button").nth(n).hover();
}

export async function switchAround(page: Page, { settled }: Waiting): Promise<void> {
  const paths = await page.locator(".tree .sw").count();
  for (let n = 1; n <= 10; n++) {
    await switchTo(page, (n * 7) % paths);
    await settled(page);
    await switchTo(page, 0);
    await settled(page);
  }
}
