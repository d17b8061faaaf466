// Renders the templates that fuzz_templates.py wrote, and prints those whose text differs from the reference's, that
// render where it raises, and that are refused here.
import { renderChatTemplate } from "../../lib/sandbox/jinja/render.ts";

interface Case {
  readonly template: string;
  readonly text?: string;
  readonly error?: string;
}

const [first = "{}", ...lines] = (await Deno.readTextFile(Deno.args[0] ?? "")).trimEnd().split("\n");
const variables: Record<string, unknown> = JSON.parse(first);
const counts: Record<string, number> = {};

function outcome(template: string): { text: string } | { refusal: string } {
  try {
    return { text: renderChatTemplate({ template, variables }, 5000) };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

for (const line of lines) {
  const { template, text, error }: Case = JSON.parse(line);
  const ours = outcome(template);
  const what = "refusal" in ours
    ? (error === undefined ? "refused here" : "both refuse")
    : error !== undefined
    ? "the reference raises"
    : ours.text === text
    ? "equal"
    : "differs";
  counts[what] = (counts[what] ?? 0) + 1;
  if (what !== "equal" && what !== "both refuse") {
    console.log(JSON.stringify({ what, template, theirs: text ?? error, ...ours }));
  }
}
console.log(JSON.stringify(counts));
