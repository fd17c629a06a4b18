import { isAllowed, type Connection, type End, type Policy } from "./evaluator.ts";

const client: End = { ip: "10.1.0.1", namespace: "shop", labels: { app: "client", tier: "front" } };
const server: End = { ip: "10.1.0.2", namespace: "shop", labels: { app: "server" } };
const neighbour: End = { ip: "10.1.0.3", namespace: "other", labels: { app: "client" } };
const stranger: End = { ip: "203.0.113.7" };

const connection: Connection = { from: client, to: server, port: 80, protocol: "TCP" };

function policy(spec: Partial<Policy["spec"]>, namespace = "shop"): Policy {
  return { metadata: { name: "policy", namespace }, spec: { podSelector: {}, ...spec } as never };
}

const denyAll = policy({ policyTypes: ["Ingress", "Egress"] });
const letOut = policy({ policyTypes: ["Egress"], egress: [{} as never] });

/** Policies under which the server takes what `peer` describes, at any port. */
function takesFrom(...peers: object[]): Policy[] {
  return [denyAll, letOut, policy({ ingress: [{ from: peers }] as never })];
}

/** Policies under which the server takes from everybody what `ports` describe. */
function takesAt(...ports: object[]): Policy[] {
  return [denyAll, letOut, policy({ ingress: [{ ports }] as never })];
}

test.each<[string, Policy[], Partial<Connection>, boolean]>([
  ["without policies everything is open", [], {}, true],
  ["one policy without rules closes its pods", [denyAll], {}, false],
  ["an open target does not open a closed source", [denyAll, takesFrom({})[2]!], {}, false],
  ["an open source does not open a closed target", [denyAll, letOut], {}, false],
  ["a rule without peers and ports opens both ends", takesFrom(), {}, true],
  ["policies of another namespace do not matter", [policy({}, "other")], {}, true],
  ["policies that select other pods do not matter", [policy({ podSelector: sel("x") })], {}, true],
  ["without types, a policy is about ingress", [policy({})], { from: server, to: stranger }, true],
  [
    "without types, a policy with egress rules is about egress, too",
    [policy({ egress: [] })],
    { from: server, to: stranger },
    false,
  ],
  [
    "addresses outside are not subject to policies",
    [denyAll],
    { from: stranger, to: client },
    false,
  ],
  [
    "a pod selector means pods of the same namespace",
    takesFrom({ podSelector: sel("client") }),
    {},
    true,
  ],
  [
    "a pod selector does not mean pods of another namespace",
    takesFrom({ podSelector: sel("client") }),
    { from: neighbour },
    false,
  ],
  [
    "a namespace selector means all its pods",
    takesFrom({ namespaceSelector: name("other") }),
    { from: neighbour },
    true,
  ],
  [
    "both selectors have to match",
    takesFrom({ namespaceSelector: name("other"), podSelector: sel("server") }),
    { from: neighbour },
    false,
  ],
  [
    "selectors never match an address",
    takesFrom({ namespaceSelector: {} }),
    { from: stranger },
    false,
  ],
  ["a block covers its addresses", takesFrom(block("203.0.113.0/24")), { from: stranger }, true],
  ["a block covers pods, too", takesFrom(block("10.0.0.0/8")), {}, true],
  ["a block covers no others", takesFrom(block("203.0.112.0/24")), { from: stranger }, false],
  [
    "an exception is not covered",
    takesFrom(block("0.0.0.0/0", "203.0.113.0/29")),
    { from: stranger },
    false,
  ],
  ["a port is TCP unless it says otherwise", takesAt({ port: 80 }), {}, true],
  ["a port is of one protocol", takesAt({ port: 80 }), { protocol: "UDP" }, false],
  ["another port is closed", takesAt({ port: 81 }), {}, false],
  ["a protocol alone means all its ports", takesAt({ protocol: "TCP" }), {}, true],
  ["a range means the ports in it", takesAt({ port: 70, endPort: 80 }), {}, true],
  ["a range ends", takesAt({ port: 70, endPort: 79 }), {}, false],
  ["In matches one of its values", takesFrom(where("app", "In", "x", "client")), {}, true],
  ["In does not match a label that is not there", takesFrom(where("no", "In", "x")), {}, false],
  ["NotIn matches a label that is not there", takesFrom(where("no", "NotIn", "x")), {}, true],
  ["NotIn does not match its values", takesFrom(where("app", "NotIn", "client")), {}, false],
  ["Exists matches any value", takesFrom(where("tier", "Exists")), {}, true],
  ["DoesNotExist matches no value", takesFrom(where("tier", "DoesNotExist")), {}, false],
])("%s", (_, policies, changed, expected) => {
  expect(isAllowed(policies, { ...connection, ...changed })).toBe(expected);
});

test("fails on an operator that Kubernetes does not have", () => {
  expect(() => isAllowed(takesFrom(where("app", "Gt", "1")), connection)).toThrow(
    'operator must be one of Kubernetes\', got "Gt"',
  );
});

function sel(app: string) {
  return { matchLabels: { app } } as never;
}

function name(namespace: string) {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}

function block(cidr: string, ...except: string[]) {
  return { ipBlock: { cidr, except } };
}

function where(key: string, operator: string, ...values: string[]) {
  return { podSelector: { matchExpressions: [{ key, operator, values }] } };
}
