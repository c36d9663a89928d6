import { describe, expect, test } from "vitest";
import type { EventOf } from "../model/event.ts";
import { asBefore, looks } from "../model/postgres-states.fake.ts";
import { memberStretches, type Silence } from "./member-stretches.ts";

const { writable, standby, refused, ended, silent } = looks;

/** "standby 0-100, unseen 100-200": from 0 to 10 s, in milliseconds. */
function told(states: readonly EventOf<"postgres-state">[], silences: readonly Silence[] = []): string {
  return memberStretches(states, silences, 0, 10_000_000)
    .map(
      ({ is, cutOff, fromUs, toUs }) =>
        `${is}${cutOff === true ? " (cut off)" : ""} ${fromUs / 1000}-${toUs / 1000}`,
    )
    .join(", ");
}

test("what a look found holds until the next one that found otherwise", () => {
  expect(told([standby(0, "a"), writable(4000, "a"), refused(7000, "a")])).toBe(
    "standby 0-4000, writable 4000-7000, off 7000-10000",
  );
});

test("a member is unseen before its first look, and one that was never looked at all the time", () => {
  expect(told([writable(4000, "a")])).toBe("unseen 0-4000, writable 4000-10000");
  expect(told([])).toBe("unseen 0-10000");
});

test("a silent member was seen until its last answer, and no longer", () => {
  expect(told([writable(0, "a"), silent(4500, "a", 4000)])).toBe("writable 0-4000, unseen 4000-10000");
});

describe("a stretch without an answer", () => {
  test("of a standby that answers as one from the same process was one of a standby", () => {
    expect(told([standby(0, "a"), silent(2500, "a", 2000), standby(8000, "a")])).toBe(
      "standby 0-2000, standby 2000-8000, standby 8000-10000",
    );
  });

  test("that ends with a standby was one of a standby since its process was started, and unseen before", () => {
    expect(told([writable(0, "a"), silent(2500, "a", 2000), standby(8000, "a", null, 5000)])).toBe(
      "writable 0-2000, unseen 2000-5000, standby 5000-8000, standby 8000-10000",
    );
  });

  test("of a standby that answers as a primary may have been one of a primary", () => {
    expect(told([standby(0, "a"), silent(2500, "a", 2000), writable(8000, "a")])).toBe(
      "standby 0-2000, unseen 2000-8000, writable 8000-10000",
    );
  });

  test("of a primary that answers as one from the same process was one of a primary", () => {
    expect(told([writable(0, "a"), silent(2500, "a", 2000), writable(8000, "a")])).toBe(
      "writable 0-2000, writable 2000-8000, writable 8000-10000",
    );
  });

  test("of a primary that answers as one from another process is unseen", () => {
    expect(told([writable(0, "a"), silent(2500, "a", 2000), writable(8000, "a", 5000)])).toBe(
      "writable 0-2000, unseen 2000-5000, unseen 5000-8000, writable 8000-10000",
    );
  });

  test("of a server that ended the session and then refused was one of a server that stopped", () => {
    expect(told([standby(0, "a"), ended(2000, "a", 1950), silent(2600, "a", 1950), refused(5000, "a")])).toBe(
      "standby 0-2000, off 2000-5000, off 5000-10000",
    );
  });

  test("of a server that ended the session and answers from another process was off until that started", () => {
    expect(told([writable(0, "a"), ended(2000, "a", 1950), standby(8000, "a", null, 7000)])).toBe(
      "writable 0-2000, off 2000-7000, standby 7000-8000, standby 8000-10000",
    );
  });

  test("of a server that ended one session alone goes on as it was", () => {
    expect(told([writable(0, "a"), ended(2000, "a", 1950), writable(2100, "a")])).toBe(
      "writable 0-2000, writable 2000-2100, writable 2100-10000",
    );
  });

  test("between two refusals is no more than the looks are apart, or unseen", () => {
    expect(told([refused(0, "a"), silent(2100, "a", 2000), refused(2300, "a")])).toBe(
      "off 0-2000, off 2000-2300, off 2300-10000",
    );
    expect(told([refused(0, "a"), silent(2100, "a", 2000), refused(4300, "a")])).toBe(
      "off 0-2000, unseen 2000-4300, off 4300-10000",
    );
  });

  test("after a primary is unseen, however short", () => {
    expect(told([writable(0, "a"), silent(2100, "a", 2000), refused(2200, "a")])).toBe(
      "writable 0-2000, unseen 2000-2200, off 2200-10000",
    );
  });
});

