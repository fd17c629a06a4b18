import { parser } from "@prometheus-io/lezer-promql";
import { prometheusForm } from "../promql/prometheus-form.ts";

/** Projects are named after their stacks; a stack's namespace is the stack's name. */
const PREFIX = "marketing-stack-";

/** The Kubernetes namespace whose series a project sees. */
export function namespaceOf(project: string): string {
  return project.startsWith(PREFIX) ? project.slice(PREFIX.length) : project;
}

/**
 * The query with one more matcher in each selector, so that it sees the series of one namespace only.
 *
 * @throws Error if the grammar cannot read the query, which promtool may still do.
 */
export function inNamespace(query: string, namespace: string): string {
  const plain = prometheusForm(query);
  const matcher = `namespace=${JSON.stringify(namespace)}`;
  const insertions: { readonly at: number; readonly text: string }[] = [];
  parser.parse(plain).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`no PromQL at character ${node.from}`);
      if (node.name !== "VectorSelector") return;
      const matchers = node.node.getChild("LabelMatchers");
      if (!matchers) {
        insertions.push({ at: node.to, text: `{${matcher}}` });
        return;
      }
      const isEmpty = /^\{\s*\}$/.test(plain.slice(matchers.from, matchers.to));
      insertions.push({ at: matchers.from + 1, text: isEmpty ? matcher : `${matcher},` });
    },
  });
  return insertions.reduceRight(
    (text, { at, text: insertion }) => text.slice(0, at) + insertion + text.slice(at),
    plain,
  );
}

/** Whether a query holds where there are no series: it calls `absent` or `absent_over_time`. */
export function isAboutAbsence(query: string): boolean {
  let found = false;
  parser.parse(prometheusForm(query)).iterate({
    enter(node) {
      if (node.name === "Absent" || node.name === "AbsentOverTime") found = true;
    },
  });
  return found;
}
