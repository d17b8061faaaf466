// Chromium for the parts that measure the page.
import type { Browser, Page } from "../tests/playwright.ts";
import type { Report } from "./report.ts";

/** How tests of the page wait for it. */
export interface Waiting {
  readonly settled: (page: Page) => Promise<void>;
}

/** Runs `work` with Chromium, which is closed whatever happens; a note in the report where there is none. The page's
 * tests are loaded here: other parts must not find them in their memory. */
export async function withChromium(
  report: Report,
  work: (browser: Browser, waiting: Waiting) => Promise<void>,
): Promise<void> {
  const { settled } = await import("../tests/browser/browser.ts");
  const { findChromium, launchChromium } = await import("../tests/browser/pages.ts");
  const executablePath = findChromium();
  if (executablePath === null) {
    return report.note("Left out: all of it. No Chromium at CHROMIUM_PATH or /usr/bin/chromium.");
  }
  const browser = await launchChromium(executablePath);
  try {
    await work(browser, { settled });
  } finally {
    await browser.close();
  }
}
