import { sampleRatioPValue } from "../../services/worker/experiments/sample-ratio.ts";
import { compareArms } from "../../services/worker/experiments/sequential-test.ts";
import { printedSeed, seeded } from "../faults/random.ts";
import { arms } from "../services/worker/experiments/people.ts";
import { runProcess } from "./command.ts";

// What SciPy makes of the same counts by the definitions: likelihoods integrated, not the closed forms of the product.
const REFERENCE = `
import json, sys
import numpy
from scipy import integrate, special, stats

EFFECT, ALPHA = 0.03, 0.05

def sequential(n0, x0, n1, x1):
    p = (x0 + x1) / (n0 + n1)
    deviation = numpy.sqrt(p * (1 - p) * (1 / n0 + 1 / n1))
    difference = x1 / n1 - x0 / n0
    mixed, _ = integrate.quad(
        lambda effect: stats.norm.pdf(difference, effect, deviation) * stats.norm.pdf(effect, 0, EFFECT),
        -1, 1, points=[0, difference], limit=500, epsabs=0, epsrel=1e-11)
    return min(1, stats.norm.pdf(difference, 0, deviation) / mixed)

def ratio(n0, n1):
    total = n0 + n1
    null = stats.binom.logpmf(n0, total, 0.5)
    return min(1, float(numpy.exp(null - stats.betabinom.logpmf(n0, total, 50, 50))))

print(json.dumps([
    {"pValue": sequential(*counts), "ratio": ratio(counts[0], counts[2])}
    for counts in json.load(sys.stdin)
]))
`;

test("SciPy comes to the same p-values", async () => {
  const random = seeded(printedSeed());
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const counts = Array.from({ length: 200 }, () => {
    const people = 200 + upTo(20_000);
    const rate = 0.05 + 0.4 * random();
    const [a, b] = [people, Math.max(100, people + upTo(200) - 100)];
    return [a, Math.floor(a * rate), b, Math.floor(b * (rate + 0.04 * random()))] as const;
  });
  const { code, stdout, stderr } = await runProcess("python3", ["-c", REFERENCE], {
    input: JSON.stringify(counts),
  });
  expect([code, stderr]).toEqual([0, ""]);
  const reference = JSON.parse(stdout) as { pValue: number; ratio: number }[];
  counts.forEach(([a, convertedA, b, convertedB], index) => {
    const both = arms([a, convertedA], [b, convertedB]);
    const { pValue } = compareArms(...both, { effect: 0.03, alpha: 0.05 });
    const expected = reference[index]!;
    expect(Math.abs(Math.log(pValue / expected.pValue))).toBeLessThan(1e-6);
    expect(Math.abs(Math.log(sampleRatioPValue(both) / expected.ratio))).toBeLessThan(1e-6);
  });
});
