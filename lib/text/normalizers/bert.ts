// BertNormalizer (tokenizers/src/normalizers/bert.rs).
import { type Component, flagOption } from "../file/component.ts";
import { anyOf, CONTROL, NONSPACING_MARK, WHITE_SPACE } from "../unicode/classes.ts";
import { lowerCase, type NormalForm } from "../unicode/forms.ts";

// The blocks that BERT takes for Chinese: CJK ideographs and their extensions and compatibility forms.
const chinese =
  /[\u{4E00}-\u{9FFF}\u{3400}-\u{4DBF}\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{F900}-\u{FAFF}\u{2F800}-\u{2FA1F}]/gu;

/** One step of the way: what it makes of each character by itself, or a normal form. */
type Step = ((text: string) => string) | NormalForm;

/** What a text becomes, step by step: control characters and accents go, ideographs stand alone, letters are lower
 * case. */
export function listBertSteps(component: Component): Step[] {
  const clean = flagOption(component, "clean_text");
  const apart = flagOption(component, "handle_chinese_chars");
  const lower = flagOption(component, "lowercase");
  const bare = (component.strip_accents ?? null) === null ? lower : flagOption(component, "strip_accents");
  const controls = anyOf(CONTROL);
  const spaces = anyOf(WHITE_SPACE);
  const marks = anyOf(NONSPACING_MARK);
  const steps: (Step | false)[] = [
    clean && ((text) => text.replace(controls, "").replace(spaces, " ")),
    apart && ((text) => text.replace(chinese, " $& ")),
    bare && "NFD",
    bare && ((text) => text.replace(marks, "")),
    lower && lowerCase,
  ];
  return steps.filter((step) => step !== false);
}
