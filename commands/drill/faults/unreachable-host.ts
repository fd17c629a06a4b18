import type { Fault } from "../fault.ts";
import type { Stage } from "../stage.ts";

const NAME = "drill";

/** An uptime check of a public address that nobody answers at: a port of this machine on which nothing listens. */
export const unreachableHost: Fault<null> = {
  isExclusive: false,
  prepare: async () => null,
  async inject(stage) {
    await call(stage, "POST", `projects/${stage.project}/uptimeCheckConfigs`, {
      displayName: NAME,
      timeout: "5s",
      period: "60s",
      monitoredResource: {
        type: "uptime_url",
        labels: { host: "127.0.0.1", project_id: stage.project },
      },
      httpCheck: { path: "/", port: 9 },
    });
    return new Date();
  },
  async heal(stage) {
    const { uptimeCheckConfigs = [] } = (await call(
      stage,
      "GET",
      `projects/${stage.project}/uptimeCheckConfigs?pageSize=100`,
    )) as { uptimeCheckConfigs?: { name: string; displayName: string }[] };
    for (const { name, displayName } of uptimeCheckConfigs) {
      if (displayName === NAME) await call(stage, "DELETE", name);
    }
  },
};

async function call(
  { platform }: Stage,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(`${platform.monitoring}v3/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} must succeed, got ${answer.status}: ${text}`);
  return JSON.parse(text || "{}");
}
