// Every part for decoding in its states, as one list for looking and for tests.
import type { ComponentChildren } from "preact";
import { ChatEditor } from "../../components/chat/ChatEditor.tsx";
import { ModeSwitch } from "../../components/chat/ModeSwitch.tsx";
import { DrawStrip } from "../../components/draw/DrawStrip.tsx";
import { BarsKey, DistBars } from "../../components/sampling/DistBars.tsx";
import { DistTable } from "../../components/sampling/DistTable.tsx";
import { HeatLegend, HeatMeter, HeatPicker } from "../../components/sampling/Heat.tsx";
import { SamplingPanel } from "../../components/sampling/SamplingPanel.tsx";
import { TokenText } from "../../components/TokenText.tsx";
import { VocabularyList } from "../../components/vocabulary/VocabularyList.tsx";
import { VocabularySearch } from "../../components/vocabulary/VocabularySearch.tsx";
import type { Chat } from "../../lib/explorer/session/chat_model.ts";
import { createActions } from "../../lib/explorer/page/actions.ts";
import { type DistOptions, distView } from "../../lib/explorer/views/dist_rows.ts";
import { drawView } from "../../lib/explorer/views/draw_view.ts";
import { biasTagsOf, idTagsOf, stopTagsOf } from "../../lib/explorer/settings/list_fields.ts";
import { heatClass, heatLegend, heatOf, type HeatScale } from "../../lib/explorer/words/heat.ts";
import { chooseLedgerToken, ledgerView } from "../../lib/explorer/views/ledger_view.ts";
import { renderToken } from "../../lib/explorer/words/appearance.ts";
import { pipelineView } from "../../lib/explorer/views/pipeline_view.ts";
import { choosePreset, FIRST_SAMPLING, type Sampling } from "../../lib/explorer/settings/sampling.ts";
import { describeFound, rowOfVocabulary } from "../../lib/explorer/views/vocabulary_view.ts";
import { sampleDist, type SampleOptions, sampleVocabulary, SCORED_PROMPT, VOCABULARY } from "./samples.ts";

export interface GalleryPart {
  readonly name: string;
  readonly wide: boolean;
  readonly content: ComponentChildren;
}

const none = () => {};
const accepted = () => null;

function custom(params: Partial<Sampling["params"]>): Sampling {
  return { params: { ...FIRST_SAMPLING.params, ...params }, preset: "custom" };
}

function samplingPanel(sampling: Sampling, { all = false, start = true, allowed, selected = null }: {
  all?: boolean;
  start?: boolean;
  allowed?: readonly number[];
  selected?: number | null;
} = {}) {
  const dist = start ? sampleDist({ params: sampling.params, ...allowed ? { allowed } : {} }) : null;
  const token = dist === null ? null : chooseLedgerToken(dist, selected);
  const tokens = new Map(sampleVocabulary().slice(0, 4).map((token) => [token.id, token]));
  return (
    <SamplingPanel
      sampling={sampling}
      pipeline={pipelineView({ sampling, dist, vocabulary: VOCABULARY, all })}
      ledger={dist === null || token === null ? null : ledgerView(token, { dist, ledger: true })}
      stops={stopTagsOf(sampling.params)}
      biases={biasTagsOf(sampling.params, tokens)}
      aside={[]}
      idTags={(param) => idTagsOf(sampling.params[param], tokens)}
      allStages={all}
      callbacks={{
        onNumber: none,
        onChoice: none,
        onSeed: none,
        onAddStop: accepted,
        onAddBias: accepted,
        onRemoveStop: none,
        onRemoveBias: none,
        onAddId: accepted,
        onRemoveId: none,
        onPreset: none,
        onAllStages: none,
        onMove: none,
        onTakeOver: none,
        onDrop: none,
        onRestore: none,
      }}
    />
  );
}

function bars(sample: SampleOptions, options: Partial<DistOptions> = {}, draw?: number) {
  const dist = sampleDist(sample);
  const drawn = draw === undefined ? null : { id: dist.tokens[0]!.id, u: draw, token: dist.tokens[0]! };
  const previewed = options.chosen === undefined && draw === undefined ? dist.tokens[1]!.id : null;
  const view = distView(dist, { vocabulary: VOCABULARY, ...options });
  return (
    <div class="dist">
      <DrawStrip view={drawView(dist, drawn, sample.params?.greedy)} previewed={previewed} />
      <DistBars
        view={view}
        serial={1}
        expert={options.expert ?? false}
        appendable={sample.topK !== 3}
        previewed={previewed}
        onAppend={none}
        onLedger={none}
        {...options.expert ? { onOther: none } : {}}
      />
      {options.expert && <BarsKey removed={view.rows.some(({ kept }) => !kept)} />}
    </div>
  );
}

const ACTIONS = createActions({
  dispatch: none,
  explorer: { dispatch: none } as never,
  peek: { hover: none, wantScores: none } as never,
});

function chat(chat: Chat, error: string | null = null) {
  return (
    <div class="composer">
      <div class="bar">
        <h2 class="h">Prompt</h2>
        <ModeSwitch mode="chat" unavailable={null} onMode={none} />
      </div>
      <ChatEditor
        prompt={{
          ...{ mode: "chat", text: "", chat, chatUnavailable: null, keepable: 0, reply: false },
          ...{ enabled: error === null, primary: chat.messages.length === 0, templateError: error },
        }}
        actions={ACTIONS}
      />
    </div>
  );
}

