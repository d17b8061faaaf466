// The token of the hovered bar at the end of the text, and what could follow it.
import type { ReadonlySignal } from "@preact/signals";
import type { Ghost } from "../../lib/explorer/peek.ts";
import { TokenText } from "../TokenText.tsx";

export function GhostToken({ ghost }: { ghost: ReadonlySignal<Ghost | null> }) {
  if (ghost.value === null) return null;
  const { look, next } = ghost.value;
  const ends = look.parts[0]?.kind === "special";
  return (
    <span class="ghost-area" aria-hidden="true">
      <span class="ghost">
        <TokenText look={look} />
      </span>
      {ends && <span class="peek">ends the text</span>}
      {!ends && next !== null && (
        <span class="peek">
          then {next.map(({ look, percent }, at) => (
            <span key={at}>
              <b>
                <TokenText look={look} />
              </b>{" "}
              {percent} %
            </span>
          ))}
        </span>
      )}
    </span>
  );
}
