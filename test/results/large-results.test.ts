/** Results too large to hand over: what stands in for them, and how the whole is read in parts, by its own caller only. */
import { describe, expect, it } from "vitest";
import { startGateway, type RestBody } from "../support/start-gateway.ts";
import { archiveOnly, rows, startArchive, textOfLength } from "./archive-connector.ts";

const RESULT_BYTES = 4_096;
const AGENT = { authorization: "Bearer key-of-the-agent" };
const OTHER = { authorization: "Bearer key-of-the-other" };

async function openArchive(limits: Record<string, unknown> = {}) {
  const archive = await startArchive();
  const gateway = await startGateway({
    servers: [{ id: "archive", type: "archive", base_url: archive.url }],
    connectors: archiveOnly,
    env: { AGENT_KEY: "key-of-the-agent", OTHER_KEY: "key-of-the-other" },
    gateway: {
      auth: {
        api_keys: [
          { id: "agent", key_ref: "AGENT_KEY" },
          { id: "other", key_ref: "OTHER_KEY" },
        ],
      },
      limits: { result_bytes: RESULT_BYTES, ...limits },
    },
  });
  const chat = async (toolName: string, input: unknown, more: Record<string, unknown> = {}) =>
    gateway.rest({ server_id: "archive", tool_name: toolName, tool_input: input, ...more }, AGENT);
  const page = async (id: string, query = "", headers = AGENT) =>
    gateway.get(`/api/v1/mcp/results/${id}${query}`, headers);
  return {
    archive,
    gateway,
    chat,
    page,
    /** Reads page after page to the end. */
    async wholeOf(id: string, query: string): Promise<unknown[]> {
      const parts: unknown[] = [];
      for (let offset: number | null = 0; offset !== null;) {
        const { status, text, body }: { status: number; text: string; body: RestBody } = await page(
          id,
          `?${query}&offset=${offset}`,
        );
        expect(status).toBe(200);
        expect(text.length).toBeLessThan(RESULT_BYTES + 500);
        parts.push(body.output);
        offset = body.next_offset;
      }
      return parts;
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await archive[Symbol.asyncDispose]();
    },
  };
}

describe("a result within the limit", () => {
  it("comes whole, and says how many bytes came and went", async () => {
    await using open = await openArchive();
    const { body, headers } = await open.chat("list_rows", { count: 3 }, { select: "rows[].id" });
    expect(body.tool_output).toEqual([0, 1, 2]);
    expect(headers.get("x-tool-bytes-received")).toBe(String(Buffer.byteLength(JSON.stringify({ rows: rows(3) }))));
    expect(headers.get("x-tool-bytes-returned")).toBe("7");
  });

  it("of 100 rows is one number where a number is asked for", async () => {
    await using open = await openArchive();
    const { body } = await open.gateway.graphql(
      `mutation { executeTool(serverId: "archive", toolName: "list_rows", input: {count: 500}, select: "length(rows)") { output bytesReceived bytesReturned resultId } }`,
    );
    const execution = body.data.executeTool;
    expect(execution).toMatchObject({ output: 500, bytesReturned: 3, resultId: null });
    expect(execution.bytesReceived).toBeGreaterThan(20_000);
  });
});

