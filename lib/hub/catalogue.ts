// The short curated list of models that the page offers: data beside the bundled models, not code. Their sizes are
// approximate, because only the hub's listing knows them exactly; the label says so.
import { isRecord } from "../basics/is_record.ts";
import type { AvailableModel } from "../wire/models.ts";
import { sizeText } from "./folder/memory.ts";
import { parseHubId } from "./folder/names.ts";

/** Reads the catalogue at `path`: `{models: [{id, parameters, bytes, dtype, license}]}`. A folder without a
 * catalogue offers nothing; entries that are no models are left out. */
export async function readCatalogue(path: string): Promise<AvailableModel[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const value: unknown = JSON.parse(text);
  const entries = isRecord(value) && Array.isArray(value.models) ? value.models : [];
  return entries.map(entryOf).filter((entry) => entry !== null);
}

function entryOf(entry: unknown): AvailableModel | null {
  if (!isRecord(entry)) return null;
  const { id, parameters, bytes, dtype, license } = entry;
  if (typeof id !== "string" || parseHubId(id) === null) return null;
  if (typeof bytes !== "number" || typeof dtype !== "string") return null;
  return {
    id,
    label: `${id.slice(id.indexOf("/") + 1)} (about ${sizeText(bytes)})`,
    parameters: typeof parameters === "number" ? parameters : null,
    bytes,
    dtype,
    license: typeof license === "string" ? license : null,
    cached: false,
    bundled: false,
  };
}
