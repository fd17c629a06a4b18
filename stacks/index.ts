import * as pulumi from "@pulumi/pulumi";
import { dev } from "./dev.ts";
import { programName } from "./names.ts";
import { prod } from "./prod.ts";
import { readLockedRelease } from "./release-lock.ts";

const stack = pulumi.getStack();
const programs = { dev, prod: () => prod(readLockedRelease(stack)) };

/** Outputs of the stack that is being deployed. */
export const outputs = programs[programName(stack)]();
