import type { Fault } from "../fault.ts";
import type { Stage } from "../stage.ts";

/** A series as a pod shows it: `from` at its start, growing by `perSecond`. */
export interface ShownSeries {
  /** `name{label="value"}`. */
  readonly series: string;
  readonly from: number;
  /** @default 0 */
  readonly perSecond?: number;
}

/** Port of the pod's metrics. */
const PORT = 9100;

/**
 * A pod of the stack shows metrics that say so: for what no service of one machine can get into (an advertising account)
 * or is built never to do (a violation of consent). From its scrape on everything is real.
 *
 * @param name the pod's, `[a-z-]+`.
 */
export function shownSeries(name: string, series: readonly ShownSeries[]): Fault<null> {
  const pod = `drill-${name}`;
  return {
    isExclusive: false,
    prepare: async () => null,
    async inject(stage) {
      await stage.apply(podOf(pod, series, stage));
      await stage.kubectl("wait", `pod/${pod}`, "--for=condition=Ready", "--timeout=120s");
      return new Date();
    },
    async heal({ kubectl }) {
      await kubectl("delete", "pod", pod, "--ignore-not-found", "--grace-period=1");
    },
  };
}

function podOf(name: string, series: readonly ShownSeries[], { outputs }: Stage): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      labels: { "app.kubernetes.io/name": name },
      annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": `${PORT}` },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "metrics",
          // It has Node, and the machine has it.
          image: outputs.images["worker"],
          command: ["node", "--eval", script],
          env: [{ name: "SERIES", value: JSON.stringify(series) }],
          ports: [{ containerPort: PORT }],
          readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  };
}

const script = `
const begun = Date.now();
const series = JSON.parse(process.env.SERIES);
require("http").createServer((_, answer) => {
  const seconds = (Date.now() - begun) / 1000;
  for (const { series: name, from, perSecond = 0 } of series) {
    answer.write(name + " " + (from + perSecond * seconds) + "\\n");
  }
  answer.end();
}).listen(${PORT});
`;
