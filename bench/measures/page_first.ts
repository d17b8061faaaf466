// What the page fetches before anybody has touched it.
import { gzipSync } from "node:zlib";
import type { Page } from "../../tests/playwright.ts";

/** Opens the page, waits until it shows bars, and adds up the scripts that it fetched until then: bytes, gzip. */
export async function firstScripts(
  page: Page,
  url: string,
  settled: (page: Page) => Promise<void>,
): Promise<number> {
  const bodies: Promise<Uint8Array>[] = [];
  page.on("response", (response) => {
    if (new URL(response.url()).pathname.endsWith(".js")) bodies.push(response.body());
  });
  await page.goto(url);
  await settled(page);
  await page.waitForTimeout(1000); // what the page fetches by itself, once it shows everything
  return (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
}
