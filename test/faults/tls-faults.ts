/** The ways in which a server's TLS can be unacceptable. */
import type { Certificates, KeyPair } from "./certificates.ts";
import { neverActed, type Fault, type OpenedFault } from "./fault.ts";
import { startFaultyUpstream, type Misbehaviour } from "./faulty-upstream.ts";
import { shopEntry } from "./http-faults.ts";

const refused = neverActed({ code: "MCP_CONNECTION_ERROR", status: 502, retryable: false, sent: [0, 0] });

export function tlsFaults({ good, otherHost, expired, selfSigned }: Certificates): readonly Fault[] {
  return [
    // The proof that nothing but the certificate fails in the rows below.
    {
      name: "TLS: a good certificate",
      ...neverActed({ code: "success", status: 200, retryable: false, sent: [1, 1] }),
      open: serving(good),
    },
    { name: "TLS: self-signed", ...refused, open: serving(selfSigned) },
    { name: "TLS: for another host", ...refused, open: serving(otherHost) },
    { name: "TLS: expired", ...refused, open: serving(expired) },
    { name: "TLS: the server speaks none", ...refused, open: withoutTls({}) },
    {
      name: "TLS: handshake never ends",
      ...neverActed({ code: "MCP_CONNECTION_ERROR", status: 504, retryable: true, sent: [0, 0] }),
      open: withoutTls({ accept: () => {} }),
    },
  ];
}

function serving(tls: KeyPair): () => Promise<OpenedFault> {
  return async () => {
    const { heal: _, ...upstream } = await startFaultyUpstream({}, { tls });
    return { ...upstream, server: shopEntry(`https://127.0.0.1:${upstream.port}`) };
  };
}

function withoutTls(misbehaviour: Misbehaviour): () => Promise<OpenedFault> {
  return async () => {
    const { heal: _, ...upstream } = await startFaultyUpstream(
      misbehaviour.accept
        ? misbehaviour
        : { accept: (socket) => void socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")) },
    );
    return { ...upstream, server: shopEntry(`https://127.0.0.1:${upstream.port}`) };
  };
}
