// The most probable continuations as a tree: the width of a line is a probability, a press goes there.
import { useState } from "preact/hooks";
import { formatPathProbability, formatPercent, sayNumber } from "../../lib/explorer/words/format.ts";
import { renderToken } from "../../lib/explorer/words/appearance.ts";
import type { AheadTree } from "../../lib/explorer/asking/tree_expansion.ts";
import { chooseNodes, parentOfMore } from "../../lib/explorer/asking/ahead_view.ts";
import { Segmented } from "../Segmented.tsx";
import { Answers } from "./Answers.tsx";
import { Treemap } from "./Treemap.tsx";
import { COLUMN, layOutTree, type PlacedNode } from "./tree_layout.ts";
import { round } from "../../lib/basics/round.ts";

const MOST_NODES = 60;
const THICKEST = 16;
const LABEL = 118; // pixels of a token's box

interface LookAheadTreeProps {
  readonly tree: AheadTree;
  /** Distributions are still being asked for. */
  readonly working: boolean;
  /** "The 12 most probable continuations of 3 tokens hold 51.2 %." */
  readonly summary: string;
  readonly onGo: (key: number) => void;
  readonly onStop: () => void;
  readonly picture: AheadPicture;
  readonly onPicture: (picture: AheadPicture) => void;
  /** Saves the tree as a table. */
  readonly onSave: () => void;
}

/** Text of a token in an SVG, where marks cannot stand between letters. */
function label(placed: PlacedNode): string {
  const marks = { space: "␣", newline: "⏎", tab: "⇥", empty: "∅" } as const;
  const text = renderToken(placed.node.token).parts
    .map((part) => "text" in part ? part.text : marks[part.kind]).join("");
  const characters = [...text];
  return characters.length <= 9 ? text : `${characters.slice(0, 8).join("")}…`;
}

function Link({ placed }: { placed: PlacedNode }) {
  const { x, y, from } = placed;
  const start = from.x + (from.x < 20 ? 0 : LABEL);
  const middle = (start + x) / 2;
  return (
    <path
      class="ahead-link"
      d={`M${start} ${from.y}C${middle} ${from.y} ${middle} ${y} ${x} ${y}`}
      stroke-width={round(Math.max(1, placed.node.probability * THICKEST), 2)}
    />
  );
}

interface NodeProps {
  readonly placed: PlacedNode;
  readonly active: boolean;
  readonly onGo: () => void;
  readonly onFocus: () => void;
}

function Node({ placed, active, onGo, onFocus }: NodeProps) {
  const { node, x, y } = placed;
  const spoken = renderToken(node.token).spoken;
  const whole = formatPathProbability(Math.log(node.probability));
  return (
    <g
      class={`ahead-node ${node.state}`}
      role="treeitem"
      aria-level={node.depth}
      aria-label={node.state === "more"
        ? `${node.token.text.slice(1)} more tokens, ${sayNumber(formatPercent(node.token.p_final))} percent`
        : `${spoken}, ${sayNumber(formatPercent(node.token.p_final))} percent, together ${sayNumber(whole)}`}
      // Lower case: attributes of SVG keep their case, and only this one is known.
      tabindex={active ? 0 : -1}
      data-key={node.key}
      data-tip={node.state === "more"
        ? `Draw them too: ${formatPercent(node.token.p_final)} % here`
        : `${formatPercent(node.token.p_final)} % here, ${whole} together`}
      onClick={onGo}
      onFocus={onFocus}
    >
      <rect x={x} y={y - 12} width={LABEL} height="24" rx="5" />
    </g>
  );
}

/** What is written on a node, over its button: marks that only eyes can read. */
function Words({ placed }: { placed: PlacedNode }) {
  const { node, x, y } = placed;
  return (
    <>
      <text class="ahead-token" x={x + 7} y={y + 4.5}>{label(placed)}</text>
      <text class="ahead-p" x={x + LABEL - 7} y={y + 4} text-anchor="end">
        {formatPercent(node.token.p_final)}
      </text>
    </>
  );
}

