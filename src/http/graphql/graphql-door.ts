/** The GraphQL door: authenticates, picks the caller's graph, and answers by the short path or by Yoga. */
import { GraphQLError } from "graphql";
import type { Admission, Gateway } from "../../gateway.ts";
import { CatalogueError, toCatalogueError } from "../../errors/catalogue-error.ts";
import { graphqlErrorBody } from "../../errors/error-body.ts";
import type { View } from "../../registry/view.ts";
import { refuseCrossOrigin } from "../cross-origin.ts";
import { fromWebRequest, toWebResponse, type DoorRequest, type DoorResponse } from "../door-request.ts";
import { parseJson } from "../parse-json.ts";
import { logRefusal } from "../log-refusal.ts";
import { requestIdOf } from "../request-id.ts";
import { errorHeaders } from "../rest/answers.ts";
import { answerIntrospection } from "./answer-introspection.ts";
import { eventBody } from "./event-body.ts";
import { graphiqlPage } from "./graphiql-page.ts";
import { parametersInUrl, parametersOf, type RequestParameters } from "./request-parameters.ts";
import { ServedViews } from "./served-views.ts";
import { answerQuickly } from "./short-path.ts";
import type { ViewGraph } from "./view-graph.ts";

export interface GraphqlDoor {
  /** Answers any request to `/graphql`. */
  fetch(request: Request, isLoopback: boolean): Promise<Response>;
  /** Answers plain JSON POSTs without web `Request`s; absent when the request needs `fetch`. */
  quick(request: DoorRequest, isLoopback: boolean): Promise<DoorResponse> | undefined;
}

export interface GraphqlDoorOptions {
  readonly gateway: Gateway;
  /** Builds the graph of a view; called once a view. */
  readonly buildGraph: (view: View) => Promise<ViewGraph>;
  /** GraphiQL is served in development only. */
  readonly isDevelopment: boolean;
}

