/** The Jira connector with its tools. */
import { jira } from "./connector.ts";
import { addComment } from "./tools/add-comment.ts";
import { createIssue } from "./tools/create-issue.ts";
import { getIssueDetails } from "./tools/get-issue-details.ts";
import { getIssues } from "./tools/get-issues.ts";
import { searchIssues } from "./tools/search-issues.ts";
import { transitionIssue } from "./tools/transition-issue.ts";

export default jira.connect([searchIssues, getIssueDetails, getIssues, createIssue, addComment, transitionIssue]);
