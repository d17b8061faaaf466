// Compares the codec with the lines that fuzz_folders.py wrote, and prints what differs.
import { messageOf } from "../../lib/basics/message_of.ts";
import { faultOf } from "../../lib/fault.ts";
import { comparisonsOf, type FolderLine } from "./folder_lines.ts";

const counts = { equal: 0, differ: 0, refused: 0 };
for (const text of (await Deno.readTextFile(Deno.args[0] ?? "")).trimEnd().split("\n")) {
  const line: FolderLine = JSON.parse(text);
  try {
    for (const [what, theirs, ours] of comparisonsOf(line)) {
      const equal = JSON.stringify(ours) === JSON.stringify(theirs);
      counts[equal ? "equal" : "differ"]++;
      if (!equal) console.log(JSON.stringify({ name: line.name, what, theirs, ours }));
    }
  } catch (error) {
    if (faultOf(error) === null) throw error;
    counts.refused++;
    console.log(JSON.stringify({ name: line.name, what: "refused", theirs: "", ours: messageOf(error) }));
  }
}
console.log(JSON.stringify(counts));
