// The session model: everything the page knows about one exploration, as immutable values. Changed only by the pure
// functions beside this file; it has no DOM and does no I/O, and every distribution in it came from the server.
//
//   Session ── tree: Tree ── branches: Branch[] ── tip: TreeNode ─parent─▶ … ─parent─▶ RootNode (a prompt)
//           ├─ past, future: Tree[]      undo and redo: whole trees, which share their nodes
//           ├─ draft                     what the prompt box or the chat editor holds
//           ├─ inspected                 the token that is inspected, if any
//           ├─ settings, display         what is asked, and how it is shown
//           └─ activity, answer        what is open with the server, and what it said last
//
// A node never changes and knows only its parent, so a path is found by walking up from its tip, two branches share
// what they have in common, and a tree of before an undo costs one small list of branches.
import type { Load, Model } from "./model.ts";
import type { ConstraintInput } from "../../sampling/constraint_kinds.ts";
import type { DistResult, DistToken } from "../../wire/distribution.ts";
import type { Draw, StepResult } from "../../wire/step.ts";
import type { Include } from "../../wire/preview.ts";
import type { Message, Token, TokenScore } from "../../wire/token.ts";
import type { Params } from "../../sampling/params.ts";
import type { Chat } from "./chat_model.ts";
import type { Display } from "./display.ts";
import type { Sampling } from "../settings/sampling.ts";

/** Unique in a session and never given out twice, undo or not. */
export type NodeId = number;
export type BranchId = number;

/** What a prompt was made from. */
export type PromptSource =
  | { readonly kind: "text"; readonly text: string }
  | {
    readonly kind: "chat";
    readonly messages: readonly Message[];
    readonly open: boolean; // the assistant begins a turn, or goes on with its last one
  }
  | {
    /** Exact tokens: the beginning of another prompt. */
    readonly kind: "tokens";
    readonly ids: readonly number[];
    /** What the ids mean; another tokenizer reads the text. */
    readonly tokenizerKey: string | null;
    /** What they say, as the prompt box shows it. */
    readonly text: string;
  };

/** A prompt as a model reads it. From here on only ids travel. */
export interface PromptRead {
  readonly modelId: string;
  /** What its ids mean; null: not told by an older page, `modelId` counts. */
  readonly tokenizerKey: string | null;
  readonly tokens: readonly Token[];
  readonly templateText: string | null; // what the chat template wrote
  readonly warnings: readonly string[];
}

/** The beginning of paths: a prompt. */
export interface RootNode {
  readonly kind: "root";
  readonly id: NodeId;
  readonly parent: null;
  readonly depth: 0;
  readonly source: PromptSource;
  /** Null until the server has read the prompt; it has no children before. */
  readonly read: PromptRead | null;
}

/** Who chose a token: the random number, a click on its bar, Greedy, or a text that was forced. */
export type Origin = "drawn" | "chosen" | "greedy" | "forced";

/** A token of a completion, with what was known when it was appended. */
export interface StepNode {
  readonly kind: "step";
  readonly id: NodeId;
  readonly parent: TreeNode;
  /** 1 = the first token after the prompt. */
  readonly depth: number;
  readonly record: StepRecord;
}

export type TreeNode = RootNode | StepNode;

export interface StepRecord {
  /** As in its path, but for bytes of unfinished characters: `path_text.ts` joins those. */
  readonly token: Token;
  readonly origin: Origin;
  /** Probability under the settings it was drawn with; 0 where they had removed the token. */
  readonly p: number;
  /** The model's own probability (every stage off); null where it was not told. */
  readonly pRaw: number | null;
  /** Place by probability, 0 = first; null where it was not told. */
  readonly rank: number | null;
  /** Of the distribution it was drawn from, under its settings. */
  readonly entropyBits: number;
  /** The number that was drawn; null where a hand chose. */
  readonly draw: Draw | null;
  /** The distribution it was drawn from: the tokens that were shown, without their ledger. */
  readonly dist: DistResult | null;
  /** The settings of that distribution. */
  readonly params: Params;
  readonly constraint?: ConstraintInput; // of that distribution; absent: none, or not known (a stored session)
  /** The model it came from; null: not known. */
  readonly modelKey: string | null;
  /** Mirostat's mu behind the token; null where it is off. */
  readonly mu: number | null;
  /** It ends the text: the bars stay those it was chosen from. */
  readonly end: boolean;
  /** The server has seen the token in its place; false only while its answer is on the way. */
  readonly confirmed: boolean;
}

/** A path with a name. Its tip may be an inner node of another branch. */
export interface Branch {
  readonly id: BranchId;
  readonly name: string;
  readonly tip: TreeNode;
}

/** What is inspected: a step of the completion by its place (0 = first), or a token of the prompt by the prompt up to
 * it, which is no part of the tree until something is appended there. */
export type Inspected = number | RootNode;

/** Every path, and which of them is on the page. */
export interface Tree {
  readonly branches: readonly Branch[]; // in the order they were made
  /** Null: the page is empty. */
  readonly current: BranchId | null;
}

/** The prompt as it is being written, in both modes. */
export interface Draft {
  readonly mode: "text" | "chat";
  readonly text: string;
  readonly chat: Chat;
}

/** What decides a distribution besides the text. */
export interface Settings extends Sampling {
  readonly topK: number; // candidates shown, 1..50
  readonly constraint: ConstraintInput;
}

/** A token to append that waits until the bars are there. */
export type Waiting = "drawn" | "greedy";

/** Why something is asked: decides what is announced and where the focus goes. `auto`: no press of a button or key. */
export type Reason = "auto" | "start" | "append" | "navigate" | "settings" | "retry";

