import { expect, test } from "vitest";
import { resolveRefs } from "../../src/config/resolve-refs.ts";
import { Secret } from "../../src/secrets/secret.ts";

const resolveSecret = async (reference: string) => new Secret(`value of ${reference}`);

test("every reference is replaced by its secret, wherever it stands, and nothing else is touched", async () => {
  const config = {
    env: { TOKEN: { ref: "env:TOKEN" }, MODE: "fast" },
    args: ["-k", { ref: "KEY" }],
    depth: 3,
    none: null,
  };
  expect(await resolveRefs(config, resolveSecret)).toEqual({
    env: { TOKEN: "value of env:TOKEN", MODE: "fast" },
    args: ["-k", "value of KEY"],
    depth: 3,
    none: null,
  });
  expect(config.env.TOKEN).toEqual({ ref: "env:TOKEN" });
});

test("an object that only looks like a reference stays data", async () => {
  const config = [{ ref: "env:A", extra: 1 }, { ref: 7 }, { ref: "#/components/schemas/Pet" }];
  expect(await resolveRefs(config, resolveSecret)).toEqual(config);
});

test("a secret that is missing is the failure of the whole", async () => {
  await expect(resolveRefs({ a: { ref: "env:A" } }, () => Promise.reject(new Error("missing")))).rejects.toThrow(
    "missing",
  );
});
