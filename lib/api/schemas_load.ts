// What may be asked about models: which one to load, and whose files to list. The names themselves are checked by
// lib/hub, which alone knows what a model may be called.
import { z } from "zod";
import { DEVICE_CHOICES } from "../config/config.ts";
import type { LoadInput } from "../wire/models.ts";

export const loadInput = z.object({
  model_id: z.string().describe(
    "owner/name on the hub, with @revision where one is meant, a bundled id, or a folder below an allowed root.",
  ),
  revision: z.string().nullable().default(null).describe(
    "A branch, tag or commit of the hub; default: main.",
  ),
  dtype: z.string().nullable().default(null).describe(
    "The file to take: auto, fp32, fp16, q4, q4f16, q8, int8 …; GET /api/models?id=… lists those of a model.",
  ),
  device: z.enum(DEVICE_CHOICES).nullable().default(null).describe("Where it runs; default: as configured."),
}) satisfies z.ZodType<LoadInput>;

/** The query of GET /api/models, as parameters of the OpenAPI document. */
export const MODELS_PARAMETERS = [
  { name: "id", description: "List the files of this model too; this may ask the hub." },
  { name: "revision", description: "A branch, tag or commit of that model." },
].map((parameter) => ({ ...parameter, in: "query", required: false, schema: { type: "string" } }));
