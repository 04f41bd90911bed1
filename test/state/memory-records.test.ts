/** Records of writes: kept a day, never dropped for newer ones, and honest about owners that died. */
import { describe, expect, test } from "vitest";
import { RECORD_TTL_MS, type Claim } from "../../src/state/call-records.ts";
import { MemoryRecords } from "../../src/state/memory-records.ts";

const claim: Claim = { key: "k", fingerprint: "f", owner: "a", leaseMs: 1000 };

describe("records of writes in memory", () => {
  test("an outcome is replayed for 24 hours after it is known, and then the call may run anew", () => {
    let now = 0;
    const records = new MemoryRecords({ now: () => now });
    records.begin(claim);
    now = 500;
    records.finish(claim, "done");
    now += RECORD_TTL_MS - 1;
    expect(records.begin({ ...claim, owner: "b" })).toEqual({ status: "done", outcome: "done" });
    now += 1;
    expect(records.begin({ ...claim, owner: "b" })).toEqual({ status: "claimed" });
  });

  test("a claim whose owner fell silent is told as abandoned, never given to another", () => {
    let now = 0;
    const records = new MemoryRecords({ now: () => now });
    records.begin(claim);
    now = 999;
    expect(records.begin({ ...claim, owner: "b" })).toEqual({ status: "running" });
    now = 1000;
    expect(records.begin({ ...claim, owner: "b" })).toEqual({ status: "abandoned" });
    records.finish(claim, "late, but known");
    expect(records.begin({ ...claim, owner: "b" })).toEqual({ status: "done", outcome: "late, but known" });
  });

  test("only its owner ends a claim", () => {
    const records = new MemoryRecords();
    records.begin(claim);
    records.release({ ...claim, owner: "b" });
    records.finish({ ...claim, owner: "b" }, "forged");
    expect(records.begin({ ...claim, owner: "c" })).toEqual({ status: "running" });
  });

  test("a full store refuses new claims until old ones expire, and forgets none", () => {
    let now = 0;
    const records = new MemoryRecords({ now: () => now, maxLength: 10 });
    records.begin(claim);
    records.finish(claim, "ten chars.");
    expect(records.begin({ ...claim, key: "other" })).toMatchObject({ status: "unavailable" });
    expect(records.begin(claim)).toMatchObject({ status: "done" });
    now = RECORD_TTL_MS;
    expect(records.begin({ ...claim, key: "other" })).toEqual({ status: "claimed" });
  });
});
