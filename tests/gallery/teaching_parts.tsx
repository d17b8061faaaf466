// Branches, exports, models and teaching, each part in a state that can be used: what the presses do is kept here.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { BranchTree } from "../../components/branches/BranchTree.tsx";
import { Compare } from "../../components/branches/Compare.tsx";
import { LookAheadTree } from "../../components/branches/LookAheadTree.tsx";
import { HintChip, Hints } from "../../components/teach/Hints.tsx";
import { KeyMap } from "../../components/teach/KeyMap.tsx";
import { PromptLibrary } from "../../components/teach/PromptLibrary.tsx";
import { PromptTopics } from "../../components/teach/PromptTopics.tsx";
import { Tour } from "../../components/teach/Tour.tsx";
import { Tooltip } from "../../components/Tooltip.tsx";
import { ShareMenu } from "../../components/share/ShareMenu.tsx";
import { branchRows, pickForCompare } from "../../lib/explorer/views/branch_view.ts";
import { deleteBranch, renameBranch, switchBranch } from "../../lib/explorer/session/branches.ts";
import { comparePaths } from "../../lib/explorer/views/compare.ts";
import { compareView } from "../../lib/explorer/views/compare_view.ts";
import type { Hint } from "../../lib/explorer/teach/hints.ts";
import { libraryLabel } from "../../lib/explorer/teach/library.ts";
import { numbersOfDistribution } from "../../lib/explorer/views/explained.ts";
import { explain, type Term } from "../../lib/explorer/words/glossary.ts";
import { Explained } from "../../components/Explained.tsx";
import { type AheadTree, growTree } from "../../lib/explorer/asking/tree_expansion.ts";
import { distOf, FIRST, PARAMS, sampleTree } from "./exploration.ts";
import { MODEL_PARTS } from "./teaching_models.tsx";

function Branches({ compare = false, renaming = null }: { compare?: boolean; renaming?: number | null }) {
  const [tree, setTree] = useState(sampleTree);
  const [comparing, setComparing] = useState(compare);
  const [picked, setPicked] = useState<readonly number[]>(compare ? [102, 103] : []);
  const [a, b] = picked.map((id) => tree.branches.find((branch) => branch.id === id));
  const comparison = a && b ? comparePaths(a.tip, b.tip) : null;
  return (
    <section class="card gallery-card" aria-label="Branches">
      <BranchTree
        rows={branchRows(tree, comparing ? picked : [])}
        comparing={comparing}
        renaming={renaming}
        onSwitch={(id) => setTree((now) => switchBranch(now, id))}
        onRename={(id, name) => setTree((now) => renameBranch(now, id, name))}
        onDelete={(id) => setTree((now) => deleteBranch(now, id))}
        onComparing={setComparing}
        onPick={(id) => setPicked((now) => pickForCompare(now, id))}
      />
      {comparing && comparison !== null && (
        <Compare view={compareView(comparison, { a: a!.name, b: b!.name })} />
      )}
    </section>
  );
}

function aheadTree(): AheadTree {
  const goal = { depth: 3, mass: 0.5, budget: 20, endIds: new Set<number>() };
  const after = [
    distOf({ " view": 0.279, " sound": 0.199, " fresh": 0.116, " ability": 0.075 }),
    distOf({ " you": 0.48, " it": 0.14, " there": 0.08 }),
    distOf({ " of": 0.9, ".": 0.05, "\n": 0.02 }),
    distOf({ " of": 0.46, ".": 0.3, " from": 0.11, " and listening": 0.04 }),
  ];
  const start: AheadTree = { nodes: [], covered: 0, asked: 0 };
  const first = growTree(start, null, FIRST, goal);
  return [0, 1, 6, 5].reduce((tree, key, at) => growTree(tree, key, after[at]!, goal), first);
}

