import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { createSecretResolver } from "../../src/secrets/create-secret-resolver.ts";

interface Store extends AsyncDisposable {
  readonly folder: string;
  value(reference: string): Promise<string>;
  failure(reference: string): Promise<CatalogueError>;
}

async function store(
  options: { env?: NodeJS.ProcessEnv; files?: Record<string, string | Buffer>; default?: string } = {},
): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), "toolgraph-secrets-"));
  for (const [name, content] of Object.entries(options.files ?? {})) await writeFile(join(folder, name), content);
  const secrets = createSecretResolver({
    settings: { default: (options.default ?? "env").replace("FOLDER", folder) },
    env: options.env ?? {},
    baseFolder: folder,
  });
  return {
    folder,
    value: async (reference) => (await secrets.resolve(reference)).reveal(),
    async failure(reference) {
      const outcome: unknown = await secrets.resolve(reference).catch((error: unknown) => error);
      expect(outcome).toBeInstanceOf(CatalogueError);
      expect(outcome).toMatchObject({ code: "CONFIGURATION_ERROR" });
      return outcome as CatalogueError;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

test("a secret comes out of the environment, named or as a bare key", async () => {
  await using secrets = await store({ env: { TOKEN: "t-1" } });
  expect(await secrets.value("env:TOKEN")).toBe("t-1");
  expect(await secrets.value("TOKEN")).toBe("t-1");
});

test("a secret comes out of a file, absolute or beside the configuration, without the newline at its end", async () => {
  await using secrets = await store({ files: { a: "t-1\n", b: "t-2\r\n", c: "two\nlines\n\n" } });
  expect(await secrets.value(`file:${secrets.folder}/a`)).toBe("t-1");
  expect(await secrets.value("file:b")).toBe("t-2");
  expect(await secrets.value("file:./c")).toBe("two\nlines\n");
});

test("a bare key is a file when the default store is a folder", async () => {
  await using secrets = await store({ default: "file:FOLDER", files: { TOKEN: "t-1" }, env: { TOKEN: "other" } });
  expect(await secrets.value("TOKEN")).toBe("t-1");
  expect(await secrets.value("env:TOKEN")).toBe("other");
});

test("a rotated secret is found by the next look", async () => {
  await using secrets = await store({ files: { a: "old" } });
  expect(await secrets.value("file:a")).toBe("old");
  await writeFile(join(secrets.folder, "a"), "new");
  expect(await secrets.value("file:a")).toBe("new");
});

test.each([
  ["env:GONE", "The secret 'env:GONE' is missing.", "Set the environment variable GONE."],
  ["GONE", "The secret 'GONE' is missing.", "Set the environment variable GONE."],
  ["env:EMPTY", "The secret 'env:EMPTY' is empty.", "Give the environment variable EMPTY a value."],
  ["file:gone", "The secret 'file:gone' is missing: there is no such file.", "Create the file"],
  ["file:empty", "The secret 'file:empty' is empty.", "Give the file a value."],
  ["file:.", "The secret 'file:.' cannot be read (EISDIR).", "Create the file"],
  ["file:large", "The secret 'file:large' is over 65536 bytes.", "Point the reference"],
])("%s fails with the reference and what to do", async (reference, message, suggestion) => {
  await using secrets = await store({ env: { EMPTY: "" }, files: { empty: "\n", large: Buffer.alloc(65_537, "x") } });
  const failure = await secrets.failure(reference);
  expect(failure.message).toBe(message);
  expect(failure.suggestion).toContain(suggestion);
});

test.each(["vault:kv/jira#token", "aws-sm:prod/jira#token", "azure-kv:jira-token", "gcp-sm:jira-token"])(
  "%s says plainly that its store is not available",
  async (reference) => {
    await using secrets = await store();
    const failure = await secrets.failure(reference);
    expect(failure.message).toContain("not available in this build");
    expect(failure.message).toContain(reference);
  },
);

test("a bare key in a store that is not available says so", async () => {
  await using secrets = await store({ default: "vault" });
  expect((await secrets.failure("TOKEN")).message).toContain("'vault' is not available in this build");
});

test("a text that is no reference is refused without being repeated", async () => {
  await using secrets = await store();
  for (const pasted of ["xoxb-1-secret", "user:pa55word", "two words"]) {
    const failure = await secrets.failure(pasted);
    expect(`${failure.message} ${failure.suggestion}`).not.toContain(pasted);
  }
});