/** The node that a key leads to: up and down through all, right to the first child, left to the parent. */
function findTarget(placed: readonly PlacedNode[], at: PlacedNode, key: string): PlacedNode | undefined {
  const column = placed.filter(({ node }) => node.depth === at.node.depth).sort((a, b) => a.y - b.y);
  const place = column.indexOf(at);
  if (key === "ArrowDown") return column[place + 1];
  if (key === "ArrowUp") return column[place - 1];
  if (key === "ArrowRight") return placed.find(({ node }) => node.parent === at.node.key);
  if (key === "ArrowLeft") return placed.find(({ node }) => node.key === at.node.parent);
  if (key === "Home") return column[0];
  return key === "End" ? column.at(-1) : undefined;
}

/** Whether there is a node to focus. */
function focusNode(figure: SVGSVGElement, next: PlacedNode | undefined): boolean {
  if (next === undefined) return false;
  figure.querySelector<SVGGElement>(`[data-key="${next.node.key}"]`)?.focus();
  return true;
}

/** The tree as a figure: lines, buttons, words. */
function Figure({ tree, onGo }: Pick<LookAheadTreeProps, "tree" | "onGo">) {
  const [opened, setOpened] = useState<ReadonlySet<number | null>>(new Set());
  const { placed, root, width, height } = layOutTree(chooseNodes(tree, opened, MOST_NODES));
  const press = (key: number) => key < 0 ? setOpened(new Set([...opened, parentOfMore(key)])) : onGo(key);
  const [focused, setFocused] = useState<number | null>(null);
  const active = placed.find(({ node }) => node.key === focused) ?? placed[0];
  const onKeyDown = (event: KeyboardEvent & { currentTarget: SVGSVGElement }) => {
    if (active === undefined) return;
    if (event.key === "Enter" || event.key === " ") press(active.node.key);
    else if (!focusNode(event.currentTarget, findTarget(placed, active, event.key))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <svg
      width={Math.max(width, COLUMN)}
      height={height}
      role="tree"
      aria-label="Most probable continuations"
      onKeyDown={onKeyDown}
    >
      <g aria-hidden="true">
        <circle class="ahead-root" cx={root.x} cy={root.y} r="4" />
        {placed.map((each) => <Link key={each.node.key} placed={each} />)}
      </g>
      {placed.map((each) => (
        <Node
          key={each.node.key}
          placed={each}
          active={each === active}
          onGo={() => press(each.node.key)}
          onFocus={() => setFocused(each.node.key)}
        />
      ))}
      <g aria-hidden="true" class="ahead-words">
        {placed.map((each) => <Words key={each.node.key} placed={each} />)}
      </g>
    </svg>
  );
}

const PICTURES = [
  { value: "tree", label: "Tree" },
  { value: "map", label: "Treemap" },
  { value: "answers", label: "Answers" },
] as const;

export type AheadPicture = typeof PICTURES[number]["value"];

export function LookAheadTree(props: LookAheadTreeProps) {
  const { tree, working, summary, picture, onGo, onStop, onSave } = props;
  return (
    <div class="ahead">
      <div class="bar wrap">
        <p class="note" role="status">{summary}</p>
        <span class="grow" />
        {working && <button type="button" class="btn sm" onClick={onStop}>Stop</button>}
        <Segmented label="Picture" value={picture} options={PICTURES} onChange={props.onPicture} />
        <button type="button" class="btn quiet sm" onClick={onSave}>Save as CSV</button>
      </div>
      {picture === "tree" && (
        <div class="ahead-scroll">
          <Figure tree={tree} onGo={onGo} />
        </div>
      )}
      {picture === "map" && <Treemap tree={tree} onGo={onGo} />}
      {picture === "answers" && <Answers tree={tree} />}
    </div>
  );
}
