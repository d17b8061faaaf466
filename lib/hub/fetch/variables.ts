// Paths and tokens that variables hold, as Python's huggingface_hub reads them.
import { messageOf } from "../../basics/message_of.ts";
import { readSystemError } from "../../basics/system_error.ts";
import { resolve } from "node:path";
import { fault } from "../../fault.ts";

/** Looks a variable up. Throws NotCapable for one that must not be read. */
export type Environment = (name: string) => string | undefined;

/** Variables that a path in HF_HOME, HF_HUB_CACHE or HF_TOKEN_PATH may name: those that hold folders, or the user's
 * name. Others a server is not allowed to read. */
export const PATH_VARIABLES = [
  ...["HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "ProgramData", "PUBLIC"],
  ...["USER", "USERNAME", "LOGNAME", "UID", "HOSTNAME", "PWD", "TMPDIR", "TEMP", "TMP"],
  ...["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"],
  ...["SCRATCH", "WORK", "DATA", "PROJECT", "STORE", "WORKSPACE", "SLURM_TMPDIR", "SLURM_JOB_ID"],
  ...["HF_HOME", "HF_HUB_CACHE", "CONDA_PREFIX", "VIRTUAL_ENV"],
] as const;

/** The user's folder, as Python's expanduser finds it on `os`; "." where no variable says it. */
export function findHomeFolder(env: Environment, os: string = Deno.build.os): string {
  if (os !== "windows") return env("HOME") || ".";
  const [drive, path] = [env("HOMEDRIVE") ?? "", env("HOMEPATH")];
  return env("USERPROFILE") || (path ? drive + path : env("HOME") || ".");
}

/** A path as Python's expanduser and expandvars read it, absolute: `~` at its begin, then $NAME and ${NAME}; a variable
 * that is not set stays as it is written. Throws invalid_request for one that must not be read, and for another
 * user's `~name`. */
export function expandPath(path: string, home: string, env: Environment): string {
  const other = /^~([^\\/]+)/.exec(path);
  if (other !== null) {
    const message = `The path "${path}" names another user's folder by ${other[0]}: write that folder out.`;
    throw fault("invalid_request", message);
  }
  const variable = Deno.build.os === "windows"
    ? /\$(\w+)|\$\{([^}]+)\}|%([^%]+)%/g
    : /\$(\w+)|\$\{([^}]*)\}/g;
  const text = path.replace(/^~/, () => home).replace(
    variable,
    (written, ...names) => read(names.slice(0, 3).find((name) => name !== undefined), path, env) ?? written,
  );
  return resolve(text);
}

function read(name: string, path: string, env: Environment): string | undefined {
  if (!/^[^=\0]+$/.test(name)) return undefined; // no variable is called so
  try {
    return env(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    const message =
      `The path "${path}" names the variable ${name}, which may not be read here. Write out what it ` +
      `holds, or use one of ${PATH_VARIABLES.join(", ")}.`;
    throw fault("invalid_request", message);
  }
}

/** The token of HF_TOKEN, or of HUGGING_FACE_HUB_TOKEN where that is not set, else of the file at `path`; line ends
 * and spaces around it do not count. Null where there is none. Throws invalid_request for what cannot be a token. */
export async function readToken(env: Environment, path: string): Promise<string | null> {
  const token = cleanToken(env("HF_TOKEN") || env("HUGGING_FACE_HUB_TOKEN") || "") ??
    cleanToken(await readTokenFile(path));
  if (token === null || /^[!-~]+$/.test(token)) return token;
  throw fault(
    "invalid_request",
    "HF_TOKEN (or the token file) holds characters that no token has: copy the token again, on one line.",
    "HF_TOKEN",
  );
}

function cleanToken(text: string): string | null {
  return text.replace(/[\r\n]/g, "").trim() || null;
}

/** The text of the token file, "" where there is none. */
async function readTokenFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    // Most people have no token file, and a server may not be allowed to look at it.
    const { NotFound, NotADirectory, NotCapable } = Deno.errors;
    if ([NotFound, NotADirectory, NotCapable].some((kind) => error instanceof kind)) return "";
    const why = readSystemError(error)?.reason ?? messageOf(error);
    throw fault(
      "invalid_request",
      `The token file ${path} cannot be read (${why}). Make it readable, or set HF_TOKEN.`,
      "HF_TOKEN_PATH",
    );
  }
}
