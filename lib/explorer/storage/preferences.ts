// What the browser remembers of settings and views, under the keys that README names. Nothing here may stop the page:
// storage can be full, forbidden or filled by something else. Texts and branches are in session_store.ts.
import { NEUTRAL_PARAMS, type Params, presetOf, PRESETS } from "../../sampling/params.ts";
import { HEAT_SCALES } from "../words/heat.ts";
import { FIRST_DISPLAY, FIRST_SETTINGS, PLAY_TOKENS, SPEED, TOP_K } from "../session/new_session.ts";
import { PRESET_NAMES, type Sampling, setParam } from "../settings/sampling.ts";
import type { NumberParam } from "../settings/stage_control.ts";
import type { Display, Session, Settings } from "../session/types.ts";

export type Theme = "light" | "dark";

/** The part of localStorage that is used. */
export interface KeyValues {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export type Store = KeyValues | null;

const KEYS = {
  params: "llmDemo.params",
  topK: "llmDemo.topK",
  enabled: "llmDemo.llmEnabled",
  constraintEnabled: "llmDemo.constraintEnabled",
  constraintType: "llmDemo.constraintType",
  constraintSchema: "llmDemo.constraintSchema",
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

/** What is stored under a key; null where nothing is, or where storage is forbidden. */
export function read(storage: Store, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null; // storage is forbidden: as if nothing had been remembered
  }
}

/** Stores a value where that is possible. */
export function write(storage: Store, key: string, value: string): void {
  try {
    storage?.setItem(key, value);
  } catch {
    // Full or forbidden: the setting holds for this visit, and with the session.
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

function inner(object: Record<string, unknown>, key: string): Record<string, unknown> {
  return parseObject(JSON.stringify(object[key] ?? {}));
}

function one<const T extends string>(value: unknown, options: readonly T[], otherwise: T): T {
  return options.includes(value as T) ? value as T : otherwise;
}

function whole(value: unknown, { min, max, initial }: { min: number; max: number; initial: number }): number {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return Number.isInteger(number) && (number as number) >= min && (number as number) <= max
    ? number as number
    : initial;
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string" && each !== "") : [];

/** Settings that are no numbers, each as it was stored or as it is off. */
function otherParams(stored: Record<string, unknown>): Partial<Params> {
  const { seed } = stored;
  const biases = Object.entries(inner(stored, "logit_bias"))
    .filter(([id, bias]) => /^\d{1,9}$/.test(id) && typeof bias === "number" && Math.abs(bias) <= 10_000);
  return {
    greedy: stored.greedy === true,
    seed: Number.isSafeInteger(seed) ? seed as number : null,
    stop_sequences: texts(stored.stop_sequences),
    logit_bias: Object.fromEntries(biases) as Record<string, number>,
    top_p_rule: one(stored.top_p_rule, ["strict", "at_least"], "strict"),
    penalty_scope: one(stored.penalty_scope, ["all", "completion"], "all"),
  };
}

/** The remembered settings of the pipeline; the first ones where nothing of ours is there. */
function loadSampling(storage: Store): Sampling {
  const stored = parseObject(read(storage, KEYS.params));
  const values = inner(stored, "params");
  if (Object.keys(values).length === 0) return FIRST_SETTINGS;
  const numbers = Object.keys(NEUTRAL_PARAMS).filter((name) => typeof values[name] === "number");
  const base: Sampling = { params: { ...FIRST_SETTINGS.params, ...otherParams(values) }, preset: "custom" };
  const { params } = numbers.reduce<Sampling>(
    (sampling, name) =>
      name === "seed" ? sampling : setParam(sampling, name as NumberParam, values[name] as number),
    base,
  );
  const named = one(stored.preset, PRESET_NAMES, "custom");
  const is = named !== "custom" && PRESETS[named].greedy === params.greedy;
  return { params, preset: is && presetOf(params) === named ? named : "custom" };
}

export function loadSettings(storage: Store): Settings {
  const type = read(storage, KEYS.constraintType);
  return {
    ...loadSampling(storage),
    topK: whole(read(storage, KEYS.topK), TOP_K),
    constraint: {
      enabled: false, // a constraint waits until its tab has checked it
      type: one(type, ["multiple_choice", "regex", "cfg", "json_schema"], "multiple_choice"),
      schema: read(storage, KEYS.constraintSchema) ?? "",
    },
  };
}

export function loadEnabled(storage: Store): boolean {
  return read(storage, KEYS.enabled) !== "false";
}

export function loadDisplay(storage: Store): Display {
  const stored = parseObject(read(storage, KEYS.display));
  const speed = Number(read(storage, KEYS.speed));
  const flag = (key: "table" | "expert" | "playGreedy") => stored[key] === true;
  return {
    heat: one(stored.heat, HEAT_SCALES.map(({ value }) => value), FIRST_DISPLAY.heat),
    axis: one(stored.axis, ["linear", "log"], FIRST_DISPLAY.axis),
    view: one(stored.view, ["tokens", "plain"], FIRST_DISPLAY.view),
    tab: typeof stored.tab === "string" ? stored.tab : FIRST_DISPLAY.tab,
    table: flag("table"),
    expert: flag("expert") ||
      (!("expert" in stored) && read(storage, "llmDemo.decodingCollapsed") === "false"),
    playGreedy: flag("playGreedy"),
    playTokens: whole(stored.playTokens, PLAY_TOKENS),
    speedMs: stored.fastest === true ? 0 : whole(speed === 0 ? null : speed, SPEED),
  };
}

/** Writes what has changed. */
export function savePreferences(storage: Store, now: Session, before: Session): void {
  const { settings, display } = now;
  if (settings !== before.settings) saveSettings(storage, settings);
  if (display !== before.display) saveDisplay(storage, display);
  if (now.enabled !== before.enabled) write(storage, KEYS.enabled, String(now.enabled));
}

export function saveSettings(storage: Store, { params, preset, topK, constraint }: Settings): void {
  write(storage, KEYS.params, JSON.stringify({ params, preset }));
  write(storage, KEYS.topK, String(topK));
  write(storage, KEYS.constraintEnabled, String(constraint.enabled));
  write(storage, KEYS.constraintType, constraint.type);
  write(storage, KEYS.constraintSchema, constraint.schema);
}

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

export function saveTheme(storage: Store, theme: Theme): void {
  write(storage, KEYS.theme, theme);
}

export function loadSingleKeys(storage: Store): boolean {
  return read(storage, KEYS.singleKeys) !== "off";
}

export function saveSingleKeys(storage: Store, on: boolean): void {
  write(storage, KEYS.singleKeys, on ? "on" : "off");
}