describe("a result over the limit", () => {
  it("is a success with a marker that says how large it is, what is in it and how to get it", async () => {
    await using open = await openArchive();
    const { status, body, headers } = await open.chat("list_rows", { count: 500 });
    expect(status).toBe(200);
    expect(body.status).toBe("success");
    const { result_id, preview, how_to_get_the_rest, ...facts } = body.tool_output;
    const whole = JSON.stringify({ rows: rows(500) });
    expect(facts).toEqual({
      truncated: true,
      bytes: Buffer.byteLength(whole),
      estimated_tokens: Math.ceil(whole.length / 4),
      limit: { bytes: RESULT_BYTES },
      expires_in_seconds: 900,
      outline: { rows: "array of 500" },
    });
    expect(whole.startsWith(preview)).toBe(true);
    expect(how_to_get_the_rest).toContain(`/api/v1/mcp/results/${result_id}`);
    expect(body.message).toMatch(/too large to return at once/);
    expect(headers.get("x-tool-bytes-returned")).toBe(String(Buffer.byteLength(JSON.stringify(body.tool_output))));
    expect(Number(headers.get("x-tool-bytes-returned"))).toBeLessThan(RESULT_BYTES);
  });

  it("counts estimated tokens too, where they are limited", async () => {
    await using open = await openArchive({ result_bytes: 1_000_000, result_tokens: 256 });
    expect((await open.chat("list_rows", { count: 5 })).body.tool_output.rows).toHaveLength(5);
    const { truncated, limit } = (await open.chat("list_rows", { count: 100 })).body.tool_output;
    expect({ truncated, limit }).toEqual({ truncated: true, limit: { bytes: 1_000_000, tokens: 256 } });
  });

  it("of a write is a success as well, and happens once", async () => {
    await using open = await openArchive();
    const first = await open.chat("file_record", { count: 500 }, { request_id: "once" });
    const again = await open.chat("file_record", { count: 500 }, { request_id: "once" });
    expect([first.body.status, again.body.status]).toEqual(["success", "success"]);
    expect(open.archive.requests).toHaveLength(1);
    const { body } = await open.page(again.body.tool_output.result_id, "?select=length(rows)");
    expect(body.output).toBe(500);
  });

  it("is named by resultId in the graph, and read there the same way", async () => {
    await using open = await openArchive();
    const { body } = await open.gateway.graphql(
      `mutation { executeTool(serverId: "archive", toolName: "list_rows", input: {count: 500}) { status resultId output } }`,
      {},
      AGENT,
    );
    const { resultId, output, status } = body.data.executeTool;
    expect(status).toBe("SUCCESS");
    expect(output.result_id).toBe(resultId);
    const page = await open.gateway.graphql(
      `query Page($id: ID!) { result(id: $id, select: "rows[?status=='open']", limit: 2) { kind output total offset nextOffset serverId toolName } }`,
      { id: resultId },
      AGENT,
    );
    expect(page.body.data.result).toEqual({
      kind: "ITEMS",
      output: [rows(1)[0], rows(11)[10]],
      total: 50,
      offset: 0,
      nextOffset: 2,
      serverId: "archive",
      toolName: "list_rows",
    });
  });

  it("does not concern typed fields, whose selection shapes them", async () => {
    await using open = await openArchive();
    const { body } = await open.gateway.graphql(`{ archive { listRows(count: 500) { rows { id } } } }`, {}, AGENT);
    expect(body.errors).toBeUndefined();
    expect(body.data.archive.listRows.rows).toHaveLength(500);
  });

  it("over the ceiling is an error of a read, and still a success of a write", async () => {
    await using open = await openArchive();
    const read = await open.chat("list_rows", { count: 1_000, times: 160 });
    expect(read.body.error.code).toBe("DATA_TRANSFORMATION_ERROR");
    const written = await open.chat("file_record", { count: 1_000, times: 160 });
    expect(written.body.status).toBe("success");
    expect(written.body.tool_output).toMatchObject({ truncated: true, result_id: null });
  });
});

