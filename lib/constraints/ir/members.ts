// Lists of members (grammar.ts), one member at a time.
import type { Expr, GrammarBuilder, MemberList } from "./grammar.ts";

type MembersExpr = Extract<Expr, { readonly kind: "members" }>;

/** The same texts as a choice: the end, or one more member and what is left then. Never offers a member after which
 * the required ones have no room or the least number cannot be reached. */
export function unfoldMembers(builder: GrammarBuilder, { list, taken, count }: MembersExpr): Expr {
  const { items, min, max } = list;
  const firstRequired = items.findIndex((item, i) => item.required && !isTaken(taken, i));
  const ways: Expr[] = [];
  const has = (part: Expr) => part !== builder.nothing;
  const add = (expr: Expr, takenThen: bigint) => {
    if (expr === builder.nothing || count >= max || !hasRoom(list, takenThen, count + 1, has)) return;
    const written = Math.min(count + 1, max < Infinity ? max : Math.max(1, min));
    ways.push(builder.seq([expr, builder.members(list, takenThen, written)]));
  };
  const last = list.ordered && firstRequired >= 0 ? firstRequired : items.length - 1;
  for (let i = 0; i <= last; i++) {
    if (isTaken(taken, i)) continue;
    add(items[i]!.expr, list.ordered ? maskUpTo(i) : taken | 1n << BigInt(i));
  }
  if (!list.ordered) add(list.others, taken);
  else if (firstRequired < 0) add(list.others, maskUpTo(items.length - 1));
  const next = builder.seq([count === 0 ? builder.empty : list.separator, builder.choice(ways)]);
  return builder.choice(firstRequired < 0 && count >= min ? [list.end, next] : [next]);
}

/** All parts that its texts are made of. */
export function partsOfMembers(list: MemberList): readonly Expr[] {
  return [...list.items.map((item) => item.expr), list.others, list.separator, list.end];
}

/** The same list over other parts. */
export function mapMembers(builder: GrammarBuilder, expr: MembersExpr, change: (part: Expr) => Expr): Expr {
  const { list } = expr;
  const items = list.items.map((item) => ({ ...item, expr: change(item.expr) }));
  const [others, separator, end] = [change(list.others), change(list.separator), change(list.end)];
  return builder.members({ ...list, items, others, separator, end }, expr.taken, expr.count);
}

/** True where what is left has a text, if `has` tells which of the parts have one. */
export function isProductiveMembers(expr: MembersExpr, has: (part: Expr) => boolean): boolean {
  const { list, taken, count } = expr;
  if (!has(list.end) || count < list.min && !has(list.separator)) return false;
  return hasRoom(list, taken, count, has);
}

/** The required items have texts and room, and the least number can be reached. */
function hasRoom(list: MemberList, taken: bigint, count: number, has: (part: Expr) => boolean): boolean {
  const others = has(list.others);
  if (list.max === Infinity && others && list.items.every((item) => !item.required || has(item.expr))) {
    return true;
  }
  let [possible, required] = [0, 0];
  for (const [i, item] of list.items.entries()) {
    if (isTaken(taken, i)) continue;
    if (has(item.expr)) possible++;
    else if (item.required) return false;
    if (item.required) required++;
  }
  const most = others ? Infinity : count + possible;
  return count + required <= list.max && Math.min(most, list.max) >= list.min;
}

function isTaken(taken: bigint, item: number): boolean {
  return (taken >> BigInt(item) & 1n) === 1n;
}

function maskUpTo(item: number): bigint {
  return (1n << BigInt(item + 1)) - 1n;
}
