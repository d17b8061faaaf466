// What the page keeps of what it no longer shows: nothing that grows with every token.
import assert from "node:assert/strict";
import type { CDPSession, Page } from "playwright-core";
import { fakeStatus } from "../fakes.ts";
import { answersOf, endlessLanguage } from "./asked.ts";
import { browserSuite, counted, settled } from "./browser.ts";

const browserTest = browserSuite();

const FEW = 20;
const STEPS = 40;
/** In all: a node of each step. One set of bars has some 60. */
const MOST_RETAINED = 40;

/** Nodes that are alive behind a collection and not in the document. */
async function detachedNodes(page: Page, cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const { nodes } = await cdp.send("Memory.getDOMCounters");
  const attached = await page.evaluate(() => {
    const walker = document.createTreeWalker(document);
    let count = 1;
    while (walker.nextNode() !== null) count++;
    return count;
  });
  return nodes - attached;
}

/** Draws until there are so many tokens. Nothing here waits for a token's own element: Playwright would look at its
 * attributes and so make nodes of them. */
async function stepTo(page: Page, tokens: number): Promise<void> {
  const from = Number(/(\d+) new/.exec(await page.locator(".counter").innerText())?.[1] ?? 0);
  for (let n = from + 1; n <= tokens; n++) {
    await page.keyboard.press("s");
    await counted(page, `30 prompt + ${n} new`);
  }
  await settled(page);
}

const LONG = { contextLength: 4096 };

browserTest("tokens that were appended keep no bars of the steps before", {
  status: fakeStatus.ready(LONG),
  answers: answersOf(endlessLanguage(LONG.contextLength)),
}, async ({ page }) => {
  await settled(page);
  const cdp = await page.context().newCDPSession(page);
  await page.locator("h1").click({ force: true });
  await stepTo(page, FEW);
  const before = await detachedNodes(page, cdp);
  await stepTo(page, FEW + STEPS);
  const after = await detachedNodes(page, cdp);
  const retained = after - before;
  assert.ok(
    retained < MOST_RETAINED,
    `${retained} nodes of ${STEPS} steps are kept (${before}, then ${after})`,
  );
});
