/// <reference lib="dom" />
// The hints at the end of the prompt and of the text, and what a press on one does.
import { effect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Token } from "../../lib/wire/token.ts";
import type { Fix } from "../../lib/explorer/teach/hints.ts";
import type { Page } from "../../lib/explorer/page/page.ts";
import { step } from "../../lib/explorer/moves/path_moves.ts";
import { isDirty } from "../../lib/explorer/moves/prompt_moves.ts";
import { playOf } from "../../lib/explorer/session/activity.ts";
import { isCurrent } from "../../lib/explorer/session/question.ts";
import {
  applyFix,
  checkable,
  hasOpenCharacter,
  sessionHints,
} from "../../lib/explorer/teach/teaching_moves.ts";
import type { Session } from "../../lib/explorer/session/types.ts";
import { Hints } from "./Hints.tsx";

const REST_MS = 400; // the text stays as it is before its tokens are checked
const TYPED_MS = 900; // the prompt rests before something is said about its end
const MOST_BYTES = 6; // tokens that completing a character takes at most

/** What the tokenizer makes of the present text; null while nobody knows. */
function useUsualTokens(page: Page, session: Session): readonly Token[] | null {
  const [known, setKnown] = useState<{ text: string; pills: readonly Token[] | null } | null>(null);
  const quiet = isCurrent(session) && playOf(session) === null;
  const text = quiet ? checkable(session)?.text ?? null : null;
  useEffect(() => {
    if (text === null || text === "" || known?.text === text) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const pills = await page.tokenize(text, stop.signal);
      if (!stop.signal.aborted) setKnown({ text, pills });
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  return known !== null && known.text === text ? known.pills : null;
}

/** True while the prompt is being written: after every word it ends with a space. */
function useWriting(session: Session): boolean {
  const { text } = session.draft;
  const [rested, setRested] = useState(text);
  const written = isDirty(session);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), written ? TYPED_MS : 0);
    return () => clearTimeout(timer);
  }, [text, written]);
  return written && rested !== text;
}

/** Appends the most probable tokens until the text ends with whole characters. Returns the way to stop. */
function complete(page: Page): () => void {
  let left = MOST_BYTES;
  let seen: unknown = null;
  const stop = effect(() => {
    const now = page.explorer.session.value;
    if (!isCurrent(now) || now.answer === seen) return;
    seen = now.answer;
    if (left-- <= 0 || !hasOpenCharacter(now)) return void queueMicrotask(() => stop());
    queueMicrotask(() => page.dispatch((session) => step(session, "greedy")));
  });
  return stop;
}

interface HintsOptions {
  readonly page: Page;
  readonly session: Session;
}

/** The chips; null where nothing is odd. */
export function useHints({ page, session }: HintsOptions): ComponentChildren | null {
  const completing = useRef<() => void>(() => {});
  useEffect(() => () => completing.current(), []);
  const found = sessionHints(session, useUsualTokens(page, session));
  const writing = useWriting(session);
  const hints = writing ? found.filter(({ kind }) => kind === "character" || kind === "tokens") : found;
  if (hints.length === 0) return null;
  const onFix = (fix: Fix) => {
    completing.current();
    if (fix.kind === "complete") completing.current = complete(page);
    else page.dispatch((now) => applyFix(now, fix));
  };
  return <Hints hints={hints} onFix={onFix} />;
}
