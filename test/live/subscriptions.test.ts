/** What callers follow while it happens, over real server-sent events. */
import { expect, test } from "vitest";
import { subscribe } from "../support/event-source.ts";
import { startGateway } from "../support/start-gateway.ts";
import { named, openWorkshop } from "./workshop-connector.ts";

const PROGRESS = `subscription Follow($id: ID!) {
  toolProgress(executionId: $id) { executionId requestId serverId toolName progress total message status }
}`;
const CHANGES = `subscription {
  catalogChanged {
    serversAdded serversRemoved serversChanged
    toolsAdded { serverId name } toolsRemoved { serverId name } toolsChanged { serverId name }
  }
}`;
const RUN = `mutation Run($id: String) {
  executeTool(serverId: "shed", toolName: "work", requestId: $id) { status executionId output }
}`;
const shed = { id: "shed", type: "workshop" };
const KEYS = {
  auth: {
    api_keys: [
      { id: "anna", key_ref: "ANNA", roles: ["all"] },
      { id: "bert", key_ref: "BERT", roles: ["little"] },
    ],
  },
  policies: [
    { roles: ["all", "developer"], allow: [{}] },
    { roles: ["little"], allow: [{ tools: ["work", "open_*"] }] },
  ],
};
const env = { ANNA: "key-of-anna", BERT: "key-of-bert" };
const anna = { authorization: "Bearer key-of-anna" };
const bert = { authorization: "Bearer key-of-bert" };

test("a caller follows its call by the request id it chose, from before the call to its end", async () => {
  const workshop = openWorkshop({});
  await using gateway = await startGateway({ servers: [shed], connectors: workshop.connectors });
  await using progress = await subscribe(gateway, PROGRESS, { id: "mine-1" });
  expect(progress.status).toBe(200);
  const answer = gateway.graphql(RUN, { id: "mine-1" });
  await workshop.running(1);
  workshop.report(3, "sawing");
  const first = (await progress.next())?.data.toolProgress;
  expect(first).toMatchObject({
    requestId: "mine-1",
    serverId: "shed",
    toolName: "work",
    progress: 3,
    total: 10,
    message: "sawing",
    status: null,
  });
  // Who comes later is told how far the call is, and may use the execution id.
  await using late = await subscribe(gateway, PROGRESS, { id: first.executionId });
  expect((await late.next())?.data.toolProgress).toEqual(first);
  workshop.finish();
  const { data } = (await answer).body;
  for (const stream of [progress, late]) {
    const last = (await stream.next())?.data.toolProgress;
    expect(last).toMatchObject({ executionId: data.executeTool.executionId, progress: 3, status: "SUCCESS" });
    expect(await stream.next()).toBeUndefined();
  }
});

test("another caller's call is as if it did not exist, also under the same request id", async () => {
  const workshop = openWorkshop({});
  await using gateway = await startGateway({ servers: [shed], connectors: workshop.connectors, gateway: KEYS, env });
  await using stranger = await subscribe(gateway, PROGRESS, { id: "same" }, bert);
  await using owner = await subscribe(gateway, PROGRESS, { id: "same" }, anna);
  const answer = gateway.graphql(RUN, { id: "same" }, anna);
  await workshop.running(1);
  workshop.report(1, "for anna only");
  const seen = (await owner.next())?.data.toolProgress;
  expect(seen.message).toBe("for anna only");
  await using byExecution = await subscribe(gateway, PROGRESS, { id: seen.executionId }, bert);
  const mine = gateway.graphql(RUN, { id: "same" }, bert);
  workshop.finish();
  await Promise.all([answer, mine]);
  // The first thing the stranger hears is the end of its own call.
  expect((await stranger.next())?.data.toolProgress).toMatchObject({ status: "SUCCESS", message: null });
  gateway.composed.gateway.drain();
  expect(await byExecution.next()).toBeUndefined();
});

test("catalogChanged tells each caller what changed for it, and nothing of what is hidden from it", async () => {
  const workshop = openWorkshop({ shed: [named("open_door"), named("secret_door"), named("open_gate")] });
  await using gateway = await startGateway({ servers: [shed], connectors: workshop.connectors, gateway: KEYS, env });
  await using all = await subscribe(gateway, CHANGES, {}, anna);
  await using little = await subscribe(gateway, CHANGES, {}, bert);
  // Listed anew: open_door as it was, open_gate with other arguments, one secret fewer and one more.
  workshop.announce("shed", [
    named("open_door"),
    named("open_gate", { inputSchema: { type: "object", properties: {} } }),
    named("secret_hatch"),
  ]);
  const nothing = { serversAdded: [], serversRemoved: [], serversChanged: [] };
  expect((await all.next())?.data.catalogChanged).toEqual({
    ...nothing,
    toolsAdded: [{ serverId: "shed", name: "secret_hatch" }],
    toolsRemoved: [{ serverId: "shed", name: "secret_door" }],
    toolsChanged: [{ serverId: "shed", name: "open_gate" }],
  });
  const seenByBert = await little.next();
  expect(seenByBert?.data.catalogChanged).toEqual({
    ...nothing,
    toolsAdded: [],
    toolsRemoved: [],
    toolsChanged: [{ serverId: "shed", name: "open_gate" }],
  });
  // A change of hidden tools alone is no event: the next one bert hears of is his own.
  workshop.announce("shed", [named("open_door"), named("open_gate", { inputSchema: { type: "object" } })]);
  expect((await all.next())?.data.catalogChanged.toolsRemoved).toEqual([{ serverId: "shed", name: "secret_hatch" }]);
  await gateway.apply({ servers: [shed, { id: "barn", type: "workshop" }], gateway: KEYS });
  let heard = await little.next();
  if (heard?.data.catalogChanged.serversAdded.length === 0) heard = await little.next();
  expect(heard?.data.catalogChanged).toMatchObject({
    serversAdded: ["barn"],
    toolsAdded: [{ serverId: "barn", name: "work" }],
  });
  expect(JSON.stringify(heard)).not.toContain("secret");
});

