/** An MCP server that answers each tool call in the forbidden way that the tool is named after, and writes down what it got. */
import { createInterface } from "node:readline";

interface Frame {
  readonly id?: number;
  readonly method: string;
  readonly params?: {
    readonly name?: string;
    readonly arguments?: Readonly<Record<string, unknown>>;
    readonly cursor?: string;
    readonly protocolVersion?: string;
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
}

const isModern = process.argv[2] === "modern";
const seen: Frame[] = [];
const held: Frame[] = [];
const write = (message: unknown) => void process.stdout.write(`${JSON.stringify(message)}\n`);
/** What the protocol asks for. */
const whole = (result: object) => (isModern ? { resultType: "complete", ...result } : result);
const says = (text: string) => whole({ content: [{ type: "text", text }] });
const answer = ({ id }: Frame, result: unknown) => write({ jsonrpc: "2.0", id, result });
const progress = (progressToken: unknown, value: unknown) =>
  write({ jsonrpc: "2.0", method: "notifications/progress", params: { progressToken, progress: value } });

/** Answers with what is no answer to a tool call. */
const malformed: Readonly<Record<string, unknown>> = {
  result_and_error: { result: says("yes"), error: { code: -32_603, message: "no" } },
  neither: {},
  null_result: { result: null },
  text_result: { result: "yes" },
  list_result: { result: [says("yes")] },
  text_error: { error: "no" },
  error_without_code: { error: { message: "no" } },
  error_without_message: { error: { code: -32_603 } },
  text_is_error: { result: { ...says("yes"), isError: "no" } },
  list_meta: { result: { ...says("yes"), _meta: [] } },
  task: { result: { task: { taskId: "1" } } },
  no_type: { result: { content: [{ type: "text", text: "yes" }] } },
  number_type: { result: { content: [], resultType: 1 } },
};

const tools: Readonly<Record<string, (frame: Frame) => void>> = {
  ...Object.fromEntries(
    Object.entries(malformed).map(([name, rest]) => [
      name,
      ({ id }) => write({ jsonrpc: "2.0", id, ...(rest as object) }),
    ]),
  ),
  seen: (frame) => answer(frame, says(JSON.stringify(seen))),
  other_ids(frame) {
    for (const id of [
      0,
      -1,
      42,
      999_999_999,
      1_999_999_999,
      1e300,
      "1999999999",
      "",
      "x",
      null,
      true,
      [frame.id],
      {},
    ]) {
      write({ jsonrpc: "2.0", id, result: says("not yours") });
    }
    write({ jsonrpc: "2.0", result: says("nobody's") });
    write({ jsonrpc: "2.0", id: frame.id, method: "tools/call", result: says("a request?") });
    answer(frame, says("yours"));
  },
  id_as_text: ({ id }) => write({ jsonrpc: "2.0", id: String(id), result: says("yours") }),
  null_error: ({ id }) => write({ jsonrpc: "2.0", id, result: says("yours"), error: null }),
  in_a_list: ({ id }) => write([{ jsonrpc: "2.0", id, result: says("yours") }, 1, null]),
  twice(frame) {
    answer(frame, says("first"));
    answer(frame, says("second"));
    write({ jsonrpc: "2.0", id: frame.id, error: { code: -32_603, message: "third" } });
  },
  prototypes(frame) {
    const text = JSON.stringify({ jsonrpc: "2.0", id: frame.id, result: says("clean") });
    const bad = `"__proto__":{"isError":true,"error":{"code":1,"message":"no"},"structuredContent":{"a":1}},"constructor":null,`;
    process.stdout.write(`${text.replace("{", `{${bad}`).replace('"result":{', `"result":{${bad}`)}\n`);
  },
  odd_items(frame) {
    const content = [
      { type: "text", text: "plain" },
      { type: "text", text: "with a hint that is wrong", annotations: { priority: 7 } },
      { type: "image", data: "not base64!", mimeType: "image/png" },
      { type: "image", data: "AAAA", mimeType: "image/png", fileName: "a.png" },
      "bare",
      null,
    ];
    answer(frame, whole({ content }));
  },
  empty: (frame) => answer(frame, whole(isModern ? { content: [] } : {})),
  no_list: (frame) => answer(frame, whole({ content: "yes" })),
  unknown_type: (frame) => answer(frame, { resultType: "riddle", content: [] }),
  /** Declares another form than this. */
  typed: (frame) => answer(frame, { ...says("see structured content"), structuredContent: { count: "three" } }),
  /** Answered when the next call comes, after that one. */
  hold: (frame) => void held.push(frame),
  release(frame) {
    answer(frame, says("released"));
    for (const each of held.splice(0)) answer(each, says(String(each.params?.arguments?.q)));
  },
  odd_progress(frame) {
    const token = frame.params?._meta?.progressToken;
    for (const other of [0, 1_999_999_999, null, {}, [token], "x"]) progress(other, 66);
    for (const value of ["1", null, undefined]) progress(token, value);
    write({ jsonrpc: "2.0", method: "notifications/progress" });
    progress(token, 1);
    progress(String(token), 2);
    answer(frame, says("done"));
    progress(token, 3);
  },
  /** Characters of several bytes, cut anywhere by the pipe. */
  large: (frame) => answer(frame, says("ÄÖ€😀".repeat(500_000))),
  huge: (frame) => answer(frame, says("x".repeat(33 * 1024 * 1024))),
};

function handshake({ id, method, params = {} }: Frame): void {
  const capabilities = { tools: {} };
  const serverInfo = { name: "hostile", version: "1" };
  if (isModern && method === "server/discover") {
    const cache = { ttlMs: 0, cacheScope: "private" };
    write({
      jsonrpc: "2.0",
      id,
      result: whole({ supportedVersions: ["2026-07-28"], capabilities, serverInfo, ...cache }),
    });
  } else if (!isModern && method === "initialize") {
    write({ jsonrpc: "2.0", id, result: { protocolVersion: params.protocolVersion, capabilities, serverInfo } });
  } else if (method === "tools/list") {
    const form = { type: "object", properties: { count: { type: "number" } } };
    const list = Object.keys(tools).map((name) => ({
      name,
      inputSchema: { type: "object" },
      ...(name === "typed" && { outputSchema: form }),
    }));
    write({ jsonrpc: "2.0", id, result: whole({ tools: list, ...(isModern && { ttlMs: 0, cacheScope: "private" }) }) });
  } else if (id !== undefined) {
    write({ jsonrpc: "2.0", id, error: { code: -32_601, message: "Method not found" } });
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const frame = JSON.parse(line) as Frame;
  seen.push(frame);
  if (frame.method === "tools/call") tools[frame.params?.name ?? ""]?.(frame);
  else handshake(frame);
}
