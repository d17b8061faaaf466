// "More controls": tools in tabs, each with its present value in its tab. A panel is loaded when it is opened.
import { ActionButton } from "../ActionButton.tsx";
import { ChevronDown, ChevronRight } from "../icons.ts";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PanelProps } from "./panel_props.ts";
import { loadPanel, type MoreTab } from "./tabs.tsx";
import { moveByArrow } from "../arrow_keys.ts";

/** A panel that is loaded when it is first shown. */
function Lazy({ id, props }: { id: string; props: PanelProps }) {
  const [panel, setPanel] = useState<{ readonly Panel: ComponentType<PanelProps> } | null>(null);
  useEffect(() => {
    let wanted = true;
    void loadPanel(id).then((Panel) => wanted && Panel && setPanel({ Panel }));
    return () => wanted = false;
  }, [id]);
  return panel === null ? <p class="note panel-wait">Loading…</p> : <panel.Panel {...props} />;
}

interface MoreControlsProps {
  readonly open: boolean;
  readonly tab: string;
  readonly tabs: readonly MoreTab[];
  readonly panel: PanelProps;
  /** What is in force while it is closed, in words. */
  readonly hidden: readonly string[];
  /** At the right of the head. */
  readonly children?: ComponentChildren;
}

interface TabsProps {
  readonly tabs: readonly MoreTab[];
  readonly current: MoreTab;
  readonly onTab: (id: string) => void;
}

function Tabs({ tabs, current, onTab }: TabsProps) {
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    moveByArrow(event, {
      at: tabs.indexOf(current),
      of: tabs.length,
      choose: (next) => onTab(tabs[next]!.id),
    });
  };
  return (
    <div class="tabs" role="tablist" aria-label="More controls" onKeyDown={onKeyDown}>
      {tabs.map(({ id, label, summary }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          aria-controls="bench-panel"
          aria-selected={id === current.id}
          data-term={id}
          tabIndex={id === current.id ? 0 : -1}
          onClick={() => onTab(id)}
        >
          <b>{label}</b>
          <span>{summary}</span>
        </button>
      ))}
    </div>
  );
}

function Head({ open, tabs, panel: { actions }, hidden, children }: MoreControlsProps) {
  return (
    <div class="more-head">
      <button
        type="button"
        class="more-btn"
        aria-expanded={open}
        aria-controls="bench"
        data-tip={open ? "Fewer controls  M" : "More controls  M"}
        onClick={actions.toggleExpert}
      >
        {open ? <ChevronDown size={16} strokeWidth={1.8} /> : <ChevronRight size={16} strokeWidth={1.8} />}
        <b>{open ? "Fewer controls" : "More controls"}</b>
        <span class={hidden.length === 0 ? "note" : "note in-force"}>
          {hidden.length === 0 ? tabs.map(({ label }) => label).join(", ") : `in force: ${hidden.join(", ")}`}
        </span>
      </button>
      {hidden.length > 0 && (
        <ActionButton class="btn sm" label="Reset the settings in force" onPress={actions.resetHidden}>
          Reset
        </ActionButton>
      )}
      <span class="grow" />
      {children}
    </div>
  );
}

export function MoreControls(props: MoreControlsProps) {
  const { open, tab, tabs, panel } = props;
  const { actions } = panel;
  const current = tabs.find(({ id }) => id === tab) ?? tabs[0]!;
  return (
    <section class="more" aria-label="More controls">
      <Head {...props} />
      <div class="card bench" id="bench" hidden={!open}>
        {open && (
          <>
            <Tabs tabs={tabs} current={current} onTab={(id) => actions.display({ tab: id })} />
            <div class="panel" role="tabpanel" id="bench-panel" aria-labelledby={`tab-${current.id}`}>
              <Lazy key={current.id} id={current.id} props={panel} />
            </div>
          </>
        )}
      </div>
    </section>
  );
}
