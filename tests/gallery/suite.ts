// Gallery pages in Chromium, opened as files: no server, no network.
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { findChromium, launchPages, type Pages } from "../browser/pages.ts";
import { PATIENCE } from "../patience.ts";
import type { Page } from "../playwright.ts";
import { teachingPages } from "./teaching.tsx";

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

/** Tests on gallery pages; every complaint of a page and every request that leaves its file fails the test. */
export function gallerySuite(): GallerySuite {
  const path = findChromium();
  const there = path !== null;
  const required = Deno.env.get("NEXTTOKEN_REQUIRE_BROWSER") === "1";
  if (!there && !required) console.warn("LEFT OUT: the tests of the gallery. No Chromium.");
  let pages: Pages;
  let folder = "";
  Deno.test.beforeAll(async () => {
    if (path === null) return;
    folder = await Deno.makeTempDir();
    pages = await launchPages(path);
    for (const [name, html] of await teachingPages()) {
      await Deno.writeTextFile(`${folder}/${name}.html`, html);
    }
  });
  Deno.test.afterAll(async () => {
    await pages?.close();
    if (folder !== "") await Deno.remove(folder, { recursive: true });
  });
  return (name, part, options, run, expected) => {
    Deno.test({
      name: there || required ? name : `${name} (left out: no Chromium)`,
      ignore: !there && !required,
      ...PATIENCE,
      async fn() {
        assert.ok(there, "Chromium is required (NEXTTOKEN_REQUIRE_BROWSER=1) and missing");
        await onPart(pages, `${folder}/${part}.html`, options, run, expected);
      },
    });
  };
}

async function onPart(
  pages: Pages,
  file: string,
  options: GalleryOptions,
  run: (t: GalleryTest) => Promise<void>,
  expected?: RegExp,
): Promise<void> {
  const page = await pages.take({ ...options, height: 860 });
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
  let passed = false;
  try {
    await page.goto(pathToFileURL(file).href);
    await run({ page, open });
    const unexpected = complaints.filter((text) => !expected?.test(text));
    assert.deepEqual(unexpected, [], "the page complained");
    passed = true;
  } finally {
    if (passed) await pages.giveBack(page, pathToFileURL(file).href);
    else await pages.drop(page).catch(() => {}); // what failed before is what counts
  }
}
