/**
 * Whether a failed statement would fail again however often it is tried, by its SQLSTATE (PostgreSQL manual, appendix A)
 * or client code. All else may pass: the server is starting (57P03), not there yet (ECONNREFUSED), or still a standby
 * (25006); the database or the role is not made yet (3D000, 28000); connections are taken (53300).
 */
export function isPermanent(code: string): boolean {
  return (
    Object.hasOwn(permanent, code) || (SQLSTATE.test(code) && Object.hasOwn(permanent, code.slice(0, 2)))
  );
}

/** Codes, and classes by their two letters. */
const permanent: Readonly<Record<string, string>> = {
  "0A": "feature not supported",
  "22": "data exception",
  "23": "integrity constraint violated",
  "42": "syntax error or access rule violated; no such table",
  "53100": "disk full",
  "54": "program limit exceeded",
  "agent-ended": "nobody is left to ask",
};

const SQLSTATE = /^[0-9A-Z]{5}$/;
