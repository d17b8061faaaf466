// The tab "Branches" over the session: the tree of all paths.
import { useMemo, useState } from "preact/hooks";
import { branchRows, pickForCompare } from "../../lib/explorer/branch_view.ts";
import type { BranchId } from "../../lib/explorer/types.ts";
import { BranchTree } from "../branches/BranchTree.tsx";
import type { PanelProps } from "./tabs.tsx";

export function BranchesTab({ session, actions }: PanelProps) {
  const [comparing, setComparing] = useState(false);
  const [picked, setPicked] = useState<readonly BranchId[]>([]);
  const begin = (on: boolean) => {
    setComparing(on);
    setPicked(on && session.tree.current !== null ? [session.tree.current] : []);
  };
  const rows = useMemo(() => branchRows(session.tree, picked), [session.tree, picked]);
  return (
    <BranchTree
      rows={rows}
      comparing={comparing}
      onSwitch={actions.switchTo}
      onRename={actions.rename}
      onDelete={actions.deleteBranch}
      onComparing={begin}
      onPick={(id) => setPicked(pickForCompare(picked, id))}
    />
  );
}
