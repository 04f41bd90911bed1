/** Trees of ADF nodes, known and unknown, with attributes that may be anything. */
import fc from "fast-check";

const types =
  "doc paragraph heading bulletList orderedList listItem taskList taskItem blockTaskItem decisionList decisionItem codeBlock blockquote rule panel expand nestedExpand table tableRow tableHeader tableCell mediaSingle mediaGroup media mediaInline caption mention emoji date status inlineCard blockCard embedCard hardBreak placeholder extension bodiedExtension inlineExtension layoutSection layoutColumn syncBlock bodiedSyncBlock text novelty".split(
    " ",
  );
const attributes =
  "level order language panelType title url text id alt timestamp shortName state data type extensionKey localId href".split(
    " ",
  );
const marks = "strong em strike code link underline textColor subsup novelty".split(" ");

const value = fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.constant(null), fc.jsonValue({ maxDepth: 1 }));
const attrs = fc.dictionary(fc.constantFrom(...attributes), value, { maxKeys: 3 });
const mark = fc.record({ type: fc.constantFrom(...marks), attrs }, { requiredKeys: ["type"] });

export const anyAdfNode: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.record(
    {
      type: fc.constantFrom(...types),
      text: fc.oneof(
        { weight: 5, arbitrary: fc.string({ maxLength: 8 }) },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 0 }) },
      ),
      attrs,
      marks: fc.array(mark, { maxLength: 3 }),
      content: fc.array(tie("node"), { maxLength: 4, depthIdentifier: "adf" }),
    },
    { requiredKeys: ["type"] },
  ),
})).node;
