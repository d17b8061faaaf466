// The settings that the browser remembers, under the keys that README names. Only what was changed is written, so
// that one tab does not put its own settings in the place of those that another tab has stored.
import { CONSTRAINT_TYPES, type ConstraintInput, readConstraint } from "../../sampling/constraint_kinds.ts";
import { normaliseValue, takesValue } from "../../sampling/param_values.ts";
import type { Parameter } from "../../sampling/parameter.ts";
import { PARAMETER_LIST, type Params } from "../../sampling/params.ts";
import { FIRST_SETTINGS, TOP_K } from "../session/new_session.ts";
import type { Settings } from "../session/types.ts";
import { pickIds, readIds } from "../settings/named_ids.ts";
import { PRESET_NAMES, type Sampling, shownPresetOf } from "../settings/sampling.ts";
import {
  type JsonObject,
  objectOf,
  oneOf,
  read,
  readObject,
  type Store,
  wholeOf,
  write,
} from "./local_storage.ts";

const KEYS = {
  params: "llmDemo.params",
  topK: "llmDemo.topK",
  constraintEnabled: "llmDemo.constraintEnabled",
  constraintType: "llmDemo.constraintType",
  constraintSchema: "llmDemo.constraintSchema",
  constraintSettings: "llmDemo.constraintSettings",
} as const;

/** The remembered settings; the first ones where nothing of ours is there. */
export function loadSettings(storage: Store): Settings {
  const topK = wholeOf(read(storage, KEYS.topK), TOP_K);
  return { ...loadSampling(storage), topK, constraint: loadConstraint(storage) };
}

function loadConstraint(storage: Store): ConstraintInput {
  const { constraint } = FIRST_SETTINGS;
  const written = {
    enabled: read(storage, KEYS.constraintEnabled) === "true",
    type: oneOf(read(storage, KEYS.constraintType), CONSTRAINT_TYPES, constraint.type),
    schema: read(storage, KEYS.constraintSchema) ?? constraint.schema,
  };
  const settings = readObject(storage, KEYS.constraintSettings);
  return Object.keys(settings).length === 0 ? written : readConstraint({ ...written, settings }) ?? written;
}

function loadSampling(storage: Store): Sampling {
  const stored = readObject(storage, KEYS.params);
  const params = fitParams(objectOf(stored.params));
  const named = oneOf(stored.preset, PRESET_NAMES, "custom");
  const shown = shownPresetOf(params);
  return { params, preset: shown === "greedy" || shown === named ? shown : "custom", ...readIds(stored) };
}

/** Stored values as settings: numbers are brought into range, what the table does not take is as at first. */
function fitParams(values: JsonObject): Params {
  const { params } = FIRST_SETTINGS;
  return Object.fromEntries(
    PARAMETER_LIST.map((
      [name, row],
    ) => [name, normaliseValue(row, fitValue(row, values[name], params[name]))]),
  ) as unknown as Params;
}

function fitValue(row: Parameter, value: unknown, otherwise: unknown): unknown {
  if (takesValue(row, value)) return value;
  if ("orNull" in row) return otherwise; // another seed than the one that was set would be none
  if (typeof value === "number" && (row.kind === "number" || row.kind === "integer")) {
    const [min, max] = row.range;
    const within = Math.min(max, Math.max(min, row.kind === "integer" ? Math.round(value) : value));
    return takesValue(row, within) ? within : otherwise;
  }
  if (Array.isArray(value) && (row.kind === "texts" || row.kind === "ids")) {
    const taken = value.filter((each) => takesValue(row, [each]));
    return row.kind === "texts" ? taken.slice(0, row.most) : taken;
  }
  if (row.kind === "biases") {
    const biases = Object.entries(objectOf(value));
    return Object.fromEntries(biases.filter(([id, bias]) => takesValue(row, { [id]: bias })));
  }
  return otherwise;
}

/** Writes what differs from `before`; everything where that is null. */
export function saveSettings(storage: Store, now: Settings, before: Settings | null = null): void {
  const { params, preset, topK, constraint } = now;
  const same = params === before?.params && preset === before.preset && haveSameIds(now, before);
  if (!same) saveSampling(storage, now, before);
  if (topK !== before?.topK) write(storage, KEYS.topK, String(topK));
  if (constraint === before?.constraint) return;
  write(storage, KEYS.constraintEnabled, String(constraint.enabled));
  write(storage, KEYS.constraintType, constraint.type);
  write(storage, KEYS.constraintSchema, constraint.schema);
  write(storage, KEYS.constraintSettings, JSON.stringify(constraint.settings ?? {}));
}

/** Nothing was changed that names tokens by id. */
function haveSameIds(now: Sampling, before: Sampling | null): boolean {
  if (before === null || now.ids !== before.ids || now.aside !== before.aside) return false;
  const [named, was] = [pickIds(now.params), pickIds(before.params)];
  return Object.entries(named).every(([name, value]) => value === was[name as keyof typeof was]);
}

function saveSampling(storage: Store, now: Sampling, before: Sampling | null): void {
  const { params, preset } = now;
  const all = readObject(storage, KEYS.params);
  const stored = objectOf(all.params);
  const isChosen = preset !== "custom" && preset !== before?.preset;
  const changed = PARAMETER_LIST.filter(([name, row]) =>
    params[name] !== before?.params[name] || (isChosen && !row.keptByPresets)
  );
  const values = Object.fromEntries(changed.map(([name]) => [name, params[name]]));
  // Token ids and whose they are go together: what another tab has stored is kept or replaced as a whole.
  const named = haveSameIds(now, before) ? {} : pickIds(params);
  const { ids, aside } = haveSameIds(now, before) ? all : now;
  const written = { params: { ...params, ...stored, ...values, ...named }, preset, ids, aside };
  write(storage, KEYS.params, JSON.stringify(written));
}
