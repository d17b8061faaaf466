// Share and export: a menu of its own button. The arrows move, a letter jumps, Escape gives the focus back.
import { Share } from "../icons.ts";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useOutsidePress } from "../outside_press.ts";
import { SHARE_GROUPS, type ShareAction } from "../../lib/explorer/share/menu.ts";

interface ShareMenuProps {
  readonly open: boolean;
  /** Actions that are not possible now, each with the reason. */
  readonly unavailable?: Partial<Readonly<Record<ShareAction, string>>>;
  readonly onOpen: (open: boolean) => void;
  readonly onAction: (action: ShareAction) => void;
}

/** The item that a key leads to; null for keys of the browser. */
function findTarget(items: readonly HTMLElement[], key: string): HTMLElement | null {
  const at = items.findIndex((item) => item === document.activeElement);
  const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  const move = moves[key];
  if (move !== undefined) return items.at(move % items.length) ?? null;
  if (!/^[a-z]$/i.test(key)) return null;
  const turned = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return turned.find((item) => item.textContent?.toLowerCase().startsWith(key.toLowerCase())) ?? null;
}

/** The menu's keys and its focus. */
function useMenu({ open, onOpen }: Pick<ShareMenuProps, "open" | "onOpen">) {
  const anchor = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const items = () => [...anchor.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? []];
  useLayoutEffect(() => {
    if (open) items()[0]?.focus();
  }, [open]);
  useOutsidePress(anchor, open, () => onOpen(false));
  const close = () => {
    onOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") return onOpen(false);
    if (event.key !== "Escape") {
      const item = event.ctrlKey || event.metaKey || event.altKey ? null : findTarget(items(), event.key);
      if (item === null) return;
      item.focus();
    } else close();
    event.preventDefault();
    event.stopPropagation();
  };
  return { anchor, button, close, onKeyDown };
}

interface GroupProps extends Pick<ShareMenuProps, "unavailable" | "onAction"> {
  readonly group: (typeof SHARE_GROUPS)[number];
}

function Group({ group: { label, items }, unavailable = {}, onAction }: GroupProps) {
  return (
    <div role="group" aria-label={label}>
      {items.map(({ action, title, text }) => {
        const reason = unavailable[action];
        return (
          <button
            key={action}
            type="button"
            role="menuitem"
            tabIndex={-1}
            aria-disabled={reason === undefined ? undefined : true}
            onClick={() => reason === undefined && onAction(action)}
          >
            <b>{title}</b>
            <span>{reason ?? text}</span>
          </button>
        );
      })}
    </div>
  );
}

export function ShareMenu({ open, unavailable = {}, onOpen, onAction }: ShareMenuProps) {
  const { anchor, button, close, onKeyDown } = useMenu({ open, onOpen });
  const act = (action: ShareAction) => {
    close();
    onAction(action);
  };
  return (
    <div class="pop-anchor" ref={anchor}>
      <button
        type="button"
        class="tbtn share-btn"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls="share-menu"
        onClick={() => onOpen(!open)}
        onKeyDown={(event) => event.key === "ArrowDown" && (event.preventDefault(), onOpen(true))}
      >
        <Share size={16} strokeWidth={1.6} />
        <span class="lbl">Share</span>
      </button>
      <div
        class="pop pop-menu"
        id="share-menu"
        role="menu"
        aria-label="Share or export"
        hidden={!open}
        onKeyDown={onKeyDown}
      >
        {SHARE_GROUPS.map((group) => (
          <Group key={group.label} group={group} unavailable={unavailable} onAction={act} />
        ))}
      </div>
    </div>
  );
}
