/** Slack's markup as a reader without ids sees it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { mentionedUsers, readableText } from "../../../connectors/slack/readable-text.ts";

const names = new Map([["U1", "Egon <Spengler> & Co"]]);

test.each([
  ["a person known", "Ask <@U1> now", "Ask @Egon <Spengler> & Co now"],
  ["a person unknown", "Ask <@U2>", "Ask @U2"],
  ["a person with a label", "Ask <@U2|ray>", "Ask @ray"],
  ["a channel", "In <#C1|general>", "In #general"],
  ["a channel without its name", "In <#C1> or <#C2|>", "In #C1 or #C2"],
  ["everybody here", "<!here> <!channel> <!everyone|everyone>", "@here @channel @everyone"],
  ["a group", "<!subteam^S1|@ghostbusters> <!subteam^S2>", "@ghostbusters @S2"],
  ["a date", "<!date^1392734382^{date_short}|18 February 2014>", "18 February 2014"],
  ["a link", "<https://x.example/a?b=1&amp;c=2>", "https://x.example/a?b=1&c=2"],
  ["a link with a label", "<https://x.example|the page>", "the page (https://x.example)"],
  ["an address", "<mailto:e@x.example|e@x.example>", "e@x.example"],
  ["escapes, undone once", "1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;", "1 < 2 && 3 > 2 &lt;"],
  ["words that look like markup once unescaped", "&lt;@U1&gt;", "<@U1>"],
  ["brackets that close nothing", "a < b <<@U2> > c", "a < b <@U2 > c"],
])("%s", (_, text, readable) => {
  expect(readableText(text, names)).toBe(readable);
});

test("mentions are found once each, with and without label", () => {
  expect(mentionedUsers("<@U1> <@W2|x> &lt;@U3&gt; <#C1|U4>")).toEqual(["U1", "W2"]);
});

test("what a person typed, escaped as Slack escapes it, reads as it was typed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (typed) => {
      const escaped = typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
      expect(readableText(escaped, names)).toBe(typed);
    }),
  );
});

test("hostile text of 400,000 characters stays as it is", () => {
  // Were each bracket's end looked for beyond the next one, reading would take minutes and outlast the test's own time.
  for (const seed of ["<", "<a|", "<@U", "<@U|"]) {
    const hostile = seed.repeat(400_000 / seed.length);
    expect(readableText(hostile, names) === hostile).toBe(true);
    expect(mentionedUsers(hostile)).toEqual([]);
  }
});
