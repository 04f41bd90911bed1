/** Sets up what every row needs: the gateway's process, a healthy server beside the faulty one, and what is usual. */
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { makeCertificates, type Certificates } from "./certificates.ts";
import { Caller, DOORS } from "./doors.ts";
import { neverActed } from "./fault.ts";
import { startFaultyUpstream } from "./faulty-upstream.ts";
import { shopEntry } from "./http-faults.ts";
import { meetFault } from "./meet-fault.ts";
import { observe, type Stage } from "./observe.ts";
import { startGatewayProcess } from "./start-gateway-process.ts";
import { startTrickle } from "./trickle.ts";

export interface SetStage extends Stage, AsyncDisposable {
  readonly certificates: Certificates;
}

/** @param calmMs how long the usual latency is measured; `state` is that of the gateway, its memory when absent */
export async function setStage({
  calmMs,
  state = "memory",
}: {
  readonly calmMs: number;
  readonly state?: string;
}): Promise<SetStage> {
  const certificates = makeCertificates();
  const healthy = await startFaultyUpstream({});
  const gateway = await startGatewayProcess({ NODE_EXTRA_CA_CERTS: certificates.authorityFile, GATEWAY_STATE: state });
  const stage = { gateway, healthy, baselineMs: Infinity, certificates };
  // Once through every door, so that what is made once and kept is there before anything is counted.
  for (const door of DOORS) await observe(stage, meetFault(warmUp), door);
  const agent = new Agent();
  const entry = { id: "healthy", ...shopEntry(`http://127.0.0.1:${healthy.port}`) };
  await gateway.apply([entry]);
  const stop = startTrickle(new Caller(gateway.url, agent), `http://127.0.0.1:${healthy.port}`);
  await sleep(calmMs);
  const { p95Ms } = await stop();
  await gateway.apply([]);
  await agent.close();
  return {
    ...stage,
    baselineMs: p95Ms,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await healthy[Symbol.asyncDispose]();
      certificates[Symbol.dispose]();
    },
  };
}

const warmUp = {
  name: "none",
  ...neverActed({ code: "success" as const, status: 200, retryable: false, sent: [1, 1] as const }),
  open: async () => {
    const upstream = await startFaultyUpstream({});
    return { ...upstream, server: shopEntry(`http://127.0.0.1:${upstream.port}`) };
  },
};
