/**
 * Versions of the files of a run that others read too; each stands in its file as `formatVersion`. It goes up when a field
 * changes its meaning or goes; new fields, and new words where one of a list stands, do not raise it.
 */
export const formatVersions = {
  /** plan.json, and with it everything else that was recorded: samples, events, readings. */
  plan: 3,
  measurements: 1,
  verdict: 1,
} as const;
