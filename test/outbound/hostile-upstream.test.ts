/** Upstreams that break, stall, lie or flood: every one ends in a catalogue error that says what to do. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { startUpstream } from "../support/upstream.ts";
import { failureOf, openUpstream } from "./open-upstream.ts";
import { startRawServer } from "./raw-server.ts";

const head = (...lines: string[]) => `${["HTTP/1.1 200 OK", ...lines].join("\r\n")}\r\n\r\n`;

describe("a connection that breaks", () => {
  it("refused: nothing was sent, so even a write may be sent again", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, "close");
    await using upstream = openUpstream(`http://127.0.0.1:${port}`);
    const error = await failureOf(upstream.http.post("/x", { json: {} }));
    expect(error).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 502, acted: "no" });
    expect(error.isRetryable("write")).toBe(true);
    expect(error.message).not.toContain("127.0.0.1");
  });

  it.each([
    ["before an answer", (socket: Socket) => socket.resetAndDestroy()],
    ["in the headers", (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\nContent-", () => socket.resetAndDestroy())],
    [
      "in the body",
      (socket: Socket) => socket.write(`${head("Content-Length: 100")}{"a":`, () => socket.resetAndDestroy()),
    ],
    ["by an early end of the body", (socket: Socket) => socket.end(`${head("Content-Length: 100")}{"a":`)],
    [
      "by an early end of the chunks",
      (socket: Socket) => socket.end(`${head("Transfer-Encoding: chunked")}5\r\n{"a":\r\n`),
    ],
  ])("%s: a read may be sent again, a write not", async (_, answer) => {
    await using server = await startRawServer(answer);
    await using upstream = openUpstream(server.url);
    const error = await failureOf(upstream.http.post("/x", { json: {} }));
    expect(error).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 502, acted: "unknown" });
    expect([error.isRetryable("read"), error.isRetryable("write")]).toEqual([true, false]);
    expect(server.requests).toEqual(["POST /x HTTP/1.1"]);
  });

  it("the next call gets a new connection", async () => {
    let count = 0;
    await using server = await startRawServer((socket) => {
      count += 1;
      if (count === 1) socket.resetAndDestroy();
      else socket.end(`${head("Content-Length: 2")}{}`);
    });
    await using upstream = openUpstream(server.url);
    await failureOf(upstream.http.get("/x"));
    expect((await upstream.http.get("/x")).json()).toEqual({});
  });
});

describe("a server that stalls", () => {
  it.each([
    ["without an answer", () => {}],
    ["in the headers", (socket: Socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-")],
    ["in the body", (socket: Socket) => void socket.write(`${head("Content-Length: 100")}{"a":`)],
  ])("%s is given up when the caller says so", async (_, answer) => {
    await using server = await startRawServer(answer);
    const caller = new AbortController();
    await using upstream = openUpstream(server.url, {}, caller.signal);
    const failure = failureOf(upstream.http.get("/x"));
    await server.asked;
    caller.abort();
    expect(await failure).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 504, acted: "unknown" });
  });

  it("the reason that the pipeline gives is the one the caller sees", async () => {
    await using server = await startRawServer(() => {});
    const caller = new AbortController();
    await using upstream = openUpstream(server.url, {}, caller.signal);
    const failure = failureOf(upstream.http.get("/x"));
    await server.asked;
    const deadline = new CatalogueError("MCP_CONNECTION_ERROR", "No answer within 50 ms.", { status: 504 });
    caller.abort(deadline);
    expect(await failure).toBe(deadline);
  });

  it("a call given up before it began sends nothing", async () => {
    await using server = await startRawServer(() => {});
    await using upstream = openUpstream(server.url, {}, AbortSignal.abort());
    expect(await failureOf(upstream.http.post("/x"))).toMatchObject({ status: 504, acted: "no" });
    expect(server.requests).toEqual([]);
  });
});

describe("a server that floods", () => {
  it("100 MB are cut at the cap: the connection is dropped and little is held", async () => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    const closed = Promise.withResolvers<number>();
    let written = 0;
    await using server = await startRawServer((socket) => {
      socket.on("close", () => closed.resolve(written));
      socket.write(head(`Content-Length: ${100 * 1024 * 1024}`));
      const pour = () => {
        while (written < 100 * 1024 * 1024 && !socket.destroyed) {
          written += chunk.length;
          if (!socket.write(chunk)) return;
        }
      };
      socket.on("drain", pour);
      pour();
    });
    await using upstream = openUpstream(server.url, { maxResponseBytes: 1024 * 1024 });
    const error = await failureOf(upstream.http.get("/x"));
    expect(error).toMatchObject({
      code: "DATA_TRANSFORMATION_ERROR",
      status: 502,
      serverStatusCode: 200,
      details: { limit_bytes: 1024 * 1024 },
    });
    // What is above the cap lies in the buffers of the two sockets, not with us.
    expect(await closed.promise).toBeLessThan(24 * 1024 * 1024);
  });

  it("a small answer that unpacks to 100 MB is cut as well", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    await using server = await startRawServer((socket) => {
      socket.write(head("Content-Encoding: gzip", `Content-Length: ${bomb.length}`));
      socket.end(bomb);
    });
    await using upstream = openUpstream(server.url, { maxResponseBytes: 1024 * 1024 });
    expect(await failureOf(upstream.http.get("/x"))).toMatchObject({
      code: "DATA_TRANSFORMATION_ERROR",
      details: { limit_bytes: 1024 * 1024 },
    });
  });

  it("a tool may allow itself less, and an answer of just that size is read", async () => {
    await using server = await startUpstream(() => ({ text: "x".repeat(1000) }));
    await using upstream = openUpstream(server.url);
    expect((await upstream.http.get("/x", { maxResponseBytes: 1000 })).text).toHaveLength(1000);
    expect((await failureOf(upstream.http.get("/x", { maxResponseBytes: 999 }))).details).toEqual({ limit_bytes: 999 });
  });

  it("headers without end cannot be read", async () => {
    await using server = await startRawServer((socket) => socket.end(head(`X-Long: ${"x".repeat(200_000)}`)));
    await using upstream = openUpstream(server.url);
    expect(await failureOf(upstream.http.get("/x"))).toMatchObject({ code: "DATA_TRANSFORMATION_ERROR", status: 502 });
  });
});

describe("a server that lies", () => {
  it("no HTTP at all cannot be read", async () => {
    await using server = await startRawServer((socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
    await using upstream = openUpstream(server.url);
    const error = await failureOf(upstream.http.get("/x"));
    expect(error).toMatchObject({ code: "DATA_TRANSFORMATION_ERROR", status: 502 });
    expect(error.suggestion).toContain("base_url");
  });

  it("an HTML page where JSON was expected is told as one", async () => {
    await using server = await startUpstream(() => ({ text: "\n<!doctype html><title>Log in</title>" }));
    await using upstream = openUpstream(server.url);
    const answer = await upstream.http.get("/x");
    expect(() => answer.json()).toThrow(/HTML page/);
  });

  it("an HTML error page keeps its status, and only its beginning is shown", async () => {
    await using server = await startUpstream(() => ({ status: 503, text: `<h1>Down</h1>${"x".repeat(100_000)}` }));
    await using upstream = openUpstream(server.url);
    const error = await failureOf(upstream.http.get("/x"));
    expect(error).toMatchObject({ code: "MCP_SERVER_ERROR", status: 502, serverStatusCode: 503 });
    expect(String(error.serverErrorDetails).length).toBeLessThan(2100);
  });

  it("a redirect is not followed, wherever it leads", async () => {
    await using elsewhere = await startUpstream(() => ({ json: {} }));
    await using server = await startUpstream(() => ({ status: 302, headers: { location: `${elsewhere.url}/stolen` } }));
    await using upstream = openUpstream(server.url);
    const error = await failureOf(upstream.http.get("/x"));
    expect(error).toMatchObject({ code: "MCP_SERVER_ERROR", serverStatusCode: 302 });
    expect(error.suggestion).toContain("base_url");
    expect(elsewhere.requests).toEqual([]);
  });

  it("a coding that the body does not have cannot be read", async () => {
    await using server = await startUpstream(() => ({ headers: { "content-encoding": "gzip" }, text: "{}" }));
    await using upstream = openUpstream(server.url);
    expect(await failureOf(upstream.http.get("/x"))).toMatchObject({ code: "DATA_TRANSFORMATION_ERROR", status: 502 });
  });

  it("a coding that nobody knows cannot be read", async () => {
    await using server = await startUpstream(() => ({ headers: { "content-encoding": "rot13" }, text: "{}" }));
    await using upstream = openUpstream(server.url);
    expect(await failureOf(upstream.http.get("/x"))).toMatchObject({ code: "DATA_TRANSFORMATION_ERROR", status: 502 });
  });
});

describe("a server with habits of its own", () => {
  const body = Buffer.from('{"name":"Zoë"}');

  it.each([
    ["gzip", gzipSync(body)],
    ["deflate", deflateSync(body)],
    ["br", brotliCompressSync(body)],
    ["identity", body],
  ])("an answer in %s, which it was not asked for, is read", async (coding, coded) => {
    await using server = await startRawServer((socket) => {
      socket.write(head(`Content-Encoding: ${coding}`, `Content-Length: ${coded.length}`));
      socket.end(coded);
    });
    await using upstream = openUpstream(server.url);
    expect((await upstream.http.get("/x")).json()).toEqual({ name: "Zoë" });
  });

  it.each([
    ["iso-8859-1", Buffer.from('{"name":"Zoë"}', "latin1")],
    ["utf-16le", Buffer.from('{"name":"Zoë"}', "utf16le")],
    ["UTF-8", body],
    ["klingon-1", body],
  ])("an answer in the character set %s is read", async (charset, coded) => {
    await using server = await startRawServer((socket) => {
      socket.write(head(`Content-Type: application/json; charset=${charset}`, `Content-Length: ${coded.length}`));
      socket.end(coded);
    });
    await using upstream = openUpstream(server.url);
    expect((await upstream.http.get("/x")).json()).toEqual({ name: "Zoë" });
  });

  it("a byte order mark before the JSON does no harm", async () => {
    await using server = await startUpstream(() => ({ text: '\uFEFF{"a":1}' }));
    await using upstream = openUpstream(server.url);
    expect((await upstream.http.get("/x")).json()).toEqual({ a: 1 });
  });
});