test("a subscriber whose key is withdrawn hears so and no more", async () => {
  const workshop = openWorkshop({});
  await using gateway = await startGateway({ servers: [shed], connectors: workshop.connectors, gateway: KEYS, env });
  await using changes = await subscribe(gateway, CHANGES, {}, bert);
  await gateway.apply({
    servers: [shed, { id: "barn", type: "workshop" }],
    gateway: { ...KEYS, auth: { api_keys: KEYS.auth.api_keys.slice(0, 1) } },
  });
  expect((await changes.next())?.errors?.[0]?.extensions.code).toBe("AUTHENTICATION_FAILURE_API");
  expect(await changes.next()).toBeUndefined();
});

test("subscriptions are bounded per caller, and free again when the client has gone", async () => {
  const workshop = openWorkshop({});
  await using gateway = await startGateway({ servers: [shed], connectors: workshop.connectors, gateway: KEYS, env });
  const open = await Promise.all(Array.from({ length: 20 }, () => subscribe(gateway, CHANGES, {}, anna)));
  await using refused = await subscribe(gateway, CHANGES, {}, anna);
  expect((await refused.next())?.errors?.[0]?.extensions).toMatchObject({ code: "RATE_LIMIT_EXCEEDED" });
  await using other = await subscribe(gateway, CHANGES, {}, bert);
  expect(other.status).toBe(200);
  for (const each of open) each.abort();
  await expect.poll(() => gateway.composed.gateway.live.subscribers).toBe(1);
  await using again = await subscribe(gateway, CHANGES, {}, anna);
  workshop.announce("shed", [named("open_door")]);
  expect((await again.next())?.data.catalogChanged.toolsAdded).toHaveLength(1);
});

test("what a tool tells of a call after its time was up is heard by nobody, least of all by the next call", async () => {
  const workshop = openWorkshop({});
  await using gateway = await startGateway({
    servers: [{ ...shed, timeout_ms: 100 }],
    connectors: workshop.connectors,
  });
  expect((await gateway.graphql(RUN, { id: "slow-1" })).body.data.executeTool.status).toBe("ERROR");
  await using progress = await subscribe(gateway, PROGRESS, { id: "slow-1" });
  workshop.report(3, "still sawing");
  await gateway.graphql(RUN, { id: "slow-1" });
  expect((await progress.next())?.data.toolProgress).toMatchObject({ progress: null, status: "ERROR" });
  workshop.finish();
});

test("a reload under 200 calls loses none, and whoever listens hears on", async () => {
  const workshop = openWorkshop({});
  const limits = { limits: { concurrent_calls_per_caller: 1000, requests_per_second: 10_000, burst_limit: 10_000 } };
  const roomy = { ...shed, rate_limits: { concurrent_calls: 500 } };
  await using gateway = await startGateway({ servers: [roomy], connectors: workshop.connectors, gateway: limits });
  await using progress = await subscribe(gateway, PROGRESS, { id: "call-7" });
  await using changes = await subscribe(gateway, CHANGES);
  const calls = Array.from({ length: 200 }, (_, index) => gateway.graphql(RUN, { id: `call-${index}` }));
  await workshop.running(200);
  // The server itself is replaced, not only one beside it.
  await gateway.apply({
    servers: [
      { ...roomy, timeout_ms: 20_000 },
      { id: "barn", type: "workshop" },
    ],
    gateway: limits,
  });
  workshop.report(5, "after the reload");
  expect((await progress.next())?.data.toolProgress.message).toBe("after the reload");
  expect((await changes.next())?.data.catalogChanged.serversAdded).toEqual(["barn"]);
  workshop.finish();
  const answers = await Promise.all(calls);
  const statuses = answers.map(({ body }) => body.data.executeTool.status as string);
  expect(new Set(statuses)).toEqual(new Set(["SUCCESS"]));
  expect(new Set(answers.map(({ body }) => body.data.executeTool.executionId as string)).size).toBe(200);
  expect((await progress.next())?.data.toolProgress.status).toBe("SUCCESS");
});
