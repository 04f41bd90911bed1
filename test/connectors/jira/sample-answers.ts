/** Answers of a small Jira with one issue, DAWS-7: what the examples of the tools were written from. */
import type { Answer, ReceivedRequest } from "../../support/upstream.ts";

const mia = {
  accountId: "5b10a2844c20165700ede21g",
  displayName: "Mia Krystof",
  avatarUrls: { "16x16": "https://a/i" },
};

function paragraph(...content: unknown[]): unknown {
  return { type: "paragraph", content };
}

const description = {
  type: "doc",
  version: 1,
  content: [
    paragraph(
      { type: "text", text: "Since " },
      { type: "text", text: "Monday", marks: [{ type: "strong" }] },
      { type: "text", text: ":" },
    ),
    {
      type: "orderedList",
      content: ["open the page", "log in"].map((text) => ({
        type: "listItem",
        content: [paragraph({ type: "text", text })],
      })),
    },
  ],
};

const comment = {
  id: "10100",
  author: mia,
  created: "2026-11-20T10:00:00.000+0000",
  body: { type: "doc", version: 1, content: [paragraph({ type: "text", text: "Seen it too." })] },
};

export const daws7 = {
  id: "10007",
  key: "DAWS-7",
  self: "https://example.atlassian.net/rest/api/3/issue/10007",
  fields: {
    summary: "Login fails",
    description,
    status: {
      name: "In Progress",
      iconUrl: "https://a/i",
      statusCategory: { key: "indeterminate", name: "In Progress" },
    },
    resolution: null,
    issuetype: { name: "Bug" },
    priority: { name: "High" },
    project: { key: "DAWS" },
    assignee: mia,
    labels: ["login"],
    components: [],
    created: "2026-11-16T09:00:00.000+0000",
    updated: "2026-11-20T10:00:00.000+0000",
    comment: { comments: [comment], total: 1, startAt: 0, maxResults: 1 },
  },
};

export const transitions = [
  { id: "21", name: "Start work", to: { name: "In Progress" }, isAvailable: true },
  { id: "31", name: "Close issue", to: { name: "Done" }, isAvailable: true },
  { id: "41", name: "Reopen", to: { name: "To Do" }, isAvailable: false },
];

/** Answers every request that the tools make about DAWS-7. */
export function answerFor(request: ReceivedRequest): Answer {
  switch (`${request.method} ${request.path}`) {
    case "POST /rest/api/3/search/jql":
      return { json: { issues: [daws7], nextPageToken: "CAEaAggB", isLast: false } };
    case "POST /rest/api/3/issue/bulkfetch": {
      const { fields } = JSON.parse(request.body) as { fields: string[] };
      const all: Record<string, unknown> = { ...daws7.fields, duedate: "2026-12-01" };
      const asked = Object.fromEntries(fields.filter((name) => name in all).map((name) => [name, all[name]]));
      return { json: { issues: [{ ...daws7, fields: asked }], issueErrors: [] } };
    }
    case "GET /rest/api/3/issue/DAWS-7":
      return { json: daws7 };
    case "POST /rest/api/3/issue":
      return { status: 201, json: { id: "10007", key: "DAWS-7", self: daws7.self } };
    case "POST /rest/api/3/issue/DAWS-7/comment":
      return { status: 201, json: comment };
    case "GET /rest/api/3/issue/DAWS-7/transitions":
      return { json: { transitions } };
    case "POST /rest/api/3/issue/DAWS-7/transitions":
      return { status: 204 };
    default:
      return { status: 404, json: { errorMessages: [`unexpected ${request.method} ${request.url}`] } };
  }
}