function LookAhead() {
  const [went, setWent] = useState("");
  return (
    <section class="card gallery-card" aria-label="Look ahead">
      <LookAheadTree
        tree={aheadTree()}
        working
        summary="The 7 most probable continuations of 3 tokens hold 25.8 %."
        onGo={(key) => setWent(`Went to ${key}`)}
        onStop={() => {}}
        picture="tree"
        onPicture={() => {}}
        onSave={() => {}}
      />
      <p id="went">{went}</p>
    </section>
  );
}

function Share() {
  const [open, setOpen] = useState(true);
  const [done, setDone] = useState("");
  return (
    <>
      <header class="topbar">
        <span class="brand">Next Token</span>
        <span class="grow" />
        <ShareMenu
          open={open}
          unavailable={{ python: "Start something first" }}
          onOpen={setOpen}
          onAction={setDone}
        />
      </header>
      <p id="done">{done}</p>
    </>
  );
}

function Library() {
  const [open, setOpen] = useState(true);
  const [chosen, setChosen] = useState("");
  return (
    <section class="card gallery-card" aria-label="Prompt">
      <div class="bar">
        <h2 class="h">Prompt</h2>
        <span class="grow" />
        <PromptLibrary open={open} onOpen={setOpen}>
          <PromptTopics
            hasChat
            onChoose={(prompt) => {
              setChosen(libraryLabel(prompt));
              setOpen(false);
            }}
          />
        </PromptLibrary>
      </div>
      <p id="chosen">{chosen}</p>
    </section>
  );
}

const HINTS: readonly Hint[] = [
  {
    kind: "character",
    term: "open_character",
    text: "Ends inside a character: 2 bytes are open.",
    fixLabel: "Complete it",
    fix: { kind: "complete", missing: 1 },
  },
  {
    kind: "template",
    term: "chat_template",
    text: "Looks like a request: this model answers better in a chat.",
    fixLabel: "Use its template",
    fix: { kind: "mode", mode: "chat" },
  },
];

function Warnings() {
  return (
    <section class="card gallery-card composer" aria-label="Hints and terms">
      <div class="bar wrap">
        <Hints hints={HINTS} onFix={() => {}} />
        <HintChip hint={{ ...HINTS[0]!, kind: "space" }} onFix={() => {}} />
      </div>
      <p>
        <Explained term="entropy">Uncertainty</Explained> <Explained term="mass_90">90 % lies in</Explained>
      </p>
      <Tooltip glossary={glossary} />
    </section>
  );
}

function glossary() {
  const numbers = numbersOfDistribution(FIRST, PARAMS, 49_152);
  return Promise.resolve((term: Term) => explain(term, numbers));
}

function TourPart({ first }: { first: number }) {
  const [step, setStep] = useState<number | null>(first);
  return (
    <>
      <div class="layout">
        <section class="card doc">
          <div class="composer">Prompt</div>
          <div class="text">
            <div class="strip" id="strip">Text</div>
          </div>
          <div class="run">Step</div>
        </section>
        <section class="right">
          <div class="card dist">Next token</div>
        </section>
      </div>
      {step !== null && <Tour step={step} onStep={setStep} />}
    </>
  );
}

function Help() {
  const [single, setSingle] = useState(true);
  const [large, setLarge] = useState(false);
  return (
    <KeyMap
      open
      singleKeys={single}
      onSingleKeys={setSingle}
      presenting={large}
      onPresenting={setLarge}
      onTour={() => {}}
      onClose={() => {}}
    />
  );
}

/** Every part by name; a page shows one. */
export const TEACHING_PARTS: Readonly<Record<string, () => JSX.Element>> = {
  "branches": () => <Branches />,
  "renaming": () => <Branches renaming={102} />,
  "compare": () => <Branches compare />,
  "look-ahead": () => <LookAhead />,
  "share": () => <Share />,
  "library": () => <Library />,
  "hints": () => <Warnings />,
  "tour": () => <TourPart first={0} />,
  "tour-bars": () => <TourPart first={2} />,
  "help": () => <Help />,
  ...MODEL_PARTS,
};
