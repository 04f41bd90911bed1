/** Turns secret references into secrets: from the environment, from files, or from the configured default store. */
import { open } from "node:fs/promises";
import { resolve as resolvePath } from "node:path";
import type { GatewaySettings } from "../config/settings.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { parseSecretReference, REFERENCE_FORMS, type SecretReference } from "./secret-reference.ts";
import { Secret } from "./secret.ts";

export interface SecretResolver {
  /** The secret that a reference names. Throws `CONFIGURATION_ERROR`, which names the reference and never a value. */
  resolve(reference: string): Promise<Secret>;
}

/** Largest secret file read, bytes: keys and tokens are far below, and a wrong path may lead to anything. */
const MAX_SECRET_BYTES = 64 * 1024;

/**
 * Reads each secret anew on every call, so that a rotated one is found by the next generation of servers.
 *
 * @example
 * const secrets = createSecretResolver({ settings: { default: "env" }, env: process.env, baseFolder: "/etc/toolgraph" });
 * const token = await secrets.resolve("env:SLACK_TOKEN");
 */
export function createSecretResolver(options: {
  readonly settings: GatewaySettings["secrets"];
  readonly env: NodeJS.ProcessEnv;
  /** Folder that relative `file:` paths start from, usually the configuration file's. */
  readonly baseFolder: string;
}): SecretResolver {
  return {
    async resolve(text) {
      const parsed = parseSecretReference(text);
      if (!parsed.ok) {
        throw unusable(`A secret reference of this server ${parsed.problem}.`, `Use ${REFERENCE_FORMS}.`);
      }
      const reference = inStore(parsed.reference, options.settings.default);
      const value = await read(reference, text, options);
      if (value === "") {
        throw unusable(`The secret '${text}' is empty.`, `Give ${placeOf(reference)} a value.`);
      }
      return new Secret(value);
    },
  };
}

/** Says of a bare key which store it is in. */
function inStore(reference: SecretReference, defaultStore: string): SecretReference {
  if (reference.store !== "default") return reference;
  if (defaultStore.startsWith("file:")) {
    return { store: "file", name: `${defaultStore.slice("file:".length).replace(/\/+$/, "")}/${reference.name}` };
  }
  return { store: defaultStore as SecretReference["store"], name: reference.name };
}

async function read(
  reference: SecretReference,
  text: string,
  options: { readonly env: NodeJS.ProcessEnv; readonly baseFolder: string },
): Promise<string> {
  switch (reference.store) {
    case "env": {
      const value = options.env[reference.name];
      if (value === undefined) {
        throw unusable(`The secret '${text}' is missing.`, `Set the environment variable ${reference.name}.`);
      }
      return value;
    }
    case "file":
      return readSecretFile(resolvePath(options.baseFolder, reference.name), text);
    default:
      throw unusable(
        `The secret '${text}' cannot be read: the secret store '${reference.store}' is not available in this build.`,
        "Keep the secret in an environment variable (env:NAME) or a file (file:/path).",
      );
  }
}

async function readSecretFile(path: string, text: string): Promise<string> {
  try {
    await using file = await open(path, "r");
    // One byte over the cap tells a file that is too large without reading it.
    const buffer = Buffer.alloc(MAX_SECRET_BYTES + 1);
    let size = 0;
    for (let read = -1; read !== 0 && size < buffer.length; size += read) {
      read = (await file.read(buffer, size, buffer.length - size)).bytesRead;
    }
    if (size > MAX_SECRET_BYTES) {
      throw unusable(
        `The secret '${text}' is over ${MAX_SECRET_BYTES} bytes.`,
        "Point the reference at the right file.",
      );
    }
    // Editors and `echo` end a file with a newline that is not part of the secret.
    return buffer.toString("utf8", 0, size).replace(/\r?\n$/, "");
  } catch (error) {
    if (error instanceof CatalogueError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw unusable(
      `The secret '${text}' ${code === "ENOENT" ? "is missing: there is no such file" : `cannot be read (${code ?? "unknown fault"})`}.`,
      "Create the file, readable by the gateway, with the secret as its only content.",
      error,
    );
  }
}

function placeOf(reference: SecretReference): string {
  return reference.store === "env" ? `the environment variable ${reference.name}` : "the file";
}

function unusable(message: string, suggestion: string, cause?: unknown): CatalogueError {
  return new CatalogueError("CONFIGURATION_ERROR", message, {
    suggestion,
    acted: "no",
    ...(cause !== undefined && { cause }),
  });
}
