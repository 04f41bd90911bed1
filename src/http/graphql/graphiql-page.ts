/** GraphiQL without internet: one page from an installed package, loaded only when somebody asks for it. */

/**
 * Takes a token from the link's fragment (`#token=…`), which browsers never send, and puts it on the page's requests:
 * the link on the terminal opens a page that works.
 */
const TOKEN_SCRIPT = `<script>
(() => {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? sessionStorage.getItem("toolgraph-token");
  if (!token) return;
  sessionStorage.setItem("toolgraph-token", token);
  history.replaceState(null, "", location.pathname + location.search);
  const send = window.fetch.bind(window);
  window.fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) headers.set("authorization", "Bearer " + token);
    return send(input, { ...init, headers });
  };
})();
</script>`;

/** The page holds a token, so it may load from itself and talk to its own gateway, and to nothing else (W3C CSP 3). */
const POLICY = [
  "default-src 'none'",
  // The package's page is one file: its scripts and styles stand in it, its editor's workers are made from blobs.
  "script-src 'unsafe-inline' blob:",
  "worker-src blob:",
  "style-src 'unsafe-inline'",
  "font-src data:",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

let page: Promise<string> | undefined;

export async function graphiqlPage(): Promise<Response> {
  page ??= render();
  try {
    return new Response(await page, {
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY },
    });
  } catch {
    page = undefined;
    const text = "GraphiQL is not installed. Run: npm install @graphql-yoga/render-graphiql";
    return new Response(text, { status: 501, headers: { "content-type": "text/plain; charset=utf-8" } });
  }
}

async function render(): Promise<string> {
  const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
  const html = renderGraphiQL({ title: "Toolgraph", endpoint: "/graphql", defaultQuery: DEFAULT_QUERY });
  return html.replace(/<head>|<head [^>]*>/, (head) => head + TOKEN_SCRIPT);
}

const DEFAULT_QUERY = `# Who you are, the servers you may use,
# and tools for a need told in words.
query Start {
  viewer { id roles }
  servers { id type status toolCount }
  searchTools(query: "read a file", first: 3) {
    score
    tool { serverId name signature example }
  }
}
`;