export function createGraphqlDoor({ gateway, buildGraph, isDevelopment }: GraphqlDoorOptions): GraphqlDoor {
  const views = new ServedViews(gateway, buildGraph);

  /** The rest of the way, for a body that was read and held to its limit already. */
  const throughYoga = async (request: Request, admission: Admission, correlationId: string): Promise<Response> => {
    const { yoga } = await views.of(admission);
    const answer = await yoga.fetch(request, { admission, correlationId });
    const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") === true;
    const { body } = answer;
    const response = new Response(isStream && body ? eventBody(body) : body, {
      status: answer.status,
      headers: [...answer.headers],
    });
    response.headers.set("x-request-id", correlationId);
    return response;
  };

  /** Introspection asked for in other ways than plain JSON: by GET, or with an `Accept` that leaves a choice. */
  const introspection = async (
    request: DoorRequest,
    parameters: RequestParameters | undefined,
    admission: Admission,
    correlationId: string,
  ): Promise<DoorResponse | undefined> => {
    const mediaType = jsonTypeIn(request.header("accept"));
    if (!parameters || mediaType === undefined || !/\b__(schema|type)\b/.test(parameters.query)) return undefined;
    const { engine } = await views.of(admission);
    const acceptEncoding = request.header("accept-encoding");
    try {
      return await answerIntrospection({ engine, parameters, mediaType, acceptEncoding, correlationId });
    } catch (error) {
      // It does not parse: Yoga says so in the form that was asked for.
      if (error instanceof GraphQLError) return undefined;
      throw error;
    }
  };

  return {
    async fetch(request, isLoopback) {
      const door = fromWebRequest(request);
      const correlationId = requestIdOf(door.header("x-request-id"));
      try {
        refuseCrossOrigin(door, isLoopback);
        if (isDevelopment && wantsPage(door)) return await graphiqlPage();
        const admission = await gateway.admit(door, correlationId);
        if (request.method !== "POST") {
          const prepared = await introspection(door, parametersInUrl(door.query), admission, correlationId);
          return prepared ? toWebResponse(prepared) : await throughYoga(request, admission, correlationId);
        }
        refuseOtherMediaTypes(door);
        const body = await door.body(admission.generation.settings.gateway.limits.bodyBytes);
        const prepared = await introspection(door, parametersIn(body), admission, correlationId);
        if (prepared) return toWebResponse(prepared);
        return await throughYoga(withBody(request, body), admission, correlationId);
      } catch (thrown) {
        const error = toCatalogueError(thrown);
        logRefusal(gateway.log, error, thrown, correlationId);
        return toWebResponse(graphqlErrorAnswer(error, correlationId));
      }
    },
    quick(request, isLoopback) {
      if (request.header("content-type")?.startsWith("application/json") !== true) return undefined;
      if (/event-stream|multipart/.test(request.header("accept") ?? "")) return undefined;
      return quickly(request, isLoopback);
    },
  };

  async function quickly(request: DoorRequest, isLoopback: boolean): Promise<DoorResponse> {
    const correlationId = requestIdOf(request.header("x-request-id"));
    try {
      refuseCrossOrigin(request, isLoopback);
      const admitted = gateway.admit(request, correlationId);
      const admission = admitted instanceof Promise ? await admitted : admitted;
      const body = await request.body(admission.generation.settings.gateway.limits.bodyBytes);
      const view = views.of(admission);
      const { engine } = view instanceof Promise ? await view : view;
      const answer =
        (await answerQuickly({ gateway, engine, admission, request, correlationId, body })) ??
        (await introspection(request, parametersIn(body), admission, correlationId));
      if (answer) return answer;
      const headers = { "content-type": "application/json", accept: request.header("accept") ?? "*/*" };
      const web = new Request("http://gateway/graphql", {
        method: "POST",
        headers,
        body: body as Uint8Array<ArrayBuffer>,
      });
      const response = await throughYoga(web, admission, correlationId);
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    } catch (thrown) {
      const error = toCatalogueError(thrown);
      logRefusal(gateway.log, error, thrown, correlationId);
      return graphqlErrorAnswer(error, correlationId);
    }
  }
}

/** A failure before there was an operation, in GraphQL's form: errors without data. */
function graphqlErrorAnswer(error: CatalogueError, correlationId: string): DoorResponse {
  const { message, ...extensions } = graphqlErrorBody(error);
  return {
    status: error.status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "x-request-id": correlationId,
      ...errorHeaders(error),
    },
    body: JSON.stringify({ errors: [{ message, extensions }] }),
  };
}

function parametersIn(body: Uint8Array): RequestParameters | undefined {
  try {
    return parametersOf(parseJson(body));
  } catch {
    return undefined;
  }
}

/** The JSON type of GraphQL that an `Accept` header takes, the newer one first. */
function jsonTypeIn(accept: string | undefined): string | undefined {
  if (accept?.includes("application/graphql-response+json")) return "application/graphql-response+json; charset=utf-8";
  const takesJson = accept === undefined || /application\/(json|\*)|\*\/\*/.test(accept);
  return takesJson ? "application/json; charset=utf-8" : undefined;
}

function wantsPage(request: DoorRequest): boolean {
  return (
    request.method === "GET" && request.header("accept")?.includes("text/html") === true && !request.query.has("query")
  );
}

/** Only JSON: form posts are what foreign pages can send without asking. */
function refuseOtherMediaTypes(request: DoorRequest): void {
  const type = request.header("content-type") ?? "";
  if (/^application\/(graphql-response\+)?json\b/i.test(type)) return;
  throw new CatalogueError("VALIDATION_ERROR", "The body has to be application/json.", {
    status: 415,
    acted: "no",
    details: [{ path: "content-type", problem: "is not supported", expected: "application/json" }],
  });
}

function withBody(request: Request, body: Uint8Array): Request {
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: body as Uint8Array<ArrayBuffer>,
    signal: request.signal,
  });
}
