/** A result too large to hand over is found at every replica, by its own caller only, and bounded in the Redis they share. */
import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { RedisState } from "../../src/state/redis-state.ts";
import { redisBinary, startRedis, type RedisServer } from "../state/redis-server.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";
import type { Upstream } from "../support/upstream.ts";
import { archiveOnly, rows, startArchive } from "./archive-connector.ts";

const AGENT = { authorization: "Bearer key-of-the-agent" };
const OTHER = { authorization: "Bearer key-of-the-other" };

describe.skipIf(redisBinary() === undefined)("two replicas (needs redis-server)", () => {
  let redis: RedisServer;
  let archive: Upstream;
  let first: StartedGateway;
  let second: StartedGateway;

  const open = (): Promise<StartedGateway> =>
    startGateway({
      servers: [{ id: "archive", type: "archive", base_url: archive.url }],
      connectors: archiveOnly,
      env: { AGENT_KEY: "key-of-the-agent", OTHER_KEY: "key-of-the-other" },
      gateway: {
        state: redis.address,
        auth: {
          api_keys: [
            { id: "agent", key_ref: "AGENT_KEY" },
            { id: "other", key_ref: "OTHER_KEY" },
          ],
        },
        limits: { result_bytes: 4_096 },
      },
    });
  const isUp = (gateway: StartedGateway) =>
    vi.waitUntil(() => gateway.composed.state.status().health === "ok", { interval: 10, timeout: 10_000 });
  const listRows = async (gateway: StartedGateway, count: number): Promise<string> => {
    const call = { server_id: "archive", tool_name: "list_rows", tool_input: { count } };
    const { body } = await gateway.rest(call, AGENT);
    return body.tool_output.result_id;
  };
  const page = (gateway: StartedGateway, id: string, query = "", headers = AGENT) =>
    gateway.get(`/api/v1/mcp/results/${id}${query}`, headers);

  beforeAll(async () => {
    redis = await startRedis();
    archive = await startArchive();
    [first, second] = [await open(), await open()];
    await isUp(first);
    await isUp(second);
  });
  afterAll(async () => {
    await first[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    await archive[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  test("what one keeps the other finds at once, page by page, for its own caller only", async () => {
    const id = await listRows(first, 500);
    expect((await page(second, id, "", OTHER)).status).toBe(404);
    const { status, body } = await page(second, id, "?select=rows[]&offset=100&limit=20");
    expect(status).toBe(200);
    expect(body).toMatchObject({ result_id: id, tool_name: "list_rows", total: 500, next_offset: 120 });
    expect(body.output).toEqual(rows(500).slice(100, 120));
    const sameAtHome = await page(first, id, "?select=rows[]&offset=100&limit=20");
    expect(sameAtHome.body.output).toEqual(body.output);
    expect(Math.abs(Date.parse(sameAtHome.body.expires_at) - Date.parse(body.expires_at))).toBeLessThan(1_000);
    const graph = await second.graphql(`{ result(id: "${id}", select: "rows[3].title") { output } }`, {}, AGENT);
    expect(graph.body).toEqual({ data: { result: { output: rows(4)[3]!.title } } });
    expect((await page(second, id, "", OTHER)).status).toBe(404);
  });

  test("without Redis each still reads its own, and says of others that it cannot know", async () => {
    const [mine, other] = [await listRows(first, 500), await listRows(second, 500)];
    await redis.pause();
    try {
      expect((await page(first, mine)).status).toBe(200);
      const { status, body, headers } = await page(first, other);
      expect(status).toBe(503);
      expect(headers.get("retry-after")).toBe("1");
      expect(body.error).toMatchObject({ code: "MCP_CONNECTION_ERROR", retryable: true });
      const kept = await listRows(first, 500);
      expect((await page(first, kept)).status).toBe(200);
    } finally {
      await redis.resume();
    }
    await isUp(first);
    expect((await page(first, other)).status).toBe(200);
  });

  test("a caller's oldest results make room for its newest, and all of them have a time", async () => {
    const state = await RedisState.open({ address: redis.address, log: pino({ level: "silent" }) });
    const megabytes = (count: number) => [randomBytes(count * 1024 * 1024)];
    await state.shelf.put("somebody else", "r_1", megabytes(1), 60_000);
    for (let index = 0; index < 8; index += 1) await state.shelf.put("me", `r_${index}`, megabytes(3), 60_000);
    const isThere = async (owner: string, id: string) => (await state.shelf.get(owner, id)) !== undefined;
    const mine = [];
    for (let index = 0; index < 8; index += 1) if (await isThere("me", `r_${index}`)) mine.push(index);
    expect(mine).toEqual([3, 4, 5, 6, 7]);
    expect(await isThere("somebody else", "r_1")).toBe(true);
    await state.shelf.put("me", "r_huge", megabytes(5), 60_000);
    expect(await isThere("me", "r_huge")).toBe(false);
    for (let index = 0; index < 300; index += 1) await state.shelf.put("many", `r_${index}`, [Buffer.of(1)], 60_000);
    expect([await isThere("many", "r_99"), await isThere("many", "r_100"), await isThere("many", "r_299")]).toEqual([
      false,
      true,
      true,
    ]);
    const client = new Redis(redis.address);
    const keys = await client.keys("toolgraph:shelf:*");
    expect(Math.min(...(await Promise.all(keys.map((key) => client.pttl(key)))))).toBeGreaterThan(0);
    client.disconnect();
    await state.close();
  });
});
