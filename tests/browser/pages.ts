// Pages that tests take and give back: a new one costs as much as all that most tests do with it. The servers of a
// suite have the same address, so that Chromium keeps the process, scripts and styles of the page before.
import { PAGE_PATIENCE_MS, PATIENCE } from "../patience.ts";
import { type Browser, chromium, type Page } from "../playwright.ts";

/** Headless, and nothing of its own on the network. */
const CHROMIUM_ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** No page of a test lives long enough for what optimising its scripts costs: a sixth of the pages' processor time. */
const SHORT_LIVED = "--js-flags=--no-maglev,--no-turbofan";

/** A folder for pictures of every state, for those who want to look. */
export const PICTURES = Deno.env.get("NEXTTOKEN_PICTURES");

/** Without memory for pixels Chromium lays out and paints but draws none: no test looks at them, and they are a tenth
 * of the processor's time of a load. */
const UNDRAWN = PICTURES === undefined ? ["--force-gpu-mem-available-mb=0"] : [];

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // not there
  }
}

/** Where distributions put it. The headless shell is the same engine without the windows around it: it takes two thirds
 * of the processor's time. */
const CHROMIUM_PATHS = ["chromium-headless-shell", "chromium", "chromium-browser"].map((name) =>
  `/usr/bin/${name}`
);

/** Where Chromium is, or null: then the suite says so, and fails where a browser is required. */
export function findChromium(): string | null {
  const named = Deno.env.get("CHROMIUM_PATH");
  return [...(named === undefined ? [] : [named]), ...CHROMIUM_PATHS].find(exists) ?? null;
}

/** What a page needs to be before a test. */
interface Screen {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  readonly touch?: boolean;
  readonly ownPage?: boolean;
}

/** What tests listen to. */
const EVENTS = ["console", "pageerror", "request", "response", "dialog", "download"] as const;

/** Starts Chromium, with scripts optimised as they are for a user. */
export function launchChromium(executablePath: string, ...more: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...CHROMIUM_ARGS, ...more], timeout: PATIENCE.timeout });
}

/** Starts Chromium for pages that are shared; they cannot be photographed, but for `PICTURES`. */
export async function launchPages(executablePath: string): Promise<Pages> {
  return new Pages(await launchChromium(executablePath, SHORT_LIVED, ...UNDRAWN));
}

/** In the page: clears what it has in its storages and lets it write there no more. Whether its screen is touched. */
function forget(): boolean {
  if (origin !== "null") {
    for (const storage of [localStorage, sessionStorage]) storage.clear();
    Storage.prototype.setItem = () => {};
  }
  return navigator.maxTouchPoints > 0;
}

/** Leaves what a server showed for a picture of it: Chromium ends the process of a page that goes to no address. False
 * where the server has gone. */
async function leave(page: Page, address: string): Promise<boolean> {
  const picture = address.startsWith("file:") ? "about:blank" : new URL("/favicon.svg", address).href;
  return await page.goto(picture).then(() => true, () => false);
}

/** The pages of one browser; one of them is taken again and again. */
export class Pages {
  readonly #browser: Browser;
  #free: Page | null = null;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  async take(
    { width = 1280, height = 900, theme = "light", touch = false, ownPage = false }: Screen,
  ): Promise<Page> {
    const viewport = { width, height };
    if (this.#free === null || touch || ownPage) {
      const context = await this.#browser.newContext({
        ...{ viewport, colorScheme: theme, hasTouch: touch, reducedMotion: "reduce" },
      });
      context.setDefaultTimeout(PAGE_PATIENCE_MS);
      return await context.newPage();
    }
    const page = this.#free;
    this.#free = null;
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: theme });
    return page;
  }

  /** Takes back a page that shows what is at `address`, and forgets what it stored for it. */
  async giveBack(page: Page, address: string): Promise<void> {
    if (this.#free !== null) return await this.drop(page);
    for (const event of EVENTS) page.removeAllListeners(event);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await Promise.all(page.context().pages().filter((other) => other !== page).map((other) => other.close()));
    if (await page.evaluate(forget)) return await this.drop(page);
    await page.context().clearPermissions();
    await page.mouse.move(0, 0);
    if (!await leave(page, address)) return await this.drop(page);
    const origin = address.startsWith("file:") ? "file://" : new URL(address).origin;
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
    await cdp.detach();
    this.#free = page;
  }

  async drop(page: Page): Promise<void> {
    await page.context().close();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
