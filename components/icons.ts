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
function drawOnce(Icon: LucideIcon): LucideIcon {
  type Props = Parameters<LucideIcon>[0];
  const names = ["size", "strokeWidth", "class"] as const;
  return memo(
    Icon as unknown as (props: Props) => VNode,
    (before: Props, next: Props) => names.every((name) => before[name] === next[name]),
  ) as LucideIcon;
}

export const ArrowDown: LucideIcon = drawOnce(ArrowDownIcon);
export const ArrowUp: LucideIcon = drawOnce(ArrowUpIcon);
export const BookOpen: LucideIcon = drawOnce(BookOpenIcon);
export const ChartBarBig: LucideIcon = drawOnce(ChartBarBigIcon);
export const Check: LucideIcon = drawOnce(CheckIcon);
export const ChevronDown: LucideIcon = drawOnce(ChevronDownIcon);
export const ChevronRight: LucideIcon = drawOnce(ChevronRightIcon);
export const ChevronsRight: LucideIcon = drawOnce(ChevronsRightIcon);
export const Columns2: LucideIcon = drawOnce(Columns2Icon);
export const Copy: LucideIcon = drawOnce(CopyIcon);
export const Download: LucideIcon = drawOnce(DownloadIcon);
export const GitFork: LucideIcon = drawOnce(GitForkIcon);
export const GripVertical: LucideIcon = drawOnce(GripVerticalIcon);
export const Info: LucideIcon = drawOnce(InfoIcon);
export const Keyboard: LucideIcon = drawOnce(KeyboardIcon);
export const Moon: LucideIcon = drawOnce(MoonIcon);
export const Pause: LucideIcon = drawOnce(PauseIcon);
export const Pencil: LucideIcon = drawOnce(PencilIcon);
export const Pin: LucideIcon = drawOnce(PinIcon);
export const PinOff: LucideIcon = drawOnce(PinOffIcon);
export const Play: LucideIcon = drawOnce(PlayIcon);
export const Plus: LucideIcon = drawOnce(PlusIcon);
export const Presentation: LucideIcon = drawOnce(PresentationIcon);
export const Redo2: LucideIcon = drawOnce(Redo2Icon);
export const RotateCcw: LucideIcon = drawOnce(RotateCcwIcon);
export const Search: LucideIcon = drawOnce(SearchIcon);
export const Share: LucideIcon = drawOnce(ShareIcon);
export const SkipForward: LucideIcon = drawOnce(SkipForwardIcon);
export const Sun: LucideIcon = drawOnce(SunIcon);
export const Table: LucideIcon = drawOnce(TableIcon);
export const Trash2: LucideIcon = drawOnce(Trash2Icon);
export const TriangleAlert: LucideIcon = drawOnce(TriangleAlertIcon);
export const Undo2: LucideIcon = drawOnce(Undo2Icon);
export const X: LucideIcon = drawOnce(XIcon);
export const ZoomIn: LucideIcon = drawOnce(ZoomInIcon);
