/** The floor: a bare node:http server that parses JSON, makes the same upstream call with undici, and answers it as JSON. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";
import { announce } from "./announce.ts";

const pool = new Pool(process.env.UPSTREAM!, { connections: 128, keepAliveTimeout: 60_000 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    void (async () => {
      const call = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { tool_input: unknown };
      const upstream = await pool.request({
        method: "POST",
        path: "/lookup",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(call.tool_input),
      });
      const output = await upstream.body.json();
      const body = JSON.stringify({ status: "success", tool_output: output });
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.end(body);
    })();
  });
});
server.keepAliveTimeout = 65_000;
server.listen(0, "127.0.0.1", () => announce((server.address() as AddressInfo).port));
