// Long texts over HTTP, and what another client waits for meanwhile, whose answers need no run.
import type { Bench, Part } from "../part.ts";
import type { ToOtherClient } from "../other_client.ts";
import { type Server, withServer } from "../server.ts";
import { measureTime, summarise } from "../stats.ts";
import { base64 } from "./encoding.ts";

const LONG = 2 ** 20 - 2 ** 10; // a body is at most a mebibyte

/** What one text repeats. */
const PARTS: Readonly<Record<string, string>> = {
  "spaces": " ",
  "newlines": "\n",
  "one letter": "a",
  "words": "Once upon a time, 3 owls said ½ nothing. ",
  "emoji": "🦜",
  "Chinese": "深度學習模型很有趣",
  "accents alone": "\u0301",
  "special tokens": "<|im_start|>",
  "digits": "7",
  "right to left": "שלום עולם مرحبا 123 ",
};

export const longTexts: Part = {
  name: "long_texts",
  about: "texts of up to a mebibyte, and another client's answers without a run meanwhile",
  byDefault: true,
  async run({ quick, report }: Bench) {
    const texts = { "base64 of 400 kB": base64(300_000), ...textsOfParts() };
    await withServer({}, async (server) => {
      report.add(
        "another client's answer, alone",
        "ms",
        await waits(server, () => pause(quick ? 300 : 2000)),
      );
      for (const [name, text] of Object.entries(texts)) {
        for (const path of ["/api/next-token", "/api/tokenize"]) {
          let status = 0;
          let took = 0;
          const meanwhile = await waits(server, async () => {
            took = await measureTime(async () => status = await send(server, path, text));
          });
          const tokenised = path === "/api/tokenize";
          const goal = tokenised ? "≤ 1,000 ms" : null;
          report.add(
            `beside ${name}: ${tokenised ? "tokenised" : `next token, ${status}`}`,
            "ms",
            meanwhile,
            {
              ...{ label: "longest", value: summarise(meanwhile).max, unit: "ms", goal: "≤ 50 ms" },
            },
            { label: "the text itself", value: took, unit: "ms", goal },
          );
        }
      }
    });
  },
};

function textsOfParts(): Record<string, string> {
  const encoder = new TextEncoder();
  const repeat = (part: string) => {
    const bytes = encoder.encode(JSON.stringify(part)).length - 2; // in the body
    return part.repeat(Math.floor(LONG / bytes));
  };
  return Object.fromEntries(Object.entries(PARTS).map(([name, part]) => [name, repeat(part)]));
}

/** Milliseconds of another client's answers, one after the other, while `work` is done. */
async function waits(server: Server, work: () => Promise<unknown>): Promise<number[]> {
  const client = new Worker(new URL("../other_client.ts", import.meta.url), { type: "module" });
  const ask = (message: ToOtherClient) =>
    new Promise<number[]>((resolve, reject) => {
      client.onmessage = ({ data }) => resolve(data);
      client.onerror = ({ message }) => reject(new Error(message));
      client.postMessage(message);
    });
  try {
    await ask({ url: server.url });
    await work();
    return await ask("enough");
  } finally {
    client.terminate();
  }
}

/** The answer's status; its body is read and forgotten. */
async function send(server: Server, path: string, text: string): Promise<number> {
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  for await (const _ of response.body!);
  return response.status;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
