/** The configuration that the documentation shows, in full: one server with every key, and every key of the gateway. */

export const exampleFile = `
servers:
  - id: jira-daws
    type: jira
    name: Jira (DAWS)
    isEnabled: true
    authentication:
      method: oauth2
      clientIdRef: JIRA_CLIENT_ID
      clientSecretRef: vault:kv/jira#client_secret
      tokenUrl: https://auth.atlassian.com/oauth/token
      scopes: [read:jira-work]
      refreshTokenRef: JIRA_REFRESH_TOKEN
    base_url: https://example.atlassian.net
    server_specific_config: { instanceUrl: https://example.atlassian.net, apiVersion: "3" }
    tool_mapping: { create_ticket: create_issue }
    default_tool_config: { create_issue: { project_key: DAWS } }
    retry_policy: { max_attempts: 4, backoff_ms: 1500 }
    rate_limits: { requests_per_second: 5, burst_limit: 10, requests_per_minute: 60, concurrent_calls: 7 }
    timeout_ms: 12000
    circuit_breaker: { error_threshold_percentage: 60, reset_timeout_ms: 31000, volume_threshold: 6 }
    custom_parameters: { team: platform }
    metadata: { description: "Issues of DAWS", icon_url: "https://example.com/jira.png" }
    tool_overrides: { delete_issue: { is_enabled: false }, get_issue_details: { effect: read, cache_ttl_ms: 5000 } }
    cache_ttl_ms: 1000
gateway:
  host: 127.0.0.1
  port: 4100
  auth:
    api_keys: [{ id: agent-1, key_ref: AGENT_1_KEY, roles: [agent] }]
    jwt: [{ issuer: https://idp, audience: toolgraph, jwks_url: https://idp/jwks, algorithms: [RS256], roles_claim: groups }]
    authjs: { secret_refs: [AUTH_SECRET] }
    service_accounts: [{ client_id: bot, client_secret_ref: BOT_SECRET, roles: [agent] }]
    anonymous: true
  policies:
    - roles: [agent]
      allow: [{ servers: ["jira-*"], tools: ["search_*", "get_*"], effects: [read], arguments: { type: object } }]
      deny: [{ tools: ["delete_*"] }]
  limits: { body_bytes: 2097152, query_cost: 5001, query_depth: 13, query_tokens: 10001,
            requests_per_second: 101, burst_limit: 201, concurrent_calls_per_caller: 51, result_bytes: 300000, result_tokens: 9000 }
  state: redis://cache:6379/2
  logging: { level: debug, redact: ["*.password"] }
  shutdown: { grace_ms: 3000, timeout_ms: 26000 }
  search: { embedder: { base_url: "https://embedder/v1", model: small, api_key_ref: EMBEDDER_KEY } }
  secrets: { default: env, vault: { address: https://vault, token_ref: VAULT_TOKEN } }
`;
