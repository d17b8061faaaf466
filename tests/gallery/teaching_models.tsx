// The model picker in its states.
import { parseStatus } from "../../lib/explorer/session/model.ts";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ModelButton } from "../../components/models/ModelButton.tsx";
import { ModelPopover } from "../../components/models/ModelPopover.tsx";
import type { ModelList, ModelStatus } from "../../lib/wire/models.ts";
import {
  type AskedLoad,
  type ModelsInput,
  modelsView,
  type OwnLoad,
} from "../../lib/explorer/models/rows.ts";

type Available = ModelList["available"][number];

function model(id: string, more: Partial<Available> = {}): Available {
  const common = {
    parameters: null,
    bytes: 0,
    dtype: "q4",
    license: "apache-2.0",
    cached: false,
    bundled: false,
  };
  return { id, label: id, ...common, ...more };
}

export const LIST: ModelList = {
  models: ["owner/Small-135M-Instruct"],
  available: [
    model("owner/Small-135M-Instruct", { parameters: 134_515_008, bytes: 138e6, dtype: "q8", bundled: true }),
    model("owner/Middle-360M-Instruct", { parameters: 361_821_120, bytes: 273e6, cached: true }),
    model("owner/Large-0.5B-Instruct", { parameters: 494_032_768, bytes: 483e6 }),
    model("other/Huge-1B-Instruct", { parameters: 1_235_814_400, bytes: 1.02e9, license: "llama3.2" }),
  ],
  variants: {
    id: "other/Huge-1B-Instruct",
    source: "other/Huge-1B-Instruct",
    license: "llama3.2",
    files: [
      {
        file: "onnx/model.onnx",
        dtype: "fp32",
        bytes: 4.9e9,
        fidelity: "fp32: the full 32-bit weights, nothing is lost",
        cached: false,
        chosen: false,
        fits: false,
      },
      {
        file: "onnx/model_q4.onnx",
        dtype: "q4",
        bytes: 1.02e9,
        fidelity: "q4: 4-bit weights, 32-bit arithmetic; the model itself is a little different",
        cached: false,
        chosen: true,
        fits: true,
      },
    ],
  },
};

export const READY: ModelStatus = {
  model_id: "owner/Small-135M-Instruct",
  model_key: "small-q8",
  tokenizer_key: "small",
  backend: { kind: "onnx", device: "cpu", arithmetic: "float32", variant: "q8", runtime: "native" },
  device: "cpu",
  dtype: "float32",
  loading: false,
  ready: true,
  error: null,
  has_chat_template: true,
  eos_token_id: 2,
  vocab_size: 49_152,
  context_length: 8192,
  quantization: "q8",
  runtime: "native",
  warning: null,
  loading_id: null,
  load_error: null,
  prefetch: { hits: 0, wasted_tokens: 0 },
  progress: null,
  cache: { hits: 0, misses: 0, bytes: 0 },
};

export const DOWNLOADING: ModelStatus = {
  ...READY,
  loading: true,
  loading_id: "owner/Large-0.5B-Instruct",
  progress: {
    phase: "downloading",
    file: "onnx/model_q4.onnx",
    received: 198e6,
    total: 483e6,
    bytes_per_second: 8.4e6,
  },
};

export const FAILED: ModelStatus = {
  ...READY,
  load_error: "tokenizer.json is missing. Put it next to model.onnx.",
};
export const ASKED: AskedLoad = {
  model_id: "./models/my-finetune",
  revision: null,
  dtype: null,
  device: null,
};

/** The load that `FAILED` tells of, for the page that asked for it. */
export const FAILED_LOAD: OwnLoad = {
  state: "failed",
  request: ASKED,
  reason: FAILED.load_error!,
  told: false,
};

const DEVICES = [{ value: "auto", label: "Automatic" }, { value: "cpu", label: "CPU" }, {
  value: "webgpu",
  label: "WebGPU",
}];

function Models({ query: first = "", ...input }: Partial<ModelsInput>) {
  const [query, setQuery] = useState(first);
  const [unfolded, setUnfolded] = useState<string | null>(input.unfolded ?? null);
  const [open, setOpen] = useState(true);
  const [done, setDone] = useState("");
  const known = { list: LIST, status: parseStatus(READY), own: null, connected: true };
  const view = modelsView({ ...known, ...input, unfolded, query });
  return (
    <>
      <header class="topbar">
        <span class="brand">Next Token</span>
        <ModelButton
          name="Small-135M-Instruct"
          variant="q8"
          open={open}
          onOpen={setOpen}
        >
          <ModelPopover
            view={view}
            query={query}
            onQuery={setQuery}
            device="auto"
            devices={DEVICES}
            onDevice={() => {}}
            onClose={() => setOpen(false)}
            onLoad={(id, dtype) => setDone(`load ${id} ${dtype ?? ""}`)}
            onCancel={() => setDone("cancel")}
            onRetry={(id) => setDone(`retry ${id}`)}
            onUnfold={setUnfolded}
          />
        </ModelButton>
      </header>
      <p id="done">{done}</p>
    </>
  );
}

export const MODEL_PARTS: Readonly<Record<string, () => JSX.Element>> = {
  "models": () => <Models />,
  "models-loading": () => <Models status={parseStatus(DOWNLOADING)} />,
  "models-failed": () => <Models status={parseStatus(FAILED)} own={FAILED_LOAD} />,
  "models-files": () => <Models unfolded="other/Huge-1B-Instruct" />,
  "models-search": () => <Models query="someone/else" />,
  "models-lost": () => <Models connected={false} list={null} />,
};
