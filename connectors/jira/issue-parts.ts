/** The parts of an issue that are read only when asked for: comments, links, subtasks, transitions and so on. */
import { z } from "../../src/index.ts";
import { adfToMarkdown } from "./adf/adf-to-markdown.ts";
import { Named, Person, Text, lenient, personOf, type IssueAnswer } from "./issue.ts";
import { TransitionAnswer, Transition, transitionOf } from "./transition.ts";

/** More would drown the rest of the issue; `comments_total` says how many there are. */
const MAX_COMMENTS = 50;
const MAX_CHANGES = 50;

const LinkedIssue = z.object({ key: z.string(), summary: z.string().nullable(), status: z.string().nullable() });

export const IncludedParts = z
  .object({
    comments: z
      .array(z.object({ id: z.string(), author: Person, created: z.string().nullable(), body: z.string() }))
      .describe("The latest 50, oldest first; the body is Markdown."),
    comments_total: z.int32().min(0),
    links: z.array(z.object({ relation: z.string().describe("For example blocks."), ...LinkedIssue.shape })),
    subtasks: z.array(LinkedIssue),
    transitions: z.array(Transition).describe("What transition_issue can do now."),
    attachments: z.array(
      z.object({
        id: z.string(),
        filename: z.string().nullable(),
        mime_type: z.string().nullable(),
        bytes: z.number().nullable(),
      }),
    ),
    changes: z
      .array(
        z.object({
          author: Person,
          created: z.string().nullable(),
          field: z.string(),
          from: z.string().nullable(),
          to: z.string().nullable(),
        }),
      )
      .describe("The latest 50 changes of fields, as Jira orders them."),
  })
  .partial();

export type IncludedValues = z.input<typeof IncludedParts>;

export const INCLUDABLE = ["comments", "links", "subtasks", "transitions", "attachments", "changelog"] as const;
export type IncludedPart = (typeof INCLUDABLE)[number];

interface PartReader {
  /** Jira's field that holds the part … */
  readonly field?: string;
  /** … or the expansion that adds it. */
  readonly expand?: string;
  read(issue: IssueAnswer): IncludedValues;
}

export const INCLUDED: Record<IncludedPart, PartReader> = {
  comments: { field: "comment", read: (issue) => commentsOf(issue.fields?.comment) },
  links: {
    field: "issuelinks",
    read: (issue) => ({ links: itemsOf(IssueLink, issue.fields?.issuelinks).flatMap(linkOf) }),
  },
  subtasks: {
    field: "subtasks",
    read: (issue) => ({ subtasks: itemsOf(Linked, issue.fields?.subtasks).map(linkedOf) }),
  },
  transitions: {
    expand: "transitions",
    read: (issue) => ({ transitions: itemsOf(TransitionAnswer, issue.transitions).map(transitionOf) }),
  },
  attachments: {
    field: "attachment",
    read: (issue) => ({ attachments: itemsOf(Attachment, issue.fields?.attachment).map(attachmentOf) }),
  },
  changelog: { expand: "changelog", read: (issue) => ({ changes: changesOf(issue.changelog) }) },
};

/** The items of a list that have the documented form. */
function itemsOf<S extends z.ZodType>(schema: S, list: unknown): z.output<S>[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const result = schema.safeParse(item);
    return result.success ? [result.data] : [];
  });
}

const Comment = z.object({
  id: z.string(),
  author: z.unknown().optional(),
  created: Text.optional(),
  body: z.unknown().optional(),
});
const Comments = z.object({ comments: z.array(z.unknown()), total: z.int32().min(0).optional() });

function commentsOf(value: unknown): IncludedValues {
  const page = Comments.safeParse(value).data;
  const comments = itemsOf(Comment, page?.comments);
  return {
    comments: comments.slice(-MAX_COMMENTS).map((comment) => ({
      id: comment.id,
      author: personOf(comment.author),
      created: comment.created ?? null,
      body: adfToMarkdown(comment.body),
    })),
    comments_total: page?.total ?? comments.length,
  };
}

const Linked = z.object({
  key: z.string(),
  fields: lenient(z.object({ summary: Text, status: Named }).partial()).optional(),
});
const IssueLink = z.object({
  type: z.object({ inward: z.string(), outward: z.string() }),
  inwardIssue: Linked.optional(),
  outwardIssue: Linked.optional(),
});

function linkedOf({ key, fields }: z.output<typeof Linked>): z.output<typeof LinkedIssue> {
  return { key, summary: fields?.summary ?? null, status: fields?.status?.name ?? null };
}

function linkOf({ type, inwardIssue, outwardIssue }: z.output<typeof IssueLink>): NonNullable<IncludedValues["links"]> {
  return [
    ...(outwardIssue ? [{ relation: type.outward, ...linkedOf(outwardIssue) }] : []),
    ...(inwardIssue ? [{ relation: type.inward, ...linkedOf(inwardIssue) }] : []),
  ];
}

const Attachment = z.object({
  id: z.union([z.string(), z.number()]),
  filename: Text.optional(),
  mimeType: Text.optional(),
  size: lenient(z.number()).optional(),
});

function attachmentOf(file: z.output<typeof Attachment>): NonNullable<IncludedValues["attachments"]>[number] {
  return {
    id: String(file.id),
    filename: file.filename ?? null,
    mime_type: file.mimeType ?? null,
    bytes: file.size ?? null,
  };
}

const History = z.object({
  author: z.unknown().optional(),
  created: Text.optional(),
  items: z.array(z.object({ field: z.string(), fromString: Text.optional(), toString: Text.optional() })),
});

function changesOf(value: unknown): NonNullable<IncludedValues["changes"]> {
  const { histories } = z.object({ histories: z.unknown() }).safeParse(value).data ?? { histories: [] };
  return itemsOf(History, histories)
    .flatMap((entry) =>
      entry.items.map((item) => ({
        author: personOf(entry.author),
        created: entry.created ?? null,
        field: item.field,
        from: item.fromString ?? null,
        to: item.toString ?? null,
      })),
    )
    .slice(0, MAX_CHANGES);
}
