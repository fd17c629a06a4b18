import * as pulumi from "@pulumi/pulumi";
import { dev } from "./dev.ts";
import { programName } from "./names.ts";

const programs = { dev };

/** Outputs of the stack that is being deployed. */
export const outputs = programs[programName(pulumi.getStack())]();
