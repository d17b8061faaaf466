/** The names of special tokens that every tokenizer may have, in the order in which Transformers looks at them. */
export const SPECIAL_TOKEN_NAMES: readonly string[] = [
  "bos_token",
  "eos_token",
  "unk_token",
  "sep_token",
  "pad_token",
  "cls_token",
  "mask_token",
];
