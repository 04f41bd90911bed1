/** A client that goes away in the middle of its body harms nobody, and nothing of its request is run. */
import { once } from "node:events";
import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { startTokenServer } from "../auth/token-server.ts";
import { startGateway } from "../support/start-gateway.ts";
import { startUpstream } from "../support/upstream.ts";

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

test.each(["/api/v1/mcp/chat", "/graphql"])(
  "a client of %s that leaves while its credential is checked is told of in the log",
  async (path) => {
    await using tokens = await startTokenServer();
    const isAsked = Promise.withResolvers<void>();
    const isGone = Promise.withResolvers<void>();
    // Nobody's credential can be checked before the keys are there.
    await using keys = await startUpstream(async () => {
      isAsked.resolve();
      await isGone.promise;
      return { json: await (await fetch(tokens.settings.jwksUrl ?? "")).json() };
    });
    const { issuer, audience } = tokens.settings;
    const jwt = [{ issuer, audience, jwks_url: `${keys.url}/jwks`, roles_claim: "roles" }];
    await using gateway = await startGateway({ servers: [], gateway: { auth: { jwt } } });
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n` +
        `x-request-id: left-1\r\nauthorization: Bearer ${await tokens.token()}\r\ncontent-length: 2\r\n\r\n{}`,
    );
    await isAsked.promise;
    socket.resetAndDestroy();
    await once(socket, "close");
    // The gateway has heard of it, too, once it has answered somebody else.
    await gateway.get("/api/v1/mcp/health");
    isGone.resolve();
    await vi.waitFor(() => expect(JSON.stringify(gateway.logLines())).toContain("left-1"));
    expect(gateway.logLines().filter(({ correlation_id: id }) => id === "left-1")).toMatchObject([
      { error_code: "VALIDATION_ERROR" },
    ]);
  },
);
