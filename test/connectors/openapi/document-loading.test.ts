import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import openapi from "../../../connectors/openapi/index.ts";
import { bearerCredential } from "../../../src/outbound/authorizer.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { openServer, type OpenedServer } from "../../support/open-server.ts";
import { startUpstream } from "../../support/upstream.ts";
import { documentOf, openApi } from "./open-api.ts";

const names = ({ session }: OpenedServer) => session.tools.map(({ name }) => name);
const pets = documentOf({
  "/pets": { get: { operationId: "listPets", tags: ["pets"] }, post: { operationId: "addPet", tags: ["pets"] } },
});
const more = documentOf({
  "/pets": { get: { operationId: "listPets" } },
  "/toys": { get: { operationId: "listToys" } },
});

/** A status that the server told, awaited. */
function watch() {
  const statuses: [string, string | undefined][] = [];
  let changed = Promise.withResolvers<void>();
  let told = Promise.withResolvers<void>();
  return {
    statuses,
    toolsChanged: () => changed.resolve(),
    statusChanged: (status: string, reason?: string) => {
      statuses.push([status, reason]);
      told.resolve();
    },
    async nextTools() {
      await changed.promise;
      changed = Promise.withResolvers();
    },
    async until(status: string) {
      while (statuses.at(-1)?.[0] !== status) {
        await told.promise;
        told = Promise.withResolvers();
      }
    },
  };
}

async function folder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "toolgraph-openapi-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Each list holds the one before nine times. */
const bomb = Array.from("bcdefghi", (name, index) => {
  return `${name}: &${name} [${Array<string>(9).fill(`*${"abcdefgh"[index]}`).join(",")}]`;
}).reduce((all, line) => `${all}\n${line}`, "a: &a [x]");

describe("a document", () => {
  it("may be a file, JSON or YAML", async () => {
    await using files = await folder();
    const yaml =
      "swagger: 2.0\nhost: api.example.com\npaths:\n  /pets:\n    get: &list\n      operationId: listPets\n  /dogs:\n    post:\n      <<: *list\n";
    await writeFile(join(files.path, "pets.json"), `\uFEFF${JSON.stringify(pets)}`);
    await writeFile(join(files.path, "pets.yaml"), yaml);
    for (const [file, tools] of [
      ["pets.json", ["listPets", "addPet"]],
      ["pets.yaml", ["listPets", "post_dogs"]],
    ] as const) {
      await using server = await openServer(openapi, {
        config: { document: join(files.path, file) },
        baseUrl: "http://127.0.0.1:9",
      });
      expect(names(server)).toEqual(tools);
    }
  });

  it.each([
    ["is absent", undefined, "does not exist"],
    ["is no JSON", "{", "cannot be used"],
    ["is no YAML", "a: [", "cannot be used"],
    ["is YAML whose aliases multiply", bomb, "cannot be used"],
    ["is something else", '{"a": 1}', "OpenAPI 3.0, 3.1 or Swagger 2.0"],
  ])("that %s leaves the server degraded, with the reason", async (_, text, reason) => {
    await using files = await folder();
    const document = join(files.path, "api.json");
    if (text !== undefined) await writeFile(document, text);
    const seen = watch();
    await using server = await openServer(openapi, { config: { document }, baseUrl: "http://127.0.0.1:9", ...seen });
    expect(names(server)).toEqual([]);
    expect(seen.statuses).toEqual([["DEGRADED", expect.stringContaining(reason)]]);
  });

  it("at an address that cannot be reached is tried again until it can", async () => {
    let isUp = false;
    await using upstream = await startUpstream(() => (isUp ? { json: pets } : { status: 503 }));
    const seen = watch();
    await using server = await openServer(openapi, {
      config: { document: `${upstream.url}/api.json`, refreshSeconds: 1 },
      ...seen,
    });
    expect(seen.statuses).toEqual([["DEGRADED", expect.stringContaining("503")]]);
    isUp = true;
    await seen.nextTools();
    await seen.until("READY");
    expect(names(server)).toEqual(["listPets", "addPet"]);
  });

  it("that is long in coming holds nothing up", async () => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    await using upstream = await startUpstream(async () => {
      asked.resolve();
      await released.promise;
      return { json: pets };
    });
    const seen = watch();
    await using server = await openServer(openapi, { config: { document: upstream.url }, timeoutMs: 50, ...seen });
    expect([names(server), seen.statuses[0]?.[0]]).toEqual([[], "DEGRADED"]);
    await asked.promise;
    released.resolve();
    await seen.nextTools();
    await seen.until("READY");
    expect(names(server)).toEqual(["listPets", "addPet"]);
  });

  it("that changes is read again, and asked for by its tag, so that one that stays costs nothing", async () => {
    let [current, tag] = [pets, '"1"'];
    await using upstream = await startUpstream(({ headers }) => {
      return headers["if-none-match"] === tag ? { status: 304 } : { json: current, headers: { etag: tag } };
    });
    const seen = watch();
    await using server = await openServer(openapi, { config: { document: upstream.url, refreshSeconds: 1 }, ...seen });
    const [list] = server.session.tools;
    await seen.until("READY");
    expect(upstream.requests.length).toBeGreaterThan(1);
    expect(server.session.tools[0]).toBe(list);
    [current, tag] = [more, '"2"'];
    await seen.nextTools();
    expect(names(server)).toEqual(["listPets", "listToys"]);
  });

  it("that becomes unusable leaves the tools that were read", async () => {
    let text = JSON.stringify(pets);
    let askedAgain = Promise.withResolvers<void>();
    await using upstream = await startUpstream(() => {
      askedAgain.resolve();
      return { text };
    });
    const seen = watch();
    await using server = await openServer(openapi, { config: { document: upstream.url, refreshSeconds: 1 }, ...seen });
    text = "{ broken";
    for (const _ of ["the broken one", "once more: the broken one was judged before"]) {
      askedAgain = Promise.withResolvers();
      await askedAgain.promise;
    }
    expect(names(server)).toEqual(["listPets", "addPet"]);
    expect(seen.statuses.filter(([status]) => status === "DEGRADED")).toEqual([]);
    text = JSON.stringify(more);
    await seen.nextTools();
    expect(names(server)).toEqual(["listPets", "listToys"]);
  });

  it("is fetched with the server's credential only where the API itself is", async () => {
    await using upstream = await startUpstream(() => ({ json: pets }));
    await using elsewhere = await startUpstream(() => ({ json: pets }));
    const authorizer = bearerCredential(new Secret("the-secret"));
    for (const { url } of [upstream, elsewhere]) {
      await using server = await openServer(openapi, { config: { document: url }, baseUrl: upstream.url, authorizer });
      expect(names(server)).toHaveLength(2);
    }
    expect(upstream.requests[0]?.headers.authorization).toBe("Bearer the-secret");
    expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined();
  });

  it("is not followed elsewhere", async () => {
    await using target = await startUpstream(() => ({ json: pets }));
    await using upstream = await startUpstream(() => ({ status: 302, headers: { location: target.url } }));
    const seen = watch();
    await using server = await openServer(openapi, { config: { document: upstream.url }, ...seen });
    expect([names(server), target.requests]).toEqual([[], []]);
    expect(seen.statuses[0]?.[1]).toContain("redirect");
  });
});

