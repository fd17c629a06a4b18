import type { BroughtContent } from "../content/bring.ts";
import { environmentFile } from "./environment.ts";
import type { StackOutputs } from "./outputs.ts";

/** What `npm run up` says last: where everything is and what to do next. Names secrets, shows none. */
export function summary(up: {
  readonly stack: string;
  readonly outputs: StackOutputs;
  readonly credentials: string;
  readonly unchanged: boolean;
  readonly content?: BroughtContent;
}): string {
  const { stack, outputs, credentials, content } = up;
  const source = Object.keys(outputs.writeKeys)[0] ?? "website";
  const flag = stack === "dev" ? "" : ` -- --stack ${stack}`;
  return `
Stack ${stack} is running${up.unchanged ? "; nothing had to change" : ""}.

${places(outputs)}
${keptContent(content)}
  The admin's password and the write keys are in ${credentials}

Send an event (npm install @segment/analytics-node):

  import { readFileSync } from "node:fs";
  import { Analytics } from "@segment/analytics-node";
  const { writeKeys } = JSON.parse(readFileSync(${JSON.stringify(credentials)}, "utf8"));
  const analytics = new Analytics({ writeKey: writeKeys.${source}, host: ${JSON.stringify(outputs.urls.collector)} });
  analytics.track({
    anonymousId: "visitor-1",
    event: "Signed Up",
    context: { consent: { categoryPreferences: { analytics: true } } },
  });
  await analytics.closeAndFlush();

Next:

  npm run status${flag}            what runs, where
  npm run logs${flag || " --"} collector  what a service says
  npm run down              stops everything, keeps the data
  . ${environmentFile}   then plain pulumi preview --stack ${stack} works
`;
}

/** What is not as the release has it, because somebody edited it here. */
function keptContent(content: BroughtContent | undefined): string {
  if (!content || content.kept.length === 0) return "";
  return `\n  Content that is not the release's, because it was edited here:\n${content.kept.map((entry) => `    ${entry}\n`).join("")}`;
}

/** Where each part is, a line each; what is reached from inside the cluster only has none. */
function places({ urls, adminEmail, nameServers }: StackOutputs): string {
  return [
    urls.cms && `  CMS         ${urls.cms}/admin   (log in as ${adminEmail})`,
    urls.collector && `  Collector   ${urls.collector}`,
    urls.worker && `  Worker      ${urls.worker}`,
    `  Monitoring  ${urls.monitoring}`,
    nameServers && `\n  Delegate the stack's domain to ${nameServers.join(", ")}`,
  ]
    .filter((line) => line !== null)
    .join("\n");
}
