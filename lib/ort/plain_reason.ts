// ONNX Runtime's errors in words for people. Its own are written for who builds it: places in C++ sources, signatures,
// status names. What is wrong with the file is said first; the original goes to the log.

import type { Fault } from "../fault.ts";

interface Known {
  readonly pattern: RegExp;
  readonly sentence: (match: RegExpExecArray) => string;
}

/** In this order: the first that matches is said. */
const KNOWN: readonly Known[] = [
  {
    pattern: /protobuf parsing failed|ModelProto does not have a graph|No graph was found in the protobuf/i,
    sentence: () => "it is no ONNX graph, or it is damaged. Fetch the file again.",
  },
  {
    pattern: /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    sentence: ([, has, most]) =>
      `it is written in version ${has} of ONNX's format, and up to ${most} can be read. Export it for an older one.`,
  },
  {
    pattern: /Opset (\d+) is under development[\s\S]*?till opset (\d+)/,
    sentence: ([, has, most]) =>
      `it uses version ${has} of ONNX's operators, and up to ${most} are known. Export it for an older one.`,
  },
  {
    pattern: /(?:Fatal error: )?([\w.]+:)?([\w.]+)\(-?\d+\) is not a registered function\/op/,
    sentence: ([, domain = "", op]) =>
      `it needs the operator ${domain.replace(":", ".")}${op}, which ONNX Runtime does not have.`,
  },
  {
    pattern: /No Op registered for (\w+)/,
    sentence: ([, op]) => `it needs the operator ${op}, which ONNX Runtime does not have.`,
  },
  {
    pattern: /Could not find an implementation for (\w+)\(\d+\) node(?: with name '([^']*)')?/,
    sentence: ([, op, node]) =>
      `its operator ${op}${
        quoteNode(node)
      } cannot be computed here with the number types it has. Choose another dtype.`,
  },
  {
    pattern: /Failed to allocate memory|bad_alloc|bad allocation|out of memory/i,
    sentence: () =>
      "there is not enough memory for it. Choose a smaller model, or a smaller dtype such as q4.",
  },
  {
    pattern: /(?:External data|external_data|external initializer|Deserialize tensor (\S+) failed)/i,
    sentence: ([, tensor]) =>
      `its weights${
        tensor === undefined ? "" : ` (${tensor})`
      } cannot be read from the data file beside it. ` +
      "Fetch its files again.",
  },
  {
    pattern:
      /ShapeInferenceError|TypeInferenceError|Type Error|invalid model|Graph is not|not a valid|must be|Failed to parse value/i,
    sentence: () => "its graph is not valid. Fetch the file again, or export it anew.",
  },
];

/** What keeps a graph that opened from being run; in this order. */
const KNOWN_OF_RUNS: readonly Known[] = [
  {
    pattern: /Failed to allocate memory|bad_alloc|bad allocation|out of memory/i,
    sentence: () => "there is not enough memory for it. Use a shorter text, or choose a smaller model.",
  },
  {
    pattern: /out of data bounds|indices? .*out of (?:range|bounds?)|index out of/i,
    sentence: () =>
      "it looks up a token or a position that its tables do not have. The text is longer than the model can read, or " +
      "its tokenizer or config.json belongs to another model.",
  },
  {
    pattern:
      /Got invalid dimensions|broadcast|dimension mismatch|dimensions? .*(?:match|equal)|mismatched|Shape mismatch|cannot be reshaped|incompatible/i,
    sentence: () => "the sizes of its tensors do not fit together. Export it anew, or choose another model.",
  },
];

/** The `model_failed` fault of a graph that ONNX Runtime does not open; the log gets what it said. */
export function openingError(name: string, original: string): Error {
  const cause: Fault = { code: "model_failed", detail: original };
  return new Error(`Opening ${name} failed: ${describePlainly(original)}`, { cause });
}

/** The `inference_failed` fault of a graph that ONNX Runtime does not run; the log gets what it said. */
export function runningError(name: string, original: string): Error {
  const cause: Fault = { code: "inference_failed", detail: original };
  return new Error(`Running ${name} failed: ${describePlainly(original, KNOWN_OF_RUNS)}`, { cause });
}

/** What keeps ONNX Runtime from something, in words; `original` is what it said. */
export function describePlainly(original: string, known = KNOWN): string {
  for (const { pattern, sentence } of known) {
    const match = pattern.exec(original);
    if (match !== null) return sentence(match) + nodeOf(original);
  }
  const words = withoutSources(original);
  return IS_CODE.test(words) || words === "" ? `ONNX Runtime cannot do it.${nodeOf(original)}` : words;
}

/** What only who builds ONNX Runtime can read. */
const IS_CODE = /\w::\w|\b\w+\.(?:cc|cpp|h)\b|\bwas false\b|\w->\w/;

function quoteNode(node: string | undefined): string {
  return node === undefined || node === "" ? "" : ` ("${node}")`;
}

/** The node of the graph that is meant, where one is named. */
function nodeOf(original: string): string {
  const run = /while running (\w+) node\. Name:'([^']*)'/.exec(original);
  if (run !== null) return ` The node is ${run[2] || `a ${run[1]}`}.`;
  const node = /[Nn]ode(?: with name)?[:\s(]+["']?([\w./-]+)["']?/.exec(original)?.[1];
  return node === undefined || /^(?:with|of|is|in|input)$/.test(node) ? "" : ` The node is ${node}.`;
}

/** Without places in sources, signatures and status names. */
function withoutSources(original: string): string {
  return original
    .replace(
      /(?:\S*\/)?[\w.]+\.(?:cc|h|cpp|cxx):\d+\s+(?:[\w:<>*&~ ]+\([^)]*\)(?:\s*const)?(?:\s*\[[^\]]*\])?)?\s*/g,
      "",
    )
    .replace(/\[(?:ONNXRuntimeError|E:onnxruntime)[^\]]*\]\s*:?\s*(?:\d+\s*:\s*[A-Z_]+\s*:\s*)?/g, "")
    .replace(/^.*? was false\.\s*/s, "") // the condition in front of the words
    .replace(/\s+/g, " ")
    .trim();
}
