// The icons of the page. The package's only public entry loads all of its 1,850 modules, which costs the server a
// quarter of a second at every start, so each icon comes from its own file.
import type { LucideIcon } from "lucide-preact";
import type { VNode } from "preact";
import ArrowDownIcon from "lucide-icons/arrow-down.mjs";
import ArrowUpIcon from "lucide-icons/arrow-up.mjs";
import BookOpenIcon from "lucide-icons/book-open.mjs";
import ChartBarBigIcon from "lucide-icons/chart-bar-big.mjs";
import CheckIcon from "lucide-icons/check.mjs";
import ChevronDownIcon from "lucide-icons/chevron-down.mjs";
import ChevronRightIcon from "lucide-icons/chevron-right.mjs";
import ChevronsRightIcon from "lucide-icons/chevrons-right.mjs";
import Columns2Icon from "lucide-icons/columns-2.mjs";
import CopyIcon from "lucide-icons/copy.mjs";
import DownloadIcon from "lucide-icons/download.mjs";
import GitForkIcon from "lucide-icons/git-fork.mjs";
import GripVerticalIcon from "lucide-icons/grip-vertical.mjs";
import InfoIcon from "lucide-icons/info.mjs";
import KeyboardIcon from "lucide-icons/keyboard.mjs";
import MoonIcon from "lucide-icons/moon.mjs";
import PauseIcon from "lucide-icons/pause.mjs";
import PencilIcon from "lucide-icons/pencil.mjs";
import PinIcon from "lucide-icons/pin.mjs";
import PinOffIcon from "lucide-icons/pin-off.mjs";
import PlayIcon from "lucide-icons/play.mjs";
import PlusIcon from "lucide-icons/plus.mjs";
import PresentationIcon from "lucide-icons/presentation.mjs";
import Redo2Icon from "lucide-icons/redo-2.mjs";
import RotateCcwIcon from "lucide-icons/rotate-ccw.mjs";
import SearchIcon from "lucide-icons/search.mjs";
import ShareIcon from "lucide-icons/share.mjs";
import SkipForwardIcon from "lucide-icons/skip-forward.mjs";
import SunIcon from "lucide-icons/sun.mjs";
import TableIcon from "lucide-icons/table.mjs";
import Trash2Icon from "lucide-icons/trash.mjs";
import TriangleAlertIcon from "lucide-icons/triangle-alert.mjs";
import Undo2Icon from "lucide-icons/undo-2.mjs";
import XIcon from "lucide-icons/x.mjs";
import ZoomInIcon from "lucide-icons/zoom-in.mjs";
import { memo } from "./memo.ts";

/** An icon that is drawn once: the page has dozens, and they never change with what is beside them. */
function still(Icon: LucideIcon): LucideIcon {
  type Props = Parameters<LucideIcon>[0];
  const names = ["size", "strokeWidth", "class"] as const;
  return memo(
    Icon as unknown as (props: Props) => VNode,
    (before: Props, next: Props) => names.every((name) => before[name] === next[name]),
  ) as LucideIcon;
}

export const ArrowDown: LucideIcon = still(ArrowDownIcon);
export const ArrowUp: LucideIcon = still(ArrowUpIcon);
export const BookOpen: LucideIcon = still(BookOpenIcon);
export const ChartBarBig: LucideIcon = still(ChartBarBigIcon);
export const Check: LucideIcon = still(CheckIcon);
export const ChevronDown: LucideIcon = still(ChevronDownIcon);
export const ChevronRight: LucideIcon = still(ChevronRightIcon);
export const ChevronsRight: LucideIcon = still(ChevronsRightIcon);
export const Columns2: LucideIcon = still(Columns2Icon);
export const Copy: LucideIcon = still(CopyIcon);
export const Download: LucideIcon = still(DownloadIcon);
export const GitFork: LucideIcon = still(GitForkIcon);
export const GripVertical: LucideIcon = still(GripVerticalIcon);
export const Info: LucideIcon = still(InfoIcon);
export const Keyboard: LucideIcon = still(KeyboardIcon);
export const Moon: LucideIcon = still(MoonIcon);
export const Pause: LucideIcon = still(PauseIcon);
export const Pencil: LucideIcon = still(PencilIcon);
export const Pin: LucideIcon = still(PinIcon);
export const PinOff: LucideIcon = still(PinOffIcon);
export const Play: LucideIcon = still(PlayIcon);
export const Plus: LucideIcon = still(PlusIcon);
export const Presentation: LucideIcon = still(PresentationIcon);
export const Redo2: LucideIcon = still(Redo2Icon);
export const RotateCcw: LucideIcon = still(RotateCcwIcon);
export const Search: LucideIcon = still(SearchIcon);
export const Share: LucideIcon = still(ShareIcon);
export const SkipForward: LucideIcon = still(SkipForwardIcon);
export const Sun: LucideIcon = still(SunIcon);
export const Table: LucideIcon = still(TableIcon);
export const Trash2: LucideIcon = still(Trash2Icon);
export const TriangleAlert: LucideIcon = still(TriangleAlertIcon);
export const Undo2: LucideIcon = still(Undo2Icon);
export const X: LucideIcon = still(XIcon);
export const ZoomIn: LucideIcon = still(ZoomInIcon);
