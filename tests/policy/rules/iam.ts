import type { Case } from "../case.ts";
import { googleLabels } from "../good.ts";

type Props = Readonly<Record<string, unknown>>;

function of(type: string, what: string, good: Props, mutant: Props, says: string): Case {
  return { rule: "iam", what, type, stack: "prod", good, mutant, says: [says] };
}

const GRANT = "gcp:pubsub/topicIAMMember:TopicIAMMember";
const grant = {
  role: "roles/pubsub.publisher",
  member: "serviceAccount:collector@p.iam.gserviceaccount.com",
};
const dataset = { datasetId: "events", labels: googleLabels };
const access = { role: "READER", userByEmail: "reader@p.iam.gserviceaccount.com" };

/** Mutants of rights on Google Cloud, each with its good twin. */
export const iamCases: readonly Case[] = [
  ...["roles/owner", "roles/editor", "roles/viewer", "roles/pubsub.admin"].map((role) =>
    of(
      GRANT,
      `the role ${role}`,
      grant,
      { ...grant, role },
      `role must be a least one of one service, got "${role}"; take its part`,
    ),
  ),
  ...["allUsers", "allAuthenticatedUsers"].map((member) =>
    of(
      GRANT,
      member,
      grant,
      { ...grant, member },
      `member must be known, got ${member}; name a service account`,
    ),
  ),
  {
    ...of(
      GRANT,
      "a role taken from everybody else",
      grant,
      { role: grant.role, members: [grant.member] },
      "kind must be an IAMMember, got TopicIAMBinding; it takes the role from everybody else",
    ),
    mutantType: "gcp:pubsub/topicIAMBinding:TopicIAMBinding",
  },
  of(
    "gcp:projects/iAMCustomRole:IAMCustomRole",
    "a wildcard",
    { permissions: ["pubsub.topics.publish"] },
    { permissions: ["pubsub.topics.publish", "pubsub.*"] },
    'permissions must be named, got "pubsub.*"; list what is used',
  ),
  of(
    "gcp:bigquery/dataset:Dataset",
    "a dataset for everybody with an account",
    { ...dataset, accesses: [access] },
    { ...dataset, accesses: [access, { role: "READER", specialGroup: "allAuthenticatedUsers" }] },
    "accesses must be known, got allAuthenticatedUsers; name a service account",
  ),
];
