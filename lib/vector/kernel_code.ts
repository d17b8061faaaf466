// The kernels: loops over a row of numbers in the memory, whose length is a multiple of four. kernel_bytes.ts holds
// what is made of them here (`deno task kernels`): to put it together at each start takes milliseconds.
import { EXP_CONSTANTS, EXP_DATA, expCode, loadConstants } from "./exp_code.ts";
import {
  doWhen,
  FOUR,
  get,
  INT,
  LOAD_TWO_SINGLES,
  loadAll,
  type Local,
  OR,
  PAIR,
  repeat,
  repeatSingle,
  RETURN,
  set,
  STORE_INT,
  storeAll,
  whole,
} from "./instructions.ts";
import { RESULTS } from "./layout.ts";
import { assembleModule, type Code, type ValueType, type WasmFunction } from "./wasm_module.ts";

/** Variables of a kernel: its parameters, then vectors. */
const [FROM, END] = [0, 1];

const listVectors = (count: number): ValueType[] => Array.from({ length: count }, () => "v128");
const moveOn = (
  local: Local,
  bytes: number,
): Code => [...get(local), ...whole(bytes), ...INT.add, ...set(local)];
const NEXT = [...get(FROM), ...get(END), ...INT.isLess];
const leave = (
  local: Local,
  place: number,
): Code => [...whole(RESULTS), ...get(local), ...storeAll(16 * place)];

/** (from, end, largest, factor, to): w = exp((value - largest) factor) of each value; where it `leaves` them, they are
 * left at `to`. The results: sum w and -sum w (value - largest) factor, each in two parts. */
function makeWeigh(name: string, valueBytes: 4 | 8, leaves: boolean): WasmFunction {
  const [largest, factor, to] = [2, 3, 4];
  const [sum, weighted, most, factors, x, n, r, weight, constants] = [5, 6, 7, 8, 9, 10, 11, 12, 13];
  const load = [...get(FROM), ...valueBytes === 4 ? LOAD_TWO_SINGLES : loadAll()];
  const store = [...get(to), ...get(weight), ...storeAll(), ...moveOn(to, 16)];
  const turn = [
    ...[...load, ...get(most), ...PAIR.sub, ...get(factors), ...PAIR.mul, ...set(x)],
    ...[...expCode(x, n, r, constants), ...set(weight), ...leaves ? store : []],
    ...[...get(sum), ...get(weight), ...PAIR.add, ...set(sum)],
    ...[...get(weight), ...get(x), ...get(weighted), ...PAIR.multiplySubtract, ...set(weighted)],
    ...[...moveOn(FROM, 2 * valueBytes), ...NEXT],
  ];
  return {
    name,
    takes: ["i32", "i32", "f64", "f64", "i32"],
    gives: [],
    locals: listVectors(8 + EXP_CONSTANTS),
    code: [
      ...loadConstants(constants),
      ...[...get(largest), ...PAIR.splat, ...set(most), ...get(factor), ...PAIR.splat, ...set(factors)],
      ...repeat(turn),
      ...[...leave(sum, 0), ...leave(weighted, 1)],
    ],
  };
}

/** (x): exp(x), digit for digit as a loop has it. */
function makeExp(): WasmFunction {
  const [number, x, n, r, constants] = [0, 1, 2, 3, 4];
  const code = [
    ...[...loadConstants(constants), ...get(number), ...PAIR.splat, ...set(x)],
    ...[...expCode(x, n, r, constants), ...PAIR.first],
  ];
  return { name: "exp", takes: ["f64"], gives: ["f64"], locals: listVectors(3 + EXP_CONSTANTS), code };
}

/** (from, end) of singles. The results: four numbers of which one is the largest, how many are -Infinity in four parts,
 * and four marks of which one is not 0 where a value is NaN. */
function makeScan(): WasmFunction {
  const [largest, gone, marks, values] = [2, 3, 4, 5];
  const turn = [
    ...[...get(FROM), ...loadAll(), ...set(values)],
    ...[...get(largest), ...get(values), ...FOUR.larger, ...set(largest)],
    ...[
      ...get(gone),
      ...get(values),
      ...repeatSingle(-Infinity),
      ...FOUR.isEqual,
      ...FOUR.subWhole,
      ...set(gone),
    ],
    ...[...get(marks), ...get(values), ...get(values), ...FOUR.isOther, ...OR, ...set(marks)],
    ...[...moveOn(FROM, 16), ...NEXT],
  ];
  return {
    ...{ name: "scanSingles", takes: ["i32", "i32"], gives: [], locals: listVectors(4) },
    code: [
      ...[...repeatSingle(-Infinity), ...set(largest), ...repeat(turn)],
      ...[...leave(largest, 0), ...leave(gone, 1), ...leave(marks, 2)],
    ],
  };
}

/** (from, end, edge, to, last): the numbers, from 0 on, of the singles that are at least `edge`, left at `to` one after
 * the other; gives the address behind them, or 0 where they would go beyond `last`. */
function makeList(): WasmFunction {
  const [edge, to, last, found, at, edges] = [2, 3, 4, 5, 6, 7];
  const note = [
    ...[...get(to), ...get(at), ...get(found), ...INT.trailing, ...INT.add, ...STORE_INT, ...moveOn(to, 4)],
    ...[...get(found), ...get(found), ...whole(1), ...INT.sub, ...INT.and, ...set(found), ...get(found)],
  ];
  const turn = [
    ...[
      ...get(FROM),
      ...loadAll(),
      ...get(edges),
      ...FOUR.isAtLeast,
      ...FOUR.signs,
      ...set(found),
      ...get(found),
    ],
    ...doWhen([
      ...repeat(note),
      ...get(to),
      ...get(last),
      ...INT.isMore,
      ...doWhen([...whole(0), ...RETURN]),
    ]),
    ...[...moveOn(at, 4), ...moveOn(FROM, 16), ...NEXT],
  ];
  return {
    name: "listSingles",
    takes: ["i32", "i32", "f32", "i32", "i32"],
    gives: ["i32"],
    locals: ["i32", "i32", "v128"],
    code: [...get(edge), ...FOUR.splat, ...set(edges), ...repeat(turn), ...get(to)],
  };
}

/** The module of all kernels. */
export function assembleKernels(): Uint8Array<ArrayBuffer> {
  const weigh = [
    ...[makeWeigh("sumSingles", 4, false), makeWeigh("weighSingles", 4, true)],
    ...[makeWeigh("sumDoubles", 8, false), makeWeigh("weighDoubles", 8, true)],
  ];
  return assembleModule([...weigh, makeExp(), makeScan(), makeList()], EXP_DATA);
}
