export { seeded } from "../../commands/campaign/seeded.ts";

/** Seed of this run: that of `FAULT_SEED`, or a new one; printed, so that a failure can be repeated. */
export function printedSeed(): number {
  const seed = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 2 ** 32));
  process.stderr.write(`FAULT_SEED=${seed}\n`);
  return seed;
}
