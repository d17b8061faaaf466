/// <reference lib="dom" />
// Every token side by side, 100 % of the probability, and the needle at the number that was drawn.
import { useEffect, useRef, useState } from "preact/hooks";
import {
  type DrawNote,
  type DrawView,
  fits,
  type LastStrip,
  type Segment,
} from "../../lib/explorer/views/draw_view.ts";
import { memoPlain } from "../memo.ts";
import { TokenText } from "../TokenText.tsx";
import { formatCoordinate } from "../../lib/basics/round.ts";

const PIXELS_BEFORE_MEASURING = 360;

function percentOf(share: number): string {
  return `${formatCoordinate(share * 100, 3)}%`;
}

/** Width of an element in pixels, as it changes. */
function useWidth() {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(PIXELS_BEFORE_MEASURING);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return { element, width };
}

interface SegmentBoxProps {
  readonly segment: Segment;
  readonly at: number;
  readonly lit: boolean;
  readonly labelled: boolean;
  /** Always does the same for the same segment. */
  readonly onPreview: (() => void) | undefined;
}

const SegmentBox = memoPlain(({ segment, at, lit, labelled, onPreview }: SegmentBoxProps) => {
  const shade = segment.rendering === null ? "rest" : at % 2 === 0 ? "even" : "odd";
  return (
    <svg
      class={`segment ${shade}${lit ? " lit" : ""}`}
      x={percentOf(segment.start)}
      width={percentOf(segment.width)}
      height="26"
      onPointerEnter={onPreview}
    >
      <rect width="100%" height="26" />
      {labelled && segment.rendering !== null && (
        <foreignObject width="100%" height="26">
          <div class="segment-label">
            <TokenText rendering={segment.rendering} />
          </div>
        </foreignObject>
      )}
      <rect class="gap" width="1" height="26" />
    </svg>
  );
}, "onPreview");

function Needle({ at }: { at: number }) {
  return (
    <svg class="needle" x={percentOf(at)} overflow="visible">
      <path d="M-5 -9h10l-5 6z" />
      <rect x="-1" y="-6" width="2" height="38" rx="1" />
    </svg>
  );
}

/** The strip of the last draw with its needle, small, without words. */
function LastStripPicture({ strip: { segments, needle, hot } }: { strip: LastStrip }) {
  return (
    <svg class="last-strip" aria-hidden="true">
      {segments.map(({ id, start, width }, at) => (
        <rect
          key={id ?? "rest"}
          class={id === hot ? "hot" : id === null ? "rest" : at % 2 === 0 ? "even" : "odd"}
          x={percentOf(start)}
          width={percentOf(width)}
          height="10"
          y="2"
        />
      ))}
      {needle !== null && (
        <svg x={percentOf(needle)} overflow="visible">
          <rect class="needle" x="-1" width="2" height="14" />
        </svg>
      )}
    </svg>
  );
}

function Note({ note }: { note: DrawNote }) {
  if (note.kind === "idle") return <p class="drawnote">{note.text}</p>;
  return (
    <p class="drawnote">
      {note.kind === "last" && note.strip !== null && <LastStripPicture strip={note.strip} />}
      {note.kind === "last" ? "Last draw" : "Drew"} <b>{note.u}</b>
      {note.kind === "last" ? " → " : ": it lands in "}
      <b>
        <span aria-hidden="true">
          <TokenText rendering={note.rendering} />
        </span>
        <span class="sr">{note.rendering.spoken}</span>
      </b>
      {note.kind === "drawn" && note.more}
    </p>
  );
}

interface DrawStripProps {
  readonly view: DrawView;
  /** The token whose bar is under the pointer. */
  readonly previewed?: number | null;
  readonly onPreview?: (id: number | null) => void;
}

/** The strip is a picture, hidden from speech: its note says the same. */
export function DrawStrip({ view, previewed = null, onPreview }: DrawStripProps) {
  const { element, width } = useWidth();
  return (
    <div class="draw">
      <div class="drawstrip" aria-hidden="true" ref={element} onPointerLeave={() => onPreview?.(null)}>
        <svg class="segments">
          {view.segments.map((segment, at) => (
            <SegmentBox
              key={segment.id ?? "rest"}
              segment={segment}
              at={at}
              lit={segment.id !== null && (segment.id === view.hot || segment.id === previewed)}
              labelled={fits(segment, width)}
              onPreview={onPreview && (() => onPreview(segment.id))}
            />
          ))}
        </svg>
        {view.needle !== null && (
          <svg class="needles">
            <Needle at={view.needle} />
          </svg>
        )}
      </div>
      <Note note={view.note} />
    </div>
  );
}
