/** Finds the address that a document's operations are served from. */
import type { ApiDocument } from "./api-document.ts";
import { entriesOf, listOf, own, ownText } from "./plain-data.ts";

export type ServerAddress = { readonly baseUrl: string } | { readonly problem: string };

/**
 * The first server of the document. One that came over the network may not send the gateway, and its credential, to
 * another origin than its own: an operator has to.
 *
 * @param documentUrl where the document came from; absent for a file
 */
export function serverAddress(document: ApiDocument, documentUrl: string | undefined): ServerAddress {
  const written = document.version === "2.0" ? oldAddress(document, documentUrl) : firstServer(document);
  if (written === undefined && documentUrl === undefined) {
    return { problem: "The document does not say where its API is served: set base_url." };
  }
  const address = URL.parse(written ?? "/", documentUrl);
  if (!address || !/^https?:$/.test(address.protocol)) {
    return { problem: "The document names no complete address of its API: set base_url." };
  }
  if (documentUrl !== undefined && address.origin !== new URL(documentUrl).origin) {
    return {
      problem: `The document says that its API is served at ${address.origin}, which is not where it came from: set base_url if that is right.`,
    };
  }
  return { baseUrl: `${address.origin}${address.pathname}` };
}

function firstServer(document: ApiDocument): string | undefined {
  const [server] = listOf(own(document.root, "servers"));
  const url = ownText(server, "url");
  const variables = new Map(entriesOf(own(server, "variables")));
  return url?.replaceAll(/\{([^{}]+)\}/g, (text, name: string) => ownText(variables.get(name), "default") ?? text);
}

/** Swagger 2.0 says it in parts; what it leaves out is as for the document itself. */
function oldAddress(document: ApiDocument, documentUrl: string | undefined): string | undefined {
  const path = ownText(document.root, "basePath") ?? "/";
  const host = ownText(document.root, "host");
  if (host === undefined) return documentUrl === undefined ? undefined : path;
  const schemes = listOf(own(document.root, "schemes"));
  const usual = documentUrl === undefined ? "https" : new URL(documentUrl).protocol.slice(0, -1);
  const scheme = schemes.length === 0 ? usual : schemes.includes("https") ? "https" : "http";
  return `${scheme}://${host}${path.startsWith("/") ? path : `/${path}`}`;
}
