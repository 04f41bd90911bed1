/** However a body arrives, in one piece with its headers or in many, it is read whole, and the next request after it. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";

const TOKEN = "a-token-of-the-developer";

/** Each asks for something that the answer repeats, in a body as long as is wanted. */
const doors = {
  "/api/v1/mcp/chat": (name: string, padding: string) => JSON.stringify({ server_id: name, tool_name: "x", padding }),
  "/graphql": (name: string, padding: string) =>
    JSON.stringify({
      query: "query ($id: ID!) { server(id: $id) { id } ok: __typename }",
      padding,
      variables: { id: name },
    }),
} as const;
const paths = Object.keys(doors) as (keyof typeof doors)[];

function start(bodyBytes = 1_000_000): Promise<StartedGateway> {
  const limits = { body_bytes: bodyBytes };
  return startGateway({ servers: [], gateway: { limits }, developerToken: TOKEN });
}

function headOf(gateway: StartedGateway, path: string, framing: string): string {
  return (
    `POST ${path} HTTP/1.1\r\nhost: ${new URL(gateway.url).host}\r\ncontent-type: application/json\r\n` +
    `authorization: Bearer ${TOKEN}\r\n${framing}\r\n\r\n`
  );
}

function framed(gateway: StartedGateway, path: keyof typeof doors, name: string, padding = ""): string {
  const body = doors[path](name, padding);
  return headOf(gateway, path, `content-length: ${Buffer.byteLength(body)}`) + body;
}

async function connected(gateway: StartedGateway): Promise<Socket> {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}

/** The bodies of that many answers, in the order they came. */
async function answers(socket: Socket, count: number): Promise<string[]> {
  let text = "";
  const found: string[] = [];
  for await (const chunk of socket) {
    text += (chunk as Buffer).toString("utf8");
    for (;;) {
      const match = /\r\ncontent-length: (\d+)\r\n(?:.+\r\n)*\r\n/i.exec(text);
      const end = match ? match.index + match[0].length + Number(match[1]) : Infinity;
      if (text.length < end) break;
      found.push(text.slice(match!.index + match![0].length, end));
      text = text.slice(end);
    }
    if (found.length >= count) break;
  }
  return found;
}

test.each(paths)(
  "a body of %s in one piece, byte by byte, in chunks, or longer than a buffer is the same body",
  async (path) => {
    await using gateway = await start();
    const whole = framed(gateway, path, "a");
    const body = doors[path]("a", "");
    const chunked = headOf(gateway, path, "transfer-encoding: chunked");
    const inChunks = body
      .split("")
      .map((character) => `1\r\n${character}\r\n`)
      .join("");
    const ways: readonly (readonly string[])[] = [
      [whole],
      whole.split(""),
      [chunked, `${inChunks}0\r\n\r\n`],
      [`${chunked}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`],
      [framed(gateway, path, "a", "p".repeat(300_000))],
    ];
    const heard: string[] = [];
    for (const pieces of ways) {
      const socket = await connected(gateway);
      socket.setNoDelay(true);
      for (const piece of pieces) {
        socket.write(piece);
        await nextTurn();
      }
      heard.push(...(await answers(socket, 1)));
    }
    const withoutId = heard.map((text) => text.replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, "id"));
    expect(withoutId[0]).toMatch(path === "/graphql" ? /"ok":"Query"/ : /ROUTING_ERROR|VALIDATION_ERROR/);
    expect(new Set(withoutId)).toHaveLength(1);
  },
);

test.each(paths)(
  "requests of %s that come in one piece are answered one after the other, on one connection",
  async (path) => {
    await using gateway = await start();
    const socket = await connected(gateway);
    socket.write(["a", "b", "c"].map((name) => framed(gateway, path, name)).join(""));
    const first = answers(socket, 3);
    expect(await first).toHaveLength(3);
  },
);

test.each(paths)("one connection carries many requests of %s", async (path) => {
  await using gateway = await start();
  const socket = await connected(gateway);
  const bodies = answers(socket, 30);
  for (let index = 0; index < 30; index += 1) {
    socket.write(framed(gateway, path, `s${index}`));
    await nextTurn();
  }
  expect(await bodies).toHaveLength(30);
});

test.each(paths)("a body of %s over the limit is refused in every framing", async (path) => {
  await using gateway = await start(2_000);
  const body = doors[path]("a", "p".repeat(5_000));
  const pieces = [
    framed(gateway, path, "a", "p".repeat(5_000)),
    `${headOf(gateway, path, "transfer-encoding: chunked")}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  ];
  for (const piece of pieces) {
    const socket = await connected(gateway);
    socket.write(piece);
    expect((await answers(socket, 1))[0]).toContain("PAYLOAD_TOO_LARGE");
  }
});
