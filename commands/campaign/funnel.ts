import type { Simulation } from "./simulate.ts";

/** Width of a bar for everybody, in characters. */
const BAR = 40;

/** Size of the picture. */
const WIDTH = 640;
const ROW = 28;
const LABEL = 200;

/** One level of a funnel. */
interface Level {
  readonly name: string;
  readonly people: number;
}

/** From all people to those who did what the goal is. */
function levelsOf({ people, audience, entered, steps, goals }: Simulation): Level[] {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((a, b) => a + b, 0);
  return [
    { name: "people", people },
    { name: "in the audience", people: audience },
    { name: "came in", people: sum(entered) },
    ...steps
      .filter((step) => step.people > 0)
      .map((step) => ({ name: step.step, people: step.people })),
    { name: "goal", people: sum(goals) },
  ];
}

/** The funnel for a terminal. */
export function funnelText(simulation: Simulation): string[] {
  return levelsOf(simulation).map(({ name, people }) => {
    const share = people / Math.max(1, simulation.people);
    const bar = "█".repeat(Math.round(share * BAR)).padEnd(BAR, "·");
    return `${name.slice(0, 24).padEnd(24)} ${bar} ${String(people).padStart(6)}  ${(100 * share).toFixed(1)} %`;
  });
}

/** The funnel as SVG. */
export function funnelPicture(simulation: Simulation): string {
  const levels = levelsOf(simulation);
  const widest = WIDTH - LABEL - 60;
  const rows = levels.map(({ name, people }, index) => {
    const y = index * ROW + 24;
    const width = ((people / Math.max(1, simulation.people)) * widest).toFixed(1);
    return [
      `<text x="${LABEL - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${LABEL}" y="${y}" width="${width}" height="${ROW - 8}" fill="#08519c"/>`,
      `<text x="${LABEL + Number(width) + 6}" y="${y + 14}">${people}</text>`,
    ].join("");
  });
  const height = levels.length * ROW + 32;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>Funnel of ${escaped(simulation.campaign)} in a simulation of ${simulation.people} people</title>`,
    ...rows,
    "</svg>",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
