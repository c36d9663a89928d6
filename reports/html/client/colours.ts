/** The page's colours as its style sheet has them now (light, dark or print). */
export interface Colours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly card: string;
  readonly writes: string;
  readonly reads: string;
  readonly ok: string;
  readonly failed: string;
  readonly unknown: string;
  readonly band: string;
  readonly outage: string;
  readonly weak: string;
  readonly hops: readonly string[];
}

export function currentColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour("text"),
    muted: colour("muted"),
    line: colour("line"),
    card: colour("card"),
    writes: colour("writes"),
    reads: colour("reads"),
    ok: colour("ok"),
    failed: colour("failed"),
    unknown: colour("unknown"),
    band: colour("band"),
    outage: colour("outage"),
    weak: colour("weak"),
    hops: [1, 2, 3, 4, 5, 6].map((number) => colour(`hop-${number}`)),
  };
}
