/** Certificates for the TLS faults, made anew by openssl for each run: an authority, one that expired, one for another name. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

export interface Certificates extends Disposable {
  /** For `NODE_EXTRA_CA_CERTS` of the gateway: with it, only the fault itself is wrong with a certificate. */
  readonly authorityFile: string;
  readonly good: KeyPair;
  readonly otherHost: KeyPair;
  readonly expired: KeyPair;
  readonly selfSigned: KeyPair;
}

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "toolgraph-tls-"));
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const make = (name: string, subject: string, ...more: string[]): KeyPair => {
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      path(`${name}.key`),
      "-out",
      path(`${name}.pem`),
      "-subj",
      subject,
      ...more,
    );
    return { key: readFileSync(path(`${name}.key`), "utf8"), cert: readFileSync(path(`${name}.pem`), "utf8") };
  };
  const signed = ["-CA", path("authority.pem"), "-CAkey", path("authority.key")];
  const here = ["-addext", "subjectAltName=IP:127.0.0.1"];
  make("authority", "/CN=Authority of the tests", "-days", "2");
  const makeExpired = (): KeyPair => {
    openssl("req", ...newKey, "-keyout", path("old.key"), "-out", path("old.csr"), "-subj", "/CN=127.0.0.1");
    writeFileSync(path("old.ext"), "subjectAltName=IP:127.0.0.1\n");
    // `req -x509` takes no days before today.
    openssl(
      "x509",
      "-req",
      "-in",
      path("old.csr"),
      ...signed,
      "-CAcreateserial",
      "-extfile",
      path("old.ext"),
      "-days",
      "-1",
      "-out",
      path("old.pem"),
    );
    return { key: readFileSync(path("old.key"), "utf8"), cert: readFileSync(path("old.pem"), "utf8") };
  };
  return {
    authorityFile: path("authority.pem"),
    good: make("good", "/CN=127.0.0.1", ...signed, ...here, "-days", "2"),
    otherHost: make(
      "other",
      "/CN=elsewhere.test",
      ...signed,
      "-addext",
      "subjectAltName=DNS:elsewhere.test",
      "-days",
      "2",
    ),
    expired: makeExpired(),
    selfSigned: make("self", "/CN=127.0.0.1", ...here, "-days", "2"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
