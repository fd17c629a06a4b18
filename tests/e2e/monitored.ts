import { readPlatform } from "../../local/platform.ts";

/** Names of everything that Cloud Monitoring's stand-in keeps for a stack: policies, channels, uptime checks, dashboards, services, objectives. */
export async function monitoredOf(stack: string): Promise<string[]> {
  const project = `projects/marketing-stack-${stack}`;
  const [policies, channels, checks, dashboards, services] = await Promise.all([
    namesOf(`v3/${project}/alertPolicies`),
    namesOf(`v3/${project}/notificationChannels`),
    namesOf(`v3/${project}/uptimeCheckConfigs`),
    namesOf(`v1/${project}/dashboards`),
    namesOf(`v3/${project}/services`),
  ]);
  const objectives = await Promise.all(
    services.map((service) => namesOf(`v3/${service}/serviceLevelObjectives`)),
  );
  return [policies, channels, checks, dashboards, services, ...objectives].flat();
}

async function namesOf(path: string): Promise<string[]> {
  const { monitoring } = await readPlatform();
  const answer = await fetch(new URL(`${path}?pageSize=1000`, monitoring));
  if (!answer.ok) throw new Error(`GET ${path} must be answered, got ${await answer.text()}`);
  const page = (await answer.json()) as Record<string, { name: string }[] | undefined>;
  return (page[path.split("/").at(-1)!] ?? []).map(({ name }) => name);
}
