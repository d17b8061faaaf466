// What the constraint does at the place of the bars: where the text stands, what may come, what the mask took.
import type {
  BarredView,
  Left,
  MaskView,
  MayCome,
  XrayView,
} from "../../lib/explorer/constraints/xray_view.ts";
import { ActionButton } from "../ActionButton.tsx";
import { Explained } from "../Explained.tsx";
import { TokenText } from "../TokenText.tsx";
import { formatCoordinate } from "../../lib/basics/round.ts";

function Alternatives({ may, more }: { may: readonly MayCome[]; more: number }) {
  return (
    <ul class="may">
      {may.map(({ what, by }) => (
        <li key={`${what} ${by}`}>
          <code>{what}</code>
          {by !== "" && <small>{by}</small>}
        </li>
      ))}
      {more > 0 && <li class="note">and {more} more</li>}
    </ul>
  );
}

function Mask({ mask }: { mask: MaskView }) {
  const kept = `${formatCoordinate((1 - mask.removed) * 100, 2)}%`;
  return (
    <div>
      <h3 class="sub">Removed by the mask</h3>
      <svg class="mask-bar" aria-hidden="true">
        <rect class="mass-gone" width="100%" height="6" rx="2" />
        <rect class="mass-kept" width={kept} height="6" rx="2" />
      </svg>
      <p>
        <Explained term="mask">{mask.text}</Explained>
      </p>
    </div>
  );
}

/** Where a text left the constraint, with a caret at the place. */
function LeftAt({ left, onOff }: { left: Left; onOff: () => void }) {
  return (
    <p class="forced-next">
      <span>
        {left.before !== "" && <code>{left.before}</code>}
        <b aria-hidden="true">‸</b>
        <span class="sr">then, where it cannot go on,</span>
        <code>{left.behind}</code>
      </span>
      <ActionButton class="btn sm" onPress={onOff}>Turn the constraint off</ActionButton>
    </p>
  );
}

interface ForcedProps {
  readonly text: string;
  readonly cutsWord: boolean;
  readonly onAppend: () => void;
}

function Forced({ text, cutsWord, onAppend }: ForcedProps) {
  return (
    <p class="forced-next">
      <span>
        Forced: only <code>{JSON.stringify(text)}</code> may come.
        {cutsWord &&
          " It ends within a word: appended alone it makes unusual tokens, Step may take a longer one."}
      </span>
      <ActionButton class="btn sm" tip="Append what is forced  A" onPress={onAppend}>Append it</ActionButton>
    </p>
  );
}

function Barred({ view }: { view: BarredView | null }) {
  return (
    <div>
      <h3 class="sub">Why a token is barred</h3>
      {view === null
        ? <p class="note">Point at a hatched bar, or move the focus to it.</p>
        : (
          <div class="barred">
            <p>
              <span class="barred-token">
                <span aria-hidden="true">
                  <TokenText rendering={view.rendering} />
                </span>
                <span class="sr">{view.rendering.spoken}</span>
              </span>{" "}
              {view.why}
            </p>
            <Alternatives may={view.expected} more={view.more} />
          </div>
        )}
    </div>
  );
}

interface XrayProps {
  /** Null: the constraint is not applied, or it is not known yet; `note` says which. */
  readonly view: XrayView | null;
  readonly note: string;
  readonly barred: BarredView | null;
  readonly onForced: () => void;
  readonly onOff: () => void;
}

export function Xray({ view, note, barred, onForced, onOff }: XrayProps) {
  if (view === null) {
    return (
      <div class="xray">
        <div>
          <h3 class="sub">Now</h3>
          <p>{note}</p>
        </div>
      </div>
    );
  }
  return (
    <div class="xray">
      <div>
        <h3 class="sub">Now</h3>
        <p>{view.now}</p>
        {view.left !== null && <LeftAt left={view.left} onOff={onOff} />}
        {view.forced !== "" && <Forced text={view.forced} cutsWord={view.cutsWord} onAppend={onForced} />}
        {view.warning !== null && <p class="xray-warning">{view.warning}</p>}
      </div>
      {view.may.length > 0 && (
        <div>
          <h3 class="sub">{view.left === null ? "May come next" : "Expected there"}</h3>
          <Alternatives may={view.may} more={view.more} />
        </div>
      )}
      {view.mask !== null && <Mask mask={view.mask} />}
      <Barred view={barred} />
    </div>
  );
}
