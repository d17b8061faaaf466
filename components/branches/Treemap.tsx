// The look-ahead tree as a treemap: an area is the joint probability of a continuation, a press goes there.
import { useState } from "preact/hooks";
import { type AheadNode, type AheadTree } from "../../lib/explorer/asking/tree_expansion.ts";
import { type Area, layOutTreemap, MAP } from "./treemap_layout.ts";
import { formatPathProbability } from "../../lib/explorer/words/format.ts";
import { stepOfArrow } from "../arrow_keys.ts";

const CHARACTER = 7; // pixels
const NARROWEST = 26; // pixels, of an area with a label

/** The text of a continuation. */
function textOf({ nodes }: AheadTree, node: AheadNode): string {
  const texts: string[] = [];
  for (
    let at: AheadNode | undefined = node;
    at !== undefined;
    at = at.parent === null ? undefined : nodes[at.parent]
  ) {
    texts.unshift(at.token.text);
  }
  return texts.join("").replaceAll("\n", "⏎");
}

interface TileProps {
  readonly area: Area;
  readonly text: string;
  readonly active: boolean;
  readonly onGo: () => void;
  readonly onFocus: () => void;
}

function Tile({ area: { node, x, y, width, height }, text, active, onGo, onFocus }: TileProps) {
  if (node === null) return <rect class="map-rest" x={x} y={y} width={width} height={height} />;
  const whole = formatPathProbability(Math.log(node.probability));
  return (
    <g
      class={`map-tile ${node.state}`}
      role="button"
      tabindex={active ? 0 : -1}
      aria-label={`${text.trim() || "whitespace"}, ${whole}`}
      data-map={node.key}
      data-tip={`${text.trim()}: ${whole} together`}
      onClick={onGo}
      onFocus={onFocus}
    >
      <rect x={x} y={y} width={width} height={height} />
    </g>
  );
}

/** What is written on an area, over its button: as much as fits, for eyes only. */
function Words({ area: { x, y, width, height }, text }: { area: Area; text: string }) {
  if (width < NARROWEST || height < 16) return null;
  const room = Math.floor((width - 8) / CHARACTER);
  const label = [...text.trim()];
  const shown = label.length <= room ? label.join("") : `${label.slice(0, Math.max(0, room - 1)).join("")}…`;
  return <text x={x + 4} y={y + 13}>{shown}</text>;
}

interface TreemapProps {
  readonly tree: AheadTree;
  readonly onGo: (key: number) => void;
}

export function Treemap({ tree, onGo }: TreemapProps) {
  const areas = layOutTreemap(tree);
  const nodes = areas.flatMap(({ node }) => node === null ? [] : [node]);
  const [focused, setFocused] = useState<number | null>(null);
  const active = nodes.find(({ key }) => key === focused) ?? nodes[0];
  const onKeyDown = (event: KeyboardEvent & { currentTarget: SVGSVGElement }) => {
    const step = stepOfArrow(event);
    const next = active === undefined || step === undefined ? undefined : nodes[nodes.indexOf(active) + step];
    if (active !== undefined && (event.key === "Enter" || event.key === " ")) onGo(active.key);
    else if (next === undefined) return;
    else event.currentTarget.querySelector<SVGGElement>(`[data-map="${next.key}"]`)?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <svg
      class="map"
      viewBox={`0 0 ${MAP.width} ${MAP.height}`}
      role="group"
      aria-label="Continuations, areas by joint probability"
      onKeyDown={onKeyDown}
    >
      {areas.map((area) => (
        <Tile
          key={area.node?.key ?? `rest ${area.parent}`}
          area={area}
          text={area.node === null ? "" : textOf(tree, area.node)}
          active={area.node !== null && area.node === active}
          onGo={() => area.node !== null && onGo(area.node.key)}
          onFocus={() => setFocused(area.node?.key ?? null)}
        />
      ))}
      <g aria-hidden="true" class="map-words">
        {areas.map((area) =>
          area.node !== null && <Words key={area.node.key} area={area} text={textOf(tree, area.node)} />
        )}
      </g>
    </svg>
  );
}
