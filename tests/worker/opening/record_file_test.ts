import assert from "node:assert/strict";
import { join } from "node:path";
import { readRecord, writeRecord } from "../../../lib/worker/opening/record_file.ts";

const BYTES = new Uint8Array([1, 2, 3]);

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const namesIn = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("a record is written whole, also over another one, and what cannot be written leaves nothing", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "below", "record");
    await writeRecord(path, new Uint8Array(100));
    await writeRecord(path, BYTES);
    assert.deepEqual(await readRecord(path), BYTES);
    assert.deepEqual(await namesIn(join(folder, "below")), ["record"]);
    await Deno.mkdir(join(folder, "folder"));
    await assert.rejects(writeRecord(join(folder, "folder"), BYTES));
    assert.deepEqual(await namesIn(folder), ["below", "folder"]);
  });
});

Deno.test("what is written counts as used now, by the clock that reading goes by", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "record");
    for (let time = 0; time < 50; time++) {
      const before = Date.now();
      await writeRecord(path, BYTES);
      assert.ok((await Deno.stat(path)).mtime!.getTime() >= before, `it looks older, the ${time}th time`);
    }
  });
});

Deno.test("a folder keeps the records that were used last, within a number of files and bytes", async () => {
  await inFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    const age = (name: string, seconds: number) => {
      const then = new Date(Date.now() - 1000 * seconds);
      return Deno.utime(at(name), then, then);
    };
    for (const name of ["a", "b", "c", "d.half.incomplete"]) await Deno.writeFile(at(name), BYTES);
    for (const [seconds, name] of ["d.half.incomplete", "c", "b", "a"].entries()) {
      await age(name, 100 + seconds);
    }
    await readRecord(at("a")); // the oldest, and the last one used
    await writeRecord(at("e"), BYTES, { files: 4, bytes: 100 });
    assert.deepEqual(await namesIn(folder), ["a", "c", "d.half.incomplete", "e"]);
    await writeRecord(at("f"), BYTES, { files: 10, bytes: 8 });
    assert.deepEqual(await namesIn(folder), ["e", "f"]);
    for (const name of ["e", "f"]) await age(name, -1000); // the clock was set back
    await writeRecord(at("g"), BYTES, { files: 2, bytes: 100 });
    assert.equal((await namesIn(folder)).includes("g"), true);
  });
});

Deno.test("what is too large to be a record is not read, nor what has no end", async () => {
  await inFolder(async (folder) => {
    const large = join(folder, "large");
    await Deno.writeFile(large, BYTES);
    await Deno.truncate(large, 3 * 2 ** 30); // takes no room on the disk
    await assert.rejects(readRecord(large), /is no record/);
    if (Deno.build.os === "windows") return;
    const pipe = join(folder, "pipe");
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    await assert.rejects(readRecord(pipe), /is no record/);
  });
});
