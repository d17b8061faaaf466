// genai_config.json, which onnxruntime-genai writes beside its graphs, some without a config.json.
import { isRecord } from "../../basics/is_record.ts";
import type { JsonObject } from "./types.ts";

export const GENAI_CONFIG = "genai_config.json";

/** Parts of a model that need more than text. */
const OTHER_PARTS = ["vision", "speech", "audio"];

/** What a config.json would say of the model that `genai` (genai_config.json) describes; what it leaves out is left
 * out. */
export function configOfGenai(genai: JsonObject): JsonObject {
  const model = isRecord(genai.model) ? genai.model : {};
  const decoder = isRecord(model.decoder) ? model.decoder : {};
  const { type: model_type, vocab_size, bos_token_id, eos_token_id } = model;
  const { hidden_size, num_attention_heads, num_hidden_layers } = decoder;
  return {
    ...{ model_type, vocab_size, bos_token_id, eos_token_id },
    ...{ hidden_size, num_attention_heads, num_hidden_layers },
    num_key_value_heads: decoder.num_key_value_heads,
    head_dim: decoder.head_size,
    max_position_embeddings: model.context_length,
    is_encoder_decoder: isRecord(model.encoder),
    ...Object.fromEntries(OTHER_PARTS.map((part) => [`${part}_config`, model[part]])),
  };
}
