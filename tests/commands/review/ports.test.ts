import { candidates, nodePorts } from "../../../commands/review/ports.ts";

test("ports begin at 31000 and go up by ten as far as a portBase may", () => {
  const bases = candidates(new Set());
  expect(bases.slice(0, 3)).toEqual([31000, 31010, 31020]);
  expect(bases.at(-1)).toBe(32760);
});

test("a range is passed over if any of its four ports is taken, and only then", () => {
  const bases = candidates(new Set([31000, 31013, 31024, 31039]));
  expect(bases.slice(0, 2)).toEqual([31020, 31030]);
});

test("the node ports of a stack are found wherever its state has them", () => {
  const state = {
    deployment: {
      resources: [
        { inputs: { spec: { ports: [{ port: 80, nodePort: 30100 }] } } },
        { outputs: { spec: { ports: [{ nodePort: 30101 }, { nodePort: null }] } } },
        null,
      ],
    },
  };
  expect(nodePorts(state)).toEqual([30100, 30101]);
  expect(nodePorts(undefined)).toEqual([]);
});
