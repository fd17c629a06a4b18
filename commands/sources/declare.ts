import type { Document } from "yaml";
import { sourceRulesProblems, type SourceRules } from "../../services/contract/source-rules.ts";

const SOURCES = ["config", "marketing-stack:sources"];
const RULES = ["config", "marketing-stack:sourceRules"];

/**
 * Adds a source to the file of a stack.
 *
 * @param declared sources of the stack, from its file or by default.
 * @throws Error naming all that is wrong with it.
 */
export function addSource(
  document: Document,
  declared: readonly string[],
  name: string,
  rules: SourceRules,
): void {
  const problems = sourceRulesProblems("rules", { [name]: rules }, [...declared, name]);
  if (!/^[a-z0-9-]{1,63}$/.test(name)) {
    problems.push(
      `the source must have a name of 1-63 characters of [a-z0-9-], got ${JSON.stringify(name)}`,
    );
  }
  if (declared.includes(name)) {
    problems.push(`the source must be new, got ${name}; npm run sources -- show ${name} shows it`);
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  document.setIn(SOURCES, document.createNode([...declared, name], { flow: true }));
  if (Object.keys(rules).length > 0) {
    document.setIn([...RULES, name], document.createNode(rules, { flow: true }));
  }
}
