/** The upstream of the benchmark: answers every POST with the same kilobyte of JSON. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { announce } from "./announce.ts";

const items = Array.from({ length: 8 }, (_, index) => ({
  id: `item-${index}`,
  title: `Something worth a line of text, number ${index}`,
  status: index % 2 === 0 ? "open" : "closed",
  score: index * 1.5,
}));
const answer = JSON.stringify({ items, more: false });

const server = createServer((request, response) => {
  request.resume();
  request.once("end", () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.keepAliveTimeout = 65_000;
server.listen(0, "127.0.0.1", () => announce((server.address() as AddressInfo).port));
