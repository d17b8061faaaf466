// Renders the templates that fuzz_templates.py wrote, and prints those whose text differs from the reference's, that
// render where it raises, and that are refused here.
import { asPythonReads } from "../../lib/api/http/exact_json.ts";
import { finishSlices } from "../../lib/basics/slices.ts";
import { type ChatTemplateJob, renderChatTemplate } from "../../lib/sandbox/jinja/render.ts";
import type { Sandbox } from "../../lib/sandbox/sandbox.ts";
import { type ChatMessage, openChatTemplate } from "../../lib/text/chat_template.ts";

interface Case {
  readonly template: string;
  /** Name of the template: a whole conversation goes through it. */
  readonly chat?: string;
  readonly messages?: readonly ChatMessage[];
  readonly tools?: unknown;
  readonly documents?: unknown;
  readonly chat_template_kwargs?: Record<string, unknown>;
  readonly continued?: boolean;
  readonly prompted?: boolean;
  readonly text?: string;
  readonly error?: string;
}

const [first = "{}", ...lines] = (await Deno.readTextFile(Deno.args[0] ?? "")).trimEnd().split("\n");
const { chat_template_kwargs: variables } = finishSlices(asPythonReads(
  { chat_template_kwargs: JSON.parse(first) },
  `{"chat_template_kwargs":${first}}`,
)) as { readonly chat_template_kwargs: Record<string, unknown> };
const counts: Record<string, number> = {};

type Run = Sandbox["run"];
const run =
  ((_kind, job) => Promise.resolve().then(() => renderChatTemplate(job as ChatTemplateJob, 5000))) as Run;

function renderCase(one: Case): string | Promise<string> {
  if (one.chat === undefined) return renderChatTemplate({ template: one.template, variables }, 5000);
  const files = { config: { bos_token: "<s>", eos_token: "</s>" }, templates: { default: one.template } };
  const chat = openChatTemplate(files, { run } as Sandbox)!;
  return chat.render(one.messages ?? [], {
    addGenerationPrompt: one.prompted === true,
    continueFinalMessage: one.continued === true,
    variables: { tools: one.tools, documents: one.documents, ...one.chat_template_kwargs },
  });
}

async function outcome(one: Case): Promise<{ text: string } | { refusal: string }> {
  try {
    return { text: await renderCase(one) };
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
}

for (const line of lines) {
  const one = finishSlices(asPythonReads(JSON.parse(line), line)) as Case;
  const { template, text, error } = one;
  const ours = await outcome(one);
  const what = "refusal" in ours
    ? (error === undefined ? "refused here" : "both refuse")
    : error !== undefined
    ? "the reference raises"
    : ours.text === text
    ? "equal"
    : "differs";
  counts[what] = (counts[what] ?? 0) + 1;
  if (what !== "equal" && what !== "both refuse") {
    {
      const source = one.chat === undefined
        ? template
        : { ...JSON.parse(line), template: undefined, text: undefined };
      console.log(JSON.stringify({ what, source, theirs: text ?? error, ...ours }));
    }
  }
}
console.log(JSON.stringify(counts));
