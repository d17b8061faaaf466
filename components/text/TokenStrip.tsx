/// <reference lib="dom" />
// The text as tokens: a row of buttons, one stop for Tab, the arrows move inside. Tokens that have not changed are not
// drawn again, so that a long text costs no more than its new token.
import { X } from "../icons.ts";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { heatClass, meterLengthOf } from "../../lib/explorer/words/heat.ts";
import type { StripToken } from "../../lib/explorer/views/strip_view.ts";
import { ActionButton } from "../ActionButton.tsx";
import { memo } from "../memo.ts";
import { nodesOfToken } from "../TokenText.tsx";
import { useEndInSight, useGrowth } from "./growth.ts";

interface ItemProps {
  readonly token: StripToken;
  /** Tab stops here. */
  readonly stop: boolean;
  /** It is the last one, and no part of the prompt. */
  readonly newest: boolean;
}

/** What of a token stands behind its last line break: the beginning of the next line. */
function splitAtBreak({ rendering: { parts }, breaks }: StripToken) {
  const end = breaks ? parts.findLastIndex((part) => part.kind === "newline") + 1 : parts.length;
  return { before: parts.slice(0, end), after: parts.slice(end) };
}

/** One token with what stands behind it. */
function Item({ token, stop, newest }: ItemProps) {
  const { heat, marks, selected } = token;
  const names = ["tok", marks, heatClass(heat), selected ? "sel" : "", newest ? "newest" : ""];
  const classes = names.filter((name) => name !== "");
  const { before, after } = splitAtBreak(token);
  return (
    <>
      <button
        type="button"
        class={classes.join(" ")}
        data-at={token.at}
        tabIndex={stop ? 0 : -1}
        aria-label={token.label}
        aria-pressed={selected ? true : undefined}
        // Never rendered by the server, where the policy would block it. An element for each meter would be slow.
        style={heat === null ? undefined : `--meter: ${meterLengthOf(heat)}`}
      >
        {nodesOfToken(before)}
      </button>
      {token.fork && <i class="fork" aria-hidden="true" />}
      {token.breaks && <br />}
      {after.length > 0 && (
        <span class={[...classes, "rest"].join(" ")} data-at={token.at} aria-hidden="true">
          {nodesOfToken(after)}
        </span>
      )}
    </>
  );
}

function isSameToken(a: StripToken, b: StripToken): boolean {
  return a.at === b.at && a.rendering === b.rendering && a.marks === b.marks && a.selected === b.selected &&
    a.fork === b.fork && a.label === b.label && a.heat?.scale === b.heat?.scale &&
    a.heat?.value === b.heat?.value;
}

const StripItem = memo(
  Item,
  (before, next) =>
    before.stop === next.stop && before.newest === next.newest && isSameToken(before.token, next.token),
);

/** Tokens that are compared at once: of a long text most groups stay as they are, and none of theirs is looked at. */
const GROUP = 50;

interface GroupProps {
  readonly tokens: readonly StripToken[];
  /** The token that Tab stops at, and the newest one, by their place in the text. */
  readonly stop: number;
  readonly newest: number;
}

function Group({ tokens, stop, newest }: GroupProps) {
  return (
    <>
      {tokens.map((token) => (
        <StripItem key={token.at} token={token} stop={token.at === stop} newest={token.at === newest} />
      ))}
    </>
  );
}

const StripGroup = memo(Group, (before, next) => {
  const holds = ({ tokens }: GroupProps, at: number) => tokens[at - tokens[0]!.at] !== undefined;
  const same = (a: number, b: number) => a === b || !holds(before, a) && !holds(next, b);
  return before.tokens.length === next.tokens.length && same(before.stop, next.stop) &&
    same(before.newest, next.newest) &&
    before.tokens.every((token, at) => isSameToken(token, next.tokens[at]!));
});

/** The tokens in groups of `GROUP`. */
function groupsOf(tokens: readonly StripToken[]): StripToken[][] {
  const count = Math.ceil(tokens.length / GROUP);
  return Array.from({ length: count }, (_, at) => tokens.slice(at * GROUP, (at + 1) * GROUP));
}

const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowRight: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** The token that an event is about; null: none. */
function findToken(target: EventTarget | null): { at: number; element: HTMLElement } | null {
  const element = target instanceof Element ? target.closest<HTMLElement>(".tok") : null;
  return element === null ? null : { at: Number(element.dataset.at), element };
}

/** Tells whether the pointer has moved since the last call: a token that comes to lie under a resting pointer is not
 * pointed at. */
function usePointerMoves(): (event: PointerEvent) => boolean {
  const last = useRef({ x: -1, y: -1 });
  return ({ clientX: x, clientY: y }) => {
    const moved = x !== last.current.x || y !== last.current.y;
    last.current = { x, y };
    return moved;
  };
}

