/// <reference lib="dom" />
// What the page keeps of many steps: its heap behind a forced collection, before and after.
import type { Page } from "../../tests/playwright.ts";
import type { Waiting } from "../chromium.ts";

/** Steps before the first look: what is made once is there by then. */
const FEW = 20;
export const STEPS = 500;

/** Bytes that the heap has grown by within `steps` steps. The page shows a model that never ends its text. */
export async function heapGrowth(page: Page, { settled }: Waiting, steps: number): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  const heap = async () => {
    await cdp.send("HeapProfiler.collectGarbage");
    await cdp.send("HeapProfiler.collectGarbage");
    return (await cdp.send("Runtime.getHeapUsage")).usedSize;
  };
  const stepTo = async (from: number, to: number) => {
    await page.evaluate(pressSteps, { from, to });
    await settled(page);
  };
  await page.locator("h1").click({ force: true });
  await stepTo(0, FEW);
  const before = await heap();
  await stepTo(FEW, FEW + steps);
  return await heap() - before;
}

/** Runs in the page: presses S, and again as soon as its token is counted. */
async function pressSteps({ from, to }: { from: number; to: number }): Promise<void> {
  for (let n = from + 1; n <= to; n++) {
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "s", cancelable: true }));
    while (!document.querySelector(".counter")!.textContent!.includes(`+ ${n} new`)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