/** A question to the server. Only the answer to the newest number is ever used. */
export interface Question {
  readonly number: number;
  readonly reason: Reason;
  /** What to say first when the answer is there: "Added space sound." */
  readonly preface: string;
  readonly settings: Settings;
  readonly ofStep?: true; // the settings of a step whose own bars are shown: more about them is asked for
  /** The model it is made for: another one refuses it. */
  readonly modelKey: string | null;
  readonly include: readonly Include[];
  readonly body: QuestionBody;
}

/** The completion that a new prompt takes along: exact tokens, or a text where they mean nothing. `behind`: the place
 * of an older path from which on the tokens are new. */
export type KeptCompletion =
  | null
  | { readonly steps: readonly StepNode[]; readonly behind?: TreeNode | null }
  | { readonly text: string };

export type QuestionBody =
  /** Reads a prompt; then its distribution. */
  | {
    readonly kind: "read";
    readonly root: RootNode;
    readonly kept: KeptCompletion;
    /** It is being typed, and on the page only when it is read. */
    readonly typed?: true;
  }
  /** The distribution after `node`. */
  | { readonly kind: "preview"; readonly node: TreeNode }
  | StepBody;

/** Appends to `node`: draws, or forces a token or a text; with the distribution after it. */
export interface StepBody {
  readonly kind: "step";
  readonly node: TreeNode;
  readonly force: null | { readonly id: number } | { readonly text: string };
  readonly origin: Origin;
  /** The unconfirmed token that the answer is about. */
  readonly stands: StepNode | null;
  /** Play asks for the token behind this one as soon as it is there. */
  readonly goesOn?: boolean;
}

/** A distribution that belongs to a place in the tree and to settings. */
export interface Answer {
  /** Changes with every answer. */
  readonly number: number;
  /** The text before the token. */
  readonly node: TreeNode;
  /** What it was asked with, as one string; null: kept from its own step, under that step's settings. */
  readonly key: string | null;
  readonly settings: Settings;
  /** The model that gave it. */
  readonly modelKey: string | null;
  readonly ledger: boolean; // it tells what every stage did to every token
  readonly lacks?: string | null; // why it never will; null: the bars cannot be computed again; absent: it may
  readonly dist: DistResult;
  readonly warnings: readonly string[];
}

/** A draw whose answer is there: shown on the strip for a moment before its token is appended. */
export interface Drawing {
  readonly u: number;
  readonly id: number;
  readonly question: Question;
  readonly result: StepResult;
}

/** Why there is no answer. `refused`: the server says no to this request; `trouble`: it may work the next time;
 * `loading`: the model is not there yet; `changed`: another model serves than the one that was asked; `unreachable`:
 * no server at all. */
export interface Failure {
  readonly kind: "refused" | "trouble" | "loading" | "changed" | "unreachable";
  readonly message: string;
  readonly detail: string;
  readonly field: string | null;
  /** Seconds after which asking again makes sense; absent: it does not pass by itself. */
  readonly again?: number;
}

/** Play is on. */
export interface Playing {
  /** Tokens to go. */
  readonly left: number;
}

/** What the page is doing with the server. `queue`: tokens to append once the bars are there. */
export type Activity =
  | { readonly kind: "idle"; readonly play: Playing | null }
  | {
    readonly kind: "asking";
    readonly question: Question;
    readonly queue: readonly Waiting[];
    readonly play: Playing | null;
  }
  | {
    readonly kind: "landing";
    readonly drawing: Drawing;
    readonly queue: readonly Waiting[];
    readonly play: Playing | null;
  }
  | { readonly kind: "failed"; readonly failure: Failure; readonly missed?: Missed };

/** What a failure that may pass holds up. */
export interface Missed {
  readonly question: Question;
  readonly queue: readonly Waiting[];
  readonly play: Playing | null;
}

/** What the last step did, until the text changes. */
export interface LastStep {
  /** The draw that landed, for the note under the strip. */
  readonly drawn: { readonly u: number; readonly token: Token } | null;
  /** A stop sequence that the text has just reached. */
  readonly stopped: string | null;
}

export interface Session {
  readonly tree: Tree;
  readonly past: readonly Tree[];
  readonly future: readonly Tree[];
  /** The next free id, of nodes and branches alike. */
  readonly nextId: number;
  /** The token before which the bars stand; null = the end of the text. */
  readonly inspected: Inspected | null;
  readonly draft: Draft;
  /** The prompt that was read while it was typed: the next one takes its place. */
  readonly typedRoot: NodeId | null;
  readonly settings: Settings;
  readonly display: Display;
  /** `llmDemo.llmEnabled`: off = nothing is asked, nothing is shown. */
  readonly enabled: boolean;
  readonly model: Model;
  readonly load: Load | null;
  readonly connected: boolean;
  /** Number of the newest question or answer. */
  readonly asked: number;
  readonly activity: Activity;
  readonly answer: Answer | null;
  /** What the model thought of the tokens of a prompt, by the root's id. */
  readonly promptScores: ReadonlyMap<NodeId, readonly TokenScore[]>;
  /** Tokens that are shown among the bars wherever they stand, of every tokenizer that served. */
  readonly pins: readonly { readonly id: number; readonly tokenizerKey: string | null }[];
  /** Those tokens under the answer with this number. */
  readonly pinned: { readonly number: number; readonly tokens: readonly DistToken[] } | null;
  readonly lastStep: LastStep;
  /** What the live region says. */
  readonly announcement: string;
}
