/** The leader guard of `production-leader-guard` on one group, as overrides of `high-availability`. */
export const guardedAlone = [
  "guard.enabled=true",
  "guard.skipOldLeader=true",
  "coordinators.synchronousMode=on",
  "haproxy.interMs=1000",
] as const;