describe("what was killed, frozen or cut off", () => {
  const silences = [{ fromUs: 3_000_000, toUs: 6_000_000, endsStopped: false }];
  const killed = [{ fromUs: 3_000_000, toUs: 6_000_000, endsStopped: true }];

  test("serves nobody while it is unseen", () => {
    expect(told([writable(0, "a"), silent(3500, "a", 2950)], silences)).toBe(
      "writable 0-2950, unseen 2950-3000, off (cut off) 3000-6000, unseen 6000-10000",
    );
  });

  test("and ran nothing at the end is off until a look that tells so soon after, and else unseen", () => {
    const before = [writable(0, "a"), silent(3500, "a", 2950)];
    expect(told([...before, refused(6300, "a")], killed)).toMatch(/unseen 2950-3000, .*, off 6000-6300, off/);
    expect(told([...before, refused(8300, "a")], killed)).toMatch(/, unseen 6000-8300, off/);
    expect(told([...before, refused(6300, "a")], silences)).toMatch(/, unseen 6000-6300, off/);
  });

  test("is no primary while it is frozen, though it wakes as the one it was", () => {
    expect(told([writable(0, "a"), silent(3500, "a", 2950), writable(6100, "a")], silences)).toBe(
      "writable 0-2950, writable 2950-3000, off (cut off) 3000-6000, writable 6000-6100, writable 6100-10000",
    );
  });

  test("is still what the observer sees, out of every client's reach", () => {
    expect(told([writable(0, "a"), refused(5000, "a")], silences)).toBe(
      "writable 0-3000, writable (cut off) 3000-5000, off (cut off) 5000-6000, off 6000-10000",
    );
  });
});

test("an older recording does not say why a member is absent: it is unseen until it answers", () => {
  const states = [standby(0, "a"), refused(2000, "a"), standby(5000, "a")].map(asBefore);
  expect(told(states as EventOf<"postgres-state">[])).toBe(
    "standby 0-2000, unseen 2000-5000, standby 5000-10000",
  );
});

describe("what was found otherwise just after the observer itself had stood still", () => {
  const blind = [{ fromUs: 2_000_000, toUs: 8_000_000 }];
  const stretches = (states: readonly EventOf<"postgres-state">[]): string =>
    memberStretches(states, [], 0, 10_000_000, blind)
      .map(({ is, fromUs, toUs }) => `${is} ${fromUs / 1000}-${toUs / 1000}`)
      .join(", ");

  test("was not seen until its process was started: a standby may have been promoted, and stopped again", () => {
    expect(stretches([standby(0, "a"), standby(8050, "a", null, 7000)])).toBe(
      "standby 0-2000, unseen 2000-7000, standby 7000-8050, standby 8050-10000",
    );
    expect(stretches([standby(0, "a"), refused(8050, "a")])).toBe(
      "standby 0-2000, unseen 2000-8050, off 8050-10000",
    );
  });

  test("was a standby all along where it is the same process, and what changed later was seen until then", () => {
    expect(stretches([standby(0, "a", "b"), standby(8050, "a", "c")])).toBe(
      "standby 0-2000, standby 2000-8050, standby 8050-10000",
    );
    expect(stretches([standby(0, "a"), writable(9000, "a")])).toBe("standby 0-9000, writable 9000-10000");
  });
});
