// What the browser remembers of views and switches, under the keys that README names; settings are in
// stored_settings.ts, texts and branches in session_store.ts.
import { HEAT_SCALES } from "../words/heat.ts";
import { FIRST_DISPLAY, PLAY_TOKENS, SPEED } from "../session/new_session.ts";
import type { Display } from "../session/display.ts";
import type { Session } from "../session/types.ts";
import { oneOf, read, readObject, type Store, wholeOf, write } from "./local_storage.ts";
import { saveSettings } from "./stored_settings.ts";

export type Theme = "light" | "dark";

const KEYS = {
  enabled: "llmDemo.llmEnabled",
  speed: "llmDemo.stepSpeedMs",
  display: "llmDemo.display",
  theme: "llmDemo.theme",
  singleKeys: "llmDemo.singleKeys",
} as const;

/** Which tab of "More controls" each published key is about; the speed control shows with all of them. */
const COLLAPSED = {
  "llmDemo.decodingCollapsed": "sampling",
  "llmDemo.attrCollapsed": "attribution",
  "llmDemo.constraintCollapsed": "constraint",
  "llmDemo.stepSpeedCollapsed": null,
} as const;

/** Whether the model is on; it is where nothing is stored. */
export function loadEnabled(storage: Store): boolean {
  return read(storage, KEYS.enabled) !== "false";
}

/** How the page is shown; the default for each part that is not stored or damaged. */
export function loadDisplay(storage: Store): Display {
  const stored = readObject(storage, KEYS.display);
  const speed = Number(read(storage, KEYS.speed));
  const flag = (key: "table" | "expert") => stored[key] === true;
  return {
    heat: oneOf(stored.heat, HEAT_SCALES.map(({ value }) => value), FIRST_DISPLAY.heat),
    axis: oneOf(stored.axis, ["linear", "zoom", "log"], FIRST_DISPLAY.axis),
    view: oneOf(stored.view, ["tokens", "plain"], FIRST_DISPLAY.view),
    tab: typeof stored.tab === "string" ? stored.tab : FIRST_DISPLAY.tab,
    table: flag("table"),
    live: stored.live !== false,
    expert: flag("expert") ||
      (!("expert" in stored) && read(storage, "llmDemo.decodingCollapsed") === "false"),
    playTokens: wholeOf(stored.playTokens, PLAY_TOKENS),
    speedMs: stored.fastest === true ? 0 : wholeOf(speed === 0 ? null : speed, SPEED),
  };
}

/** Writes what has changed. */
export function savePreferences(storage: Store, now: Session, before: Session): void {
  const { settings, display } = now;
  saveSettings(storage, settings, before.settings);
  if (display !== before.display) saveDisplay(storage, display);
  if (now.enabled !== before.enabled) write(storage, KEYS.enabled, String(now.enabled));
}

/** Stores how the page is shown. */
export function saveDisplay(storage: Store, { speedMs, ...display }: Display): void {
  write(storage, KEYS.display, JSON.stringify({ ...display, fastest: speedMs === 0 }));
  if (speedMs > 0) write(storage, KEYS.speed, String(speedMs));
  for (const [key, tab] of Object.entries(COLLAPSED)) {
    write(storage, key, String(!display.expert || (tab !== null && tab !== display.tab)));
  }
}

/** The remembered theme; null = as the system. */
export function loadTheme(storage: Store): Theme | null {
  const theme = read(storage, KEYS.theme);
  return theme === "light" || theme === "dark" ? theme : null;
}

/** Stores the chosen theme. */
export function saveTheme(storage: Store, theme: Theme): void {
  write(storage, KEYS.theme, theme);
}

/** Whether keys without a modifier count; they do where nothing is stored. */
export function loadSingleKeys(storage: Store): boolean {
  return read(storage, KEYS.singleKeys) !== "off";
}

/** Stores whether keys without a modifier count. */
export function saveSingleKeys(storage: Store, on: boolean): void {
  write(storage, KEYS.singleKeys, on ? "on" : "off");
}
