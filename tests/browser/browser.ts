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
  readonly _audit: { readonly rules: { id: string; matches(...args: unknown[]): boolean }[] };
}

declare global {
  /** In the page: the texts, fields and links whose contrast axe is to judge. */
  var judged: Set<unknown>;
}

/** In the page: these rules of axe leave what is not in `judged`. */
function limitRules(limited: string[]): void {
  const { axe } = globalThis as unknown as { axe: Axe };
  const rules = axe._audit.rules.filter(({ id }) => limited.includes(id));
  if (rules.length !== limited.length) throw new Error("axe has other rules of contrast");
  for (const rule of rules) {
    const matches = rule.matches.bind(rule);
    rule.matches = (element, ...rest) => globalThis.judged.has(element) && matches(element, ...rest);
  }
}

/** In the page: what axe finds by all rules or by `rules`. Those of contrast judge what looks like one of `looks`. All
 * in one run, because each begins with a model of the whole page. The size of targets, which axe leaves out unless it
 * is asked for, is judged on narrow screens, and from the top: what is scrolled below the header counts as obscured. */
async function runAxe({ looks, rules }: { looks: string[]; rules: string[] | null }): Promise<string[]> {
  const { axe } = globalThis as unknown as { axe: Axe };
  globalThis.judged = new Set(
    Array.from(globalThis.looks).filter(([, look]) => looks.includes(look))
      .flatMap(([element]) => [element, element.closest("a, [role=link]")]),
  );
  const [scrolled, isNarrow] = [scrollY, innerWidth < 500];
  if (isNarrow) scrollTo({ top: 0, behavior: "instant" });
  const { violations } = await axe.run(document, {
    ...(rules === null ? { rules: { "target-size": { enabled: isNarrow } } } : { runOnly: rules }),
    // Without `preload`: it reads the styles again for rules about films, and there is none.
    ...{ resultTypes: ["violations"], preload: false },
  });
  if (isNarrow) scrollTo({ top: scrolled, behavior: "instant" });
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
  const looks = (await page.evaluate(readLooks)).filter((look) => !goodLooks.has(look));
  if (rules === "contrast" && looks.length === 0) return;
  if (!await page.evaluate(() => "axe" in globalThis)) {
    // evaluate, not addScriptTag: the content security policy of the page stays as it is.
    await page.evaluate(await Deno.readTextFile(AXE));
    await page.evaluate(limitRules, CONTRAST_RULES);
  }
  const violations = await page.evaluate(runAxe, {
    looks,
    rules: rules === "contrast" ? CONTRAST_RULES : null,
  });
  assert.deepEqual(violations, [], `axe-core in state "${state}"`);
  for (const look of looks) goodLooks.add(look);
}

/** A screen that a state is looked at on. */
export type Screen = readonly ["light" | "dark", number]; // theme, width in pixels

export const SCREENS: readonly Screen[] = [["light", 1280], ["dark", 1280], ["light", 390]];

/** Asserts that axe-core finds nothing in this state on each of the screens, and that it is no wider than they are.
 * What only another theme changes is judged by the rules of contrast. */
export async function assertAccessibleOn(page: Page, state: string, screens = SCREENS): Promise<void> {
  let judged = 0; // the width of the screen before
  for (const [colorScheme, width] of screens) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await assertAccessible(
      page,
      `${state}, ${colorScheme}, ${width} px`,
      width === judged ? "contrast" : undefined,
    );
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${state}: ${wide} px wider than ${width}`);
    judged = width;
  }
}

/** Waits until the page answers yes; to waitForFunction a promise is a yes. */
export async function answersYes<A>(
  page: Page,
  question: (arg: A) => Promise<boolean>,
  arg: A,
): Promise<void> {
  while (!await page.evaluate<boolean, unknown>(question as (arg: unknown) => Promise<boolean>, arg)) {
    await page.waitForTimeout(20);
  }
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