describe("a kept result", () => {
  it("is read in pages of items that fit the limit, to the last one", async () => {
    await using open = await openArchive();
    const { result_id } = (await open.chat("list_rows", { count: 500 })).body.tool_output;
    const pages = (await open.wholeOf(result_id, "select=rows&limit=1000")) as unknown[][];
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.flat()).toEqual(rows(500));
  });

  it("of text is read in pages of characters", async () => {
    await using open = await openArchive();
    const { result_id } = (await open.chat("read_text", { length: 10_000 })).body.tool_output;
    const pages = (await open.wholeOf(result_id, "limit=1500")) as string[];
    expect(pages).toHaveLength(7);
    expect(pages.join("")).toBe(textOfLength(10_000));
  });

  it("without a select is read as the text of its JSON", async () => {
    await using open = await openArchive();
    const { result_id } = (await open.chat("list_rows", { count: 200 })).body.tool_output;
    const pages = await open.wholeOf(result_id, "x".replace("x", "limit=100000"));
    expect(JSON.parse(pages.join(""))).toEqual({ rows: rows(200) });
    expect((await open.page(result_id)).body.kind).toBe("json_text");
  });

  it("is searched: items, lines, and places", async () => {
    await using open = await openArchive();
    const list = (await open.chat("list_rows", { count: 500 })).body.tool_output.result_id;
    expect((await open.page(list, "?select=rows&search=ROW%20499")).body).toMatchObject({
      kind: "items",
      total: 1,
      output: [{ id: 499 }],
      next_offset: null,
    });
    expect((await open.page(list, "?search=row%20499")).body.output).toEqual([
      { path: "rows[499].title", value: "Row 499 — ünïcode" },
    ]);
    expect((await open.page(list, "?select=rows[499].title")).body.output).toBe("Row 499 — ünïcode");
    const text = (await open.chat("read_text", { length: 10_000 })).body.tool_output.result_id;
    expect((await open.page(text, "?search=line%20477")).body.output).toEqual(["line 477 .........."]);
  });

  it("that has an item of more than a page says how to read that one", async () => {
    await using open = await openArchive();
    const { result_id } = (await open.chat("list_rows", { count: 500 })).body.tool_output;
    const select = encodeURIComponent("[rows, rows[0]]");
    const { body } = await open.page(result_id, `?select=${select}`);
    expect(body.output[0]).toMatchObject({ truncated: true });
    expect(body.output[1]).toEqual(rows(1)[0]);
    expect(
      (await open.page(result_id, `?select=${select}${encodeURIComponent(" | [0]")}&limit=1`)).body.output,
    ).toEqual(rows(1));
  });

  it.each([
    ["select=rows%5B", "select"],
    ["offset=-1", "offset"],
    ["limit=0", "limit"],
    ["limit=many", "limit"],
    ["what=1", "what"],
  ])("refuses %s", async (query, path) => {
    await using open = await openArchive();
    const { result_id } = (await open.chat("list_rows", { count: 500 })).body.tool_output;
    const { status, body } = await open.page(result_id, `?${query}`);
    expect(status).toBe(400);
    expect(body.error.code).toBe("VALIDATION_ERROR");
    expect(body.error.details[0].path).toBe(path);
  });

  it("of another caller, of a tool no longer allowed, and one that never was, look the same", async () => {
    await using open = await openArchive();
    const { result_id } = (await open.chat("list_rows", { count: 500 })).body.tool_output;
    const missing = (await open.page(`r_${"A".repeat(22)}`, "", AGENT)).body.error;
    const foreign = await open.page(result_id, "", OTHER);
    expect(foreign.status).toBe(404);
    expect(foreign.body.error).toEqual(missing);
    expect((await open.page(result_id)).status).toBe(200);
    await open.gateway.apply({
      servers: [{ id: "archive", type: "archive", base_url: open.archive.url }],
      gateway: {
        auth: { api_keys: [{ id: "agent", key_ref: "AGENT_KEY", roles: ["agent"] }] },
        policies: [{ roles: ["agent"], allow: [{ tools: ["read_text"] }] }],
      },
    });
    expect((await open.page(result_id)).body.error).toEqual(missing);
  });
});

describe("a select that does not fit the output", () => {
  it("of a read is an error that says the tool has run", async () => {
    await using open = await openArchive();
    const { body } = await open.chat("list_rows", { count: 2 }, { select: "length(rows[0].id)" });
    expect(body.error.code).toBe("VALIDATION_ERROR");
    expect(body.error.details[0].path).toBe("select");
  });

  it("of a write is no failure: it happened, and its whole output comes", async () => {
    await using open = await openArchive();
    const { body } = await open.chat("file_record", { count: 2 }, { select: "length(rows[0].id)" });
    expect(body.status).toBe("success");
    expect(body.tool_output).toEqual({ rows: rows(2) });
    expect(body.message).toMatch(/select was not applied/);
  });

  it("that is no expression stops a write before it happens", async () => {
    await using open = await openArchive();
    const { body } = await open.chat("file_record", { count: 2 }, { select: "rows[" });
    expect(body.error.code).toBe("VALIDATION_ERROR");
    expect(open.archive.requests).toHaveLength(0);
  });
});
