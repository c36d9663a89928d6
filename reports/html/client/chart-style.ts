import type { Colours } from "./colours.ts";

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
