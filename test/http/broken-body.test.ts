/** A client that goes away in the middle of its body harms nobody, and nothing of its request is run. */
import { once } from "node:events";
import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { startGateway } from "../support/start-gateway.ts";

test.each(["/api/v1/mcp/chat", "/graphql"])(
  "a body of %s that breaks off is refused, and the next one is read",
  async (path) => {
    await using gateway = await startGateway({ servers: [], developerToken: "a-token-of-the-developer" });
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n` +
        `x-request-id: broken-1\r\nauthorization: Bearer a-token-of-the-developer\r\ncontent-length: 500\r\n\r\n{"query":`,
    );
    await vi.waitFor(() => expect(socket.bytesWritten).toBeGreaterThan(0));
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(JSON.stringify(gateway.logLines())).toContain("broken-1"));
    expect(gateway.logLines().filter((line) => line.msg === "tool call")).toEqual([]);
    const { body } = await gateway.graphql("{ __typename }");
    expect(body.data).toEqual({ __typename: "Query" });
  },
);
