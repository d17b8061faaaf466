// What the browser remembers, under the keys that README names. Nothing here may stop the page: storage can be
// full, forbidden or filled by something else.
import { TEMPERATURE, TOP_K } from "./session.ts";
import type { Settings } from "./types_v1.ts";

export type Theme = "light" | "dark";

/** The part of localStorage that is used. */
export interface KeyValues {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEYS = {
  params: "llmDemo.params",
  topK: "llmDemo.topK",
  theme: "llmDemo.theme",
  singleKeys: "llmDemo.singleKeys",
} as const;

export const DEFAULT_SETTINGS: Settings = { temperature: TEMPERATURE.initial, topK: TOP_K.initial };

function read(storage: KeyValues | null, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null; // storage is forbidden: as if nothing had been remembered
  }
}

function write(storage: KeyValues | null, key: string, value: string): void {
  try {
    storage?.setItem(key, value);
  } catch {
    // Full or forbidden: the setting holds for this visit only.
  }
}

function parseObject(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {}; // not ours, or cut short
  }
}

function within(value: unknown, range: { min: number; max: number; initial: number }): number {
  const fits = typeof value === "number" && value >= range.min && value <= range.max;
  return fits ? value : range.initial;
}

/** The remembered settings; the default for each that is missing or out of range. */
export function loadSettings(storage: KeyValues | null): Settings {
  const params = parseObject(JSON.stringify(parseObject(read(storage, KEYS.params)).params ?? {}));
  const topK = Number(read(storage, KEYS.topK) ?? TOP_K.initial);
  return {
    temperature: within(params.temperature, TEMPERATURE),
    topK: Number.isInteger(topK) ? within(topK, TOP_K) : TOP_K.initial,
  };
}

/** Remembers settings; other parameters that are stored there stay. */
export function saveSettings(storage: KeyValues | null, settings: Settings): void {
  const stored = parseObject(read(storage, KEYS.params));
  const params = { ...parseObject(JSON.stringify(stored.params ?? {})), temperature: settings.temperature };
  write(storage, KEYS.params, JSON.stringify({ ...stored, params, preset: "custom" }));
  write(storage, KEYS.topK, String(settings.topK));
}

/** The remembered theme; null = as the system. */
export function loadTheme(storage: KeyValues | null): Theme | null {
  const theme = read(storage, KEYS.theme);
  return theme === "light" || theme === "dark" ? theme : null;
}

export function saveTheme(storage: KeyValues | null, theme: Theme): void {
  write(storage, KEYS.theme, theme);
}

export function loadSingleKeys(storage: KeyValues | null): boolean {
  return read(storage, KEYS.singleKeys) !== "off";
}

export function saveSingleKeys(storage: KeyValues | null, on: boolean): void {
  write(storage, KEYS.singleKeys, on ? "on" : "off");
}
