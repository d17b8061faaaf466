// What the Share menu gives: files and the clipboard.
import assert from "node:assert/strict";
import type { Download, Page } from "playwright-core";

async function share(page: Page, name: string): Promise<void> {
  await page.locator(".share-btn").click();
  await page.getByRole("menuitem", { name: new RegExp(`^${name}`) }).click();
}

export async function saved(
  page: Page,
  name: string,
): Promise<{ path: string; text: string; download: Download }> {
  const [download] = await Promise.all([page.waitForEvent("download"), share(page, name)]);
  const path = await download.path();
  return { path, text: await Deno.readTextFile(path), download };
}

export async function clipboard(page: Page, name: string, said: string): Promise<string> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await share(page, name);
  await page.locator(".toast").getByText(said).waitFor();
  return await page.evaluate(() => navigator.clipboard.readText());
}

/** Runs a program and returns what it printed; null where this computer does not have it, which is said. */
export async function run(command: string, args: string[]): Promise<string | null> {
  const program = new Deno.Command(command, { args });
  const output = await program.output().catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn(`LEFT OUT: running the exported request. No ${command} here.`);
    return null;
  });
  if (output === null) return null;
  const { code, stdout, stderr } = output;
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
