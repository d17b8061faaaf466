// Playwright under named permissions: while it loads it looks for a file below /proc to see whether it runs in WSL,
// and Deno opens /proc to allow-all alone. Nothing is there for it.
import fs from "node:fs";

const { existsSync } = fs;
fs.existsSync = (path) => !String(path).startsWith("/proc/") && existsSync(path);
export const { chromium } = await import("playwright-core");
fs.existsSync = existsSync;
export type { Browser, BrowserContext, Page } from "playwright-core";
