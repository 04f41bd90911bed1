/** Turns Slack's message markup into text that a reader understands without knowing ids. */

// A link, mention or command: <target> or <target|label>. Neither part can hold a bracket, so matching is linear.
const ENTITY = /<([^<>|]+)(?:\|([^<>]*))?>/g;
const USER_MENTION = /<@([A-Z0-9]+)(?:\|[^<>]*)?>/g;

/** Ids of the people a text mentions. */
export function mentionedUsers(text: string): string[] {
  return [...text.matchAll(USER_MENTION)].map((match) => match[1]!);
}

/**
 * Replaces `<@U1>` by `@name`, `<#C1|general>` by `#general`, `<!here>` by `@here`, `<url|label>` by `label (url)`,
 * and undoes the escapes of `&`, `<` and `>`. `names` gives people's names by id; an unknown id stays.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text
 * @example
 * readableText("Ask <@U1> &amp; see <https://x.example|the page>", new Map([["U1", "Egon"]]));
 * // "Ask @Egon & see the page (https://x.example)"
 */
export function readableText(text: string, names: ReadonlyMap<string, string>): string {
  let readable = "";
  let end = 0;
  for (const match of text.matchAll(ENTITY)) {
    // Unescaped piece by piece: text that only looks like markup once unescaped is a person's own words.
    readable += unescape(text.slice(end, match.index));
    // A person's name comes as it is, not escaped.
    readable += entity(unescape(match[1]!), unescape(match[2] ?? ""), names);
    end = match.index + match[0].length;
  }
  return readable + unescape(text.slice(end));
}

function entity(target: string, label: string, names: ReadonlyMap<string, string>): string {
  const rest = target.slice(1);
  switch (target[0]) {
    case "@":
      return `@${names.get(rest) ?? (label || rest)}`;
    case "#":
      return `#${label || rest}`;
    case "!":
      return special(rest, label);
    default: {
      const address = target.replace(/^(mailto|tel):/, "");
      return label === "" || label === address || label === target ? address : `${label} (${address})`;
    }
  }
}

/** `<!here>`, `<!subteam^S1|@team>`, `<!date^1392734382^{date}|18 February>`: the label is what Slack would show. */
function special(command: string, label: string): string {
  if (label !== "") return label.startsWith("@") || command.startsWith("date^") ? label : `@${label}`;
  const [kind = "", argument] = command.split("^", 2);
  return `@${argument ?? kind}`;
}

function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
