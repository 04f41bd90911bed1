/** `GET /metrics`: Prometheus text. Open on a loopback address; elsewhere a credential is asked for. */
import { OPERATOR_ROLE } from "../../auth/caller.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import type { Gateway } from "../../gateway.ts";
import type { DoorRequest, DoorResponse } from "../door-request.ts";
import type { RouteCall } from "./routes.ts";

/** May read metrics and has no other right by it. */
const METRICS_ROLE = "metrics";

/** `AUTHENTICATION_FAILURE_API`, or `AUTHORIZATION_ERROR` for callers that are neither operators nor scrapers. */
export async function metricsAnswer({ gateway, request, requestId, isLoopback }: RouteCall): Promise<DoorResponse> {
  if (!isLoopback) await refuseOthers(gateway, request);
  return {
    status: 200,
    headers: { "content-type": gateway.metrics.contentType, "cache-control": "no-store", "x-request-id": requestId },
    body: await gateway.metrics.text(),
  };
}

/** Where no policy tells callers apart, each of them may read the metrics. */
async function refuseOthers(gateway: Gateway, request: DoorRequest): Promise<void> {
  const { roles } = await gateway.identify(request);
  if (gateway.generation().settings.gateway.policies.length === 0) return;
  if (roles.includes(OPERATOR_ROLE) || roles.includes(METRICS_ROLE)) return;
  throw new CatalogueError("AUTHORIZATION_ERROR", "Metrics are for callers with the role operator or metrics.", {
    acted: "no",
  });
}
