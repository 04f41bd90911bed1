/** Finds the REST route of a request and answers it: one place for request ids, unknown routes and errors before a tool ran. */
import { CatalogueError, toCatalogueError } from "../../errors/catalogue-error.ts";
import type { Gateway } from "../../gateway.ts";
import { refuseCrossOrigin } from "../cross-origin.ts";
import type { DoorRequest, DoorResponse } from "../door-request.ts";
import { logRefusal } from "../log-refusal.ts";
import { requestIdOf } from "../request-id.ts";
import { errorAnswer } from "./answers.ts";
import { routes, type Route } from "./routes.ts";

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** path → method → route */
const fixed = new Map<string, Map<string, Route>>();
for (const route of routes.filter(({ path }) => !path.includes("{"))) {
  fixed.set(route.path, (fixed.get(route.path) ?? new Map<string, Route>()).set(route.method, route));
}
const withParameters: readonly Compiled[] = routes.filter((route) => route.path.includes("{")).map(compile);
const knownPaths: readonly Compiled[] = routes.map(compile);

function compile(route: Route): Compiled {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const pattern = new RegExp(`^${route.path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "([^/]+)")}$`);
  return { route, pattern, names };
}

/** What requests without a route are counted as: a caller's path must not become a label. */
const UNKNOWN_ROUTE = "none";

/** Answers any REST request; never rejects. */
export async function answerRest(gateway: Gateway, request: DoorRequest, isLoopback: boolean): Promise<DoorResponse> {
  let path = UNKNOWN_ROUTE;
  const requestId = requestIdOf(request.header("x-request-id"));
  try {
    refuseCrossOrigin(request, isLoopback);
    const found = find(request);
    if (!found) throw noRoute(request);
    path = found.route.path;
    const answer = await found.route.handle({
      gateway,
      request,
      requestId,
      isLoopback,
      parameters: found.parameters,
    });
    gateway.metrics.countRequest(path, answer.status);
    return answer;
  } catch (thrown) {
    const error = toCatalogueError(thrown);
    logRefusal(gateway.log, error, thrown, requestId);
    gateway.metrics.countRequest(path, error.status);
    const answer = errorAnswer(error, { requestId });
    // RFC 9110 section 15.5.6 wants the methods that the path takes.
    return error.status === 405
      ? { ...answer, headers: { ...answer.headers, allow: methodsOf(request.path) } }
      : answer;
  }
}

function find(request: DoorRequest): { route: Route; parameters: Record<string, string> } | undefined {
  // RFC 9110 section 9.1: HEAD goes wherever GET does; the server leaves the body out.
  const method = request.method === "HEAD" ? "GET" : request.method;
  const route = fixed.get(request.path)?.get(method);
  if (route) return { route, parameters: {} };
  for (const { route: candidate, pattern, names } of withParameters) {
    if (candidate.method !== method) continue;
    const match = pattern.exec(request.path);
    if (!match) continue;
    return {
      route: candidate,
      parameters: Object.fromEntries(names.map((name, index) => [name, decode(match[index + 1]!)])),
    };
  }
  return undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new CatalogueError("VALIDATION_ERROR", "The path is not correctly percent-encoded.", { acted: "no" });
  }
}

/** As `Allow` lists them; empty for a path that nothing answers. */
function methodsOf(path: string): string {
  const methods = knownPaths.filter(({ pattern }) => pattern.test(path)).map(({ route }) => route.method);
  return methods.map((method) => (method === "GET" ? "GET, HEAD" : method)).join(", ");
}

function noRoute(request: DoorRequest): CatalogueError {
  const isKnown = methodsOf(request.path) !== "";
  return new CatalogueError(
    "ROUTING_ERROR",
    isKnown ? `This path does not take ${request.method}.` : "There is no such route.",
    {
      status: isKnown ? 405 : 404,
      acted: "no",
      suggestion: "GET /api/v1/openapi.json lists the routes; GraphQL is at /graphql.",
    },
  );
}
