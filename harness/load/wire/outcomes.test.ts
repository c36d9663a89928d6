import { describe, expect, test } from "vitest";
import { classify, clientCodes } from "./outcomes.ts";

const afterSending = (code: string) => ({ kind: "error-after-sending", code }) as const;

describe("a write", () => {
  test("that was answered is ok", () => {
    expect(classify("write", { kind: "answered", warning: null })).toEqual({ outcome: "ok", code: null });
  });

  test.each(["ECONNREFUSED", "57P03", clientCodes.connectTimeout, clientCodes.neverSent])(
    "that was not sent for %s has failed",
    (code) => expect(classify("write", { kind: "not-sent", code })).toEqual({ outcome: "failed", code }),
  );

  test.each(["25006", "23505", "40001", "40P01", "42P01", "53300", "57014", "57P03"])(
    "that was answered with %s has certainly had no effect",
    (code) => expect(classify("write", afterSending(code))).toEqual({ outcome: "failed", code }),
  );

  test.each([
    ...["57P01", "57P02", "57P05", "08006", "08P01", "40003", "53100", "58030", "XX000", "P0001"],
    ...[clientCodes.timeout, clientCodes.connectionLost, "ECONNRESET", "EPIPE", "ETIMEDOUT"],
  ])("that ended with %s after it was sent is unknown", (code) =>
    expect(classify("write", afterSending(code))).toEqual({ outcome: "unknown", code }),
  );

  test.each(["01000", "57P01"])(
    "that was acknowledged with warning %s was not safely acknowledged",
    (warning) =>
      expect(classify("write", { kind: "answered", warning })).toEqual({ outcome: "unknown", code: warning }),
  );

  test("is not doubted for a warning of another kind", () => {
    expect(classify("write", { kind: "answered", warning: "01004" }).outcome).toBe("ok");
  });
});

test("a read is never unknown", () => {
  for (const code of ["57P01", "08006", clientCodes.timeout, clientCodes.connectionLost, "ECONNRESET"]) {
    expect(classify("read", afterSending(code))).toEqual({ outcome: "failed", code });
  }
});
