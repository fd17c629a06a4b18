import type { Comparison } from "./sequential-test.ts";

/** What was known of a challenger at one look. */
export interface Look extends Comparison {
  /** Days since the experiment began. */
  readonly day: number;
}

const WIDTH = 640;
const HEIGHT = 240;
const MARGIN = 48;

/** A picture, as SVG, of how the interval around a challenger's difference closed over time, with 0 as a line. */
export function plot(variant: string, looks: readonly Look[]): string {
  const lastDay = Math.max(1, ...looks.map(({ day }) => day));
  // The first looks know nothing: their intervals would flatten all others.
  const reach = 1.5 * Math.max(0.001, ...looks.slice(-5).flatMap(({ low, high }) => [-low, high]));
  const x = (day: number): string => (MARGIN + (day / lastDay) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const y = (difference: number): string => {
    const shown = Math.max(-reach, Math.min(reach, difference));
    return (HEIGHT / 2 - (shown / reach) * (HEIGHT / 2 - MARGIN / 2)).toFixed(1);
  };
  const line = (side: "low" | "high" | "difference"): string[] =>
    looks.map((look) => `${x(look.day)},${y(look[side])}`);
  const label = (difference: number): string =>
    `<text x="4" y="${y(difference)}" dominant-baseline="middle">${(100 * difference).toFixed(1)} pt</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="11">`,
    `<title>Difference of ${escaped(variant)} from the control, in points, by day</title>`,
    `<polygon points="${[...line("high"), ...line("low").reverse()].join(" ")}" fill="#9ecae1" fill-opacity="0.6"/>`,
    `<polyline points="${line("difference").join(" ")}" fill="none" stroke="#08519c" stroke-width="2"/>`,
    `<line x1="${MARGIN}" y1="${y(0)}" x2="${WIDTH - MARGIN}" y2="${y(0)}" stroke="#636363" stroke-dasharray="4 3"/>`,
    label(reach),
    label(0),
    label(-reach),
    `<text x="${WIDTH - MARGIN}" y="${HEIGHT - 4}" text-anchor="end">day ${lastDay}</text>`,
    "</svg>",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