function heat(scale: HeatScale) {
  const legend = heatLegend(scale);
  return (
    <div class="text">
      <div class="bar">
        <HeatPicker value={scale} onChange={none} />
      </div>
      <div class="strip">
        {SCORED_PROMPT.map((token, at) => {
          const heat = heatOf(token, scale);
          return (
            <span key={at} class={`tok ${heatClass(heat)}`}>
              <TokenText rendering={renderToken(token)} />
              {heat && <HeatMeter heat={heat} />}
            </span>
          );
        })}
      </div>
      <div class="legend">{legend && <HeatLegend legend={legend} />}</div>
    </div>
  );
}

function vocabulary(typed: string, total: number | null, error: string | null = null) {
  const tokens = sampleVocabulary({ top_p: 0.6 });
  const dist = { constraint_type: null };
  return (
    <div class="dist">
      <VocabularySearch
        typed={typed}
        vocabulary={VOCABULARY}
        error={error}
        onType={none}
        onDown={none}
        onClose={none}
      />
      <VocabularyList
        total={total}
        note={describeFound(typed, total, VOCABULARY)}
        rowAt={(index) =>
          index > 12 ? undefined : rowOfVocabulary(tokens[index]!, tokens[0]!.p_raw, dist, new Set([1]))}
        onRange={none}
        onUp={none}
        onAppend={none}
        onLedger={none}
        onPin={none}
        expert={false}
        appendable
        list={{ current: null }}
      />
    </div>
  );
}

const POEM: Chat = {
  messages: [
    { role: "system", content: "You are a concise poet." },
    { role: "user", content: "One line about the sea." },
  ],
  open: true,
};
const PREFILL: Chat = {
  messages: [...POEM.messages, { role: "assistant", content: "Salt <|im_end|> and wind" }],
  open: true,
};
const EXPERT = { expert: true } as const;

const rich = custom({
  temperature: 0.9,
  top_p: 0.75,
  repetition_penalty: 1.1,
  seed: 7,
  stop_sequences: ["\n\n", "The end"],
  logit_bias: { 1: -2, 390: 1.5 },
  dry_breakers: [2, 391],
});

export const PARTS: readonly GalleryPart[] = [
  { name: "Sampling: custom, a removed token", wide: true, content: samplingPanel(rich) },
  { name: "Sampling: first visit", wide: true, content: samplingPanel(FIRST_SAMPLING, { selected: 4 }) },
  {
    name: "Sampling: greedy, all stages, a constraint",
    wide: true,
    content: samplingPanel(choosePreset(rich, "greedy"), { all: true, allowed: [1, 2, 5] }),
  },
  { name: "Sampling: no distribution", wide: true, content: samplingPanel(FIRST_SAMPLING, { start: false }) },
  {
    name: "Bars: simple, a bar under the pointer",
    wide: false,
    content: bars({ params: { temperature: 0.7 } }),
  },
  { name: "Bars: expert, removed tokens", wide: false, content: bars({ params: rich.params }, EXPERT) },
  {
    name: "Bars: expert, log axis, chosen",
    wide: false,
    content: bars({ topK: 14, sharpness: 2, params: { min_p: 0.01 } }, { ...EXPERT, axis: "log", chosen: 2 }),
  },
  {
    name: "Bars: a draw",
    wide: false,
    content: bars({ params: { temperature: 0.7 } }, { drawn: 0 }, 0.08),
  },
  {
    name: "Bars: greedy removes the rest",
    wide: false,
    content: bars({ params: { greedy: true }, sharpness: 2 }, { chosen: 0 }),
  },
  {
    name: "Bars: only tokens far down are allowed",
    wide: false,
    content: bars({ allowed: [50, 60, 70], topK: 3 }, EXPERT),
  },
  {
    name: "Table",
    wide: false,
    content: <DistTable view={distView(sampleDist({ params: rich.params }), { vocabulary: VOCABULARY })} />,
  },
  { name: "Chat", wide: false, content: chat(POEM) },
  { name: "Chat: prefill, special tokens in a message", wide: false, content: chat(PREFILL) },
  {
    name: "Chat: the template refuses",
    wide: false,
    content: chat(POEM, "The chat template refused: System role not supported."),
  },
  { name: "Chat: empty", wide: false, content: chat({ messages: [], open: false }) },
  {
    name: "Mode: no template",
    wide: false,
    content: <ModeSwitch mode="text" unavailable="This model has no chat template." onMode={none} />,
  },
  { name: "Heat: probability", wide: false, content: heat("probability") },
  { name: "Heat: surprise", wide: false, content: heat("surprise") },
  { name: "Heat: entropy", wide: false, content: heat("entropy") },
  { name: "Vocabulary: all", wide: false, content: vocabulary("", VOCABULARY) },
  { name: "Vocabulary: nothing found", wide: false, content: vocabulary("qqq", 0) },
  {
    name: "Vocabulary: an expression that is none",
    wide: false,
    content: vocabulary("/(/", 0, "The regular expression is not valid: missing )."),
  },
];
