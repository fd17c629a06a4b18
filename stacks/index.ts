import * as pulumi from "@pulumi/pulumi";
import { programOf } from "./programs.ts";

/** Outputs of the stack that is being deployed. */
export const outputs = programOf(pulumi.getStack())();
