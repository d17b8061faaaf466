// Chromium for the tests of the page, and the page's own complaints: console errors, blocked styles and scripts,
// what axe-core finds.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { PAGE_PATIENCE_MS, PATIENCE } from "../patience.ts";
import type { BrowserContext, Page } from "../playwright.ts";
import { CONTRAST_RULES, readLooks } from "./contrast.ts";
import { findChromium, launchPages, type Pages } from "./pages.ts";
import { buildPage, type PageServer, type Start, type StartOptions } from "./server.ts";

const AXE = fileURLToPath(import.meta.resolve("axe-core/axe.min.js"));

export interface PageTest {
  readonly page: Page;
  readonly start: Start;
  readonly server: PageServer;
  /** Console errors, page errors and violations of the content security policy so far. */
  readonly complaints: string[];
}

export type Options = StartOptions & {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  /** A screen that is touched. */
  readonly touch?: boolean;
  /** Complaints that the test provokes. */
  readonly expected?: RegExp;
  /** What the test does to its page cannot be taken back: no other test gets it. */
  readonly ownPage?: boolean;
};

interface Suite {
  readonly path: string | null;
  readonly required: boolean;
  pages?: Pages;
  start?: Start;
}

/** One browser, one build and one page for all test files that are run in one isolate. */
let shared: Suite | undefined;

function openSuite(): Suite {
  const required = Deno.env.get("NEXTTOKEN_REQUIRE_BROWSER") === "1";
  const suite: Suite = { path: findChromium(), required };
  if (suite.path === null && !required) {
    console.warn("LEFT OUT: the browser tests. No Chromium at CHROMIUM_PATH or in /usr/bin.");
  }
  Deno.test.beforeAll(async () => {
    if (suite.path === null) return;
    suite.pages = await launchPages(suite.path);
    suite.start = await buildPage();
  });
  Deno.test.afterAll(() => suite.pages?.close());
  return suite;
}

/** A suite of browser tests: the browser and its page are shared, each test has a server of its own. */
export function browserSuite(): (
  name: string,
  options: Options,
  run: (t: PageTest) => Promise<void>,
) => void {
  const suite = shared ??= openSuite();
  const leftOut = suite.path === null && !suite.required;
  return (name, options, run) => {
    Deno.test({
      name: leftOut ? `${name} (left out: no Chromium)` : name,
      ignore: leftOut,
      ...PATIENCE,
      async fn() {
        assert.ok(suite.path !== null, "Chromium is required (NEXTTOKEN_REQUIRE_BROWSER=1) and missing");
        await onPage(suite.pages!, suite.start!, options, run);
      },
    });
  };
}

async function onPage(pages: Pages, start: Start, options: Options, run: (t: PageTest) => Promise<void>) {
  const server = await start(options);
  const page = await pages.take(options);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  let passed = false;
  try {
    await page.goto(server.url);
    await run({ page, start, server, complaints });
    const unexpected = complaints.filter((text) => !options.expected?.test(text));
    assert.deepEqual(unexpected, [], "the page complained");
    passed = true;
  } finally {
    if (!passed) await pages.drop(page).catch(() => {}); // what failed before is what counts
    else await (options.ownPage === true ? pages.drop(page) : pages.giveBack(page, server.url));
    await server.close();
  }
}

/** A context that shares nothing with this page; the caller's to close. */
export async function contextApart(page: Page, options: { offline?: boolean } = {}): Promise<BrowserContext> {
  const context = await page.context().browser()!.newContext({ reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(PAGE_PATIENCE_MS);
  return context;
}

/** What axe puts on the window, as far as it is used. */
interface Axe {
  run(context: unknown, options: unknown): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>;
}

/** In the page: what axe finds with these options, in texts and fields that look like one of `only`, else everywhere. */
async function runAxe({ only, options }: { only?: string[]; options: object }): Promise<string[]> {
  const { axe } = globalThis as unknown as { axe: Axe };
  const include = Array.from(globalThis.looks).filter(([, look]) => only?.includes(look));
  const { violations } = await axe.run(
    only === undefined ? document : { include: include.map(([element]) => element) },
    // Without `preload`: it reads the styles again for rules about films, and there is none.
    { resultTypes: ["violations"], preload: false, ...options },
  );
  return violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(" | ")}`
  );
}

/** Waits for what fades in or out: it has another contrast on its way. */
async function waitForEnds(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) =>
      effect?.getTiming().iterations !== Infinity
    );
    await Promise.all(ending.map(({ finished }) => finished.catch(() => {})));
  });
}

/** Looks of texts whose contrast axe has found good in this isolate. */
const goodLooks = new Set<string>();

/** Asserts that axe-core (WCAG 2.0 to 2.2 A and AA, best practices) finds nothing. `contrast`: only what another theme
 * changes, on a page that was held against all rules before. The contrast of a text is judged where no text before
 * looked as it does. */
export async function assertAccessible(page: Page, state: string, rules?: "contrast"): Promise<void> {
  await waitForEnds(page);
  const only = (await page.evaluate(readLooks)).filter((look) => !goodLooks.has(look));
  // evaluate, not addScriptTag: the content security policy of the page stays as it is.
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(await Deno.readTextFile(AXE));
  const without = { rules: Object.fromEntries(CONTRAST_RULES.map((rule) => [rule, { enabled: false }])) };
  const violations = [
    ...(rules === "contrast" ? [] : await page.evaluate(runAxe, { options: without })),
    ...(only.length === 0 ? [] : await page.evaluate(runAxe, { only, options: { runOnly: CONTRAST_RULES } })),
  ];
  assert.deepEqual(violations, [], `axe-core in state "${state}"`);
  for (const look of only) goodLooks.add(look);
}

/** The tokens of the strip, as real text. */
export function stripTokens(page: Page): Promise<string[]> {
  return page.locator("#strip .tok").allTextContents();
}

/** Waits until the bars belong to the text and the settings, and all of the text is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.locator(".dist:not(.stale) #bars button:not([aria-disabled])").first().waitFor();
  await page.locator("#strip[aria-busy]").waitFor({ state: "detached" });
}

/** Waits until the focus is in the bars: after Start it leaves the prompt when nothing is typed for a moment. */
export async function focusInBars(page: Page): Promise<void> {
  await page.waitForFunction(() => document.activeElement?.closest("#bars") != null);
}

/** Waits until the counter over the text says exactly this. */
export async function counted(page: Page, text: string): Promise<void> {
  await page.locator(".counter").getByText(text, { exact: true }).waitFor();
}

/** Presses Tab (or Shift+Tab) until the focus is on an element whose name or text matches, and its selector too. */
export async function tabTo(page: Page, name: RegExp, key = "Tab", selector = "*"): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press(key);
    const found = await page.evaluate((selector) => {
      const focused = document.activeElement;
      if (!focused?.matches(selector)) return null;
      return (focused.getAttribute("aria-label") ?? focused.textContent ?? "").trim();
    }, selector);
    if (found !== null && name.test(found)) return;
  }
  assert.fail(`${key} never reaches ${name}`);
}