describe("the address of an API", () => {
  async function addressBy(document: object): Promise<[string | undefined, string | undefined]> {
    await using files = await folder();
    await writeFile(join(files.path, "api.json"), JSON.stringify(document));
    const seen = watch();
    await using server = await openServer(openapi, { config: { document: join(files.path, "api.json") }, ...seen });
    return [server.session.baseUrl, seen.statuses[0]?.[1]];
  }
  const servers = (...urls: string[]) => ({ ...pets, servers: urls.map((url) => ({ url })) });

  it("is the first server of a document that is a file", async () => {
    expect(await addressBy(servers("https://api.example.com/v1", "https://other.example.com"))).toEqual([
      "https://api.example.com/v1",
      undefined,
    ]);
    const variables = { region: { default: "eu" } };
    expect(await addressBy({ ...pets, servers: [{ url: "https://{region}.example.com/{x}", variables }] })).toEqual([
      "https://eu.example.com/%7Bx%7D",
      undefined,
    ]);
    const old = { swagger: "2.0", paths: {}, host: "api.example.com", basePath: "/v2" };
    expect(await addressBy(old)).toEqual(["https://api.example.com/v2", undefined]);
    expect(await addressBy({ ...old, schemes: ["http"] })).toEqual(["http://api.example.com/v2", undefined]);
  });

  it("has to be configured where the document does not say it", async () => {
    for (const document of [servers(), servers("/v1"), servers("ftp://example.com"), { swagger: "2.0", paths: {} }]) {
      expect(await addressBy(document)).toEqual([undefined, expect.stringContaining("set base_url")]);
    }
  });

  it("is never taken to another origin by a document from the network", async () => {
    await using upstream = await startUpstream(({ path }) => {
      return { json: servers(path === "/near" ? "/v1" : "http://169.254.169.254/latest") };
    });
    await using near = await openServer(openapi, { config: { document: `${upstream.url}/near` } });
    expect(near.session.baseUrl).toBe(`${upstream.url}/v1`);
    const seen = watch();
    await using far = await openServer(openapi, { config: { document: `${upstream.url}/far` }, ...seen });
    expect([names(far), far.session.baseUrl]).toEqual([[], undefined]);
    expect(seen.statuses[0]?.[1]).toContain("set base_url");
  });
});

describe("include and exclude", () => {
  const paths = {
    "/pets": {
      get: { operationId: "listPets", tags: ["pets"] },
      post: { operationId: "addPet", tags: ["pets", "admin"] },
    },
    "/pets/{id}": {
      get: { operationId: "getPet", tags: ["pets"] },
      delete: { operationId: "deletePet", tags: ["admin"] },
    },
    "/stores/a.b": { get: {} },
  };

  it.each([
    [{}, ["listPets", "addPet", "getPet", "deletePet", "get_stores_a.b"]],
    [{ include: ["*Pet"] }, ["addPet", "getPet", "deletePet"]],
    [{ include: ["tag:admin"] }, ["addPet", "deletePet"]],
    [{ include: ["GET /pets*", "post_nothing"] }, ["listPets", "getPet"]],
    [{ include: ["get /pets"] }, ["listPets"]],
    [{ include: ["* /stores/a.b"] }, ["get_stores_a.b"]],
    [{ include: ["* /stores/a?b"] }, []],
    [{ exclude: ["tag:admin", "get_*"] }, ["listPets", "getPet"]],
    [{ include: ["tag:pets"], exclude: ["* /pets/{id}"] }, ["listPets", "addPet"]],
  ])("with %j leave %j", async (config, expected) => {
    await using api = await openApi(documentOf(paths), undefined, config);
    expect(names(api.server)).toEqual(expected);
  });
});
