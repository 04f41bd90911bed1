import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createConfigWatcher } from "../../src/config/create-config-watcher.ts";

const log = pino({ level: "silent" });

interface Watched extends AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  /** Changes told so far. */
  count(): number;
  /** Resolves when that many changes were told. */
  told(changes: number): Promise<void>;
}

async function watched(
  options: {
    settleMs?: number;
    pollMs?: number;
    onChange?: () => void;
    prepare?: (folder: string) => Promise<void>;
  } = {},
): Promise<Watched> {
  const folder = await mkdtemp(join(tmpdir(), "toolgraph-watch-"));
  const file = join(folder, "toolgraph.yaml");
  await (options.prepare ?? (() => writeFile(file, "first")))(folder);
  let changes = 0;
  let onTold = () => {};
  const watcher = await createConfigWatcher({
    file,
    log,
    settleMs: options.settleMs ?? 40,
    pollMs: options.pollMs ?? 60_000,
    onChange: () => {
      changes += 1;
      onTold();
      options.onChange?.();
    },
  });
  return {
    folder,
    file,
    count: () => changes,
    told: (wanted) =>
      new Promise((resolve) => {
        onTold = () => {
          if (changes >= wanted) resolve();
        };
        onTold();
      }),
    async [Symbol.asyncDispose]() {
      await watcher.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test("a file written in place is told once", async () => {
  await using config = await watched();
  await writeFile(config.file, "second");
  await config.told(1);
  await wait(150);
  expect(config.count()).toBe(1);
});

test("a file that an editor replaces by renaming another over it is told, time after time", async () => {
  await using config = await watched();
  for (const round of [1, 2, 3]) {
    await writeFile(`${config.file}.tmp`, `round ${round}`);
    await rename(`${config.file}.tmp`, config.file);
    await config.told(round);
  }
  expect(config.count()).toBe(3);
});

test("a Kubernetes volume that swaps its ..data link is told", async () => {
  await using config = await watched({
    prepare: async (folder) => {
      await mkdir(join(folder, "..1"));
      await writeFile(join(folder, "..1", "toolgraph.yaml"), "first");
      await symlink("..1", join(folder, "..data"));
      await symlink("..data/toolgraph.yaml", join(folder, "toolgraph.yaml"));
    },
  });
  await mkdir(join(config.folder, "..2"));
  await writeFile(join(config.folder, "..2", "toolgraph.yaml"), "second");
  await symlink("..2", join(config.folder, "..data_tmp"));
  await rename(join(config.folder, "..data_tmp"), join(config.folder, "..data"));
  await config.told(1);
});

test("a file written piece by piece is told once, when it is complete", async () => {
  await using config = await watched({ settleMs: 200 });
  for (const part of ["", "a", "ab", "abc", "abcd"]) {
    await writeFile(config.file, part);
    await wait(15);
  }
  await config.told(1);
  await wait(150);
  expect(config.count()).toBe(1);
});

test("a file that is touched, or written with the same content, is not told", async () => {
  await using config = await watched();
  await writeFile(config.file, "first");
  await writeFile(join(config.folder, "other.txt"), "x");
  await wait(200);
  expect(config.count()).toBe(0);
});

test("a change behind a symbolic link into another folder is found by reading now and then", async () => {
  await using elsewhere = await watched();
  await using config = await watched({
    pollMs: 20,
    prepare: (folder) => symlink(elsewhere.file, join(folder, "toolgraph.yaml")),
  });
  await writeFile(elsewhere.file, "second");
  await config.told(1);
});

test("a file that was removed and comes back with other content is told", async () => {
  await using config = await watched();
  await rm(config.file);
  await wait(100);
  expect(config.count()).toBe(0);
  await writeFile(config.file, "second");
  await config.told(1);
});

test("a taking over that fails does not end the watching", async () => {
  await using config = await watched({
    onChange: () => {
      throw new Error("refused");
    },
  });
  await writeFile(config.file, "second");
  await config.told(1);
  await writeFile(config.file, "third");
  await config.told(2);
});

test("after close nothing is told, not even a change made before", async () => {
  const config = await watched({ pollMs: 10 });
  await writeFile(config.file, "second");
  await config[Symbol.asyncDispose]();
  const told = config.count();
  await wait(150);
  expect(config.count()).toBe(told);
});
