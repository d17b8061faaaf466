// The keyboard map: which move a key means.

export type KeyMove =
  | { readonly move: "append"; readonly index: number }
  | { readonly move: "temperature"; readonly by: number }
  | {
    readonly move:
      | "start"
      | "step"
      | "play"
      | "greedy"
      | "undo"
      | "redo"
      | "reset"
      | "remove"
      | "edit"
      | "force"
      | "forced"
      | "search"
      | "heat"
      | "reply"
      | "axis"
      | "table"
      | "more"
      | "present"
      | "escape"
      | "help";
  };

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean; // or ⌘
  readonly shift: boolean;
  readonly alt: boolean;
  /** What has the focus: `text` = a field one types in, `prompt` = the prompt box, `control` = something that takes
   * the space bar for itself, `other` = anything else. */
  readonly focus: "prompt" | "text" | "control" | "other";
  /** Single keys are switched on (WCAG 2.1.4). */
  readonly singleKeys: boolean;
}

const SINGLE: Readonly<Record<string, KeyMove>> = {
  s: { move: "step" },
  g: { move: "greedy" },
  r: { move: "reset" },
  e: { move: "edit" },
  f: { move: "force" },
  a: { move: "forced" },
  "/": { move: "search" },
  h: { move: "heat" },
  n: { move: "reply" },
  l: { move: "axis" },
  t: { move: "table" },
  m: { move: "more" },
  p: { move: "present" },
  "[": { move: "temperature", by: -0.1 },
  "]": { move: "temperature", by: 0.1 },
  "?": { move: "help" },
  Backspace: { move: "remove" },
};

const SIGNS: ReadonlySet<string> = new Set(["[", "]", "/", "?"]);

/** The move behind a key press; null = leave the key to the browser. */
export function moveOfKey(press: KeyPress): KeyMove | null {
  const { key, focus } = press;
  const typing = focus === "prompt" || focus === "text";
  const sign = SIGNS.has(key); // on many layouts with AltGr (Ctrl and Alt together) or Option
  if (press.alt && !sign) return null;
  if (press.ctrl && !(press.alt && sign)) {
    if (key === "Enter" && focus === "prompt") return { move: "start" };
    if (key.toLowerCase() !== "z" || typing) return null;
    return { move: press.shift ? "redo" : "undo" };
  }
  if (key === "Escape") return { move: "escape" };
  if (typing || !press.singleKeys) return null;
  if (key === " ") return focus === "other" ? { move: "play" } : null;
  if (/^[0-9]$/.test(key)) return { move: "append", index: (Number(key) + 9) % 10 };
  return SINGLE[key] ?? SINGLE[key.toLowerCase()] ?? null;
}

/** Moves that a key makes once, however long it is held: what they switch on they would switch off again. */
const ONCE: ReadonlySet<KeyMove["move"]> = new Set([
  ...["start", "play", "reset", "edit", "force", "forced", "search", "heat", "reply"] as const,
  ...["axis", "table", "more", "present", "escape", "help"] as const,
]);

/** Whether a key that is held goes on making its move. */
export function isRepeated({ move }: KeyMove): boolean {
  return !ONCE.has(move);
}
