/**
 * The wall clock minus the monotonic one. Microseconds. Node.js tells the wall clock in whole milliseconds, so it is
 * read at the moment it goes on; that takes at most a millisecond.
 */
export function wallClockOffsetUs(): number {
  const begun = Date.now();
  let wallMs = begun;
  while (wallMs === begun) wallMs = Date.now();
  return wallMs * 1000 - Number(process.hrtime.bigint() / 1000n);
}