const HELD_MS = 450;

/** A finger that rests on a token does what a pointer over it does; the focus keeps it, so that it goes with the next
 * press elsewhere. */
function useHold(onHold: (at: number, element: HTMLElement) => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const end = () => clearTimeout(timer.current);
  return {
    onPointerDown: ({ pointerType, target }: PointerEvent) => {
      end();
      const token = pointerType === "mouse" ? null : findToken(target);
      if (token !== null) timer.current = setTimeout(() => onHold(token.at, token.element), HELD_MS);
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}

interface TokenStripProps {
  readonly tokens: readonly StripToken[];
  /** What stands there until the tokens are. */
  readonly unread: string;
  readonly open: boolean;
  readonly canRemove: boolean;
  readonly inspecting: boolean;
  readonly onPress: (token: StripToken) => void;
  /** The token under the pointer or the focus; null: none. */
  readonly onCard: (at: number | null, element: HTMLElement | null) => void;
  readonly onRemove: () => void;
  /** The preview of the next token. */
  readonly children: ComponentChildren;
}

/** What the strip does on keys, the pointer and the focus. `stop`: the token that Tab stops at. */
function useStripEvents(props: TokenStripProps, last: number, stop: number, onStop: (at: number) => void) {
  const { tokens, onCard } = props;
  const hasMoved = usePointerMoves();
  const hold = (at: number, element: HTMLElement) => {
    element.focus({ preventScroll: true });
    onCard(at, element);
  };
  return {
    ...useHold(hold),
    onKeyDown: (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
      const move = MOVES[event.key];
      if (move === undefined || event.altKey || findToken(event.target) === null) return;
      event.preventDefault();
      const target = Math.min(last, Math.max(0, move(stop, last)));
      event.currentTarget.querySelectorAll<HTMLElement>("button.tok")[target]?.focus();
    },
    onFocusIn: ({ target }: FocusEvent) => {
      const token = findToken(target);
      if (token === null) return;
      onStop(token.at);
      if (token.element.matches(":focus-visible")) onCard(token.at, token.element);
    },
    onFocusOut: () => onCard(null, null),
    onPointerOver: (event: PointerEvent) => {
      if (event.pointerType !== "mouse" || !hasMoved(event)) return;
      const token = findToken(event.target);
      onCard(token?.at ?? null, token?.element ?? null);
    },
    onPointerMove: hasMoved,
    onPointerLeave: ({ pointerType }: PointerEvent) => pointerType === "mouse" && onCard(null, null),
    onClick: ({ target }: Event) => {
      const pressed = findToken(target);
      const token = tokens[pressed?.at ?? -1];
      if (pressed === null || token === undefined) return;
      props.onPress(token);
      if (token.at === 0) hold(pressed.at, pressed.element); // there is nothing else to see of it
    },
  };
}

/** The caret, the preview of the next token, the button that removes the last one. */
function StripEnd({ open, canRemove, onRemove, children }: TokenStripProps) {
  return (
    <span class="strip-end">
      {open && <span class="caret" aria-hidden="true" />}
      {children}
      {canRemove && (
        <ActionButton
          class="del"
          label="Delete the last token"
          tip="Delete the last token  Backspace"
          onPress={onRemove}
        >
          <X size={13} strokeWidth={2} />
        </ActionButton>
      )}
    </span>
  );
}

export function TokenStrip(props: TokenStripProps) {
  const { tokens } = props;
  const strip = useRef<HTMLDivElement>(null);
  const shown = useGrowth(tokens.length);
  const last = shown - 1;
  const newest = tokens.at(-1)?.step == null ? -1 : tokens.length - 1;
  const [active, setActive] = useState<number | null>(null);
  const selected = tokens.findIndex((token) => token.selected);
  const stop = Math.min(last, active ?? (selected >= 0 ? selected : last));
  useEffect(() => setActive(null), [tokens.length]);
  useEndInSight(strip, shown, props.inspecting);
  const events = useStripEvents(props, last, stop, setActive);
  return (
    <div
      class="strip"
      id="strip"
      ref={strip}
      role="group"
      dir="auto"
      aria-labelledby="text-label"
      aria-busy={shown < tokens.length ? true : undefined}
      tabIndex={tokens.length === 0 ? 0 : undefined}
      {...events}
    >
      {groupsOf(tokens.slice(0, shown)).map((group) => (
        <StripGroup key={group[0]!.at} tokens={group} stop={stop} newest={newest} />
      ))}
      {tokens.length === 0 && <span class="unread">{props.unread}</span>}
      <StripEnd {...props} />
    </div>
  );
}
