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
    hops: [1, 2, 3, 4, 5, 6, 7].map((number) => colour(`hop-${number}`)),
  };
}

/** What all charts have in common: type, axes and tooltip in the page's colours. */
export function baseStyle(colours: Colours): {
  textStyle: object;
  tooltip: Record<string, unknown>;
  animation: false;
} {
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colours.text },
    tooltip: {
      backgroundColor: colours.card,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      confine: true,
      extraCssText: "max-width: 30rem; white-space: normal;",
    },
  };
}

export function axisStyle(colours: Colours): Record<string, unknown> {
  return {
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.muted, fontSize: 12 },
    nameTextStyle: { color: colours.muted, fontSize: 12 },
    splitLine: { lineStyle: { color: colours.line, opacity: 0.6 } },
  };
}

/** The name of an axis as a heading above it, drawn back to where the chart begins. */
export function headingStyle(colours: Colours, left: number): object {
  return {
    color: colours.text,
    fontSize: 12,
    fontWeight: "bold",
    align: "left",
    padding: [0, 0, 0, -left],
  };
}

/** Text for tooltips: nothing of it may be read as HTML. */
export function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Milliseconds on an axis, with the unit that suits their size. */
export function latencyText(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}
