// The constraint as it is being written: its text, what is wrong with it, and where the text of the page stands in it.
// A constraint is applied once it is valid, and off while it is not.
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import {
  CONSTRAINT_KINDS,
  type ConstraintInput,
  type ConstraintSettings,
  type ConstraintType,
} from "../../sampling/constraint_kinds.ts";
import type { DistToken } from "../../wire/distribution.ts";
import { placeOf } from "../session/question.ts";
import { stepsOf } from "../session/tree.ts";
import type { Session, TreeNode } from "../session/types.ts";
import type { ConstraintEngine } from "./engine.ts";
import type { Position, Reading, Refused, Valid, Written } from "./protocol.ts";

export interface ConstraintDraft extends Written {
  /** The user wants it on. */
  readonly on: boolean;
}

/** A barred token under the pointer or the focus. */
export interface BarredToken {
  readonly token: DistToken;
  /** Null: it is no text. */
  readonly reading: Reading | null;
}

export interface ConstraintDesk {
  readonly draft: ReadonlySignal<ConstraintDraft>;
  /** About the draft; null while that is checked. */
  readonly checked: ReadonlySignal<Valid | Refused | null>;
  /** Where the page's text stands; null: not known, or the constraint is not in use. */
  readonly position: ReadonlySignal<Position | null>;
  readonly barred: ReadonlySignal<BarredToken | null>;
  choose(kind: ConstraintType | "off"): void;
  write(schema: string): void;
  /** How JSON is written. */
  arrange(settings: ConstraintSettings): void;
  /** The page as it is now, and the token that is pointed at. */
  follow(session: Session, pointed: number | null): void;
}

interface DeskOptions {
  readonly engine: ConstraintEngine;
  readonly constraint: ConstraintInput;
  /** Makes it the constraint of the session. */
  readonly apply: (constraint: ConstraintInput) => void;
  /** How long typing must rest before a valid constraint is applied (ms). */
  readonly rest?: number;
}

const REST_MS = 200;

/** The editor of a constraint: its draft, its check while it is typed, and what is applied. */
export function createConstraintDesk(options: DeskOptions): ConstraintDesk {
  return new Desk(options);
}

class Desk implements ConstraintDesk {
  readonly draft;
  readonly checked = signal<Valid | Refused | null>(null);
  readonly position = signal<Position | null>(null);
  readonly barred = signal<BarredToken | null>(null);
  readonly #options: DeskOptions;
  readonly #texts = new Map<ConstraintType, string>();
  /** What the session was given last, or had when it was looked at. */
  #applied: ConstraintInput;
  /** What it was given before: a page that was drawn late may still show one of them. */
  readonly #outdated = new WeakSet<ConstraintInput>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #place: { readonly node: TreeNode; readonly draft: ConstraintDraft } | null = null;
  #pointed: DistToken | null = null;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.draft = signal<ConstraintDraft>(draftOf(options.constraint));
    this.#applied = options.constraint;
    void this.#change(this.draft.value, null);
  }

  choose(kind: ConstraintType | "off"): void {
    const now = this.draft.value;
    if (kind === "off") {
      const next = { ...now, on: false };
      void this.#change(next, null);
      return this.#use(next, false);
    }
    const first = kind === now.type ? now.schema : CONSTRAINT_KINDS[kind].example;
    void this.#change({ ...now, on: true, type: kind, schema: this.#texts.get(kind) ?? first }, 0);
  }

  write(schema: string): void {
    void this.#change({ ...this.draft.value, schema }, this.#options.rest ?? REST_MS);
  }

  arrange(settings: ConstraintSettings): void {
    void this.#change({ ...this.draft.value, settings }, 0);
  }

  follow(session: Session, pointed: number | null): void {
    const { constraint } = session.settings;
    if (this.#outdated.has(constraint)) return;
    if (constraint !== this.#applied) return this.#adopt(constraint);
    const node = placeOf(session);
    if (!constraint.enabled || node === null) return this.#place === null ? undefined : this.#forget();
    if (this.#place?.node !== node || this.#place.draft !== this.draft.value) {
      this.#forget();
      this.#place = { node, draft: this.draft.value };
      void this.#askPosition(node);
    }
    const { tokens } = session.answer?.dist ?? { tokens: [] };
    this.#point(node, tokens.find(({ id, valid }) => id === pointed && !valid) ?? null);
  }

  /** A constraint that came from elsewhere: a link, a stored session. */
  #adopt(constraint: ConstraintInput): void {
    this.#applied = constraint;
    const [own, next] = [this.draft.value, draftOf(constraint)];
    const isOther = JSON.stringify(partsOf(own)) !== JSON.stringify(partsOf(next));
    if (isOther || this.checked.value === null) void this.#change(next, null);
  }

  #use({ on, ...written }: ConstraintDraft, valid: boolean): void {
    this.#outdated.add(this.#applied);
    this.#applied = { enabled: on && valid, ...written };
    this.#options.apply(this.#applied);
  }

  /** `wait`: how long until it is applied; null: it is what the session has, and goes only where it is not valid. */
  async #change(next: ConstraintDraft, wait: number | null): Promise<void> {
    clearTimeout(this.#timer);
    this.#texts.set(next.type, next.schema);
    batch(() => {
      this.draft.value = next;
      this.#forget();
    });
    const answer = await this.#options.engine.ask({ kind: "check", written: takeWritten(next) });
    if (answer === null || this.draft.value !== next) return;
    this.checked.value = answer;
    const valid = !("refused" in answer);
    if (wait === null && (valid || !next.on)) return;
    this.#timer = setTimeout(() => this.#use(next, valid), valid ? wait ?? 0 : 0);
  }

  /** Nothing is known of where the text stands. */
  #forget(): void {
    this.#place = null;
    this.#pointed = null;
    this.position.value = null;
    this.barred.value = null;
  }

  async #askPosition(node: TreeNode): Promise<void> {
    const asked = this.#place;
    const written = takeWritten(this.draft.value);
    const answer = await this.#options.engine.ask({ kind: "position", written, path: bytesOf(node) });
    if (answer === null || this.#place !== asked) return;
    if ("refused" in answer) this.checked.value = answer;
    else this.position.value = answer;
  }

  #point(node: TreeNode, token: DistToken | null): void {
    if (this.#pointed?.id === token?.id) return;
    this.#pointed = token;
    this.barred.value = token?.special ? { token, reading: null } : null;
    if (token !== null && !token.special) void this.#askToken(node, token);
  }

  async #askToken(node: TreeNode, token: DistToken): Promise<void> {
    const question = { kind: "token", written: takeWritten(this.draft.value), path: bytesOf(node) } as const;
    const answer = await this.#options.engine.ask({ ...question, token: token.bytes });
    if (answer === null || "refused" in answer || this.#pointed !== token) return;
    this.barred.value = { token, reading: answer };
  }
}

function draftOf({ enabled, schema, ...rest }: ConstraintInput): ConstraintDraft {
  return { ...rest, on: enabled, schema: schema === "" ? CONSTRAINT_KINDS[rest.type].example : schema };
}

function partsOf({ on, type, schema, settings }: ConstraintDraft): unknown[] {
  return [on, type, schema, settings?.whitespace, settings?.property_order];
}

function takeWritten({ on: _on, ...written }: ConstraintDraft): Written {
  return written;
}

/** The bytes behind the prompt. */
function bytesOf(node: TreeNode): number[] {
  return stepsOf(node).flatMap(({ record }) => [...record.token.bytes]);
}
