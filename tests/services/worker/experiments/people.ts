import type { Arm } from "../../../../services/worker/experiments/arm.ts";

/** Two arms of equal share with these counts. */
export function arms(
  [exposedA, convertedA]: readonly [number, number],
  [exposedB, convertedB]: readonly [number, number],
): [Arm, Arm] {
  return [
    { variant: "control", share: 0.5, exposed: exposedA, converted: convertedA },
    { variant: "green", share: 0.5, exposed: exposedB, converted: convertedB },
  ];
}

/** An experiment as people come in, looked at after each `every` of them. */
export function* looks(
  random: () => number,
  { rates, people, every }: { rates: readonly [number, number]; people: number; every: number },
): Generator<[Arm, Arm]> {
  const exposed = [0, 0];
  const converted = [0, 0];
  for (let person = 1; person <= people; person += 1) {
    const arm = random() < 0.5 ? 0 : 1;
    exposed[arm]! += 1;
    if (random() < rates[arm]!) converted[arm]! += 1;
    if (person % every === 0)
      yield arms([exposed[0]!, converted[0]!], [exposed[1]!, converted[1]!]);
  }
}
