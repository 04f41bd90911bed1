/** A stateful Slack that somebody else wrote, with Slack's own SDK as the second witness of what happened there. */
import { WebClient } from "@slack/web-api";
import { createEmulator } from "emulate";
import slack from "../../../connectors/slack/index.ts";
import { bearerCredential } from "../../../src/outbound/authorizer.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { openServer, type OpenedServer } from "../../support/open-server.ts";

const ALL_SCOPES = [
  "chat:write",
  "channels:read",
  "channels:history",
  "channels:manage",
  "groups:read",
  "groups:history",
  "users:read",
  "users:read.email",
  "reactions:write",
];

const seed = {
  slack: {
    team: { name: "Lab", domain: "lab" },
    users: [
      { name: "developer", real_name: "Dev Eloper", email: "dev@example.com", profile: { title: "Dev" } },
      { name: "alice", real_name: "Alice Anders", email: "alice@example.com" },
      { name: "bob", real_name: "Bob Brown", email: "bob@example.com" },
    ],
    channels: [
      { name: "general", topic: "General" },
      { name: "random", topic: "Rnd" },
      { name: "secret", is_private: true },
    ],
    tokens: [
      { token: "xoxb-full", user: "developer", scopes: ALL_SCOPES },
      { token: "xoxb-alice", user: "alice", scopes: ALL_SCOPES },
      { token: "xoxb-limited", user: "alice", scopes: ["chat:write"] },
      { token: "xoxb-reader", user: "alice", scopes: ["channels:history"] },
    ],
    strict_scopes: true,
  },
};

export interface EmulatedSlack extends AsyncDisposable {
  readonly baseUrl: string;
  /** Slack's SDK, with the token of that name. */
  sdk(token?: string): WebClient;
  /** Posts through the SDK and returns the message's ts. */
  post(channel: string, text: string, token?: string): Promise<string>;
  /** Our connector, with the token of that name. Closed with the emulator. */
  open(token?: string, config?: Record<string, unknown>): Promise<OpenedServer>;
  /** Id of a seeded channel. */
  channelId(name: string): Promise<string>;
}

export async function startEmulatedSlack(): Promise<EmulatedSlack> {
  const emulator = await createEmulator({ service: "slack", port: 0, seed });
  const opened: OpenedServer[] = [];
  const sdk = (token = "xoxb-full") =>
    new WebClient(token, { slackApiUrl: `${emulator.url}/api/`, retryConfig: { retries: 0 } });
  const baseUrl = `${emulator.url}/api`;
  return {
    baseUrl,
    sdk,
    async post(channel, text, token) {
      const { ts } = (await sdk(token).apiCall("chat.postMessage", { channel, text })) as { ts?: string };
      return String(ts);
    },
    async open(token = "xoxb-full", config = {}) {
      const authorizer = bearerCredential(new Secret(token));
      const server = await openServer(slack, { baseUrl, authorizer, config });
      opened.push(server);
      return server;
    },
    async channelId(name) {
      const { channels } = await sdk().conversations.list({ types: "public_channel,private_channel" });
      return channels!.find((channel) => channel.name === name)!.id!;
    },
    async [Symbol.asyncDispose]() {
      for (const server of opened) await server[Symbol.asyncDispose]();
      await emulator.close();
    },
  };
}
