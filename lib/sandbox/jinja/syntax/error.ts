/** Error of a template that can't be read, with its line. */
export function syntaxError(message: string, line: number): Error {
  return new SyntaxError(`${message.replace(/\.$/, "")} (line ${line})`);
}
