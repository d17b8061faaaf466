/** Answers to a question about numbers below `count`, each asked once. */
export function rememberFlags(count: number, ask: (number: number) => boolean): (number: number) => boolean {
  const known = new Int8Array(count); // 1: yes, -1: no
  return (number) => {
    if (!(number < count)) return ask(number);
    if (known[number] === 0) known[number] = ask(number) ? 1 : -1;
    return known[number] === 1;
  };
}
