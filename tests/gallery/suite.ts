// Gallery pages in Chromium, opened as files: no server, no network.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "../playwright.ts";
import { teachingPages } from "./teaching.tsx";

const CHROMIUM = Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium";
const ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];

export interface GalleryOptions {
  readonly width?: number;
  readonly theme?: "light" | "dark";
}

export interface GalleryTest {
  readonly page: Page;
  /** Opens a file with this content, as a double click on it would. */
  open(name: string, html: string): Promise<void>;
}

/** One test on one part of the gallery. */
export type GallerySuite = (
  name: string,
  part: string,
  options: GalleryOptions,
  run: (t: GalleryTest) => Promise<void>,
  /** Complaints that the test provokes. */
  expected?: RegExp,
) => void;

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // not there
  }
}

/** Tests on gallery pages; every complaint of a page and every request that leaves its file fails the test. */
export function gallerySuite(): GallerySuite {
  const there = isFile(CHROMIUM);
  const required = Deno.env.get("NEXTTOKEN_REQUIRE_BROWSER") === "1";
  if (!there && !required) console.warn(`LEFT OUT: the tests of the gallery. No Chromium at ${CHROMIUM}.`);
  let browser: Browser;
  let folder = "";
  Deno.test.beforeAll(async () => {
    if (!there) return;
    folder = await Deno.makeTempDir();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
    for (const [name, html] of await teachingPages()) {
      await Deno.writeTextFile(`${folder}/${name}.html`, html);
    }
  });
  Deno.test.afterAll(async () => {
    await browser?.close();
    if (folder !== "") await Deno.remove(folder, { recursive: true });
  });
  return (name, part, options, run, expected) => {
    Deno.test({
      name: there || required ? name : `${name} (left out: no Chromium)`,
      ignore: !there && !required,
      async fn() {
        assert.ok(there, `Chromium is required (NEXTTOKEN_REQUIRE_BROWSER=1) and missing at ${CHROMIUM}`);
        await onPart(browser, `${folder}/${part}.html`, options, run, expected);
      },
    });
  };
}

async function onPart(
  browser: Browser,
  file: string,
  { width = 1280, theme = "light" }: GalleryOptions,
  run: (t: GalleryTest) => Promise<void>,
  expected?: RegExp,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height: 860 },
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  const open = async (name: string, html: string) => {
    const path = file.replace(/[^/]+$/, name);
    await Deno.writeTextFile(path, html);
    await page.goto(pathToFileURL(path).href);
  };
  try {
    await page.goto(pathToFileURL(file).href);
    await run({ page, open });
    const unexpected = complaints.filter((text) => !expected?.test(text));
    assert.deepEqual(unexpected, [], "the page complained");
  } finally {
    await context.close();
  }
}
