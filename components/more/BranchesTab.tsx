// The tab "Branches" over the session: the tree of all paths, two of them side by side, and what could follow.
import { useMemo } from "preact/hooks";
import { branchRows, pickForCompare } from "../../lib/explorer/views/branch_view.ts";
import { comparePaths } from "../../lib/explorer/views/compare.ts";
import { compareView } from "../../lib/explorer/views/compare_view.ts";
import type { BranchId, Tree } from "../../lib/explorer/session/types.ts";
import { BranchTree } from "../branches/BranchTree.tsx";
import { Compare } from "../branches/Compare.tsx";
import { useKept } from "../kept.ts";
import { useLazy } from "../lazy.tsx";
import type { PanelProps } from "./panel_props.ts";

/** Two paths side by side; nothing until both are picked and read. */
function Compared({ tree, picked }: { tree: Tree; picked: readonly BranchId[] }) {
  const [a, b] = picked.map((id) => tree.branches.find((branch) => branch.id === id));
  const view = useMemo(() => {
    const comparison = a && b ? comparePaths(a.tip, b.tip) : null;
    return comparison === null ? null : compareView(comparison, { a: a!.name, b: b!.name });
  }, [a, b]);
  return view === null ? null : <Compare view={view} />;
}

/** The tree of what could follow, which is loaded when it is opened. */
function Ahead(props: PanelProps) {
  const [open, setOpen] = useKept(props.stores, "what could follow", false);
  const LookAhead = useLazy(
    open,
    () => import("../branches/LookAhead.tsx").then(({ LookAhead }) => LookAhead),
  );
  return (
    <>
      <button
        type="button"
        class="btn quiet sm ahead-toggle"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {open ? "Hide what could follow" : "What could follow"}
      </button>
      {open && LookAhead !== null && <LookAhead {...props} />}
    </>
  );
}

export function BranchesTab(props: PanelProps) {
  const { session, stores, actions } = props;
  const [comparing, setComparing] = useKept(stores, "comparing branches", false);
  const [picked, setPicked] = useKept<readonly BranchId[]>(stores, "compared branches", []);
  const begin = (on: boolean) => {
    setComparing(on);
    setPicked(on && session.tree.current !== null ? [session.tree.current] : []);
  };
  const rows = useMemo(() => branchRows(session.tree, picked), [session.tree, picked]);
  return (
    <>
      <BranchTree
        rows={rows}
        comparing={comparing}
        onSwitch={actions.switchTo}
        onRename={actions.rename}
        onDelete={(id) => {
          actions.deleteBranch(id);
          props.onNotice(`${rows.find((row) => row.id === id)!.name} is deleted.`, true);
        }}
        onComparing={begin}
        onPick={(id) => setPicked(pickForCompare(picked, id))}
      />
      {comparing && <Compared tree={session.tree} picked={picked} />}
      <Ahead {...props} />
    </>
  );
}
