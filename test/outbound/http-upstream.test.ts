/** What a tool's request carries, and what each answer becomes. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { Authorizer } from "../../src/connector/connector.ts";
import { apiKeyCredential, basicCredential, bearerCredential } from "../../src/outbound/authorizer.ts";
import { HttpUpstream } from "../../src/outbound/http-upstream.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { startUpstream, type Answer } from "../support/upstream.ts";
import { failureOf, openUpstream } from "./open-upstream.ts";

describe("a request", () => {
  it("carries the base path, the query, the body, the request id and the credential", async () => {
    await using server = await startUpstream(() => ({ json: { ok: true } }));
    await using upstream = openUpstream(`${server.url}/api/v1/`, {
      authorizer: bearerCredential(new Secret("token-1")),
      behaviour: { headers: { "x-api-version": "3" } },
    });
    await upstream.http.post("/items", { query: { page: 2 }, json: { a: 1 }, headers: { "x-own": "1" } });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "POST", url: "/api/v1/items?page=2", body: '{"a":1}' });
    expect(request!.headers).toMatchObject({
      accept: "application/json",
      authorization: "Bearer token-1",
      "content-type": "application/json",
      "user-agent": "toolgraph",
      "x-api-version": "3",
      "x-own": "1",
      "x-request-id": "r-1",
    });
  });

  it("cannot replace the credential by a header of its own", async () => {
    await using server = await startUpstream(() => ({ json: {} }));
    await using upstream = openUpstream(server.url, { authorizer: bearerCredential(new Secret("token-1")) });
    await upstream.http.get("/x", { headers: { authorization: "Bearer other" } });
    expect(server.requests[0]!.headers.authorization).toBe("Bearer token-1");
  });

  it.each(["GET", "POST", "PUT", "PATCH", "DELETE"] as const)("can be a %s", async (method) => {
    await using server = await startUpstream(() => ({ json: {} }));
    await using upstream = openUpstream(server.url);
    await upstream.http[method.toLowerCase() as Lowercase<typeof method>]("/x");
    expect(server.requests[0]!.method).toBe(method);
  });

  it("with a line break in a header is refused before anything is sent", async () => {
    await using server = await startUpstream(() => ({ json: {} }));
    await using upstream = openUpstream(server.url);
    const error = await failureOf(upstream.http.get("/x", { headers: { "x-own": "a\r\nx-evil: 1" } }));
    expect(error).toMatchObject({ code: "DATA_TRANSFORMATION_ERROR", status: 400, acted: "no" });
    expect(server.requests).toEqual([]);
  });

  it("with a line break in the credential is a fault of the configuration, which does not show it", async () => {
    await using server = await startUpstream(() => ({ json: {} }));
    await using upstream = openUpstream(server.url, { authorizer: bearerCredential(new Secret("token-1\n")) });
    const error = await failureOf(upstream.http.get("/x"));
    expect(error.code).toBe("CONFIGURATION_ERROR");
    expect(inspect(error, { depth: 10 })).not.toContain("token-1");
    expect(server.requests).toEqual([]);
  });
});

describe("an answer", () => {
  it.each([
    [400, "MCP_CLIENT_ERROR", 400, false],
    [401, "MCP_AUTHENTICATION_FAILURE", 502, false],
    [403, "MCP_CLIENT_ERROR", 403, false],
    [404, "MCP_CLIENT_ERROR", 404, false],
    [407, "MCP_AUTHENTICATION_FAILURE", 502, false],
    [408, "MCP_CLIENT_ERROR", 408, true],
    [409, "MCP_CLIENT_ERROR", 409, false],
    [410, "MCP_CLIENT_ERROR", 410, false],
    [422, "MCP_CLIENT_ERROR", 422, false],
    [425, "MCP_CLIENT_ERROR", 425, true],
    [429, "MCP_RATE_LIMIT_EXCEEDED", 429, true],
    [500, "MCP_SERVER_ERROR", 502, true],
    [503, "MCP_SERVER_ERROR", 502, true],
  ])("%i is %s with status %i; a read may be repeated: %s", async (answered, code, status, isRetryable) => {
    const said = { detail: "what the server said" };
    await using server = await startUpstream(() => ({ status: answered, json: said }));
    await using upstream = openUpstream(server.url);
    const error = await failureOf(upstream.http.get("/x"));
    expect(error).toMatchObject({ code, status, serverStatusCode: answered, serverErrorDetails: said });
    expect(error.message).toContain("what the server said");
    expect(error.isRetryable("read")).toBe(isRetryable);
  });

  it("with Retry-After tells how long to wait, and the vendor's own header goes before it", async () => {
    await using server = await startUpstream(() => ({ status: 429, headers: { "retry-after": "3", "x-wait": "5" } }));
    await using plain = openUpstream(server.url);
    expect((await failureOf(plain.http.get("/x"))).retryAfterMs).toBe(3000);
    await using own = openUpstream(server.url, {
      behaviour: { retryAfterMs: (answer) => Number(answer.headers["x-wait"]) * 1000 },
    });
    expect((await failureOf(own.http.get("/x"))).retryAfterMs).toBe(5000);
  });

  it("with a wait that is no number, or of a month, is brought within bounds", async () => {
    await using server = await startUpstream(() => ({ status: 429, headers: { "retry-after": "3" } }));
    for (const [told, waitMs] of [
      [Number.NaN, 3000],
      [30 * 86_400_000, 86_400_000],
      [0.5, 1],
      [-1, 0],
    ] as const) {
      await using byHeader = openUpstream(server.url, { behaviour: { retryAfterMs: () => told } });
      expect((await failureOf(byHeader.http.get("/x"))).retryAfterMs).toBe(waitMs);
      const readError = () => ({ kind: "rate_limited" as const, message: "wait", retryAfterMs: told });
      await using byError = openUpstream(server.url, { behaviour: { readError } });
      expect((await failureOf(byError.http.get("/x"))).retryAfterMs).toBe(waitMs);
    }
  });

  it("304 and an empty body are answers like any other", async () => {
    await using server = await startUpstream(() => ({ status: 304 }));
    await using upstream = openUpstream(server.url);
    expect(await upstream.http.get("/x")).toMatchObject({ status: 304, text: "" });
  });

  it("with a header sent twice shows both", async () => {
    await using server = await startUpstream((_, response) => {
      response.setHeader("x-twice", ["a", "b"]);
      response.end("{}");
    });
    await using upstream = openUpstream(server.url);
    expect((await upstream.http.get("/x")).headers["x-twice"]).toBe("a, b");
  });

  it("is read for errors by the connector, which knows the server's configuration", async () => {
    await using server = await startUpstream(() => ({ json: { ok: false, error: "nope" } }));
    await using upstream = openUpstream(server.url, {
      config: { dialect: "klingon" },
      behaviour: {
        readError: (answer, config) => {
          const { error } = answer.json() as { error: string };
          return { kind: "not_found", message: `${error} in ${(config as { dialect: string }).dialect}` };
        },
      },
    });
    expect(await failureOf(upstream.http.get("/x"))).toMatchObject({
      code: "MCP_CLIENT_ERROR",
      status: 404,
      serverStatusCode: 200,
      message: "nope in klingon",
    });
  });
});

describe("a credential that the server refuses", () => {
  it("is renewed once, and the request sent again", async () => {
    let token = "old";
    const authorizer: Authorizer = {
      method: "oauth2",
      credentialId: "1",
      headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
      refused: () => {
        token = "new";
        return Promise.resolve(true);
      },
    };
    await using server = await startUpstream(({ headers }) =>
      headers.authorization === "Bearer new" ? { json: { ok: true } } : { status: 401 },
    );
    await using upstream = openUpstream(server.url, { authorizer });
    expect((await upstream.http.post("/x", { json: { a: 1 } })).json()).toEqual({ ok: true });
    expect(server.requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it("is not tried a third time", async () => {
    const authorizer: Authorizer = {
      method: "oauth2",
      credentialId: "1",
      headers: () => ({}),
      refused: () => Promise.resolve(true),
    };
    await using server = await startUpstream(() => ({ status: 401 }));
    await using upstream = openUpstream(server.url, { authorizer });
    expect((await failureOf(upstream.http.get("/x"))).code).toBe("MCP_AUTHENTICATION_FAILURE");
    expect(server.requests).toHaveLength(2);
  });
});

describe("a server that repeats what it was sent does not give the credential away", () => {
  const secret = "s3cret/key+of=the_gateway";
  const authorizers: [string, Authorizer][] = [
    ["a bearer token", bearerCredential(new Secret(secret))],
    ["a password", basicCredential(new Secret("user"), new Secret(secret))],
    ["a key in a header", apiKeyCredential(new Secret(secret), { headerName: "X-Key", prefix: "Key " })],
    ["a key in the address", apiKeyCredential(new Secret(secret), { queryParamName: "key" })],
  ];
  const forms = [secret, encodeURIComponent(secret), Buffer.from(`user:${secret}`).toString("base64")];
  const echo = (url: string, headers: Record<string, unknown>) =>
    `${decodeURIComponent(url)} ${url} ${JSON.stringify(headers)}`;

  it.each(authorizers)("%s, in an error page or its JSON", async (_, authorizer) => {
    for (const form of ["json", "text"] as const) {
      await using server = await startUpstream(({ url, headers }): Answer => {
        const said = echo(url, headers);
        return { status: 500, ...(form === "json" ? { json: { message: said } } : { text: `<pre>${said}</pre>` }) };
      });
      await using upstream = openUpstream(server.url, { authorizer });
      const shown = inspect(await failureOf(upstream.http.get("/x")), { depth: 10 });
      expect(shown).toContain("[redacted]");
      for (const secretForm of forms) expect(shown).not.toContain(secretForm);
    }
  });

  it.each(authorizers)("%s, in what the connector reads, or in a page that is no JSON", async (_, authorizer) => {
    await using server = await startUpstream(({ url, headers }) => ({ text: echo(url, headers) }));
    const readError = (answer: { text: string }) => ({ kind: "server" as const, message: answer.text });
    await using reading = openUpstream(server.url, { authorizer, behaviour: { readError } });
    await using plain = openUpstream(server.url, { authorizer });
    const read = await failureOf(reading.http.get("/x"));
    const parsed = await failureOf(plain.http.get("/x").then((answer) => answer.json()));
    for (const error of [read, parsed]) {
      const shown = inspect(error, { depth: 10 });
      expect(shown).toContain("[redacted]");
      for (const secretForm of forms) expect(shown).not.toContain(secretForm);
    }
  });
});

it("a credential that a server repeats in escapes of JSON is not given away either", async () => {
  const secret = "s3cret/key+of=the_gateway";
  const escaped = secret.replaceAll("/", "\\/").replaceAll("=", "\\u003d");
  await using server = await startUpstream(() => ({ status: 400, text: `{"message":"no ${escaped}","id":1}` }));
  await using upstream = openUpstream(server.url, { authorizer: bearerCredential(new Secret(secret)) });
  const error = await failureOf(upstream.http.get("/x"));
  expect(error.serverErrorDetails).toEqual({ message: "no [redacted]", id: 1 });
  expect(error.message).toBe("The server answered 400: no [redacted].");
});

it("a sentence that the server ends with a full stop gets no second one", async () => {
  await using server = await startUpstream(() => ({ status: 429, json: { message: "Too fast." } }));
  await using upstream = openUpstream(server.url);
  expect((await failureOf(upstream.http.get("/x"))).message).toBe("The server answered 429: Too fast.");
});

it("closing waits for the requests that are running", async () => {
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  await using server = await startUpstream(async () => {
    asked.resolve();
    await release.promise;
    return { json: { ok: true } };
  });
  const upstream = new HttpUpstream({
    baseUrl: server.url,
    authorizer: bearerCredential(new Secret("t")),
    config: undefined,
  });
  const running = upstream.client({ signal: AbortSignal.timeout(10_000), requestId: "r" }).get("/x");
  await asked.promise;
  const closed = upstream.close();
  release.resolve();
  expect((await running).json()).toEqual({ ok: true });
  await closed;
});
