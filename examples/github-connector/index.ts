/** The GitHub connector with its tools. */
import { github } from "./connector.ts";
import { createIssue } from "./create-issue.ts";
import { listIssues } from "./list-issues.ts";

export default github.connect([listIssues, createIssue]);
